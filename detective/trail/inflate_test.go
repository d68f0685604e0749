package trail

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// streamed is Gzip by way of compress/gzip, for comparison.
func streamed(src []byte, limit int64, members bool) ([]byte, error) {
	br := bufio.NewReader(bytes.NewReader(src))
	z, err := gzip.NewReader(br)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTruncated, err)
	}
	var dst []byte
	for {
		z.Multistream(false)
		if dst, err = appendAll(dst, z, limit); err != nil {
			if errors.Is(err, io.ErrUnexpectedEOF) {
				err = fmt.Errorf("%w: %w", ErrTruncated, err)
			}
			return dst, err
		}
		if _, err = br.Peek(1); err != nil {
			return dst, nil
		}
		if !members {
			return dst, ErrTrailing
		}
		if err = z.Reset(br); err != nil {
			return dst, fmt.Errorf("%w: %w", ErrTrailing, err)
		}
	}
}

// says is the text of an error without a place in a file.
func says(err error) string {
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) {
		return "corrupt"
	}
	return fmt.Sprint(err)
}

// TestGzipAsStreamed: one member or several, cut and damaged anywhere, end as
// they do with compress/gzip, and what could be read is the same.
func TestGzipAsStreamed(t *testing.T) {
	text := rec(1)[:250]
	one := zip(strings.Repeat(text, 2))
	two := zip(text, "", strings.Repeat("a", 9000))
	var files [][]byte
	for _, f := range [][]byte{one, two} {
		files = append(files, f, append(f[:len(f):len(f)], 0), append(f[:len(f):len(f)], "\x1f\x8b\x08 and more bytes"...))
		for n := range f {
			files = append(files, f[:n])
			bad := bytes.Clone(f)
			bad[n] ^= 1 << (n % 8)
			files = append(files, bad)
		}
	}
	ends := map[error]int{}
	for _, members := range []bool{false, true} {
		g := Gzip{Members: members}
		var out []byte
		for i, f := range files {
			for _, limit := range []int64{1 << 20, int64(len(text))} {
				want, wantErr := streamed(f, limit, members)
				var err error
				out, err = g.Inflate(out, f, limit)
				if says(err) != says(wantErr) || !bytes.Equal(out, want) {
					t.Fatalf("file %d (%x), limit %d, members %v: %d bytes, %v; want %d bytes, %v", i, f, limit, members, len(out), err, len(want), wantErr)
				}
				for _, e := range []error{ErrTruncated, ErrTrailing, ErrTooLarge, gzip.ErrChecksum, nil} {
					if errors.Is(err, e) {
						ends[e]++
					}
				}
			}
		}
	}
	if len(ends) != 5 {
		t.Errorf("the test says little: %v", ends)
	}
}

// TestGzipKeepsApart: a distance does not reach into the member before.
func TestGzipKeepsApart(t *testing.T) {
	// In fixed codes: a length of 3 at a distance of 1, the end.
	f := zip("abc")
	f = append(f, f[:10]...)
	f = append(f, 0x03, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	want, wantErr := streamed(f, 1<<20, true)
	got, err := (&Gzip{Members: true}).Inflate(nil, f, 1<<20)
	if says(err) != "corrupt" || says(wantErr) != "corrupt" || string(got) != "abc" || string(want) != "abc" {
		t.Errorf("%q %v, want %q %v", got, err, want, wantErr)
	}
}

// TestGzipManyMembers: the length in the last trailer is one member's and may
// be a lie. Each member that believed it would make its room anew.
func TestGzipManyMembers(t *testing.T) {
	f := bytes.Repeat(zip("0123456789"), 3000)
	f[len(f)-2] = 1 // 16 MB
	for _, limit := range []int64{1 << 20, 64 << 20} {
		g := Gzip{Members: true}
		var out []byte
		var err error
		allocs := testing.AllocsPerRun(1, func() { out, err = g.Inflate(nil, f, limit) })
		if !errors.Is(err, gzip.ErrChecksum) || len(out) != 30_000 || allocs > 5 {
			t.Errorf("limit %d: %d bytes, %v, %v allocations", limit, len(out), err, allocs)
		}
	}
}
