package rule

import (
	"fmt"
	"testing"

	"github.com/awsposture/posture/detective/trail"
)

// TestStrangersHeads: events whose heads and texts never come again are judged
// like others, and what is remembered of them stays bounded.
func TestStrangersHeads(t *testing.T) {
	set, err := Compile([]Rule{
		{ID: "name", Expr: All(Eq("eventName", "N7"), Eq("userIdentity.type", "Root"))},
		{ID: "code", Expr: All(Prefix("errorCode", "Access"), Has("requestParameters.x"))},
		{ID: "blind", Expr: All(Contains("userAgent", "tool"), No(Eq("readOnly", "true")))},
	})
	if err != nil {
		t.Fatal(err)
	}
	g := set.Engine(nil)
	judge := func(text string, want ...int) {
		t.Helper()
		var e trail.Event
		if err := e.Parse([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if got := g.Match(nil, &e); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%s: %v, not %v", text, got, want)
		}
	}
	remembered := 0
	for i := range 3 * maxHeads {
		judge(fmt.Sprintf(`{"eventName":"N%d","errorCode":"E%d","userAgent":"agent-%d"}`, i%5000+8, i, i))
		judge(`{"eventName":"N7","userIdentity":{"type":"Root"},"userAgent":"x"}`, 0)
		judge(fmt.Sprintf(`{"eventName":"N%d","errorCode":"AccessDenied","requestParameters":{"x":1},"userAgent":"a tool"}`, i%9), 1, 2)
		n, a := len(g.ix.names)+len(g.ix.heads), len(g.s.byText[0])
		if n > maxHeads || a > maxAnswers || len(g.ix.common.all) > maxHeads || len(g.ix.common.ids) > 4*maxHeads {
			t.Fatalf("after %d events %d heads, %d texts, %d remains of %d nodes", i, n, a, len(g.ix.common.all), len(g.ix.common.ids))
		}
		remembered = max(remembered, n)
	}
	if remembered < maxHeads {
		t.Errorf("never more than %d heads: the test says little", remembered)
	}
}

// TestEqualRemains: heads for which the same remains share it.
func TestEqualRemains(t *testing.T) {
	set, err := Compile([]Rule{
		{ID: "a", Expr: All(No(Eq("eventName", "X")), AnyOf(Eq("errorCode", "E"), All(Has("userIdentity.arn"), No(Contains("userIdentity.arn", "x")))))},
		{ID: "b", Expr: All(No(Eq("eventName", "Y")), AnyOf(Eq("errorCode", "F"), All(Has("userIdentity.arn"), No(Contains("userIdentity.arn", "y")))))},
	})
	if err != nil {
		t.Fatal(err)
	}
	x := index{set: set}
	of := func(name string) *remains {
		var e trail.Event
		if err := e.Parse(fmt.Appendf(nil, `{"eventName":%q}`, name)); err != nil {
			t.Fatal(err)
		}
		return x.remains(&scratch{}, &e)
	}
	one, two, other := of("A"), of("B"), of("X")
	if one != two || one == other || len(one.all) != 2 || len(other.all) != 1 {
		t.Errorf("%v, %v, %v", one, two, other)
	}
	if one.all[1].n != other.all[0].n {
		t.Error("equal conditions of two heads are two")
	}
	if one.all[0].n == one.all[1].n {
		t.Error("different conditions are one")
	}
	kids := []*node{{op: nAtom, atom: &atom{}}, {op: nAtom, atom: &atom{}}}
	and, or := x.common.node(&node{op: nAnd, kids: kids}), x.common.node(&node{op: nOr, kids: kids})
	if and == or || and != x.common.node(&node{op: nAnd, kids: kids}) || x.common.node(&node{op: nNot, kids: kids[:1]}) == kids[0] {
		t.Error("nodes are taken for others")
	}
}

// TestEventsCountedRound: what is remembered for one event is not taken for what
// an event says that comes when the count begins anew.
func TestEventsCountedRound(t *testing.T) {
	set, err := Compile([]Rule{
		{ID: "a", Expr: All(Has("requestParameters.key"), Contains("requestParameters.key", "x"))},
		{ID: "b", Expr: All(Contains("requestParameters.key", "x"), Eq("awsRegion", "here"))},
	})
	if err != nil {
		t.Fatal(err)
	}
	for lead := range uint32(3) {
		g := set.Engine(nil)
		judge := func(text string, want ...int) {
			t.Helper()
			var e trail.Event
			if err := e.Parse([]byte(text)); err != nil {
				t.Fatal(err)
			}
			if got := g.Match(nil, &e); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("event %d: %v, not %v", g.s.event, got, want)
			}
		}
		with, without := `{"awsRegion":"here","requestParameters":{"key":"x"}}`, `{"awsRegion":"here","requestParameters":{"other":"x"}}`
		for range lead + 1 {
			judge(without)
		}
		g.s.event = 1<<31 - 1
		for range lead + 1 {
			judge(with, 0, 1)
		}
		judge(without)
		if g.s.event != lead+2 {
			t.Errorf("the count is %d", g.s.event)
		}
		g.s.event = 1<<31 - 1
		for range lead + 1 {
			judge(with, 0, 1)
		}
	}
}
