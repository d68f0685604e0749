package inspector_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
)

// An inventory that did not look for images proves nothing of images: the proof is
// not complete, and a gate that asks for it stays closed. What was looked for is
// judged all the same.
func TestProofOfWhatNobodyLookedFor(t *testing.T) {
	inventory := instances("i-0web", "i-0unseen")
	delete(inventory, inspector.TypeImage)
	rows := []inspector.Row{row(inspector.TypeInstance, "i-0web", inspector.PackageScan), row(inspector.TypeInstance, "i-0web", inspector.NetworkScan)}
	p := inspector.Prove(place, now, inventory, rows, inspector.Limits{})
	if p.Complete || len(p.Failed) != 1 || !strings.Contains(p.Failed[0], inspector.TypeImage) {
		t.Errorf("complete %v, failed %q", p.Complete, p.Failed)
	}
	if p.Counts[inspector.Missing] != 2 || p.Counts[inspector.Proven] != 2 {
		t.Errorf("counts %v", p.Counts)
	}
	if err := p.Verify(); err != nil {
		t.Error(err)
	}
	p = inspector.Prove(place, now, map[string][]inspector.Asset{}, nil, inspector.Limits{})
	if d := (inspector.Gate{Now: now, Proof: &p}).Judge(func(func(inspector.Item, error) bool) {}); d.Pass {
		t.Errorf("open by a proof of nothing: %s", d)
	}
}

// A vulnerability of a function's code is another one in another file: a baseline
// with the first must not let the second pass.
func TestIdentityOfCode(t *testing.T) {
	code := func(file string, line int32) string {
		return inspector.Finding{
			Type: inspector.CodeVulnerability, Title: "CWE-798 - Hardcoded credentials", Resource: posture.Resource{Type: inspector.TypeFunction, ID: "f"}, Function: "thumbnails",
			Code: &inspector.Code{Detector: "python/hardcoded-credentials", File: file, Line: line},
		}.Identity()
	}
	if code("a.py", 3) == code("b.py", 3) {
		t.Error("two files are one finding")
	}
	if code("a.py", 3) != code("a.py", 9) {
		t.Error("a line above makes another finding of it")
	}
}

// Evidence without paths has a sentence.
func TestPortEvidenceOfNothing(t *testing.T) {
	if s := (inspector.PortEvidence{}).String(); s == "" || !strings.HasSuffix(s, ".") {
		t.Errorf("%q", s)
	}
}

// twisting is a fake whose answers are changed on their way.
type twisting struct {
	*inspectortest.Inspector
	findings func(*inspector2.ListFindingsOutput)
	status   func(*inspector2.BatchGetAccountStatusOutput)
}

func (w twisting) ListFindings(ctx context.Context, in *inspector2.ListFindingsInput, o ...func(*inspector2.Options)) (*inspector2.ListFindingsOutput, error) {
	out, err := w.Inspector.ListFindings(ctx, in, o...)
	if err == nil && w.findings != nil {
		w.findings(out)
	}
	return out, err
}

func (w twisting) BatchGetAccountStatus(ctx context.Context, in *inspector2.BatchGetAccountStatusInput, o ...func(*inspector2.Options)) (*inspector2.BatchGetAccountStatusOutput, error) {
	out, err := w.Inspector.BatchGetAccountStatus(ctx, in, o...)
	if err == nil && w.status != nil {
		w.status(out)
	}
	return out, err
}

// A path without its ports may be one to SSH.
func TestPathWithoutPorts(t *testing.T) {
	w := good().Fake.(*world)
	r := inspector.NewRegion(place, twisting{Inspector: w.Inspector, findings: func(out *inspector2.ListFindingsOutput) {
		for i := range out.Findings {
			if d := out.Findings[i].NetworkReachabilityDetails; d != nil {
				d.OpenPortRange = nil
			}
		}
	}})
	f := one(t, scan(t, []posture.Evaluator{inspector.ReachablePort{Region: r}})["inspector.reachable-admin-port"])
	if f.Status != posture.Unknown || f.Cause.Kind != posture.CauseMalformed {
		t.Errorf("%s: %s", f.Status, f.Detail)
	}
}

// Every region has EC2 and ECR scanning: an answer without one is no region that
// does not offer it.
func TestStatusWithoutEC2(t *testing.T) {
	w := good().Fake.(*world)
	r := inspector.NewRegion(place, twisting{Inspector: w.Inspector, status: func(out *inspector2.BatchGetAccountStatusOutput) {
		out.Accounts[0].ResourceState = &types.ResourceState{Ecr: out.Accounts[0].ResourceState.Ecr}
	}})
	f := one(t, scan(t, []posture.Evaluator{inspector.Enabled{Region: r, Type: inspector.EC2}})["inspector.ec2-enabled"])
	if f.Status != posture.Unknown || f.Cause.Kind != posture.CauseMalformed {
		t.Errorf("%s: %s", f.Status, f.Detail)
	}
}

