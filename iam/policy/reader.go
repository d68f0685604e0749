package policy

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxNesting  = 32  // far more than the seven levels a policy has
	maxProblems = 100 // a hostile document must not cost memory in messages
)

// reader reads JSON once, from front to back, and knows at each moment where
// it is. encoding/json keeps neither positions nor duplicate members, and a
// policy with a duplicate member is one that two readers understand differently.
type reader struct {
	src       string
	pos       int
	line      int
	lineStart int
	path      []step
	policy    string
	values    []Value // of the list being read
	problems  Problems
	broken    bool // a syntax error: nothing after it can be read
}

// step is a member name or, when the name is "", an index.
type step struct {
	name  string
	index int
}

func (r *reader) here() Pos {
	return Pos{Offset: r.pos, Line: r.line, Column: r.pos - r.lineStart + 1}
}

func (r *reader) report(code string, at Pos, message string) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, Problem{Code: code, Policy: r.policy, Pos: at, Path: r.where(), Message: message})
	}
}

func (r *reader) syntax(message string) {
	if !r.broken {
		r.report("json-syntax", r.here(), message)
		r.broken = true
	}
}

func (r *reader) where() string {
	var b strings.Builder
	for i, s := range r.path {
		if s.name == "" {
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
			continue
		}
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(s.name)
	}
	return b.String()
}

// peek skips white space and returns the next byte, 0 at the end.
func (r *reader) peek() byte {
	for r.pos < len(r.src) {
		switch c := r.src[r.pos]; c {
		case ' ', '\t', '\r':
			r.pos++
		case '\n':
			r.pos++
			r.line++
			r.lineStart = r.pos
		default:
			return c
		}
	}
	return 0
}

func (r *reader) expect(c byte) bool {
	if r.broken {
		return false
	}
	if got := r.peek(); got != c || r.pos >= len(r.src) {
		r.syntax("expected '" + string(rune(c)) + "'" + r.found())
		return false
	}
	r.pos++
	return true
}

func (r *reader) found() string {
	if r.pos >= len(r.src) {
		return ", found the end of the text"
	}
	c, _ := utf8.DecodeRuneInString(r.src[r.pos:])
	return ", found " + strconv.QuoteRune(c)
}

// object calls member for each member, standing before its value.
// member must read the value.
func (r *reader) object(member func(name string, at Pos)) {
	if !r.expect('{') || !r.enter() {
		return
	}
	defer r.leave()
	if r.peek() == '}' {
		r.pos++
		return
	}
	for !r.broken {
		if r.peek() != '"' {
			r.syntax("expected a member name in quotes" + r.found())
			return
		}
		at := r.here()
		name := r.str()
		if !r.expect(':') {
			return
		}
		r.path[len(r.path)-1].name = name
		member(name, at)
		if r.broken {
			return
		}
		switch r.peek() {
		case ',':
			r.pos++
		case '}':
			r.pos++
			return
		default:
			r.syntax("expected ',' or '}'" + r.found())
		}
	}
}

// array calls item for each item, standing before it. item must read it.
func (r *reader) array(item func()) {
	if !r.expect('[') || !r.enter() {
		return
	}
	defer r.leave()
	if r.peek() == ']' {
		r.pos++
		return
	}
	for i := 0; !r.broken; i++ {
		r.path[len(r.path)-1] = step{index: i}
		item()
		if r.broken {
			return
		}
		switch r.peek() {
		case ',':
			r.pos++
		case ']':
			r.pos++
			return
		default:
			r.syntax("expected ',' or ']'" + r.found())
		}
	}
}

func (r *reader) enter() bool {
	if len(r.path) >= maxNesting {
		r.syntax("nested more than " + strconv.Itoa(maxNesting) + " levels deep")
		return false
	}
	r.path = append(r.path, step{})
	return true
}

func (r *reader) leave() { r.path = r.path[:len(r.path)-1] }

// skip reads one value of any form and forgets it.
func (r *reader) skip() {
	switch r.peek() {
	case '{':
		r.object(func(string, Pos) { r.skip() })
	case '[':
		r.array(r.skip)
	default:
		r.scalar()
	}
}
