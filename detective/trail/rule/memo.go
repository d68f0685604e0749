package rule

import (
	"fmt"

	"github.com/awsposture/posture/detective/trail"
)

// memo remembers, while one event is judged, the values at the paths that
// several rules ask for and what the tests say that they share.
type memo struct {
	event uint32     // counts events
	keys  trail.Keys // of requestParameters, when keyed is the event
	keyed uint32
	found []found
	all   []trail.Value
	atoms []uint32 // what shared atoms said: the event and, in the lowest bit, the answer
}

// found are the values at one path.
type found struct {
	event    uint32
	from, to int32
}

// begin forgets the event before.
func (m *memo) begin() {
	m.all = m.all[:0]
	if m.event++; m.event == 1<<31 {
		m.keyed = 0
		clear(m.found)
		clear(m.atoms)
		m.event = 1
	}
}

// values are the values at the atom's path.
func (s *scratch) values(a *atom, e *trail.Event) []trail.Value {
	for len(s.found) <= a.path {
		s.found = append(s.found, found{})
	}
	f := &s.found[a.path]
	if f.event != s.event {
		from := len(s.all)
		s.all = e.AppendValues(s.all, &a.Path)
		*f = found{s.event, int32(from), int32(len(s.all))}
	}
	return s.all[f.from:f.to]
}

// requestKeys are the keys of the event's request parameters: most rules ask for
// some that are not there, and all of those are answered by one look.
func (s *scratch) requestKeys(e *trail.Event) trail.Keys {
	if s.keyed != s.event {
		s.keyed, s.keys = s.event, e.RequestKeys()
	}
	return s.keys
}

// once judges an atom that several rules have.
func (s *scratch) once(a *atom, e *trail.Event) bool {
	for len(s.atoms) <= a.shared {
		s.atoms = append(s.atoms, 0)
	}
	if said := s.atoms[a.shared]; said>>1 == s.event {
		return said&1 != 0
	}
	yes := a.found(s, e)
	said := s.event << 1
	if yes {
		said |= 1
	}
	s.atoms[a.shared] = said
	return yes
}

// memorize numbers the paths and tests of which a set's engines remember
// something.
func (s *Set) memorize() {
	type name struct {
		text   string
		strict bool
	}
	paths := map[name]int{}
	first := map[string]*atom{}
	shared := 0
	var walk func(n *node)
	walk = func(n *node) {
		for _, k := range n.kids {
			if n.op != nSome {
				walk(k)
			}
		}
		if n.op != nAtom {
			return
		}
		a := n.atom
		p := name{a.Path.String(), a.Path.IsStrict()}
		id, ok := paths[p]
		if !ok {
			id = len(paths)
			paths[p] = id
		}
		a.path = id
		if a.head != 0 {
			return
		}
		// The whole of the atom, so that only equal ones are equal.
		key := fmt.Sprintf("%q %v %v %v %v %q %v %v %q %v %v %v %q", p.text, p.strict, a.Op, a.Fold, a.Neg, a.Texts, a.Num, a.kinds, a.Other.String(), a.Other.IsStrict(), a.Rel, a.Bounds, a.Part)
		b := first[key]
		if b == nil {
			first[key] = a
			return
		}
		if b.shared < 0 {
			b.shared = shared
			shared++
		}
		n.atom = b
	}
	for _, n := range s.nodes {
		walk(n)
	}
}
