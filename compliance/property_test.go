package compliance_test

import (
	"slices"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
	"pgregory.net/rapid"
)

// estate is a drawn assessment: accounts, two regional controls, what each says
// of each place, how they are mapped, and what people have said.
type estate struct {
	places   []posture.Place
	controls []posture.Control
	verdicts map[string][]posture.Status // by control and place; none: not reached
	mappings []compliance.Mapping
	waived   map[string]bool // places whose things are waived, for each control
	attested bool
	kind     compliance.Kind
}

func drawEstate(t *rapid.T) estate {
	e := estate{verdicts: map[string][]posture.Status{}, waived: map[string]bool{}}
	accounts := rapid.IntRange(1, 3).Draw(t, "accounts")
	for i := range accounts {
		e.places = append(e.places, posture.Place{Partition: "aws", Account: []string{"111122223333", "123456789012", "444455556666"}[i], Region: "eu-west-1"})
	}
	e.controls = []posture.Control{control("example.a", posture.Regional), control("example.b", posture.Regional)}
	for _, c := range e.controls {
		for _, p := range e.places {
			// Mostly passing, or else hardly anything is ever met.
			some := rapid.SampledFrom([]posture.Status{posture.Pass, posture.Pass, posture.Pass, posture.NotApplicable, posture.Fail, posture.Unknown})
			e.verdicts[c.ID+p.Account] = rapid.SliceOfN(some, 0, 3).Draw(t, "verdicts of "+c.ID+" in "+p.Account)
		}
	}
	for _, p := range e.places {
		e.waived[p.Account] = rapid.Bool().Draw(t, "waived in "+p.Account)
	}
	for _, ids := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "ab"}), 0, 3, rapid.ID[string]).Draw(t, "mappings") {
		m := partial()
		if rapid.Bool().Draw(t, "full") {
			m = full()
		}
		for _, letter := range ids {
			m.Controls = append(m.Controls, "example."+string(letter))
		}
		e.mappings = append(e.mappings, m)
	}
	e.attested = rapid.Bool().Draw(t, "attested")
	e.kind = rapid.SampledFrom([]compliance.Kind{compliance.Technical, compliance.Organizational}).Draw(t, "kind")
	return e
}

func (e estate) assess(t *rapid.T) compliance.RequirementResult {
	f := example(compliance.Requirement{Kind: e.kind, Mappings: e.mappings})
	a := compliance.Assessor{Frameworks: []*compliance.Framework{f}, Scope: e.places, Now: clock}
	for _, p := range e.places {
		for _, c := range e.controls {
			if e.waived[p.Account] {
				a.Waivers = append(a.Waivers, compliance.Waiver{Control: c.ID, Accounts: []string{p.Account}, Owner: "ana@example.com", Reason: "Example.", Expires: noon.Add(time.Hour)})
			}
		}
	}
	if e.attested {
		for _, open := range [][]string{{"The rest"}, {"The whole requirement"}} {
			a.Attestations = append(a.Attestations, compliance.Attestation{Requirement: theOne, Open: compliance.OpenHash(open), Statement: "Seen.", By: "ana@example.com", On: noon.Add(-time.Hour)})
		}
	}
	var results []posture.Result
	for _, c := range e.controls {
		for _, p := range e.places {
			if vs := e.verdicts[c.ID+p.Account]; len(vs) > 0 {
				results = append(results, verdicts(c, p, vs...))
			}
		}
	}
	got, err := a.Assess(slices.Values(results))
	if err != nil {
		t.Fatal(err)
	}
	return got.Frameworks[0].Requirements[0]
}

// want is the outcome by the table of rules, read off the drawn estate.
func (e estate) want() compliance.Outcome {
	var fails, unknown, excepted, proven bool
	for _, m := range e.mappings {
		proven = proven || m.Strength == compliance.Full
		for _, id := range m.Controls {
			for _, p := range e.places {
				vs := e.verdicts[id+p.Account]
				unknown = unknown || len(vs) == 0 || slices.Contains(vs, posture.Unknown)
				if slices.Contains(vs, posture.Fail) {
					fails = fails || !e.waived[p.Account]
					excepted = true
				}
			}
		}
	}
	switch {
	case fails:
		return compliance.NotMet
	case unknown:
		return compliance.NotAssessed
	case excepted:
		return compliance.Excepted
	case proven:
		return compliance.Met
	case len(e.mappings) == 0 && e.kind == compliance.Technical:
		return compliance.NotAssessed
	case e.attested:
		return compliance.Met
	case len(e.mappings) == 0:
		return compliance.Manual
	}
	return compliance.Partly
}

