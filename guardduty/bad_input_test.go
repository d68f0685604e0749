package guardduty_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"
	"github.com/aws/smithy-go"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/guardduty/guarddutytest"
	"github.com/awsposture/posture/internal/awsfake"
)

func scan(t *testing.T, evs []posture.Evaluator) map[string][]posture.Finding {
	t.Helper()
	all := map[string][]posture.Finding{}
	for r := range posture.Scan(t.Context(), evs, nil) {
		all[r.Control.ID] = r.Findings
	}
	return all
}

func scanAll(t *testing.T, r *guardduty.Region) map[string][]posture.Finding {
	t.Helper()
	return scan(t, guardduty.Evaluators(r))
}

func one(t *testing.T, fs []posture.Finding) posture.Finding {
	t.Helper()
	if len(fs) != 1 {
		t.Fatalf("want one finding, got %v", fs)
	}
	return fs[0]
}

// Every failure of the first call leaves every control unknown with its cause,
// but for the one that needs no detector, and those that nothing is asked of.
func TestFailuresOfTheFirstCall(t *testing.T) {
	scp := "User: arn:aws:sts::111122223333:assumed-role/scanner/x is not authorized to perform: guardduty:ListDetectors with an explicit deny in a service control policy"
	for name, test := range map[string]struct {
		err  error
		want posture.Cause
	}{
		"denied":              {awsfake.ErrDenied, posture.Cause{Kind: posture.CauseDenied, Action: "guardduty:ListDetectors", Layer: "identity-based policy"}},
		"denied by SCP":       {&smithy.GenericAPIError{Code: "AccessDeniedException", Message: scp}, posture.Cause{Kind: posture.CauseSCP, Action: "guardduty:ListDetectors", Layer: "service control policy"}},
		"throttled":           {&smithy.GenericAPIError{Code: "ThrottlingException", Message: "Rate exceeded"}, posture.Cause{Kind: posture.CauseThrottled}},
		"expired credentials": {&smithy.GenericAPIError{Code: "ExpiredTokenException", Message: "The security token included in the request is expired"}, posture.Cause{Kind: posture.CauseCredentials}},
		"not opted in":        {&smithy.GenericAPIError{Code: "OptInRequired", Message: "The AWS Access Key Id needs a subscription for the service"}, posture.Cause{Kind: posture.CauseClosedRegion}},
		"no endpoint":         {&net.DNSError{Err: "no such host", Name: "guardduty.eu-west-1.amazonaws.com", IsNotFound: true}, posture.Cause{Kind: posture.CauseClosedRegion}},
		"an HTML page":        {&smithy.GenericAPIError{Code: "UnknownError", Message: "UnknownError"}, posture.Cause{Kind: posture.CauseError}},
	} {
		t.Run(name, func(t *testing.T) {
			g := good()
			f := g.Fake.(*world)
			f.Inject(awsfake.Fault{Operation: "ListDetectors", Err: test.err})
			for id, fs := range scanAll(t, f.facts.region(place, f.GuardDuty)) {
				if id == "guardduty.malware-plan" || strings.HasSuffix(id, "-tags") {
					for _, x := range fs {
						if x.Status != posture.Pass && x.Status != posture.NotApplicable {
							t.Errorf("%s needs no detector and is %s", id, x.Status)
						}
					}
					continue
				}
				x := one(t, fs)
				if x.Status != posture.Unknown || x.Cause.Kind != test.want.Kind || x.Cause.Action != test.want.Action || x.Cause.Layer != test.want.Layer {
					t.Errorf("%s is %s because of %+v", id, x.Status, x.Cause)
				}
				if x.Cause.Operation != "GuardDuty:ListDetectors" {
					t.Errorf("%s names operation %q", id, x.Cause.Operation)
				}
			}
		})
	}
}

