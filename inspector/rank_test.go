package inspector_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture/inspector"
)

// five are findings whose order by score says little.
func five() map[string]struct {
	f    inspector.Finding
	k    inspector.Facts
	tier inspector.Tier
	rank int
} {
	of := func(arn string, epss, score float64, exploit bool) inspector.Finding {
		f := vulnerability(arn, "i-"+arn, "CVE-2026-"+arn)
		f.EPSS, f.Score, f.Exploit, f.Title = epss, score, exploit, arn
		return f
	}
	reached := inspector.Facts{Exploitation: &inspector.Exploitation{}, Reach: "port 443 (TCP) reachable through igw-0example", ReachLooked: true}
	private := inspector.Facts{Exploitation: &inspector.Exploitation{}, ReachLooked: true}
	known := &inspector.Exploitation{Known: true, Due: now.Add(5 * day)}
	exploited, both := private, reached
	exploited.Exploitation, both.Exploitation = known, known
	return map[string]struct {
		f    inspector.Finding
		k    inspector.Facts
		tier inspector.Tier
		rank int
	}{
		"a kernel flaw, listed as exploited, on a private host": {of("a", 0.30, 7.8, true), exploited, inspector.T1, 2},
		"a proxy flaw, exploit public, behind a load balancer":  {of("b", 0.02, 7.5, true), reached, inspector.T2, 3},
		"a library flaw, no known exploit, on a private host":   {of("c", 0.003, 9.8, false), private, inspector.T4, 5},
		"a mail flaw, no known exploit, on a public host":       {of("d", 0.62, 6.1, false), reached, inspector.T3, 4},
		"a VPN flaw, listed as exploited, on a public host":     {of("e", 0.91, 6.5, true), both, inspector.T0, 1},
	}
}

func TestRank(t *testing.T) {
	var items []inspector.Item
	ranks := map[string]int{}
	for name, test := range five() {
		i := inspector.Rank(test.f, test.k, inspector.Objectives{}, now)
		if i.Tier != test.tier {
			t.Errorf("%s is in %s: %s", name, i.Tier, i.Reason)
		}
		ranks[test.f.ARN] = test.rank
		items = append(items, i)
	}
	slices.SortFunc(items, inspector.Item.Compare)
	for n, i := range items {
		if ranks[i.Title] != n+1 {
			t.Errorf("%s is number %d", i.Title, n+1)
		}
	}
	want := "T0: known exploited (due 2026-06-06), port 443 (TCP) reachable through igw-0example, EPSS 0.91, CVSS 6.5; fixed by openssl 3.0.13."
	if items[0].Reason != want {
		t.Error(items[0].Reason)
	}
}

