package trail

import "bytes"

// slowContainerEnd is containerEnd one byte at a time.
func slowContainerEnd(b []byte, i int) int {
	depth, inside := 1, false
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case inside && c == '\\':
			i++
		case c == '"':
			inside = !inside
		case inside:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return -1
			}
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// slowStringEnd is stringEnd one byte at a time.
func slowStringEnd(b []byte, i int) int {
	for ; i < len(b); i++ {
		switch b[i] {
		case '"':
			return i
		case '\\':
			i++
		}
	}
	return -1
}

// slowValueEnd is valueEnd one byte at a time.
func slowValueEnd(b []byte, i int) int {
	if i >= len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		if j := slowStringEnd(b, i+1); j >= 0 {
			return j + 1
		}
		return -1
	case '{', '[':
		return slowContainerEnd(b, i+1)
	}
	j := i
	for j < len(b) && isScalar[b[j]] {
		j++
	}
	if j == i {
		return -1
	}
	return j
}

// slowScan is scan, but expects no order of members and goes down into the hot
// members' objects by calling itself.
func (e *Event) slowScan(b []byte, i int) (int, error) {
	*e = Event{}
	if i >= len(b) || b[i] != '{' {
		return i, ErrSyntax
	}
	end := e.slowMembers(b[i:], 1, hotNone)
	if end < 0 {
		*e = Event{}
		return i, ErrSyntax
	}
	e.text = b[i : i+end]
	return i + end, nil
}

func (e *Event) slowMembers(b []byte, i int, of Hot) int {
	for first := true; ; first = false {
		if i = space(b, i); i >= len(b) {
			return -1
		}
		if b[i] == '}' && first {
			return i + 1
		}
		if b[i] != '"' {
			return -1
		}
		k := slowStringEnd(b, i+1)
		if k < 0 {
			return -1
		}
		key := b[i+1 : k]
		h := hotNone
		for m := hEventVersion; m < numHot; m++ {
			if hotParent(m) == of && (Key{key}).is(hotNames[m]) {
				h = m
			}
		}
		if h == hotNone && of != hotNone && bytes.ContainsAny(key, `.\`) {
			e.uiDots = true
		}
		if i = space(b, k+1); i >= len(b) || b[i] != ':' {
			return -1
		}
		if i = space(b, i+1); i >= len(b) {
			return -1
		}
		end := 0
		switch c := b[i]; {
		case h == hotNone || hotObjects[h] == nil || e.hot[h].end != 0 || c == '"':
			end = slowValueEnd(b, i)
		case c == '{':
			end = e.slowMembers(b, i+1, h)
		default:
			if h == hUserIdentity {
				e.uiOdd = c != 'n'
			}
			e.uiDots = e.uiDots || c == '['
			end = slowValueEnd(b, i)
		}
		switch {
		case end < 0:
			return -1
		case h == hotNone:
		case e.hot[h].end == 0:
			e.hot[h] = span{uint32(i), uint32(end)}
		case e.dup == hotNone:
			e.dup = h
		}
		if i = space(b, end); i < len(b) && b[i] == '}' {
			return i + 1
		}
		if i >= len(b) || b[i] != ',' {
			return -1
		}
		i++
	}
}
