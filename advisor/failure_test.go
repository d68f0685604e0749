package advisor_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/smithy-go"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/advisor/support"
	"github.com/awsposture/posture/advisor/support/supporttest"
	"github.com/awsposture/posture/internal/awsfake"
)

// calls are the operations that a suite makes.
func calls(t *testing.T, w *world, evs []posture.Evaluator) (ops []string) {
	scan(t, evs)
	for _, c := range w.Calls() {
		ops = append(ops, c.Operation)
	}
	slices.Sort(ops)
	return slices.Compact(ops)
}

// Whatever goes wrong with whichever call, nothing passes that did not pass
// before, and nothing that failed passes; what becomes unknown says why.
func TestNeverPassUnread(t *testing.T) {
	api := func(code string) error { return &smithy.GenericAPIError{Code: code, Message: "Rate exceeded"} }
	causes := map[posture.CauseKind]error{
		posture.CauseDenied: awsfake.ErrDenied, posture.CauseThrottled: api("ThrottlingException"), posture.CauseTimeout: context.DeadlineExceeded,
		posture.CauseCredentials: api("ExpiredTokenException"), posture.CauseError: api("InternalServerException"),
	}
	for source, suite := range map[string]func(*world) []posture.Evaluator{
		"trustedadvisor": func(w *world) []posture.Evaluator { return w.suite(w.account()) },
		"support": func(w *world) []posture.Evaluator {
			return withoutPriority(w.suite(w.read(support.NewSource(supporttest.New(w.Advisor)))))
		},
	} {
		w := badWorld()
		ops := calls(t, w, suite(w))
		if len(ops) != 3 {
			t.Errorf("%s calls %v", source, ops)
		}
		before := map[string]posture.Status{}
		for _, fs := range scan(t, suite(badWorld())) {
			for _, f := range fs {
				before[f.Fingerprint()] = f.Status
			}
		}
		for _, op := range ops {
			for kind, err := range causes {
				w := badWorld()
				w.Inject(awsfake.Fault{Operation: op, Err: err})
				unknown := 0
				for _, fs := range scan(t, suite(w)) {
					for _, f := range fs {
						switch {
						case f.Status == posture.Unknown:
							if unknown++; f.Cause.Kind != kind {
								t.Errorf("%s, %s of %s: %s is unknown because of %v", source, kind, op, f.Control, f.Cause)
							}
						case before[f.Fingerprint()] != f.Status:
							t.Errorf("%s, %s of %s: %s on %s becomes %s", source, kind, op, f.Control, f.Resource, f.Status)
						}
					}
				}
				if unknown == 0 {
					t.Errorf("%s, %s of %s: nothing is unknown", source, kind, op)
				}
			}
		}
	}
}

// Without facts from elsewhere, what needs them is unknown and nothing else is.
func TestNoFacts(t *testing.T) {
	w := badWorld()
	a := w.account()
	a.Local, a.Quotas, a.Configured = nil, nil, nil
	for id, fs := range scan(t, advisor.Evaluators(a)) {
		needs := id == "advisor.deprecated-use"
		for _, f := range fs {
			if (f.Status == posture.Unknown) != needs || needs && f.Cause.Kind != posture.CauseNotProvided {
				t.Errorf("%s is %s because of %v", id, f.Status, f.Cause)
			}
		}
	}
	w.Edit(func(s *advisortest.State) { s.NotEntitled = true })
	a = w.account()
	a.Local, a.Quotas, a.Configured = nil, nil, nil
	for id, fs := range scan(t, advisor.Evaluators(a)) {
		needs := strings.HasPrefix(id, "advisor.local.") || id == "advisor.deprecated-use" || id == "advisor.service-limits"
		for _, f := range fs {
			if (f.Status == posture.Unknown) != needs || needs && f.Cause.Kind != posture.CauseNotProvided {
				t.Errorf("not entitled: %s is %s because of %v", id, f.Status, f.Cause)
			}
		}
	}
}

