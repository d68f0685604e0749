package policy

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// DefaultMaxBytes is the size of the largest document [Parse] reads: many
// times the largest quota of any kind of policy.
const DefaultMaxBytes = 256 << 10

// Parse reads a policy of the given kind. name is what errors call it.
//
// The document is never nil. When something is wrong the error is of type
// [Problems] and says what and where, and the document holds everything that
// could be read. Text of more than DefaultMaxBytes is refused unread. The time
// taken is proportional to the size of the text, whatever it holds.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
func Parse(kind Kind, name string, text []byte) (*Document, error) {
	return ParseMax(kind, name, text, DefaultMaxBytes)
}

// ParseMax is Parse with another limit on the size of the text, in bytes.
func ParseMax(kind Kind, name string, text []byte, maxBytes int) (*Document, error) {
	d := &Document{Name: name, Kind: kind}
	r := &reader{policy: name, line: 1}
	if len(text) > maxBytes {
		r.report("json-syntax", Pos{}, "the text has "+strconv.Itoa(len(text))+" bytes, more than the limit of "+strconv.Itoa(maxBytes))
		d.Problems = r.problems
		return d, d.Problems.err()
	}
	d.Source = string(text)
	r.src = d.Source
	switch {
	case strings.HasPrefix(r.src, "\uFEFF"):
		r.syntax("the text starts with a byte-order mark")
	case !utf8.ValidString(r.src):
		r.toInvalid()
		r.syntax("the text is not valid UTF-8")
	case r.peek() != '{':
		r.syntax("a policy is a JSON object" + r.found())
	default:
		r.document(d)
	}
	if !r.broken && (r.peek() != 0 || r.pos < len(r.src)) {
		r.syntax("text after the end of the policy" + r.found())
	}
	d.Problems = append(r.problems, check(d)...)
	return d, d.Problems.err()
}

// toInvalid moves to the first byte that is not UTF-8.
func (r *reader) toInvalid() {
	for r.pos < len(r.src) {
		c, n := utf8.DecodeRuneInString(r.src[r.pos:])
		if c == utf8.RuneError && n == 1 {
			return
		}
		if c == '\n' {
			r.line++
			r.lineStart = r.pos + 1
		}
		r.pos += n
	}
}

// once reports a member that was seen before in the same object.
func (r *reader) once(seen *uint, bit uint, at Pos) {
	if *seen&(1<<bit) != 0 {
		r.report("json-duplicate-member", at, "the same member twice")
	}
	*seen |= 1 << bit
}

func (r *reader) document(d *Document) {
	var seen uint
	r.object(func(name string, at Pos) {
		switch name {
		case "Version":
			r.once(&seen, 0, at)
			d.Version = r.text()
		case "Id":
			r.once(&seen, 1, at)
			d.ID = r.text()
		case "Statement":
			r.once(&seen, 2, at)
			if r.peek() == '[' {
				d.Statements = []Statement{}
				r.array(func() { r.statement(d) })
			} else {
				r.statement(d)
			}
		default:
			r.report("unknown-element", at, "policies have no such element")
			r.skip()
		}
	})
}

func (r *reader) statement(d *Document) {
	if r.peek() != '{' {
		r.report("wrong-json-type", r.here(), "a statement is an object")
		r.skip()
		return
	}
	d.Statements = append(d.Statements, Statement{Pos: r.here()})
	s := &d.Statements[len(d.Statements)-1]
	var seen uint
	r.object(func(name string, at Pos) {
		switch name {
		case "Sid":
			r.once(&seen, 0, at)
			s.Sid = r.text()
		case "Effect":
			r.once(&seen, 1, at)
			s.Effect = r.text()
		case "Principal":
			r.once(&seen, 2, at)
			s.Principal = r.principals()
		case "NotPrincipal":
			r.once(&seen, 3, at)
			s.NotPrincipal = r.principals()
		case "Action":
			r.once(&seen, 4, at)
			s.Action = r.texts()
		case "NotAction":
			r.once(&seen, 5, at)
			s.NotAction = r.texts()
		case "Resource":
			r.once(&seen, 6, at)
			s.Resource = r.texts()
		case "NotResource":
			r.once(&seen, 7, at)
			s.NotResource = r.texts()
		case "Condition":
			r.once(&seen, 8, at)
			s.Conditions = r.conditions()
		default:
			r.report("unknown-element", at, "statements have no such element")
			r.skip()
		}
	})
	s.End = r.pos
}

