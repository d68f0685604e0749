package posture_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/awsposture/posture"
)

func TestChange(t *testing.T) {
	w := newWorld("a")
	s := change(t, w, "a", door{Open: true, Note: "<&>"}, door{Keys: []int{9007199254740993}})
	if !s.Bound() || s.Kind.Name != "test.door" || s.Target != thingOf("AWS::Test::Door", "a") || s.Loss != "" || s.Cost != "" {
		t.Errorf("%+v", s)
	}
	if got := string(s.Setting) + string(s.Before) + string(s.After); got != `{"name":"a"}{"open":true,"keys":null,"note":"<&>"}{"open":false,"keys":[9007199254740993]}` {
		t.Errorf("got %s", got)
	}
	if len(w.calls) != 0 {
		t.Errorf("making a step asked: %v", w.calls)
	}
	// A nil and an empty list are one state, a neighbouring great number is another.
	if same := change(t, w, "a", door{Open: true, Note: "<&>", Keys: []int{}}, door{Keys: []int{9007199254740992}}); same.Pre != s.Pre || same.Post == s.Post {
		t.Errorf("%s %s, %s %s", s.Pre, s.Post, same.Pre, same.Post)
	}
	rich, err := posture.Change(rich{World: w, Name: "a"}, vault{Note: "x", Keys: []int{1}}, vault{Note: "y", Seal: "gold"})
	if err != nil || rich.Loss != "keys [1]" || rich.Cost != "a gold seal" {
		t.Errorf("%v, %+v", err, rich)
	}
	unmarked, err := posture.Change(richOf(w), vault{Keys: []int{1}}, vault{Seal: "gold"})
	if err != nil || unmarked.Pre != rich.Pre || unmarked.Post != rich.Post || bytes.Equal(unmarked.Before, rich.Before) {
		t.Errorf("the note, which means nothing, changes the hash: %v", err)
	}
}

func richOf(w *world) rich { return rich{World: w, Name: "a"} }

func thingOf(typ, id string) posture.Resource { return here.Resource(typ, id, "") }

// list is a setting whose whole state is a list.
type list struct{ plain }

func (list) Get(context.Context) ([]string, error) { return nil, nil }
func (list) Set(context.Context, []string) error   { return nil }

func TestNilAndEmptyListAreOneState(t *testing.T) {
	s, err := posture.Change(list{}, []string{}, nil)
	if err != nil || s.Pre != s.Post {
		t.Errorf("%v, %s, %s", err, s.Pre, s.Post)
	}
}

func TestPlanID(t *testing.T) {
	w := newWorld("a", "b")
	p := closing(t, w, "a", "b")
	p.Impact.Broken = []posture.Use{{Principal: "ana", Action: "test:OpenDoor", Count: 1}}
	same := p
	same.Created, same.Expires, same.Warnings = time.Time{}, time.Time{}, []string{"slow"}
	same.Findings = []posture.Finding{p.Findings[0].Detailf("in other words")}
	if same.ID() != p.ID() || p.ID() != closingAgain(t, p).ID() {
		t.Errorf("%s, %s", p.ID(), same.ID())
	}
	for name, edit := range map[string]func(*posture.Plan){
		"place":       func(p *posture.Plan) { p.Place.Account = "111122223333" },
		"finding":     func(p *posture.Plan) { p.Findings = []posture.Finding{p.Findings[0].Part("x")} },
		"no finding":  func(p *posture.Plan) { p.Findings = nil },
		"risk":        func(p *posture.Plan) { p.Risk = posture.RiskLow },
		"impact":      func(p *posture.Plan) { p.Impact = posture.Impact{} },
		"coverage":    func(p *posture.Plan) { p.Impact.Coverage = 1 },
		"needs":       func(p *posture.Plan) { p.Needs = []string{"a hand"} },
		"order":       func(p *posture.Plan) { p.Steps = []posture.Step{p.Steps[1], p.Steps[0]} },
		"fewer steps": func(p *posture.Plan) { p.Steps = p.Steps[:1] },
		"after":       func(p *posture.Plan) { p.Steps = []posture.Step{p.Steps[0], change(t, w, "b", opened, sealed)} },
		"loss":        func(p *posture.Plan) { s := p.Steps[0]; s.Loss = "all"; p.Steps = []posture.Step{s, p.Steps[1]} },
		"writes":      func(p *posture.Plan) { s := p.Steps[0]; s.Kind.Writes = nil; p.Steps = []posture.Step{s, p.Steps[1]} },
	} {
		q := p
		if edit(&q); q.ID() == p.ID() {
			t.Errorf("%s is not in the id", name)
		}
	}
	if p.Risk != posture.RiskHigh || p.Expires.Sub(p.Created) != 15*time.Minute || p.Created.Location() != time.UTC {
		t.Errorf("%+v", p)
	}
	p.Steps = []posture.Step{{Before: json.RawMessage("{")}}
	if r, err := executor(posture.Limits{}).Apply(t.Context(), p); p.ID() != "" || err == nil || r.Outcome != posture.OutcomeRefused {
		t.Errorf("a plan that does not encode: %q, %v", p.ID(), err)
	}
}

