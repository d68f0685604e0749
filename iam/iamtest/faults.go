package iamtest

import "github.com/awsposture/posture/internal/awsfake"

// Fault is a failure to come, for IAM.Inject: which calls fail, how many of
// them, and how. A Fault whose Err is ErrDenied is a refusal as IAM words it; one
// with Match fails for some inputs only; one with Do changes something behind the
// caller's back. IAM.Deny and IAM.Throttle are the short forms.
type Fault = awsfake.Fault

// Call is one call that the fake got, as IAM.Calls and IAM.Writes list them.
type Call = awsfake.Call

// Faults is what IAM embeds: PageSize, Inject, Deny, Throttle, Stale, Heal,
// Calls, Writes and Forget are the fake's own.
type Faults = awsfake.Faults

// ErrDenied is the Err of a Fault that refuses a call as IAM does when no policy
// allows it.
var ErrDenied = awsfake.ErrDenied