// text reads one string.
func (r *reader) text() string {
	if r.peek() != '"' {
		r.report("wrong-json-type", r.here(), "must be a string")
		r.skip()
		return ""
	}
	return r.str()
}

// texts reads a string or a list of strings.
func (r *reader) texts() []Value { return r.list(false) }

func (r *reader) list(bare bool) []Value {
	if r.peek() != '[' {
		if v, ok := r.item(bare); ok {
			return []Value{v}
		}
		return []Value{}
	}
	r.values = r.values[:0]
	r.array(func() {
		if v, ok := r.item(bare); ok {
			r.values = append(r.values, v)
		}
	})
	return append(make([]Value, 0, len(r.values)), r.values...)
}

// item reads one string, or, if bare, a number or boolean without quotes.
func (r *reader) item(bare bool) (Value, bool) {
	if c := r.peek(); c == '{' || c == '[' {
		r.report("wrong-json-type", r.here(), "must be a string or a list of strings")
		r.skip()
		return Value{}, false
	}
	v, null := r.scalar()
	if !r.broken && (null || v.Bare && !bare) {
		r.report("wrong-json-type", v.Pos, "must be a string")
		return v, false
	}
	return v, !r.broken
}

func (r *reader) principals() *Principals {
	first := r.peek()
	p := &Principals{Pos: r.here()}
	switch first {
	case '"':
		if text := r.str(); text == "*" {
			p.Everyone = true
		} else if !r.broken {
			r.report("principal-shape", p.Pos, `must be "*" or an object`)
		}
		return p
	case '{':
	default:
		r.report("wrong-json-type", p.Pos, `must be "*" or an object`)
		r.skip()
		return p
	}
	var seen uint
	r.object(func(name string, at Pos) {
		switch name {
		case "AWS":
			r.once(&seen, 0, at)
			p.AWS = r.texts()
		case "Service":
			r.once(&seen, 1, at)
			p.Service = r.texts()
		case "Federated":
			r.once(&seen, 2, at)
			p.Federated = r.texts()
		case "CanonicalUser":
			r.once(&seen, 3, at)
			p.CanonicalUser = r.texts()
		default:
			r.report("principal-key", at, "must be AWS, Service, Federated or CanonicalUser")
			r.skip()
		}
	})
	return p
}

func (r *reader) conditions() []Condition {
	conditions := []Condition{}
	if r.peek() != '{' {
		r.report("wrong-json-type", r.here(), "must be an object of operators")
		r.skip()
		return conditions
	}
	operators := names{}
	r.object(func(operator string, at Pos) {
		if _, again := operators.add(operator); again {
			r.report("json-duplicate-member", at, "the same operator twice")
		}
		if r.peek() != '{' {
			r.report("wrong-json-type", r.here(), "must be an object of condition keys")
			r.skip()
			return
		}
		keys := names{}
		r.object(func(key string, at Pos) {
			if first, again := keys.add(strings.ToLower(key)); again {
				r.report("condition-key-case-duplicate", at, "the same condition key as number "+strconv.Itoa(first+1)+" of this operator")
			}
			conditions = append(conditions, Condition{Operator: operator, Key: key, Values: r.list(true), Pos: at})
		})
	})
	return conditions
}

// names finds repeated member names in time that grows with their number alone.
type names struct {
	few  []string
	many map[string]int
}

func (n *names) add(name string) (first int, again bool) {
	if n.many == nil {
		for i, s := range n.few {
			if s == name {
				return i, true
			}
		}
		if n.few = append(n.few, name); len(n.few) > 8 {
			n.many = make(map[string]int, 16)
			for i, s := range n.few {
				n.many[s] = i
			}
		}
		return 0, false
	}
	if i, ok := n.many[name]; ok {
		return i, true
	}
	n.many[name] = len(n.many)
	return 0, false
}
