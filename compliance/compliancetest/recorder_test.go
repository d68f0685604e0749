package compliancetest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/compliancetest"
)

// recorder is a test that remembers what it was told.
type recorder struct {
	name   string
	errors []string
	logs   []string
	subs   []*recorder
}

var _ compliancetest.T[*recorder] = (*recorder)(nil)

func (r *recorder) Helper() {}

func (r *recorder) Logf(format string, args ...any) {
	r.logs = append(r.logs, fmt.Sprintf(format, args...))
}

func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func (r *recorder) Run(name string, test func(*recorder)) bool {
	sub := &recorder{name: name}
	r.subs = append(r.subs, sub)
	test(sub)
	return len(sub.errors) == 0
}

// all gives every failure, that of a subtest with its name in front.
func (r *recorder) all() (out []string) {
	out = slices.Clone(r.errors)
	for _, sub := range r.subs {
		for _, e := range sub.errors {
			out = append(out, sub.name+": "+e)
		}
	}
	return out
}

func (r *recorder) logged() (out []string) {
	for _, sub := range r.subs {
		out = append(out, sub.logs...)
	}
	return out
}

var (
	place = posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}
	now   = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

	door = posture.Control{
		ID: "house.door", Title: "Doors are locked", Doc: "An open door lets anybody in. Lock it.",
		Severity: posture.High, Resource: "Example::House::Door", Requires: []string{"house:ListDoors", "house:GetLock"}, Replaces: []string{"house.gate"},
	}
	roof = posture.Control{ID: "house.roof", Title: "The roof is whole", Doc: "Rain comes in. Mend it.", Severity: posture.Low, Resource: "Example::House::Roof"}
)

func on(p posture.Place, id string) posture.Resource {
	return p.Resource("Example::House::Door", id, "")
}

func open(id string) posture.Finding {
	return door.Fail(on(place, id), nil).Detailf("Door %s stands open.", id)
}

func locked(id string) posture.Finding { return door.Pass(on(place, id), nil) }

func unseen(id string) posture.Finding {
	return door.Unknown(on(place, id), &posture.Cause{Kind: posture.CauseDenied, Operation: "House:GetLock", Action: "house:GetLock", Layer: "identity-based policy", Message: "not authorized"})
}

func doors(fs ...posture.Finding) posture.Result {
	return posture.Result{Control: door, Place: place, Findings: fs}
}

func allow(resource string) compliancetest.Allowance {
	return compliancetest.Allowance{Control: "house.door", Resource: resource, Owner: "sam@example.com", Reason: "a new lock is ordered", Expires: now.AddDate(0, 1, 0)}
}

func allowUnknown(resource string) compliancetest.Allowance {
	a := allow(resource)
	a.Unknown = true
	return a
}

func allowing(as ...compliancetest.Allowance) compliancetest.Rule {
	return compliancetest.Rule{Allowances: as}
}

// asserted runs Assert by the clock of these tests and gives what it recorded.
func asserted(rule compliancetest.Rule, results ...posture.Result) *recorder {
	if rule.Now == nil {
		rule.Now = func() time.Time { return now }
	}
	r := &recorder{}
	compliancetest.Assert(r, slices.Values(results), rule)
	return r
}

// wantFailures wants exactly as many failures as parts, each holding its part.
func wantFailures(t *testing.T, r *recorder, parts ...string) {
	t.Helper()
	got := r.all()
	if len(got) != len(parts) {
		t.Fatalf("%d failures, want %d:\n%s", len(got), len(parts), strings.Join(got, "\n"))
	}
	for i, part := range parts {
		if !strings.Contains(got[i], part) {
			t.Errorf("failure %d is\n%s\nwhich does not hold\n%s", i, got[i], part)
		}
	}
}
