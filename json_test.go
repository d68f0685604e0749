package posture_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
)

// samples are one value of each kind that has a public JSON form.
func samples(t *testing.T) map[string]any {
	c := control("test.age")
	c.Params = []posture.Param{{Name: "max-age", Value: "45", Default: "90", Unit: "days", Source: "Example Benchmark 1.0, 1.2", AsOf: "2026-01-15"}}
	c.Replaces = []string{"test.old-age"}
	denied := opError{"IAM", "ListUsers", apiError{"AccessDenied", "User: arn:aws:iam::123456789012:user/scanner is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::123456789012:user/ with an explicit deny in a service control policy"}}
	fail := c.Fail(here.Resource("AWS::Test::Thing", "a", here.ARN("test", "thing/a")), ageEvidence{"<k&1>", 91}).Part("key 1")
	fail.Severity, fail.Tags = posture.High, map[string]string{"team": "blue"}
	unknown := c.Unknown(thing("b"), denied)
	at := time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

	w := newWorld("a")
	step, err := posture.Change(rich{World: w, Name: "a"}, vault{Open: true, Keys: []int{1, 2}, Note: "before"}, vault{Keys: []int{1}, Seal: "gold"})
	if err != nil {
		t.Fatal(err)
	}
	p := posture.NewPlan(here, at, []posture.Finding{fail}, step, change(t, w, "b", opened, closed))
	p.Risk, p.Needs, p.Warnings = posture.RiskMedium, []string{"Somebody holds the door."}, []string{"The door is slow."}
	p.Impact = posture.Impact{
		Broken:  []posture.Use{{Principal: here.ARN("iam", "user/ana"), Action: "test:OpenDoor", Resource: "a", Count: 3, First: at.Add(-time.Hour), Last: at, Source: "the door's log"}},
		Unknown: []string{"Who has a copy of key 2."}, Window: 24 * time.Hour, Coverage: 80,
	}
	return map[string]any{
		"finding-pass.json":           c.Pass(thing("a"), nil),
		"finding-fail.json":           fail,
		"finding-not-applicable.json": c.NotApplicable(thing(""), "There are no things."),
		"finding-unknown.json":        unknown,
		"result.json":                 posture.Result{Control: c, Place: here, Findings: []posture.Finding{fail, unknown}, Err: denied, Started: at, Elapsed: 1500 * time.Millisecond},
		"plan.json":                   p,
		"receipt.json": posture.Receipt{Plan: p.ID(), Outcome: posture.OutcomePartial, Started: at, Finished: at.Add(time.Second), Steps: []posture.StepReceipt{
			{Step: p.Steps[0], Outcome: posture.OutcomeDone},
			{Step: p.Steps[1], Outcome: posture.OutcomeRefused, Seen: json.RawMessage(`{"open":false,"keys":[9]}`), Cause: posture.CauseOf(denied)},
		}},
	}
}

func decoded(name string, b []byte) (v any, err error) {
	switch {
	case strings.HasPrefix(name, "finding"):
		var f posture.Finding
		err = json.Unmarshal(b, &f)
		return f, err
	case strings.HasPrefix(name, "result"):
		var r posture.Result
		err = json.Unmarshal(b, &r)
		return r, err
	case strings.HasPrefix(name, "plan"):
		var p posture.Plan
		err = json.Unmarshal(b, &p)
		return p, err
	}
	var r posture.Receipt
	err = json.Unmarshal(b, &r)
	return r, err
}

