package guardduty

import (
	"context"
	"net/netip"
	"time"
)

// Rule is an EventBridge rule that may carry findings on.
type Rule struct {
	Name    string
	Enabled bool
	Targets int
	// Catches tells whether the rule's pattern matches an event, given as the JSON
	// of the whole event. The EventBridge operation TestEventPattern answers that.
	Catches func(ctx context.Context, event []byte) (bool, error)
}

// Stop is a call that stopped GuardDuty, or took something out of it:
// DeleteDetector, UpdateDetector with enable false, StopMonitoringMembers …
type Stop struct {
	EventID   string // of the trail
	Operation string
	Principal string // who called
	Time      time.Time
}

// ListObject is the S3 object that an IP list or entity list was made of.
type ListObject struct {
	Prefixes []netip.Prefix // an address alone is a prefix of its full length
	// OtherWriters are the principals that may write the object and are not among
	// those who are meant to.
	OtherWriters []string
}
