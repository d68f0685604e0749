package inspector_test

import (
	"context"
	"net"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"
	"github.com/aws/smithy-go"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
	"github.com/awsposture/posture/internal/awsfake"
)

// Every failure of the first call leaves every control unknown with its cause.
func TestFailuresOfTheFirstCall(t *testing.T) {
	scp := "User: arn:aws:sts::111122223333:assumed-role/scanner/x is not authorized to perform: inspector2:BatchGetAccountStatus with an explicit deny in a service control policy"
	for name, test := range map[string]struct {
		err  error
		want posture.Cause
	}{
		"denied":              {awsfake.ErrDenied, posture.Cause{Kind: posture.CauseDenied, Action: "inspector2:BatchGetAccountStatus", Layer: "identity-based policy"}},
		"denied by SCP":       {&smithy.GenericAPIError{Code: "AccessDeniedException", Message: scp}, posture.Cause{Kind: posture.CauseSCP, Action: "inspector2:BatchGetAccountStatus", Layer: "service control policy"}},
		"throttled":           {&types.ThrottlingException{Message: aws.String("Rate exceeded")}, posture.Cause{Kind: posture.CauseThrottled}},
		"expired credentials": {&smithy.GenericAPIError{Code: "ExpiredTokenException", Message: "The security token included in the request is expired"}, posture.Cause{Kind: posture.CauseCredentials}},
		"not opted in":        {&smithy.GenericAPIError{Code: "OptInRequired", Message: "The AWS Access Key Id needs a subscription for the service"}, posture.Cause{Kind: posture.CauseClosedRegion}},
		"no endpoint":         {&net.DNSError{Err: "no such host", Name: "inspector2.eu-west-1.amazonaws.com", IsNotFound: true}, posture.Cause{Kind: posture.CauseClosedRegion}},
		"an HTML page":        {&smithy.GenericAPIError{Code: "UnknownError", Message: "UnknownError"}, posture.Cause{Kind: posture.CauseError}},
		"canceled":            {context.DeadlineExceeded, posture.Cause{Kind: posture.CauseTimeout}},
	} {
		t.Run(name, func(t *testing.T) {
			w := good().Fake.(*world)
			w.Inject(awsfake.Fault{Operation: "BatchGetAccountStatus", Err: test.err})
			for id, fs := range scanAll(t, w.facts.region(place, w.Inspector)) {
				x := one(t, fs)
				if x.Status != posture.Unknown || x.Cause.Kind != test.want.Kind || x.Cause.Action != test.want.Action || x.Cause.Layer != test.want.Layer {
					t.Errorf("%s is %s because of %+v", id, x.Status, x.Cause)
				}
				if x.Cause.Operation != "Inspector2:BatchGetAccountStatus" {
					t.Errorf("%s names operation %q", id, x.Cause.Operation)
				}
			}
		})
	}
}

// Throttled, or failing in any other way, no call lets a control pass that needs
// it: every operation in turn, on every fixture.
func TestFailuresNeverPass(t *testing.T) {
	for _, op := range []string{
		"BatchGetAccountStatus", "GetDelegatedAdminAccount", "GetConfiguration", "GetEc2DeepInspectionConfiguration", "ListCoverage", "ListFilters", "ListFindings", "BatchGetFindingDetails",
		"ListCisScans", "ListCisScanConfigurations", "ListCisScanResultsAggregatedByTargetResource",
	} {
		for name, err := range map[string]error{"throttled": &types.ThrottlingException{Message: aws.String("Rate exceeded")}, "internal": &types.InternalServerException{Message: aws.String("internal")}} {
			w := good().Fake.(*world)
			r := w.facts.region(place, w.Inspector)
			w.Inject(awsfake.Fault{Operation: op, Err: err})
			for res := range posture.Scan(t.Context(), inspector.Evaluators(r), nil) {
				needs, unknown := false, false
				for _, a := range res.Control.Requires {
					needs = needs || a == "inspector2:"+op
				}
				for _, f := range res.Findings {
					unknown = unknown || f.Status == posture.Unknown
				}
				// Two controls ask for coverage only where something is left out.
				conditional := op == "ListCoverage" && (res.Control.ID == "inspector.scan-mode" || res.Control.ID == "inspector.cis-scan")
				if needs && !unknown && !conditional {
					t.Errorf("%s %s: %s is not unknown", op, name, res.Control.ID)
				}
			}
		}
	}
}

