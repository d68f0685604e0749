package inflate

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

const unlimited = 1 << 30

// texts are of many kinds, for all that a compressor may make of them.
func texts() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 140_000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	var records strings.Builder
	for i := range 1500 {
		fmt.Fprintf(&records, `{"eventVersion":"1.11","eventTime":"2026-03-01T10:%02d:%02dZ","eventSource":"s3.amazonaws.com","eventName":"GetObject","requestID":"%016x","recipientAccountId":"111122223333","n":%d},`, i/60%60, i%60, r.Uint64(), i)
	}
	all := map[string][]byte{
		"empty": nil, "one byte": {7}, "two bytes": {0, 0}, "three bytes": []byte("aaa"),
		"records": []byte(records.String()), "noise": noise, "zeros": make([]byte, 150_000),
		"short words": []byte(strings.Repeat("to be or not ", 9)),
	}
	for _, n := range []int{257, 258, 259, 260, 32767, 32768, 32769, 65535, 65536, 65537} {
		all[fmt.Sprintf("run of %d", n)] = bytes.Repeat([]byte{'x'}, n)
		all[fmt.Sprintf("noise of %d", n)] = noise[:n]
	}
	// Each distance up to 300 with matches of many lengths, also such that
	// reach into themselves.
	var near []byte
	for dist := 1; dist <= 300; dist++ {
		for _, n := range []int{3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 66, 127, 129, 258, 259, 600} {
			at := r.IntN(len(noise) - dist)
			for len(near) > 0 && near[len(near)-1] == noise[at] {
				at = r.IntN(len(noise) - dist)
			}
			period := noise[at : at+dist]
			near = append(near, bytes.Repeat(period, 2+n/dist)[:dist+n]...)
		}
	}
	all["near distances"] = near
	var far []byte
	for _, dist := range []int{32767, 32768, 32769, 32768, 20000, 32760} {
		far = append(far, noise[:dist]...)
		far = append(far, noise[:300]...)
	}
	all["far distances"] = far
	few := make([]byte, 100_000)
	for i := range few {
		few[i] = "abcdefghijklmnopqrstuvwxyz"[min(25, int(r.ExpFloat64()*2))]
	}
	all["skewed letters"] = few
	return all
}

var levels = []int{gzip.HuffmanOnly, gzip.DefaultCompression, gzip.NoCompression, 1, 2, 3, 4, 5, 6, 7, 8, 9}

func TestTexts(t *testing.T) {
	var c checker
	for name, text := range texts() {
		for _, level := range levels {
			src := zip(t, text, level)
			if got := c.same(t, src, unlimited); got != "none" {
				t.Fatalf("%s at level %d: %s", name, level, got)
			}
			if level != 6 {
				continue
			}
			// Bytes after the member are not its own.
			if got := c.same(t, append(src[:len(src):len(src)], src...), unlimited); got != "none" {
				t.Fatalf("%s at level %d and something after it: %s", name, level, got)
			}
		}
	}
}

