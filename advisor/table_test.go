package advisor_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
)

func TestTable(t *testing.T) {
	table := advisor.Table()
	if len(table) != 217 {
		t.Errorf("%d checks", len(table))
	}
	looksLikeID := regexp.MustCompile(`^[A-Za-z0-9]{9,10}$`)
	if k, ok := table.Find(ports); !ok || !k.AllPlans || k.Refresh != "manual" || k.Category != advisor.Security || k.Local != advisor.LocalYes {
		t.Errorf("the table knows %+v of %s", k, ports)
	}
	if k, _ := table.Find(clients); k.AllPlans {
		t.Errorf("the table knows %+v of %s", k, clients)
	}
	active, controls := map[advisor.Category]int{}, map[string]string{}
	for _, k := range table {
		if !k.Deprecated {
			active[k.Category]++
		}
		if looksLikeID.MatchString(k.ReplacedBy) {
			if next, ok := table.Find(k.ReplacedBy); !ok || next.Deprecated {
				t.Errorf("%s is replaced by %s, which is not offered", k.ID, k.ReplacedBy)
			}
		}
		id := advisor.Recomputed{Check: k.ID}.Control().ID
		if other := controls[id]; other != "" {
			t.Errorf("%s and %s have one control id", k.ID, other)
		}
		controls[id] = k.ID
	}
	want := map[advisor.Category]int{advisor.Security: 34, advisor.FaultTolerance: 27, advisor.Performance: 11, advisor.CostOptimizing: 37, advisor.ServiceLimits: 51, advisor.OperationalExcellence: 33}
	for c, n := range want {
		if active[c] != n {
			t.Errorf("%s: %d checks are offered, want %d", c, active[c], n)
		}
	}
}

// A table that is wrong names the line, and keeps the others.
func TestParseTable(t *testing.T) {
	header := "category\tcheck_id\tname\tstatus\tsince\tuntil\treplaced_by\tsource\tcore_all_plans\trefresh\tlocal\thow\tred\tyellow\tgreen\tnote\n"
	good := "security\ta1\tOne\tactive\t2024\t\t\tta_check\tno\tauto\tyes\t\tred\t\tgreen\t\n"
	for name, test := range map[string]struct {
		text, says string
		kept       int
	}{
		"good":           {header + good, "", 1},
		"no header":      {good, "line 1", 0},
		"empty":          {"", "line 1", 0},
		"short":          {header + "security\ta2\n" + good, "line 2: has 2 columns", 1},
		"twice":          {header + good + good, "line 3: check a1 stands twice", 1},
		"category":       {header + good + strings.Replace(good, "security", "safety", 1), `line 3: category is "safety"`, 1},
		"status":         {header + strings.Replace(good, "active", "asleep", 1), `status is "asleep"`, 0},
		"all plans":      {header + strings.Replace(good, "\tno\t", "\tmaybe\t", 1), `core_all_plans is "maybe"`, 0},
		"refresh":        {header + strings.Replace(good, "auto", "never", 1), `refresh is "never"`, 0},
		"local":          {header + strings.Replace(good, "yes", "perhaps", 1), `local is "perhaps"`, 0},
		"without a name": {header + strings.Replace(good, "One", "", 1), "has no id or no name", 0},
	} {
		got, err := advisor.ParseTable(test.text)
		if len(got) != test.kept || (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %d checks, %v", name, len(got), err)
		}
	}
}

// judgeOf gives what the suite says of a check, by any evaluator that reads
// Trusted Advisor's results.
func judgeOf(t *testing.T, w *world, id string) (fs []posture.Finding) {
	t.Helper()
	evs := slices.DeleteFunc(w.suite(w.account()), func(e posture.Evaluator) bool {
		switch e.(type) {
		case advisor.Recomputed, advisor.Fresh, advisor.Exclusions, advisor.Entitled:
			return true
		}
		return false
	})
	for _, all := range scan(t, evs) {
		for _, f := range all {
			if f.Resource.ID == id || f.Sub == id || strings.HasPrefix(f.Sub, id+"@") {
				fs = append(fs, f)
			}
		}
	}
	return fs
}

