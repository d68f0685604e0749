package rule

import "github.com/awsposture/posture/detective/trail"

// candidate is a rule that may match events with one head, and what of its
// condition the head does not decide.
type candidate struct {
	rule int
	gate *gate // nil for most
	n    *node
}

func (c *candidate) holds(s *scratch, e *trail.Event) bool {
	return (c.gate == nil || c.gate.open(s, e)) && c.n.eval(s, e, nil)
}

// index remembers which rules remain for events of one source and name, and
// which for those of one head.
type index struct {
	set          *Set
	names, heads map[trail.HeadKey]*remains
	common       common
	every        *remains
}

// remains are candidates in the order of their rules, and those of them that
// are to be judged even when no gate of the others is open.
type remains struct {
	all, plain []candidate
	gates      bool
}

func (r *remains) add(c candidate) {
	r.all = append(r.all, c)
	if r.gates = r.gates || c.gate != nil; c.gate == nil || !c.gate.always {
		r.plain = append(r.plain, c)
	}
}

// pick is what of the remains must be judged.
func (r *remains) pick(s *scratch, set *Set, e *trail.Event) []candidate {
	if !r.gates || s.ask(set, e) {
		return r.all
	}
	return r.plain
}

// Heads come from events, so that a stranger can make up new ones; when there
// are too many the index is begun anew.
const maxHeads = 1 << 14

func (x *index) find(s *scratch, e *trail.Event) []candidate {
	return x.remains(s, e).pick(s, x.set, e)
}

func (x *index) remains(s *scratch, e *trail.Event) *remains {
	key, ok := e.Head(x.set.head)
	if !ok {
		return x.named(s, e)
	}
	r := x.heads[key]
	if r == nil {
		r = x.reduce(x.named(s, e), s, e, x.set.head)
		x.remember(&x.heads, key, r)
	}
	return r
}

// named is what remains for the event's source and name.
func (x *index) named(s *scratch, e *trail.Event) *remains {
	if x.every == nil {
		x.every = &remains{}
		for i, n := range x.set.fast {
			x.every.add(candidate{i, x.set.gates[i], n})
		}
	}
	key, ok := e.Head(trail.HeadNames)
	if !ok {
		return x.every
	}
	r := x.names[key]
	if r == nil {
		r = x.reduce(x.every, s, e, trail.HeadNames)
		x.remember(&x.names, key, r)
	}
	return r
}

func (x *index) remember(in *map[trail.HeadKey]*remains, key trail.HeadKey, r *remains) {
	if len(x.names)+len(x.heads) >= maxHeads {
		x.names, x.heads, x.common = nil, nil, common{}
	}
	if *in == nil {
		*in = map[trail.HeadKey]*remains{}
	}
	(*in)[key] = r
}

// reduce is what remains when the values of some members are the event's.
func (x *index) reduce(r *remains, s *scratch, e *trail.Event, members trail.Head) *remains {
	less := &remains{}
	for _, c := range r.all {
		c.n = c.n.reduce(func(a *atom) (yes, ok bool) {
			decided := a.head != 0 && a.head&^members == 0
			return decided && a.eval(s, e, nil), decided
		})
		if c.n != nodeFalse {
			c.n = x.common.node(c.n)
			less.add(c)
		}
	}
	return x.common.remains(less)
}

// heads are the members of the head that decide some of the node's atoms.
func (n *node) heads() (h trail.Head) {
	if n.op == nAtom {
		return n.atom.head
	}
	for _, k := range n.kids {
		h |= k.heads()
	}
	return h
}
