package guarddutytest_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/guardduty/guarddutytest"
)

var place = posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}

func detector() (*guarddutytest.GuardDuty, *string) {
	f := guarddutytest.New(place)
	d := guarddutytest.NewDetector()
	f.Edit(func(s *guarddutytest.State) { s.Detector = d })
	return f, &d.ID
}

func refused(t *testing.T, what string, err error) {
	t.Helper()
	if c := posture.CauseOf(err); c == nil || c.Code != "BadRequestException" {
		t.Errorf("%s: %v, not refused as a bad request", what, err)
	}
}

func runtimes(older, newer types.FeatureStatus) []types.DetectorFeatureConfiguration {
	return []types.DetectorFeatureConfiguration{{Name: types.DetectorFeatureEksRuntimeMonitoring, Status: older}, {Name: types.DetectorFeatureRuntimeMonitoring, Status: newer}}
}

func TestRefusesAsAWSDoes(t *testing.T) {
	ctx := t.Context()
	f, id := detector()
	_, err := f.CreateDetector(ctx, &sdk.CreateDetectorInput{Enable: aws.Bool(true)})
	refused(t, "a second detector", err)
	_, err = f.GetDetector(ctx, &sdk.GetDetectorInput{DetectorId: aws.String("other")})
	refused(t, "another account's detector", err)
	_, err = f.UpdateDetector(ctx, &sdk.UpdateDetectorInput{DetectorId: id, Features: runtimes(types.FeatureStatusEnabled, types.FeatureStatusEnabled)})
	refused(t, "both runtime monitorings", err)
	_, err = f.UpdateDetector(ctx, &sdk.UpdateDetectorInput{DetectorId: id, Features: []types.DetectorFeatureConfiguration{{Name: "NO_SUCH_FEATURE", Status: types.FeatureStatusEnabled}}})
	refused(t, "an unknown feature", err)
	_, err = f.ListFilters(ctx, &sdk.ListFiltersInput{DetectorId: id, MaxResults: aws.Int32(51)})
	refused(t, "a page beyond the largest", err)
	_, err = f.GetFindings(ctx, &sdk.GetFindingsInput{DetectorId: id, FindingIds: make([]string, 51)})
	refused(t, "51 findings at once", err)
	_, err = f.GetMemberDetectors(ctx, &sdk.GetMemberDetectorsInput{DetectorId: id, AccountIds: make([]string, 51)})
	refused(t, "51 members at once", err)
	_, err = f.DescribeOrganizationConfiguration(ctx, &sdk.DescribeOrganizationConfigurationInput{DetectorId: id})
	refused(t, "an account that administers nothing", err)
	_, err = f.ListOrganizationAdminAccounts(ctx, &sdk.ListOrganizationAdminAccountsInput{})
	refused(t, "an account that is not the management account", err)

	f.Edit(func(s *guarddutytest.State) { s.Administrator = "444455556666" })
	_, err = f.UpdateDetector(ctx, &sdk.UpdateDetectorInput{DetectorId: id, FindingPublishingFrequency: types.FindingPublishingFrequencyFifteenMinutes})
	refused(t, "a member's own frequency", err)
	if writes := f.Writes(); len(writes) > 0 {
		t.Errorf("refused, and written all the same: %v", writes)
	}
}

// A call changes what it names: the other features, the frequency and the
// status stay.
func TestUpdateDetectorLeavesTheRest(t *testing.T) {
	f, id := detector()
	f.Edit(func(s *guarddutytest.State) { s.Detector.Features[guardduty.S3DataEvents] = true })
	if _, err := f.UpdateDetector(t.Context(), &sdk.UpdateDetectorInput{DetectorId: id, Features: runtimes(types.FeatureStatusDisabled, types.FeatureStatusEnabled)}); err != nil {
		t.Fatal(err)
	}
	f.Edit(func(s *guarddutytest.State) {
		d := s.Detector
		if !d.Features[guardduty.S3DataEvents] || !d.Features[guardduty.RuntimeMonitoring] || d.Features[guardduty.EC2Agent] || d.Frequency != guardduty.SixHours || d.Suspended {
			t.Errorf("detector is %+v", d)
		}
	})
}

// Lists come in pages of fifty at most.
func TestPages(t *testing.T) {
	f, id := detector()
	f.Edit(func(s *guarddutytest.State) {
		for i := range 120 {
			s.Detector.Filters[fmt.Sprintf("f%03d", i)] = &guarddutytest.Filter{}
		}
	})
	var sizes []int
	pages := sdk.NewListFiltersPaginator(f, &sdk.ListFiltersInput{DetectorId: id})
	for pages.HasMorePages() {
		out, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(out.FilterNames))
	}
	if fmt.Sprint(sizes) != "[50 50 20]" {
		t.Errorf("pages of %v", sizes)
	}
}

// A list passes through a state on its way, for as many reads as asked.
func TestTransition(t *testing.T) {
	f, id := detector()
	f.Transition = 2
	f.Edit(func(s *guarddutytest.State) {
		s.Detector.Lists[guardduty.IPSet] = map[string]*guarddutytest.List{"ip1": {Active: true}}
	})
	if _, err := f.UpdateIPSet(t.Context(), &sdk.UpdateIPSetInput{DetectorId: id, IpSetId: aws.String("ip1"), Activate: aws.Bool(false)}); err != nil {
		t.Fatal(err)
	}
	var seen []types.IpSetStatus
	for range 3 {
		out, err := f.GetIPSet(t.Context(), &sdk.GetIPSetInput{DetectorId: id, IpSetId: aws.String("ip1")})
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, out.Status)
	}
	if fmt.Sprint(seen) != "[DEACTIVATING DEACTIVATING INACTIVE]" {
		t.Errorf("seen %v", seen)
	}
}
