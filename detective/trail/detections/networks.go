package detections

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/awsposture/posture/detective/trail/rule"
)

// twoOf fires when the matches of one group come from two of the named sets of
// addresses within the time. An address in several sets counts for the first of
// them by name, so that one event is never in two. With elsewhere all addresses
// in no set are one set more; what is no address, such as a service's name, is
// in none.
func twoOf(id string, sets map[string][]string, elsewhere bool, by []string, within minutes) ([]rule.Rule, *rule.Correlation) {
	var feeds []rule.Rule
	var earlier []string
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		if len(sets[name]) == 0 {
			continue
		}
		x := rule.InNetwork("sourceIPAddress", sets[name]...)
		if earlier != nil {
			x = rule.All(x, rule.No(rule.InNetwork("sourceIPAddress", earlier...)))
		}
		feeds = append(feeds, rule.Rule{ID: id + ".in " + name, Expr: x})
		earlier = append(earlier, sets[name]...)
	}
	if elsewhere && earlier != nil {
		feeds = append(feeds, rule.Rule{ID: id + ".elsewhere", Expr: rule.All(
			rule.InNetwork("sourceIPAddress", "0.0.0.0/0", "::/0"), rule.No(rule.InNetwork("sourceIPAddress", earlier...)))})
	}
	var two rule.Or
	for i := range feeds {
		var others rule.Or
		for _, f := range feeds[i+1:] {
			others = append(others, rule.Matched(f.ID))
		}
		if others != nil {
			two = append(two, rule.All(rule.Matched(feeds[i].ID), others))
		}
	}
	return feeds, &rule.Correlation{Kind: rule.Temporal, Cond: two, GroupBy: by, Within: within.duration()}
}

// fewer says what a table of addresses lacks, when it has fewer than n sets.
func fewer(name string, sets map[string][]string, n int) string {
	for _, s := range sets {
		if len(s) > 0 {
			n--
		}
	}
	switch {
	case n <= 0:
		return ""
	case len(sets) == 0:
		return name
	}
	return fmt.Sprintf("%d more in %s", n, name)
}

// listedNetworks are all addresses that are known.
func (p *Params) listedNetworks() []string {
	all := slices.Clone(p.OwnPublicIPs)
	for _, name := range slices.Sorted(maps.Keys(p.Networks)) {
		all = append(all, p.Networks[name]...)
	}
	return all
}

// above is the correlation of more than ten times the mean number of matches
// of one session in an hour.
func above(mean float64) *rule.Correlation {
	return counted("session", 60, math.Floor(10*mean)+1)
}

func needsMean(name string, mean float64) string {
	if mean <= 0 {
		return name
	}
	return ""
}
