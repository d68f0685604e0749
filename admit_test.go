package posture_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture"
)

func refusedFor(err error) posture.RefusalReason {
	if r, ok := errors.AsType[*posture.Refusal](err); ok {
		return r.Reason
	}
	return ""
}

func TestApprovals(t *testing.T) {
	w := newWorld("a")
	w.doors["a"] = door{Open: true, Keys: []int{1}}
	rest := posture.Approval{Approver: "ana@example.com", Time: time.Now()}
	by := func(change func(*posture.Approval)) posture.Approval { a := rest; change(&a); return a }
	lossy := func() posture.Plan {
		s, err := posture.Change(rich{World: w, Name: "a"}, vault{Open: true, Keys: []int{1}}, vault{})
		if err != nil {
			t.Fatal(err)
		}
		return plan(s)
	}
	low := closing(t, w, "a")
	low.Risk = posture.RiskLow
	for name, tt := range map[string]struct {
		plan      posture.Plan
		approvals []posture.Approval
		emergency string
		enough    bool
	}{
		"low risk, none":          {low, nil, "", true},
		"high risk, none":         {closing(t, w, "a"), nil, "", false},
		"high risk, one":          {closing(t, w, "a"), []posture.Approval{rest}, "", true},
		"the requester":           {closing(t, w, "a"), []posture.Approval{by(func(a *posture.Approval) { a.Approver = "requester@example.com" })}, "", false},
		"nobody":                  {closing(t, w, "a"), []posture.Approval{by(func(a *posture.Approval) { a.Approver = "" })}, "", false},
		"stale":                   {closing(t, w, "a"), []posture.Approval{by(func(a *posture.Approval) { a.Time = time.Now().Add(-2 * time.Hour) })}, "", false},
		"from the future":         {closing(t, w, "a"), []posture.Approval{by(func(a *posture.Approval) { a.Time = time.Now().Add(time.Hour) })}, "", false},
		"another plan":            {closing(t, w, "a"), []posture.Approval{by(func(a *posture.Approval) { a.Plan = low.ID() })}, "", false},
		"loss, one":               {lossy(), []posture.Approval{rest}, "", false},
		"loss, one twice":         {lossy(), []posture.Approval{rest, rest}, "", false},
		"loss, two":               {lossy(), []posture.Approval{rest, by(func(a *posture.Approval) { a.Approver = "ben@example.com" })}, "", true},
		"loss, one in emergency":  {lossy(), []posture.Approval{rest}, "case-7", true},
		"loss, none in emergency": {lossy(), nil, "case-7", false},
	} {
		t.Run(name, func(t *testing.T) {
			w.doors["a"] = door{Open: true, Keys: []int{1}}
			if tt.plan.Steps[0].Kind.Name == "test.door" {
				w.doors["a"] = opened
			}
			x := executor(posture.Limits{Irreversible: 1})
			x.Requester, x.Emergency = "requester@example.com", tt.emergency
			x.Approvals = func(_ context.Context, id string) ([]posture.Approval, error) {
				var out []posture.Approval
				for _, a := range tt.approvals {
					if a.Plan == "" {
						a.Plan = id
					}
					out = append(out, a)
				}
				return out, nil
			}
			_, err := x.Apply(t.Context(), tt.plan)
			if tt.enough && err != nil || !tt.enough && refusedFor(err) != posture.ReasonApproval {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	w := newWorld("a", "b", "c")
	two := closing(t, w, "a", "b")
	for name, tt := range map[string]struct {
		limits     posture.Limits
		population func(string) (int, bool)
		change     func(*posture.Plan)
		within     bool
	}{
		"two of few targets":       {posture.Limits{Targets: 2}, nil, nil, true},
		"one target too many":      {posture.Limits{Targets: 1}, nil, nil, false},
		"population not known":     {posture.Limits{}, nil, nil, false},
		"population cut":           {posture.Limits{}, func(string) (int, bool) { return 100, false }, nil, false},
		"a small share":            {posture.Limits{}, func(string) (int, bool) { return 20, true }, nil, true},
		"a large share":            {posture.Limits{}, func(string) (int, bool) { return 19, true }, nil, false},
		"a larger share asked for": {posture.Limits{Share: 50}, func(string) (int, bool) { return 4, true }, nil, true},
		"broken use":               {posture.Limits{Targets: 2}, nil, func(p *posture.Plan) { p.Impact.Broken = []posture.Use{{Action: "test:Enter"}} }, false},
		"broken use asked for":     {posture.Limits{Targets: 2, Broken: 1}, nil, func(p *posture.Plan) { p.Impact.Broken = []posture.Use{{Action: "test:Enter"}} }, true},
		"coverage too low":         {posture.Limits{Targets: 2, Coverage: 50}, nil, func(p *posture.Plan) { p.Impact.Coverage = 49 }, false},
		"coverage high enough":     {posture.Limits{Targets: 2, Coverage: 50}, nil, func(p *posture.Plan) { p.Impact.Coverage = 50 }, true},
		"outside the window":       {posture.Limits{Targets: 2, Window: func(time.Time) bool { return false }}, nil, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			w.doors["a"], w.doors["b"] = opened, opened
			p := two
			if tt.change != nil {
				tt.change(&p)
			}
			x := executor(posture.Limits{Targets: 1})
			x.Limits, x.Population = tt.limits, tt.population
			x.Limits.Pace = 1
			_, err := x.Apply(t.Context(), p)
			if tt.within && err != nil || !tt.within && refusedFor(err) != posture.ReasonLimit {
				t.Errorf("got %v", err)
			}
		})
	}
}

// principal is a setting on an IAM principal.
type principal struct {
	World *world           `json:"-"`
	On    posture.Resource `json:"-"`
	Also  posture.Resource `json:"-"`
}

func (s principal) Kind() posture.Kind                       { return posture.Kind{Name: "test.principal", Access: true} }
func (s principal) Target() posture.Resource                 { return s.On }
func (s principal) Touches() []posture.Resource              { return []posture.Resource{s.Also} }
func (s principal) Get(ctx context.Context) (door, error)    { return s.World.get(ctx, "p") }
func (s principal) Set(ctx context.Context, want door) error { return s.World.set(ctx, "p", want) }

func TestDeniedTargets(t *testing.T) {
	role := func(id, arn string) posture.Resource {
		return posture.Resource{Partition: "aws", Account: here.Account, Type: "AWS::IAM::Role", ID: id, ARN: arn}
	}
	for name, tt := range map[string]struct {
		on, also posture.Resource
		caller   string
		denied   bool
	}{
		"somebody":           {role("app", ""), posture.Resource{}, "arn:aws:sts::123456789012:assumed-role/fixer/ana", false},
		"its own role":       {role("fixer", ""), posture.Resource{}, "arn:aws:sts::123456789012:assumed-role/fixer/ana", true},
		"its own user":       {posture.Resource{Account: here.Account, Type: "AWS::IAM::User", ID: "ana"}, posture.Resource{}, "arn:aws:iam::123456789012:user/staff/ana", true},
		"its own user's key": {posture.Resource{Account: here.Account, Type: "AWS::IAM::AccessKey", ID: "AKIA"}, posture.Resource{Account: here.Account, Type: "AWS::IAM::User", ID: "ana"}, "arn:aws:iam::123456789012:user/ana", true},
		"service-linked":     {role("AWSServiceRoleForSupport", ""), posture.Resource{}, "", true},
		"by its path":        {role("x", "arn:aws:iam::123456789012:role/aws-service-role/x.amazonaws.com/x"), posture.Resource{}, "", true},
		"identity center":    {role("AWSReservedSSO_admin_1", ""), posture.Resource{}, "", true},
		"the caller's list":  {role("break-glass", ""), posture.Resource{}, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld("p")
			s, err := posture.Change(principal{w, tt.on, tt.also}, opened, closed)
			if err != nil {
				t.Fatal(err)
			}
			x := executor(posture.Limits{Targets: 5})
			x.Deny = func(r posture.Resource) string {
				if r.ID == "break-glass" {
					return "it is for emergencies"
				}
				return ""
			}
			if tt.caller != "" {
				x.Caller = func(context.Context) (string, error) { return tt.caller, nil }
			}
			_, err = x.Apply(t.Context(), plan(s))
			if tt.denied != (refusedFor(err) == posture.ReasonDeniedTarget) || tt.denied && len(w.calls) > 0 || !tt.denied && err != nil {
				t.Errorf("got %v after %v", err, w.calls)
			}
		})
	}
}

func TestIdentityOwnerAndLockout(t *testing.T) {
	w := newWorld("a", "p")
	p := closing(t, w, "a")
	x := executor(posture.Limits{})
	x.Caller = func(context.Context) (string, error) { return "arn:aws:sts::444455556666:assumed-role/fixer/ana", nil }
	if _, err := x.Apply(t.Context(), p); err == nil || !strings.Contains(err.Error(), "the plan is for account 123456789012") {
		t.Errorf("another account's caller: %v", err)
	}
	x.Caller = func(context.Context) (string, error) { return "arn:aws:sts::123456789012:assumed-role/fixer/ana", nil }
	p.RunAs = "other"
	if _, err := x.Apply(t.Context(), p); err == nil || !strings.Contains(err.Error(), "must run as other") {
		t.Errorf("another role: %v", err)
	}
	p.RunAs = "fixer"
	x.ManagedBy = func(posture.Resource) (string, bool) { return "terraform, state doors", true }
	_, err := x.Apply(t.Context(), p)
	if refusedFor(err) != posture.ReasonManagedElsewhere || !strings.Contains(err.Error(), "- open: true\n+ open: false") || !strings.Contains(err.Error(), "terraform") {
		t.Errorf("managed elsewhere: %v", err)
	}
	if len(w.calls) > 0 {
		t.Errorf("refused, after %v", w.calls)
	}
	x.Limits.Managed = true
	asked := 0
	x.Lockout = func(context.Context, posture.Plan) error { asked++; return errors.New("ana could not undo it") }
	if _, err := x.Apply(t.Context(), p); err != nil || asked > 0 {
		t.Errorf("a door changes nobody's access: %v, asked %d times", err, asked)
	}
	s, err := posture.Change(principal{World: w, On: posture.Resource{Account: here.Account, Type: "AWS::IAM::Group", ID: "g"}}, opened, closed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.Apply(t.Context(), plan(s)); refusedFor(err) != posture.ReasonLockout || !strings.Contains(err.Error(), "ana could not undo it") {
		t.Errorf("lockout: %v", err)
	}
}

func TestRecheckAndUndoOnFailure(t *testing.T) {
	w := newWorld("a", "b")
	x := executor(posture.Limits{})
	x.Recheck = func(_ context.Context, f posture.Finding) (posture.Finding, error) { return f, nil }
	r, err := x.Apply(t.Context(), closing(t, w, "a"))
	if err == nil || r.Outcome != posture.OutcomeFailed || len(r.Rechecked) != 1 || w.doors["a"].Open {
		t.Errorf("a finding that still fails: %s, %v", r.Outcome, err)
	}
	w = newWorld("a", "b")
	x.Recheck = func(context.Context, posture.Finding) (posture.Finding, error) {
		return posture.Finding{}, errors.New("no view")
	}
	r, err = x.Apply(t.Context(), closing(t, w, "a"))
	if err != nil || r.Outcome != posture.OutcomeDone || r.Rechecked[0].Status != posture.Unknown {
		t.Errorf("a finding that cannot be judged: %s, %v, %+v", r.Outcome, err, r.Rechecked)
	}
	w = newWorld("a", "b")
	w.onSet = write(2, false, denied)
	x = executor(posture.Limits{})
	x.UndoOnFailure = true
	r, err = x.Apply(t.Context(), closing(t, w, "a", "b"))
	if err == nil || r.Outcome != posture.OutcomePartial || r.Rollback == nil || r.Rollback.Outcome != posture.OutcomeDone || !w.doors["a"].Open {
		t.Errorf("rolled back: %s, %v, %+v, %+v", r.Outcome, err, r.Rollback, w.doors)
	}
}
