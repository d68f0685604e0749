package inspector_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"
	"github.com/aws/smithy-go"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
	"github.com/awsposture/posture/internal/awsfake"
)

// What the control says of every reason, in a region and at the administrator.
func TestCoverageControlByReason(t *testing.T) {
	for reason, verdict := range reasonVerdicts {
		want := map[inspector.Verdict]posture.Status{
			inspector.Proven: posture.Pass, inspector.Blind: posture.Fail, inspector.Undecided: posture.Unknown, inspector.NotRunning: posture.NotApplicable, inspector.Lapsed: posture.NotApplicable, inspector.Empty: posture.NotApplicable,
		}[verdict]
		kind := posture.CauseError
		switch reason {
		case "PENDING_INITIAL_SCAN", "PENDING_REVIVAL_SCAN", "PENDING_DISABLE":
			kind = posture.CauseNotReady
		case "":
			kind = posture.CauseMalformed
		}
		check := func(fs []posture.Finding, id string) {
			t.Helper()
			for _, f := range fs {
				if f.Resource.ID != id || f.Sub != string(inspector.PackageScan) {
					continue
				}
				if f.Status != want || f.Status == posture.Unknown && f.Cause.Kind != kind {
					t.Errorf("%s: %s is %s because of %v", reason, id, f.Status, f.Cause)
				}
				if r, err := posture.EvidenceAs[inspector.Record](f); err != nil || r.Verdict != verdict {
					t.Errorf("%s: evidence %+v, %v", reason, r, err)
				}
				return
			}
			t.Errorf("%s: no finding on %s", reason, id)
		}
		w := good().Fake.(*world)
		w.Edit(func(s *inspectortest.State) {
			s.Coverage[0].Reason, s.Coverage[0].Active = reason, verdict == inspector.Proven
		})
		check(scanAll(t, w.facts.region(place, w.Inspector))["inspector.coverage"], "i-0web")

		o := orgGood().Fake.(*orgWorld)
		o.Edit(func(s *inspectortest.State) {
			for i, r := range s.Coverage {
				if r.ID == "i-0shop" && r.Scan == inspector.PackageScan {
					s.Coverage[i].Reason, s.Coverage[i].Active = reason, verdict == inspector.Proven
				}
			}
		})
		check(scan(t, inspector.OrganizationEvaluators(o.facts.at(place, o.Inspector)))["inspector.member-coverage"], "i-0shop")
	}
}

// A scan that Inspector calls successful without saying when is malformed.
func TestCoverageWithoutTime(t *testing.T) {
	w := good().Fake.(*world)
	w.Edit(func(s *inspectortest.State) { s.Coverage[0].LastScanned = time.Time{} })
	for _, f := range scanAll(t, w.facts.region(place, w.Inspector))["inspector.coverage"] {
		if f.Resource.ID == "i-0web" && f.Sub == "PACKAGE" && (f.Status != posture.Unknown || f.Cause.Kind != posture.CauseMalformed) {
			t.Errorf("%s because of %v", f.Status, f.Cause)
		}
	}
}

// Every kind of condition of a filter is seen, and which of them are narrow.
func TestCriteria(t *testing.T) {
	when := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		criteria types.FilterCriteria
		narrow   bool
		holds    inspector.Condition
		of       string
	}{
		"vulnerability": {types.FilterCriteria{VulnerabilityId: []types.StringFilter{equal("CVE-1")}}, true, inspector.Condition{Comparison: "EQUALS", Value: "CVE-1"}, "vulnerabilityId"},
		"all but one": {
			types.FilterCriteria{VulnerabilityId: []types.StringFilter{{Comparison: types.StringComparisonNotEquals, Value: aws.String("CVE-1")}}}, false, inspector.Condition{Comparison: "NOT_EQUALS", Value: "CVE-1"}, "vulnerabilityId",
		},
		"a title that begins with C": {
			types.FilterCriteria{Title: []types.StringFilter{{Comparison: types.StringComparisonPrefix, Value: aws.String("C")}}}, false, inspector.Condition{Comparison: "PREFIX", Value: "C"}, "title",
		},
		"one or nearly all": {
			types.FilterCriteria{ResourceId: []types.StringFilter{equal("i-0"), {Comparison: types.StringComparisonNotEquals, Value: aws.String("i-1")}}}, false, inspector.Condition{Comparison: "EQUALS", Value: "i-0"}, "resourceId",
		},
		"tag":      {types.FilterCriteria{ResourceTags: []types.MapFilter{{Comparison: types.MapComparisonEquals, Key: aws.String("env"), Value: aws.String("lab")}}}, true, inspector.Condition{Comparison: "EQUALS", Key: "env", Value: "lab"}, "resourceTags"},
		"severity": {types.FilterCriteria{Severity: []types.StringFilter{equal("HIGH")}}, false, inspector.Condition{Comparison: "EQUALS", Value: "HIGH"}, "severity"},
		"score":    {types.FilterCriteria{InspectorScore: []types.NumberFilter{{UpperInclusive: aws.Float64(6.5)}}}, false, inspector.Condition{Comparison: "RANGE", Value: "..6.5"}, "inspectorScore"},
		"date":     {types.FilterCriteria{UpdatedAt: []types.DateFilter{{StartInclusive: &when}}}, false, inspector.Condition{Comparison: "RANGE", Value: "2026-05-01T00:00:00Z.."}, "updatedAt"},
		"port":     {types.FilterCriteria{PortRange: []types.PortRangeFilter{{BeginInclusive: aws.Int32(443), EndInclusive: aws.Int32(443)}}}, true, inspector.Condition{Comparison: "RANGE", Value: "443..443"}, "portRange"},
		"any port": {types.FilterCriteria{PortRange: []types.PortRangeFilter{{BeginInclusive: aws.Int32(0), EndInclusive: aws.Int32(65535)}}}, false, inspector.Condition{Comparison: "RANGE", Value: "0..65535"}, "portRange"},
		"package": {
			types.FilterCriteria{VulnerablePackages: []types.PackageFilter{{Name: &types.StringFilter{Comparison: types.StringComparisonEquals, Value: aws.String("zlib")}}}},
			true,
			inspector.Condition{Comparison: "EQUALS", Value: "name EQUALS zlib"},
			"vulnerablePackages",
		},
		"nothing": {types.FilterCriteria{}, false, inspector.Condition{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := good().Fake.(*world)
			w.Edit(func(s *inspectortest.State) {
				s.Filters = map[string]*inspectortest.Filter{goodFilter: narrowFilter()}
				s.Filters[goodFilter].Criteria = test.criteria
			})
			f := one(t, scanAll(t, w.facts.region(place, w.Inspector))["inspector.suppression-broad"])
			e, err := posture.EvidenceAs[inspector.SuppressionEvidence](f)
			if err != nil || (f.Status == posture.Pass) != test.narrow || test.of != "" && e.Filter.Criteria[test.of][0] != test.holds {
				t.Errorf("%s: %s %+v, %v", f.Status, f.Detail, e.Filter.Criteria, err)
			}
		})
	}
}

