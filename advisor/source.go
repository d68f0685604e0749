package advisor

import (
	"context"
	"time"
)

// Source is Trusted Advisor as this package reads it. The types of packages
// advisor/trustedadvisor and advisor/support are Sources.
type Source interface {
	// Results lists every check that the account is offered, each with its last
	// result. A check without one has the colour NotAvailable. With an error it
	// gives what it read as well.
	Results(ctx context.Context) ([]Result, error)
	// Resources lists the resources of a result, those that are excluded as well.
	Resources(ctx context.Context, r Result) ([]Flagged, error)
	// Actions are the IAM actions that the two call.
	Actions() Actions
}

// Actions are the IAM actions that the methods of a Source call.
type Actions struct{ Results, Resources []string }

// PriorityReader is what a Source has as well that knows of priority
// recommendations: those that the account team of AWS picks out.
type PriorityReader interface {
	Priorities(ctx context.Context) ([]Priority, error)
	// Priority reads one recommendation by its ARN, ok false where there is none.
	Priority(ctx context.Context, arn string) (p Priority, ok bool, err error)
	PriorityActions() (list, get []string)
}

// Writer is what the settings write with. A program that only scans is never
// handed one.
type Writer interface {
	// Exclude takes a resource, by the ARN that Flagged.RowARN gives, out of its
	// recommendation or puts it back.
	Exclude(ctx context.Context, rowARN string, excluded bool) error
	// Move takes a priority recommendation to a stage.
	Move(ctx context.Context, arn string, to Stage, why Reason) error
	// WriteActions are the IAM actions that the two call.
	WriteActions() (exclude, move []string)
}

// Refresher asks Trusted Advisor to look again. Package advisor/support has one.
type Refresher interface {
	// Refreshes tells of checks whether they can be refreshed, without doing it.
	Refreshes(ctx context.Context, checks []string) ([]Refresh, error)
	// Refresh asks for one check to be refreshed.
	Refresh(ctx context.Context, check string) (Refresh, error)
}

// Refresh is how far the refresh of a check is.
type Refresh struct {
	Check string
	State RefreshState
	Next  time.Duration // until it can be asked for again; 0 now
}

// RefreshState is how far a refresh is. The set is open.
type RefreshState string

// The states of a refresh.
const (
	RefreshNone       RefreshState = "none" // not asked for lately
	RefreshEnqueued   RefreshState = "enqueued"
	RefreshProcessing RefreshState = "processing"
	RefreshSuccess    RefreshState = "success"
	RefreshAbandoned  RefreshState = "abandoned"
	// RefreshByAWS says that AWS refreshes the check, several times a day, and
	// refuses to be asked.
	RefreshByAWS RefreshState = "by-aws"
)
