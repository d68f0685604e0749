package posture_test

import (
	"encoding"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
)

func TestValidate(t *testing.T) {
	with := func(edit func(*posture.Control)) posture.Evaluator {
		e := passes("test.a")
		edit(&e.control)
		return e
	}
	good := []posture.Evaluator{
		passes("test.a"), passes("test.b-2"), passes("a2.b.c-d"),
		with(func(c *posture.Control) { c.Params = []posture.Param{{Name: "max", Value: "90"}} }),
		with(func(c *posture.Control) { c.Params = []posture.Param{{Name: "max", Value: "45"}} }),
		// Printed without quotes these would be the last one's.
		with(func(c *posture.Control) { c.Params = []posture.Param{{Name: "max 45"}} }),
		with(func(c *posture.Control) { c.Replaces = []string{"test.old"} }),
	}
	if err := posture.Validate(good[:6]); err != nil {
		t.Errorf("good suite: %v", err)
	}
	if err := posture.Validate(nil); err != nil {
		t.Errorf("empty suite: %v", err)
	}
	for want, evs := range map[string][]posture.Evaluator{
		`control "": id is not of the form "domain.name"`: {with(func(c *posture.Control) { c.ID = "" })},
		`control "test": id is not of the form`:           {with(func(c *posture.Control) { c.ID = "test" })},
		`control "Test.A": id is not of the form`:         {with(func(c *posture.Control) { c.ID = "Test.A" })},
		`control "test.a-": id is not of the form`:        {with(func(c *posture.Control) { c.ID = "test.a-" })},
		`control "test.a\n": id is not of the form`:       {with(func(c *posture.Control) { c.ID = "test.a\n" })},
		"has no title":       {with(func(c *posture.Control) { c.Title = "" })},
		"has no doc":         {with(func(c *posture.Control) { c.Doc = "" })},
		"has no severity":    {with(func(c *posture.Control) { c.Severity = 0 })},
		"has no known scope": {with(func(c *posture.Control) { c.Scope = 9 })},
		"resource is not a CloudFormation type name":           {with(func(c *posture.Control) { c.Resource = "bucket" })},
		`requires "ListUsers", which is not an IAM action`:     {with(func(c *posture.Control) { c.Requires = []string{"iam:GetUser", "ListUsers"} })},
		`requires "iam:*", which is not an IAM action`:         {with(func(c *posture.Control) { c.Requires = []string{"iam:*"} })},
		`replaces "old", which is not an id`:                   {with(func(c *posture.Control) { c.Replaces = []string{"old"} })},
		`replaces "test.b", which is in use`:                   {with(func(c *posture.Control) { c.Replaces = []string{"test.b"} }), passes("test.b")},
		"has a parameter without a name":                       {with(func(c *posture.Control) { c.Params = []posture.Param{{Value: "1"}} })},
		"evaluator 1 (posture_test.evaluator): control test.a": {passes("test.a"), passes("test.a")},
		"stands twice": {good[3], good[3]},
		"evaluator 0 (posture_test.panics): posture: panic": {panics{evaluator: passes("test.a"), inControl: true}},
		"evaluator 0 (<nil>): posture: panic":               {nil},
	} {
		err := posture.Validate(append([]posture.Evaluator{}, evs...))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	// Every fault is told, not just the first.
	err := posture.Validate([]posture.Evaluator{nil, with(func(c *posture.Control) { c.Title, c.Doc = "", "" }), with(func(c *posture.Control) { c.ID = "A" })})
	if lines := strings.Split(fmt.Sprint(err), "\n"); len(lines) != 4 {
		t.Errorf("want four faults, got %q", lines)
	}
}

func TestActions(t *testing.T) {
	with := func(actions ...string) posture.Evaluator {
		e := passes("test.a")
		e.control.Requires = actions
		return e
	}
	got := posture.Actions([]posture.Evaluator{
		with("test:Get", "iam:ListUsers"), with(), nil, panics{evaluator: passes("test.b"), inControl: true}, with("iam:GetUser", "iam:ListUsers"),
	})
	if diff := cmp.Diff([]string{"iam:GetUser", "iam:ListUsers", "test:Get"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWords(t *testing.T) {
	words[posture.Status](t, "unknown", "pass", "fail", "not-applicable")
	words[posture.Severity](t, "", "informational", "low", "medium", "high", "critical")
	words[posture.Scope](t, "regional", "global", "organization")
	words[posture.Risk](t, "high", "medium", "low")
	words[posture.Outcome](t, "unknown", "done", "already-done", "refused", "failed", "partial", "skipped")
	if posture.Informational >= posture.Low || posture.High >= posture.Critical {
		t.Error("severities do not compare")
	}
}

// words checks that the values from zero on have these words, both ways, and no
// other value has one.
func words[T interface {
	~uint8
	fmt.Stringer
	encoding.TextMarshaler
}](t *testing.T, want ...string) {
	t.Helper()
	for i, w := range want {
		b, err := T(i).MarshalText()
		if err != nil || string(b) != w || T(i).String() != w {
			t.Errorf("%T %d: %q, %q, %v; want %q", T(i), i, T(i).String(), b, err, w)
		}
		var back T
		if err := any(&back).(encoding.TextUnmarshaler).UnmarshalText(b); err != nil || back != T(i) {
			t.Errorf("%T %q: %d, %v", back, w, back, err)
		}
	}
	beyond := T(len(want))
	if b, err := beyond.MarshalText(); err == nil || beyond.String() != fmt.Sprintf("invalid(%d)", len(want)) {
		t.Errorf("%T %d has the word %q", beyond, len(want), b)
	}
	kept := T(1)
	for _, w := range []string{"Fail", "nonsense", " low"} {
		err := any(&kept).(encoding.TextUnmarshaler).UnmarshalText([]byte(w))
		if err == nil || kept != T(1) || !strings.Contains(err.Error(), want[len(want)-1]) {
			t.Errorf("%T: reading %q gives %d, %v", kept, w, kept, err)
		}
	}
}