// The last date in what a filter says is its review; that day is still in time.
func TestReviewDate(t *testing.T) {
	for name, test := range map[string]struct {
		reason, description, tag string
		want                     posture.Status
	}{
		"today":                  {"until 2026-06-01", "", "", posture.Pass},
		"yesterday is over":      {"until 2026-05-30", "", "", posture.Fail},
		"the last of several":    {"made 2025-01-01, until 2026-07-01", "", "", posture.Pass},
		"in the description":     {"SEC-7", "review 2026-07-01", "", posture.Pass},
		"in the tag":             {"SEC-7", "", "2026-07-01", posture.Pass},
		"a date that is no date": {"until 2026-02-31", "", "", posture.Fail},
		"within a year":          {"until 2027-06-01", "", "", posture.Pass},
		"after a year and a day": {"until 2027-06-03", "", "", posture.Fail},
		"a reason of spaces":     {"  ", "until 2026-07-01", "", posture.Fail},
		"a version is no date":   {"until 12026-07-011", "", "", posture.Fail},
	} {
		w := good().Fake.(*world)
		w.Edit(func(s *inspectortest.State) {
			f := narrowFilter()
			f.Reason, f.Description, f.Tags = test.reason, test.description, map[string]string{"review-by": test.tag}
			s.Filters = map[string]*inspectortest.Filter{goodFilter: f}
		})
		if f := one(t, scanAll(t, w.facts.region(place, w.Inspector))["inspector.suppression-broad"]); f.Status != test.want {
			t.Errorf("%s: %s, %s", name, f.Status, f.Detail)
		}
	}
}