// Half a listing and then an error: what was read is judged, one unknown stands
// for the rest.
func TestHalfAListing(t *testing.T) {
	for op, id := range map[string]string{"ListFilters": "inspector.suppression-broad", "ListCoverage": "inspector.coverage", "ListCisScanResultsAggregatedByTargetResource": "inspector.cis-scan"} {
		t.Run(op, func(t *testing.T) {
			w := good().Fake.(*world)
			w.Edit(func(s *inspectortest.State) {
				s.Scans[0].Targets = append(s.Scans[0].Targets[:1], inspector.CISTarget{Instance: "i-0b", Status: "COMPLETED"})
			})
			w.PageSize = 1
			w.Inject(awsfake.Fault{Operation: op, Skip: 1, Err: &smithy.GenericAPIError{Code: "InternalServerException", Message: "internal"}})
			var unknown, rest int
			for _, f := range scanAll(t, w.facts.region(place, w.Inspector))[id] {
				switch {
				case f.Status != posture.Unknown:
					rest++
				case f.Cause.Code == "InternalServerException":
					unknown++
				default:
					t.Errorf("%s is unknown because of %v", f.Resource, f.Cause)
				}
			}
			if unknown != 1 || rest == 0 {
				t.Errorf("%d unknown, %d judged", unknown, rest)
			}
		})
	}
}

// twisted answers with what AWS never should.
type twisted struct {
	*inspectortest.Inspector
	status     *sdk.BatchGetAccountStatusOutput
	config     *sdk.GetConfigurationOutput
	deep       *sdk.GetEc2DeepInspectionConfigurationOutput
	filters    *sdk.ListFiltersOutput
	findings   *sdk.ListFindingsOutput
	auto       *sdk.DescribeOrganizationConfigurationOutput
	coverage   *sdk.ListCoverageOutput
	delegation *sdk.ListDelegatedAdminAccountsOutput
}

func (w twisted) BatchGetAccountStatus(ctx context.Context, in *sdk.BatchGetAccountStatusInput, o ...func(*sdk.Options)) (*sdk.BatchGetAccountStatusOutput, error) {
	if w.status != nil {
		return w.status, nil
	}
	return w.Inspector.BatchGetAccountStatus(ctx, in, o...)
}

func (w twisted) GetConfiguration(ctx context.Context, in *sdk.GetConfigurationInput, o ...func(*sdk.Options)) (*sdk.GetConfigurationOutput, error) {
	if w.config != nil {
		return w.config, nil
	}
	return w.Inspector.GetConfiguration(ctx, in, o...)
}

func (w twisted) GetEc2DeepInspectionConfiguration(ctx context.Context, in *sdk.GetEc2DeepInspectionConfigurationInput, o ...func(*sdk.Options)) (*sdk.GetEc2DeepInspectionConfigurationOutput, error) {
	if w.deep != nil {
		return w.deep, nil
	}
	return w.Inspector.GetEc2DeepInspectionConfiguration(ctx, in, o...)
}

func (w twisted) ListFilters(ctx context.Context, in *sdk.ListFiltersInput, o ...func(*sdk.Options)) (*sdk.ListFiltersOutput, error) {
	if w.filters != nil {
		return w.filters, nil
	}
	return w.Inspector.ListFilters(ctx, in, o...)
}

func (w twisted) ListFindings(ctx context.Context, in *sdk.ListFindingsInput, o ...func(*sdk.Options)) (*sdk.ListFindingsOutput, error) {
	if w.findings != nil {
		return w.findings, nil
	}
	return w.Inspector.ListFindings(ctx, in, o...)
}

func (w twisted) ListCoverage(ctx context.Context, in *sdk.ListCoverageInput, o ...func(*sdk.Options)) (*sdk.ListCoverageOutput, error) {
	if w.coverage != nil {
		return w.coverage, nil
	}
	return w.Inspector.ListCoverage(ctx, in, o...)
}

func (w twisted) DescribeOrganizationConfiguration(context.Context, *sdk.DescribeOrganizationConfigurationInput, ...func(*sdk.Options)) (*sdk.DescribeOrganizationConfigurationOutput, error) {
	return w.auto, nil
}

func (w twisted) ListDelegatedAdminAccounts(context.Context, *sdk.ListDelegatedAdminAccountsInput, ...func(*sdk.Options)) (*sdk.ListDelegatedAdminAccountsOutput, error) {
	return w.delegation, nil
}