// Half a listing and then an error: what was read is judged, one unknown stands
// for the rest.
func TestHalfAListing(t *testing.T) {
	for op, id := range map[string]string{
		"ListFilters": "guardduty.suppression", "ListIPSets": "guardduty.trusted-list", "ListThreatIntelSets": "guardduty.threat-list",
		"ListMalwareProtectionPlans": "guardduty.malware-plan", "ListFindings": "guardduty.open-findings", "ListCoverage": "guardduty.coverage",
	} {
		t.Run(op, func(t *testing.T) {
			g := good()
			f := g.Fake.(*world)
			f.Edit(func(s *guarddutytest.State) {
				s.Detector.Lists[guardduty.IPSet]["ip2"] = list("s3://example-lists/offices")
				s.Detector.Lists[guardduty.ThreatIntelSet]["ti2"] = list("s3://example-lists/threats")
				s.Detector.Lists[guardduty.TrustedEntitySet], s.Detector.Lists[guardduty.ThreatEntitySet] = nil, nil
				s.Plans["p2"] = &guarddutytest.Plan{Bucket: "example-forms"}
				s.Detector.Findings["f3"] = s.Detector.Findings["f1"]
				s.Detector.Coverage = append(s.Detector.Coverage, guarddutytest.Coverage{Kind: "ECS", Resource: "web"})
			})
			f.PageSize = 1
			f.Inject(awsfake.Fault{Operation: op, Skip: 1, Err: &smithy.GenericAPIError{Code: "InternalServerErrorException", Message: "internal"}})
			fs := scanAll(t, f.facts.region(place, f.GuardDuty))[id]
			if len(fs) != 2 || fs[0].Status == posture.Unknown || fs[1].Status != posture.Unknown || fs[1].Cause.Code != "InternalServerErrorException" {
				t.Errorf("got %+v", fs)
			}
		})
	}
}

// A listing that goes round is cut off, and its end was not seen.
func TestTokenThatComesBack(t *testing.T) {
	f := good().Fake.(*world)
	r := guardduty.NewRegion(place, roundReader{f.GuardDuty})
	r.Now = clock
	fs, err := guardduty.Suppression{Region: r}.Evaluate(t.Context())
	if c := posture.CauseOf(err); c == nil || c.Kind != posture.CauseTruncated || len(fs) == 0 {
		t.Errorf("got %v, %v", fs, err)
	}
}

type roundReader struct{ guardduty.Reader }

func (r roundReader) ListFilters(context.Context, *sdk.ListFiltersInput, ...func(*sdk.Options)) (*sdk.ListFiltersOutput, error) {
	token := "again"
	return &sdk.ListFiltersOutput{FilterNames: []string{"view"}, NextToken: &token}, nil
}

// hollow answers what is asked for one by one with nothing in it.
type hollow struct{ guardduty.Reader }

func (hollow) GetFilter(context.Context, *sdk.GetFilterInput, ...func(*sdk.Options)) (*sdk.GetFilterOutput, error) {
	return &sdk.GetFilterOutput{}, nil
}

func (hollow) GetIPSet(context.Context, *sdk.GetIPSetInput, ...func(*sdk.Options)) (*sdk.GetIPSetOutput, error) {
	return &sdk.GetIPSetOutput{}, nil
}

func (hollow) GetTrustedEntitySet(context.Context, *sdk.GetTrustedEntitySetInput, ...func(*sdk.Options)) (*sdk.GetTrustedEntitySetOutput, error) {
	return &sdk.GetTrustedEntitySetOutput{}, nil
}

func (hollow) GetThreatIntelSet(context.Context, *sdk.GetThreatIntelSetInput, ...func(*sdk.Options)) (*sdk.GetThreatIntelSetOutput, error) {
	return &sdk.GetThreatIntelSetOutput{}, nil
}

func (hollow) GetThreatEntitySet(context.Context, *sdk.GetThreatEntitySetInput, ...func(*sdk.Options)) (*sdk.GetThreatEntitySetOutput, error) {
	return &sdk.GetThreatEntitySetOutput{}, nil
}

func (hollow) DescribePublishingDestination(context.Context, *sdk.DescribePublishingDestinationInput, ...func(*sdk.Options)) (*sdk.DescribePublishingDestinationOutput, error) {
	return &sdk.DescribePublishingDestinationOutput{}, nil
}

func (hollow) GetMalwareProtectionPlan(context.Context, *sdk.GetMalwareProtectionPlanInput, ...func(*sdk.Options)) (*sdk.GetMalwareProtectionPlanOutput, error) {
	return &sdk.GetMalwareProtectionPlanOutput{}, nil
}

func (hollow) GetFindings(context.Context, *sdk.GetFindingsInput, ...func(*sdk.Options)) (*sdk.GetFindingsOutput, error) {
	return &sdk.GetFindingsOutput{Findings: []types.Finding{{}}}, nil
}

func (hollow) ListCoverage(context.Context, *sdk.ListCoverageInput, ...func(*sdk.Options)) (*sdk.ListCoverageOutput, error) {
	return &sdk.ListCoverageOutput{Resources: []types.CoverageResource{{}}}, nil
}