// closingAgain is p read from JSON.
func closingAgain(t *testing.T, p posture.Plan) (q posture.Plan) {
	t.Helper()
	if err := json.Unmarshal(encode(t, p), &q); err != nil {
		t.Fatal(err)
	}
	return q
}

func TestBind(t *testing.T) {
	w := newWorld("a")
	w.doors["a"] = door{Open: true, Note: "<&>"} // what encoders escape, each in its way
	elsewhere := posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}
	p := plan(change(t, w, "a", w.doors["a"], closed))
	var unbound posture.Plan
	tight, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range [][]byte{tight, encode(t, p)} {
		if err := json.Unmarshal(form, &unbound); err != nil {
			t.Fatal(err)
		}
		if unbound.Steps[0].Bound() || unbound.ID() != p.ID() {
			t.Errorf("bound %v, %s, %s", unbound.Steps[0].Bound(), unbound.ID(), p.ID())
		}
		// Another account's clients beside the right ones do no harm.
		bound, err := unbound.Bind(posture.Bind[door](plain{World: w, Where: elsewhere}), posture.Bind[vault](rich{World: w}), posture.Bind[door](plain{World: w, Where: here}))
		if err != nil || !bound.Steps[0].Bound() || bound.ID() != p.ID() {
			t.Fatalf("%v", err)
		}
	}
	bound, _ := unbound.Bind(posture.Bind[door](plain{World: w, Where: here}))
	if r, err := executor(posture.Limits{}).Apply(t.Context(), bound); err != nil || r.Outcome != posture.OutcomeDone || w.doors["a"].Open {
		t.Errorf("%s, %v", r.Outcome, err)
	}
	step := unbound.Steps[0]
	with := func(edit func(*posture.Step)) posture.Plan {
		q, s := unbound, step
		edit(&s)
		q.Steps = []posture.Step{s}
		return q
	}
	right := posture.Bind[door](plain{World: w, Where: here})
	for says, tt := range map[string]struct {
		plan     posture.Plan
		bindings []posture.Binding
	}{
		"no binding for this kind":                 {unbound, []posture.Binding{posture.Bind[vault](rich{World: w})}},
		"is another step":                          {unbound, []posture.Binding{posture.Bind[door](plain{World: w, Where: elsewhere})}},
		"is a pointer":                             {unbound, []posture.Binding{posture.Bind[door](&plain{World: w, Where: here})}},
		`setting: json: unknown field "more"`:      {with(func(s *posture.Step) { s.Setting = json.RawMessage(`{"name":"a","more":1}`) }), []posture.Binding{right}},
		`was {"after"`:                             {with(func(s *posture.Step) { s.Setting = json.RawMessage(`{"name":"b"}`) }), []posture.Binding{right}},
		`before: json: unknown field "more"`:       {with(func(s *posture.Step) { s.Before = json.RawMessage(`{"open":true,"more":1}`) }), []posture.Binding{right}},
		"after: json: cannot unmarshal":            {with(func(s *posture.Step) { s.After = json.RawMessage(`{"open":"no"}`) }), []posture.Binding{right}},
		"after: more than one JSON value":          {with(func(s *posture.Step) { s.After = json.RawMessage(`{"open":false}}`) }), []posture.Binding{right}},
		`"open":false},"before":{"keys":null`:      {with(func(s *posture.Step) { s.After = json.RawMessage(`{"open":false}`) }), []posture.Binding{right}}, // not what it encodes to
		`step 0, test.door on AWS::Test::Door a: `: {with(func(s *posture.Step) { s.Pre = s.Post }), []posture.Binding{right}},
		`"loss":"nothing`:                          {with(func(s *posture.Step) { s.Loss = "nothing to speak of" }), []posture.Binding{right}},
		"writes":                                   {with(func(s *posture.Step) { s.Kind.Writes = nil }), []posture.Binding{right}},
	} {
		if _, err := tt.plan.Bind(tt.bindings...); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
}

