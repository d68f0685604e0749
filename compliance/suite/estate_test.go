package suite_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/advisor/trustedadvisor/trustedadvisortest"
	"github.com/awsposture/posture/compliance/suite"
	"github.com/awsposture/posture/guardduty/guarddutytest"
	"github.com/awsposture/posture/iam/iamtest"
	"github.com/awsposture/posture/iam/organization"
	"github.com/awsposture/posture/iam/organization/organizationtest"
	"github.com/awsposture/posture/inspector/inspectortest"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/shield/shieldtest"
)

const (
	management = "111122223333"
	shop       = "444455556666"
	security   = "777788889999" // administers GuardDuty for the organization
	outsider   = "555555555555" // in no organization, and neither is
	stranger   = "999988887777"
)

// member is the fakes of one account of an estate.
type member struct {
	id        string
	iam       *iamtest.IAM
	guardduty map[string]*guarddutytest.GuardDuty // by region
	org       *tagged
	contacts  *contacts
	zones     *zones
	shield    *shieldtest.Shield
	advice    *advisortest.Advisor
	inspector map[string]*inspectortest.Inspector // by region
}

// tagged is the fake organization with the tags of its accounts.
type tagged struct {
	*organizationtest.Organizations
	tags map[string]map[string]string
}

func (f *tagged) ListTagsForResource(ctx context.Context, in *organizations.ListTagsForResourceInput, _ ...func(*organizations.Options)) (*organizations.ListTagsForResourceOutput, error) {
	return awsfake.Do(ctx, &f.Faults, awsfake.Op{Service: "Organizations", Name: "ListTagsForResource", Prefix: "organizations", Denied: "AccessDeniedException"}, in, func() (*organizations.ListTagsForResourceOutput, error) {
		tags := f.tags[*in.ResourceId]
		page, next, err := awsfake.Page(&f.Faults, slices.Sorted(maps.Keys(tags)), in.NextToken, nil, 50)
		out := &organizations.ListTagsForResourceOutput{NextToken: next}
		for _, k := range page {
			out.Tags = append(out.Tags, orgtypes.Tag{Key: &k, Value: aws.String(tags[k])})
		}
		return out, err
	})
}

func (m *member) faults() map[string][]*awsfake.Faults {
	all := map[string][]*awsfake.Faults{"iam": {&m.iam.Faults}, "organizations": {&m.org.Faults}, "account": {&m.contacts.Faults}, "access-analyzer": {&m.zones.Faults}, "shield": {&m.shield.Faults}, "trustedadvisor": {&m.advice.Faults}}
	for _, region := range slices.Sorted(maps.Keys(m.guardduty)) {
		all["guardduty"] = append(all["guardduty"], &m.guardduty[region].Faults)
		all["inspector2"] = append(all["inspector2"], &m.inspector[region].Faults)
	}
	return all
}

func (m *member) calls() (n int) {
	for _, fs := range m.faults() {
		for _, f := range fs {
			n += len(f.Calls())
		}
	}
	return n
}

// estate is several accounts behind one aws.Config: whose fakes a call asks, its
// access key tells, as with AWS.
type estate struct {
	awsfake.Faults                    // of STS
	base           string             // the ARN of who has the configuration's own credentials
	regions        []string           // enabled in each account
	state          func(string) state // of an account, when it is first asked
	trust          func(*sts.AssumeRoleInput) error
	keep           int           // how many accounts beside the base's keep their fakes; 0 is all
	forgotten      int           // calls that the others got
	least          time.Duration // that a session was good for yet when it was used
	halve          bool          // answers AssumeRole without a token

	mu       sync.Mutex
	members  map[string]*member
	recent   []string
	sessions map[string]session
	assumed  []sts.AssumeRoleInput
}

// state changes the fakes of a new account.
type state func(*member)

type session struct {
	account, arn string
	expires      time.Time
}

func newEstate(base string) *estate {
	return &estate{base: base, regions: []string{"eu-west-1", "us-east-1"}, members: map[string]*member{}, sessions: map[string]session{}, least: 24 * time.Hour}
}

func (e *estate) config() aws.Config { return awsfake.Serve("eu-west-1", e.choose) }

func (e *estate) accounts(ids ...string) suite.Accounts {
	return suite.Accounts{Config: e.config(), Role: suite.Role{Name: "audit/posture"}, IDs: ids, Rates: unpaced}
}

func (e *estate) choose(key string) (awsfake.Services, error) {
	e.mu.Lock()
	s, temporary := e.sessions[key]
	if temporary {
		e.least = min(e.least, time.Until(s.expires))
	}
	e.mu.Unlock()
	if !temporary {
		s = session{account: strings.Split(e.base, ":")[4], arn: e.base}
	} else if !s.expires.After(time.Now()) {
		return nil, &smithy.GenericAPIError{Code: "ExpiredToken", Message: "The security token included in the request is expired"}
	}
	m := e.member(s.account)
	services := awsfake.Services{"STS": &tokens{e, s}, "IAM": m.iam, "Organizations": m.org, "Account": m.contacts, "AccessAnalyzer": m.zones, "Shield": m.shield, "TrustedAdvisor": trustedadvisortest.New(m.advice)}
	for region, f := range m.guardduty {
		services["GuardDuty/"+region] = f
		services["Inspector2/"+region] = m.inspector[region]
	}
	return services, nil
}

