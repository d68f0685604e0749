package inflate

import "encoding/binary"

const (
	// turn is the input that a turn of the fast loop may load: 8 bytes, and
	// up to 7 bytes on again 8.
	turn = 15
	// step is how much of a match is copied at once.
	step = 64
)

// fast decodes while there is input and room for a whole turn. It stops before
// the end of the block and before what no code leads to. Bytes of the buffer
// beyond those it wrote may be overwritten.
func (s *state) fast(t *tables) error {
	src, buf, start := s.src, s.buf, s.start
	i, o := s.i, s.o
	bits, n := s.bits, uint64(s.n)
	lastIn := len(src) - turn
	lastOut := min(len(buf)-margin, s.limit-before-longest)
	var err error
	for i <= lastIn && o <= lastOut {
		// Now there are at least 56 bits. The rest of the bytes loaded is what
		// the next load finds again. Of n only the low six bits count.
		bits |= binary.LittleEndian.Uint64(src[i:]) << (n & 63)
		i += int(^n >> 3 & 7)
		n |= 56
		e := uint64(t.lit[bits&(1<<litRoot-1)])
		if e&isLiteral != 0 {
			bits >>= e & 63
			n -= e
			binary.LittleEndian.PutUint16(buf[o:], uint16(e>>16))
			o += int(e >> countAt & countMask)
			e = uint64(t.lit[bits&(1<<litRoot-1)])
			if e&isLiteral != 0 {
				bits >>= e & 63
				n -= e
				binary.LittleEndian.PutUint16(buf[o:], uint16(e>>16))
				o += int(e >> countAt & countMask)
				e = uint64(t.lit[bits&(1<<litRoot-1)])
				if e&isLiteral != 0 {
					bits >>= e & 63
					n -= e
					binary.LittleEndian.PutUint16(buf[o:], uint16(e>>16))
					o += int(e >> countAt & countMask)
					continue
				}
			}
		}
		if e&isOdd != 0 {
			if e&isSecond == 0 {
				break
			}
			e = uint64(t.lit[e>>16+bits>>litRoot&(1<<(t.litSub&63)-1)])
			if e&isOdd != 0 {
				break
			}
			if e&isLiteral != 0 {
				bits >>= e & 63
				n -= e
				binary.LittleEndian.PutUint16(buf[o:], uint16(e>>16))
				o += int(e >> countAt & countMask)
				continue
			}
		}
		length := int(e>>16) + int(bits&(1<<(e&63)-1)>>(e>>8&maxCode))
		bits >>= e & 63
		n -= e
		if n&63 < maxCode+13 { // a distance may take so many
			bits |= binary.LittleEndian.Uint64(src[i:]) << (n & 63)
			i += int(^n >> 3 & 7)
			n |= 56
		}
		e = uint64(t.dist[bits&(1<<distRoot-1)])
		if e&isSecond != 0 {
			e = uint64(t.dist[e>>16+bits>>distRoot&(1<<(t.distSub&63)-1)])
		}
		dist := int(e>>16) + int(bits&(1<<(e&63)-1)>>(e>>8&maxCode))
		bits >>= e & 63
		n -= e
		if e&isOdd != 0 || dist > o-start {
			s.i, s.n = i, uint(n&63)
			err = s.corrupt()
			break
		}
		from, end := o-dist, o+length
		if dist < 16 { // the match overlaps itself within what one move copies
			repeat(buf[:end], o, dist)
			o = end
			continue
		}
		for {
			f, d := (*[step]byte)(buf[from:]), (*[step]byte)(buf[o:])
			*(*[16]byte)(d[0:]) = *(*[16]byte)(f[0:])
			*(*[16]byte)(d[16:]) = *(*[16]byte)(f[16:])
			*(*[16]byte)(d[32:]) = *(*[16]byte)(f[32:])
			*(*[16]byte)(d[48:]) = *(*[16]byte)(f[48:])
			if o += step; o >= end {
				break
			}
			from += step
		}
		o = end
	}
	n &= 63
	s.i, s.o, s.bits, s.n = i, o, bits&(1<<n-1), uint(n)
	return err
}
