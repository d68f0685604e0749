package policy

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// The keys that follow from the request, for every kind of caller. "-" is an
// absent key, "?" one that nothing is known about.
func TestDerivedKeys(t *testing.T) {
	user := alice()
	user.ID = "AIDAONE"
	session := app()
	session.ID = "AROAONE"
	acting := service("a.amazonaws.com")
	acting.Services = []string{"a.amazonaws.com", "b.amazonaws.com"}
	saml := Principal{Kind: SAML, Provider: provider}
	keys := []string{"aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalType", "aws:userid", "aws:username", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalIsAWSService", "aws:PrincipalServiceName", "aws:PrincipalServiceNamesList", "aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths", "aws:PrincipalTag/t"}
	for name, c := range map[string]struct {
		p    Principal
		want string
	}{
		"user":      {user, aliceARN + " 111111111111 User AIDAONE alice o-ex o-ex/r-1/ou-a/ false - - 111111111111 o-ex o-ex/r-1/ou-a/ ?"},
		"session":   {session, appARN + " 111111111111 AssumedRole AROAONE:s1 - o-ex ? false - - 111111111111 o-ex o-ex/r-1/ou-a/ ?"},
		"federated": {fed(), fedARN + " 111111111111 FederatedUser 111111111111:alice - ? ? false - - 111111111111 o-ex o-ex/r-1/ou-a/ ?"},
		"root":      {root(), "arn:aws:iam::111111111111:root 111111111111 Account 111111111111 - o-ex ? false - - 111111111111 o-ex o-ex/r-1/ou-a/ ?"},
		"service":   {acting, "? ? ? ? - - - true a.amazonaws.com a.amazonaws.com|b.amazonaws.com 111111111111 o-ex o-ex/r-1/ou-a/ -"},
		"saml":      {saml, "- ? ? ? - - - - - - 111111111111 o-ex o-ex/r-1/ou-a/ -"},
		"anonymous": {anonymous(), "- anonymous Anonymous anonymous - - - - - - 111111111111 o-ex o-ex/r-1/ou-a/ -"},
		"tagged":    {tagged(alice(), "T", "x"), aliceARN + " 111111111111 User ? alice o-ex o-ex/r-1/ou-a/ false - - 111111111111 o-ex o-ex/r-1/ou-a/ x"},
	} {
		var conditions []string
		for _, k := range keys {
			conditions = append(conditions, `"`+k+`":"x"`)
		}
		e := compile(t, Policies{Identity: ifs(`"StringEquals":{` + strings.Join(conditions, ",") + `}`)})
		r := get(c.p)
		r.Unknown = []string{"*"}
		ev := &evaluation{}
		if d := ev.decide(e, &r); d.Err != nil {
			t.Errorf("%s: %v", name, d.Err)
		}
		var got []string
		for _, k := range keys {
			s := ev.key(e.keys.find(k))
			text := "-"
			if s.state == unknown {
				text = "?"
			}
			var values []string
			for i := range s.len() {
				values = append(values, s.at(i))
			}
			if len(values) > 0 {
				text = strings.Join(values, "|")
			}
			got = append(got, text)
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", name, text, c.want)
		}
	}
}

func TestMalformedRequests(t *testing.T) {
	e := compile(t, Policies{Identity: ifs(`"StringEquals":{"a:k":"x"}`)})
	for _, c := range []struct {
		change func(*Request)
		field  string
	}{
		{func(r *Request) { r.Action = "" }, "Action"},
		{func(r *Request) { r.Action = "GetObject" }, "Action"},
		{func(r *Request) { r.Action = "s3:" }, "Action"},
		{func(r *Request) { r.Action = "s3:Get*" }, "Action"},
		{func(r *Request) { r.Action = "s3:Get:Object" }, "Action"},
		{func(r *Request) { r.Action = "s3:" + strings.Repeat("a", 200) }, "Action"},
		{func(r *Request) { r.Resource = "b/k" }, "Resource"},
		{func(r *Request) { r.Resource = "arn:aws:s3:::" }, "Resource"},
		{func(r *Request) { r.Owner = Account{} }, "Owner"},
		{func(r *Request) { r.Resource = key; r.Owner = Account{ID: accountB} }, "Owner"},
		{func(r *Request) { r.Principal = Principal{} }, "Principal.Kind"},
		{func(r *Request) { r.Principal.ARN = appARN }, "Principal.ARN"},
		{func(r *Request) { r.Principal.ARN = "arn:aws:iam::1:user/alice" }, "Principal.ARN"},
		{func(r *Request) { r.Principal.Account.ID = accountB }, "Principal.Account"},
		{func(r *Request) { r.Principal.Session = sessionARN }, "Principal.Session"},
		{func(r *Request) {
			r.Principal = app()
			r.Principal.Session = "arn:aws:sts::111111111111:assumed-role/other/s1"
		}, "Principal.Session"},
		{func(r *Request) { r.Principal = Principal{Kind: AWSService} }, "Principal.Service"},
		{func(r *Request) { r.Principal = Principal{Kind: SAML} }, "Principal.Provider"},
		{func(r *Request) { r.Context = Context{"AWS:PrincipalArn": {bobARN}} }, "aws:principalarn"},
		{func(r *Request) { r.Context = Context{"aws:ResourceAccount": {accountB}} }, "aws:resourceaccount"},
		{func(r *Request) {
			r.Principal = tagged(alice(), "t", "x")
			r.Context = Context{"aws:PrincipalTag/t": {"y"}}
		}, "aws:PrincipalTag/t"},
	} {
		r := get(alice())
		c.change(&r)
		d := e.Decide(&r)
		if d.Err == nil || d.Err.Field != c.field || d.Verdict != ImplicitDeny || d.Layer != LayerRequest {
			t.Errorf("%s: got %s", c.field, d)
		}
		if x := e.Explain(&r); x.Error == "" || !strings.Contains(x.Text(), x.Error) {
			t.Errorf("%s: explained without the error", c.field)
		}
	}
	if d := e.Decide(nil); d.Err == nil || d.Allowed() {
		t.Errorf("nil request: %s", d)
	}
	if x := e.Explain(nil); x.Err == nil {
		t.Error("nil request explained")
	}
	// Saying again what follows from the request is no contradiction.
	r := get(alice()).with("aws:username", "alice").with("a:k", "x").with("aws:PrincipalArn", aliceARN)
	if d := e.Decide(&r); !d.Allowed() {
		t.Errorf("got %s", d)
	}
}

// Tags belong to identities: a service or an anonymous caller has none.
func TestTagsOfCallersWithoutIdentity(t *testing.T) {
	e := compile(t, Policies{Resource: doc(Resource, to(`"*"`, "Allow", "s3:*", `"Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/t":"x"}}`))})
	r := get(anonymous()).with("aws:PrincipalTag/t", "x")
	if d := e.Decide(&r); d.Err == nil {
		t.Errorf("got %s", d)
	}
}

func TestCompileErrors(t *testing.T) {
	good := doc(Identity, full)
	for name, p := range map[string]Policies{
		"kind":       {Identity: []*Document{doc(SCP, full)}},
		"unset kind": {Identity: []*Document{{Statements: good.Statements}}},
		"boundary":   {Boundary: doc(SCP, full)},
		"levels":     {SCPs: make([]Level, maxLevels+1)},
		"literal":    {Identity: []*Document{{Kind: Identity, Statements: []Statement{{Effect: "Permit", Action: Values("*"), Resource: Values("*")}}}}},
	} {
		if _, err := Compile(p); err == nil {
			t.Errorf("%s: compiled", name)
		}
	}
	// A managed policy serves as a boundary and as a session policy.
	if _, err := Compile(Policies{Boundary: good, Session: []*Document{good}}); err != nil {
		t.Error(err)
	}
}

// More keys than fit on the stack, and lists long enough to be searched.
func TestManyKeysAndValues(t *testing.T) {
	var conditions []string
	var values []string
	for i := range 40 {
		values = append(values, fmt.Sprintf(`"v%02d"`, i))
	}
	r := get(alice())
	for i := range 60 {
		k := fmt.Sprintf("a:k%d", i)
		conditions = append(conditions, `"`+k+`":[`+strings.Join(values, ",")+`]`)
		r = r.with(k, fmt.Sprintf("v%02d", i%40))
	}
	p := Policies{Identity: ifs(`"StringEquals":{` + strings.Join(conditions, ",") + `}`)}
	e := compile(t, p)
	if d := e.Decide(&r); !d.Allowed() {
		t.Errorf("got %s", d)
	}
	for i := range 60 {
		bad := r.with(fmt.Sprintf("a:k%d", i), "v40")
		d := e.Decide(&bad)
		if d.Allowed() {
			t.Errorf("allowed with a wrong value of key %d", i)
		}
		crossCheck(t, p, &bad, d)
	}
}

// A statement too long for the index is found all the same, and costs no more
// memory than its text.
func TestLongStatement(t *testing.T) {
	var actions, resources []string
	for i := range 4000 {
		actions = append(actions, fmt.Sprintf("svc%d:Do", i))
		resources = append(resources, fmt.Sprintf("arn:aws:s3:::bucket%d/*", i))
	}
	p := Policies{Identity: []*Document{{Kind: Identity, Version: Version2012, Statements: []Statement{
		{Effect: EffectAllow, Action: Values(actions...), Resource: Values(resources...)},
	}}}}
	e := compile(t, p)
	for action, want := range map[string]bool{"svc3999:Do": true, "svc4000:Do": false} {
		r := do(alice(), action, "arn:aws:s3:::bucket17/k")
		d := e.Decide(&r)
		if d.Allowed() != want {
			t.Errorf("%s: %s", action, d)
		}
		crossCheck(t, p, &r, d)
	}
	if n := len(e.index.any.nodes); n != 1 || len(e.index.byService) != 0 {
		t.Errorf("%d prefixes, %d services", n, len(e.index.byService))
	}
}

// An engine serves any number of goroutines. Run with -race.
func TestConcurrentDecisions(t *testing.T) {
	e := compile(t, hardPolicies(t, hardTexts()))
	rs := hardRequests()
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 200 {
				r := rs[(g*200+i)%len(rs)]
				if !e.Decide(r).Allowed() || i%50 == 0 && !e.Explain(r).Allowed() {
					t.Error("refused")
				}
			}
		})
	}
	wg.Wait()
}

// The index leaves few of the 567 statements to be looked at: this counts
// work, which does not depend on the machine.
func TestStatementsVisited(t *testing.T) {
	e := compile(t, hardPolicies(t, hardTexts()))
	for _, r := range hardRequests()[:10] {
		visited := 0
		for _, p := range []*prefixes{e.index.byService["s3"], e.index.any} {
			for i := p.last(r.Resource); i >= 0; i = p.nodes[i].parent {
				visited += len(p.nodes[i].statements)
			}
		}
		if visited > 10 {
			t.Errorf("%s: %d statements visited", r.Resource, visited)
		}
	}
}