// A fact that fails makes unknown what it was for, and what it gave beside its
// error is judged.
func TestFactsThatFail(t *testing.T) {
	w := goodWorld()
	a := w.account()
	gone := errors.New("the inventory is gone")
	a.Local[ports] = func(context.Context) ([]advisor.Row, error) {
		return []advisor.Row{{Resource: thing("sg-1"), Colour: advisor.Red, Reason: "It is open."}}, gone
	}
	a.Quotas = func(context.Context) ([]advisor.Quota, error) { return []advisor.Quota{quota(100)}, gone }
	a.Configured = func(context.Context) ([]string, error) { return []string{"vjafUGJ9H0"}, gone }
	all := scan(t, w.suite(a))
	for _, id := range []string{"advisor.local.hcp4007jgy", "advisor.service-limits", "advisor.deprecated-use"} {
		if fails, unknown := only(all[id], posture.Fail), only(all[id], posture.Unknown); len(fails) != 1 || len(unknown) != 1 || !strings.Contains(unknown[0].Detail, gone.Error()) {
			t.Errorf("%s: %+v", id, all[id])
		}
	}
	if fs := only(all["advisor.disagreement"], posture.Unknown); len(fs) != 1 {
		t.Errorf("disagreement: %+v", all["advisor.disagreement"])
	}
}

// A check that the table does not know is judged by its colour and by its facts.
func TestUnknownCheck(t *testing.T) {
	w := barren()
	w.facts.local = map[string][]advisor.Row{"Zz9NewOne1": {{Resource: thing("x"), Colour: advisor.Yellow, Reason: "It is odd."}}}
	w.Edit(func(s *advisortest.State) {
		s.Checks = []*advisortest.Check{{ID: "Zz9NewOne1", Name: "A check of later", Category: advisor.Security, Colour: advisor.Red, At: hoursAgo(1), Rows: []*advisortest.Row{row("x", advisor.Red)}}}
	})
	evs := w.suite(w.account())
	if err := posture.Validate(evs); err != nil {
		t.Error(err)
	}
	all := scan(t, evs)
	for _, id := range []string{"advisor.red", "advisor.local.zz9newone1", "advisor.disagreement"} {
		if len(only(all[id], posture.Fail)) != 1 {
			t.Errorf("%s: %+v", id, all[id])
		}
	}
}

// A check without a result is not old, and says so.
func TestFreshWithoutResult(t *testing.T) {
	w := barren()
	w.Edit(func(s *advisortest.State) {
		s.Checks = []*advisortest.Check{check(ports, advisor.NotAvailable), check(vpcs, advisor.Green)}
	})
	fs, err := advisor.Fresh{Account: w.account()}.Evaluate(t.Context())
	if err != nil || len(fs) != 2 || fs[0].Status != posture.NotApplicable || fs[0].Resource.ID != ports || fs[1].Status != posture.Pass {
		t.Errorf("got %+v, %v", fs, err)
	}
	fs, err = advisor.Fresh{Account: w.account(), Categories: []advisor.Category{advisor.ServiceLimits}, Manual: time.Hour}.Evaluate(t.Context())
	if err != nil || len(fs) != 1 || fs[0].Status != posture.Fail {
		t.Errorf("of one category, and sooner: %+v, %v", fs, err)
	}
}

// A call that hangs ends with its context, for all who wait.
func TestHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := badWorld()
		w.Inject(awsfake.Fault{Operation: "ListRecommendations", Hang: true})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		n := 0
		for r := range posture.Scan(ctx, w.suite(w.account())[:15], nil) {
			n++
			if f := r.Findings[0]; f.Status != posture.Unknown {
				t.Errorf("%s is %s", r.Control.ID, f.Status)
			}
		}
		if n != 15 {
			t.Errorf("%d results", n)
		}
	})
}

// A priority recommendation that does not say when it was made is not judged.
func TestPriorityWithoutTime(t *testing.T) {
	w := badWorld()
	w.Edit(func(s *advisortest.State) { s.Priorities[0].Created = time.Time{} })
	fs, err := advisor.PriorityOpen{Account: w.account()}.Evaluate(t.Context())
	if err != nil || len(fs) != 1 || fs[0].Status != posture.Unknown || fs[0].Cause.Kind != posture.CauseMalformed {
		t.Errorf("got %+v, %v", fs, err)
	}
}

