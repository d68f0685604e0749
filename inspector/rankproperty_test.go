package inspector_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
)

func drawFinding(t *rapid.T, n int) (inspector.Finding, inspector.Facts) {
	f := vulnerability(fmt.Sprintf("arn-%04d", n), fmt.Sprintf("i-%d", rapid.IntRange(0, 5).Draw(t, "host")), fmt.Sprintf("CVE-2026-%d", rapid.IntRange(0, 8).Draw(t, "cve")))
	f.EPSS = rapid.SampledFrom([]float64{-1, 0.001, 0.02, 0.2, 0.7}).Draw(t, "epss")
	f.Score = rapid.SampledFrom([]float64{0, 3, 7, 9.5}).Draw(t, "score")
	f.Exploit, f.First = rapid.Bool().Draw(t, "exploit"), daysAgo(rapid.IntRange(0, 100).Draw(t, "age"))
	f.Fix = rapid.SampledFrom([]string{"YES", "NO", "PARTIAL"}).Draw(t, "fix")
	f.Packages = []inspector.Package{{Name: rapid.SampledFrom([]string{"openssl", "glibc"}).Draw(t, "package"), Fixed: "2", Manager: "OS", Layer: "sha256:base"}}
	if rapid.Bool().Draw(t, "image") {
		f.Resource = posture.Resource{Type: inspector.TypeImage, ID: fmt.Sprintf("%s-%d", image, rapid.IntRange(0, 2).Draw(t, "name"))}
		f.Image, f.Repository = fmt.Sprintf("sha256:%d", rapid.IntRange(0, 1).Draw(t, "digest")), rapid.SampledFrom([]string{"shop", "shop-copy"}).Draw(t, "repository")
	}
	k := inspector.Facts{ReachLooked: true, Criticality: rapid.SampledFrom([]inspector.Criticality{0, 1, 2}).Draw(t, "criticality")}
	if rapid.Bool().Draw(t, "reached") {
		k.Reach = "port 443 reachable"
	}
	if rapid.Bool().Draw(t, "details") {
		k.Exploitation = &inspector.Exploitation{Known: rapid.Bool().Draw(t, "known")}
	}
	return f, k
}

// That a vulnerability is exploited never makes a finding less urgent; nor does
// that its resource is reached.
func TestMoreFactsNeverLower(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, k := drawFinding(t, 0)
		before := inspector.Rank(f, k, inspector.Objectives{}, now)
		more := k
		more.Exploitation = &inspector.Exploitation{Known: true, Due: now.Add(day)}
		if after := inspector.Rank(f, more, inspector.Objectives{}, now); after.Tier > before.Tier {
			t.Fatalf("known exploited: %s, before %s", after.Reason, before.Reason)
		}
		more = k
		more.Reach = "reachable"
		if after := inspector.Rank(f, more, inspector.Objectives{}, now); after.Tier > before.Tier {
			t.Fatalf("reachable: %s, before %s", after.Reason, before.Reason)
		}
	})
}

// The order in which findings come changes nothing, the kept ones are those that
// sorting all of them gives, and the numbers add up.
func TestRankingProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type pair struct {
			f inspector.Finding
			k inspector.Facts
		}
		var pairs []pair
		for n := range rapid.IntRange(0, 40).Draw(t, "n") {
			f, k := drawFinding(t, n)
			pairs = append(pairs, pair{f, k})
		}
		rank := func(ps []pair) (inspector.Ranking, []inspector.Item) {
			r := &inspector.Ranker{Now: now, Keep: 5}
			var all []inspector.Item
			for _, p := range ps {
				all = append(all, r.Add(p.f, p.k))
			}
			return r.Ranking(), all
		}
		one, all := rank(pairs)
		again := slices.Clone(pairs)
		shuffle := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		shuffle.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		two, _ := rank(again)
		if diff := cmp.Diff(one, two, cmpopts.IgnoreUnexported(inspector.Ranking{})); diff != "" {
			t.Fatalf("the order matters:\n%s", diff)
		}

		slices.SortFunc(all, inspector.Item.Compare)
		seen, distinct := map[string]bool{}, 0
		for _, i := range all {
			key := i.Finding.ARN
			if i.Finding.Image != "" && i.Resource.Type == inspector.TypeImage {
				key = i.Finding.Image + i.Finding.Vulnerability
			}
			if seen[key] {
				continue
			}
			seen[key] = true
			if distinct < 5 && one.Items[distinct].Finding.ARN != i.Finding.ARN {
				t.Fatalf("number %d is %s, sorting gives %s", distinct, one.Items[distinct].Finding.ARN, i.Finding.ARN)
			}
			distinct++
		}
		tiers, risks := 0, 0
		for _, n := range one.Tiers {
			tiers += n
		}
		for _, r := range one.Risks {
			risks += r.Findings
		}
		if one.Read != len(pairs) || one.Distinct != distinct || tiers != distinct || risks != len(pairs) || len(one.Items) != min(5, distinct) {
			t.Fatalf("read %d, distinct %d, tiers %d, risks %d, items %d of %d", one.Read, one.Distinct, tiers, risks, len(one.Items), len(pairs))
		}
		// The chosen fixes close every T0 and T1 that a fix closes.
		chosen := map[inspector.FixKey]bool{}
		for _, f := range one.Smallest {
			chosen[f.Key] = true
		}
		for _, i := range all {
			keys := i.Finding.Fixes()
			if i.Tier <= inspector.T1 && len(keys) > 0 && !slices.ContainsFunc(keys, func(k inspector.FixKey) bool { return chosen[k] }) {
				t.Fatalf("%s is closed by none of the chosen", i.Finding.ARN)
			}
		}
	})
}
