package suite_test

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	zone "github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"
	scan "github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/advisor/trustedadvisor/trustedadvisortest"
	"github.com/awsposture/posture/compliance/suite"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/guardduty/guarddutytest"
	"github.com/awsposture/posture/iam/iamtest"
	"github.com/awsposture/posture/iam/organization"
	"github.com/awsposture/posture/iam/organization/organizationtest"
	"github.com/awsposture/posture/iam/policy"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/shield/shieldtest"
)

var here = posture.Place{Partition: "aws", Account: "111122223333"}

// unpaced does not wait, where it is not the pace that is tested.
var unpaced = []suite.Rate{{PerSecond: math.Inf(1)}}

// contacts and analyzers are as much of their services as the suite asks.
type contacts struct {
	awsfake.Faults
	account string
	regions []string // enabled
}

func (f *contacts) ListRegions(ctx context.Context, in *account.ListRegionsInput, _ ...func(*account.Options)) (*account.ListRegionsOutput, error) {
	return awsfake.Do(ctx, &f.Faults, awsfake.Op{Service: "Account", Name: "ListRegions", Prefix: "account", Denied: "AccessDeniedException", Account: f.account}, in, func() (*account.ListRegionsOutput, error) {
		page, next, err := awsfake.Page(&f.Faults, f.regions, in.NextToken, in.MaxResults, 20)
		out := &account.ListRegionsOutput{NextToken: next}
		for _, r := range page {
			out.Regions = append(out.Regions, types.Region{RegionName: &r, RegionOptStatus: types.RegionOptStatusEnabledByDefault})
		}
		return out, err
	})
}

func (f *contacts) GetAlternateContact(ctx context.Context, in *account.GetAlternateContactInput, _ ...func(*account.Options)) (*account.GetAlternateContactOutput, error) {
	return awsfake.Do(ctx, &f.Faults, awsfake.Op{Service: "Account", Name: "GetAlternateContact", Prefix: "account", Denied: "AccessDeniedException", Account: f.account}, in, func() (*account.GetAlternateContactOutput, error) {
		return &account.GetAlternateContactOutput{AlternateContact: &types.AlternateContact{EmailAddress: aws.String("security@example.com")}}, nil
	})
}

type zones struct{ awsfake.Faults }

func (f *zones) ListAnalyzers(ctx context.Context, in *accessanalyzer.ListAnalyzersInput, _ ...func(*accessanalyzer.Options)) (*accessanalyzer.ListAnalyzersOutput, error) {
	return awsfake.Do(ctx, &f.Faults, awsfake.Op{Service: "AccessAnalyzer", Name: "ListAnalyzers", Prefix: "access-analyzer", Denied: "AccessDeniedException"}, in, func() (*accessanalyzer.ListAnalyzersOutput, error) {
		return &accessanalyzer.ListAnalyzersOutput{Analyzers: []zone.AnalyzerSummary{{Arn: aws.String("arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/external"), Name: aws.String("external"), Type: zone.TypeAccount, Status: zone.AnalyzerStatusActive}}}, nil
	})
}

// fakes are those of one account, which administers an organization.
type fakes struct {
	iam           *iamtest.IAM
	guardduty     *guarddutytest.GuardDuty
	organizations *organizationtest.Organizations
	contacts      contacts
	zones         zones
	shield        *shieldtest.Shield
	advice        *advisortest.Advisor
	inspector     *inspectortest.Inspector
}

func (f *fakes) faults() map[string]*awsfake.Faults {
	return map[string]*awsfake.Faults{"iam": &f.iam.Faults, "guardduty": &f.guardduty.Faults, "organizations": &f.organizations.Faults, "account": &f.contacts.Faults, "access-analyzer": &f.zones.Faults, "shield": &f.shield.Faults, "trustedadvisor": &f.advice.Faults, "inspector2": &f.inspector.Faults}
}

func (f *fakes) account() suite.Account {
	services := awsfake.Services{"IAM": f.iam, "GuardDuty": f.guardduty, "Organizations": f.organizations, "Account": &f.contacts, "AccessAnalyzer": &f.zones, "Shield": f.shield, "TrustedAdvisor": trustedadvisortest.New(f.advice), "Inspector2": f.inspector}
	return suite.Account{Config: services.Config("eu-west-1"), Place: here, Regions: []string{"eu-west-1"}, Pace: &suite.Pace{Rates: unpaced}}
}

