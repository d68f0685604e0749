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

// index remembers which rules remain for events of one source and name, which
// other members of the head decide more of them, and what remains then.
type index struct {
	set   *Set
	names map[string]*named
	heads int
	buf   []byte
	every *remains
}

type named struct {
	rest  *remains
	head  trail.Head // what the rest depends on
	heads map[string]*remains
	// The last few, because most events of a name have one of few heads.
	recent [4]*remains
	next   int
}

// remains are candidates in the order of their rules, and those of them that
// are to be judged even when no gate of the others is open.
type remains struct {
	key        string
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
const (
	maxNames = 1 << 12
	maxHeads = 1 << 14
)

func (x *index) find(s *scratch, e *trail.Event) []candidate {
	return x.remains(s, e).pick(s, x.set, e)
}

func (x *index) remains(s *scratch, e *trail.Event) *remains {
	key, ok := e.AppendHead(x.buf[:0], trail.HeadNames)
	x.buf = key
	if !ok {
		if x.every == nil {
			x.every = &remains{}
			for i, n := range x.set.fast {
				x.every.add(candidate{i, x.set.gates[i], n})
			}
		}
		return x.every
	}
	n := x.names[string(key)]
	if n == nil {
		if x.names == nil || len(x.names) >= maxNames {
			x.names = map[string]*named{}
			x.heads = 0
		}
		n = x.named(s, e)
		x.names[string(key)] = n
	}
	if n.head == 0 {
		return n.rest
	}
	if key, ok = e.AppendHead(key[:0], n.head); !ok {
		return n.rest
	}
	x.buf = key
	for i := range n.recent {
		if r := n.recent[i]; r != nil && r.key == string(key) {
			return r
		}
	}
	r, ok := n.heads[string(key)]
	if !ok {
		if x.heads++; x.heads > maxHeads {
			x.names, x.heads = nil, 0
		}
		r = &remains{key: string(key)}
		for _, c := range n.rest.all {
			c.n = c.n.reduce(func(a *atom) (bool, bool) {
				return a.head != 0 && a.eval(s, e, nil), a.head != 0
			})
			if c.n != nodeFalse {
				r.add(c)
			}
		}
		n.heads[r.key] = r
	}
	n.recent[n.next] = r
	n.next = (n.next + 1) % len(n.recent)
	return r
}

func (x *index) named(s *scratch, e *trail.Event) *named {
	n := &named{rest: &remains{}, heads: map[string]*remains{}}
	for i, f := range x.set.fast {
		r := f.reduce(func(a *atom) (bool, bool) {
			decided := a.head != 0 && a.head&^trail.HeadNames == 0
			return decided && a.eval(s, e, nil), decided
		})
		if r != nodeFalse {
			n.rest.add(candidate{i, x.set.gates[i], r})
			n.head |= r.heads()
		}
	}
	return n
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