// Each condition of the tiers, and each of the sentence's clauses.
func TestTiersAndReasons(t *testing.T) {
	private := inspector.Facts{Exploitation: &inspector.Exploitation{}, ReachLooked: true}
	for name, test := range map[string]struct {
		edit func(*inspector.Finding, *inspector.Facts)
		tier inspector.Tier
		says string
	}{
		"nothing special":         {func(f *inspector.Finding, _ *inspector.Facts) { f.Score = 5 }, inspector.T6, "not shown to be reachable, EPSS 0.02, CVSS 5.0"},
		"a high score":            {func(f *inspector.Finding, _ *inspector.Facts) { f.Score = 7 }, inspector.T5, "CVSS 7.0"},
		"the score is the rating": {func(f *inspector.Finding, _ *inspector.Facts) { f.Score, f.CVSS, f.Severity = 0, 0, "CRITICAL" }, inspector.T4, "CVSS 9.0"},
		"else the vendor's":       {func(f *inspector.Finding, _ *inspector.Facts) { f.Score, f.CVSS, f.Severity = 0, 6.4, "CRITICAL" }, inspector.T6, "CVSS 6.4"},
		"not rated":               {func(f *inspector.Finding, _ *inspector.Facts) { f.Score, f.Severity = 0, "UNTRIAGED" }, inspector.T5, "not rated by the vendor"},
		"an exploit":              {func(f *inspector.Finding, _ *inspector.Facts) { f.Exploit = true }, inspector.T4, "an exploit exists"},
		"an exploit and critical": {func(f *inspector.Finding, _ *inspector.Facts) { f.Exploit, f.Score = true, 9 }, inspector.T3, "an exploit exists"},
		"likely":                  {func(f *inspector.Finding, _ *inspector.Facts) { f.EPSS = 0.1 }, inspector.T4, "EPSS 0.1"},
		"exploited lately":        {func(f *inspector.Finding, _ *inspector.Facts) { f.LastExploit = daysAgo(90) }, inspector.T1, "exploitation last known on 2026-03-03"},
		"exploited long ago":      {func(f *inspector.Finding, _ *inspector.Facts) { f.LastExploit = daysAgo(91) }, inspector.T5, "not shown to be reachable"},
		"seen exploited": {
			func(_ *inspector.Finding, k *inspector.Facts) {
				k.Exploitation = &inspector.Exploitation{Observed: daysAgo(400)}
			},
			inspector.T1, "exploitation observed on 2025-04-27",
		},
		"details not read":     {func(_ *inspector.Finding, k *inspector.Facts) { k.Exploitation = nil }, inspector.T5, "whether it is exploited is not known"},
		"reach not looked at":  {func(_ *inspector.Finding, k *inspector.Facts) { k.ReachLooked = false }, inspector.T5, "whether it can be reached is not known"},
		"no EPSS":              {func(f *inspector.Finding, _ *inspector.Facts) { f.EPSS = -1 }, inspector.T5, "reachable, CVSS 7.5"},
		"no fix":               {func(f *inspector.Finding, _ *inspector.Facts) { f.Fix = "NO" }, inspector.T5, "no fix is available"},
		"half a fix":           {func(f *inspector.Finding, _ *inspector.Facts) { f.Fix = "PARTIAL" }, inspector.T5, "only some of its packages have a fix"},
		"an important machine": {func(_ *inspector.Finding, k *inspector.Facts) { k.Criticality = inspector.CriticalityHigh }, inspector.T5, "the resource matters much"},
		"a test machine":       {func(_ *inspector.Finding, k *inspector.Facts) { k.Criticality = inspector.CriticalityLow }, inspector.T5, "the resource matters little"},
		"an admin's role":      {func(_ *inspector.Finding, k *inspector.Facts) { k.Privilege = inspector.PrivilegeAdmin }, inspector.T5, "its role can administer the account"},
		"a role with data":     {func(_ *inspector.Finding, k *inspector.Facts) { k.Privilege = inspector.PrivilegeData }, inspector.T5, "its role can reach data"},
		"a network finding":    {func(f *inspector.Finding, _ *inspector.Facts) { *f = open("n", "i-0web", 22, 22) }, inspector.T6, "closed by closing port 22 (TCP)"},
		"code": {func(f *inspector.Finding, _ *inspector.Facts) {
			f.Type, f.Packages, f.Code = inspector.CodeVulnerability, nil, &inspector.Code{Detector: "SQL injection"}
		}, inspector.T5, "mended in the code"},
	} {
		t.Run(name, func(t *testing.T) {
			f, k := vulnerability("f", "i-0web", "CVE-2026-1"), private
			test.edit(&f, &k)
			i := inspector.Rank(f, k, inspector.Objectives{}, now)
			if i.Tier != test.tier || !strings.Contains(i.Reason, test.says) || !strings.HasPrefix(i.Reason, test.tier.String()+": ") {
				t.Errorf("%s", i.Reason)
			}
		})
	}
}