// Every check of the table, and one that nobody knows, is judged by its colour,
// once by each control that asks for it, and by no other.
func TestEveryCheck(t *testing.T) {
	table := append(slices.Clone(advisor.Table()), advisor.Known{ID: "Zz9NewOne1", Name: "A check of later", Category: advisor.FaultTolerance})
	for _, k := range table {
		for name, test := range map[string]struct {
			change         func(*advisortest.Check)
			pass, fail     int // findings, of the controls of both colours
			unknown, other int
			severity       posture.Severity // of the failing one, in the categories that are urgent
		}{
			"green": {func(*advisortest.Check) {}, 2, 0, 0, 0, 0},
			"red":   {func(c *advisortest.Check) { c.Colour = advisor.Red; c.Rows = []*advisortest.Row{row("x", advisor.Red)} }, 1, 1, 0, 0, posture.High},
			"yellow": {func(c *advisortest.Check) {
				c.Colour = advisor.Yellow
				c.Rows = []*advisortest.Row{row("x", advisor.Yellow)}
			}, 1, 1, 0, 0, posture.Medium},
			"red without a row": {func(c *advisortest.Check) { c.Colour = advisor.Red }, 1, 1, 0, 0, posture.High},
			"none":              {func(c *advisortest.Check) { c.Colour = advisor.NotAvailable }, 0, 0, 2, 0, 0},
			"no data":           {func(c *advisortest.Check) { c.NoData = true }, 0, 0, 0, 2, 0},
		} {
			w := newWorld(place, facts{}, func(s *advisortest.State) {
				c := &advisortest.Check{ID: k.ID, Name: k.Name, Category: k.Category, Colour: advisor.Green, At: hoursAgo(1), Processed: 3}
				test.change(c)
				s.Checks = []*advisortest.Check{c}
			})
			fs := judgeOf(t, w, k.ID)
			got := [...]int{len(only(fs, posture.Pass)), len(only(fs, posture.Fail)), len(only(fs, posture.Unknown)), len(only(fs, posture.NotApplicable))}
			want := [...]int{test.pass, test.fail, test.unknown, test.other}
			alone := k.Category == advisor.ServiceLimits || k.ID == keys // one control sees both colours
			if alone {
				for i := range want {
					want[i] = min(want[i], 1)
				}
				if test.fail > 0 {
					want[0] = 0
				}
			}
			if got != want {
				t.Errorf("%s %q, %s: pass, fail, unknown, not applicable are %v, want %v", k.ID, k.Name, name, got, want)
			}
			for _, f := range only(fs, posture.Fail) {
				switch {
				case k.ID == keys && f.Severity != posture.Critical, (k.Category == advisor.Security || k.Category == advisor.FaultTolerance) && !alone && f.Severity != test.severity:
					t.Errorf("%s, %s: severity is %s", k.ID, name, f.Severity)
				}
			}
		}
	}
}

// Every check that can be recomputed has a function, its own or Switches, and no
// other has one.
func TestEveryRecomputation(t *testing.T) {
	own := []string{
		advisor.CheckKeyRotation, advisor.CheckPasswordPolicy, advisor.CheckRootMFA, advisor.CheckSpecificPorts, advisor.CheckUnrestrictedAccess, advisor.CheckClassicLoadBalancerGroups,
		advisor.CheckLambdaRuntimes, advisor.CheckSQLServer, advisor.CheckWindowsServer, advisor.CheckUbuntu, advisor.CheckLogRetention, advisor.CheckBucketPermissions, advisor.CheckBucketLogging,
		advisor.CheckMailPolicy, advisor.CheckMismatchedCNAME, advisor.CheckClassicListeners, advisor.CheckServerCertificates, advisor.CheckApplicationBalancer, advisor.CheckManagementTrail,
	}
	switches, can := 0, advisor.Recomputable()
	for _, k := range advisor.Table() {
		rows, err := advisor.Switches(k.ID, []advisor.SwitchFact{{OK: true}, {}, {Unread: "denied"}})
		mine := slices.Contains(own, k.ID)
		switch {
		case slices.Contains(can, k.ID) && !mine && err != nil:
			t.Errorf("%s %q can be recomputed and has no function: %v", k.ID, k.Name, err)
		case mine && err == nil:
			t.Errorf("%s %q has a function of its own, and Switches judges it too", k.ID, k.Name)
		case mine && !slices.Contains(can, k.ID):
			t.Errorf("%s %q has a function and cannot be recomputed", k.ID, k.Name)
		}
		if err != nil || k.Deprecated {
			continue
		}
		switches++
		bad := advisor.Yellow
		if k.Red != "" {
			bad = advisor.Red
		}
		if rows[0].Colour != advisor.Green || rows[1].Colour != bad || rows[2].Colour != advisor.NotAvailable || rows[1].Reason == "" {
			t.Errorf("%s: %+v", k.ID, rows)
		}
	}
	if switches+len(own) != len(can) {
		t.Errorf("%d switches and %d of their own are not %d", switches, len(own), len(can))
	}
	t.Logf("%d checks are recomputed: %d by a function of their own", len(can), len(own))
	if _, err := advisor.Switches("Zz9NewOne1", nil); err == nil {
		t.Error("a check that nobody knows is judged")
	}
}

// The ids that others rely on.
func TestCatalogue(t *testing.T) {
	evs := advisor.Evaluators(nil)
	if err := posture.Validate(evs); err != nil {
		t.Error(err)
	}
	var ids []string
	for _, e := range evs {
		ids = append(ids, e.Control().ID)
	}
	for _, id := range []string{
		"advisor.entitled", "advisor.fresh", "advisor.red", "advisor.yellow", "advisor.exposed-access-keys", "advisor.service-limits", "advisor.exclusions", "advisor.disagreement",
		"advisor.priority-open", "advisor.deprecated-use", "advisor.local.hcp4007jgy", "advisor.fault-tolerance-red", "advisor.fault-tolerance-yellow", "advisor.cost-optimizing-red", "advisor.performance-red", "advisor.operational-excellence-red", "advisor.other-red",
	} {
		if !slices.Contains(ids, id) {
			t.Errorf("no control %s", id)
		}
	}
	for _, e := range []posture.Evaluator{advisor.Coloured{}, advisor.Coloured{Category: advisor.Security, Colour: "blue?"}} {
		if posture.Validate([]posture.Evaluator{e}) == nil {
			t.Errorf("%+v is valid", e)
		}
	}
	for _, r := range append(advisor.Remediators(nil, nil), advisor.AnswerPriority{}) {
		for _, id := range r.Controls() {
			if !slices.Contains(ids, id) {
				t.Errorf("%T answers %s, which is no control", r, id)
			}
		}
	}
}
