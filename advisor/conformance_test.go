package advisor_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/internal/conformance"
)

func edit(change func(*advisortest.State)) func(conformance.Ground) {
	return func(g conformance.Ground) { g.Fake.(*world).Edit(change) }
}

func spoil(name string, change func(*advisortest.State), flips ...string) conformance.Weakening {
	return conformance.Weakening{Name: name, Edit: edit(change), Flips: flips}
}

// turn makes a check have a colour, with a row of it.
func turn(id string, c advisor.Colour) func(*advisortest.State) {
	return func(s *advisortest.State) {
		found := s.Find(id)
		found.Colour, found.Rows = c, append(found.Rows, row("example", c))
	}
}

func weakenings() []conformance.Weakening {
	all := []conformance.Weakening{
		spoil("not entitled", func(s *advisortest.State) { s.NotEntitled = true }, "advisor.entitled"),
		spoil("a red check", turn(clients, advisor.Red), "advisor.red"),
		spoil("a yellow check", turn(clients, advisor.Yellow), "advisor.yellow"),
		spoil("yellow without a row", func(s *advisortest.State) { s.Find(clients).Colour = advisor.Yellow }, "advisor.yellow"),
		spoil("an exposed key", turn(keys, advisor.Red), "advisor.exposed-access-keys"),
		spoil("a suspected key", turn(keys, advisor.Yellow), "advisor.exposed-access-keys"),
		spoil("a limit near", turn(vpcs, advisor.Yellow), "advisor.service-limits"),
		spoil("a limit reached", turn(vpcs, advisor.Red), "advisor.service-limits"),
		spoil("an exclusion", func(s *advisortest.State) {
			s.Find(clients).Rows = []*advisortest.Row{excluded(row("fs-0example", advisor.Yellow))}
		}, "advisor.exclusions"),
		spoil("an old result", func(s *advisortest.State) { s.Find(clients).At = hoursAgo(24*8 + 1) }, "advisor.fresh"),
		spoil("an old result of AWS's own", func(s *advisortest.State) { s.Find(keys).At = hoursAgo(49) }, "advisor.fresh"),
		spoil("nobody answers", func(s *advisortest.State) { s.Priorities[0].Created = hoursAgo(24*30 + 1) }, "advisor.priority-open"),
		spoil("they see what we do not", turn(ports, advisor.Yellow), "advisor.disagreement", "advisor.yellow"),
		{Name: "a quota", Edit: func(g conformance.Ground) { g.Fake.(*world).facts.quotas = []advisor.Quota{quota(80)} }, Flips: []string{"advisor.service-limits"}},
		{Name: "an acceptance over", Edit: func(g conformance.Ground) { g.Fake.(*world).facts.accepted[0].Until = now }, Flips: []string{"advisor.exclusions"}},
		{Name: "an acceptance without reason", Edit: func(g conformance.Ground) { g.Fake.(*world).facts.accepted[0].Reason = "" }, Flips: []string{"advisor.exclusions"}},
		{Name: "a check that is gone", Edit: func(g conformance.Ground) { g.Fake.(*world).facts.configured = []string{"zXCkfM1nI3"} }, Flips: []string{"advisor.deprecated-use"}},
	}
	for i, category := range []string{"fault-tolerance", "operational-excellence", "performance", "cost-optimizing", "other"} {
		id := append(slices.Clone(others), "Zz9NewOne1")[i]
		all = append(all, spoil(id+" red", turn(id, advisor.Red), "advisor."+category+"-red"), spoil(id+" yellow", turn(id, advisor.Yellow), "advisor."+category+"-yellow"))
	}
	for _, id := range advisor.Recomputable() {
		flips := []string{advisor.Recomputed{Check: id}.Control().ID}
		if id == ports {
			flips = append(flips, "advisor.disagreement")
		}
		all = append(all, conformance.Weakening{Name: "recomputed " + id, Edit: func(g conformance.Ground) {
			g.Fake.(*world).facts.local[id][0].Colour = advisor.Yellow
		}, Flips: flips})
	}
	return all
}

func TestEvaluators(t *testing.T) {
	d := domain
	d.Fixtures = slices.Clone(d.Fixtures)
	d.Weakenings = weakenings()
	conformance.Evaluators(t, representative(d))
}

// representative leaves one recomputed check in a domain for all of them, since
// they ask AWS alike; TestEveryRecomputedControl has them all.
func representative(d conformance.Domain) conformance.Domain {
	other := func(id string) bool {
		return strings.HasPrefix(id, "advisor.local.") && id != "advisor.local.hcp4007jgy"
	}
	for i, f := range d.Fixtures {
		d.Fixtures[i].Make = func() conformance.Ground {
			g := f.Make()
			view := g.View
			g.View = func() conformance.View {
				v := view()
				v.Evaluators = slices.DeleteFunc(v.Evaluators, func(e posture.Evaluator) bool { return other(e.Control().ID) })
				return v
			}
			return g
		}
	}
	d.Weakenings = slices.DeleteFunc(d.Weakenings, func(w conformance.Weakening) bool { return slices.ContainsFunc(w.Flips, other) })
	return d
}

func TestRemediators(t *testing.T) { conformance.Remediators(t, domain) }
