//go:build moto

package organization_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/organization"
	"github.com/awsposture/posture/internal/conformance"
	"github.com/awsposture/posture/internal/mototest"
)

// TestMoto makes an organization on the emulator, scans it over HTTP with the
// real client, puts right what can be, and scans again.
func TestMoto(t *testing.T) {
	cfg, account := mototest.Config(t, "us-east-1")
	p := posture.Place{Partition: "aws", Account: account}
	client := organization.Client(cfg, p)
	ctx := t.Context()

	before := map[string]posture.Status{}
	for _, e := range organization.Evaluators(organization.FromConfig(cfg, p)) {
		before[e.Control().ID] = judge(t, e)[0].Status
	}
	for id, status := range before {
		if status != posture.NotApplicable {
			t.Errorf("before there is an organization %s is %s", id, status)
		}
	}

	made, err := client.CreateOrganization(ctx, &sdk.CreateOrganizationInput{FeatureSet: types.OrganizationFeatureSetAll})
	if err != nil {
		t.Fatal(err)
	}
	roots, err := client.ListRoots(ctx, &sdk.ListRootsInput{})
	if err != nil {
		t.Fatal(err)
	}
	top := aws.ToString(roots.Roots[0].Id)
	unit, err := client.CreateOrganizationalUnit(ctx, &sdk.CreateOrganizationalUnitInput{ParentId: &top, Name: aws.String("workloads")})
	if err != nil {
		t.Fatal(err)
	}
	var members []string
	for _, name := range []string{"shop", "stray"} {
		out, err := client.CreateAccount(ctx, &sdk.CreateAccountInput{AccountName: &name, Email: aws.String(name + "@example.com")})
		if err != nil {
			t.Fatal(err)
		}
		members = append(members, aws.ToString(out.CreateAccountStatus.AccountId))
	}
	if _, err := client.MoveAccount(ctx, &sdk.MoveAccountInput{AccountId: &members[0], SourceParentId: &top, DestinationParentId: unit.OrganizationalUnit.Id}); err != nil {
		t.Fatal(err)
	}
	scp, err := client.CreatePolicy(ctx, &sdk.CreatePolicyInput{Name: aws.String("stay"), Description: aws.String("stay"), Type: types.PolicyTypeServiceControlPolicy, Content: aws.String(stayAndLog)})
	if err != nil {
		t.Fatal(err)
	}

	o := organization.FromConfig(cfg, p)
	all, err := o.Accounts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]string{}
	for _, a := range all {
		paths[a.ID] = a.Path
	}
	base := aws.ToString(made.Organization.Id) + "/" + top + "/"
	if paths[members[0]] != base+aws.ToString(unit.OrganizationalUnit.Id)+"/" || paths[members[1]] != base || paths[account] != base {
		t.Errorf("paths: %v", paths)
	}
	if got := statuses(judge(t, organization.AccountInUnit{Organization: o})); got[members[0]] != posture.Pass || got[members[1]] != posture.Fail || got[account] != posture.NotApplicable {
		t.Errorf("in a unit: %v", got)
	}

	apply := func(r posture.Remediator, f posture.Finding) {
		t.Helper()
		plan, err := r.Plan(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		if receipt, err := conformance.Executor(plan).Apply(ctx, plan); err != nil {
			t.Fatalf("%s on %s: %s, %v", f.Control, f.Resource, receipt.Outcome, err)
		}
	}
	// The emulator has SCPs enabled from the first, or not, by its version.
	if fs := judge(t, organization.PolicyTypeInForce{Organization: o, Type: organization.SCP}); fs[0].Status == posture.Fail {
		apply(organization.EnablePolicyType{Organization: o, Writer: client}, fs[0])
		o = organization.FromConfig(cfg, p)
	}
	apply(organization.AttachGuardrail{Organization: o, Writer: client, Policy: aws.ToString(scp.Policy.PolicySummary.Id)}, failing(t, organization.LeaveDenied{Organization: o}, members[0]))
	o = organization.FromConfig(cfg, p)
	for _, e := range []posture.Evaluator{organization.Guardrails{Organization: o}, organization.LeaveDenied{Organization: o}} {
		if got := statuses(judge(t, e)); got[members[0]] != posture.Pass || got[members[1]] != posture.Fail {
			t.Errorf("%s: %v", e.Control().ID, got)
		}
	}
	for _, e := range organization.Evaluators(o) {
		for _, f := range judge(t, e) {
			if f.Status == posture.Unknown {
				t.Logf("%s is unknown: %v", f.Control, f.Cause)
			}
		}
	}
}
