package compliancetest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/compliancetest"
)

// TestTexts holds what a developer reads in the log, whole.
func TestTexts(t *testing.T) {
	scp := door.Unknown(on(place, ""), &posture.Cause{Kind: posture.CauseSCP, Operation: "House:ListDoors", Action: "house:ListDoors", Layer: "service control policy", Message: "no"})
	silent := door.Unknown(on(place, "c"), &posture.Cause{Kind: posture.CauseDenied, Operation: "House:GetLock"})
	more := door.Unknown(on(place, "d"), &posture.Cause{Kind: posture.CauseMalformed, Message: "no lock"}).Detailf("The lock's\nanswer is empty.")
	panicked := door.Unknown(on(place, ""), &posture.Cause{Kind: posture.CausePanic, Message: "panic: boom\nmain.judge()\n\tdoor.go:7\n"})

	for _, c := range []struct {
		name     string
		findings []posture.Finding
		want     string
	}{
		{"fail", []posture.Finding{open("a"), locked("b"), open("c").Part("hinge 1")}, `house.door fails 2 times: "Doors are locked" is not so.
    aws/111122223333/eu-west-1/a (high): Door a stands open.
    aws/111122223333/eu-west-1/c part "hinge 1" (high): Door c stands open.
    Why, and what to do: An open door lets anybody in. Lock it.`},
		{"fail with an ARN", []posture.Finding{door.Fail(place.Resource("Example::House::Door", "a", place.ARN("house", "door/a")), nil)}, `house.door fails once: "Doors are locked" is not so.
    arn:aws:house:eu-west-1:111122223333:door/a (high): it fails; the evaluator did not say what it saw.
    Why, and what to do: An open door lets anybody in. Lock it.`},
		{"fail with evidence alone", []posture.Finding{door.Fail(on(place, "a"), struct{ Bolts int }{0}), door.Fail(on(place, "b"), json.RawMessage(`{"bolts":1}`))}, `house.door fails 2 times: "Doors are locked" is not so.
    aws/111122223333/eu-west-1/a (high): {"Bolts":0}
    aws/111122223333/eu-west-1/b (high): {"bolts":1}
    Why, and what to do: An open door lets anybody in. Lock it.`},
		{"fail with text that steers", []posture.Finding{open("a").Detailf("named \x1b[2K\n::error::\u202eb")}, `house.door fails once: "Doors are locked" is not so.
    aws/111122223333/eu-west-1/a (high): named [2K ::error:: b
    Why, and what to do: An open door lets anybody in. Lock it.`},
		{"unknown", []posture.Finding{unseen("a"), unseen("b"), scp, silent, more}, `house.door is unknown 5 times: whether "Doors are locked" could not be judged.
    aws/111122223333/eu-west-1/a: denied, action house:GetLock, refused by the identity-based policy: House:GetLock: not authorized
    aws/111122223333/eu-west-1/b: denied, action house:GetLock, refused by the identity-based policy: House:GetLock: not authorized
    aws/111122223333/eu-west-1: denied-by-scp, action house:ListDoors, refused by the service control policy: House:ListDoors: no
    aws/111122223333/eu-west-1/c: denied: House:GetLock
    aws/111122223333/eu-west-1/d: malformed: no lock (The lock's answer is empty.)
    Allow the principal that scans: house:GetLock, house:ListDoors
    AWS did not name every action that it refused. The control calls: house:ListDoors, house:GetLock`},
		{"unknown by a panic", []posture.Finding{panicked}, "house.door is unknown once: whether \"Doors are locked\" could not be judged.\n" +
			"    aws/111122223333/eu-west-1: panic: panic: boom\n        main.judge()\n        \tdoor.go:7"},
		{"nothing judged", []posture.Finding{door.NotApplicable(on(place, ""), "The house has no doors.")}, `house.door judged nothing: "Doors are locked" was asked of no resource, so it is not shown to hold.
    aws/111122223333/eu-west-1: The house has no doors.
    If that is as it should be, name the control in AllowNotApplicable.`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := asserted(compliancetest.Rule{}, doors(c.findings...)).all()
			if len(got) != 1 || got[0] != "house.door: "+c.want {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), c.want)
			}
		})
	}
}

// TestPrintedNameAllows takes the name of a resource as a failure prints it into
// an allowance.
func TestPrintedNameAllows(t *testing.T) {
	for _, f := range []posture.Finding{
		open("a"),
		door.Fail(on(place, ""), nil),
		door.Fail(on(posture.Place{Partition: "aws-cn", Account: "444455556666"}, "a"), nil),
		door.Fail(place.Resource("Example::House::Door", "a", place.ARN("house", "door/a")), nil),
	} {
		text := asserted(compliancetest.Rule{}, doors(f)).all()[0]
		_, text, _ = strings.Cut(text, "\n    ")
		name, _, _ := strings.Cut(text, " (high)")
		wantFailures(t, asserted(allowing(allow(name)), doors(f)))
	}
}
