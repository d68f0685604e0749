package rule

import "github.com/awsposture/posture/detective/trail"

// gate is the part of a rule's condition that tests nothing but the user agent,
// or nothing but the address. These texts come again and again, so that what the
// gates say of one is remembered; most events pass none.
type gate struct {
	door   int // of doorPaths
	bit    int // among the gates of that path
	n      *node
	always bool // the rule is judged on every event
}

var doorPaths = [...]trail.Path{trail.P("userAgent"), trail.P("sourceIPAddress")}

// doors are a set's gates by the path that they test.
type doors [len(doorPaths)][]*gate

// part adds a rule's condition to those that are judged, and takes its gate out
// of it.
func (s *Set) part(n *node) {
	always := n.unindexed()
	n, g := n.part()
	if g != nil {
		g.always = always
		g.bit = len(s.doors[g.door])
		s.doors[g.door] = append(s.doors[g.door], g)
	}
	s.fast, s.gates = append(s.fast, n), append(s.gates, g)
}

// part divides a condition into a gate and the rest, both of which must hold.
func (n *node) part() (rest *node, g *gate) {
	for door := range doorPaths {
		if n.only(door) {
			return nodeTrue, &gate{door: door, n: n}
		}
		if n.op != nAnd {
			continue
		}
		in, out := &node{op: nAnd}, &node{op: nAnd}
		for _, k := range n.kids {
			if k.only(door) {
				in.kids = append(in.kids, k)
			} else {
				out.kids = append(out.kids, k)
			}
		}
		if len(in.kids) > 0 {
			return out, &gate{door: door, n: in}
		}
	}
	return n, nil
}

// only reports whether a condition depends on nothing but the value at a path.
func (n *node) only(door int) bool {
	switch n.op {
	case nAtom:
		return n.atom.Path.String() == doorPaths[door].String() && n.atom.Op != OpField
	case nConst, nSome:
		return false
	}
	for _, k := range n.kids {
		if !k.only(door) {
			return false
		}
	}
	return len(n.kids) > 0
}

// gatekeeper remembers what the gates said of texts.
type gatekeeper struct {
	byText [len(doorPaths)]map[string]*answers
	said   [len(doorPaths)]*answers // of the current event's texts; nil when a gate must be asked itself
}

// answers are what the gates of one path said of a text.
type answers struct {
	of  []uint8
	any bool // one of a rule that is judged on every event is open
}

const (
	unasked = iota
	shut
	open
)

// maxAnswers bounds the memory: texts come from callers, who can make up new
// ones.
const (
	maxAnswers = 1 << 12
	maxText    = 512
)

// ask asks the gates of rules that are judged on every event, and reports
// whether one may be open.
func (s *scratch) ask(set *Set, e *trail.Event) (some bool) {
	for door, gates := range set.doors {
		s.said[door] = nil
		if len(gates) == 0 {
			continue
		}
		v, ok := e.Scalar(&doorPaths[door])
		raw := v.Raw()
		if !ok || v.Kind() != trail.KindString || len(raw) > maxText {
			some = true
			continue
		}
		a := s.byText[door][string(raw)]
		if a == nil {
			a = &answers{of: make([]uint8, len(gates))}
			s.always(gates, e, a)
			if s.byText[door] == nil || len(s.byText[door]) >= maxAnswers {
				s.byText[door] = map[string]*answers{}
			}
			s.byText[door][string(raw)] = a
		}
		s.said[door] = a
		some = some || a.any
	}
	return some
}

// always asks the gates of rules that are judged on every event.
func (s *scratch) always(gates []*gate, e *trail.Event, a *answers) {
	for _, g := range gates {
		if g.always {
			a.any = g.ask(s, e, a) || a.any
		}
	}
}

func (g *gate) ask(s *scratch, e *trail.Event, a *answers) bool {
	if g.n.eval(s, e, nil) {
		a.of[g.bit] = open
		return true
	}
	a.of[g.bit] = shut
	return false
}

// open reports whether the gate's condition holds.
func (g *gate) open(s *scratch, e *trail.Event) bool {
	a := s.said[g.door]
	switch {
	case a == nil:
		return g.n.eval(s, e, nil)
	case a.of[g.bit] == unasked:
		return g.ask(s, e, a)
	}
	return a.of[g.bit] == open
}
