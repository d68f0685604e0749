package trail

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// Errors of a file, wrapped in a [FileError].
var (
	// ErrTrailing: there are bytes after the gzip member. CloudTrail writes
	// one member; readers that go on would read what somebody appended.
	ErrTrailing = errors.New("bytes after the gzip member")
	// ErrTooLarge: the file inflates beyond the limit.
	ErrTooLarge = errors.New("inflates beyond the limit")
	// ErrTruncated: the file ends early.
	ErrTruncated = errors.New("the file ends early")
)

// Inflater inflates one gzip member strictly into dst's capacity; a program
// may plug in a faster one. It returns what it could read even with an error.
type Inflater interface {
	Inflate(dst, src []byte, limit int64) ([]byte, error)
}

// Gzip is the inflater of the standard library. Its zero value is ready; it
// is kept between files to reuse its memory, and is not for concurrent use.
type Gzip struct {
	z  *gzip.Reader
	in bytes.Reader
	br *bufio.Reader
	// Members lets further gzip members follow, as Firehose writes them.
	Members bool
}

// Inflate implements Inflater.
func (g *Gzip) Inflate(dst, src []byte, limit int64) ([]byte, error) {
	dst = dst[:0]
	g.in.Reset(src)
	if g.br == nil {
		g.br = bufio.NewReaderSize(&g.in, 512)
	} else {
		g.br.Reset(&g.in)
	}
	var err error
	if g.z == nil {
		g.z, err = gzip.NewReader(g.br)
	} else {
		err = g.z.Reset(g.br)
	}
	if err != nil {
		g.z = nil
		return dst, fmt.Errorf("%w: %w", ErrTruncated, err)
	}
	for {
		g.z.Multistream(false)
		if dst, err = appendAll(dst, g.z, limit); err != nil {
			if errors.Is(err, io.ErrUnexpectedEOF) {
				err = fmt.Errorf("%w: %w", ErrTruncated, err)
			}
			return dst, err
		}
		if _, err = g.br.Peek(1); err != nil {
			return dst, nil
		}
		if !g.Members {
			return dst, ErrTrailing
		}
		if err = g.z.Reset(g.br); err != nil {
			return dst, fmt.Errorf("%w: %w", ErrTrailing, err)
		}
	}
}

// appendAll reads r to its end, at most limit bytes in all of dst.
func appendAll(dst []byte, r io.Reader, limit int64) ([]byte, error) {
	for {
		if len(dst) == cap(dst) {
			dst = append(dst, 0)[:len(dst)]
		}
		room := dst[len(dst):cap(dst)]
		if left := limit + 1 - int64(len(dst)); int64(len(room)) > left {
			room = room[:left]
		}
		n, err := r.Read(room)
		dst = dst[:len(dst)+n]
		if int64(len(dst)) > limit {
			return dst[:limit], ErrTooLarge
		}
		if err == io.EOF {
			return dst, nil
		}
		if err != nil {
			return dst, err
		}
	}
}