// member gives the fakes of an account, made when it is first asked.
func (e *estate) member(id string) *member {
	e.mu.Lock()
	defer e.mu.Unlock()
	if m := e.members[id]; m != nil {
		return m
	}
	p := posture.Place{Partition: "aws", Account: id}
	m := &member{
		id: id, iam: iamtest.New(p), guardduty: map[string]*guarddutytest.GuardDuty{}, org: &tagged{Organizations: organizationtest.New(p)},
		contacts: &contacts{account: id, regions: e.regions}, zones: &zones{}, shield: shieldtest.New(p), advice: advisortest.New(p), inspector: map[string]*inspectortest.Inspector{},
	}
	for _, region := range e.regions {
		m.guardduty[region] = guarddutytest.New(posture.Place{Partition: "aws", Account: id, Region: region})
		m.inspector[region] = inspectortest.New(posture.Place{Partition: "aws", Account: id, Region: region})
	}
	if id == outsider || id == stranger {
		m.org.Edit(func(s *organizationtest.State) { s.ID = "" })
	} else {
		m.org.Edit(organized)
		m.org.tags = map[string]map[string]string{shop: {"stage": "production", "owner": "ana"}, security: {"stage": "production"}}
	}
	if e.state != nil {
		e.state(id)(m)
	}
	e.members[id] = m
	if strings.Contains(e.base, "::"+id+":") {
		return m
	}
	if e.recent = append(e.recent, id); e.keep > 0 && len(e.recent) > e.keep {
		e.forgotten += e.members[e.recent[0]].calls()
		delete(e.members, e.recent[0])
		e.recent = e.recent[1:]
	}
	return m
}

// organized is the organization of the estate, as each of its accounts has it.
func organized(s *organizationtest.State) {
	s.Management = management
	s.Units = map[string]*organizationtest.Unit{"ou-ab12-11111111": {Name: "work", Parent: s.Root}, "ou-ab12-22222222": {Name: "shops", Parent: "ou-ab12-11111111"}}
	s.Accounts = map[string]*organizationtest.Account{
		management:     {Name: "main", Parent: s.Root},
		shop:           {Name: "shop", Parent: "ou-ab12-22222222"},
		security:       {Name: "security", Parent: "ou-ab12-11111111"},
		"222222222222": {Name: "old", Parent: "ou-ab12-11111111", State: organization.StateClosed},
	}
	s.Delegated = map[string][]string{security: {"guardduty.amazonaws.com"}}
}

// tokens is STS for one caller.
type tokens struct {
	*estate
	who session
}

func stsOp(name string) awsfake.Op {
	return awsfake.Op{Service: "STS", Name: name, Prefix: "sts", Denied: "AccessDenied"}
}

func (f *tokens) GetCallerIdentity(ctx context.Context, in *sts.GetCallerIdentityInput, _ ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error) {
	return awsfake.Do(ctx, &f.Faults, stsOp("GetCallerIdentity"), in, func() (*sts.GetCallerIdentityOutput, error) {
		return &sts.GetCallerIdentityOutput{Account: &f.who.account, Arn: &f.who.arn, UserId: aws.String("AROAEXAMPLE:posture")}, nil
	})
}

func (f *tokens) AssumeRole(ctx context.Context, in *sts.AssumeRoleInput, _ ...func(*sts.Options)) (*sts.AssumeRoleOutput, error) {
	return awsfake.Do(ctx, &f.Faults, stsOp("AssumeRole"), in, func() (*sts.AssumeRoleOutput, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.assumed = append(f.assumed, *in)
		if f.who.arn != f.base {
			return nil, &smithy.GenericAPIError{Code: "AccessDenied", Message: "User: " + f.who.arn + " is not authorized to perform: sts:AssumeRole on resource: " + *in.RoleArn}
		}
		if strings.Contains(f.who.arn, ":assumed-role/") && *in.DurationSeconds > 3600 {
			return nil, &smithy.GenericAPIError{Code: "ValidationError", Message: "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"}
		}
		if f.trust != nil {
			if err := f.trust(in); err != nil {
				return nil, err
			}
		}
		parts := strings.Split(*in.RoleArn, ":")
		name := parts[5][strings.LastIndexByte(parts[5], '/')+1:]
		s := session{parts[4], "arn:aws:sts::" + parts[4] + ":assumed-role/" + name + "/" + *in.RoleSessionName, time.Now().Add(time.Duration(*in.DurationSeconds) * time.Second)}
		key := fmt.Sprintf("ASIA%016d", len(f.sessions)+1)
		f.sessions[key] = s
		out := &sts.AssumeRoleOutput{Credentials: &ststypes.Credentials{AccessKeyId: &key, SecretAccessKey: aws.String("example"), SessionToken: aws.String("example"), Expiration: &s.expires}}
		if f.halve {
			out.Credentials.SessionToken = nil
		}
		return out, nil
	})
}

// baseUser has the configuration's own credentials, in the management account.
const baseUser = "arn:aws:iam::" + management + ":user/scanner"

// noTrust refuses the role in one account, as AWS does.
func noTrust(account string) func(*sts.AssumeRoleInput) error {
	return func(in *sts.AssumeRoleInput) error {
		if !strings.Contains(*in.RoleArn, "::"+account+":") {
			return nil
		}
		return &smithy.GenericAPIError{Code: "AccessDenied", Message: "User: " + baseUser + " is not authorized to perform: sts:AssumeRole on resource: " + *in.RoleArn}
	}
}

// scanned is the results of a scan, by account.
func scanned(t *testing.T, a suite.Accounts) map[string][]posture.Result {
	t.Helper()
	by := map[string][]posture.Result{}
	for r := range a.Scan(t.Context(), nil) {
		by[r.Place.Account] = append(by[r.Place.Account], r)
	}
	return by
}
