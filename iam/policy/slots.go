package policy

import (
	"slices"
	"strings"
)

// presence says what is known about a condition key in a request.
type presence uint8

const (
	unresolved presence = iota
	absent
	present
	unknown
)

// slot holds the values of one condition key for one request.
type slot struct {
	state presence
	given bool // the context had it
	one   string
	many  []string // nil when there is one value
}

func (s *slot) len() int {
	switch {
	case s.state != present:
		return 0
	case s.many != nil:
		return len(s.many)
	}
	return 1
}

func (s *slot) at(i int) string {
	if s.many != nil {
		return s.many[i]
	}
	return s.one
}

// set stores values; without any the key is absent. Under EmptyIsAbsent empty
// strings are no values.
func (s *slot) set(values []string, sem *Semantics) {
	if sem.EmptyIsAbsent && slices.Contains(values, "") {
		values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
	}
	switch len(values) {
	case 0:
		s.state, s.many = absent, nil
	case 1:
		s.state, s.one, s.many = present, values[0], nil
	default:
		s.state, s.many = present, values
	}
}

// loadContext puts the context into the slots of the keys that policies use.
func (ev *evaluation) loadContext() *RequestError {
	tags := ev.r.Principal.Tags
	for name, values := range ev.r.Context {
		if len(values) == 0 {
			continue
		}
		i := ev.e.keys.find(name)
		if tags != nil && len(name) > len(principalTagPrefix) && equalFoldASCII(name[:len(principalTagPrefix)], principalTagPrefix) {
			if !slices.Equal(tagValues(tags, name[len(principalTagPrefix):]), values) {
				return malformed(name, "contradicts the tags of the principal")
			}
		}
		if i < 0 {
			continue
		}
		if ev.e.keys.tags[i] != "" && !ev.r.Principal.Kind.hasIdentity() {
			return malformed(name, "a caller of kind %s has no tags", ev.r.Principal.Kind)
		}
		s := ev.slot(i)
		if s.given {
			// Two spellings of one name: both values are there, as with tag
			// keys that differ by case alone.
			both := make([]string, 0, s.len()+len(values))
			for j := range s.len() {
				both = append(both, s.at(j))
			}
			values = append(both, values...)
			slices.Sort(values) // the order of a map must not show
		}
		s.given = true
		s.set(values, &ev.e.sem)
	}
	for i := range int32(derivedKeys) {
		if s := ev.slot(i); s.given {
			var d slot
			if ev.derive(i, &d) && !sameSlot(&d, s) {
				return malformed(derivedNames[i], "the context contradicts what follows from the request")
			}
		}
	}
	return nil
}

func sameSlot(a, b *slot) bool {
	if a.len() != b.len() {
		return false
	}
	for i := range a.len() {
		if a.at(i) != b.at(i) {
			return false
		}
	}
	return true
}

// tagValues returns the values of all tags whose key is the given one but for
// case, sorted: AWS compares only one of several, and does not say which.
func tagValues(tags map[string]string, key string) (values []string) {
	for k, v := range tags {
		if len(k) == len(key) && strings.EqualFold(k, key) {
			values = append(values, v)
		}
	}
	slices.Sort(values)
	return values
}

// key returns the slot of a condition key, settled: what follows from the
// request, else the context, else unknown if the request says so, else absent.
func (ev *evaluation) key(i int32) *slot {
	s := ev.slot(i)
	if s.state != unresolved {
		return s
	}
	if !ev.derive(i, s) {
		s.state = absent
		for _, name := range ev.r.Unknown {
			if name == "*" || equalFoldASCII(name, ev.e.keys.names[i]) {
				s.state = unknown
			}
		}
	}
	return s
}

// single returns the value of a key that has exactly one.
func (ev *evaluation) single(i int32) (string, bool) {
	s := ev.key(i)
	if s.len() != 1 {
		return "", false
	}
	return s.at(0), true
}
