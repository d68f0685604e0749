package advisor_test

import (
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/awsposture/posture/advisor"
)

// A range is judged by its worst port, whatever the range: as if every port of it
// were a rule of its own.
func TestPortsProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.IntRange(0, 5600).Draw(t, "from")
		to := from + rapid.IntRange(0, 40).Draw(t, "length")
		whole := group(true, "tcp", from, to, "0.0.0.0/0")
		single := whole
		single.In = nil
		for p := from; p <= to; p++ {
			single.In = append(single.In, group(true, "tcp", p, p, "0.0.0.0/0").In...)
		}
		if a, b := advisor.SpecificPorts([]advisor.GroupFact{whole})[0].Colour, advisor.SpecificPorts([]advisor.GroupFact{single})[0].Colour; a != b {
			t.Fatalf("%d to %d is %s, and its ports are %s", from, to, a, b)
		}
		if a, b := advisor.UnrestrictedAccess([]advisor.GroupFact{whole})[0].Colour, advisor.UnrestrictedAccess([]advisor.GroupFact{single})[0].Colour; a != b {
			t.Fatalf("%d to %d is %s, and its ports are %s", from, to, a, b)
		}
	})
}

// What is told of a resource does not depend on the order in which either side
// lists it, and every resource is told of once.
func TestCompareProperty(t *testing.T) {
	some := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [2]string {
		return [2]string{rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "id"), string(rapid.SampledFrom([]advisor.Colour{green, yellow, red}).Draw(t, "colour"))}
	}), 0, 8)
	rapid.Check(t, func(t *rapid.T) {
		var rows []advisor.Flagged
		for _, x := range some.Draw(t, "theirs") {
			rows = append(rows, flagged(x[0], "", advisor.Colour(x[1])))
		}
		var ours []advisor.Row
		for _, x := range some.Draw(t, "ours") {
			ours = append(ours, local(x[0], "", advisor.Colour(x[1])))
		}
		r := advisor.Result{Check: advisor.Check{ID: ports}, Colour: red, At: now, Processed: rapid.Int64Range(0, 6).Draw(t, "processed")}
		of := func() map[string]advisor.Compared {
			all := map[string]advisor.Compared{}
			for _, c := range advisor.Compare(r, rows, ours, now, day) {
				if _, twice := all[c.Resource]; twice {
					t.Fatalf("%s is told of twice", c.Resource)
				}
				all[c.Resource] = c
			}
			return all
		}
		before := of()
		slices.Reverse(rows)
		slices.Reverse(ours)
		if diff := gocmp.Diff(before, of()); diff != "" {
			t.Fatal(diff)
		}
		for _, c := range before {
			if c.How == advisor.Agrees && c.Advisor != c.Local || c.How == advisor.LocalLaxer && c.Local == red || c.How == advisor.LocalStricter && c.Local == green {
				t.Fatalf("%+v", c)
			}
		}
	})
}

func FuzzParseTable(f *testing.F) {
	f.Add("category\tcheck_id")
	f.Add("category\tcheck_id\tname\tstatus\tsince\tuntil\treplaced_by\tsource\tcore_all_plans\trefresh\tlocal\thow\tred\tyellow\tgreen\tnote\nsecurity\ta1\tOne\tactive\t2024\t\t\tta_check\tno\tauto\tyes\t\tred\t\tgreen\t\n")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := advisor.ParseTable(text)
		lines := strings.Count(strings.TrimRight(text, "\n"), "\n")
		if len(table) > lines || err == nil && len(table) != lines {
			t.Errorf("%d checks of %d lines, %v", len(table), lines, err)
		}
		for _, k := range table {
			if found, ok := table.Find(k.ID); !ok || found != k {
				t.Errorf("check %q is not found", k.ID)
			}
		}
	})
}

// Whatever a check says, money is no nonsense and a resource has a name.
func FuzzMetadata(f *testing.F) {
	f.Add("Estimated Monthly Savings", "$1,234.50")
	f.Add("Security Group ID", "sg-1 (vpc-1)")
	f.Add("Security Group ID", " (vpc-1)")
	f.Fuzz(func(t *testing.T, header, value string) {
		meta := advisor.Metadata([]string{header}, []*string{&value})
		if c := advisor.SavingsIn(meta); c < 0 || c > 1e14 {
			t.Errorf("savings of %q are %d", value, c)
		}
		if advisor.Identity(ports, "", "row", meta) == "" {
			t.Errorf("a row of %q has no name", meta)
		}
	})
}
