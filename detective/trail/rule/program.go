package rule

import (
	"fmt"
	"slices"

	"github.com/awsposture/posture/detective/trail"
)

// node is a compiled expression.
type node struct {
	op   uint8
	yes  bool // nConst
	kids []*node
	atom *atom
	path *trail.Path
	x    Expr // explains what is tested
}

const (
	nConst = iota
	nAnd
	nOr
	nNot
	nSome
	nAtom
)

var (
	nodeTrue  = &node{op: nConst, yes: true}
	nodeFalse = &node{op: nConst}
)

// maxTests bounds an expression, because rules come from files.
const maxTests = 20_000

func compile(x Expr) (*node, error) {
	budget := maxTests
	return compileNode(x, &budget, 0, false)
}

func compileNode(x Expr, budget *int, depth int, inner bool) (*node, error) {
	if *budget--; *budget < 0 || depth > 200 {
		return nil, fmt.Errorf("the expression is too large")
	}
	list := func(op uint8, xs []Expr) (*node, error) {
		n := &node{op: op, x: x}
		for _, y := range xs {
			k, err := compileNode(y, budget, depth+1, inner)
			if err != nil {
				return nil, err
			}
			n.kids = append(n.kids, k)
		}
		return n, nil
	}
	switch x := x.(type) {
	case And:
		return list(nAnd, x)
	case Or:
		return list(nOr, x)
	case Not:
		return list(nNot, []Expr{x.X})
	case Some:
		k, err := compileNode(x.X, budget, depth+1, true)
		if err != nil {
			return nil, err
		}
		return &node{op: nSome, kids: []*node{k}, path: &x.Path, x: x}, nil
	case Const:
		if x {
			return nodeTrue, nil
		}
		return nodeFalse, nil
	case *Atom:
		if x == nil {
			return nil, fmt.Errorf("a nil condition")
		}
		a, err := compileAtom(x)
		if err != nil {
			return nil, err
		}
		if x.Op == OpField && a.head != 0 {
			if other := trail.InHead(x.Other); other != 0 {
				a.head |= other
			} else {
				a.head = 0
			}
		}
		if inner {
			a.head = 0
		}
		return &node{op: nAtom, atom: a, x: x}, nil
	}
	return nil, fmt.Errorf("a condition is missing (%T)", x)
}

func (n *node) eval(s *scratch, e *trail.Event, base *trail.Value) bool {
	switch n.op {
	case nAtom:
		return n.atom.eval(s, e, base)
	case nAnd:
		for _, k := range n.kids {
			if !k.eval(s, e, base) {
				return false
			}
		}
		return true
	case nOr:
		for _, k := range n.kids {
			if k.eval(s, e, base) {
				return true
			}
		}
		return false
	case nNot:
		return !n.kids[0].eval(s, e, base)
	case nSome:
		return n.some(s, e, base)
	}
	return n.yes
}

func (n *node) some(s *scratch, e *trail.Event, base *trail.Value) bool {
	// A list of its own: judging the elements uses s.vals.
	var buf [8]trail.Value
	var vals []trail.Value
	if base == nil {
		vals = e.AppendValues(buf[:0], n.path)
	} else {
		vals = base.AppendValues(buf[:0], n.path)
	}
	none := true
	for i := range vals {
		if vals[i].Kind() != trail.KindObject {
			continue
		}
		none = false
		if n.kids[0].eval(s, e, &vals[i]) {
			return true
		}
	}
	if !none {
		return false
	}
	empty, _ := trail.JSON([]byte("{}"))
	return n.kids[0].eval(s, e, &empty)
}

// reduce evaluates the atoms that decide takes and simplifies what remains.
// Nodes that do not change are shared, never written to.
func (n *node) reduce(decide func(*atom) (yes, ok bool)) *node {
	switch n.op {
	case nAtom:
		if yes, ok := decide(n.atom); ok {
			if yes {
				return nodeTrue
			}
			return nodeFalse
		}
		return n
	case nNot:
		k := n.kids[0].reduce(decide)
		switch {
		case k == nodeTrue:
			return nodeFalse
		case k == nodeFalse:
			return nodeTrue
		case k == n.kids[0]:
			return n
		}
		return &node{op: nNot, kids: []*node{k}, x: n.x}
	case nAnd, nOr:
		absorbing, neutral := nodeFalse, nodeTrue
		if n.op == nOr {
			absorbing, neutral = nodeTrue, nodeFalse
		}
		var kids []*node
		same := true
		for _, k := range n.kids {
			r := k.reduce(decide)
			if r == absorbing {
				return absorbing
			}
			same = same && r == k
			if r != neutral {
				kids = append(kids, r)
			}
		}
		switch {
		case len(kids) == 0:
			return neutral
		case len(kids) == 1:
			return kids[0]
		case same && len(kids) == len(n.kids):
			return n
		}
		return &node{op: n.op, kids: kids}
	}
	return n
}

// cost guesses what judging the node takes: what is known from the first pass
// is cheap, what must be searched for is not, the text of an object least.
func (n *node) cost() int {
	switch n.op {
	case nAtom:
		c := 10
		if n.atom.scan {
			c = 1
		}
		if n.atom.Op == OpRegexp || n.atom.Op == OpGlob || n.atom.Op == OpField {
			c += 3
		}
		if n.atom.kinds&Containers != 0 && n.atom.Op != OpHas {
			c += 20
		}
		return c
	case nSome:
		return 20 + n.kids[0].cost()
	}
	c := 0
	for _, k := range n.kids {
		c += k.cost()
	}
	return c
}

// cheapFirst is the same condition with the cheap parts of it first, and no
// list in a list of its kind.
func (n *node) cheapFirst() *node {
	if len(n.kids) == 0 {
		return n
	}
	c := *n
	c.kids = nil
	for _, k := range n.kids {
		if k = k.cheapFirst(); k.op == n.op && (n.op == nAnd || n.op == nOr) {
			c.kids = append(c.kids, k.kids...)
		} else {
			c.kids = append(c.kids, k)
		}
	}
	if n.op == nAnd || n.op == nOr {
		slices.SortStableFunc(c.kids, func(a, b *node) int { return a.cost() - b.cost() })
	}
	return &c
}

// Match is a compiled expression on its own. It is not for concurrent use.
type Match struct {
	n *node
	s scratch
}

// CompileExpr compiles one expression.
func CompileExpr(x Expr) (*Match, error) {
	n, err := compile(x)
	if err != nil {
		return nil, fmt.Errorf("rule: %w", err)
	}
	return &Match{n: n}, nil
}

// Event judges one event.
func (m *Match) Event(e *trail.Event) bool { return m.n.eval(&m.s, e, nil) }

// Why lists the tests that make the expression true of e.
func (m *Match) Why(e *trail.Event) []string {
	if !m.Event(e) {
		return nil
	}
	return m.n.why(&m.s, e, nil)
}
