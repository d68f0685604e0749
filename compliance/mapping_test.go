package compliance_test

import (
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// A parameter is compared as its operator says; what cannot be compared is
// weaker.
func TestMinimum(t *testing.T) {
	for _, c := range []struct {
		op, want, ran string
		weaker        bool
	}{
		{"max", "90", "90", false},
		{"max", "90", "89.5", false},
		{"max", "90", "91", true},
		{"max", "90", "never", true},
		{"min", "14", "14", false},
		{"min", "14", "9", true}, // as numbers: as text "9" is more
		{"min", "9", "14", false},
		{"equals", "yes", "yes", false},
		{"equals", "yes", "no", true},
		{"contains-all", "a,b", "c, b, a", false},
		{"contains-all", "a,b", "a", true},
		{"within", "a,b", "a", false},
		{"within", "a,b", "a,c", true},
		{"min-version", "1.2", "TLSv1.3", false},
		{"min-version", "1.2", "1.10", false},
		{"min-version", "1.2", "1.1", true},
		{"min-version", "1.2", "SSLv3", true},
		{"unheard-of", "1", "1", true},
	} {
		ms := []compliance.Minimum{{Control: "example.a", Param: "bound", Op: c.op, Value: c.want}}
		ran := []posture.Param{{Name: "other", Value: c.want}, {Name: "bound", Value: c.ran}}
		if got := compliance.Weaker(ms, "example.a", ran); got != c.weaker {
			t.Errorf("%s, ran with %q: weaker %v", ms[0], c.ran, got)
		}
		if compliance.Weaker(ms, "example.b", nil) {
			t.Errorf("%s is asked of another control", ms[0])
		}
	}
}

// A framework of the caller's is checked before it is used.
func TestFrameworkValidate(t *testing.T) {
	for name, change := range map[string]func(*compliance.Framework){
		"no key":       func(f *compliance.Framework) { f.Key = "" },
		"no id":        func(f *compliance.Framework) { f.Requirements[0].ID = "" },
		"twice":        func(f *compliance.Framework) { f.Requirements = append(f.Requirements, f.Requirements[0]) },
		"pattern":      func(f *compliance.Framework) { f.Pattern = `^\d+$` },
		"bad pattern":  func(f *compliance.Framework) { f.Pattern = `(` },
		"no remainder": func(f *compliance.Framework) { f.Requirements[0].Mappings[0].Remainder = "" },
		"no control":   func(f *compliance.Framework) { f.Requirements[0].Mappings[0].Controls = nil },
		"withdrawn":    func(f *compliance.Framework) { f.Requirements[0].Withdrawn = true },
		"minimum of another": func(f *compliance.Framework) {
			f.Requirements[0].Mappings[0].Minimums = []compliance.Minimum{{"example.b", "x", "max", "1"}}
		},
		"minimum without sense": func(f *compliance.Framework) {
			f.Requirements[0].Mappings[0].Minimums = []compliance.Minimum{{"example.a", "x", "max", "much"}}
		},
	} {
		f := example(compliance.Requirement{Mappings: []compliance.Mapping{partial("example.a")}})
		if err := f.Validate(); err != nil {
			t.Fatal(err)
		}
		change(f)
		if f.Validate() == nil {
			t.Errorf("%s: valid", name)
		}
		if _, err := (compliance.Assessor{Frameworks: []*compliance.Framework{f}, Scope: []posture.Place{home}}).Start(); err == nil {
			t.Errorf("%s: an assessor takes it", name)
		}
	}
	if _, err := (compliance.Assessor{Frameworks: []*compliance.Framework{nil}, Scope: []posture.Place{home}}).Start(); err == nil {
		t.Error("an assessor takes a nil framework")
	}
	if _, err := (compliance.Assessor{}).Start(); err == nil {
		t.Error("an assessor takes no scope")
	}
	if _, err := (compliance.Assessor{Scope: []posture.Place{{Account: "111122223333"}}}).Start(); err == nil {
		t.Error("an assessor takes a place without partition")
	}
	if _, err := compliance.Load("cis-aws", "99"); err == nil {
		t.Error("a version that nobody published was loaded")
	}
}