func unknown(t *testing.T, a suite.Account) map[string]posture.Finding {
	t.Helper()
	out := map[string]posture.Finding{}
	evs := a.Evaluators()
	for _, e := range evs {
		// What is asked of Inspector depends on what there is to scan, which the
		// caller knows: the view is found in the evaluators.
		if e, ok := e.(inspector.CISScanned); ok {
			e.Region.Inventory = func(context.Context) (map[string][]inspector.Asset, error) {
				return map[string][]inspector.Asset{inspector.TypeInstance: {{Resource: e.Place().Resource(inspector.TypeInstance, "i-0abcdef1234567890", "")}}, inspector.TypeImage: nil, inspector.TypeFunction: nil}, nil
			}
		}
	}
	for r := range posture.Scan(t.Context(), evs, nil) {
		for _, f := range r.Findings {
			if f.Status == posture.Unknown {
				out[f.Fingerprint()] = f
			}
		}
	}
	return out
}

func newFakes() *fakes {
	region := here
	region.Region = "eu-west-1"
	f := &fakes{iam: iamtest.New(here), guardduty: guarddutytest.New(region), organizations: organizationtest.New(here), shield: shieldtest.New(here), advice: advisortest.New(here), inspector: inspectortest.New(region)}
	ago := func(days int) time.Time { return time.Now().AddDate(0, 0, -days) }
	f.advice.Edit(func(s *advisortest.State) {
		s.Checks = []*advisortest.Check{{ID: "HCP4007jGY", Name: "Security Groups - Specific Ports Unrestricted", Category: advisor.Security, Colour: advisor.Red, At: time.Now(), Rows: []*advisortest.Row{{Colour: advisor.Red, Region: "eu-west-1"}}}}
	})
	f.inspector.Edit(func(s *inspectortest.State) {
		s.Account = *inspectortest.NewAccount(inspector.EC2, inspector.ECR, inspector.Lambda)
		s.Management, s.DelegatedAdmin, s.Organization = true, here.Account, inspectortest.NewOrganization()
		s.Organization.Members["444455556666"] = inspectortest.NewMember(inspector.EC2)
		s.Coverage = []inspector.Row{{Account: here.Account, Type: inspector.TypeInstance, ID: "i-0abcdef1234567890", Scan: inspector.PackageScan, Active: true, Reason: "SUCCESSFUL", LastScanned: ago(1)}}
		s.Filters["arn:aws:inspector2:eu-west-1:111122223333:owner/111122223333/filter/f1"] = &inspectortest.Filter{Name: "noise"}
		s.Scans = []inspectortest.Scan{{
			CISScan: inspector.CISScan{ARN: "scan1", Configuration: "weekly", Name: "weekly", Level: 1, Status: "COMPLETED", Time: ago(3), Accounts: []string{here.Account}},
			Targets: []inspector.CISTarget{{Instance: "i-0abcdef1234567890", Status: "COMPLETED", Passed: 200}},
		}}
		s.Schedules["weekly"] = &inspectortest.Schedule{Name: "weekly", Level: scan.CisSecurityLevelLevel1, Schedule: &scan.ScheduleMemberDaily{Value: scan.DailySchedule{}}, Accounts: []string{"SELF"}}
		s.Findings = []inspector.Finding{{
			ARN: "arn:aws:inspector2:eu-west-1:111122223333:finding/f1", Type: inspector.PackageVulnerability, Severity: "HIGH", Title: "CVE-2026-0002 - openssl", Vulnerability: "CVE-2026-0002",
			Resource: region.Resource(inspector.TypeInstance, "i-0abcdef1234567890", ""), First: ago(9), Last: ago(1),
		}}
		s.Details["CVE-2026-0002"] = inspector.Exploitation{}
	})
	f.shield.Edit(func(s *shieldtest.State) {
		s.Subscription, s.RoleARN = &shieldtest.Subscription{Start: ago(9), End: ago(-356)}, "arn:aws:iam::111122223333:role/outside"
		s.Protections = map[string]*shieldtest.Protection{"arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE": {ID: "p1", Name: "site"}}
	})
	f.iam.Edit(func(s *iamtest.State) {
		s.Root, s.Features = iamtest.Root{MFA: true}, []string{"RootCredentialsManagement"}
		s.OIDC["token.actions.githubusercontent.com"] = []string{"sts.amazonaws.com"}
		s.Users["bob"] = &iamtest.User{Created: ago(500), Password: &iamtest.Password{Created: ago(400), Used: ago(300)}, Keys: []*iamtest.Key{{ID: "AKIABOB0000000000001", Created: ago(400), Used: ago(300)}}}
		s.Roles["outside"] = &iamtest.Role{Created: ago(10), Trust: `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole"}}`}
	})
	f.guardduty.Edit(func(s *guarddutytest.State) {
		s.Detector, s.Management, s.DelegatedAdmin = guarddutytest.NewDetector(guardduty.RuntimeMonitoring), true, here.Account
		s.Organization = &guarddutytest.Organization{AutoEnable: "ALL", Features: map[guardduty.Feature]guardduty.AutoEnable{}, Members: map[string]*guarddutytest.Member{"444455556666": {}}}
		s.Detector.Filters["noise"] = &guarddutytest.Filter{Archive: true, Criteria: map[string]guardduty.Criterion{"severity": {Equals: []string{"8"}}}}
		for kind, id := range map[guardduty.ListKind]string{guardduty.IPSet: "l1", guardduty.TrustedEntitySet: "l2", guardduty.ThreatIntelSet: "l3", guardduty.ThreatEntitySet: "l4"} {
			s.Detector.Lists[kind] = map[string]*guarddutytest.List{id: {Name: id, Format: "TXT", Location: "https://s3.amazonaws.com/example-lists/" + id, Active: true}}
		}
		s.Detector.Destinations["d1"] = &guarddutytest.Destination{BucketARN: "arn:aws:s3:::example-findings", KeyARN: "arn:aws:kms:eu-west-1:111122223333:key/k"}
		s.Detector.Findings["f1"] = &guarddutytest.Finding{Type: "Backdoor:EC2/Spambot", Severity: 8, Created: ago(9), Updated: ago(1)}
		s.Detector.Coverage = []guarddutytest.Coverage{{Kind: "EC2", Resource: "i-0abcdef1234567890"}}
		s.Plans["p1"] = &guarddutytest.Plan{Bucket: "example-uploads"}
	})
	f.organizations.Edit(func(s *organizationtest.State) {
		s.ID, s.Management, s.AllFeatures, s.Root = "o-exampleorgid", here.Account, true, "r-ab12"
		s.Types = map[organization.PolicyType]organization.TypeStatus{organization.SCP: organization.TypeEnabled, organization.RCP: organization.TypeEnabled}
		s.Units = map[string]*organizationtest.Unit{"ou-ab12-11111111": {Name: "work", Parent: "r-ab12"}}
		s.Accounts = map[string]*organizationtest.Account{here.Account: {Name: "main", Parent: "r-ab12"}, "444455556666": {Name: "shop", Parent: "ou-ab12-11111111"}}
		s.Policies = map[string]*organizationtest.Policy{"p-FullAWSAccess": {Name: "FullAWSAccess", AWSManaged: true, Type: organization.SCP, Document: `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`, Targets: []string{here.Account, "444455556666", "ou-ab12-11111111", "r-ab12"}}}
		s.Delegated = map[string][]string{"444455556666": {"guardduty.amazonaws.com"}}
		s.Trusted = []string{"guardduty.amazonaws.com"}
	})
	return f
}

