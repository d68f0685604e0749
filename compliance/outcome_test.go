package compliance_test

import (
	"slices"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// The outcome of a requirement follows from what its controls say.
func TestOutcomes(t *testing.T) {
	a, b := control("example.a", posture.Global), control("example.b", posture.Global)
	pass := func(c posture.Control) posture.Result { return verdicts(c, home, posture.Pass) }
	wider := full("example.a")
	wider.Wider = true
	both := compliance.Requirement{Mappings: []compliance.Mapping{full("example.a"), partial("example.b")}}
	for name, c := range map[string]struct {
		q       compliance.Requirement
		results []posture.Result
		want    compliance.Outcome
		gaps    []compliance.GapKind
	}{
		"all hold":                     {both, []posture.Result{pass(a), pass(b)}, compliance.Met, nil},
		"the full one fails":           {both, []posture.Result{verdicts(a, home, posture.Pass, posture.Fail), pass(b)}, compliance.NotMet, nil},
		"the partial one fails":        {both, []posture.Result{pass(a), verdicts(b, home, posture.Fail)}, compliance.NotMet, nil},
		"one fails, one is unknown":    {both, []posture.Result{verdicts(a, home, posture.Unknown), verdicts(b, home, posture.Fail)}, compliance.NotMet, []compliance.GapKind{"denied"}},
		"one is unknown":               {both, []posture.Result{verdicts(a, home, posture.Pass, posture.Unknown), pass(b)}, compliance.NotAssessed, []compliance.GapKind{"denied"}},
		"one did not run":              {both, []posture.Result{pass(a)}, compliance.NotAssessed, []compliance.GapKind{compliance.GapNotRun}},
		"nothing ran":                  {both, nil, compliance.NotAssessed, []compliance.GapKind{compliance.GapNotRun, compliance.GapNotRun}},
		"there is nothing to judge":    {both, []posture.Result{verdicts(a, home, posture.NotApplicable), pass(b)}, compliance.Met, nil},
		"a part holds":                 {compliance.Requirement{Mappings: []compliance.Mapping{partial("example.a")}}, []posture.Result{pass(a)}, compliance.Partly, nil},
		"parts hold, which is no more": {compliance.Requirement{Mappings: []compliance.Mapping{partial("example.a"), partial("example.b")}}, []posture.Result{pass(a), pass(b)}, compliance.Partly, nil},
		"together full, one fails":     {compliance.Requirement{Mappings: []compliance.Mapping{full("example.a", "example.b")}}, []posture.Result{pass(a), verdicts(b, home, posture.Fail)}, compliance.NotMet, nil},
		"together full":                {compliance.Requirement{Mappings: []compliance.Mapping{full("example.a", "example.b")}}, []posture.Result{pass(a), pass(b)}, compliance.Met, nil},
		"together full, one planned":   {compliance.Requirement{Mappings: []compliance.Mapping{full("example.a", "sg.unused")}}, []posture.Result{pass(a)}, compliance.Partly, nil},
		"all are planned":              {compliance.Requirement{Mappings: []compliance.Mapping{full("sg.unused")}}, nil, compliance.NotAssessed, []compliance.GapKind{compliance.GapPlanned}},
		"a planned one that now runs":  {compliance.Requirement{Mappings: []compliance.Mapping{full("sg.unused")}}, []posture.Result{pass(control("sg.unused", posture.Global))}, compliance.Met, nil},
		"a wider one holds":            {compliance.Requirement{Mappings: []compliance.Mapping{wider}}, []posture.Result{pass(a)}, compliance.Met, nil},
		"a wider one fails":            {compliance.Requirement{Mappings: []compliance.Mapping{wider}}, []posture.Result{verdicts(a, home, posture.Fail)}, compliance.NotAssessed, []compliance.GapKind{compliance.GapWider}},
		"a wider one and another fail": {compliance.Requirement{Mappings: []compliance.Mapping{wider, full("example.b")}}, []posture.Result{verdicts(a, home, posture.Fail), verdicts(b, home, posture.Fail)}, compliance.NotMet, []compliance.GapKind{compliance.GapWider}},
		"nobody mapped it":             {compliance.Requirement{}, nil, compliance.NotAssessed, []compliance.GapKind{compliance.GapNotCovered}},
		"people must show it":          {compliance.Requirement{Kind: compliance.Organizational}, nil, compliance.Manual, nil},
		"AWS must show it":             {compliance.Requirement{Kind: compliance.Physical, Owner: compliance.AWS}, nil, compliance.NotAssessed, []compliance.GapKind{compliance.GapInheritance}},
		"both must show it":            {compliance.Requirement{Owner: compliance.Shared, Mappings: both.Mappings}, []posture.Result{pass(a), pass(b)}, compliance.NotAssessed, []compliance.GapKind{compliance.GapInheritance}},
	} {
		t.Run(name, func(t *testing.T) {
			got := one(t, compliance.Assessor{}, c.q, c.results...)
			if got.Outcome != c.want || !slices.Equal(gaps(got), c.gaps) {
				t.Errorf("%s with gaps %v, want %s with %v", got.Outcome, gaps(got), c.want, c.gaps)
			}
		})
	}
}

// An account or region that was declared and not reached is a gap, and so is a
// verdict that is too old, an answer that is none, and a run that was broken off.
func TestNotAssessed(t *testing.T) {
	regional := control("example.regional", posture.Regional)
	q := compliance.Requirement{Mappings: []compliance.Mapping{full("example.regional")}}
	passes := []posture.Result{verdicts(regional, west, posture.Pass), verdicts(regional, east, posture.Pass)}
	if got := one(t, compliance.Assessor{}, q, passes...); got.Outcome != compliance.Met || got.Counts.Pass != 2 {
		t.Fatalf("both regions: %+v", got)
	}
	old, never, empty := passes[1], passes[1], passes[1]
	old.Started, never.Started, empty.Findings = noon.Add(-25*time.Hour), time.Time{}, nil
	failed := passes[1]
	failed.Err = &posture.Cause{Kind: posture.CauseThrottled}
	for name, c := range map[string]struct {
		second posture.Result
		gap    compliance.GapKind
	}{
		"region not reached": {passes[0], compliance.GapNotReached}, "stale": {old, "stale"}, "of no time": {never, "stale"},
		"without finding": {empty, "no-verdict"}, "error without finding": {failed, "throttled"},
	} {
		got := one(t, compliance.Assessor{}, q, passes[0], c.second)
		if got.Outcome != compliance.NotAssessed || !slices.Contains(gaps(got), c.gap) {
			t.Errorf("%s: %s, gaps %v", name, got.Outcome, gaps(got))
		}
	}
	if got := one(t, compliance.Assessor{Scope: []posture.Place{home}}, q, passes...); got.Outcome != compliance.NotAssessed || !slices.Contains(gaps(got), compliance.GapNoRegion) {
		t.Errorf("no region declared: %s, gaps %v", got.Outcome, gaps(got))
	}
	run, err := compliance.Assessor{Frameworks: []*compliance.Framework{example(q)}, Scope: []posture.Place{west, east}, Now: clock}.Start()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for range run.Items(only(passes...)) {
		if n++; n == 2 {
			break
		}
	}
	if got := run.Assessment(); !got.Cut || got.Frameworks[0].Requirements[0].Outcome != compliance.NotAssessed {
		t.Errorf("broken off: %+v", got.Frameworks[0].Requirements[0])
	}
}

// A control of the organization is judged in one account; all others saying
// that it does not apply shows nothing.
func TestOrganizationScope(t *testing.T) {
	c := control("example.org", posture.Organization)
	q := compliance.Requirement{Mappings: []compliance.Mapping{full("example.org")}}
	admin := posture.Place{Partition: "aws", Account: "444455556666"}
	a := compliance.Assessor{Scope: []posture.Place{home, admin}}
	if got := one(t, a, q, verdicts(c, home, posture.NotApplicable)); got.Outcome != compliance.NotAssessed || !slices.Contains(gaps(got), compliance.GapAdministrator) {
		t.Errorf("without the administrator: %s, %v", got.Outcome, gaps(got))
	}
	if got := one(t, a, q, verdicts(c, home, posture.NotApplicable), verdicts(c, admin, posture.Pass)); got.Outcome != compliance.Met {
		t.Errorf("with the administrator: %s, %v", got.Outcome, gaps(got))
	}
}

// A requirement that asks a parameter is judged by the run that comes nearest.
func TestMinimumOfRequirement(t *testing.T) {
	at := func(days string) posture.Control {
		return control("example.age", posture.Global, posture.Param{Name: "max-age", Value: days})
	}
	m := full("example.age")
	m.Minimums = []compliance.Minimum{{Control: "example.age", Param: "max-age", Op: "max", Value: "90"}}
	q := compliance.Requirement{Mappings: []compliance.Mapping{m}}
	for name, c := range map[string]struct {
		results []posture.Result
		want    compliance.Outcome
		gap     compliance.GapKind
	}{
		"as asked, passes":         {[]posture.Result{verdicts(at("90"), home, posture.Pass)}, compliance.Met, ""},
		"as asked, fails":          {[]posture.Result{verdicts(at("90"), home, posture.Fail)}, compliance.NotMet, ""},
		"weaker, passes":           {[]posture.Result{verdicts(at("180"), home, posture.Pass)}, compliance.NotAssessed, compliance.GapWeaker},
		"weaker, fails all more":   {[]posture.Result{verdicts(at("180"), home, posture.Fail)}, compliance.NotMet, ""},
		"stricter, passes":         {[]posture.Result{verdicts(at("30"), home, posture.Pass)}, compliance.Met, ""},
		"stricter, fails":          {[]posture.Result{verdicts(at("30"), home, posture.Fail)}, compliance.NotAssessed, compliance.GapStricter},
		"no parameter":             {[]posture.Result{verdicts(control("example.age", posture.Global), home, posture.Pass)}, compliance.NotAssessed, compliance.GapWeaker},
		"two runs, one as asked":   {[]posture.Result{verdicts(at("30"), home, posture.Fail), verdicts(at("90"), home, posture.Pass)}, compliance.Met, ""},
		"two runs, none as strict": {[]posture.Result{verdicts(at("120"), home, posture.Pass), verdicts(at("180"), home, posture.Pass)}, compliance.NotAssessed, compliance.GapWeaker},
	} {
		got := one(t, compliance.Assessor{}, q, c.results...)
		if got.Outcome != c.want || c.gap != "" && !slices.Contains(gaps(got), c.gap) {
			t.Errorf("%s: %s, gaps %v; want %s, %s", name, got.Outcome, gaps(got), c.want, c.gap)
		}
	}
}

// A control that is mapped twice with other minimums is shown as the worse, with
// its gap, and its findings are counted once.
func TestMappedTwice(t *testing.T) {
	c := control("example.age", posture.Global, posture.Param{Name: "max-age", Value: "90"})
	asks := func(days string) compliance.Mapping {
		m := full("example.age")
		m.Minimums = []compliance.Minimum{{Control: "example.age", Param: "max-age", Op: "max", Value: days}}
		return m
	}
	got := one(t, compliance.Assessor{}, compliance.Requirement{Mappings: []compliance.Mapping{asks("90"), asks("45")}}, verdicts(c, home, posture.Pass))
	want := []compliance.ControlState{{Control: "example.age", State: compliance.ControlUnknown}}
	if got.Outcome != compliance.NotAssessed || !slices.Equal(got.Controls, want) || !slices.Equal(gaps(got), []compliance.GapKind{compliance.GapWeaker}) || got.Counts.Total() != 1 {
		t.Errorf("%+v", got)
	}
}

// What people say counts while it holds, and covers what it was written for.
func TestStatements(t *testing.T) {
	a := control("example.a", posture.Global)
	pass, fail := verdicts(a, home, posture.Pass), verdicts(a, home, posture.Fail)
	q := compliance.Requirement{Mappings: []compliance.Mapping{partial("example.a")}}
	word := compliance.Attestation{
		Requirement: theOne, Open: compliance.OpenHash([]string{"The rest"}), Statement: "The rest was reviewed on 2026-10-01.",
		By: "ana@example.com", On: noon.Add(-48 * time.Hour),
	}
	with := func(change func(*compliance.Attestation)) compliance.Assessor {
		w := word
		change(&w)
		return compliance.Assessor{Attestations: []compliance.Attestation{w}}
	}
	for name, c := range map[string]struct {
		change func(*compliance.Attestation)
		result posture.Result
		want   compliance.Outcome
	}{
		"holds":              {func(*compliance.Attestation) {}, pass, compliance.Met},
		"does not outweigh":  {func(*compliance.Attestation) {}, fail, compliance.NotMet},
		"of another text":    {func(w *compliance.Attestation) { w.Open = compliance.OpenHash([]string{"Something else"}) }, pass, compliance.Partly},
		"of nobody":          {func(w *compliance.Attestation) { w.By = "" }, pass, compliance.Partly},
		"more than a year":   {func(w *compliance.Attestation) { w.On = noon.AddDate(-1, 0, -1) }, pass, compliance.Partly},
		"of the future":      {func(w *compliance.Attestation) { w.On = noon.Add(time.Hour) }, pass, compliance.Partly},
		"of another version": {func(w *compliance.Attestation) { w.Requirement.Version = "2" }, pass, compliance.Partly},
	} {
		if got := one(t, with(c.change), q, c.result); got.Outcome != c.want || (got.Attestation != nil) != (c.want == compliance.Met) {
			t.Errorf("%s: %s, attestation %v", name, got.Outcome, got.Attestation)
		}
	}
	manual := compliance.Requirement{Kind: compliance.Organizational}
	open := one(t, compliance.Assessor{}, manual)
	signed := with(func(w *compliance.Attestation) { w.Open = compliance.OpenHash(open.Open) })
	if got := one(t, signed, manual); got.Outcome != compliance.Met {
		t.Errorf("a manual requirement that is attested: %s", got.Outcome)
	}
	out := compliance.Assessor{Exclusions: []compliance.Exclusion{{Requirement: theOne, Owner: "ana@example.com", Reason: "No such data.", On: noon.Add(-time.Hour)}}}
	if got := one(t, out, q, fail); got.Outcome != compliance.OutOfScope || got.Exclusion == nil {
		t.Errorf("excluded: %s", got.Outcome)
	}
	out.Exclusions[0].Reason = ""
	if got := one(t, out, q, fail); got.Outcome != compliance.NotMet {
		t.Errorf("excluded without reason: %s", got.Outcome)
	}
}

// AWS's part needs a report that covers the day and each region of the scope.
func TestInheritance(t *testing.T) {
	q := compliance.Requirement{Kind: compliance.Physical, Owner: compliance.AWS}
	report := compliance.ProviderReport{Program: "soc-2", From: noon.AddDate(0, -6, 0), To: noon.AddDate(0, 1, 0), SHA256: "example", Regions: []string{"eu-west-1", "us-east-1"}}
	for name, c := range map[string]struct {
		change func(*compliance.ProviderReport)
		want   compliance.Outcome
	}{
		"covers":             {func(*compliance.ProviderReport) {}, compliance.Inherited},
		"period is over":     {func(r *compliance.ProviderReport) { r.To = noon.AddDate(0, 0, -1) }, compliance.NotAssessed},
		"on its last day":    {func(r *compliance.ProviderReport) { r.To = noon.Truncate(24 * time.Hour) }, compliance.Inherited},
		"not yet begun":      {func(r *compliance.ProviderReport) { r.From = noon.AddDate(0, 0, 1) }, compliance.NotAssessed},
		"a region is not in": {func(r *compliance.ProviderReport) { r.Regions = r.Regions[:1] }, compliance.NotAssessed},
		"no region stated":   {func(r *compliance.ProviderReport) { r.Regions = nil }, compliance.NotAssessed},
		"of another program": {func(r *compliance.ProviderReport) { r.Program = "iso-9001" }, compliance.NotAssessed},
		"no file":            {func(r *compliance.ProviderReport) { r.SHA256 = "" }, compliance.NotAssessed},
	} {
		r := report
		r.Regions = slices.Clone(report.Regions)
		c.change(&r)
		f := example(q)
		f.Key = "soc2-tsc"
		got := assess(t, compliance.Assessor{Frameworks: []*compliance.Framework{f}, Reports: []compliance.ProviderReport{r}}).Frameworks[0].Requirements[0]
		if got.Outcome != c.want || !slices.Contains(got.Programs, "soc-2") || got.AWSPart == "" || got.CustomerPart == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