// Inside a tier: criticality, privilege, EPSS, score, due date, age, ARN.
func TestOrderInsideATier(t *testing.T) {
	base := vulnerability("m", "i-0web", "CVE-2026-1")
	for name, earlier := range map[string]func(*inspector.Finding, *inspector.Facts){
		"criticality": func(_ *inspector.Finding, k *inspector.Facts) { k.Criticality = inspector.CriticalityHigh },
		"privilege":   func(_ *inspector.Finding, k *inspector.Facts) { k.Privilege = inspector.PrivilegeData },
		"EPSS":        func(f *inspector.Finding, _ *inspector.Facts) { f.EPSS = 0.09; f.Score = 7 },
		"score":       func(f *inspector.Finding, _ *inspector.Facts) { f.Score = 7.6 },
		"age":         func(f *inspector.Finding, _ *inspector.Facts) { f.First = daysAgo(3) },
		"ARN":         func(f *inspector.Finding, _ *inspector.Facts) { f.ARN = "a" },
	} {
		f, k := base, inspector.Facts{}
		if earlier(&f, &k); name == "EPSS" {
			base.EPSS = 0.005
		}
		a, b := inspector.Rank(f, k, inspector.Objectives{}, now), inspector.Rank(base, inspector.Facts{}, inspector.Objectives{}, now)
		base.EPSS = 0.02
		if a.Tier != b.Tier || a.Compare(b) >= 0 || b.Compare(a) <= 0 {
			t.Errorf("%s: %s and %s", name, a.Reason, b.Reason)
		}
	}
	// No EPSS is between a small one and the smallest.
	order := []float64{0.5, 0.1, 0.01, -1, 0.009}
	for n := range order[1:] {
		x, y := base, base
		x.EPSS, y.EPSS, x.Exploit, y.Exploit, x.Score, y.Score = order[n], order[n+1], true, true, 5, 5
		if a, b := inspector.Rank(x, inspector.Facts{}, inspector.Objectives{}, now), inspector.Rank(y, inspector.Facts{}, inspector.Objectives{}, now); a.Compare(b) >= 0 {
			t.Errorf("EPSS %v is not before %v", order[n], order[n+1])
		}
	}
}

func TestDue(t *testing.T) {
	for name, test := range map[string]struct {
		edit    func(*inspector.Finding, *inspector.Facts)
		o       inspector.Objectives
		due     int // days ago
		overdue bool
	}{
		"T5 within ninety days": {func(f *inspector.Finding, _ *inspector.Facts) { f.First = daysAgo(90) }, inspector.Objectives{}, 0, false},
		"T5 past them":          {func(f *inspector.Finding, _ *inspector.Facts) { f.First = daysAgo(91) }, inspector.Objectives{}, 1, true},
		"another objective":     {func(f *inspector.Finding, _ *inspector.Facts) { f.First = daysAgo(11) }, inspector.Objectives{T5: 10 * day}, 1, true},
		"T1 past two days": {func(f *inspector.Finding, _ *inspector.Facts) {
			f.First, f.LastExploit = daysAgo(3), daysAgo(1)
		}, inspector.Objectives{}, 1, true},
		"CISA's date is sooner": {func(f *inspector.Finding, k *inspector.Facts) {
			f.First, k.Exploitation = daysAgo(5), &inspector.Exploitation{Known: true, Due: daysAgo(4)}
		}, inspector.Objectives{}, 4, true},
		"CISA's date was before it was found": {func(f *inspector.Finding, k *inspector.Facts) {
			f.First, k.Exploitation = daysAgo(1), &inspector.Exploitation{Known: true, Due: daysAgo(400)}
		}, inspector.Objectives{}, -1, false},
	} {
		f, k := vulnerability("f", "i-0web", "CVE-2026-1"), inspector.Facts{}
		test.edit(&f, &k)
		if i := inspector.Rank(f, k, test.o, now); !i.Due.Equal(daysAgo(test.due)) || i.Overdue != test.overdue {
			t.Errorf("%s: due %s, overdue %v", name, i.Due, i.Overdue)
		}
	}
	low := vulnerability("f", "i-0web", "CVE-2026-1")
	low.Score, low.First = 3, daysAgo(900)
	if i := inspector.Rank(low, inspector.Facts{}, inspector.Objectives{}, now); !i.Due.IsZero() || i.Overdue {
		t.Errorf("T6 is due %s", i.Due)
	}
}

// An item that was stored has its place still.
func TestItemIsData(t *testing.T) {
	var items, back []inspector.Item
	for _, test := range five() {
		items = append(items, inspector.Rank(test.f, test.k, inspector.Objectives{}, now))
	}
	b, err := json.Marshal(items)
	if err != nil || json.Unmarshal(b, &back) != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(items, back); diff != "" {
		t.Errorf("(-was +is):\n%s", diff)
	}
}

func TestTierText(t *testing.T) {
	for _, tier := range append(inspector.Tiers(), inspector.NoTier) {
		b, err := json.Marshal(map[inspector.Tier]inspector.Tier{tier: tier})
		var back map[inspector.Tier]inspector.Tier
		if err != nil || json.Unmarshal(b, &back) != nil || back[tier] != tier {
			t.Errorf("%s becomes %s", tier, b)
		}
	}
	var bad inspector.Tier
	if bad.UnmarshalText([]byte("T7")) == nil {
		t.Error("T7 is a tier")
	}
}
