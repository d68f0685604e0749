// Package inflate inflates gzip members (RFC 1952, RFC 1951) that are whole in
// memory into memory. It accepts, refuses and returns what compress/gzip does,
// which as a reader of streams has to stop after any byte and to keep a window
// of its own; this need not, and is faster for it.
package inflate

import (
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math"
)

// ErrLimit says that the member inflates beyond the limit.
var ErrLimit = errors.New("inflates beyond the limit")

const (
	// longest is the length of the longest match.
	longest = 258
	// before are the most literals that a turn of the fast loop writes before
	// a match.
	before = 6
	// slack is the room that the fast loop wants beyond the bytes it writes in
	// one turn, because it copies whole steps.
	slack = step
	// margin is the room for one turn of the fast loop.
	margin = before + longest + slack
	// maxRatio bounds what deflate can make of one byte: a match of 258 bytes
	// in two bits.
	maxRatio = 1032
)

// Decoder keeps its tables between members. Its zero value is ready; it is not
// for concurrent use.
type Decoder struct {
	own     tables
	lengths [maxLit + maxDist]uint8
}

// state is where a member has been read and written to.
type state struct {
	src   []byte
	i     int    // the next byte of src to come into bits
	bits  uint64 // the next bits, the first one lowest; above n are zeros
	n     uint   // how many there are
	buf   []byte // what was written, and all room for more
	o     int    // the next byte of buf to write
	start int    // where the member begins in buf
	limit int    // bytes of buf that may be written
}

// Body appends what follows the header of a member inflates to, and returns it
// with the bytes of src that the member takes. What could be read is returned
// with an error too:
//
//   - [io.ErrUnexpectedEOF] when src ends early
//   - [gzip.ErrChecksum] for a wrong sum or length
//   - [flate.CorruptInputError] with the place in src
//   - [ErrLimit] when dst would be longer than limit bytes
//
// Room beyond the end of dst is used where it has capacity, and overwritten.
func (d *Decoder) Body(dst, src []byte, limit int64) ([]byte, int, error) {
	s := state{src: src, buf: dst[:cap(dst)], o: len(dst), start: len(dst)}
	s.limit = int(max(min(limit, math.MaxInt-margin), 0))
	if s.o > s.limit {
		return dst[:s.limit], 0, ErrLimit
	}
	s.reserve()
	err := d.blocks(&s)
	out := s.buf[:s.o]
	if err != nil {
		return out, s.i, err
	}
	trailer := src[s.i:]
	if len(trailer) < 8 {
		return out, len(src), io.ErrUnexpectedEOF
	}
	made := out[s.start:]
	sum, size := binary.LittleEndian.Uint32(trailer), binary.LittleEndian.Uint32(trailer[4:])
	if sum != crc32.ChecksumIEEE(made) || size != uint32(len(made)) {
		err = gzip.ErrChecksum
	}
	return out, s.i + 8, err
}

// reserve makes room for what the trailer says that the member inflates to, if
// that is possible at all. When it is wrong, the room grows as it is needed.
func (s *state) reserve() {
	if n := len(s.src); n >= 4 {
		size := uint64(binary.LittleEndian.Uint32(s.src[n-4:]))
		s.room(int(min(size, uint64(n)*maxRatio, uint64(s.limit-s.o))))
	}
}

// room makes sure that n more bytes can be written. What is made anew is twice
// what there was, as far as the limit allows, so that it is made anew a few
// times only; and it has the margin that keeps the fast loop going to the end.
func (s *state) room(n int) {
	if len(s.buf)-s.o >= n {
		return
	}
	buf := make([]byte, max(s.o+n, min(2*len(s.buf), s.limit))+margin)
	copy(buf, s.buf[:s.o])
	s.buf = buf
}

// corrupt is the error for what is wrong before the next bit.
func (s *state) corrupt() error {
	return flate.CorruptInputError(int64(s.i) - int64(s.n/8))
}
