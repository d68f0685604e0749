// Package refusal words the refusals that remediators of several domains have
// alike.
package refusal

import "github.com/awsposture/posture"

// Unreadable is the refusal to plan on a target whose state could not be read.
func Unreadable(target posture.Resource, err error) error {
	return &posture.Refusal{Reason: posture.ReasonUnreadable, Message: target.String() + " could not be read", Err: err}
}
