//go:build moto

package inspector_test

import (
	"bytes"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/internal/conformance"
	"github.com/awsposture/posture/internal/mototest"
)

// TestMoto enables a scan type on the emulator over HTTP with the real client,
// reads filters and findings there, and scans. The emulator has little of the
// service: what it does not have must come out as unknown, never as pass.
func TestMoto(t *testing.T) {
	cfg, account := mototest.Config(t, "eu-west-1")
	p := posture.Place{Partition: "aws", Account: account, Region: "eu-west-1"}
	client := inspector.Client(cfg, p)
	status := func(id string) posture.Finding {
		for r := range posture.Scan(t.Context(), inspector.Evaluators(inspector.FromConfig(cfg, p)), nil) {
			if r.Control.ID == id {
				return r.Findings[0]
			}
		}
		return posture.Finding{}
	}
	// The emulator does not list an account that was never enabled: no verdict.
	if f := status("inspector.ec2-enabled"); f.Status != posture.Unknown || f.Cause.Kind != posture.CauseMalformed {
		t.Errorf("never enabled: %s, %v", f.Status, f.Cause)
	}
	if _, err := client.Enable(t.Context(), &sdk.EnableInput{AccountIds: []string{account}, ResourceTypes: []types.ResourceScanType{types.ResourceScanTypeEcr}}); err != nil {
		t.Fatal(err)
	}
	if f := status("inspector.ec2-enabled"); f.Status != posture.Fail {
		t.Errorf("EC2 off: %s", f.Status)
	}

	step, err := posture.Change(inspector.ScanSwitch{Region: inspector.FromConfig(cfg, p), Writer: client, Type: inspector.EC2}, inspector.ScanDisabled, inspector.ScanEnabled)
	if err != nil {
		t.Fatal(err)
	}
	plan := posture.NewPlan(p, now, nil, step)
	x := conformance.Executor(plan)
	receipt, err := x.Apply(t.Context(), plan)
	if err != nil || receipt.Outcome != posture.OutcomeDone {
		t.Fatalf("apply: %s, %v", receipt.Outcome, err)
	}
	want := map[string]posture.Status{
		"inspector.ec2-enabled": posture.Pass, "inspector.ecr-enabled": posture.Pass, "inspector.lambda-enabled": posture.Fail, "inspector.code-repository-enabled": posture.NotApplicable,
		"inspector.coverage": posture.Unknown, "inspector.scan-mode": posture.Unknown, "inspector.cis-scan": posture.Unknown, "inspector.deep-inspection": posture.Unknown,
	}
	for id, s := range want {
		if f := status(id); f.Status != s {
			t.Errorf("%s is %s: %s %v", id, f.Status, f.Detail, f.Cause)
		}
	}

	if _, err := client.CreateFilter(t.Context(), &sdk.CreateFilterInput{
		Name: aws.String("noise"), Action: types.FilterActionSuppress, FilterCriteria: &types.FilterCriteria{Severity: []types.StringFilter{equal("HIGH")}},
	}); err != nil {
		t.Fatal(err)
	}
	if f := status("inspector.suppression-broad"); f.Status != posture.Fail || !strings.Contains(f.Detail, "selects by severity") {
		t.Errorf("the filter: %s, %s", f.Status, f.Detail)
	}

	seed(t, account, `[{"findingArn":"arn:f1","awsAccountId":"`+account+`","type":"PACKAGE_VULNERABILITY","status":"ACTIVE","severity":"HIGH","title":"CVE-2026-1 - openssl","description":"",
		"firstObservedAt":1780000000,"lastObservedAt":1780000000,"inspectorScore":7.5,"fixAvailable":"YES","exploitAvailable":"NO","epss":{"score":0.02},
		"remediation":{"recommendation":{"text":"Update"}},"resources":[{"type":"AWS_EC2_INSTANCE","id":"i-0web","details":{"awsEc2Instance":{"imageId":"ami-0example"}}}],
		"packageVulnerabilityDetails":{"source":"NVD","vulnerabilityId":"CVE-2026-1","vulnerablePackages":[{"name":"openssl","version":"3.0.7","fixedInVersion":"3.0.13","packageManager":"OS"}]}}]`)
	n := 0
	for f, err := range inspector.FromConfig(cfg, p).Findings(t.Context()) {
		if n++; err != nil || f.Resource.ID != "i-0web" || f.Packages[0].Fixed != "3.0.13" || f.EPSS != 0.02 || f.First.IsZero() {
			t.Errorf("%+v, %v", f, err)
		}
	}
	if n != 1 {
		t.Errorf("%d findings", n)
	}
	if undone, err := x.Undo(t.Context(), receipt); err != nil || undone.Outcome != posture.OutcomeDone {
		t.Errorf("undo: %s, %v", undone.Outcome, err)
	}
}

// seed gives the emulator the findings that it will list next.
func seed(t *testing.T, account, findings string) {
	t.Helper()
	body := bytes.NewBufferString(`{"account_id":"` + account + `","region":"eu-west-1","results":[` + findings + `]}`)
	out, err := http.Post(os.Getenv("POSTURE_MOTO")+"/moto-api/static/inspector2/findings-results", "application/json", body)
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Body.Close(); err != nil || out.StatusCode != http.StatusCreated {
		t.Fatalf("seeding: %s, %v", out.Status, err)
	}
}
