package policy

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func compile(t interface{ Fatal(...any) }, p Policies) *Engine {
	e, err := Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The compiled engine says what the slow evaluator says.
func TestAgreesWithSlowEvaluator(t *testing.T) {
	verdicts := map[Verdict]int{}
	rapid.Check(t, func(t *rapid.T) {
		p := randomPolicies(t)
		e := compile(t, p)
		for range 8 {
			r := randomRequest(t)
			d := e.Decide(&r)
			verdicts[d.Verdict]++
			if d.Err != nil {
				t.Fatalf("malformed: %v", d.Err)
			}
			crossCheck(t, p, &r, d)
		}
	})
	for _, v := range []Verdict{Allow, ImplicitDeny, ExplicitDeny} {
		if verdicts[v] == 0 {
			t.Errorf("no request of the run was decided %s", v)
		}
	}
	t.Log(verdicts)
}

func FuzzAgreesWithSlowEvaluator(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		p, r := randomPolicies(t), randomRequest(t)
		crossCheck(t, p, &r, compile(t, p).Decide(&r))
	}))
}

// Adding a Deny never allows more; adding an Allow to an identity policy never
// allows less.
func TestMonotone(t *testing.T) { rapid.Check(t, monotone) }

func FuzzMonotone(f *testing.F) { f.Fuzz(rapid.MakeFuzz(monotone)) }

func monotone(t *rapid.T) {
	p := randomPolicies(t)
	r := randomRequest(t)
	before := compile(t, p).Decide(&r).Allowed()
	effect := rapid.SampledFrom([]string{EffectAllow, EffectDeny}).Draw(t, "added")
	extra := &Document{Kind: Identity, Version: Version2012, Statements: []Statement{randomStatement(t, Identity, effect)}}
	p.Identity = append(slices.Clone(p.Identity), extra)
	after := compile(t, p).Decide(&r).Allowed()
	if effect == EffectDeny && after && !before {
		t.Fatal("a Deny allowed a request")
	}
	if effect == EffectAllow && before && !after {
		t.Fatal("an Allow refused a request")
	}
}

// The order of policies, statements and values makes no difference.
func TestOrderNeverMatters(t *testing.T) { rapid.Check(t, orderNeverMatters) }

func FuzzOrder(f *testing.F) { f.Fuzz(rapid.MakeFuzz(orderNeverMatters)) }

func orderNeverMatters(t *rapid.T) {
	p := randomPolicies(t)
	r := randomRequest(t)
	want := compile(t, p).Decide(&r)
	turned := p
	turned.Identity = reverse(p.Identity)
	turned.Session = reverse(p.Session)
	if p.Resource != nil {
		turned.Resource = reverse([]*Document{p.Resource})[0]
	}
	if got := compile(t, turned).Decide(&r); got.String() != want.String() || got.Missing != want.Missing {
		t.Fatalf("%s became %s", want, got)
	}
}

func reverse(docs []*Document) []*Document {
	var out []*Document
	for _, d := range docs {
		c := *d
		c.Statements = slices.Clone(d.Statements)
		slices.Reverse(c.Statements)
		for i := range c.Statements {
			s := &c.Statements[i]
			for _, list := range []*[]Value{&s.Action, &s.NotAction, &s.Resource, &s.NotResource} {
				*list = slices.Clone(*list)
				slices.Reverse(*list)
			}
			s.Conditions = slices.Clone(s.Conditions)
			slices.Reverse(s.Conditions)
		}
		out = append(out, &c)
	}
	slices.Reverse(out)
	return out
}

// What the engine is sure of under unknown keys holds for every value of them.
func TestUnknownIsSound(t *testing.T) {
	undetermined := 0
	rapid.Check(t, func(t *rapid.T) {
		e := compile(t, randomPolicies(t))
		for range 8 {
			r := randomRequest(t)
			r.Context = Context{}
			r.Unknown = []string{"a:k", "a:j"}
			d := e.Decide(&r)
			if d.Verdict == Undetermined {
				undetermined++
				continue
			}
			r.Unknown = nil
			for range 4 {
				r.Context = Context{}
				for _, k := range []string{"a:k", "a:j"} {
					r.Context[k] = rapid.SliceOfN(rapid.SampledFrom(someValues), 0, 2).Draw(t, k)
				}
				if got := e.Decide(&r); got.Allowed() != d.Allowed() {
					t.Fatalf("%s without the values, %s with %v", d, got, r.Context)
				}
			}
		}
	})
	if undetermined == 0 {
		t.Error("no request of the run was undetermined")
	}
}
