package suite_test

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	zone "github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/suite"
	"github.com/awsposture/posture/iam/organization/organizationtest"
	"github.com/awsposture/posture/iam/policy"
	"github.com/awsposture/posture/internal/awsfake"
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
