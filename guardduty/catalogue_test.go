package guardduty_test

import (
	"slices"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/guardduty"
)

// securityHub are the controls of AWS Security Hub for GuardDuty, with their
// severity, and the controls here that answer them. A tagging control has the
// severity that Security Hub gives it.
var securityHub = []struct {
	id, title string
	severity  posture.Severity
	control   string
}{
	{"GuardDuty.1", "GuardDuty is on in the Region", posture.High, "guardduty.enabled"},
	{"GuardDuty.2", "GuardDuty filters carry the required tags", posture.Low, "guardduty.filter-tags"},
	{"GuardDuty.3", "GuardDuty IPSets carry the required tags", posture.Low, "guardduty.ip-set-tags"},
	{"GuardDuty.4", "GuardDuty detectors carry the required tags", posture.Low, "guardduty.detector-tags"},
	{"GuardDuty.5", "EKS audit log monitoring is on", posture.High, "guardduty.eks-audit"},
	{"GuardDuty.6", "Lambda protection is on", posture.High, "guardduty.lambda"},
	{"GuardDuty.7", "EKS runtime monitoring is on", posture.High, "guardduty.runtime-eks"},
	{"GuardDuty.8", "Malware protection for EC2 is on", posture.High, "guardduty.malware-ec2"},
	{"GuardDuty.9", "RDS protection is on", posture.High, "guardduty.rds"},
	{"GuardDuty.10", "S3 protection is on", posture.High, "guardduty.s3"},
	{"GuardDuty.11", "Runtime monitoring is on", posture.High, "guardduty.runtime"},
	{"GuardDuty.12", "ECS runtime monitoring is on", posture.Medium, "guardduty.runtime-ecs"},
	{"GuardDuty.13", "EC2 runtime monitoring is on", posture.Medium, "guardduty.runtime-ec2"},
}

func TestSuiteAnswersSecurityHub(t *testing.T) {
	suite := map[string]posture.Control{}
	for _, e := range guardduty.Evaluators(nil) {
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
	t.Logf("%d of %d automated", len(securityHub), len(securityHub))
}

// The catalogue needs no view: its controls are well formed, each one stands
// once, and each remediator answers controls of it.
func TestCatalogue(t *testing.T) {
	evs := slices.Concat(guardduty.Evaluators(nil), guardduty.OrganizationEvaluators(nil))
	if err := posture.Validate(evs); err != nil {
		t.Error(err)
	}
	var ids []string
	for _, e := range evs {
		ids = append(ids, e.Control().ID)
	}
	all := append(slices.Concat(guardduty.Remediators(nil, nil), guardduty.OrganizationRemediators(nil, nil)), guardduty.ExportFindings{}, guardduty.CloseFindings{})
	for _, r := range all {
		for _, id := range r.Controls() {
			if !slices.Contains(ids, id) {
				t.Errorf("%T answers %s, which is no control", r, id)
			}
		}
	}
	if e := (guardduty.Protection{Feature: "NEW_FEATURE"}); posture.Validate([]posture.Evaluator{e}) == nil {
		t.Error("a feature without a control is valid")
	}
}

// Without tag keys the tag controls ask nothing, and need no permission.
func TestTagsUnasked(t *testing.T) {
	w := good().Fake.(*world)
	e := guardduty.RequiredTags{Region: w.facts.region(place, w.GuardDuty), Of: guardduty.TaggedFilter}
	fs, err := e.Evaluate(t.Context())
	if err != nil || one(t, fs).Status != posture.NotApplicable {
		t.Errorf("got %v, %v", fs, err)
	}
	if calls := w.Calls(); len(calls) > 0 || len(e.Control().Requires) > 0 {
		t.Errorf("calls %v, requires %v", calls, e.Control().Requires)
	}
}
