package inflate

import "io"

// symbols reads the compressed data of a block to its end: section 3.2.3. The
// fast loop does it while there is plenty of input and room; what it leaves is
// done exactly, symbol by symbol.
func (s *state) symbols(t *tables) error {
	for {
		if err := s.fast(t); err != nil {
			return err
		}
		if done, err := s.exact(t); done || err != nil {
			return err
		}
	}
}

// symbol decodes a symbol without its extra bits. An entry that is odd may be
// one that no code leads to.
func (s *state) symbol(table []uint32, root, sub uint) (uint32, error) {
	s.fill()
	// With too few bits there are zeros after them. Since the codes are in the
	// order of their lengths, what is found then is no longer than the code.
	e := table[s.bits&(1<<root-1)]
	if e&(isOdd|isSecond) == isOdd|isSecond {
		e = table[uint64(e>>16)+s.bits>>root&(1<<sub-1)]
	}
	n := uint(e >> 8 & maxCode)
	if n > s.n {
		return 0, io.ErrUnexpectedEOF
	}
	s.bits >>= n
	s.n -= n
	return e, nil
}

// exact decodes one symbol with all that belongs to it.
func (s *state) exact(t *tables) (done bool, err error) {
	// Each block has an end. Like compress/gzip this takes nothing from what is
	// too short for it.
	if s.fill(); s.n < t.end {
		return false, io.ErrUnexpectedEOF
	}
	e, err := s.symbol(t.lit[:], litRoot, t.litSub)
	if err != nil {
		return false, err
	}
	if e&isLiteral != 0 {
		if s.o == s.limit {
			return false, ErrLimit
		}
		s.room(1)
		s.buf[s.o] = byte(e >> 16)
		s.o++
		return false, nil
	}
	if e&isOdd != 0 {
		if e&isEnd != 0 {
			return true, nil
		}
		return false, s.corrupt()
	}
	length, err := s.value(e)
	if err != nil {
		return false, err
	}
	if e, err = s.symbol(t.dist[:], distRoot, t.distSub); err != nil {
		return false, err
	}
	if e&isOdd != 0 {
		return false, s.corrupt()
	}
	dist, err := s.value(e)
	if err != nil {
		return false, err
	}
	if dist > s.o-s.start {
		return false, s.corrupt()
	}
	fits := min(length, s.limit-s.o)
	s.room(fits)
	repeat(s.buf[:s.o+fits], s.o, dist)
	if s.o += fits; fits < length {
		return false, ErrLimit
	}
	return false, nil
}

// value adds the extra bits of an entry to its base.
func (s *state) value(e uint32) (int, error) {
	v, err := s.take(uint(e&63) - uint(e>>8&maxCode))
	return int(e>>16) + int(v), err
}

// repeat fills buf from o on with what is dist bytes before.
func repeat(buf []byte, o, dist int) {
	from := o - dist
	for o < len(buf) {
		o += copy(buf[o:], buf[from:o])
	}
}
