package policy

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// An explanation decides like Decide, says the same each time, and its changes
// turn the decision round.
func TestExplanationIsTrue(t *testing.T) {
	turned := map[Verdict]int{}
	rapid.Check(t, func(t *rapid.T) {
		p := randomPolicies(t)
		p.Semantics.StarIsLimited = false
		e := compile(t, p)
		for range 4 {
			r := randomRequest(t)
			x := e.Explain(&r)
			if d := e.Decide(&r); !reflect.DeepEqual(d, x.Decision) {
				t.Fatalf("explained %s, decided %s", x.Decision, d)
			}
			if again := e.Explain(&r); again.Text() != x.Text() || !reflect.DeepEqual(again, x) {
				t.Fatal("explained in two ways")
			}
			agreesWithStatements(t, &x)
			all := e.ExplainAll(&r)
			agreesWithStatements(t, &all)
			if r.Principal.Kind == RoleSession && r.Principal.Session == "" {
				continue // the session cannot be named
			}
			if p.Resource != nil && (p.Resource.Kind == Trust) != strings.HasPrefix(r.Action, "sts:") {
				continue // a policy that this resource cannot have
			}
			if strings.HasSuffix(r.Resource, "/*") {
				continue // the escaped star is plain text in policies of the old version
			}
			changed, ok := apply(p, x.Changes, &r)
			if !ok {
				continue
			}
			d := compile(t, changed).Decide(&r)
			if d.Allowed() == x.Allowed() {
				t.Fatalf("still %s after\n%s", d, x.Text())
			}
			turned[x.Verdict]++
		}
	})
	for _, v := range []Verdict{Allow, ImplicitDeny, ExplicitDeny} {
		if turned[v] == 0 {
			t.Errorf("no decision %s was turned round", v)
		}
	}
}

// agreesWithStatements: the outcome of each layer is what its statements say.
func agreesWithStatements(t *rapid.T, x *Explanation) {
	for _, l := range x.Layers {
		applied := map[string]bool{}
		for _, s := range l.Statements {
			if s.Outcome == "applies" {
				applied[s.Effect] = true
			}
			if (s.Outcome == "applies") != (len(s.Failed) == 0) {
				t.Fatalf("%s with failed clauses %v", s.Outcome, s.Failed)
			}
		}
		want := "silent"
		if applied[EffectDeny] {
			want = "denies"
		} else if applied[EffectAllow] {
			want = "allows"
		}
		if l.Outcome != want && l.Outcome != "not applicable" {
			t.Fatalf("layer %s %s, its statements say %s", l.Layer, l.Outcome, want)
		}
	}
}

// apply makes the changes; false when some cannot be made by editing policies,
// or there are none.
func apply(p Policies, cs []Change, r *Request) (Policies, bool) {
	var refs []StatementRef
	for _, c := range cs {
		refs = append(refs, c.Remove...)
	}
	p = removeStatements(p, refs)
	for _, c := range cs {
		switch c.Op {
		case "add":
			p = addStatement(p, c)
		case "remove":
		default:
			if c.Layer != LayerPublicAccessBlock {
				return p, false
			}
			p.RestrictPublicBuckets = false
		}
	}
	return p, len(cs) > 0
}

func addStatement(p Policies, c Change) Policies {
	add := func(d *Document, k Kind) *Document {
		if d == nil {
			return &Document{Kind: k, Version: Version2012, Statements: []Statement{*c.Add}}
		}
		e := *d
		e.Statements = append(slices.Clone(d.Statements), *c.Add)
		return &e
	}
	one := &Document{Version: Version2012, Statements: []Statement{*c.Add}}
	switch c.Layer {
	case LayerSCP:
		one.Kind = SCP
		p.SCPs = slices.Clone(p.SCPs)
		p.SCPs[c.Level].Policies = append(slices.Clone(p.SCPs[c.Level].Policies), one)
	case LayerIdentity:
		one.Kind = Identity
		p.Identity = append(slices.Clone(p.Identity), one)
	case LayerBoundary:
		p.Boundary = add(p.Boundary, Boundary)
	case LayerSession:
		one.Kind = Session
		p.Session = append(slices.Clone(p.Session), one)
	case LayerEndpoint:
		p.Endpoint = add(p.Endpoint, Endpoint)
	case LayerResource:
		k := Resource
		if c.Add.Resource == nil {
			k = Trust
		}
		p.Resource = add(p.Resource, k)
	}
	return p
}

