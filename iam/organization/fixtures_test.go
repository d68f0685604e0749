package organization_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/organization"
	"github.com/awsposture/posture/iam/organization/organizationtest"
	"github.com/awsposture/posture/internal/conformance"
)

const (
	management = "111122223333"
	shop       = "444455556666"
	security   = "555566667777"
	closed     = "777788889999"

	root     = "r-ab12"
	workload = "ou-ab12-11111111"
	web      = "ou-ab12-22222222"
	leaving  = "ou-ab12-33333333"

	guardrail = "p-guardrail"
)

var (
	place = posture.Place{Partition: "aws", Account: management}
	now   = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

func clock() time.Time { return now }

// world is a fake organization, the account that it is asked from, and the fact
// that comes from elsewhere.
type world struct {
	*organizationtest.Organizations
	place     posture.Place
	resources []posture.Resource
}

func (w *world) view() *organization.Organization {
	o := organization.NewOrganization(w.place, w)
	o.Now = clock
	o.ManagementResources = func(context.Context) ([]posture.Resource, error) { return w.resources, nil }
	return o
}

func (w *world) ground() conformance.Ground {
	return conformance.Ground{
		Fake: w, Faults: &w.Faults, State: w.State,
		View: func() conformance.View {
			o := w.view()
			return conformance.View{
				Evaluators:  organization.Evaluators(o),
				Remediators: append(organization.Remediators(o, w), organization.AttachGuardrail{Organization: o, Writer: w, Policy: guardrail}),
				Bindings:    organization.Bindings(o, w),
			}
		},
	}
}

func statementOf(effect, action, rest string) string {
	return `{"Effect":"` + effect + `","Action":"` + action + `","Resource":"*"` + rest + `}`
}

func policy(statements ...string) string {
	text := `{"Version":"2012-10-17","Statement":[`
	for i, s := range statements {
		if i > 0 {
			text += ","
		}
		text += s
	}
	return text + "]}"
}

var (
	stayAndLog   = policy(statementOf("Deny", "organizations:LeaveOrganization", ""), statementOf("Deny", "cloudtrail:StopLogging", ""))
	allowsAll    = policy(statementOf("Allow", "*", ""))
	managePolicy = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + security + `:root"},"Action":["organizations:CreatePolicy","organizations:UpdatePolicy","organizations:DeletePolicy","organizations:AttachPolicy","organizations:DetachPolicy","organizations:List*"],"Resource":"*"}`
)

// attachFull attaches FullAWSAccess to everything, as enabling SCPs does.
func attachFull(s *organizationtest.State) {
	targets := []string{s.Root}
	for id := range s.Units {
		targets = append(targets, id)
	}
	for id := range s.Accounts {
		targets = append(targets, id)
	}
	slices.Sort(targets)
	s.Policies[organizationtest.FullAWSAccess].Targets = targets
}

// goodWorld is an organization on which nothing fails.
func goodWorld() *world { return seenFrom(management) }

func seenFrom(account string) *world {
	p := posture.Place{Partition: "aws", Account: account}
	w := &world{Organizations: organizationtest.New(p), place: p, resources: []posture.Resource{{Account: management, Type: "AWS::IAM::Role", ID: "admin"}, {Account: shop, Type: "AWS::EC2::Instance", ID: "i-0fedcba9876543210"}}}
	w.Edit(func(s *organizationtest.State) {
		s.Management = management
		s.Units = map[string]*organizationtest.Unit{workload: {Name: "workloads", Parent: root}, web: {Name: "web", Parent: workload}, leaving: {Name: "leaving", Parent: root}}
		s.Accounts = map[string]*organizationtest.Account{
			management: {Name: "management", Parent: root}, shop: {Name: "shop", Parent: web},
			security: {Name: "security", Parent: workload}, closed: {Name: "old shop", Parent: leaving, State: organization.StateClosed},
		}
		s.Types = map[organization.PolicyType]organization.TypeStatus{organization.SCP: organization.TypeEnabled, organization.RCP: organization.TypeEnabled, organization.DeclarativeEC2: organization.TypeEnabled}
		attachFull(s)
		s.Policies[guardrail] = &organizationtest.Policy{Name: "stay-and-log", Type: organization.SCP, Document: stayAndLog, Targets: []string{root}}
		s.Policies["p-regions"] = &organizationtest.Policy{Name: "regions", Type: organization.SCP, Document: policy(statementOf("Allow", "ec2:*", "")), Targets: []string{web}}
		s.Policies["p-perimeter"] = &organizationtest.Policy{Name: "perimeter", Type: organization.RCP, Document: policy(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-exampleorgid"}}}`), Targets: []string{workload}}
		s.Policies["p-baseline"] = &organizationtest.Policy{Name: "baseline", Type: organization.DeclarativeEC2, Document: `{"ec2_attributes":{"serial_console_access":{"status":{"@@assign":"disabled"}}}}`, Targets: []string{root}}
		s.Delegated = map[string][]string{security: {"access-analyzer.amazonaws.com", "config.amazonaws.com", "guardduty.amazonaws.com"}}
		s.Trusted = []string{"access-analyzer.amazonaws.com", "guardduty.amazonaws.com", "ram.amazonaws.com"}
		s.ResourcePolicy = policy(managePolicy)
	})
	return w
}

// badWorld is an organization with all features on which every other control fails.
func badWorld() *world {
	w := goodWorld()
	w.resources = append(w.resources, posture.Resource{Partition: "aws", Account: management, Region: "eu-west-1", Type: "AWS::EC2::Instance", ID: "i-0123456789abcdef0"})
	w.Edit(func(s *organizationtest.State) {
		s.Accounts[shop].Parent = root
		s.Accounts[security].State = organization.StateSuspended
		delete(s.Types, organization.RCP)
		s.Policies["p-perimeter"].Targets, s.Policies[guardrail].Targets = nil, []string{}
		s.Delegated, s.ResourcePolicy = map[string][]string{management: {"guardduty.amazonaws.com"}}, ""
	})
	return w
}

// billingWorld is an organization for consolidated billing: no policy types.
func billingWorld() *world {
	w := goodWorld()
	w.Edit(billingOnly)
	return w
}

func billingOnly(s *organizationtest.State) {
	s.AllFeatures, s.Types = false, map[organization.PolicyType]organization.TypeStatus{}
	for _, p := range s.Policies {
		p.Targets = nil
	}
}

// pathlessWorld is the good one where accounts come without paths and states.
func pathlessWorld() *world {
	w := goodWorld()
	w.Edit(func(s *organizationtest.State) { s.NoPaths, s.OnlyStatus = true, true; delete(s.Accounts, closed) })
	return w
}

// newWorld is an organization that was just made.
func newWorld() *world { return &world{Organizations: organizationtest.New(place), place: place} }

// outsideWorld is an account in no organization.
func outsideWorld() *world {
	w := newWorld()
	w.Edit(func(s *organizationtest.State) { *s = organizationtest.State{} })
	return w
}

func fixture(name string, make func() *world) conformance.Fixture {
	return conformance.Fixture{Name: name, Make: func() conformance.Ground { return make().ground() }}
}

func edit(change func(*organizationtest.State)) func(conformance.Ground) {
	return func(g conformance.Ground) { g.Fake.(*world).Edit(change) }
}

func spoil(name string, change func(*organizationtest.State), flips ...string) conformance.Weakening {
	return conformance.Weakening{Name: name, Edit: edit(change), Flips: flips}
}

// judge scans with one evaluator.
func judge(t *testing.T, e posture.Evaluator) []posture.Finding {
	t.Helper()
	for r := range posture.Scan(t.Context(), []posture.Evaluator{e}, nil) {
		return r.Findings
	}
	t.Fatal("no result")
	return nil
}

// statuses are the verdicts by resource id.
func statuses(fs []posture.Finding) map[string]posture.Status {
	out := map[string]posture.Status{}
	for _, f := range fs {
		out[f.Resource.ID] = f.Status
	}
	return out
}

func TestEvaluators(t *testing.T) { conformance.Evaluators(t, domain) }

func TestRemediators(t *testing.T) { conformance.Remediators(t, domain) }