// small are archives of each kind of block, a few hundred bytes long.
func small(t testing.TB) map[string][]byte {
	records := texts()["records"][:900]
	flushed := func(level int) []byte {
		var b bytes.Buffer
		z, err := gzip.NewWriterLevel(&b, level)
		if err != nil {
			t.Fatal(err)
		}
		z.Header = gzip.Header{Name: "a.json", Comment: "example", Extra: []byte("abc")}
		for part := range slices.Chunk(records, 300) {
			if _, err = z.Write(part); err == nil {
				err = z.Flush()
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err = z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	return map[string][]byte{
		"dynamic": zip(t, records, 6), "fixed": zip(t, []byte("abcabcabcabc, a fixed block, abcabcabcabcabcabcabc"), 6),
		"stored": zip(t, records[:200], 0), "huffman": zip(t, records, gzip.HuffmanOnly),
		"blocks": flushed(9), "stored blocks": flushed(0), "empty": zip(t, nil, 6),
	}
}

func TestCutAnywhere(t *testing.T) {
	var c checker
	for name, src := range small(t) {
		for n := range src {
			if got := c.same(t, src[:n], unlimited); got == "none" {
				t.Fatalf("%s: %d of %d bytes are whole", name, n, len(src))
			}
		}
	}
}

func TestAnyBitWrong(t *testing.T) {
	var c checker
	ends := map[string]int{}
	for _, src := range small(t) {
		for bit := range 8 * len(src) {
			src[bit/8] ^= 1 << (bit % 8)
			ends[c.same(t, src, 1<<20)]++
			src[bit/8] ^= 1 << (bit % 8)
		}
	}
	for _, want := range []string{"none", "corrupt", io.ErrUnexpectedEOF.Error(), gzip.ErrHeader.Error(), gzip.ErrChecksum.Error()} {
		if ends[want] < 10 {
			t.Errorf("only %d of the damaged archives end with %q: the test says little", ends[want], want)
		}
	}
}

// TestDamage puts random bytes in place of some, where the fast loop reads.
func TestDamage(t *testing.T) {
	var c checker
	r := rand.New(rand.NewPCG(3, 4))
	var srcs [][]byte
	for _, name := range []string{"records", "skewed letters", "near distances", "far distances"} {
		text := texts()[name]
		srcs = append(srcs, zip(t, text[:min(len(text), 60_000)], 6))
	}
	ends := map[string]int{}
	for range 400 {
		src := slices.Clone(srcs[r.IntN(len(srcs))])
		for range 1 + r.IntN(3) {
			src[r.IntN(len(src))] = byte(r.Uint32())
		}
		ends[c.same(t, src, 1<<20)]++
	}
	if ends["corrupt"] < 50 || ends[gzip.ErrChecksum.Error()] < 100 {
		t.Errorf("the test says little: %v", ends)
	}
}

func TestGarbage(t *testing.T) {
	var c checker
	r := rand.New(rand.NewPCG(5, 6))
	head := []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}
	for range 3000 {
		b := make([]byte, r.IntN(400))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		c.same(t, b, 1<<20)
		c.same(t, append(head[:10:10], b...), 1<<20)
	}
}

func TestTrailer(t *testing.T) {
	var c checker
	text := texts()["records"][:5000]
	src := zip(t, text, 6)
	for i := 1; i <= 8; i++ {
		bad := slices.Clone(src)
		bad[len(bad)-i] ^= 0x81
		if got := c.same(t, bad, unlimited); got != gzip.ErrChecksum.Error() {
			t.Errorf("byte %d from the end: %s", i, got)
		}
	}
	// One that promises little has the room made anew a few times only.
	lying := zip(t, texts()["records"], 6)
	binary.LittleEndian.PutUint32(lying[len(lying)-4:], 1)
	if n := testing.AllocsPerRun(1, func() { _, _, _ = c.d.member(nil, lying, unlimited) }); n > 15 {
		t.Errorf("room is made %v times", n)
	}
	// One that promises much is not believed beyond what can be.
	lying = slices.Clone(src)
	binary.LittleEndian.PutUint32(lying[len(lying)-4:], 1<<31)
	for _, limit := range []int64{unlimited, 10_000} {
		out, _, err := c.d.member(nil, lying, limit)
		if !errors.Is(err, gzip.ErrChecksum) || !bytes.Equal(out, text) {
			t.Errorf("%d bytes, %v", len(out), err)
		}
		if most := min(int(limit), maxRatio*len(lying)) + margin; cap(out) > most {
			t.Errorf("room for %d bytes with a limit of %d", cap(out), limit)
		}
	}
}

func TestLimit(t *testing.T) {
	var c checker
	for _, name := range []string{"records", "zeros", "noise", "near distances", "skewed letters"} {
		text := texts()[name]
		text = text[:min(len(text), 70_000)]
		for _, level := range []int{0, gzip.HuffmanOnly, 6} {
			src := zip(t, text, level)
			for _, cut := range []int{-1, 0, 1, 2, 3, 17, 100, 257, 258, 259, 300, 1000, len(text) - 1, len(text)} {
				want := "none"
				if cut > 0 {
					want = ErrLimit.Error()
				}
				if got := c.same(t, src, int64(len(text)-cut)); got != want {
					t.Fatalf("%s at level %d, limit %d below: %s", name, level, cut, got)
				}
			}
		}
	}
}

// TestLimitInMatch: the longest matches and literals before them end at every
// byte up to the limit.
func TestLimitInMatch(t *testing.T) {
	var c checker
	r := rand.New(rand.NewPCG(13, 14))
	text := make([]byte, 1000)
	for len(text) < 4000 {
		for range r.IntN(8) {
			text = append(text, byte(r.Uint32()))
		}
		text = append(text, make([]byte, 258)...)
	}
	src := zip(t, text, 9)
	for limit := len(text) - 1500; limit < len(text); limit++ {
		if got := c.same(t, src, int64(limit)); got != ErrLimit.Error() {
			t.Fatalf("limit %d: %s", limit, got)
		}
	}
}

// TestBomb: what is beyond the limit is never made.
func TestBomb(t *testing.T) {
	src := zip(t, make([]byte, 50<<20), 9)
	const limit = 1 << 20
	out, _, err := new(Decoder).member(nil, src, limit)
	if !errors.Is(err, ErrLimit) || len(out) != limit || cap(out) > limit+2*margin {
		t.Errorf("%d bytes in room for %d, %v", len(out), cap(out), err)
	}
}

func TestOddLimits(t *testing.T) {
	var c checker
	src := zip(t, []byte("abc"), 6)
	for limit, want := range map[int64]int{-1 << 63: 0, -1: 0, 0: 0, 2: 2} {
		out, _, err := c.d.member(nil, src, limit)
		if !errors.Is(err, ErrLimit) || len(out) != want {
			t.Errorf("limit %d: %d bytes, %v", limit, len(out), err)
		}
	}
	if out, _, err := c.d.member(nil, src, 1<<63-1); err != nil || string(out) != "abc" {
		t.Errorf("no limit to speak of: %q, %v", out, err)
	}
	if out, _, err := c.d.member([]byte("too long"), src, 3); !errors.Is(err, ErrLimit) || string(out) != "too" {
		t.Errorf("what is there is beyond the limit: %q, %v", out, err)
	}
}

// TestReuse: what the trailer says is the room that is made, and nothing is
// allocated once there is room.
func TestReuse(t *testing.T) {
	var c checker
	text := texts()["records"]
	src := zip(t, text, 6)
	out, _, err := c.d.member(nil, src, unlimited)
	if err != nil || crc32.ChecksumIEEE(out) != crc32.ChecksumIEEE(text) {
		t.Fatal(err)
	}
	if cap(out) != len(text)+margin {
		t.Errorf("room for %d bytes is made for %d", cap(out), len(text))
	}
	if n := testing.AllocsPerRun(20, func() { out, _, err = c.d.member(out[:0], src, unlimited) }); n != 0 || err != nil {
		t.Errorf("%v allocations, %v", n, err)
	}
}