func TestJSONForms(t *testing.T) {
	for name, v := range samples(t) {
		b := encode(t, v)
		golden(t, name, b)
		back, err := decoded(name, b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if again := encode(t, back); !bytes.Equal(b, again) {
			t.Errorf("%s changes when read and written again:\n%s", name, cmp.Diff(string(b), string(again)))
		}
	}
}

// What is written by a later library is not read as if it were this one's, and
// what was tampered with is not read at all.
func TestJSONRefusals(t *testing.T) {
	all := samples(t)
	for _, tt := range []struct{ name, from, to string }{
		{"finding-fail.json", `"version": 1`, `"version": 2`},
		{"finding-fail.json", `"version": `, `"was": `},
		{"finding-fail.json", `"control": "test`, `"control": "rest`},
		{"finding-fail.json", `"id": "a"`, `"id": "b"`},
		{"finding-fail.json", `"sub": "key 1"`, `"sub": "key 2"`},
		{"finding-fail.json", `"1-`, `"2-`},
		{"finding-fail.json", `"fingerprint"`, `"print"`},
		{"finding-fail.json", `"fail"`, `"failed"`},
		{"finding-fail.json", `"high"`, `"higher"`},
		{"result.json", `"version": 1`, `"version": 2`},
		{"result.json", `"regional"`, `"local"`},
		{"result.json", `"fail"`, `"failed"`},
		{"result.json", `"id": "b"`, `"id": "c"`},
		{"plan.json", `"version": 1`, `"version": 2`},
		{"plan.json", `"id": "1-`, `"id": "1-0`},
		{"plan.json", `"risk": "medium"`, `"risk": "low"`},
		{"plan.json", `"risk": `, `"hazard": `},
		{"plan.json", `"impact": {`, `"effect": {`},
		{"plan.json", `"count": 3`, `"count": 0`},
		{"plan.json", `"Somebody holds the door."`, ``},
		{"plan.json", `"open": true`, `"open": false`},
		{"plan.json", `"seal": "gold"`, `"seal": "lead"`},
		{"plan.json", `"post": "`, `"post": "0`},
		{"plan.json", `"loss": "keys [2]"`, `"loss": ""`},
		{"plan.json", `"cost": "a gold seal"`, `"cost": ""`},
		{"plan.json", `"test:PutDoor"`, `"test:BurnDoor"`},
		{"plan.json", `"kind": {`, `"kind": {"undo": true,`},
		{"plan.json", `"sub": "key 1"`, `"sub": "key 2"`},
		{"receipt.json", `"version": 1`, `"version": 2`},
		{"receipt.json", `"outcome": "done"`, `"outcome": "well done"`},
		{"receipt.json", `"kind": {`, `"kind": {"undo": true,`},
	} {
		good := string(encode(t, all[tt.name]))
		bad := strings.ReplaceAll(good, tt.from, tt.to)
		if bad == good {
			t.Errorf("%s has no %s", tt.name, tt.from)
		}
		if v, err := decoded(tt.name, []byte(bad)); err == nil {
			t.Errorf("%s with %s for %s was read: %+v", tt.name, tt.to, tt.from, v)
		} else if !strings.Contains(err.Error(), "posture: ") {
			t.Errorf("%s with %s for %s: %v does not say what it is about", tt.name, tt.to, tt.from, err)
		}
	}
}

// A member that this library does not know is passed over where the form is
// read by many (findings and results grow), and refused where a change of state
// hangs on it.
func TestJSONUnknownMembers(t *testing.T) {
	for name, v := range samples(t) {
		more := bytes.Replace(encode(t, v), []byte("{"), []byte(`{"more": [1],`), 1)
		back, err := decoded(name, more)
		strict := strings.HasPrefix(name, "plan") || strings.HasPrefix(name, "receipt")
		if strict != (err != nil) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			if diff := cmp.Diff(string(encode(t, v)), string(encode(t, back))); diff != "" {
				t.Errorf("%s:\n%s", name, diff)
			}
		}
		later := bytes.Replace(more, []byte(`"version": 1`), []byte(`"version": 2`), 1)
		if _, err := decoded(name, later); err == nil || !strings.Contains(err.Error(), "version 2") {
			t.Errorf("%s of version 2 with a new member: %v", name, err)
		}
	}
}

func TestResultKeepsItsError(t *testing.T) {
	r := samples(t)["result.json"].(posture.Result)
	back, err := decoded("result", encode(t, r))
	if err != nil {
		t.Fatal(err)
	}
	got := back.(posture.Result)
	if diff := cmp.Diff(posture.CauseOf(r.Err), posture.CauseOf(got.Err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r.Err = nil
	if back, err = decoded("result", encode(t, r)); err != nil || back.(posture.Result).Err != nil {
		t.Errorf("no error became %v, %v", back.(posture.Result).Err, err)
	}
}