func removeStatements(p Policies, refs []StatementRef) Policies {
	without := func(d *Document) *Document {
		if d == nil {
			return nil
		}
		e := *d
		e.Statements = nil
		for i, s := range d.Statements {
			if !slices.Contains(refs, StatementRef{d, i}) {
				e.Statements = append(e.Statements, s)
			}
		}
		return &e
	}
	all := func(ds []*Document) (out []*Document) {
		for _, d := range ds {
			out = append(out, without(d))
		}
		return out
	}
	levels := func(ls []Level) (out []Level) {
		for _, l := range ls {
			out = append(out, Level{l.Name, all(l.Policies)})
		}
		return out
	}
	p.Identity, p.Session, p.SCPs, p.RCPs = all(p.Identity), all(p.Session), levels(p.SCPs), levels(p.RCPs)
	p.Boundary, p.Resource, p.Endpoint = without(p.Boundary), without(p.Resource), without(p.Endpoint)
	return p
}

func TestExplainTexts(t *testing.T) {
	home := `{"Sid":"Home","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}`
	office := `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}`
	for _, c := range []struct {
		name string
		p    Policies
		r    Request
		want string
	}{
		{"condition", Policies{Identity: identity(office)}, get(alice()).with("aws:SourceIp", "198.51.100.7"), `arn:aws:iam::111111111111:user/alice may not s3:GetObject on arn:aws:s3:::b/k.
No policy of the caller allows it.
- identity policy of the caller: silent
    statement 1 of identity (line 1) would allow it, but its condition aws:SourceIp IpAddress 203.0.113.0/24 does not hold: the request has 198.51.100.7
To allow it: add to the identity policy of the caller: {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/k"}
`},
		{"variable", Policies{Identity: identity(home)}, get(alice()), `arn:aws:iam::111111111111:user/alice may not s3:GetObject on arn:aws:s3:::b/k.
No policy of the caller allows it.
- identity policy of the caller: silent
    statement "Home" of identity (line 1) would allow it, but its Resource is arn:aws:s3:::b/alice/*, not arn:aws:s3:::b/k
To allow it: add to the identity policy of the caller: {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/k"}
`},
		{"scp", Policies{Identity: identity(full), SCPs: []Level{level(SCP, full), level(SCP, ec2)}}, get(alice()), `arn:aws:iam::111111111111:user/alice may not s3:GetObject on arn:aws:s3:::b/k.
A service control policy level of the organization does not allow it, whatever the account's own policies say.
- service control policy, level 0 ou: allows
    statement 1 of scp (line 1) allows it
- service control policy, level 1 ou: silent
    1 statement about other actions
- identity policy of the caller: allows
    statement 1 of identity (line 1) allows it
To allow it: add to the service control policy at ou: {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/k"}
`},
		{"deny", Policies{Identity: identity(full), Resource: doc(Resource, `{"Sid":"TLS","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`)}, get(alice()).with("aws:SecureTransport", "false"), `arn:aws:iam::111111111111:user/alice may not s3:GetObject on arn:aws:s3:::b/k.
A policy forbids it, and no permission outweighs that.
- identity policy of the caller: allows
    statement 1 of identity (line 1) allows it
- resource policy: denies
    statement "TLS" of resource (line 1) denies it
To allow it: exempt this request from, or remove, statement "TLS" of resource (line 1)
`},
		{"allow", Policies{Identity: identity(full)}, get(alice()), `arn:aws:iam::111111111111:user/alice may s3:GetObject on arn:aws:s3:::b/k.
Why: every policy of the caller allows.
- identity policy of the caller: allows
    statement 1 of identity (line 1) allows it
To refuse it: remove statement 1 of identity (line 1)
`},
		{"malformed", Policies{}, do(alice(), "s3:*", "*"), `arn:aws:iam::111111111111:user/alice may not s3:*.
The question is malformed: request: Action: "s3:*" is not the name of one action.
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := compile(t, c.p).Explain(&c.r)
			if got := x.Text(); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if _, err := json.Marshal(x); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestExplainUndetermined(t *testing.T) {
	r := get(alice())
	r.Unknown = []string{"*"}
	x := compile(t, Policies{Identity: ifs(`"Bool":{"aws:MultiFactorAuthPresent":"true"}`)}).Explain(&r)
	if x.Verdict != Undetermined || len(x.Unknown) != 1 || x.Unknown[0] != "aws:multifactorauthpresent" {
		t.Errorf("got %s, waiting for %v", x.Verdict, x.Unknown)
	}
	failed := x.Layers[0].Statements[0].Failed
	if len(failed) != 1 || !failed[0].Unknown {
		t.Errorf("got %+v", failed)
	}
}

func BenchmarkExplainSimple(b *testing.B) {
	p, rs := simpleCase()
	benchmarkExplain(b, p, rs)
}

func BenchmarkExplainHard(b *testing.B) {
	benchmarkExplain(b, hardPolicies(b, hardTexts()), hardRequests())
}

func benchmarkExplain(b *testing.B, p Policies, rs []*Request) {
	e := compile(b, p)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if x := e.Explain(rs[i%variants]); !x.Allowed() {
			b.Fatal("refused")
		}
		i++
	}
	b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "explanations/s")
}