func (hollow) ListOrganizationAdminAccounts(context.Context, *sdk.ListOrganizationAdminAccountsInput, ...func(*sdk.Options)) (*sdk.ListOrganizationAdminAccountsOutput, error) {
	return &sdk.ListOrganizationAdminAccountsOutput{AdminAccounts: []types.AdminAccount{{}}}, nil
}

func (hollow) DescribeOrganizationConfiguration(context.Context, *sdk.DescribeOrganizationConfigurationInput, ...func(*sdk.Options)) (*sdk.DescribeOrganizationConfigurationOutput, error) {
	return &sdk.DescribeOrganizationConfigurationOutput{}, nil
}

// Members that are missing in an answer make no verdict.
func TestNilMembers(t *testing.T) {
	f := good().Fake.(*world)
	r := f.facts.region(place, f.GuardDuty)
	empty := guardduty.NewRegion(place, hollow{f.GuardDuty})
	empty.Now, empty.Inventory, empty.SensitiveBuckets, empty.ListObject = r.Now, r.Inventory, r.SensitiveBuckets, r.ListObject
	all := scanAll(t, empty)
	for id, fs := range scan(t, guardduty.OrganizationEvaluators(guardduty.NewOrganization(empty))) {
		all[id] = fs
	}
	for _, id := range []string{
		"guardduty.suppression", "guardduty.trusted-list", "guardduty.threat-list", "guardduty.export", "guardduty.malware-plan", "guardduty.open-findings",
		"guardduty.delegated-admin", "guardduty.org-auto-enable", "guardduty.members", "guardduty.member-features",
	} {
		for _, x := range all[id] {
			if x.Status != posture.Unknown || x.Cause.Kind != posture.CauseMalformed {
				t.Errorf("%s on %s is %s because of %v", id, x.Resource, x.Status, x.Cause)
			}
		}
	}
	if fs := all["guardduty.coverage"]; fs[0].Status != posture.Unknown || fs[0].Cause.Kind != posture.CauseMalformed {
		t.Errorf("guardduty.coverage: %+v", fs)
	}
}

type blank struct{ guardduty.Reader }

func (blank) GetDetector(context.Context, *sdk.GetDetectorInput, ...func(*sdk.Options)) (*sdk.GetDetectorOutput, error) {
	return &sdk.GetDetectorOutput{}, nil
}

func TestDetectorWithoutStatus(t *testing.T) {
	for id, fs := range scanAll(t, guardduty.NewRegion(place, blank{good().Fake.(*world).GuardDuty})) {
		if strings.HasSuffix(id, "-tags") || id == "guardduty.malware-plan" {
			continue
		}
		if x := one(t, fs); x.Status != posture.Unknown || x.Cause.Kind != posture.CauseMalformed {
			t.Errorf("%s is %s because of %v", id, x.Status, x.Cause)
		}
	}
}

// A detector that lists no feature says nothing of any, as some emulators do.
type featureless struct{ guardduty.Reader }

func (f featureless) GetDetector(ctx context.Context, in *sdk.GetDetectorInput, o ...func(*sdk.Options)) (*sdk.GetDetectorOutput, error) {
	out, err := f.Reader.GetDetector(ctx, in, o...)
	if out != nil {
		out.Features = nil
	}
	return out, err
}

func TestDetectorWithoutFeatures(t *testing.T) {
	all := scanAll(t, guardduty.NewRegion(place, featureless{good().Fake.(*world).GuardDuty}))
	if x := one(t, all["guardduty.enabled"]); x.Status != posture.Pass {
		t.Errorf("enabled is %s", x.Status)
	}
	if x := one(t, all["guardduty.s3"]); x.Status != posture.Unknown || x.Cause.Kind != posture.CauseMalformed {
		t.Errorf("s3 is %s because of %v", x.Status, x.Cause)
	}
}

// Without facts from elsewhere, what needs them is unknown and nothing else is.
func TestNoFacts(t *testing.T) {
	f := bad().Fake.(*world)
	r := guardduty.NewRegion(place, f.GuardDuty)
	r.Now = clock
	needs := map[string]bool{
		"guardduty.ai": true, "guardduty.route": true, "guardduty.trusted-list": true, "guardduty.coverage": true, "guardduty.malware-plan": true, "guardduty.stopped": true,
	}
	for id, fs := range scanAll(t, r) {
		unknown := 0
		for _, x := range fs {
			if x.Status == posture.Unknown {
				unknown++
				if x.Cause.Kind != posture.CauseNotProvided {
					t.Errorf("%s is unknown because of %v", id, x.Cause)
				}
			}
		}
		if needs[id] != (unknown > 0) {
			t.Errorf("%s has %d unknown findings", id, unknown)
		}
	}
}

