package posture

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// admit checks everything that must hold before the first read of a target.
// alone tells that the plan is a run of its own, whose limits were not checked yet.
func (x *Executor) admit(ctx context.Context, l *ledger, p Plan, alone bool) (approvers []string, err error) {
	id := p.ID()
	if id == "" {
		return nil, errors.New("posture: the plan does not encode and so has no id")
	}
	// What was begun may be ended: an intent keeps an expired plan alive.
	if !x.now().Before(p.Expires) && !l.resumes(id) {
		return nil, &Refusal{Reason: ReasonExpired, Message: fmt.Sprintf("the plan expired at %s; plan again", p.Expires.Format(time.RFC3339))}
	}
	last := map[settingKey]string{}
	for i, s := range p.Steps {
		if !s.Bound() {
			return nil, fmt.Errorf("posture: step %d, %s on %s, is not bound; see Plan.Bind", i, s.Kind.Name, s.Target)
		}
		if post, chained := last[s.key()]; chained && post != s.Pre {
			return nil, fmt.Errorf("posture: step %d, %s on %s, does not begin where the step before it on the same setting ends", i, s.Kind.Name, s.Target)
		}
		last[s.key()] = s.Post
	}
	if err := x.identity(p, l.common.Caller); err != nil {
		return nil, err
	}
	if err := x.permitted(l, p.Steps); err != nil {
		return nil, err
	}
	if alone {
		if err := x.within(tallyOf([]Plan{p})); err != nil {
			return nil, err
		}
	}
	if approvers, err = x.approved(ctx, p, x.requester(l)); err != nil {
		return nil, err
	}
	return approvers, x.keepsAccess(ctx, p)
}

func (x *Executor) requester(l *ledger) string {
	if x.Requester != "" {
		return x.Requester
	}
	return l.common.Caller
}

// identity checks that the credentials are those that the plan is for.
func (x *Executor) identity(p Plan, caller string) error {
	if caller == "" {
		return nil
	}
	account, role := principalOf(caller)
	switch {
	case account != p.Place.Account:
		return fmt.Errorf("posture: the plan is for account %s, the caller is %s", p.Place.Account, caller)
	case p.RunAs != "" && p.RunAs != role && p.RunAs != caller:
		return fmt.Errorf("posture: the plan must run as %s, the caller is %s", p.RunAs, caller)
	}
	return nil
}

// principalOf gives account and name of a caller's ARN: the role of a session,
// the user of a user.
func principalOf(caller string) (account, name string) {
	parts := strings.SplitN(caller, ":", 6)
	if len(parts) < 6 {
		return "", ""
	}
	path := strings.Split(parts[5], "/")
	switch {
	case parts[2] == "sts" && path[0] == "assumed-role" && len(path) >= 2:
		return parts[4], path[1]
	case path[0] == "user":
		return parts[4], path[len(path)-1]
	}
	return parts[4], parts[5]
}

// permitted refuses targets that must never be touched, and those that something
// else manages.
func (x *Executor) permitted(l *ledger, steps []Step) error {
	for i, s := range steps {
		for _, r := range append([]Resource{s.Target}, s.Touches...) {
			if why := x.denied(l, r); why != "" {
				return &Refusal{Reason: ReasonDeniedTarget, Message: fmt.Sprintf("step %d, %s on %s: %s", i, s.Kind.Name, s.Target, why)}
			}
		}
		if x.ManagedBy == nil || x.Limits.Managed {
			continue
		}
		if owner, known := x.ManagedBy(s.Target); known && owner != "" {
			return &Refusal{Reason: ReasonManagedElsewhere, Owner: owner, Message: fmt.Sprintf("step %d, %s on %s: change it there:\n%s", i, s.Kind.Name, s.Target, s.Diff())}
		}
	}
	return nil
}

// Stores is implemented by a Journal that is kept in AWS: what it is kept in is
// never a target.
type Stores interface {
	Stores() []Resource
}

// denied says why a resource must never be changed; "" where it may. With an
// empty list of the caller's it still keeps the executor from its own principal,
// its journal and the roles that belong to AWS.
func (x *Executor) denied(l *ledger, r Resource) string {
	account, name := principalOf(l.common.Caller)
	switch {
	case name != "" && account == r.Account && name == r.ID && (r.Type == "AWS::IAM::Role" || r.Type == "AWS::IAM::User"):
		return "it is the executor's own principal"
	case r.Type == "AWS::IAM::Role" && (strings.Contains(r.ARN, ":role/aws-service-role/") || strings.HasPrefix(r.ID, "AWSServiceRoleFor")):
		return "it is a service-linked role"
	case r.Type == "AWS::IAM::Role" && (strings.Contains(r.ARN, ":role/aws-reserved/") || strings.HasPrefix(r.ID, "AWSReservedSSO_")):
		return "it is a role of IAM Identity Center"
	}
	if s, ok := x.Journal.(Stores); ok && slices.ContainsFunc(s.Stores(), func(store Resource) bool {
		return store.Type == r.Type && store.ID == r.ID && store.Account == r.Account
	}) {
		return "the journal is kept in it"
	}
	if x.Deny == nil {
		return ""
	}
	return x.Deny(r)
}

// keepsAccess asks whether the operator can still act, look and undo after the
// plan, where a step changes who may do what.
func (x *Executor) keepsAccess(ctx context.Context, p Plan) error {
	if x.Lockout == nil || !slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Kind.Access }) {
		return nil
	}
	if err := x.Lockout(ctx, p); err != nil {
		return &Refusal{Reason: ReasonLockout, Message: "after the plan its operator could not look or undo", Err: err}
	}
	return nil
}
