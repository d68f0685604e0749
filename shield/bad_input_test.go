package shield_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"
	smithy "github.com/aws/smithy-go"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

func scan(t *testing.T, evs []posture.Evaluator) map[string][]posture.Finding {
	t.Helper()
	all := map[string][]posture.Finding{}
	for r := range posture.Scan(t.Context(), evs, nil) {
		all[r.Control.ID] = r.Findings
	}
	return all
}

func one(t *testing.T, fs []posture.Finding) posture.Finding {
	t.Helper()
	if len(fs) != 1 {
		t.Fatalf("want one finding, got %v", fs)
	}
	return fs[0]
}

// on gives the finding about the protection of an ARN.
func on(t *testing.T, fs []posture.Finding, arn string) posture.Finding {
	t.Helper()
	i := slices.IndexFunc(fs, func(f posture.Finding) bool { return f.Resource.ID == arn })
	if i < 0 {
		t.Fatalf("no finding on %s among %v", arn, fs)
	}
	return fs[i]
}

// standard are the controls that ask nothing of a subscription.
var standard = []string{"shield.edge-fronted", "shield.layer7-guard", "shield.attacks-seen"}

// Every failure of the first call leaves every control of Shield Advanced
// unknown with its cause.
func TestFailuresOfTheFirstCall(t *testing.T) {
	scp := "User: arn:aws:sts::111122223333:assumed-role/scanner/x is not authorized to perform: shield:GetSubscriptionState with an explicit deny in a service control policy"
	for name, test := range map[string]struct {
		err  error
		want posture.CauseKind
	}{
		"denied":              {awsfake.ErrDenied, posture.CauseDenied},
		"denied by SCP":       {&smithy.GenericAPIError{Code: "AccessDeniedException", Message: scp}, posture.CauseSCP},
		"throttled":           {&smithy.GenericAPIError{Code: "ThrottlingException", Message: "Rate exceeded"}, posture.CauseThrottled},
		"expired credentials": {&smithy.GenericAPIError{Code: "ExpiredTokenException", Message: "The security token included in the request is expired"}, posture.CauseCredentials},
		"timeout":             {context.DeadlineExceeded, posture.CauseTimeout},
		"an HTML page":        {&smithy.GenericAPIError{Code: "UnknownError", Message: "UnknownError"}, posture.CauseError},
		"not found, no words": {&smithy.GenericAPIError{Code: "ResourceNotFoundException"}, posture.CauseError},
	} {
		t.Run(name, func(t *testing.T) {
			w := good().Fake.(*world)
			w.Inject(awsfake.Fault{Operation: "GetSubscriptionState", Err: test.err})
			for id, fs := range scan(t, shield.Evaluators(w.account(place, w))) {
				if slices.Contains(standard, id) {
					continue
				}
				if f := one(t, fs); f.Status != posture.Unknown || f.Cause.Kind != test.want {
					t.Errorf("%s is %s because of %v", id, f.Status, f.Cause)
				}
			}
		})
	}
}

// Whatever a call answers instead of what was asked, no control that needs it
// passes on account of that: what passes passed before.
func TestFailuresNeverPass(t *testing.T) {
	ops := []string{
		"GetSubscriptionState", "DescribeSubscription", "ListProtections", "ListProtectionGroups", "DescribeDRTAccess",
		"DescribeEmergencyContactSettings", "ListAttacks", "DescribeAttackStatistics",
	}
	for _, g := range []struct {
		name string
		make func() *world
	}{{"bad", func() *world { return bad().Fake.(*world) }}, {"good", func() *world { return good().Fake.(*world) }}, {"absent", func() *world { return absent().Fake.(*world) }}} {
		before := scan(t, suite(g.make().account(place, g.make())))
		for _, op := range ops {
			for name, err := range map[string]error{
				"denied":         awsfake.ErrDenied,
				"throttled":      &smithy.GenericAPIError{Code: "ThrottlingException", Message: "Rate exceeded"},
				"not subscribed": &types.ResourceNotFoundException{Message: aws.String("The subscription does not exist.")},
				"internal":       &types.InternalErrorException{Message: aws.String("An internal error.")},
				"canceled":       context.Canceled,
			} {
				w := g.make()
				w.Inject(awsfake.Fault{Operation: op, Err: err})
				for id, fs := range scan(t, suite(w.account(place, w))) {
					for _, f := range fs {
						same := func(was posture.Finding) bool {
							return was.Fingerprint() == f.Fingerprint() && was.Status == posture.Pass
						}
						if f.Status == posture.Pass && !slices.ContainsFunc(before[id], same) {
							t.Errorf("%s, %s %s: %s on %s passes", g.name, op, name, id, f.Resource)
						}
					}
				}
			}
		}
	}
}