// Priorities that the source does not have are unknown, and settings on them are
// refused.
func TestSourceWithoutPriorities(t *testing.T) {
	w := badWorld()
	a := w.read(support.NewSource(supporttest.New(w.Advisor)))
	f := scan(t, []posture.Evaluator{advisor.PriorityOpen{Account: a}})["advisor.priority-open"][0]
	if f.Status != posture.Unknown || f.Cause.Kind != posture.CauseNotProvided {
		t.Errorf("it is %s because of %v", f.Status, f.Cause)
	}
	if _, err := (advisor.AnswerPriority{Account: a}).Plan(t.Context(), f); !refusedFor(err, posture.ReasonNotRemediable) {
		t.Errorf("planning gives %v", err)
	}
	if _, err := (advisor.StageSetting{Account: a}).Get(t.Context()); err == nil {
		t.Error("a stage is read where there is none")
	}
}

func refusedFor(err error, reason posture.RefusalReason) bool {
	r, ok := errors.AsType[*posture.Refusal](err)
	return ok && r.Reason == reason
}

// What only one of the APIs can change is refused through the other; what needs
// somebody's word is refused without it; states that cannot be wanted are errors.
func TestRefusals(t *testing.T) {
	w := badWorld()
	a := w.read(support.NewSource(supporttest.New(w.Advisor)))
	excluded := only(scan(t, []posture.Evaluator{advisor.Exclusions{Account: a}})["advisor.exclusions"], posture.Fail)
	if len(excluded) != 1 {
		t.Fatalf("excluded: %+v", excluded)
	}
	if _, err := (advisor.IncludeAgain{Account: a}).Plan(t.Context(), excluded...); !refusedFor(err, posture.ReasonNotRemediable) {
		t.Errorf("through the Support API: %v", err)
	}
	own := w.account()
	waiting := only(scan(t, []posture.Evaluator{advisor.PriorityOpen{Account: own}})["advisor.priority-open"], posture.Fail)
	if _, err := (advisor.AnswerPriority{Account: own}).Plan(t.Context(), waiting...); !refusedFor(err, posture.ReasonNeedsChoice) {
		t.Errorf("without an answer: %v", err)
	}
	failing := func(context.Context, advisor.Priority) (advisor.Stage, advisor.Reason, error) {
		return "", advisor.Reason{}, errors.New("nobody is there")
	}
	if _, err := (advisor.AnswerPriority{Account: own, Answer: failing}).Plan(t.Context(), waiting...); !refusedFor(err, posture.ReasonUnreadable) {
		t.Errorf("an answer that fails: %v", err)
	}
	if err := (advisor.ExclusionSetting{}).Set(t.Context(), advisor.ExclusionAbsent); err == nil {
		t.Error("an exclusion is made absent")
	}
	if err := (advisor.StageSetting{}).Set(t.Context(), advisor.StageAbsent); err == nil {
		t.Error("a stage is made absent")
	}
	for _, r := range []posture.Remediator{advisor.IncludeAgain{Account: own}, advisor.AnswerPriority{Account: own}} {
		if _, err := r.Plan(t.Context()); err == nil {
			t.Errorf("%T plans for nothing", r)
		}
	}
}

// A check that lists several resources has a finding for each, and of one
// resource the worse colour counts.
func TestSeveralResources(t *testing.T) {
	elsewhere := row("quota", advisor.Yellow)
	elsewhere.Region = "eu-west-2"
	w := barren()
	w.Edit(func(s *advisortest.State) {
		s.Checks = []*advisortest.Check{
			check(vpcs, advisor.Red, row("quota", advisor.Red), row("quota", advisor.Yellow), elsewhere),
			check(ports, advisor.Green, excluded(row("sg-1", advisor.Red)), excluded(row("sg-2", advisor.Red)), excluded(row("sg-2", advisor.Yellow))),
		}
	})
	fs, err := advisor.Limits{Account: w.account()}.Evaluate(t.Context())
	if err != nil || len(fs) != 2 || fs[0].Sub != vpcs+"@eu-west-1" || fs[0].Severity != posture.Medium || fs[1].Sub != vpcs+"@eu-west-2" || fs[1].Severity != posture.Low {
		t.Errorf("limits: %+v, %v", fs, err)
	}
	fs, err = advisor.Exclusions{Account: w.account()}.Evaluate(t.Context())
	if err != nil || len(fs) != 2 {
		t.Fatalf("exclusions: %+v, %v", fs, err)
	}
	for i, rows := range []int{1, 2} {
		if e, ok := fs[i].Evidence.(advisor.ExclusionEvidence); !ok || e.Rows != rows || fs[i].Status != posture.Fail {
			t.Errorf("exclusion %d: %+v", i, fs[i])
		}
	}
}
