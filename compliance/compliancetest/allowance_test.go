package compliancetest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/compliancetest"
)

func TestAllowances(t *testing.T) {
	type allowances = []compliancetest.Allowance
	withARN := door.Fail(place.Resource("Example::House::Door", "a", place.ARN("house", "door/a")), nil)
	part := open("a").Part("hinge")
	elsewhere := open("a")
	elsewhere.Resource.Region = "eu-north-1"
	whole := door.Fail(on(place, ""), nil)
	listing := door.Unknown(on(place, ""), &posture.Cause{Kind: posture.CauseTruncated})

	with := func(change func(*compliancetest.Allowance)) allowances {
		a := allow("a")
		change(&a)
		return allowances{a}
	}

	for _, c := range []struct {
		name     string
		allowed  allowances
		findings []posture.Finding
		want     []string // parts of the failures; none: it passes
	}{
		{"by id", allowances{allow("a")}, []posture.Finding{open("a")}, nil},
		{"by ARN", allowances{allow("arn:aws:house:eu-west-1:111122223333:door/a")}, []posture.Finding{withARN}, nil},
		{"by id where there is an ARN", allowances{allow("a")}, []posture.Finding{withARN}, nil},
		{"by place and id", allowances{allow("aws/111122223333/eu-west-1/a")}, []posture.Finding{open("a")}, nil},
		{"by place", allowances{allow("aws/111122223333/eu-west-1")}, []posture.Finding{whole}, nil},
		{"by a former id of the control", with(func(a *compliancetest.Allowance) { a.Control = "house.gate" }), []posture.Finding{open("a")}, nil},
		{"one of two", allowances{allow("a")}, []posture.Finding{open("a"), open("b")}, []string{"house.door fails once"}},
		{"each of two", allowances{allow("a"), allow("b")}, []posture.Finding{open("a"), open("b")}, nil},
		{"the same resource twice", allowances{allow("a")}, []posture.Finding{open("a"), open("a")}, nil},
		{"not by a part of the id", allowances{allow("a")}, []posture.Finding{open("ab")}, []string{"fails once", "no finding of the control is on it"}},
		{"not in another case", allowances{allow("A")}, []posture.Finding{open("a")}, []string{"fails once", "no finding of the control is on it"}},
		{"not by a pattern", allowances{allow("*")}, []posture.Finding{open("a")}, []string{"fails once", "no finding of the control is on it"}},
		{"a place is not all in it", allowances{allow("aws/111122223333/eu-west-1")}, []posture.Finding{open("a")}, []string{"fails once", "no finding of the control is on it"}},
		{"an id of two places", allowances{allow("a")}, []posture.Finding{open("a"), elsewhere}, []string{"matches several resources: aws/111122223333/eu-west-1/a, aws/111122223333/eu-north-1/a"}},
		{"an id of two places, placed", allowances{allow("aws/111122223333/eu-north-1/a"), allow("aws/111122223333/eu-west-1/a")}, []posture.Finding{open("a"), elsewhere}, nil},

		{"the part", with(func(a *compliancetest.Allowance) { a.Sub = "hinge" }), []posture.Finding{part}, nil},
		{"the whole is not its part", allowances{allow("a")}, []posture.Finding{part}, []string{`part "hinge"`, `findings on this resource are of other parts: "hinge"`}},
		{"the part is not its whole", with(func(a *compliancetest.Allowance) { a.Sub = "hinge" }), []posture.Finding{open("a")}, []string{"fails once", "of other parts"}},

		{"no resource", with(func(a *compliancetest.Allowance) { a.Resource = "" }), []posture.Finding{whole}, []string{"fails once", "has no resource, so it allows nothing"}},
		{"no owner", with(func(a *compliancetest.Allowance) { a.Owner = " " }), []posture.Finding{open("a")}, []string{"fails once", "has no owner, so it allows nothing"}},
		{"no reason", with(func(a *compliancetest.Allowance) { a.Reason = "" }), []posture.Finding{open("a")}, []string{"fails once", "has no reason, so it allows nothing"}},
		{"no expiry", with(func(a *compliancetest.Allowance) { a.Expires = time.Time{} }), []posture.Finding{open("a")}, []string{"fails once", "has no expiry, so it allows nothing"}},
		{"nothing said", allowances{{Control: "house.door"}}, []posture.Finding{locked("a")}, []string{"has no resource and no owner and no reason and no expiry"}},
		{"no control", with(func(a *compliancetest.Allowance) { a.Control = "" }), []posture.Finding{locked("a")}, []string{"The allowance of no control on a (sam@example.com; until 2026-07-01T12:00:00Z; a new lock is ordered) names no control"}},

		{"the moment before it expires", with(func(a *compliancetest.Allowance) { a.Expires = now.Add(1) }), []posture.Finding{open("a")}, nil},
		{"the moment it expires", with(func(a *compliancetest.Allowance) { a.Expires = now }), []posture.Finding{open("a")}, []string{"fails once", "is expired"}},
		{"expired and not needed", with(func(a *compliancetest.Allowance) { a.Expires = now }), []posture.Finding{locked("a")}, []string{"is expired"}},

		{"put right since", allowances{allow("a")}, []posture.Finding{locked("a")}, []string{"allows nothing: the verdict is pass. Remove it."}},
		{"not applicable since", allowances{allow("a")}, []posture.Finding{locked("b"), door.NotApplicable(on(place, "a"), "It is walled up.")}, []string{"allows nothing: the verdict is not-applicable"}},
		{"gone since", allowances{allow("a")}, []posture.Finding{locked("b")}, []string{"allows nothing: no finding of the control is on it"}},
		{"said twice", allowances{allow("a"), allow("a")}, []posture.Finding{open("a")}, []string{"another allowance before it allows the same"}},
		{"of a control that did not run", with(func(a *compliancetest.Allowance) { a.Control = "house.roof" }), []posture.Finding{locked("a")}, []string{"house.roof: The allowance of house.roof on a (sam@example.com; until 2026-07-01T12:00:00Z; a new lock is ordered) allows nothing: the control did not run."}},

		{"unknown", allowances{allowUnknown("a")}, []posture.Finding{unseen("a")}, nil},
		{"unknown of a listing", allowances{allowUnknown("aws/111122223333/eu-west-1")}, []posture.Finding{listing}, nil},
		{"unknown is not fail", allowances{allow("a")}, []posture.Finding{unseen("a")}, []string{"is unknown once"}},
		{"fail is not unknown", allowances{allowUnknown("a")}, []posture.Finding{open("a")}, []string{"fails once", "The allowance of Unknown of house.door on a (sam@example.com; until 2026-07-01T12:00:00Z; a new lock is ordered) allows nothing: the verdict is fail"}},
		{"known since", allowances{allowUnknown("a")}, []posture.Finding{locked("a")}, []string{"allows nothing: the verdict is pass"}},
		{"said twice of unknown", allowances{allowUnknown("a"), allowUnknown("a")}, []posture.Finding{unseen("a")}, []string{"another allowance before it allows the same"}},

		{"not needed as far as was seen", allowances{allow("a"), allowUnknown("aws/111122223333/eu-west-1")}, []posture.Finding{listing, locked("b")}, nil},
		{"not needed, and that was seen", allowances{allow("b"), allowUnknown("aws/111122223333/eu-west-1")}, []posture.Finding{listing, locked("b")}, []string{"on b (sam@example.com; until 2026-07-01T12:00:00Z; a new lock is ordered) allows nothing: the verdict is pass"}},
	} {
		t.Run(c.name, func(t *testing.T) { wantFailures(t, asserted(allowing(c.allowed...), doors(c.findings...)), c.want...) })
	}
}

