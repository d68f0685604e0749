package detections

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/schema"
	"github.com/awsposture/posture/detective/trail/trailtest"
)

// testCase holds patches of a detection's plainest event: those that must fire
// it, and near misses, each of which differs from one that fires in what one
// clause asks about.
type testCase struct {
	id     string
	match  []string
	misses []string
}

func cases() []testCase {
	return slices.Concat(evasionTrailsCases, evasionServicesCases, initialAccessCases, credentialAccessCases, persistenceCases, escalationCases, discoveryCases, lateralCases, exfiltrationCases, impactCases)
}

func testParams() Params {
	deploy := []string{"arn:aws:iam::111122223333:role/deploy-*"}
	return Params{
		OwnAccounts: []string{"111122223333"}, OwnBuckets: []string{"example-data"}, LogBuckets: []string{"example-logs"}, TrailBuckets: []string{"example-trail"},
		TrailKeys: []string{"trail-key"}, LoggingGroups: []string{"example-group"}, SecurityAlarms: []string{"example-alarm"}, SecurityRules: []string{"example-rule"},
		SecurityTopics: []string{"arn:aws:sns:us-east-1:111122223333:alerts"}, SensitiveRoles: []string{"admin-role"}, KnownProviders: []string{"accounts.example.com"},
		AllowedRegions: []string{"us-east-1"}, OwnPublicIPs: []string{"198.51.100.0/24"}, ThreatNetworks: []string{"203.0.113.0/24"},
		IaC: deploy, Pipelines: deploy, Auditors: deploy, Archivers: deploy, RootTasks: deploy, KeyIssuers: deploy, ConsoleBrokers: deploy, BedrockKeyUsers: deploy,
		Networks: map[string][]string{"office": {"198.51.100.0/24"}, "provider": {"192.0.2.0/25", "198.51.100.128/25"}}, Places: map[string][]string{"north": {"198.51.100.0/24"}, "south": {"192.0.2.0/24", "198.51.100.128/25"}},
		KnownSubjects: []string{"repo:example/app:*"}, KnownCAs: []string{"arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/1"}, KnownTargets: []string{"arn:aws:sns:us-east-1:111122223333:alerts"}, WatchedPatterns: map[string]string{"trail-rule": `{"detail":{"eventName":["StopLogging","DeleteTrail"]}}`},
		MeanModelCalls: 0.25, MeanMails: 0.2,
		ApprovedNetworks: []string{"198.51.100.0/24"}, LargeDownloadBytes: 10, WatchedFilters: map[string]string{"trail-changes": `{$.eventName = StopLogging || $.eventName = DeleteTrail}`},
	}
}

// plainest is an event with a source, name and outcome of the detection.
func plainest(d detection) map[string]any {
	e := map[string]any{"eventSource": "example.amazonaws.com", "eventName": "ExampleCall", "eventType": "AwsApiCall", "awsRegion": "us-east-1", "eventID": "1"}
	if f := strings.Fields(d.Source); len(f) > 0 {
		e["eventSource"] = f[0] + ".amazonaws.com"
	}
	if f := strings.Fields(d.Events); len(f) > 0 {
		e["eventName"] = strings.TrimSuffix(f[0], "~")
	}
	if d.Outcome == failure {
		e["errorCode"] = "AccessDenied"
	}
	return e
}

func patch(t *testing.T, e map[string]any, patches ...string) string {
	t.Helper()
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]any{}
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	for _, p := range patches {
		var m map[string]any
		if err := json.Unmarshal([]byte(p), &m); err != nil {
			t.Fatalf("%v in %s", err, p)
		}
		mergeInto(out, m)
	}
	b, err = json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func mergeInto(dst, src map[string]any) {
	for k, v := range src {
		a, ok1 := dst[k].(map[string]any)
		b, ok2 := v.(map[string]any)
		if ok1 && ok2 {
			mergeInto(a, b)
		} else {
			dst[k] = v
		}
	}
}

// variants are near misses of every detection: another name, another source,
// the other outcome, a caller that is expected.
var variants = []string{
	`{"eventName":"ExampleOther"}`, `{"eventSource":"other.amazonaws.com"}`, `{"errorCode":"AccessDenied"}`, `{"errorCode":null}`, `{"errorMessage":"Failed authentication"}`,
	`{"userIdentity":{"arn":"arn:aws:iam::111122223333:role/deploy-x"}}`, `{"userIdentity":{"sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::111122223333:role/deploy-x"}}}}`,
	`{"eventName":"UpdateFunctionCode20150331v2"}`, `{"eventName":"UpdateFunctionConfiguration20150331v2"}`,
}

func fires(t *testing.T, r rule.Rule, x rule.Expr, event string) bool {
	t.Helper()
	m, err := rule.CompileExpr(x)
	if err != nil {
		t.Fatalf("%s: %v", r.ID, err)
	}
	var e trail.Event
	if err := e.Parse([]byte(event)); err != nil {
		t.Fatal(err)
	}
	got := m.Event(&e)
	slow, err := trailtest.Slow(x, []byte(event))
	if err != nil || slow != got {
		t.Fatalf("%s on %s: engine %v, slow evaluator %v %v", r.ID, event, got, slow, err)
	}
	return got && (r.Refine == nil || r.Refine(&e) != rule.Clean)
}

