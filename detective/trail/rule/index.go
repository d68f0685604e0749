package rule

import "github.com/awsposture/posture/detective/trail"

// candidate is a rule that may match events with one head, and what of its
// condition the head does not decide.
type candidate struct {
	rule int
	n    *node
}

// index remembers which rules remain for events of one source and name, which
// other members of the head decide more of them, and what remains then.
type index struct {
	set   *Set
	names map[string]*named
	heads int
	buf   []byte
	tmp   []candidate
}

type named struct {
	rest  []candidate
	head  trail.Head // what the rest depends on
	heads map[string]remains
	// The last few, because most events of a name have one of few heads.
	recent [4]remains
	next   int
}

type remains struct {
	key  string
	rest []candidate
}

// Heads come from events, so that a stranger can make up new ones; when there
// are too many the index is begun anew.
const (
	maxNames = 1 << 12
	maxHeads = 1 << 14
)

func (x *index) find(s *scratch, e *trail.Event) []candidate {
	key, ok := e.AppendHead(x.buf[:0], trail.HeadNames)
	x.buf = key
	if !ok {
		x.tmp = x.tmp[:0]
		for i, n := range x.set.fast {
			x.tmp = append(x.tmp, candidate{i, n})
		}
		return x.tmp
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
		if r := &n.recent[i]; r.key == string(key) {
			return r.rest
		}
	}
	if r, ok := n.heads[string(key)]; ok {
		n.recent[n.next] = r
		n.next = (n.next + 1) % len(n.recent)
		return r.rest
	}
	if x.heads++; x.heads > maxHeads {
		x.names, x.heads = nil, 0
	}
	var rest []candidate
	for _, c := range n.rest {
		r := c.n.reduce(func(a *atom) (bool, bool) {
			return a.head != 0 && a.eval(s, e, nil), a.head != 0
		})
		if r != nodeFalse {
			rest = append(rest, candidate{c.rule, r})
		}
	}
	r := remains{string(key), rest}
	n.heads[r.key] = r
	return rest
}

func (x *index) named(s *scratch, e *trail.Event) *named {
	n := &named{heads: map[string]remains{}}
	for i, f := range x.set.fast {
		r := f.reduce(func(a *atom) (bool, bool) {
			decided := a.head != 0 && a.head&^trail.HeadNames == 0
			return decided && a.eval(s, e, nil), decided
		})
		if r != nodeFalse {
			n.rest = append(n.rest, candidate{i, r})
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
