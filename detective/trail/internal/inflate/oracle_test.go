package inflate

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"testing"
)

// checker inflates with this package and with compress/gzip. Both are kept
// between files: what they were used for before must not matter.
type checker struct {
	d Decoder
	z gzip.Reader
}

// oracle inflates the member at the start of src with compress/gzip, and
// returns what it made, the bytes it took and its error.
func (c *checker) oracle(src []byte, limit int64) (out []byte, n int, err error) {
	in := bytes.NewReader(src)
	if err := c.z.Reset(in); err != nil {
		return nil, 0, err
	}
	c.z.Multistream(false)
	out, err = io.ReadAll(io.LimitReader(&c.z, limit+1))
	if int64(len(out)) > limit {
		return out[:limit], 0, ErrLimit
	}
	return out, len(src) - in.Len(), err
}

// member inflates the member at the start of src with this package.
func (d *Decoder) member(dst, src []byte, limit int64) ([]byte, int, error) {
	head, err := Header(src)
	if err != nil {
		return dst, 0, err
	}
	out, n, err := d.Body(dst, src[head:], limit)
	return out, head + n, err
}

// kind is what an error says, without its place.
func kind(err error) string {
	var corrupt flate.CorruptInputError
	switch {
	case err == nil:
		return "none"
	case errors.As(err, &corrupt):
		return "corrupt"
	}
	for _, e := range []error{io.EOF, io.ErrUnexpectedEOF, gzip.ErrHeader, gzip.ErrChecksum, ErrLimit} {
		if errors.Is(err, e) {
			return e.Error()
		}
	}
	return "other: " + err.Error()
}

// same inflates src with both and returns how they ended. It does so into no
// room, into just enough room and into a lot of it, all after a prefix that a
// distance must not reach.
func (c *checker) same(t testing.TB, src []byte, limit int64) string {
	t.Helper()
	want, n, wantErr := c.oracle(src, limit)
	prefix := []byte("before it")
	for _, room := range []int{0, len(want), 3 * (len(want) + margin)} {
		dst := bytes.Repeat([]byte{0xaa}, len(prefix)+room)
		copy(dst, prefix)
		got, read, err := c.d.member(dst[:len(prefix):len(dst)], src, limit+int64(len(prefix)))
		if kind(err) != kind(wantErr) {
			t.Fatalf("%s with room for %d: error %v, want %v", show(src), room, err, wantErr)
		}
		if !bytes.HasPrefix(got, prefix) || !bytes.Equal(got[len(prefix):], want) {
			i := 0
			for got = got[min(len(got), len(prefix)):]; i < min(len(got), len(want)) && got[i] == want[i]; i++ {
			}
			t.Fatalf("%s with room for %d: %d bytes, want %d; they part at byte %d", show(src), room, len(got), len(want), i)
		}
		if err == nil && read != n {
			t.Fatalf("%s with room for %d: took %d bytes, want %d", show(src), room, read, n)
		}
	}
	return kind(wantErr)
}

func show(src []byte) string {
	if len(src) > 300 {
		return fmt.Sprintf("%d bytes %x…", len(src), src[:300])
	}
	return fmt.Sprintf("%x", src)
}

// zip compresses text with compress/gzip.
func zip(t testing.TB, text []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = z.Write(text); err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
