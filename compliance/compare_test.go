package compliance_test

import (
	"bytes"
	"maps"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

func snapshot(t testing.TB, results ...posture.Result) *compliance.Snapshot {
	t.Helper()
	run, err := compliance.Assessor{Scope: []posture.Place{home}, Now: clock, Keep: true}.Start()
	if err != nil {
		t.Fatal(err)
	}
	for range run.Items(only(results...)) { // it is read for what it leaves in the run
	}
	return stored(t, run.Snapshot())
}

// stored gives the snapshot as it comes back from a file.
func stored(t testing.TB, s *compliance.Snapshot) *compliance.Snapshot {
	t.Helper()
	var b, again bytes.Buffer
	if err := compliance.WriteSnapshot(&b, s); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	read, err := compliance.ReadSnapshot(&b)
	if err != nil {
		t.Fatal(err)
	}
	if err := compliance.WriteSnapshot(&again, read); err != nil || again.String() != text {
		t.Fatalf("%v: written %s, and again %s", err, text, again.String())
	}
	return read
}

// A listing that nobody read to its end does not show that something is gone.
func TestStoppedIsNotGone(t *testing.T) {
	c := control("example.a", posture.Global)
	run, err := compliance.Assessor{Scope: []posture.Place{home}, Now: clock, Keep: true}.Start()
	if err != nil {
		t.Fatal(err)
	}
	for range run.Items(only(verdicts(c, home, posture.Pass, posture.Fail))) {
		break
	}
	before := snapshot(t, verdicts(c, home, posture.Pass, posture.Fail))
	got := compliance.Compare(before, stored(t, run.Snapshot())).Counts
	if want := map[compliance.Change]int{compliance.NotSeen: 1}; !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// One thing that was judged before and is judged, or is not, after.
func TestCompare(t *testing.T) {
	const none = compliance.Change(255)
	c, other := control("example.a", posture.Global, posture.Param{Name: "max-age", Value: "90"}), control("example.a", posture.Global, posture.Param{Name: "max-age", Value: "30"})
	p, f, na, u := posture.Pass, posture.Fail, posture.NotApplicable, posture.Unknown
	for name, x := range map[string]struct {
		before, after posture.Result
		want          compliance.Change
	}{
		"fails again":               {verdicts(c, home, f), verdicts(c, home, f), compliance.Open},
		"is put right":              {verdicts(c, home, f), verdicts(c, home, p), compliance.Fixed},
		"breaks":                    {verdicts(c, home, p), verdicts(c, home, f), compliance.Regressed},
		"is new":                    {verdicts(c, home, p), verdicts(c, home, p, f), compliance.New},
		"was unknown":               {verdicts(c, home, u), verdicts(c, home, f), compliance.New},
		"did not apply":             {verdicts(c, home, na), verdicts(c, home, f), compliance.New},
		"applies no more":           {verdicts(c, home, f), verdicts(c, home, na), compliance.Gone},
		"is unknown":                {verdicts(c, home, f), verdicts(c, home, u), compliance.NotSeen},
		"is gone":                   {verdicts(c, home, p, f), verdicts(c, home, p), compliance.Gone},
		"is not listed, by a cut":   {verdicts(c, home, p, p, f), verdicts(c, home, p, u), compliance.NotSeen},
		"account not reached":       {verdicts(c, home, f), posture.Result{}, compliance.NotSeen},
		"control did not run":       {verdicts(c, home, f), verdicts(control("example.b", posture.Global), home, p), compliance.NotSeen},
		"laxer, and passes":         {verdicts(other, home, f), verdicts(c, home, p), compliance.NotSeen},
		"laxer, and is not listed":  {verdicts(other, home, p, f), verdicts(c, home, p), compliance.NotSeen},
		"stricter, and fails":       {verdicts(c, home, p), verdicts(other, home, f), compliance.New},
		"stricter, and fails again": {verdicts(c, home, f), verdicts(other, home, f), compliance.Open},
		"passes all along":          {verdicts(c, home, p), verdicts(c, home, p), none},
		"listed in another region":  {verdicts(control("example.a", posture.Regional), west, f), verdicts(control("example.a", posture.Regional), east, p), compliance.NotSeen},
	} {
		t.Run(name, func(t *testing.T) {
			var after []posture.Result
			if x.after.Control.ID != "" {
				after = append(after, x.after)
			}
			got := compliance.Compare(snapshot(t, x.before), snapshot(t, after...))
			want := map[compliance.Change]int{}
			if x.want != none {
				want[x.want] = 1
			}
			if !maps.Equal(got.Counts, want) || len(got.Changes) != len(want) {
				t.Errorf("%v, want %v", got.Counts, x.want)
			}
		})
	}
}

// A control that takes a new id keeps the history of the old one.
func TestCompareRenamed(t *testing.T) {
	old := control("example.old", posture.Global)
	now := control("example.a", posture.Global)
	now.Replaces = []string{"example.old"}
	for name, x := range map[string]struct {
		before, after posture.Status
		want          compliance.Change
	}{
		"open":      {posture.Fail, posture.Fail, compliance.Open},
		"fixed":     {posture.Fail, posture.Pass, compliance.Fixed},
		"regressed": {posture.Pass, posture.Fail, compliance.Regressed},
	} {
		got := compliance.Compare(snapshot(t, verdicts(old, home, x.before)), snapshot(t, verdicts(now, home, x.after)))
		if got.Counts[x.want] != 1 || len(got.Changes) != 1 {
			t.Errorf("%s: %v", name, got.Counts)
		}
	}
}

// Without an earlier snapshot everything that fails is new; without a later one
// nothing was seen.
func TestCompareWithNothing(t *testing.T) {
	s := snapshot(t, verdicts(control("example.a", posture.Global), home, posture.Fail, posture.Pass))
	if got := compliance.Compare(nil, s).Counts; !maps.Equal(got, map[compliance.Change]int{compliance.New: 1}) {
		t.Errorf("first: %v", got)
	}
	if got := compliance.Compare(s, nil).Counts; !maps.Equal(got, map[compliance.Change]int{compliance.NotSeen: 1}) {
		t.Errorf("last: %v", got)
	}
}

func TestReadSnapshotFaults(t *testing.T) {
	for name, text := range map[string]string{
		"version":                   `{"version":2,"at":"2026-11-25T12:00:00Z","ran":[],"failing":[],"verdicts":{}}`,
		"member":                    `{"version":1,"at":"2026-11-25T12:00:00Z","ran":[],"failing":[],"verdicts":{},"other":1}`,
		"verdict":                   `{"version":1,"at":"2026-11-25T12:00:00Z","ran":[],"failing":[],"verdicts":{"fine":""}}`,
		"failing":                   `{"version":1,"at":"2026-11-25T12:00:00Z","ran":[],"failing":[],"verdicts":{"fail":""}}`,
		"hash":                      `{"version":1,"at":"2026-11-25T12:00:00Z","ran":[],"failing":[],"verdicts":{"pass":"AAAA"}}`,
		"print":                     `{"version":1,"at":"2026-11-25T12:00:00Z","ran":[],"failing":[{"fingerprint":"2-00"}],"verdicts":{}}`,
		"former":                    `{"version":1,"at":"2026-11-25T12:00:00Z","ran":[],"failing":[],"verdicts":{},"former":"!"}`,
		"not JSON":                  `x`,
		"two verdicts on one thing": `{"version":1,"at":"2026-11-25T12:00:00Z","ran":[],"failing":[],"verdicts":{"pass":"AAAAAAAAAAAAAAAAAAAAAA==","unknown":"AAAAAAAAAAAAAAAAAAAAAA=="}}`,
	} {
		if _, err := compliance.ReadSnapshot(bytes.NewReader([]byte(text))); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

// Whatever is read as a snapshot is written, and then reads and writes the same.
func FuzzReadSnapshot(f *testing.F) {
	var b bytes.Buffer
	c := control("example.a", posture.Global, posture.Param{Name: "max-age", Value: "90"})
	c.Replaces = []string{"example.old"}
	if err := compliance.WriteSnapshot(&b, snapshot(f, verdicts(c, home, posture.Pass, posture.Fail, posture.Unknown, posture.NotApplicable))); err != nil {
		f.Fatal(err)
	}
	f.Add(b.String())
	f.Add(`{"version":1,"at":"2026-11-25T12:00:00Z","ran":[],"failing":[],"verdicts":{}}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := compliance.ReadSnapshot(bytes.NewReader([]byte(text)))
		if err != nil {
			return
		}
		again := stored(t, s)
		if got := compliance.Compare(s, again).Counts; got[compliance.Fixed]+got[compliance.Gone]+got[compliance.New]+got[compliance.Regressed] > 0 {
			t.Errorf("a snapshot and itself differ: %v", got)
		}
	})
}