// A listing that breaks keeps what was read, and says that there is more.
func TestBrokenListing(t *testing.T) {
	w := good().Fake.(*world)
	w.PageSize = 2
	w.Inject(awsfake.Fault{Operation: "ListProtections", Skip: 1, Err: awsfake.ErrDenied})
	all := scan(t, suite(w.account(place, w)))
	statuses := map[posture.Status]int{}
	for _, f := range all["shield.resource-protected"] {
		statuses[f.Status]++
	}
	if statuses[posture.Pass] != 2 || statuses[posture.Fail] != 0 || statuses[posture.Unknown] == 0 {
		t.Errorf("shield.resource-protected: %v", statuses)
	}
	for _, f := range all["shield.protection-quota"] {
		if f.Status == posture.Pass {
			t.Errorf("a count that is not complete passes: %s", f.Detail)
		}
	}
}

// Without a fact, what needs it is unknown and says which; the rest is judged.
func TestFactsNotProvided(t *testing.T) {
	w := good().Fake.(*world)
	for name, test := range map[string]struct {
		take    func(*shield.Account)
		unknown []string
	}{
		"exposed": {func(a *shield.Account) { a.Exposed = nil }, []string{
			"shield.auto-response", "shield.auto-response-target", "shield.edge-fronted", "shield.layer7-guard", "shield.mitigation-group",
			"shield.not-protectable", "shield.protection-group", "shield.rate-rule-block", "shield.resource-protected", "shield.web-acl",
		}},
		"inventory":       {func(a *shield.Account) { a.Inventory = nil }, []string{"shield.protection-orphan"}},
		"health":          {func(a *shield.Account) { a.Health = nil }, []string{"shield.health-check-state"}},
		"role":            {func(a *shield.Account) { a.Role = nil }, []string{"shield.srt-access", "shield.srt-trust-condition"}},
		"log buckets":     {func(a *shield.Account) { a.LogBuckets = nil }, []string{"shield.srt-log-buckets"}},
		"response team":   {func(a *shield.Account) { a.ResponseTeam = nil }, []string{"shield.proactive-engagement"}},
		"alarms":          {func(a *shield.Account) { a.Alarms = nil }, []string{"shield.ddos-alarm"}},
		"mitigated since": {func(a *shield.Account) { a.MitigatedSince = nil }, nil}, // acts already
		"a panic": {func(a *shield.Account) {
			a.ResponseTeam = func(context.Context) (bool, error) { panic("a fault of the caller's") }
		}, []string{"shield.proactive-engagement"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := w.account(place, w)
			test.take(a)
			var unknown []string
			for id, fs := range scan(t, suite(a)) {
				for _, f := range fs {
					if f.Status == posture.Unknown && !slices.Contains(unknown, id) {
						unknown = append(unknown, id)
						if f.Cause.Kind != posture.CauseNotProvided && name != "a panic" || f.Cause.Message == "" {
							t.Errorf("%s: %v", id, f.Cause)
						}
					}
				}
			}
			if slices.Sort(unknown); !slices.Equal(unknown, test.unknown) {
				t.Errorf("unknown are %v, want %v", unknown, test.unknown)
			}
		})
	}
}

// What only counts cannot be judged without knowing since when.
func TestCountingSinceNobodyKnowsWhen(t *testing.T) {
	w := good().Fake.(*world)
	w.Edit(func(s *shieldtest.State) { s.AntiDDoS[siteACL] = shield.RuleCount })
	for name, since := range map[string]func(context.Context, string) (time.Time, error){
		"not provided": nil,
		"no time":      func(context.Context, string) (time.Time, error) { return time.Time{}, nil },
		"an error": func(context.Context, string) (time.Time, error) {
			return time.Time{}, errors.New("the trail is closed")
		},
	} {
		a := w.account(place, w)
		a.MitigatedSince = since
		if f := on(t, scan(t, suite(a))["shield.auto-response"], siteARN); f.Status != posture.Unknown || f.Cause == nil {
			t.Errorf("%s: %s, %s", name, f.Status, f.Detail)
		}
	}
}
