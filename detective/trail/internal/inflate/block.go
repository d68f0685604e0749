package inflate

import "io"

// blocks reads the blocks of a member: RFC 1951, section 3.2.3. Afterwards s.i
// is the byte after the last one.
func (d *Decoder) blocks(s *state) error {
	for {
		head, err := s.take(3)
		if err != nil {
			return err
		}
		switch head >> 1 {
		case 0:
			err = s.stored()
		case 1:
			err = s.symbols(fixed())
		case 2:
			if err = d.dynamic(s); err == nil {
				err = s.symbols(&d.own)
			}
		default:
			err = s.corrupt()
		}
		if err != nil {
			return err
		}
		if head&1 != 0 {
			s.align()
			return nil
		}
	}
}

// fill takes in whole bytes while there are some and they fit.
func (s *state) fill() {
	for s.n < 56 && s.i < len(s.src) {
		s.bits |= uint64(s.src[s.i]) << s.n
		s.i++
		s.n += 8
	}
}

// take returns the next n bits, at most 16.
func (s *state) take(n uint) (uint, error) {
	if s.fill(); s.n < n {
		return 0, io.ErrUnexpectedEOF
	}
	v := uint(s.bits & (1<<n - 1))
	s.bits >>= n
	s.n -= n
	return v, nil
}

// align drops the rest of a byte and gives the whole ones back.
func (s *state) align() {
	s.i -= int(s.n / 8)
	s.bits, s.n = 0, 0
}

// stored copies a block without compression: section 3.2.4.
func (s *state) stored() error {
	s.align()
	length, err := s.take(16)
	if err != nil {
		return err
	}
	inverse, err := s.take(16)
	if err != nil {
		return err
	}
	if length^inverse != 0xffff {
		return s.corrupt()
	}
	s.align()
	n := min(int(length), len(s.src)-s.i)
	fits := min(n, s.limit-s.o)
	s.room(fits)
	copy(s.buf[s.o:s.o+fits], s.src[s.i:])
	s.i += fits
	s.o += fits
	switch {
	case fits < n:
		return ErrLimit
	case n < int(length):
		return io.ErrUnexpectedEOF
	}
	return nil
}

// order is the order in which the lengths of the codes for lengths are sent.
var order = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// dynamic reads the codes of a block: section 3.2.7.
func (d *Decoder) dynamic(s *state) error {
	head, err := s.take(14)
	if err != nil {
		return err
	}
	lit, dist, n := int(head&31)+257, int(head>>5&31)+1, int(head>>10)+4
	if lit > maxLit || dist > maxDist {
		return s.corrupt()
	}
	var small [len(order)]uint8
	for _, k := range order[:n] {
		v, err := s.take(3)
		if err != nil {
			return err
		}
		small[k] = uint8(v)
	}
	// The table of distances is not in use yet.
	t := &d.own
	_, ok := build(t.dist[:], distRoot, small[:], &lengthEntries)
	if !ok {
		return s.corrupt()
	}
	lengths := d.lengths[:lit+dist]
	for i := 0; i < len(lengths); {
		e, err := s.symbol(t.dist[:], distRoot, 0)
		if err != nil {
			return err
		}
		if e&isOdd != 0 {
			return s.corrupt()
		}
		v := uint8(e >> 16)
		if v < 16 {
			lengths[i] = v
			i++
			continue
		}
		again, value := 3, uint8(0)
		var extra uint
		switch v {
		case 16:
			if i == 0 {
				return s.corrupt()
			}
			extra, value = 2, lengths[i-1]
		case 17:
			extra = 3
		default:
			again, extra = 11, 7
		}
		more, err := s.take(extra)
		if err != nil {
			return err
		}
		if again += int(more); again > len(lengths)-i {
			return s.corrupt()
		}
		for range again {
			lengths[i] = value
			i++
		}
	}
	if !t.set(lengths[:lit], lengths[lit:]) {
		return s.corrupt()
	}
	return nil
}
