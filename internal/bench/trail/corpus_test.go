package trail

import (
	"encoding/json"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/trailtest"
)

// TestCorpus prints what the corpus looks like, and holds its parameters.
func TestCorpus(t *testing.T) {
	var sizes []int
	var read, failed, service int
	names := map[string]bool{}
	set, err := rule.Compile(append(BuiltIn(), Like(60, 1)...))
	if err != nil {
		t.Fatal(err)
	}
	g := set.Engine(nil)
	hit := 0
	for _, f := range corpus() {
		if !json.Valid(f) {
			t.Fatal("the corpus is no JSON")
		}
		for e, err := range trail.Bytes("f", f) {
			if err != nil {
				t.Fatal(err)
			}
			sizes = append(sizes, len(e.JSON()))
			if ro, _ := e.ReadOnly(); ro {
				read++
			}
			if e.ErrorCode() != "" {
				failed++
			}
			if e.ByService() {
				service++
			}
			names[e.Source()+e.Name()] = true
			if len(g.Match(nil, e)) > 0 {
				hit++
			}
		}
	}
	slices.Sort(sizes)
	n := len(sizes)
	pct := func(p float64) int { return sizes[int(p*float64(n-1))] }
	t.Logf("%d records, %d MB; bytes p10 %d p50 %d p90 %d p99 %d max %d; %d names; read %d%%, failed %d%%, by services %d%%; a rule's condition holds of %d%%",
		n, size(corpus())>>20, pct(.1), pct(.5), pct(.9), pct(.99), sizes[n-1], len(names), 100*read/n, 100*failed/n, 100*service/n, 100*hit/n)
	hist := map[int]int{}
	for _, s := range sizes {
		b := 0
		for 256<<b < s {
			b++
		}
		hist[b]++
	}
	for b := range 12 {
		if hist[b] > 0 {
			t.Logf("up to %7d bytes: %6d", 256<<b, hist[b])
		}
	}
	if pct(.5) < 1100 || pct(.5) > 1600 || pct(.99) > 3000 {
		t.Error("the sizes are not those of CloudTrail")
	}
}

// TestSameAsSlow compares every verdict on a part of the corpus with the slow
// evaluator's.
func TestSameAsSlow(t *testing.T) {
	rules := append(BuiltIn(), Like(800, 1)...)
	set, err := rule.Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	g := set.Engine(nil)
	i := 0
	for e, err := range trail.Bytes("f", corpus()[0]) {
		if err != nil {
			t.Fatal(err)
		}
		if i++; i > 60 {
			break
		}
		got := g.Match(nil, e)
		for k, r := range set.Rules() {
			if r.Expr == nil {
				continue
			}
			want, err := trailtest.Slow(r.Expr, e.JSON())
			if err != nil {
				t.Fatal(err)
			}
			if slices.Contains(got, k) != want {
				t.Fatalf("%s on %s: %v", r.ID, e.JSON(), !want)
			}
		}
	}
}

// TestNothingMatchesNothingAllocated: events that no condition matches cost no
// memory to speak of.
func TestNothingMatchesNothingAllocated(t *testing.T) {
	set, err := rule.Compile(append(BuiltIn(), Like(60, 1)...))
	if err != nil {
		t.Fatal(err)
	}
	g := set.Engine(&rule.Options{Lateness: time.Hour})
	var quiet []*trail.Event
	for _, f := range corpus()[:10] {
		for e, err := range trail.Bytes("f", f) {
			if err != nil {
				t.Fatal(err)
			}
			if len(g.Match(nil, e)) == 0 {
				quiet = append(quiet, e.Clone())
			}
		}
	}
	if len(quiet) < 500 {
		t.Fatalf("only %d events match nothing", len(quiet))
	}
	round := func() {
		var e trail.Event
		for _, q := range quiet {
			if err := e.Parse(q.JSON()); err != nil {
				t.Fatal(err)
			}
			if n := len(g.Event(&e)); n > 0 {
				t.Fatalf("%d findings", n)
			}
		}
	}
	round()
	var m0, m1 runtime.MemStats
	runtime.ReadMemStats(&m0)
	for range 10 {
		round()
	}
	runtime.ReadMemStats(&m1)
	per := float64(m1.TotalAlloc-m0.TotalAlloc) / float64(10*len(quiet))
	t.Logf("%.1f bytes for each of %d events", per, len(quiet))
	if per > 50 {
		t.Errorf("%.0f bytes for an event that matches nothing", per)
	}
}
