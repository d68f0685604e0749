package inspectortest_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
)

var place = posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}

func enabled(on ...inspector.ScanType) *inspectortest.Inspector {
	f := inspectortest.New(place)
	f.Edit(func(s *inspectortest.State) { s.Account = *inspectortest.NewAccount(on...) })
	return f
}

func refused(t *testing.T, what, code string, err error) {
	t.Helper()
	if c := posture.CauseOf(err); c == nil || c.Code != code {
		t.Errorf("%s: %v, not refused as %s", what, err, code)
	}
}

const (
	denied, invalid, absent = "AccessDeniedException", "ValidationException", "ResourceNotFoundException"
)

func TestRefusesAsAWSDoes(t *testing.T) {
	ctx, f := t.Context(), inspectortest.New(place)
	_, err := f.ListFindings(ctx, &sdk.ListFindingsInput{})
	refused(t, "findings where nothing is enabled", denied, err)
	_, err = f.GetConfiguration(ctx, &sdk.GetConfigurationInput{})
	refused(t, "the configuration where nothing is enabled", denied, err)
	_, err = f.BatchGetAccountStatus(ctx, &sdk.BatchGetAccountStatusInput{AccountIds: make([]string, 101)})
	refused(t, "101 accounts at once", invalid, err)
	_, err = f.GetDelegatedAdminAccount(ctx, &sdk.GetDelegatedAdminAccountInput{})
	refused(t, "an administrator where there is none", absent, err)
	_, err = f.ListDelegatedAdminAccounts(ctx, &sdk.ListDelegatedAdminAccountsInput{})
	refused(t, "an account that is not the management account", denied, err)
	_, err = f.DescribeOrganizationConfiguration(ctx, &sdk.DescribeOrganizationConfigurationInput{})
	refused(t, "an account that administers nothing", denied, err)
	_, err = f.Enable(ctx, &sdk.EnableInput{ResourceTypes: []types.ResourceScanType{types.ResourceScanTypeLambdaCode}})
	refused(t, "the code of functions without the functions", invalid, err)

	f = enabled(inspector.EC2)
	_, err = f.ListCoverage(ctx, &sdk.ListCoverageInput{MaxResults: aws.Int32(201)})
	refused(t, "a page beyond the largest", invalid, err)
	_, err = f.BatchGetFindingDetails(ctx, &sdk.BatchGetFindingDetailsInput{FindingArns: make([]string, 11)})
	refused(t, "11 findings at once", invalid, err)
	_, err = f.UpdateFilter(ctx, &sdk.UpdateFilterInput{FilterArn: aws.String("other")})
	refused(t, "a filter that is not there", absent, err)
	_, err = f.DeleteCisScanConfiguration(ctx, &sdk.DeleteCisScanConfigurationInput{ScanConfigurationArn: aws.String("other")})
	refused(t, "a configuration that is not there", absent, err)
	_, err = f.ListCisScanResultsAggregatedByTargetResource(ctx, &sdk.ListCisScanResultsAggregatedByTargetResourceInput{ScanArn: aws.String("other")})
	refused(t, "a scan that is not there", absent, err)
	_, err = f.GetSbomExport(ctx, &sdk.GetSbomExportInput{ReportId: aws.String("other")})
	refused(t, "an export that is not there", absent, err)

	f.Edit(func(s *inspectortest.State) { s.Administrator = "444455556666" })
	_, err = f.UpdateConfiguration(ctx, &sdk.UpdateConfigurationInput{})
	refused(t, "a member's own configuration", denied, err)
	_, err = f.Disable(ctx, &sdk.DisableInput{})
	refused(t, "a member that disables", denied, err)
	if writes := f.Writes(); len(writes) > 0 {
		t.Errorf("refused, and written all the same: %v", writes)
	}
}

// An answer that goes well names the accounts that it failed for.
func TestFailedAccounts(t *testing.T) {
	ctx, f := t.Context(), enabled(inspector.EC2)
	f.Edit(func(s *inspectortest.State) { s.Codes[inspector.ECR] = "BLOCKED_BY_ORGANIZATION_POLICY" })
	status, err := f.BatchGetAccountStatus(ctx, &sdk.BatchGetAccountStatusInput{AccountIds: []string{place.Account, "444455556666"}})
	if err != nil || len(status.Accounts) != 1 || len(status.FailedAccounts) != 1 || status.FailedAccounts[0].ErrorCode != types.ErrorCodeAccessDenied {
		t.Errorf("%+v, %v", status, err)
	}
	out, err := f.Enable(ctx, &sdk.EnableInput{ResourceTypes: []types.ResourceScanType{types.ResourceScanTypeEcr}})
	if err != nil || len(out.FailedAccounts) != 1 || out.FailedAccounts[0].ErrorCode != types.ErrorCodeBlockedByOrganizationPolicy {
		t.Errorf("%+v, %v", out, err)
	}
}

