package report

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestGolden(t *testing.T) {
	for name, f := range formats {
		t.Run(name, func(t *testing.T) {
			got := write(t, f, compared(header(), small()), slices.Values(small()))
			file := filepath.Join("testdata", "small."+name)
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
				t.Errorf("(-golden +written)\n%s", diff)
			}
		})
	}
}

// Two writings of the same are the same bytes: maps must not show.
func TestDeterministic(t *testing.T) {
	items := generated(100)
	for name, f := range formats {
		h := compared(hostileHeader(), items)
		if !bytes.Equal(write(t, f, h, slices.Values(items)), write(t, f, h, slices.Values(items))) {
			t.Errorf("%s: two writings differ", name)
		}
	}
}

func TestNothingToReport(t *testing.T) {
	for name, f := range formats {
		for _, items := range []func(func(compliance.Item) bool){nil, slices.Values([]compliance.Item{})} {
			err := f.Write(io.Discard, header(), items)
			if (err != nil) != (name == "oscal.json") {
				t.Errorf("%s without items: %v", name, err)
			}
		}
	}
}

// An item without anything in it is an Unknown, not a crash and not a pass.
func TestZeroItem(t *testing.T) {
	for name, f := range formats {
		got := string(write(t, f, Header{Finished: finished}, slices.Values([]compliance.Item{{}})))
		if name != "detection.jsonl" && !strings.Contains(strings.ToLower(got), "unknown") && !strings.Contains(got, "no-verdict") && !strings.Contains(got, "NO_VERDICT") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestTimeIsNeeded(t *testing.T) {
	need := map[string]bool{"ocsf.jsonl": true, "detection.jsonl": true, "asff.jsonl": true, "oscal.json": true, "junit.xml": true}
	for name, f := range formats {
		err := f.Write(io.Discard, Header{}, slices.Values(small()))
		if (err != nil) != need[name] {
			t.Errorf("%s without a time: %v", name, err)
		}
	}
}

type badEvidence struct{}

func (badEvidence) MarshalJSON() ([]byte, error) { return nil, errors.New("does not encode") }

func TestBadItemIsNamed(t *testing.T) {
	bad := small()
	bad[3].Finding.Evidence = badEvidence{}
	word := small()
	word[3].Finding.Status = 77
	for name, f := range formats {
		for _, items := range [][]compliance.Item{bad, word} {
			err := f.Write(io.Discard, header(), slices.Values(items))
			if err == nil || !strings.Contains(err.Error(), "item 3 (iam.access-key-age on AWS::IAM::AccessKey AKIAI44QH8DHBEXAMPLE)") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errors.New("disk full")
	}
	return len(b), nil
}

// A writer that fails stops the walk, and its error comes back.
func TestWriterFails(t *testing.T) {
	items := generated(3000)
	counts := Count(slices.Values(items), finished)
	for name, f := range formats {
		h, walked := header(), 0
		h.Counts = &counts
		err := f.Write(&full{1 << 17}, h, func(yield func(compliance.Item) bool) {
			for _, it := range items {
				if walked++; !yield(it) {
					return
				}
			}
		})
		if err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%s: %v", name, err)
		}
		if walked == len(items) && name != "junit.xml" {
			t.Errorf("%s: walked on to the end", name)
		}
	}
}

func TestCountsMustBeOfTheItems(t *testing.T) {
	once := func() func(func(compliance.Item) bool) {
		left := small()
		return func(yield func(compliance.Item) bool) {
			for len(left) > 0 {
				it := left[0]
				if left = left[1:]; !yield(it) {
					return
				}
			}
		}
	}
	for _, f := range []Format{HTML{}, Markdown{}} {
		if err := f.Write(io.Discard, header(), once()); err == nil || !strings.Contains(err.Error(), "walked only once") {
			t.Errorf("%T: a sequence that is gone after the count: %v", f, err)
		}
		h := header()
		c := Count(slices.Values(small()), finished)
		h.Counts = &c
		if err := f.Write(io.Discard, h, once()); err != nil {
			t.Errorf("%T with counts: %v", f, err)
		}
	}
}

func TestCounts(t *testing.T) {
	c := Count(slices.Values(small()), finished)
	if want := (Tally{Fail: 2, Unknown: 1, Waived: 1, Pass: 1, NotApplicable: 1}); c.All != want {
		t.Errorf("all: %v", c.All)
	}
	if want := (Tally{Fail: 1, Pass: 1}); c.Domains["infra"] != want || c.Severities[posture.Critical] != want || c.Owners["web"] != want || c.Frameworks["pci-dss@4.0.1"] != want {
		t.Errorf("%+v", c)
	}
	if got := c.Frameworks["cis-aws@5.0.0"].Total(); got != 6 {
		t.Errorf("%d findings speak to the framework", got)
	}
}

func TestWaiverHoldsToTheEndOfItsDay(t *testing.T) {
	it := small()[3]
	next := it.Waiver.Expires.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	if got := stateOf(it, next.Add(-time.Second)); got != waived {
		t.Errorf("a second before the end of its day: %v", got)
	}
	if got := stateOf(it, next); got != fail {
		t.Errorf("the day after: %v", got)
	}
	it.Finding.Status, it.Finding.Cause = posture.Unknown, nil
	if got := stateOf(it, finished); got != unknown {
		t.Errorf("a waived Unknown is %v", got)
	}
}

func TestUrgency(t *testing.T) {
	items := small()
	slices.Reverse(items)
	slices.SortFunc(items, Urgency(finished))
	var got []string
	for _, it := range items {
		got = append(got, stateOf(it, finished).String())
	}
	if want := []string{"fail", "fail", "unknown", "waived", "pass", "not-applicable"}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}