func TestAllowanceBelowTheSeverity(t *testing.T) {
	rule := allowing(allow("a"))
	rule.Severity = posture.Critical
	wantFailures(t, asserted(rule, doors(open("a"))), "allows nothing: the finding is of severity high, below the rule's.")
	rule.Severity = posture.High
	wantFailures(t, asserted(rule, doors(open("a"))))

	rule = allowing(allowUnknown("a"))
	rule.Severity = posture.Critical
	wantFailures(t, asserted(rule, doors(open("a"))), "allows nothing: the verdict is fail. Remove it.")
}

// TestAllowanceComesBeforeTheCause keeps an allowance needed while its finding
// is Unknown, whatever the cause is this time.
func TestAllowanceComesBeforeTheCause(t *testing.T) {
	rule := allowing(allowUnknown("a"))
	rule.AllowUnknown = []posture.CauseKind{posture.CauseDenied}
	wantFailures(t, asserted(rule, doors(unseen("a"))))
}

// TestWhatIsAllowedIsLogged wants a line for each thing that did not fail the
// test and is not as it should be.
func TestWhatIsAllowedIsLogged(t *testing.T) {
	rule := allowing(allow("a"), allowUnknown("b"), allow("z"))
	rule.Severity, rule.AllowUnknown = posture.High, []posture.CauseKind{posture.CauseThrottled}
	slight := open("d")
	slight.Severity = posture.Low
	r := asserted(rule, doors(open("a"), unseen("b"), door.Unknown(on(place, "c"), &posture.Cause{Kind: posture.CauseThrottled}), slight))
	wantFailures(t, r)
	want := []string{
		"The allowance of house.door on a (sam@example.com; until 2026-07-01T12:00:00Z; a new lock is ordered) allows: aws/111122223333/eu-west-1/a (high): Door a stands open.",
		"The allowance of Unknown of house.door on b (sam@example.com; until 2026-07-01T12:00:00Z; a new lock is ordered) allows: aws/111122223333/eu-west-1/b: denied, action house:GetLock, refused by the identity-based policy: House:GetLock: not authorized",
		"The rule allows Unknown of this cause: aws/111122223333/eu-west-1/c: throttled",
		"Below the rule's severity high: aws/111122223333/eu-west-1/d (low): Door d stands open.",
		"The allowance of house.door on z (sam@example.com; until 2026-07-01T12:00:00Z; a new lock is ordered) allows nothing that was seen, but not all could be judged.",
	}
	if got := r.logged(); !slices.Equal(got, want) {
		t.Errorf("logged:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestClockIsTheRules shows the default clock and the rule's, on an allowance
// that ended long ago.
func TestClockIsTheRules(t *testing.T) {
	old := allow("a")
	old.Expires = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	rule := allowing(old)
	r := &recorder{}
	compliancetest.Assert(r, slices.Values([]posture.Result{doors(open("a"))}), rule)
	wantFailures(t, r, "fails once", "is expired")
	rule.Now = func() time.Time { return old.Expires.Add(-time.Hour) }
	wantFailures(t, asserted(rule, doors(open("a"))))
}