// An account that left the organization is still on the administrator's list; it
// is no account that the organization must scan.
func TestMemberThatLeft(t *testing.T) {
	const left, unjoined = "999988887777", "444455556666"
	o := orgGood().Fake.(*orgWorld)
	o.Edit(func(s *inspectortest.State) {
		s.Organization.Members[left] = &inspectortest.Member{Account: *inspectortest.NewAccount(), Status: "REMOVED"}
		s.Organization.Members[unjoined].Status = "REMOVED"
	})
	judged := func() map[string]posture.Status {
		got := map[string]posture.Status{}
		for _, f := range scan(t, []posture.Evaluator{inspector.Members{Organization: o.facts.at(place, o.Inspector)}})["inspector.members"] {
			got[f.Resource.ID] = f.Status
		}
		return got
	}
	if got := judged(); got[left] != posture.NotApplicable || got[unjoined] != posture.Fail || got["777788889999"] != posture.Pass {
		t.Error(got)
	}
}

// New accounts get nothing where the administrator has as many members as it may,
// whatever the flags say; and what AWS does not list of a scan type that the region
// has is not on.
func TestAutoEnableThatDoesNot(t *testing.T) {
	o := orgGood().Fake.(*orgWorld)
	judge := func() map[string]posture.Finding {
		got := map[string]posture.Finding{}
		for _, f := range scan(t, []posture.Evaluator{inspector.OrganizationAutoEnable{Organization: o.facts.at(place, o.Inspector)}})["inspector.auto-enable"] {
			got[f.Sub] = f
		}
		return got
	}
	o.Edit(func(s *inspectortest.State) { delete(s.Organization.AutoEnable, inspector.Lambda) })
	if got := judge(); got["LAMBDA"].Status != posture.Fail || got["EC2"].Status != posture.Pass {
		t.Error(got)
	}
	o.Edit(func(s *inspectortest.State) { s.Organization.Full = true })
	if f := judge()["EC2"]; f.Status != posture.Fail || !strings.Contains(f.Detail, "as many members") {
		t.Errorf("%s: %s", f.Status, f.Detail)
	}
}

// An update of Windows closes several CVEs, of which one may be known exploited:
// without its details nothing passes.
func TestUpdateWithoutDetails(t *testing.T) {
	w := good().Fake.(*world)
	w.Edit(func(s *inspectortest.State) {
		s.Findings = []inspector.Finding{vulnerability("f9", "i-0web", "KB5023697")}
		s.Gone = []string{"f9"}
	})
	f := one(t, scan(t, []posture.Evaluator{inspector.KnownExploited{Region: w.facts.region(place, w.Inspector)}})["inspector.kev-open"])
	if f.Status != posture.Unknown || f.Cause.Kind != posture.CauseNotReady {
		t.Errorf("%s: %s", f.Status, f.Detail)
	}
}

// An administrator that is being taken off is none that stays.
func TestAdministratorOnItsWayOut(t *testing.T) {
	o := orgGood().Fake.(*orgWorld)
	leaving := inspector.NewOrganization(inspector.NewRegion(place, outgoing{o.Inspector}))
	f := one(t, scan(t, []posture.Evaluator{inspector.DelegatedAdmin{Organization: leaving}})["inspector.delegated-admin"])
	if f.Status != posture.Fail {
		t.Errorf("%s: %s", f.Status, f.Detail)
	}
}

type outgoing struct{ *inspectortest.Inspector }

func (w outgoing) ListDelegatedAdminAccounts(ctx context.Context, in *inspector2.ListDelegatedAdminAccountsInput, o ...func(*inspector2.Options)) (*inspector2.ListDelegatedAdminAccountsOutput, error) {
	out, err := w.Inspector.ListDelegatedAdminAccounts(ctx, in, o...)
	if err == nil {
		for i := range out.DelegatedAdminAccounts {
			out.DelegatedAdminAccounts[i].Status = types.DelegatedAdminStatusDisableInProgress
		}
	}
	return out, err
}

// What auto-enable enables in a new member stays enabled, and is charged, when the
// account is detached again: the plan says so.
func TestLossOfMembership(t *testing.T) {
	s := inspector.MemberSetting{Organization: inspector.NewOrganization(inspector.NewRegion(place, nil)), Account: "444455556666"}
	for _, way := range [][2]string{{"", "ENABLED"}, {"ENABLED", ""}} {
		step, err := posture.Change(s, way[0], way[1])
		if err != nil || !strings.Contains(step.Loss, "444455556666") {
			t.Errorf("%q to %q: %q, %v", way[0], way[1], step.Loss, err)
		}
	}
}