// engine decides under a policy of the suite's; roles trust the scanner's account.
func engine(t *testing.T, document []byte) (e struct{ reads, assumes *policy.Engine }) {
	t.Helper()
	doc, err := policy.Parse(policy.Identity, "scan", document)
	if err != nil {
		t.Fatal(err)
	}
	trust, err := policy.Parse(policy.Trust, "trust", []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":["sts:AssumeRole","sts:SetSourceIdentity"]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if e.reads, err = policy.Compile(policy.Policies{Identity: []*policy.Document{doc}}); err != nil {
		t.Fatal(err)
	}
	if e.assumes, err = policy.Compile(policy.Policies{Identity: []*policy.Document{doc}, Resource: trust}); err != nil {
		t.Fatal(err)
	}
	return e
}

// allowed tells whether the engine lets the scanner call.
func allowed(e *policy.Engine, action, resource string) bool {
	return e.Decide(&policy.Request{Principal: policy.Principal{Kind: policy.IAMUser, ARN: "arn:aws:iam::111122223333:user/scanner"}, Action: action, Resource: resource}).Allowed()
}

// actionsOf are the actions that a policy allows.
func actionsOf(t *testing.T, document []byte) (actions []string) {
	t.Helper()
	var doc struct{ Statement []struct{ Action []string } }
	if err := json.Unmarshal(document, &doc); err != nil {
		t.Fatal(err)
	}
	for _, s := range doc.Statement {
		actions = append(actions, s.Action...)
	}
	return actions
}

