package trail

import (
	"errors"
	"fmt"
	"io"

	"github.com/awsposture/posture/detective/trail/internal/inflate"
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

// Gzip is the inflater of this package. It takes and refuses what compress/gzip
// does, in less time because the whole file is in memory. Its zero value is
// ready; it is kept between files to reuse its memory, and is not for
// concurrent use.
type Gzip struct {
	z inflate.Decoder
	// Members lets further gzip members follow, as Firehose writes them.
	Members bool
}

// Inflate implements Inflater.
func (g *Gzip) Inflate(dst, src []byte, limit int64) ([]byte, error) {
	dst = dst[:0]
	n, err := inflate.Header(src)
	if err != nil {
		return dst, fmt.Errorf("%w: %w", ErrTruncated, err)
	}
	for {
		src = src[n:]
		if dst, n, err = g.z.Body(dst, src, limit); err != nil {
			switch {
			case errors.Is(err, inflate.ErrLimit):
				err = ErrTooLarge
			case errors.Is(err, io.ErrUnexpectedEOF):
				err = fmt.Errorf("%w: %w", ErrTruncated, err)
			}
			return dst, err
		}
		if src = src[n:]; len(src) == 0 {
			return dst, nil
		}
		if !g.Members {
			return dst, ErrTrailing
		}
		if n, err = inflate.Header(src); err != nil {
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