// The configuration, deep inspection and CIS schedules in states that are none
// of the usual.
func TestOtherStates(t *testing.T) {
	w := bare().Fake.(*world)
	w.Edit(func(s *inspectortest.State) { s.Rescan = "FOREVER" })
	if f := one(t, scanAll(t, w.facts.region(place, w.Inspector))["inspector.ecr-rescan"]); f.Status != posture.Unknown || f.Cause.Kind != posture.CauseMalformed {
		t.Errorf("%s because of %v", f.Status, f.Cause)
	}
	w.Edit(func(s *inspectortest.State) { s.Deep = "FAILED" })
	_, err := inspector.ActivateDeepInspection{Region: w.facts.region(place, w.Inspector), Writer: w}.Plan(t.Context(), failing("inspector.deep-inspection", account, place.Region))
	if refusal, ok := errors.AsType[*posture.Refusal](err); !ok || refusal.Reason != posture.ReasonNeedsChoice {
		t.Errorf("got %v", err)
	}
	for name, schedule := range map[string]types.Schedule{
		"once": &types.ScheduleMemberOneTime{}, "daily": &types.ScheduleMemberDaily{Value: types.DailySchedule{StartTime: &types.Time{TimeOfDay: aws.String("03:00"), Timezone: aws.String("UTC")}}},
		"weekly":  &types.ScheduleMemberWeekly{Value: types.WeeklySchedule{Days: []types.Day{types.DaySun, types.DayMon}, StartTime: &types.Time{TimeOfDay: aws.String("03:00"), Timezone: aws.String("UTC")}}},
		"monthly": &types.ScheduleMemberMonthly{Value: types.MonthlySchedule{Day: types.DaySun, StartTime: &types.Time{TimeOfDay: aws.String("03:00"), Timezone: aws.String("UTC")}}},
	} {
		w := bare().Fake.(*world)
		w.Edit(func(s *inspectortest.State) {
			s.Schedules["x"] = &inspectortest.Schedule{Name: "x", Level: types.CisSecurityLevelLevel2, Schedule: schedule, Accounts: []string{"SELF"}, Tags: map[string][]string{"a": {"b"}}}
		})
		r := w.facts.region(place, w.Inspector)
		all, err := r.CISSchedules(t.Context())
		if err != nil || len(all) != 1 || all[0].Every != name || all[0].Level != 2 {
			t.Fatalf("%s: %+v, %v", name, all, err)
		}
		// What was read can be made again as it was.
		again := bare().Fake.(*world)
		setting := inspector.CISSetting{Region: again.facts.region(place, again.Inspector), Writer: again, Name: "x"}
		want := all[0]
		want.ARN, want.Owner = "", ""
		if err := setting.Set(t.Context(), want); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := setting.Set(t.Context(), inspector.CISSchedule{Name: "x", Every: "daily"}); err == nil {
			t.Errorf("%s: one that there is was changed", name)
		}
		if got, err := setting.Get(t.Context()); err != nil || got.Every != want.Every || got.At != want.At || len(got.Days) != len(want.Days) {
			t.Errorf("%s: %+v became %+v, %v", name, want, got, err)
		}
	}
	for _, bad := range []inspector.CISSchedule{{Every: "weekly"}, {Every: "monthly"}, {Every: "monthly", Days: []string{"SUN", "MON"}}, {Every: "sometimes"}, {}} {
		bad.Name = "y"
		if err := (inspector.CISSetting{Region: w.facts.region(place, w.Inspector), Writer: w, Name: "y"}).Set(t.Context(), bad); err == nil {
			t.Errorf("scheduled %+v", bad)
		}
	}
}

// What nobody has said of an account in the organization is nobody's verdict.
func TestManagementIsToldByAWS(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want posture.Status
	}{
		"not the management account": {&smithy.GenericAPIError{Code: "AccessDeniedException", Message: "Invoking account is not the management account"}, posture.NotApplicable},
		"or by validation":           {&smithy.GenericAPIError{Code: "ValidationException", Message: "The account must be a management account"}, posture.NotApplicable},
		"a missing permission":       {awsfake.ErrDenied, posture.Unknown},
		"another refusal":            {&smithy.GenericAPIError{Code: "AccessDeniedException", Message: "no"}, posture.Unknown},
	} {
		o := orgGood().Fake.(*orgWorld)
		o.Inject(awsfake.Fault{Operation: "ListDelegatedAdminAccounts", Err: test.err})
		f := one(t, scan(t, inspector.OrganizationEvaluators(o.facts.at(place, o.Inspector)))["inspector.delegated-admin"])
		if f.Status != test.want {
			t.Errorf("%s: %s", name, f.Status)
		}
	}
}

// A member that left, or did not join, is its own administrator.
func TestFormerMember(t *testing.T) {
	for relation, want := range map[string]string{"": "444455556666", "ENABLED": "444455556666", "REMOVED": "", "RESIGNED": "", "CREATED": "", "INVITED": "", "DELETED": ""} {
		w := member().Fake.(*world)
		w.Edit(func(s *inspectortest.State) { s.Relation = relation })
		if got, err := w.facts.region(place, w.Inspector).Administrator(t.Context()); err != nil || got != want {
			t.Errorf("%q: %q, %v", relation, got, err)
		}
	}
}

// A CIS scan of another account is none of this one; the tags of a resource go
// with its finding; what is not scanned says whose control judges that.
func TestSmallThings(t *testing.T) {
	w := good().Fake.(*world)
	w.Edit(func(s *inspectortest.State) {
		s.Scans[0].Accounts = []string{"444455556666"}
		s.Findings[1].Network.From, s.Findings[1].Tags = 22, map[string]string{"team": "shop"}
	})
	all := scanAll(t, w.facts.region(place, w.Inspector))
	if f := one(t, all["inspector.cis-scan"]); f.Status != posture.Fail {
		t.Errorf("%s: %s", f.Status, f.Detail)
	}
	if f := one(t, all["inspector.reachable-admin-port"]); f.Status != posture.Fail || f.Tags["team"] != "shop" {
		t.Errorf("%s, tags %v", f.Status, f.Tags)
	}
	w.Edit(turnOff(inspector.EC2))
	if f := one(t, scanAll(t, w.facts.region(place, w.Inspector))["inspector.scan-mode"]); !strings.Contains(f.Detail, "does not scan EC2") {
		t.Error(f.Detail)
	}
	if f := one(t, scanAll(t, absent().Fake.(*world).facts.region(place, absent().Fake.(*world).Inspector))["inspector.kev-open"]); !strings.Contains(f.Detail, "scans nothing") {
		t.Error(f.Detail)
	}
}