// An inventory that did not look for a type does not say that there is none.
func TestInventoryOfHalf(t *testing.T) {
	f := bare().Fake.(*world)
	f.facts.inventory = map[string][]posture.Resource{"AWS::RDS::DBCluster": nil}
	e := guardduty.Protection{Region: f.facts.region(place, f.GuardDuty), Feature: guardduty.RDSLoginEvents, Wanted: guardduty.WantedInUse}
	_, err := e.Evaluate(t.Context())
	if c, ok := errors.AsType[*posture.Cause](err); !ok || c.Kind != posture.CauseNotProvided || !strings.Contains(c.Message, "AWS::RDS::DBInstance") {
		t.Errorf("got %v", err)
	}
	f.facts.inventory = resources()
	e.Region = f.facts.region(place, f.GuardDuty)
	if fs, err := e.Evaluate(t.Context()); err != nil || one(t, fs).Status != posture.NotApplicable {
		t.Errorf("got %v, %v", fs, err)
	}
}

// The partitions differ in nothing but their names.
func TestPartitions(t *testing.T) {
	for _, p := range []posture.Place{
		{Partition: "aws-us-gov", Account: "111122223333", Region: "us-gov-west-1"},
		{Partition: "aws-cn", Account: "111122223333", Region: "cn-north-1"},
	} {
		t.Run(p.Partition, func(t *testing.T) {
			for name, fixture := range map[string]func() *world{"good": func() *world { return good().Fake.(*world) }, "bad": func() *world { return bad().Fake.(*world) }} {
				w := fixture()
				f := newFake(p)
				w.Edit(func(from *guarddutytest.State) { f.Edit(func(to *guarddutytest.State) { *to = *from }) })
				home := scanAll(t, w.facts.region(place, w.GuardDuty))
				for id, fs := range scanAll(t, w.facts.region(p, f)) {
					for i, x := range fs {
						if was := home[id][i]; x.Status != was.Status {
							t.Errorf("%s, %s: %s is %s, in aws %s", name, id, x.Resource, x.Status, was.Status)
						}
						if x.Resource.ARN != "" && !strings.HasPrefix(x.Resource.ARN, "arn:"+p.Partition+":") {
							t.Errorf("%s, %s: resource is %+v", name, id, x.Resource)
						}
					}
				}
			}
		})
	}
}

// A feature that AWS does not list is not on. Only where AI protection is not
// listed there is none to ask for.
type unlisted struct{ guardduty.Reader }

func (f unlisted) GetDetector(ctx context.Context, in *sdk.GetDetectorInput, o ...func(*sdk.Options)) (*sdk.GetDetectorOutput, error) {
	out, err := f.Reader.GetDetector(ctx, in, o...)
	if out != nil {
		out.Features = out.Features[:3]
	}
	return out, err
}

func TestFeatureThatIsNotListed(t *testing.T) {
	all := scanAll(t, guardduty.NewRegion(place, unlisted{good().Fake.(*world).GuardDuty}))
	for id, want := range map[string]posture.Status{"guardduty.s3": posture.Fail, "guardduty.runtime-eks": posture.Fail, "guardduty.ai": posture.NotApplicable} {
		if x := one(t, all[id]); x.Status != want {
			t.Errorf("%s is %s, want %s", id, x.Status, want)
		}
	}
}

// A rule that cannot be asked makes no verdict, unless other rules catch all.
func TestRuleThatCannotBeAsked(t *testing.T) {
	w := good().Fake.(*world)
	mute := guardduty.Rule{Name: "mute", Enabled: true, Targets: 1}
	w.facts.rules = []guardduty.Rule{mute}
	fs, err := guardduty.Route{Region: w.facts.region(place, w.GuardDuty)}.Evaluate(t.Context())
	if c := posture.CauseOf(err); c == nil || c.Kind != posture.CauseNotProvided {
		t.Errorf("got %v, %v", fs, err)
	}
	w.facts.rules = []guardduty.Rule{mute, severe(7)}
	fs, err = guardduty.Route{Region: w.facts.region(place, w.GuardDuty)}.Evaluate(t.Context())
	if err != nil || one(t, fs).Status != posture.Pass {
		t.Errorf("got %v, %v", fs, err)
	}
}
