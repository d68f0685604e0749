package suite_test

import (
	"context"
	"testing"
	"time"

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
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/shield/shieldtest"
)

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