// Enabling passes through a state on its way, for as many reads as asked.
func TestTransition(t *testing.T) {
	ctx, f := t.Context(), inspectortest.New(place)
	f.Transition = 2
	if _, err := f.Enable(ctx, &sdk.EnableInput{ResourceTypes: []types.ResourceScanType{types.ResourceScanTypeEc2}}); err != nil {
		t.Fatal(err)
	}
	var seen []types.Status
	for range 3 {
		out, err := f.BatchGetAccountStatus(ctx, &sdk.BatchGetAccountStatusInput{})
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, out.Accounts[0].ResourceState.Ec2.Status)
	}
	if fmt.Sprint(seen) != "[ENABLING ENABLING ENABLED]" {
		t.Errorf("seen %v", seen)
	}
}

// Disabling deletes what was found; functions take their code with them; the
// last scan type takes the filters.
func TestDisable(t *testing.T) {
	ctx, f := t.Context(), enabled(inspector.EC2, inspector.Lambda, inspector.LambdaCode)
	f.Edit(func(s *inspectortest.State) {
		s.Findings = []inspector.Finding{{ARN: "a", Resource: place.Resource(inspector.TypeInstance, "i-0", "")}, {ARN: "b", Resource: place.Resource(inspector.TypeFunction, "f", "")}}
		s.Filters["f"] = &inspectortest.Filter{Name: "f"}
	})
	off := func(ts ...types.ResourceScanType) {
		if _, err := f.Disable(ctx, &sdk.DisableInput{ResourceTypes: ts}); err != nil {
			t.Fatal(err)
		}
	}
	off(types.ResourceScanTypeLambda)
	f.Edit(func(s *inspectortest.State) {
		if len(s.Findings) != 1 || s.Findings[0].ARN != "a" || s.Types[inspector.LambdaCode] != inspector.ScanDisabled || len(s.Filters) != 1 {
			t.Errorf("%+v", s)
		}
	})
	off(types.ResourceScanTypeEc2)
	f.Edit(func(s *inspectortest.State) {
		if len(s.Findings) != 0 || len(s.Filters) != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// What an update of the organization leaves out is turned off; a deep inspection
// that is set without paths has none.
func TestUpdatesThatLose(t *testing.T) {
	ctx, f := t.Context(), enabled(inspector.EC2)
	f.Edit(func(s *inspectortest.State) {
		s.Organization = inspectortest.NewOrganization()
		s.Organization.AutoEnable[inspector.Lambda] = true
		s.Paths = []string{"/opt"}
	})
	if _, err := f.UpdateOrganizationConfiguration(ctx, &sdk.UpdateOrganizationConfigurationInput{AutoEnable: &types.AutoEnable{Ec2: aws.Bool(true), Ecr: aws.Bool(true)}}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.UpdateEc2DeepInspectionConfiguration(ctx, &sdk.UpdateEc2DeepInspectionConfigurationInput{ActivateDeepInspection: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
	f.Edit(func(s *inspectortest.State) {
		if s.Organization.AutoEnable[inspector.Lambda] || !s.Organization.AutoEnable[inspector.EC2] || s.Paths != nil {
			t.Errorf("%+v, %v", s.Organization.AutoEnable, s.Paths)
		}
	})
}

// Findings come in pages of a hundred at most, and read back as they were set.
func TestPagesAndRoundTrip(t *testing.T) {
	f := enabled(inspector.EC2)
	f.Edit(func(s *inspectortest.State) {
		for i := range 230 {
			s.Findings = append(s.Findings, inspector.Finding{ARN: fmt.Sprintf("f%03d", i), Resource: place.Resource(inspector.TypeInstance, "i-0", ""), EPSS: -1})
		}
	})
	var sizes []int
	pages := sdk.NewListFindingsPaginator(f, &sdk.ListFindingsInput{})
	for pages.HasMorePages() {
		out, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(out.Findings))
	}
	if fmt.Sprint(sizes) != "[100 100 30]" {
		t.Errorf("pages of %v", sizes)
	}
	n := 0
	for v, err := range inspector.NewRegion(place, f).Findings(t.Context()) {
		if err != nil || v.ARN != fmt.Sprintf("f%03d", n) || v.EPSS != -1 || v.Status != "ACTIVE" {
			t.Fatalf("%+v, %v", v, err)
		}
		n++
	}
}
