package inflate

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// plain are lengths of codes that are complete: 'a', 'b', end of block and a
// length of 3 have two bits each.
func plain() code {
	c := make(code, 258)
	c['a'], c['b'], c[256], c[257] = 2, 2, 2, 2
	return c
}

// TestOddBlocks holds what is allowed and what is refused where RFC 1951 or
// custom leaves room.
func TestOddBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	fixedCode := func(v, n uint) func(*writer) {
		return func(w *writer) {
			w.bits(1, 1)
			w.bits(1, 2)
			w.bits(reverse(0x30+'a', 8), 8)
			w.bits(reverse(v, n), n)
			if n == 7 { // a length of 3, then a distance
				w.bits(reverse(30, 5), 5)
			}
			w.bits(0, 7)
			w.made = []byte("a")
		}
	}
	// block is a, then a length of 3 where far is a symbol, then the end.
	block := func(lit, dist code, far int) func(*writer) {
		return func(w *writer) {
			w.dynamic(r, 1, lit, dist)
			lit.write(w, 'a')
			w.made = []byte("a")
			if far >= 0 {
				lit.write(w, 257)
				dist.write(w, far)
				w.made = []byte("aaaa")
			}
			lit.write(w, endSymbol)
		}
	}
	change := func(c code, sym int, n uint8) code {
		c[sym] = n
		return c
	}
	onlyEnd := change(make(code, 257), endSymbol, 1)
	for name, k := range map[string]struct {
		write func(*writer)
		want  string
	}{
		"a distance of one bit":         {block(plain(), code{1}, 0), "none"},
		"no distance, none used":        {block(plain(), code{0}, -1), "none"},
		"a distance of two bits":        {block(plain(), code{2}, 0), "corrupt"},
		"two distances of two bits":     {block(plain(), code{2, 2}, 0), "corrupt"},
		"three distances of one bit":    {block(plain(), code{1, 1, 1}, 0), "corrupt"},
		"a distance before the start":   {block(plain(), code{1, 1}, 1), "corrupt"},
		"too many codes":                {block(change(plain(), 'c', 2), code{1}, 0), "corrupt"},
		"a code missing":                {block(change(plain(), 'b', 0), code{1}, 0), "corrupt"},
		"reserved length 286":           {fixedCode(0xc6, 8), "corrupt"},
		"reserved length 287":           {fixedCode(0xc7, 8), "corrupt"},
		"reserved distance 30":          {fixedCode(1, 7), "corrupt"},
		"287 literals":                  {func(w *writer) { w.bits(1|2<<1|30<<3, 17) }, "corrupt"},
		"31 distances":                  {func(w *writer) { w.bits(1|2<<1|30<<8, 17) }, "corrupt"},
		"no code for lengths":           {func(w *writer) { w.bits(1|2<<1, 17); w.bits(0, 12) }, "corrupt"},
		"reserved block":                {func(w *writer) { w.bits(7, 3) }, "corrupt"},
		"stored length differs":         {func(w *writer) { w.bits(1, 8); w.bits(3, 16); w.bits(3, 16); w.bits(0, 24) }, "corrupt"},
		"stored nothing":                {func(w *writer) { w.bits(1, 8); w.bits(0, 16); w.bits(0xffff, 16) }, "none"},
		"only the end":                  {func(w *writer) { w.dynamic(r, 1, onlyEnd, code{0}); w.bits(0, 1) }, "none"},
		"only the end, but another bit": {func(w *writer) { w.dynamic(r, 1, onlyEnd, code{0}); w.bits(1, 1) }, "corrupt"},
		"no end":                        {func(w *writer) { w.dynamic(r, 1, make(code, 257), code{0}); w.bits(0, 1) }, "corrupt"},
		"no distance, but one is used": {func(w *writer) {
			w.dynamic(r, 1, plain(), code{0})
			plain().write(w, 'a')
			plain().write(w, 257)
			w.bits(0, 8)
		}, "corrupt"},
		"a distance of one bit, not zero": {func(w *writer) {
			w.dynamic(r, 1, plain(), code{1})
			plain().write(w, 'a')
			plain().write(w, 257)
			w.bits(1, 8)
		}, "corrupt"},
		"the first length repeated": {func(w *writer) {
			w.bits(1|2<<1, 13)
			w.bits(0, 4)       // 4 lengths of codes: of 16, 17, 18 and 0
			w.bits(1|1<<9, 12) // 16 and 0 have one bit
			w.bits(3, 8)       // 16
		}, "corrupt"},
		"repeated beyond the last length": {func(w *writer) {
			w.bits(1|2<<1, 13)
			w.bits(0, 4)
			w.bits(1<<6|1<<9, 12)    // 18 and 0 have one bit
			w.bits(1|127<<1, 8)      // 138 zeros
			w.bits(1|(121-11)<<1, 8) // 121 more: one too many
		}, "corrupt"},
	} {
		var w writer
		k.write(&w)
		src := w.file()
		var c checker
		// Bytes after it let the fast loop see it too.
		for _, after := range []int{0, 100} {
			if got := c.same(t, append(src[:len(src):len(src)], make([]byte, after)...), unlimited); got != k.want {
				t.Errorf("%s, %d bytes after it: %s, want %s", name, after, got, k.want)
			}
		}
		for n := range src {
			c.same(t, src[:n], unlimited)
		}
	}
}