// without takes an action out of a policy.
func without(t *testing.T, document []byte, action string) []byte {
	t.Helper()
	rest := strings.Replace(string(document), strconv.Quote(action), `"example:Nothing"`, 1)
	if rest == string(document) {
		t.Fatalf("the policy does not have %s", action)
	}
	return []byte(rest)
}

// authorize makes the fakes refuse what the engine does not allow.
func (f *fakes) authorize(e *policy.Engine, calls map[string][]string) {
	for prefix, faults := range f.faults() {
		for _, operation := range calls[prefix] {
			if !allowed(e, prefix+":"+operation, "*") {
				faults.Deny(operation)
			}
		}
	}
}

func (f *fakes) called() map[string][]string {
	out := map[string][]string{}
	for prefix, faults := range f.faults() {
		for _, c := range faults.Calls() {
			if !slices.Contains(out[prefix], c.Operation) {
				out[prefix] = append(out[prefix], c.Operation)
			}
		}
	}
	return out
}

// TestPolicySuffices scans an account, authorizing each call by the policy engine under
// the policy that the suite prints: nothing is refused.
func TestPolicySuffices(t *testing.T) {
	free := newFakes()
	before := unknown(t, free.account())
	calls := free.called()
	document, err := free.account().Policy()
	if err != nil {
		t.Fatal(err)
	}
	bound := newFakes()
	bound.authorize(engine(t, document).reads, calls)
	for print, f := range unknown(t, bound.account()) {
		if _, was := before[print]; !was || f.Cause.Kind == posture.CauseDenied {
			t.Errorf("under the policy %s is unknown: %v", f.Control, f.Cause)
		}
	}
	for _, f := range before {
		if f.Cause.Kind != posture.CauseNotProvided {
			t.Errorf("with nothing refused %s is unknown: %v", f.Control, f.Cause)
		}
	}
}

// TestPolicyIsLeast takes one action at a time out of the policy: each time a
// verdict turns Unknown because of it.
func TestPolicyIsLeast(t *testing.T) {
	// AWS lists accounts with their paths or, as it did before, without: both
	// ways need the policy.
	withPaths, without := newFakes, func() *fakes {
		f := newFakes()
		f.organizations.Edit(func(s *organizationtest.State) { s.NoPaths = true })
		return f
	}
	for _, action := range newFakes().account().Actions() {
		if !missedWithout(t, withPaths, action) && !missedWithout(t, without, action) {
			t.Errorf("without %s nothing is unknown for it", action)
		}
	}
}

// missedWithout tells whether a verdict turns Unknown when an action is not allowed.
func missedWithout(t *testing.T, fresh func() *fakes, action string) bool {
	t.Helper()
	free := fresh()
	unknown(t, free.account())
	calls := free.called()
	f := fresh()
	rest := slices.DeleteFunc(free.account().Actions(), func(a string) bool { return a == action })
	document, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": map[string]any{"Effect": "Allow", "Action": rest, "Resource": "*"}})
	if err != nil {
		t.Fatal(err)
	}
	f.authorize(engine(t, document).reads, calls)
	for _, x := range unknown(t, f.account()) {
		if x.Cause.Action == action {
			return true
		}
	}
	return false
}

func TestSuiteIsValid(t *testing.T) {
	evs := newFakes().account().Evaluators()
	if err := posture.Validate(evs); err != nil {
		t.Error(err)
	}
	places := map[posture.Place]int{}
	for _, e := range evs {
		places[e.Place()]++
	}
	if len(places) != 2 || places[here] == 0 {
		t.Errorf("places %v", places)
	}
}