func TestPlanSurvivesJSON(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld()
		text := rapid.String()
		var steps []posture.Step
		for range rapid.IntRange(0, 3).Draw(rt, "steps") {
			any := func(name string) door {
				return door{Open: rapid.Bool().Draw(rt, name), Keys: rapid.SliceOf(rapid.Int()).Draw(rt, name), Note: text.Draw(rt, name)}
			}
			steps = append(steps, change(t, w, text.Draw(rt, "name"), any("from"), any("to")))
		}
		p := plan(steps...)
		p.Needs, p.Risk = rapid.SliceOf(text).Draw(rt, "needs"), rapid.SampledFrom([]posture.Risk{posture.RiskHigh, posture.RiskLow}).Draw(rt, "risk")
		q := closingAgain(t, p)
		bound, err := q.Bind(posture.Bind[door](plain{World: w, Where: here}))
		if err != nil || q.ID() != p.ID() || bound.ID() != p.ID() || !bytes.Equal(encode(t, p), encode(t, bound)) {
			rt.Fatalf("%v: %s, %s", err, p.ID(), q.ID())
		}
	})
}

type remediator struct{ controls []string }

func (r remediator) Controls() []string { return r.controls }
func (remediator) Place() posture.Place { return here }
func (remediator) Plan(context.Context, ...posture.Finding) (posture.Plan, error) {
	return posture.Plan{}, nil
}

func TestTargetOf(t *testing.T) {
	r := remediator{[]string{"test.a", "test.b"}}
	a, b := control("test.a").Fail(thing("x"), nil), control("test.b").Fail(thing("x"), nil)
	if got, err := posture.TargetOf(r, []posture.Finding{a, b}); err != nil || got != thing("x") {
		t.Errorf("%v, %v", got, err)
	}
	far := a
	far.Resource.Region = "us-east-1"
	for says, fs := range map[string][]posture.Finding{
		"no finding":                       nil,
		"does not answer test.c":           {a, control("test.c").Fail(thing("x"), nil)},
		"is on aws/123456789012/us-east-1": {a, far},
		"different targets":                {a, control("test.b").Fail(thing("y"), nil)},
	} {
		_, err := posture.TargetOf(r, fs)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
}

func TestRefusal(t *testing.T) {
	err := error(&posture.Refusal{Reason: posture.ReasonManagedElsewhere, Owner: "111122223333", Message: "the administrator sets it", Err: denied})
	if got := err.Error(); got != "posture: managed-elsewhere: the administrator sets it (managed by 111122223333): api error AccessDenied: no" || !errors.Is(err, denied) {
		t.Error(got)
	}
}
