package inspector_test

import (
	"slices"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
)

// securityHub are the controls of AWS Security Hub for Inspector, with their
// severity, and the controls here that answer them.
var securityHub = []struct {
	id, title string
	severity  posture.Severity
	control   string
}{
	{"Inspector.1", "Inspector scans EC2", posture.High, "inspector.ec2-enabled"},
	{"Inspector.2", "Inspector scans ECR", posture.High, "inspector.ecr-enabled"},
	{"Inspector.3", "Inspector scans Lambda code", posture.High, "inspector.lambda-code-enabled"},
	{"Inspector.4", "Inspector scans Lambda packages", posture.High, "inspector.lambda-enabled"},
}

func TestSuiteAnswersSecurityHub(t *testing.T) {
	suite := map[string]posture.Control{}
	for _, e := range inspector.Evaluators(nil) {
		suite[e.Control().ID] = e.Control()
	}
	for _, row := range securityHub {
		c, ok := suite[row.control]
		switch {
		case !ok:
			t.Errorf("%s, %s: no control %s in the suite", row.id, row.title, row.control)
		case c.Severity != row.severity:
			t.Errorf("%s, %s: severity is %s, %s has %s", row.id, row.title, row.severity, row.control, c.Severity)
		}
	}
}

// The catalogue needs no view: its controls are well formed, each one stands
// once, and each remediator answers controls of it.
func TestCatalogue(t *testing.T) {
	evs := slices.Concat(inspector.Evaluators(nil), inspector.OrganizationEvaluators(nil))
	if err := posture.Validate(evs); err != nil {
		t.Error(err)
	}
	var ids []string
	for _, e := range evs {
		ids = append(ids, e.Control().ID)
	}
	for _, r := range append(slices.Concat(inspector.Remediators(nil, nil), inspector.OrganizationRemediators(nil, nil)), inspector.ScheduleCIS{}) {
		for _, id := range r.Controls() {
			if !slices.Contains(ids, id) {
				t.Errorf("%T answers %s, which is no control", r, id)
			}
		}
	}
	if n := len(inspector.Bindings(nil, nil)) + len(inspector.OrganizationBindings(nil, nil)); n != 9 {
		t.Errorf("%d bindings", n)
	}
	if e := (inspector.Enabled{Type: "NEW_TYPE"}); posture.Validate([]posture.Evaluator{e}) == nil {
		t.Error("a scan type without a control is valid")
	}
}

// What is not asked for is not applicable where it is off, and passes where it
// is on.
func TestOptional(t *testing.T) {
	for _, test := range []struct {
		w    *world
		want posture.Status
	}{{good().Fake.(*world), posture.Pass}, {bad().Fake.(*world), posture.NotApplicable}} {
		fs := scanAll(t, test.w.facts.region(place, test.w.Inspector))["inspector.code-repository-enabled"]
		if f := one(t, fs); f.Status != test.want {
			t.Errorf("%s: %s", f.Status, f.Detail)
		}
	}
}

// A parameter changes the verdict, and stands in the control.
func TestParameters(t *testing.T) {
	w := bad().Fake.(*world)
	for name, test := range map[string]struct {
		of   func(*inspector.Region) posture.Evaluator
		want posture.Status
	}{
		"images for a month": {func(r *inspector.Region) posture.Evaluator { return inspector.ECRRescan{Region: r, Days: 30} }, posture.Pass},
		"another port": {func(r *inspector.Region) posture.Evaluator {
			return inspector.ReachablePort{Region: r, Ports: []int32{8443}}
		}, posture.Pass},
		"objectives of years": {func(r *inspector.Region) posture.Evaluator {
			r.Objectives = inspector.Objectives{T0T1: 999 * day, T2: 999 * day, T3T4: 999 * day, T5: 999 * day}
			return inspector.Objective{Region: r}
		}, posture.Fail}, // CISA's date stays
	} {
		e := test.of(w.facts.region(place, w.Inspector))
		for r := range posture.Scan(t.Context(), []posture.Evaluator{e}, nil) {
			if f := one(t, r.Findings); f.Status != test.want {
				t.Errorf("%s: %s: %s", name, f.Status, f.Detail)
			}
			if p := r.Control.Params[0]; p.Value == p.Default {
				t.Errorf("%s: the parameter is %+v", name, p)
			}
		}
	}
}
