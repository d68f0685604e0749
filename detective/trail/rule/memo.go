package rule

import (
	"fmt"

	"github.com/awsposture/posture/detective/trail"
)

// memo remembers, while one event is judged, the values at the paths that
// several rules ask for; and over events what the tests of all rules said of
// texts that come again and again, as user agents and addresses do.
type memo struct {
	event uint32 // counts events
	found []found
	all   []trail.Value
	texts []verdicts
	atoms []uint32 // what shared atoms said: the event and, in the lowest bit, the answer
}

// found are the values at one path.
type found struct {
	event    uint32
	from, to int32
}

// verdicts are what the tests on one path said of the texts there.
type verdicts struct {
	event  uint32
	of     []uint8 // of the current event's text, by test
	byText map[string][]uint8
}

const (
	undecided = iota
	failed
	passed
)

// maxVerdicts bounds the memory: texts come from callers, who can make up new
// ones.
const (
	maxVerdicts = 1 << 12
	maxText     = 512
)

// begin forgets the event before.
func (m *memo) begin() {
	m.all = m.all[:0]
	if m.event++; m.event == 1<<31 {
		clear(m.found)
		for i := range m.texts {
			m.texts[i].event = 0
		}
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

// once judges an atom that several rules have.
func (s *scratch) once(a *atom, e *trail.Event) bool {
	for len(s.atoms) <= a.shared {
		s.atoms = append(s.atoms, 0)
	}
	if said := s.atoms[a.shared]; said>>1 == s.event {
		return said&1 != 0
	}
	yes := a.any(s, e, nil, s.values(a, e))
	said := s.event << 1
	if yes {
		said |= 1
	}
	s.atoms[a.shared] = said
	return yes
}

// known is what the atom said of the text at its path, if it was asked before.
func (s *scratch) known(a *atom) (yes, known bool) {
	if a.verdict < 0 || a.path >= len(s.texts) {
		return false, false
	}
	t := &s.texts[a.path]
	if t.event != s.event || a.verdict >= len(t.of) {
		return false, false
	}
	return t.of[a.verdict] == passed, t.of[a.verdict] != undecided
}

// judged is what the atom says of the one text at its path.
func (s *scratch) judged(a *atom, e *trail.Event, v trail.Value) bool {
	for len(s.texts) <= a.path {
		s.texts = append(s.texts, verdicts{})
	}
	t := &s.texts[a.path]
	if t.event != s.event {
		raw := v.Raw()
		if len(raw) > maxText {
			return a.any(s, e, nil, []trail.Value{v})
		}
		of, ok := t.byText[string(raw)]
		if !ok {
			if t.byText == nil || len(t.byText) >= maxVerdicts {
				t.byText = map[string][]uint8{}
			}
			of = make([]uint8, a.verdict+1)
			t.byText[string(raw)] = of
		}
		t.event, t.of = s.event, of
	}
	if len(t.of) <= a.verdict {
		grown := make([]uint8, a.verdict+8)
		copy(grown, t.of)
		t.of = grown
		t.byText[string(v.Raw())] = grown
	}
	switch t.of[a.verdict] {
	case passed:
		return true
	case failed:
		return false
	}
	ok := a.any(s, e, nil, []trail.Value{v})
	t.of[a.verdict] = failed
	if ok {
		t.of[a.verdict] = passed
	}
	return ok
}

// memorize numbers the paths and tests of which a set's engines remember
// something.
func (s *Set) memorize() {
	type name struct {
		text   string
		strict bool
	}
	paths := map[name]int{}
	tests := map[int]int{}
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
		switch p.text {
		case "userAgent", "sourceIPAddress":
			switch a.Op {
			case OpIn, OpGlob, OpPrefix, OpSuffix, OpContains, OpRegexp, OpCIDR:
				a.verdict = tests[id]
				tests[id]++
				return
			}
		}
		if a.head != 0 {
			return
		}
		// The whole of the atom, so that only equal ones are equal.
		key := fmt.Sprintf("%q %v %v %v %v %q %v %v %q %v %v %v %q", p.text, p.strict, a.Op, a.Fold, a.Neg, a.Texts, a.Num, a.kinds, a.Other.String(), a.Other.IsStrict(), a.Rel, a.Bounds, a.Part)
		switch b := first[key]; {
		case b == nil:
			first[key] = a
		case b.shared < 0:
			b.shared = shared
			shared++
			fallthrough
		default:
			a.shared = b.shared
		}
	}
	for _, n := range s.nodes {
		walk(n)
	}
}
