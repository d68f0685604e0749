package trail

import "encoding/binary"

// headFields are the members that rules name most and that take few values.
// They identify an event for an engine that remembers what it worked out.
var headFields = [...]Hot{hEventSource, hEventName, hEventType, hCategory, hReadOnly, hErrorCode, hUIType, hUIInvokedBy}

// Head is a set of the members that engines look events up by.
type Head uint16

// HeadNames are an event's source and name.
const HeadNames Head = 1<<0 | 1<<1

// InHead is the set of the one member whose value a path leads to, and of
// nothing when it is no member of a head.
func InHead(p Path) Head {
	for i, h := range headFields {
		if p.hot == h && p.below == len(p.steps) {
			return 1 << i
		}
	}
	return 0
}

// InScan reports whether the values at a path are known without a search.
func InScan(p Path) bool { return p.hot != hotNone && p.below == len(p.steps) }

// HeadKey is the values of some members of an event's head as written: the
// lengths, a byte each, then the values, each from a word of its own on. Events
// for which the key of some members is equal have equal values at all paths to
// these members.
type HeadKey [24]uint64

// Head is the key of some members. ok is false for the odd record of which no
// key can be made, because userIdentity is no object or the values are long.
func (e *Event) Head(members Head) (k HeadKey, ok bool) {
	if e.uiOdd {
		return k, false
	}
	n := 1
	for i, h := range headFields {
		if members&(1<<i) == 0 {
			continue
		}
		s := e.hot[h]
		k[0] = k[0]<<8 | uint64(s.end-s.off)
		t := e.text[s.off:s.end]
		if len(t) > 8*(len(k)-n) {
			return k, false
		}
		for ; len(t) >= 8; t = t[8:] {
			k[n] = binary.LittleEndian.Uint64(t)
			n++
		}
		if len(t) > 0 {
			// What is left is the end of the eight bytes before its end: a value
			// stands behind a key, which is as long.
			k[n] = binary.LittleEndian.Uint64(e.text[s.end-8:]) >> (64 - 8*len(t))
			n++
		}
	}
	return k, true
}
