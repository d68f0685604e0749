package advisor_test

import (
	"cmp"
	"encoding/json"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/advisor/support"
	"github.com/awsposture/posture/advisor/support/supporttest"
	"github.com/awsposture/posture/advisor/trustedadvisor"
	"github.com/awsposture/posture/advisor/trustedadvisor/trustedadvisortest"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/internal/conformance"
)

// withoutPriority is a suite for the AWS Support API, which has no priority
// recommendations.
func withoutPriority(evs []posture.Evaluator) []posture.Evaluator {
	return slices.DeleteFunc(evs, func(e posture.Evaluator) bool { _, priority := e.(advisor.PriorityOpen); return priority })
}

// supported reads a world through the AWS Support API.
func supported(w *world) conformance.Ground {
	g := w.ground()
	g.View = func() conformance.View {
		return conformance.View{Evaluators: withoutPriority(w.suite(w.read(support.NewSource(supporttest.New(w.Advisor)))))}
	}
	return g
}

// The suite is the same through the AWS Support API: each verdict, the calls
// announced, and Unknown where one is refused.
func TestEvaluatorsOnSupport(t *testing.T) {
	d := conformance.Domain{Prefix: "support"}
	for _, f := range domain.Fixtures {
		d.Fixtures = append(d.Fixtures, conformance.Fixture{Name: f.Name, Make: func() conformance.Ground { return supported(f.Make().Fake.(*world)) }})
	}
	d.Weakenings = slices.DeleteFunc(weakenings(), func(w conformance.Weakening) bool { return slices.Contains(w.Flips, "advisor.priority-open") })
	conformance.Evaluators(t, representative(d))
}

// worlds are every state that a fixture shows.
func worlds() map[string]func() *world {
	return map[string]func() *world{"good": goodWorld, "bad": badWorld, "barren": barren, "refused": refused, "wanting": wanting}
}

// The real clients, with their validation and error wrapping, see what the fakes
// show.
func TestRealClients(t *testing.T) {
	for name, make := range worlds() {
		t.Run(name, func(t *testing.T) {
			w := make()
			cfg := awsfake.Services{"Support": supporttest.New(w.Advisor), "TrustedAdvisor/us-east-1": trustedadvisortest.New(w.Advisor)}.Config("eu-west-1")
			sameFindings(t, w.suite(w.read(trustedadvisor.NewSource(trustedadvisor.Client(cfg, place)))), w.suite(w.account()))
			near := w.read(support.NewSource(supporttest.New(w.Advisor)))
			sameFindings(t, withoutPriority(w.suite(w.read(support.NewSource(support.Client(cfg, place))))), withoutPriority(w.suite(near)))
		})
	}
}

func sameFindings(t *testing.T, is, want []posture.Evaluator) {
	t.Helper()
	a, b := scan(t, is), scan(t, want)
	if len(a) != len(b) || len(a) < 60 {
		t.Fatalf("%d controls, want %d", len(a), len(b))
	}
	for id := range b {
		x, errX := json.Marshal(a[id])
		y, errY := json.Marshal(b[id])
		if errX != nil || errY != nil || string(x) != string(y) {
			t.Errorf("%s: is %s, want %s", id, x, y)
		}
	}
}

// Both APIs give one model, but for what only one of them has.
func TestBothAPIsSayTheSame(t *testing.T) {
	for name, make := range map[string]func() *world{"good": goodWorld, "bad": badWorld} {
		w := make()
		one, other := results(t, w.account()), results(t, w.read(support.NewSource(supporttest.New(w.Advisor))))
		if diff := gocmp.Diff(one, other); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(one) == 0 {
			t.Errorf("%s: no results", name)
		}
	}
}

type judged struct {
	Result advisor.Result
	Rows   []advisor.Flagged
}

// results are an account's results with their resources, without what the APIs do
// not share.
func results(t *testing.T, a *advisor.Account) (all []judged) {
	t.Helper()
	rs, err := a.Results(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rs {
		rows, err := a.Resources(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		j := judged{Result: r}
		j.Result.ARN, j.Result.Check.Source, j.Result.Check.Headers = "", "", nil
		for _, f := range rows {
			f.RowARN = ""
			j.Rows = append(j.Rows, f)
		}
		all = append(all, j)
	}
	slices.SortFunc(all, func(a, b judged) int { return cmp.Compare(a.Result.Check.ID, b.Result.Check.ID) })
	return all
}

// What goes by position gets its names from the headers of the same answer, in
// whatever order they are. A value that is missing is missing, and no other takes
// its place.
func TestPositionalMetadata(t *testing.T) {
	w := newWorld(place, facts{}, func(s *advisortest.State) {
		s.Checks = []*advisortest.Check{
			{
				ID: "a", Name: "one order", Category: advisor.Security, Colour: advisor.Red, At: hoursAgo(1), Headers: []string{"Region", "User", "Key age"},
				Rows: []*advisortest.Row{{ID: "r1", Colour: advisor.Red, Values: []string{"us-east-1", "ci", "120"}}, {ID: "r2", Colour: advisor.Red, Values: []string{"us-east-1", advisortest.Null, "800"}}, {ID: "r3", Colour: advisor.Red, Values: []string{"us-east-1"}}},
			},
			{
				ID: "b", Name: "another", Category: advisor.Security, Colour: advisor.Red, At: hoursAgo(1), Headers: []string{"Key age", "User"},
				Rows: []*advisortest.Row{{ID: "r1", Colour: advisor.Red, Values: []string{"120", "ci", "too many"}}},
			},
		}
	})
	want := map[string][]map[string]string{
		"a": {{"Region": "us-east-1", "User": "ci", "Key age": "120"}, {"Region": "us-east-1", "Key age": "800"}, {"Region": "us-east-1"}},
		"b": {{"User": "ci", "Key age": "120"}},
	}
	for _, a := range []*advisor.Account{w.account(), w.read(support.NewSource(supporttest.New(w.Advisor)))} {
		for _, j := range results(t, a) {
			var got []map[string]string
			for _, row := range j.Rows {
				got = append(got, row.Meta)
			}
			if diff := gocmp.Diff(want[j.Result.Check.ID], got); diff != "" {
				t.Errorf("check %s: %s", j.Result.Check.ID, diff)
			}
			if first := j.Rows[0]; first.ID != "ci" {
				t.Errorf("check %s: the resource is %q", j.Result.Check.ID, first.ID)
			}
		}
	}
	if last := results(t, w.account())[0].Rows[2]; last.ID != "r3" {
		t.Errorf("a row that names nothing is called %q", last.ID)
	}
}
