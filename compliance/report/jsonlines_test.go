package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
	"github.com/google/go-cmp/cmp"
)

func TestJSONLinesRoundTrip(t *testing.T) {
	for name, items := range map[string][]compliance.Item{"small": small(), "generated": generated(600)} {
		t.Run(name, func(t *testing.T) {
			h := compared(header(), items)
			c := Count(slices.Values(items), finished)
			h.Counts = &c
			first := write(t, JSONLines{}, h, slices.Values(items))
			got, read, err := ReadJSONLines(bytes.NewReader(first))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(h, got); diff != "" {
				t.Errorf("header (-written +read)\n%s", diff)
			}
			var back []compliance.Item
			for it, err := range read {
				if err != nil {
					t.Fatal(err)
				}
				back = append(back, it)
			}
			if len(back) != len(items) {
				t.Fatalf("%d items of %d came back", len(back), len(items))
			}
			for i, it := range back {
				want := items[i]
				if it.Finding.Status != want.Finding.Status || it.Finding.Fingerprint() != valid(want).Finding.Fingerprint() || (it.Waiver == nil) != (want.Waiver == nil) {
					t.Errorf("item %d came back as %+v", i, it)
				}
			}
			if second := write(t, JSONLines{}, got, slices.Values(back)); !bytes.Equal(first, second) {
				t.Error("what was read is written otherwise")
			}
		})
	}
}

// A file that lost its end, even at the end of a line, is not taken for whole
// where the header counts the items.
func TestJSONLinesCut(t *testing.T) {
	items, h := small(), header()
	c := Count(slices.Values(items), finished)
	h.Counts = &c
	all := write(t, JSONLines{}, h, slices.Values(items))
	cut := all[:bytes.LastIndexByte(all[:len(all)-1], '\n')+1]
	_, read, err := ReadJSONLines(bytes.NewReader(cut))
	if err != nil {
		t.Fatal(err)
	}
	n, last := 0, error(nil)
	for _, err := range read {
		if n++; err != nil {
			last = err
		}
	}
	if n != len(items) || last == nil || !strings.Contains(last.Error(), fmt.Sprintf("%d of %d items", len(items)-1, len(items))) {
		t.Errorf("%d came, %v", n, last)
	}
	if err := (JSONLines{}).Write(io.Discard, h, slices.Values(items[1:])); err == nil {
		t.Error("items other than those that the header counts are written")
	}
}

func TestJSONLinesKeepsEvidence(t *testing.T) {
	_, read, err := ReadJSONLines(bytes.NewReader(write(t, JSONLines{}, header(), slices.Values(small()))))
	if err != nil {
		t.Fatal(err)
	}
	for it, err := range read {
		if err != nil {
			t.Fatal(err)
		}
		if it.Finding.Control == "iam.access-key-age" && it.Finding.Status == posture.Fail {
			e, err := posture.EvidenceAs[keyEvidence](it.Finding)
			if err != nil || e.User != "ana" || e.Age != 365 {
				t.Errorf("%+v, %v", e, err)
			}
			return
		}
	}
	t.Error("the finding did not come back")
}

// One bad line is named, and those around it are read.
func TestJSONLinesBadLine(t *testing.T) {
	lines := strings.SplitAfter(string(write(t, JSONLines{}, header(), slices.Values(small()))), "\n")
	lines[2] = strings.Replace(lines[2], "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLF", 1) // its fingerprint is another's now
	_, read, err := ReadJSONLines(strings.NewReader(strings.Join(lines, "")))
	if err != nil {
		t.Fatal(err)
	}
	good, bad := 0, ""
	for _, err := range read {
		if err != nil {
			bad += err.Error()
		} else {
			good++
		}
	}
	if good != 5 || !strings.Contains(bad, "line 3") {
		t.Errorf("%d read; %s", good, bad)
	}
}

func TestJSONLinesHead(t *testing.T) {
	for name, in := range map[string]string{"empty": "", "no JSON": "x\n", "another version": `{"version":2,"header":{}}`, "an item": `{"finding":{}}`} {
		if _, _, err := ReadJSONLines(strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := ReadJSONLines(io.MultiReader(strings.NewReader(`{"version":1,"header":{}}`))); err != nil {
		t.Errorf("a header alone, without an end of line: %v", err)
	}
}

func FuzzReadJSONLines(f *testing.F) {
	f.Add(write(f, JSONLines{}, header(), slices.Values(small())))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, read, err := ReadJSONLines(bytes.NewReader(b))
		if err != nil {
			return
		}
		var items []compliance.Item
		for it, err := range read {
			if err == nil {
				items = append(items, it)
			}
		}
		var out bytes.Buffer
		if err := (JSONLines{}).Write(&out, h, slices.Values(items)); err != nil {
			t.Skip() // a time that has no JSON form
		}
		if !json.Valid(bytes.Split(out.Bytes(), []byte("\n"))[0]) {
			t.Error("written badly")
		}
	})
}