// Every combination of verdict, strength, scope gap, waiver and attestation has
// the outcome that the rules give it.
func TestOutcomeFollowsRules(t *testing.T) {
	seen := map[compliance.Outcome]int{}
	rapid.Check(t, func(t *rapid.T) {
		e := drawEstate(t)
		got := e.assess(t)
		seen[got.Outcome]++
		if want := e.want(); got.Outcome != want {
			t.Fatalf("%s, want %s: %+v", got.Outcome, want, got)
		}
		n := 0
		for _, c := range e.controls {
			if slices.ContainsFunc(e.mappings, func(m compliance.Mapping) bool { return slices.Contains(m.Controls, c.ID) }) {
				for _, p := range e.places {
					n += len(e.verdicts[c.ID+p.Account])
				}
			}
		}
		if got.Counts.Total() != n {
			t.Fatalf("a population of %d, and %d findings are of it", got.Counts.Total(), n)
		}
	})
	t.Log(seen)
}

// Knowing less, or worse, never makes an outcome better; and an account more
// never turns what is not assessed into met.
func TestMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEstate(t)
		before := e.assess(t).Outcome
		c, p := rapid.SampledFrom(e.controls).Draw(t, "control").ID, rapid.SampledFrom(e.places).Draw(t, "place")
		key := c + p.Account
		switch change := rapid.SampledFrom([]string{"fail", "unknown", "not reached", "no attestation", "account"}).Draw(t, "change"); change {
		case "no attestation":
			e.attested = false
		case "not reached":
			if slices.Contains(e.verdicts[key], posture.Fail) {
				return // to see a failing thing no more is not to know less of it
			}
			delete(e.verdicts, key)
		case "account":
			if before != compliance.NotAssessed {
				return
			}
			more := posture.Place{Partition: "aws", Account: "777788889999", Region: "eu-west-1"}
			e.places = append(e.places, more)
			for _, c := range e.controls {
				e.verdicts[c.ID+more.Account] = []posture.Status{posture.Pass}
			}
		default:
			i := slices.Index(e.verdicts[key], posture.Pass)
			if i < 0 {
				return
			}
			e.verdicts[key][i] = map[string]posture.Status{"fail": posture.Fail, "unknown": posture.Unknown}[change]
		}
		if after := e.assess(t).Outcome; before.Worse(after) {
			t.Fatalf("%s became %s", before, after)
		}
	})
}

// Whatever two scans say, each failing finding is accounted for once, and
// nothing is called fixed that was not seen to pass.
func TestCompareAccountsForEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := control("example.a", posture.Global)
		all := rapid.SliceOfN(rapid.SampledFrom([]posture.Status{posture.Pass, posture.Fail, posture.Unknown, posture.NotApplicable}), 1, 6)
		before, after := all.Draw(t, "before"), all.Draw(t, "after")
		run := func(vs []posture.Status) *compliance.Snapshot {
			r, err := compliance.Assessor{Scope: []posture.Place{home}, Now: clock, Keep: true}.Start()
			if err != nil {
				t.Fatal(err)
			}
			for range r.Items(only(verdicts(c, home, vs...))) { // it is read for what it leaves in the run
			}
			return r.Snapshot()
		}
		got := compliance.Compare(run(before), run(after))
		want := map[compliance.Change]int{}
		for i := range max(len(before), len(after)) {
			var was, is posture.Status
			isThere := i < len(after)
			if i < len(before) {
				was = before[i]
			}
			if isThere {
				is = after[i]
			}
			switch {
			case was == posture.Fail && is == posture.Fail:
				want[compliance.Open]++
			case is == posture.Fail && was == posture.Pass:
				want[compliance.Regressed]++
			case is == posture.Fail:
				want[compliance.New]++
			case was != posture.Fail:
			case is == posture.Pass:
				want[compliance.Fixed]++
			case is == posture.NotApplicable, !isThere && !slices.Contains(after, posture.Unknown):
				want[compliance.Gone]++
			default:
				want[compliance.NotSeen]++
			}
		}
		for change := compliance.NotSeen; change <= compliance.Gone; change++ {
			if got.Counts[change] != want[change] {
				t.Fatalf("%s: %d, want %d", change, got.Counts[change], want[change])
			}
		}
	})
}