func TestMatchesAndNearMisses(t *testing.T) {
	p := testParams()
	byID := map[string]detection{}
	for _, d := range all(&p) {
		byID[d.ID] = d
		if d.Needs != "" {
			t.Errorf("%s is not configured: %s", d.ID, d.Needs)
		}
	}
	tested := map[string]bool{}
	for _, c := range cases() {
		tested[c.id] = true
		d, ok := byID[c.id]
		if !ok {
			t.Errorf("%s is not there", c.id)
			continue
		}
		r := d.rules()[0]
		base := plainest(d)
		var pool []string
		for _, m := range c.match {
			ev := patch(t, base, m)
			pool = append(pool, ev)
			if !fires(t, r, r.Expr, ev) {
				t.Errorf("%s does not fire on %s\n%s", c.id, ev, r.Expr)
			}
			for _, v := range variants {
				pool = append(pool, patch(t, base, m, v))
			}
		}
		for _, m := range c.misses {
			ev := patch(t, base, m)
			pool = append(pool, ev)
			if fires(t, r, r.Expr, ev) {
				t.Errorf("%s fires on the near miss %s", c.id, ev)
			}
		}
		everyClauseMatters(t, r, pool)
	}
	for _, d := range byID {
		if d.Correlate == nil && !tested[d.ID] {
			t.Errorf("%s has no test", d.ID)
		}
	}
}

// everyClauseMatters replaces each test of the condition by true and by false:
// some event must tell the difference, or the tests say nothing of the clause.
func everyClauseMatters(t *testing.T, r rule.Rule, pool []string) {
	t.Helper()
	var events []*trail.Event
	for _, text := range pool {
		e := &trail.Event{}
		if err := e.Parse([]byte(text)); err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	original, err := rule.CompileExpr(r.Expr)
	if err != nil {
		t.Fatal(err)
	}
	n, names := 0, 0
	rule.Walk(r.Expr, func(a *rule.Atom) {
		n++
		if a.Path.String() == "eventName" {
			names++
		}
	})
	for i := range n {
		for _, with := range []rule.Const{true, false} {
			k := 0
			var was string
			mutant, err := rule.CompileExpr(replace(r.Expr, i, with, &k, &was))
			if err != nil {
				t.Fatal(err)
			}
			told := slices.ContainsFunc(events, func(e *trail.Event) bool {
				judge := func(m *rule.Match) bool { return m.Event(e) && (r.Refine == nil || r.Refine(e) != rule.Clean) }
				return judge(mutant) != judge(original)
			})
			if bool(with) && names > 1 && strings.HasPrefix(was, "eventName is ") {
				// The condition names the events again, each with what it asks
				// of it; the list then narrows nothing.
				continue
			}
			if !told {
				t.Errorf("%s: no event shows that %q matters (always %v changes nothing)", r.ID, was, with)
			}
		}
	}
}

func replace(x rule.Expr, i int, with rule.Const, k *int, was *string) rule.Expr {
	list := func(xs []rule.Expr) (out []rule.Expr) {
		for _, y := range xs {
			out = append(out, replace(y, i, with, k, was))
		}
		return out
	}
	switch x := x.(type) {
	case rule.And:
		return rule.And(list(x))
	case rule.Or:
		return rule.Or(list(x))
	case rule.Not:
		return rule.Not{X: replace(x.X, i, with, k, was)}
	case rule.Some:
		return rule.Some{Path: x.Path, X: replace(x.X, i, with, k, was)}
	case *rule.Atom:
		*k++
		if *k-1 == i {
			*was = x.String()
			return with
		}
	}
	return x
}

func TestCatalogue(t *testing.T) {
	p := testParams()
	seen := map[string]bool{}
	for _, d := range all(&p) {
		if seen[d.ID] {
			t.Errorf("%s occurs twice", d.ID)
		}
		seen[d.ID] = true
		if d.Title == "" || d.Look == "" || d.FalsePositives == "" || !strings.HasPrefix(d.Attack, "T1") || !slices.Contains([]string{"low", "medium", "high", "critical"}, d.Level) {
			t.Errorf("%s is not documented: %+v", d.ID, d)
		}
		for _, name := range strings.Fields(d.Events) {
			known := false
			for _, s := range strings.Fields(d.Source) {
				known = known || slices.Contains(schema.Names(s+".amazonaws.com"), strings.TrimSuffix(name, "~"))
			}
			if !known {
				t.Errorf("%s: %s is not a known event of %s", d.ID, name, d.Source)
			}
		}
	}
	for id, why := range Weaker() {
		if !seen[id] || why == "" {
			t.Errorf("%s is called weaker and is not there", id)
		}
	}
	for id := range NotYet() {
		if seen[id] {
			t.Errorf("%s is there and listed as not yet", id)
		}
	}
	numbers := map[string]bool{} // a number may have several rules, told apart by a word
	for id := range seen {
		number, _, _ := strings.Cut(id, ".")
		numbers[number] = true
		if !seen[number] {
			t.Errorf("%s has no rule of its number", id)
		}
	}
	if n := len(numbers) + len(NotYet()); n != 178 {
		t.Errorf("%d detections are accounted for, not 178", n)
	}
	for name, params := range map[string]Params{"configured": p, "empty": {}} {
		if _, err := rule.Compile(Rules(params)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(NotConfigured(Params{})); n < 10 || len(NotConfigured(p)) != 0 {
		t.Errorf("%d are not configured without parameters", n)
	}
}