// TestPlace: the error of corrupt data leads to it, also from the fast loop.
func TestPlace(t *testing.T) {
	for _, after := range []int{0, 100} {
		var w writer
		w.bits(0, 8) // stored: abc
		w.bits(3, 16)
		w.bits(0xffff^3, 16)
		for _, c := range "abc" {
			w.bits(uint(c), 8)
		}
		w.bits(3, 3)             // fixed
		w.bits(0x40, 7)          // a length of 3
		w.bits(reverse(4, 5), 5) // a distance of 5 or 6
		w.bits(0, 1)
		body := append(w.out, make([]byte, after)...)
		var c checker
		out, _, err := c.d.Body(nil, body, unlimited)
		var at flate.CorruptInputError
		if !errors.As(err, &at) || at != 10 || string(out) != "abc" {
			t.Errorf("%q, %v", out, err)
		}
	}
}

func TestHeader(t *testing.T) {
	var c checker
	body := zip(t, []byte("the text"), 6)[10:]
	text := func(n int) []byte { return append(bytes.Repeat([]byte{0xe9}, n), 0) }
	extra := []byte{3, 0, 0, 1, 2}
	for name, k := range map[string]struct {
		flags byte
		parts [][]byte
		want  string
	}{
		"bare":                   {0, nil, "none"},
		"text and unknown flags": {0xe1, nil, "none"},
		"name":                   {flagName, [][]byte{text(7)}, "none"},
		"empty name":             {flagName, [][]byte{text(0)}, "none"},
		"longest name":           {flagName, [][]byte{text(maxText - 1)}, "none"},
		"longer name":            {flagName, [][]byte{text(maxText)}, gzip.ErrHeader.Error()},
		"name without end":       {flagName, [][]byte{bytes.Repeat([]byte{1}, maxText+100)}, gzip.ErrHeader.Error()},
		"comment":                {flagComment, [][]byte{text(9)}, "none"},
		"longer comment":         {flagName | flagComment, [][]byte{text(3), text(maxText)}, gzip.ErrHeader.Error()},
		"extra":                  {flagExtra, [][]byte{extra}, "none"},
		"extra beyond the end":   {flagExtra, [][]byte{{255, 255}}, io.ErrUnexpectedEOF.Error()},
		"all":                    {flagExtra | flagName | flagComment, [][]byte{extra, text(3), text(4)}, "none"},
	} {
		head := append([]byte{0x1f, 0x8b, 8, k.flags, 1, 2, 3, 4, 2, 3}, bytes.Join(k.parts, nil)...)
		if got := c.same(t, append(head, body...), unlimited); got != k.want {
			t.Errorf("%s: %s, want %s", name, got, k.want)
		}
		for n := range head {
			c.same(t, head[:n], unlimited)
		}
		head[3] |= flagSum
		sum := crc32.ChecksumIEEE(head)
		head = binary.LittleEndian.AppendUint16(head, uint16(sum))
		if got := c.same(t, append(head, body...), unlimited); got != k.want {
			t.Errorf("%s with a sum: %s, want %s", name, got, k.want)
		}
		for i := range head {
			for bit := range 8 {
				head[i] ^= 1 << bit
				c.same(t, append(head, body...), unlimited)
				head[i] ^= 1 << bit
			}
			c.same(t, head[:i], unlimited)
		}
		head[len(head)-1] ^= 1
		c.same(t, head, unlimited)
		if got := c.same(t, append(head, body...), unlimited); k.want == "none" && got != gzip.ErrHeader.Error() {
			t.Errorf("%s with a wrong sum: %s", name, got)
		}
	}
}

// FuzzInflate: what compress/gzip takes is taken, what it refuses is refused,
// and what was read is the same.
func FuzzInflate(f *testing.F) {
	for _, src := range small(f) {
		f.Add(src, uint32(1000))
		f.Add(src, uint32(100))
	}
	r := rand.New(rand.NewPCG(11, 12))
	for range 20 {
		var w writer
		w.block(r, 1, 60)
		f.Add(w.file(), uint32(1<<20))
	}
	f.Add(zip(f, []byte(strings.Repeat(fmt.Sprint(1e9/7), 100)), 6), uint32(5000))
	f.Fuzz(func(t *testing.T, src []byte, limit uint32) {
		var c checker
		n := int64(limit % (4 << 20))
		c.same(t, src, n)
		if len(src) > 10 {
			// Also without a header of its own, and where there is more behind.
			body := append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}, src[10:]...)
			c.same(t, body, n)
			c.same(t, append(body, make([]byte, 64)...), n)
		}
	})
}
