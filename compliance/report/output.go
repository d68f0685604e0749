package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// output is a writer that remembers its error, so that only its end and the
// walk look at it.
type output struct {
	*bufio.Writer
	buf *bytes.Buffer
	enc *json.Encoder // into buf
}

func newOutput(w io.Writer) output {
	buf := &bytes.Buffer{}
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false) // AWS documents are full of <, > and &, and no JSON of ours stands in a page
	return output{bufio.NewWriterSize(w, 1<<16), buf, enc}
}

func (o output) put(ss ...string) {
	for _, s := range ss {
		_, _ = o.WriteString(s) // the writer keeps its first error and gives it to every later call
	}
}

func (o output) err() error {
	_, err := o.Write(nil)
	return err
}

// json writes v on one line.
func (o output) json(v any) error {
	b, err := o.encode(v)
	if err == nil {
		_, err = o.Write(b)
	}
	return err
}

// encode gives the JSON of v and a line end, good until the next call. What
// cannot be seen is escaped, so that a reader of the file sees what a program
// reads, and so is U+FFFD, which the encoder escapes only where it put it.
func (o output) encode(v any) ([]byte, error) {
	o.buf.Reset()
	if err := o.enc.Encode(v); err != nil {
		return nil, err
	}
	b := o.buf.Bytes()
	if !slices.ContainsFunc(b, func(c byte) bool { return c > '~' }) {
		return b, nil
	}
	out := make([]byte, 0, len(b)+64)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r < ' ' || !unicode.IsControl(r) && !hides(r) && r != utf8.RuneError:
			out = append(out, b[:n]...)
		case r > 0xffff:
			hi, lo := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, hi, lo)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		b = b[n:]
	}
	return out, nil
}
