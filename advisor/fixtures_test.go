package advisor_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/advisor/trustedadvisor"
	"github.com/awsposture/posture/advisor/trustedadvisor/trustedadvisortest"
	"github.com/awsposture/posture/internal/conformance"
)

var (
	place = posture.Place{Partition: "aws", Account: "111122223333"}
	now   = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

func hoursAgo(n int) time.Time { return now.Add(-time.Duration(n) * time.Hour) }

func clock() time.Time { return now }

// facts are what a fixture's view knows from elsewhere.
type facts struct {
	required   bool
	local      map[string][]advisor.Row
	quotas     []advisor.Quota
	configured []string
	accepted   []advisor.Accepted
}

// world is a Trusted Advisor and what stands beside it.
type world struct {
	*advisortest.Advisor
	facts *facts
}

func (w *world) account() *advisor.Account {
	return w.read(trustedadvisor.NewSource(trustedadvisortest.New(w.Advisor)))
}

func (w *world) read(source advisor.Source) *advisor.Account {
	a := advisor.NewAccount(w.Place(), source)
	a.Now = clock
	a.Local = map[string]posture.Fact[[]advisor.Row]{}
	for id, rows := range w.facts.local {
		a.Local[id] = func(context.Context) ([]advisor.Row, error) { return rows, nil }
	}
	a.Quotas = func(context.Context) ([]advisor.Quota, error) { return w.facts.quotas, nil }
	a.Configured = func(context.Context) ([]string, error) { return w.facts.configured, nil }
	return a
}

func (w *world) suite(a *advisor.Account) []posture.Evaluator {
	evs := advisor.Evaluators(a)
	for i, e := range evs {
		switch e := e.(type) {
		case advisor.Entitled:
			e.Required = w.facts.required
			evs[i] = e
		case advisor.Exclusions:
			e.Accepted = w.facts.accepted
			evs[i] = e
		}
	}
	return evs
}

func (w *world) ground() conformance.Ground {
	return conformance.Ground{
		Fake: w, Faults: &w.Faults, State: w.State,
		View: func() conformance.View {
			a := w.account()
			writer := trustedadvisor.NewWriter(trustedadvisortest.New(w.Advisor))
			begin := func(context.Context, advisor.Priority) (advisor.Stage, advisor.Reason, error) {
				return advisor.StageInProgress, advisor.Reason{}, nil
			}
			return conformance.View{
				Evaluators: w.suite(a), Bindings: advisor.Bindings(a, writer),
				Remediators: append(advisor.Remediators(a, writer), advisor.AnswerPriority{Account: a, Writer: writer, Answer: begin}),
			}
		},
	}
}

func newWorld(p posture.Place, k facts, change func(*advisortest.State)) *world {
	f := advisortest.New(p)
	f.Now = clock
	f.Edit(change)
	return &world{f, &k}
}

// check makes a check with a result of the last night.
func check(id string, c advisor.Colour, rows ...*advisortest.Row) *advisortest.Check {
	k, _ := advisor.Table().Find(id)
	headers := []string{"Region", "Resource", "Key age"}
	return &advisortest.Check{ID: id, Name: k.Name, Category: k.Category, Headers: headers, Colour: c, At: hoursAgo(6), Processed: 3, Rows: rows}
}

// row makes a row of a resource in eu-west-1.
func row(resource string, c advisor.Colour) *advisortest.Row {
	return &advisortest.Row{ID: "row-" + resource + "-" + string(c), Resource: resource, Region: "eu-west-1", Colour: c, Values: []string{"eu-west-1", resource, "120"}}
}

func excluded(r *advisortest.Row) *advisortest.Row {
	r.Excluded = true
	return r
}

// allLocal gives one row of a colour for every check that can be recomputed.
func allLocal(c advisor.Colour) map[string][]advisor.Row {
	all := map[string][]advisor.Row{}
	for _, id := range advisor.Recomputable() {
		all[id] = []advisor.Row{{Resource: place.Resource("AWS::Example::Thing", "thing", ""), Colour: c, Reason: "It is " + string(c) + "."}}
	}
	return all
}

const (
	ports   = "HCP4007jGY" // of security, recomputable
	clients = "c1dfpnchv1" // of security, not recomputable
	keys    = "12Fnkpl8Y5"
	vpcs    = "jL7PP0l7J9"
)

// newCheck is a check of a category that AWS added.
func newCheck(c advisor.Colour, rows ...*advisortest.Row) *advisortest.Check {
	made := check("Zz9NewOne1", c, rows...)
	made.Name, made.Category = "Idle workloads", "sustainability"
	return made
}

// others are a check of each other category, none recomputable.
var others = []string{"R365s2Qddf", "c17gc3v72d", "ZRxQlPsb6c", "DAvU99Dc4C"}

func quota(percent int64) advisor.Quota {
	return advisor.Quota{Service: "vpc", Code: "L-F678F1CE", Name: "VPCs per Region", Region: "eu-west-1", Value: 100_000, Used: new(percent * 1000)}
}

// goodWorld is an account on which every control passes or does not apply.
func goodWorld() *world {
	k := facts{
		required: true, local: allLocal(advisor.Green), quotas: []advisor.Quota{quota(79)}, configured: []string{ports, "Hs4Ma3Gnew"},
		accepted: []advisor.Accepted{{Check: ports, Resource: "sg-0bastion", Reason: "the bastion is reached from everywhere", Until: now.Add(24 * time.Hour)}},
	}
	return newWorld(place, k, func(s *advisortest.State) {
		s.Checks = []*advisortest.Check{check(ports, advisor.Green, excluded(row("sg-0bastion", advisor.Red))), check(clients, advisor.Green), check(keys, advisor.Green), check(vpcs, advisor.Green)}
		for _, id := range others {
			s.Checks = append(s.Checks, check(id, advisor.Green))
		}
		s.Checks[2].Processed = 0
		s.Checks = append(s.Checks, newCheck(advisor.Green))
		s.Priorities = []*advisortest.Priority{
			{ID: "p-young-recommendation", Name: "Move off the old runtime", Category: advisor.Security, Colour: advisor.Red, Stage: advisor.StagePending, Created: hoursAgo(24 * 10)},
			{ID: "p-begun-recommendation", Name: "Use two zones", Category: advisor.FaultTolerance, Colour: advisor.Yellow, Stage: advisor.StageInProgress, Created: hoursAgo(24 * 90)},
		}
	})
}

// badWorld is an account in which everything is wrong.
func badWorld() *world {
	k := facts{local: allLocal(advisor.Red), quotas: []advisor.Quota{quota(80), {Service: "iam", Code: "L-FE177D64", Name: "Roles per account", Value: 1000, Used: new(int64(1000))}}, configured: []string{"vjafUGJ9H0", "vjafUGJ9H0"}}
	return newWorld(place, k, func(s *advisortest.State) {
		s.Checks = []*advisortest.Check{
			check(ports, advisor.Red, row("sg-0web", advisor.Red), row("sg-0web", advisor.Yellow), excluded(row("sg-0old", advisor.Red)), excluded(row("sg-0old", advisor.Yellow))),
			check(keys, advisor.Red, row("ana", advisor.Red)),
			check(vpcs, advisor.Yellow, row("eu-west-1", advisor.Yellow)),
			check("kM7QQ0l7J9", advisor.Red, row("eu-west-1", advisor.Red), row("eu-west-2", advisor.Yellow)),
		}
		for _, id := range others {
			s.Checks = append(s.Checks, check(id, advisor.Red, row("example-"+id, advisor.Red), row("other-"+id, advisor.Yellow)))
		}
		s.Checks[7].Savings = 1234_50
		s.Checks = append(s.Checks, check(clients, advisor.Yellow), newCheck(advisor.Red, row("a", advisor.Red), row("b", advisor.Yellow)))
		s.Checks[8].At = hoursAgo(24 * 9)
		s.Priorities = []*advisortest.Priority{{ID: "p-old-recommendation", Name: "Move off the old runtime", Category: advisor.Security, Colour: advisor.Red, Stage: advisor.StagePending, Created: hoursAgo(24 * 31)}}
	})
}

// barren is an account that is offered nothing and knows of nothing.
func barren() *world {
	local := map[string][]advisor.Row{}
	for _, id := range advisor.Recomputable() {
		local[id] = nil
	}
	return newWorld(place, facts{local: local}, func(*advisortest.State) {})
}

// unfed is an account that may ask Trusted Advisor, of which nothing else is
// known.
func unfed() *world {
	return newWorld(place, facts{}, func(s *advisortest.State) { s.Checks = []*advisortest.Check{check(ports, advisor.Green)} })
}

// refused is an account whose support plan does not include the API.
func refused() *world {
	w := barren()
	w.Edit(func(s *advisortest.State) { s.NotEntitled = true })
	return w
}

// wanting is such an account whose owner wants the API.
func wanting() *world {
	w := refused()
	w.facts.required = true
	return w
}

// china is an account of a partition where Trusted Advisor has no data.
func china() *world {
	w := barren()
	return newWorld(posture.Place{Partition: "aws-cn", Account: "111122223333"}, *w.facts, func(*advisortest.State) {})
}

var domain = conformance.Domain{
	Prefix: "trustedadvisor",
	Fixtures: []conformance.Fixture{
		{Name: "good", Make: func() conformance.Ground { return goodWorld().ground() }},
		{Name: "bad", Make: func() conformance.Ground { return badWorld().ground() }},
		{Name: "barren", Make: func() conformance.Ground { return barren().ground() }},
		{Name: "unfed", Make: func() conformance.Ground { return unfed().ground() }},
		{Name: "refused", Make: func() conformance.Ground { return refused().ground() }},
		{Name: "wanting", Make: func() conformance.Ground { return wanting().ground() }},
		{Name: "china", Make: func() conformance.Ground { return china().ground() }},
	},
	Drifts: map[string]func(conformance.Ground){
		"advisor.exclusion":      edit(func(s *advisortest.State) { s.Find(ports).Rows = nil }),
		"advisor.priority-stage": edit(func(s *advisortest.State) { s.Priorities[0].Stage = advisor.StageResolved }),
	},
}

// scan runs a suite and gives the findings by control.
func scan(t testing.TB, evs []posture.Evaluator) map[string][]posture.Finding {
	t.Helper()
	all := map[string][]posture.Finding{}
	for r := range posture.Scan(t.Context(), evs, nil) {
		all[r.Control.ID] = append(all[r.Control.ID], r.Findings...)
	}
	return all
}

func only(fs []posture.Finding, s posture.Status) []posture.Finding {
	return slices.DeleteFunc(slices.Clone(fs), func(f posture.Finding) bool { return f.Status != s })
}
