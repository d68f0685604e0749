package evidence_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/awsposture/posture/compliance/evidence"
)

// tamper changes a bundle somewhere and gives the name that the error must
// have: the first file, in the order of verifying, that is not as it was.
func tamper(r *rand.Rand, m fstest.MapFS) (what, name string) {
	names := slices.Sorted(maps.Keys(m))
	pick := func() string { return names[r.IntN(len(names))] }
	full := func() string {
		for {
			if n := pick(); len(m[n].Data) > 0 {
				return n
			}
		}
	}
	edit := func(n string, data []byte) { m[n] = &fstest.MapFile{Data: data} }
	switch name = full(); r.IntN(9) {
	case 0:
		data := bytes.Clone(m[name].Data)
		data[r.IntN(len(data))] ^= 1 << r.IntN(8)
		edit(name, data)
		return "flip", name
	case 1:
		edit(name, m[name].Data[:r.IntN(len(m[name].Data))])
		return "truncation", name
	case 2:
		name = pick()
		edit(name, append(bytes.Clone(m[name].Data), byte(r.IntN(256))))
		return "growth", name
	case 3:
		name = pick()
		delete(m, name)
		return "removal", name
	case 4:
		at := r.IntN(5)
		name = fmt.Sprintf("%sx%d", []string{"answers/", "new/", "", "zz/deep/", "zz/deeper/er/"}[at], r.IntN(1000))
		m[name] = &fstest.MapFile{Data: []byte("{}")}
		return "addition", []string{name, "new", name, name, "zz/deeper"}[at] // a directory is found before what is in it
	case 5:
		to := name + "x"
		m[to] = m[name]
		delete(m, name)
		if name == evidence.ManifestName || name == evidence.SignatureName {
			return "renaming", name
		}
		return "renaming", to
	case 6:
		data := bytes.Clone(m[name].Data)
		at := r.IntN(len(data))
		edit(name, slices.Delete(data, at, at+1))
		return "deletion", name
	case 7:
		data := bytes.Clone(m[name].Data)
		edit(name, slices.Insert(data, r.IntN(len(data)+1), "\t \n0"[r.IntN(4)]))
		return "insertion", name
	default:
		other := pick()
		if bytes.Equal(m[name].Data, m[other].Data) {
			return "", ""
		}
		m[name], m[other] = m[other], m[name]
		// Which of the two is looked at first.
		for _, first := range append([]string{evidence.ManifestName, evidence.SignatureName}, names...) {
			if first == name || first == other {
				return "exchange", first
			}
		}
		return "", ""
	}
}

// TestTampering spoils a bundle 10,000 times, in one way at a time.
func TestTampering(t *testing.T) {
	whole := files(t, small())
	if _, err := evidence.Verify(whole, publicKey()); err != nil {
		t.Fatal(err)
	}
	r, done := rand.New(rand.NewPCG(1, 2)), map[string]int{}
	for i := 0; i < 10_000; i++ {
		m := maps.Clone(whole)
		what, name := tamper(r, m)
		if what == "" { // a file was exchanged with itself
			i--
			continue
		}
		done[what]++
		_, err := evidence.Verify(m, publicKey())
		if err == nil {
			t.Fatalf("%d: %s of %q was not found", i, what, name)
		}
		if !strings.Contains(err.Error(), name) {
			t.Fatalf("%d: %s of %q: the error does not name it: %v", i, what, name, err)
		}
	}
	t.Log(done)
	if len(done) != 9 {
		t.Errorf("not every kind of tampering was tried: %v", done)
	}
}

// TestTamperingWithAnArchive does the same to the bytes of an archive, headers
// and directory included: whatever is changed must be found.
func TestTamperingWithAnArchive(t *testing.T) {
	whole := archived(t, small())
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 10_000 {
		b, what, at := bytes.Clone(whole), "", r.IntN(len(whole))
		switch r.IntN(5) {
		case 0, 1:
			what = "flip"
			b[at] ^= 1 << r.IntN(8)
		case 2:
			what, b = "truncation", b[:at]
		case 3:
			what, b = "insertion", slices.Insert(b, at, byte(r.IntN(256)))
		case 4:
			what, b = "growth", append(b, make([]byte, 1+r.IntN(100))...)
		}
		if _, err := evidence.VerifyZip(bytes.NewReader(b), int64(len(b)), publicKey()); err == nil {
			t.Fatalf("%d: %s at %d was not found", i, what, at)
		}
	}
	// Every byte of a small one as well, since most of a large one is content.
	least := small()
	least.Files = least.Files[:2]
	whole = archived(t, least)
	for at := range whole {
		b := bytes.Clone(whole)
		b[at] ^= 1 << (at % 8)
		if _, err := evidence.VerifyZip(bytes.NewReader(b), int64(len(b)), publicKey()); err == nil {
			t.Fatalf("a change of byte %d was not found", at)
		}
	}
}

func TestWrongKey(t *testing.T) {
	whole := files(t, small())
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize)).Public().(ed25519.PublicKey)
	for _, k := range []ed25519.PublicKey{other, nil, publicKey()[:31]} {
		if m, err := evidence.Verify(whole, k); err == nil || !strings.Contains(err.Error(), "key") || m.Run != "" {
			t.Errorf("%d bytes: %v", len(k), err)
		}
	}
	// Somebody else's bundle over the same content, and its signature put into ours.
	b := small()
	b.Signer = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
	theirs := files(t, b)
	if _, err := evidence.Verify(theirs, publicKey()); err == nil {
		t.Error("signed by another")
	}
	// A signature of ours over another root.
	b = small()
	b.Manifest.Run = "2026-07"
	whole[evidence.SignatureName] = files(t, b)[evidence.SignatureName]
	if _, err := evidence.Verify(whole, publicKey()); err == nil || !strings.Contains(err.Error(), "made over the root") {
		t.Errorf("over another root: %v", err)
	}
}

// slow gives a byte at a time.
type slow struct{ r io.Reader }

func (s slow) Read(b []byte) (int, error) { return s.r.Read(b[:min(1, len(b))]) }