// Answers that say less than they must are malformed, never a verdict.
func TestTwistedAnswers(t *testing.T) {
	own := []types.AccountState{{AccountId: aws.String(place.Account), ResourceState: &types.ResourceState{Ec2: &types.State{}}}}
	for name, test := range map[string]struct {
		with twisted
		id   string
	}{
		"no account":             {twisted{status: &sdk.BatchGetAccountStatusOutput{}}, "inspector.ec2-enabled"},
		"an account without any": {twisted{status: &sdk.BatchGetAccountStatusOutput{Accounts: []types.AccountState{{AccountId: aws.String(place.Account)}}}}, "inspector.ec2-enabled"},
		"a state without status": {twisted{status: &sdk.BatchGetAccountStatusOutput{Accounts: own}}, "inspector.ec2-enabled"},
		"no scan mode":           {twisted{config: &sdk.GetConfigurationOutput{}}, "inspector.scan-mode"},
		"no duration":            {twisted{config: &sdk.GetConfigurationOutput{}}, "inspector.ecr-rescan"},
		"no deep status":         {twisted{deep: &sdk.GetEc2DeepInspectionConfigurationOutput{}}, "inspector.deep-inspection"},
		"a filter without name":  {twisted{filters: &sdk.ListFiltersOutput{Filters: []types.Filter{{}}}}, "inspector.suppression-broad"},
		"a path without ports": {
			twisted{findings: &sdk.ListFindingsOutput{Findings: []types.Finding{{FindingArn: aws.String("f"), Type: types.FindingTypeNetworkReachability}}}}, "inspector.reachable-admin-port",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := good().Fake.(*world)
			test.with.Inspector = w.Inspector
			r := inspector.NewRegion(place, test.with)
			near := w.facts.region(place, w.Inspector)
			r.Now, r.Inventory = near.Now, near.Inventory
			f := one(t, scanAll(t, r)[test.id])
			if f.Status != posture.Unknown || f.Cause.Kind != posture.CauseMalformed {
				t.Errorf("%s because of %v", f.Status, f.Cause)
			}
		})
	}
	f := good().Fake.(*world).Inspector
	f.Edit(func(s *inspectortest.State) { s.Organization = inspectortest.NewOrganization() })
	o := inspector.NewOrganization(inspector.NewRegion(place, twisted{
		Inspector: f, auto: &sdk.DescribeOrganizationConfigurationOutput{}, delegation: &sdk.ListDelegatedAdminAccountsOutput{DelegatedAdminAccounts: []types.DelegatedAdminAccount{{}}},
	}))
	for id, fs := range scan(t, inspector.OrganizationEvaluators(o)) {
		if x := one(t, fs); x.Status != posture.Unknown || x.Cause.Kind != posture.CauseMalformed {
			t.Errorf("%s is %s because of %v", id, x.Status, x.Cause)
		}
	}
}

// A listing of findings that goes round is cut off, and its end was not seen.
func TestTokenThatComesBack(t *testing.T) {
	w := good().Fake.(*world)
	r := inspector.NewRegion(place, twisted{Inspector: w.Inspector, findings: &sdk.ListFindingsOutput{NextToken: aws.String("again")}})
	var last error
	n := 0
	for _, err := range r.Findings(t.Context()) {
		n, last = n+1, err
	}
	if c := posture.CauseOf(last); n != 1 || c == nil || c.Kind != posture.CauseTruncated {
		t.Errorf("%d findings, %v", n, last)
	}
}

// Findings and rows with nothing in them are read without a fault.
func TestEmptyThings(t *testing.T) {
	w := good().Fake.(*world)
	r := inspector.NewRegion(place, twisted{Inspector: w.Inspector, findings: &sdk.ListFindingsOutput{Findings: []types.Finding{{}, {Resources: []types.Resource{{}}}}}, coverage: &sdk.ListCoverageOutput{CoveredResources: []types.CoveredResource{{}}}})
	r.Now = clock
	k, err := r.Ranking(t.Context())
	if err != nil || k.Read != 2 {
		t.Errorf("%+v, %v", k, err)
	}
	rows, err := r.Coverage(t.Context())
	if err != nil || len(rows) != 1 || inspector.Explain(rows[0].Reason).Verdict != inspector.Undecided {
		t.Errorf("%+v, %v", rows, err)
	}
}

// The inventory that says nothing of a type leaves that type unknown; without an
// inventory everything is.
func TestInventoryWithGaps(t *testing.T) {
	w := good().Fake.(*world)
	delete(w.facts.inventory, inspector.TypeImage)
	all := scanAll(t, w.facts.region(place, w.Inspector))
	var subs []string
	for _, f := range all["inspector.coverage"] {
		if f.Status == posture.Unknown {
			subs = append(subs, f.Sub)
		}
	}
	if len(subs) != 1 || subs[0] != inspector.TypeImage {
		t.Errorf("unknown of %v", subs)
	}
	r := inspector.NewRegion(place, w)
	r.Now = clock
	for _, id := range []string{"inspector.coverage", "inspector.cis-scan"} {
		if f := one(t, scanAll(t, r)[id]); f.Status != posture.Unknown || f.Cause.Kind != posture.CauseNotProvided {
			t.Errorf("%s is %s because of %v", id, f.Status, f.Cause)
		}
	}
}
