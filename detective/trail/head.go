package trail

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

// AppendHead appends the event's values of some members to dst. Events for
// which that is equal have equal values at all paths to these members. ok is
// false for the odd record of which that cannot be said cheaply.
func (e *Event) AppendHead(dst []byte, members Head) (head []byte, ok bool) {
	n := len(dst)
	for i, h := range headFields {
		if members&(1<<i) == 0 {
			continue
		}
		if s := e.hot[h]; s.end != 0 {
			dst = append(dst, e.text[s.off:s.end]...)
		}
		dst = append(dst, 0)
	}
	return dst, !e.uiOdd && len(dst)-n <= 512
}
