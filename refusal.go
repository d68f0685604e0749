package posture

// RefusalReason says why no plan was made, or why a plan is not applied.
type RefusalReason string

// The reasons for which no plan is made.
const (
	ReasonUnreadable       RefusalReason = "unreadable"        // the target's state could not be read
	ReasonNotRemediable    RefusalReason = "not-remediable"    // no API puts it right
	ReasonManagedElsewhere RefusalReason = "managed-elsewhere" // Refusal.Owner is who can change it
	ReasonLockout          RefusalReason = "lockout"           // it would cut off its own operator
	ReasonDeniedTarget     RefusalReason = "denied-target"     // on the deny list
	ReasonLimit            RefusalReason = "limit"
	ReasonApproval         RefusalReason = "approval" // it needs approvals that it does not have
	ReasonExpired          RefusalReason = "expired"
	ReasonNeedsChoice      RefusalReason = "needs-choice" // a person must choose between fixes
)

// Refusal is the error of a plan that is not made, with its reason.
type Refusal struct {
	Reason  RefusalReason
	Owner   string // who manages the target, for ReasonManagedElsewhere
	Message string
	Err     error // what lies behind it, if anything
}

func (r *Refusal) Error() string {
	s := "posture: " + string(r.Reason) + ": " + r.Message
	if r.Owner != "" {
		s += " (managed by " + r.Owner + ")"
	}
	if r.Err != nil {
		s += ": " + r.Err.Error()
	}
	return s
}

// Unwrap gives what lies behind the refusal.
func (r *Refusal) Unwrap() error { return r.Err }
