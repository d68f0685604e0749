package trail

import "bytes"

// scan reads the object at b[i] and returns the index after it.
func (e *Event) scan(b []byte, i int) (int, error) {
	e.hot = [numHot]span{}
	e.dup, e.uiOdd, e.uiDots = hotNone, false, false
	e.text = nil
	if i >= len(b) || b[i] != '{' {
		return i, ErrSyntax
	}
	end := e.members(b[i:], 1, hotNone)
	if end < 0 {
		e.hot = [numHot]span{} // an event that was not read has no members
		return i, ErrSyntax
	}
	e.text = b[i : i+end]
	return i + end, nil
}

// members reads the members of an object from the index after its brace, and
// returns the index after the closing one, -1 when the text is no object. The
// object is the value of the hot member of, for hotNone the record.
//
// CloudTrail writes its members in one order, of which some are left out. What
// followed a member last time is tried first: most keys are then recognized
// by one comparison and never searched for their end.
func (e *Event) members(b []byte, i int, of Hot) int {
	obj := hotObjects[of]
	last := obj.first
	for {
		var h Hot
		guess := &e.next[last]
		if g := hotKeys[guess[0]]; len(b)-i > len(g) && string(b[i:i+len(g)]) == g && g != "" {
			h = guess[0]
			i += len(g)
		} else if g := hotKeys[guess[1]]; len(b)-i > len(g) && string(b[i:i+len(g)]) == g && g != "" {
			h = guess[1]
			guess[0], guess[1] = h, guess[0]
			i += len(g)
		} else {
			if i = space(b, i); i >= len(b) {
				return -1
			}
			if b[i] == '}' {
				return i + 1
			}
			if b[i] != '"' {
				return -1
			}
			k := stringEnd(b, i+1)
			if k < 0 {
				return -1
			}
			key := b[i+1 : k]
			if h = obj.lookup(key); h != hotNone {
				guess[1] = h
			} else if of != hotNone && (bytes.IndexByte(key, '.') >= 0 || bytes.IndexByte(key, '\\') >= 0) {
				e.uiDots = true
			}
			if i = space(b, k+1); i >= len(b) || b[i] != ':' {
				return -1
			}
			i++
		}
		if i < len(b) && b[i] <= ' ' {
			i = space(b, i)
		}
		if last = h; h == hotNone {
			last = obj.first
		}
		start, end := i, 0
		switch {
		case i >= len(b):
			return -1
		case b[i] == '"':
			end = stringEnd(b, i+1) + 1
		case hotObjects[h] != nil && h != hotNone && e.hot[h].end == 0:
			if b[i] == '{' {
				end = e.members(b, i+1, h)
				break
			}
			if h == hUserIdentity {
				e.uiOdd = b[i] != 'n'
			}
			e.uiDots = e.uiDots || b[i] == '['
			end = valueEnd(b, i)
		default:
			end = valueEnd(b, i)
		}
		if end <= 0 {
			return -1
		}
		if h != hotNone {
			if e.hot[h].end != 0 {
				if e.dup == hotNone {
					e.dup = h
				}
			} else {
				e.hot[h] = span{uint32(start), uint32(end)}
			}
		}
		if i = end; i+1 < len(b) && b[i] == ',' && b[i+1] == '"' {
			i++
			continue
		}
		if i = space(b, i); i < len(b) && b[i] == '}' {
			return i + 1
		}
		// A comma must be followed by another member.
		if i >= len(b) || b[i] != ',' {
			return -1
		}
		if i = space(b, i+1); i >= len(b) || b[i] != '"' {
			return -1
		}
	}
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
