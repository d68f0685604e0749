package trail

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// scan reads the object at b[i] and returns the index after it.
func (e *Event) scan(b []byte, i int) (int, error) {
	e.hot = [numHot]span{}
	e.dup, e.uiOdd, e.uiDots, e.plain = hotNone, false, false, 0
	e.text = nil
	if i >= len(b) || b[i] != '{' {
		return i, ErrSyntax
	}
	end := 0
	if empty(b, i) {
		end = space(b, i+1) + 1 - i
	} else {
		end = e.members(b[i:])
	}
	if end < 0 {
		e.hot, e.plain = [numHot]span{}, 0 // an event that was not read has no members
		return i, ErrSyntax
	}
	e.text = b[i : i+end]
	return i + end, nil
}

// empty reports whether the object at b[i] has no members.
func empty(b []byte, i int) bool {
	i = space(b, i+1)
	return i < len(b) && b[i] == '}'
}

// members reads the members of the object at b[0], which is not empty, and
// those of the hot members' objects in it. It returns the index after it, -1
// when the text is no object.
func (e *Event) members(b []byte) int {
	i, of := 0, hotNone // of: the member whose object b[i] is in
	last := hotObjects[of].first
	for {
		var h Hot
		var read bool
		if i, last, h, read = e.texts(b, i, last); !read {
			if h == hotNone {
				if h, i = e.key(b, i, of); i < 0 {
					return -1
				}
				if h != hotNone {
					e.next[last][1] = h
				}
			}
			if last = h; h == hotNone {
				last = hotObjects[of].first
			}
			if i < len(b) && b[i] <= ' ' {
				i = space(b, i)
			}
			if i >= len(b) {
				return -1
			}
			start, end := i, 0
			switch b[i] {
			case '"':
				end = stringEnd(b, i+1) + 1
			case '{':
				if hotObjects[h] != nil && h != hotNone && e.hot[h].end == 0 && !empty(b, i) {
					e.hot[h].off = uint32(i)
					of, last = h, hotObjects[h].first
					continue
				}
				end = containerEnd(b, i+1)
			case '[':
				e.odd(h, '[')
				end = containerEnd(b, i+1)
			default:
				e.odd(h, b[i])
				end = scalarEnd(b, i)
			}
			if end <= 0 {
				return -1
			}
			if h != hotNone {
				if e.hot[h].end == 0 {
					e.hot[h] = span{uint32(start), uint32(end)}
				} else if e.dup == hotNone {
					e.dup = h
				}
			}
			i = end
		}
		for i >= len(b) || b[i] != ',' {
			if i = space(b, i); i >= len(b) {
				return -1
			}
			if b[i] == ',' {
				break
			}
			if b[i] != '}' {
				return -1
			}
			if i++; of == hotNone {
				return i
			}
			e.hot[of].end = uint32(i)
			last, of = of, hotObjects[of].parent
		}
	}
}

// texts reads members from b[i], the brace or comma after the member before, as
// long as they are what most are: hot members in the order that is expected,
// strings without escapes, written without white space. It returns where it
// stopped and the member before that:
//
//   - at the brace or comma before a key that was not expected; h is hotNone,
//   - at the value of h, which is no such string,
//   - after the value of h, which was read but has no comma after it.
//
// CloudTrail writes its members in one order, of which some are left out. What
// followed a member last time is tried first: most keys are then recognized
// by one comparison and never searched for their end. The loop calls nothing,
// so that all it needs stays in registers.
func (e *Event) texts(b []byte, i int, last Hot) (at int, before, h Hot, read bool) {
	for i >= 0 && i <= len(b)-25 {
		x, y, z := binary.LittleEndian.Uint64(b[i+1:]), binary.LittleEndian.Uint64(b[i+9:]), binary.LittleEndian.Uint64(b[i+17:])
		guess := &e.next[last%hotRows]
		h := guess[0]
		k := &hotKeys[h%hotRows]
		if !k.is(x, y, z) {
			h = guess[1]
			if k = &hotKeys[h%hotRows]; !k.is(x, y, z) {
				return i, last, hotNone, false
			}
			guess[0], guess[1] = h, guess[0]
		}
		if !k.text || e.hot[h].end != 0 {
			return i + int(k.value), last, h, false
		}
		start := i + int(k.value)
		j := start + 1
		for ; j <= len(b)-8; j += 8 {
			if m := marks(binary.LittleEndian.Uint64(b[j:])) & swarHigh; m != 0 {
				j += bits.TrailingZeros64(m) >> 3
				break
			}
		}
		if j >= len(b) || b[j] != '"' {
			return i + int(k.value), last, h, false
		}
		i, last = j+1, h
		e.hot[h] = span{uint32(start), uint32(i)}
		e.plain |= 1 << h
		if i >= len(b) || b[i] != ',' {
			return i, last, h, true
		}
	}
	return i, last, hotNone, false
}

// odd notes that the value of h is no object, but begins with c.
func (e *Event) odd(h Hot, c byte) {
	if h == hotNone || hotObjects[h] == nil || e.hot[h].end != 0 {
		return
	}
	if h == hUserIdentity {
		e.uiOdd = c != 'n'
	}
	e.uiDots = e.uiDots || c == '['
}

// key reads the key after b[i], which is the brace or comma before it, and
// returns the index after its colon, -1 when there is none.
func (e *Event) key(b []byte, i int, of Hot) (h Hot, next int) {
	// A comma must be followed by another member.
	if i = space(b, i+1); i >= len(b) || b[i] != '"' {
		return hotNone, -1
	}
	k := stringEnd(b, i+1)
	if k < 0 {
		return hotNone, -1
	}
	key := b[i+1 : k]
	h = hotObjects[of].lookup(key)
	if h == hotNone && of != hotNone && (bytes.IndexByte(key, '.') >= 0 || bytes.IndexByte(key, '\\') >= 0) {
		e.uiDots = true
	}
	if i = space(b, k+1); i >= len(b) || b[i] != ':' {
		return hotNone, -1
	}
	return h, i + 1
}

func (o *hotObject) lookup(key []byte) Hot {
	if len(key) < len(o.byLen) {
		for _, h := range o.byLen[len(key)] {
			if string(key) == hotNames[h] {
				return h
			}
		}
	}
	// "event\u004eame" is eventName.
	if bytes.IndexByte(key, '\\') >= 0 {
		if k := appendUnescaped(nil, key); bytes.IndexByte(k, '\\') < 0 {
			return o.lookup(k)
		}
	}
	return hotNone
}
