package posture_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/awsposture/posture"
)

// journalled applies and undoes a plan of three doors and gives the journal's lines.
func journalled(t testing.TB, key ed25519.PrivateKey) (lines [][]byte) {
	t.Helper()
	w := newWorld("a", "b", "c")
	j := new(posture.MemoryJournal)
	x := executor(posture.Limits{})
	x.Journal = j
	if key != nil {
		x.Signer = key
	}
	r, err := x.Apply(t.Context(), closing(t.(*testing.T), w, "a", "b", "c"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.Undo(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for e, err := range j.Read(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(e); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, b.Bytes())
	}
	return lines
}

func check(t testing.TB, lines [][]byte, key ed25519.PublicKey) (last, signed int, err error) {
	return posture.CheckJournal(t.Context(), posture.ReadJournal(bytes.NewReader(slices.Concat(lines...))), key)
}

// TestJournalChain changes an intact journal in every way: each is found.
func TestJournalChain(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	lines := journalled(t, private)
	last, signed, err := check(t, lines, public)
	if err != nil || last != len(lines) || signed != last {
		t.Fatalf("intact: %d entries, signed to %d, %v", last, signed, err)
	}
	whole := slices.Concat(lines...)
	for i := range whole {
		for _, bit := range []byte{1, 0x20} {
			changed := bytes.Clone(whole)
			changed[i] ^= bit
			if _, _, err := check(t, [][]byte{changed}, public); err == nil {
				t.Fatalf("bit %#x of byte %d flipped, and nothing is found: %q", bit, i, changed[max(0, i-20):min(len(changed), i+20)])
			}
		}
	}
	for i := range lines {
		doubled := slices.Insert(slices.Clone(lines), i, lines[i])
		if _, _, err := check(t, doubled, public); err == nil {
			t.Errorf("line %d doubled, and nothing is found", i)
		}
		dropped := slices.Delete(slices.Clone(lines), i, i+1)
		if n, _, err := check(t, dropped, public); err == nil && n == last {
			t.Errorf("line %d dropped, and nothing is found", i)
		}
		if i > 0 {
			swapped := slices.Clone(lines)
			swapped[i], swapped[i-1] = swapped[i-1], swapped[i]
			if _, _, err := check(t, swapped, public); err == nil {
				t.Errorf("lines %d and %d swapped, and nothing is found", i-1, i)
			}
		}
	}
	other, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := check(t, lines, other); err == nil {
		t.Error("another key's signatures pass")
	}
}

// TestJournalFile keeps a journal over a restart, mends a line that a crash cut, and
// has one writer.
func TestJournalFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j, err := posture.OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld("a")
	x := executor(posture.Limits{})
	x.Journal = j
	p := closing(t, w, "a")
	r, err := x.Apply(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := posture.OpenJournal(path); !errors.Is(err, posture.ErrJournalBusy) {
		t.Errorf("opened twice: %v", err)
	}
	if err := j.Append(t.Context(), posture.Entry{Seq: 2}); !errors.Is(err, posture.ErrJournalBusy) {
		t.Errorf("a second writer's entry: %v", err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}

	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"seq":99,"cut`); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if j, err = posture.OpenJournal(path); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	}()
	x.Journal = j
	if u, err := x.Undo(t.Context(), r); err != nil || u.Outcome != posture.OutcomeDone || !w.doors["a"].Open {
		t.Errorf("undo after a restart: %s, %v", u.Outcome, err)
	}
	if _, _, err := posture.CheckJournal(t.Context(), j, nil); err != nil {
		t.Error(err)
	}
	if err := posture.ReadJournal(bytes.NewReader(nil)).Append(t.Context(), posture.Entry{Seq: 1}); err == nil {
		t.Error("a journal for reading was written")
	}
}

// TestCheckpoints signs a long journal at least every hundred entries.
func TestCheckpoints(t *testing.T) {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld()
	j := new(posture.MemoryJournal)
	x := executor(posture.Limits{Targets: 200})
	x.Journal, x.Signer = j, private
	var steps []posture.Step
	for i := range 120 {
		name := string(rune('a'+i%26)) + string(rune('a'+i/26))
		w.doors[name] = opened
		steps = append(steps, change(t, w, name, opened, closed))
	}
	if _, err := x.Apply(t.Context(), plan(steps...)); err != nil {
		t.Fatal(err)
	}
	since, signed := 0, 0
	for e, err := range j.Read(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if since++; e.Phase == posture.PhaseCheckpoint {
			since, signed = 0, signed+1
		}
		if since > 100 {
			t.Fatalf("entry %d stands %d entries behind a signature", e.Seq, since)
		}
	}
	if since != 0 || signed < 3 {
		t.Errorf("%d checkpoints, %d entries behind the last", signed, since)
	}
}

// TestNoJournalNoCall fails the journal at each entry: what cannot be written
// down is not done.
func TestNoJournalNoCall(t *testing.T) {
	for n := range 3 {
		w := newWorld("a")
		x := executor(posture.Limits{})
		x.Journal = &dying{Journal: new(posture.MemoryJournal), before: n + 1}
		r, err := x.Apply(t.Context(), closing(t, w, "a"))
		if !errors.Is(err, errKilled) {
			t.Errorf("at entry %d: %s, %v", n+1, r.Outcome, err)
		}
		if wrote := w.count("set"); n < 2 && wrote > 0 || n == 2 && wrote != 1 {
			t.Errorf("at entry %d: %d writes", n+1, wrote)
		}
	}
}

func BenchmarkJournalFile(b *testing.B) {
	j, err := posture.OpenJournal(filepath.Join(b.TempDir(), "journal"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := j.Close(); err != nil {
			b.Error(err)
		}
	}()
	n := 0
	for b.Loop() {
		n++
		if err := j.Append(b.Context(), posture.Entry{Seq: n, Phase: posture.PhaseIntent, Plan: "1-0123456789abcdef", Hash: "h", Prev: "p"}); err != nil {
			b.Fatal(err)
		}
	}
}
