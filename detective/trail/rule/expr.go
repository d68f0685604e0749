package rule

import (
	"strconv"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

// Expr is a condition on one event: And, Or, Not, Some, Const or *Atom.
type Expr interface {
	String() string
	expr()
}

type (
	// And is true when all of its parts are; an empty one is true.
	And []Expr
	// Or is true when one of its parts is; an empty one is false.
	Or []Expr
	// Not is the plain complement.
	Not struct{ X Expr }
	// Some is true when X is true of one object at Path: of the same element
	// of an array for all of X. Paths in X begin at that object. When there is
	// no object at Path, X is judged on an empty one.
	Some struct {
		Path trail.Path
		X    Expr
	}
	// Const is always or never true.
	Const bool
)

// Kinds is the set of value kinds that an atom's test applies to.
type Kinds uint8

// Of is the set of some kinds.
func Of(ks ...trail.Kind) (s Kinds) {
	for _, k := range ks {
		s |= 1 << k
	}
	return s
}

// Sets of kinds that front ends use.
const (
	Bools      = Kinds(1<<trail.KindTrue | 1<<trail.KindFalse)
	Scalars    = Bools | Kinds(1<<trail.KindNumber|1<<trail.KindString)
	Containers = Kinds(1<<trail.KindObject | 1<<trail.KindArray)
	Values     = Scalars | Containers              // all but null
	Any        = Values | Kinds(1<<trail.KindNull) // all that is present
	Numeric    = Kinds(1<<trail.KindNumber | 1<<trail.KindString)
	Strings    = Kinds(1 << trail.KindString)
)

// Op is what an atom tests.
type Op uint8

// The tests. Text tests compare a value's text ([trail.Value.Text]).
const (
	OpHas      Op = iota // a value of one of the kinds is there
	OpIn                 // text equals one of Texts
	OpGlob               // text matches one of Texts: * any run, ? one character, \ escapes both and itself
	OpPrefix             // text begins with one of Texts
	OpSuffix             // text ends with one of Texts
	OpContains           // text contains one of Texts
	OpRegexp             // an RE2 expression of Texts is found in the text
	OpCIDR               // text is an address in one of the networks of Texts
	OpEq                 // number equals Num
	OpLt
	OpLe
	OpGt
	OpGe
	OpField // text and a text at Other stand in the relation Rel
	OpTime  // the part Part of a time equals Num
	OpRange // all of Bounds hold of one number
)

var opNames = [...]string{"is present", "is", "is like", "begins with", "ends with", "contains", "matches", "is in network", "=", "<", "<=", ">", ">=", "compared with", "has time part", "is a number"}

// Atom tests the values at one path. It is true when one value passes, and
// false when there is none; what a missing field means is said by combining
// atoms. A container passes a text test only when Kinds holds its kind, an
// array only when it holds objects (its elements are tested anyway).
type Atom struct {
	Path   trail.Path
	Op     Op
	Texts  []string
	Num    float64
	Fold   bool       // compare without case, by Unicode simple folding
	Neg    bool       // a value of one of the kinds that does NOT pass
	Kinds  Kinds      // zero: Scalars, for OpHas Any
	Other  trail.Path // OpField
	Rel    Op         // OpField: OpIn, OpPrefix, OpSuffix or OpContains
	Bounds []Bound    // OpRange
	Part   string     // OpTime: minute, hour, day, week, month, year
}

func (And) expr()   {}
func (Or) expr()    {}
func (Not) expr()   {}
func (Some) expr()  {}
func (Const) expr() {}
func (*Atom) expr() {}

func join(xs []Expr, sep string) string {
	parts := make([]string, len(xs))
	for i, x := range xs {
		parts[i] = x.String()
	}
	return "(" + strings.Join(parts, sep) + ")"
}

func (x And) String() string {
	if len(x) == 0 {
		return "true"
	}
	return join(x, " and ")
}

func (x Or) String() string {
	if len(x) == 0 {
		return "false"
	}
	return join(x, " or ")
}
func (x Not) String() string   { return "not " + x.X.String() }
func (x Some) String() string  { return "some " + x.Path.String() + " " + x.X.String() }
func (x Const) String() string { return strconv.FormatBool(bool(x)) }

func (a *Atom) String() string {
	var b strings.Builder
	name := a.Path.String()
	if name == "" {
		name = "record"
	}
	b.WriteString(name + " ")
	if a.Neg {
		b.WriteString("not ")
	}
	b.WriteString(opNames[a.Op])
	switch a.Op {
	case OpHas:
	case OpField:
		b.WriteString(" (" + opNames[a.Rel] + ") " + a.Other.String())
	case OpEq, OpLt, OpLe, OpGt, OpGe:
		b.WriteString(" " + strconv.FormatFloat(a.Num, 'g', -1, 64))
	case OpRange:
		for _, x := range a.Bounds {
			op := opNames[x.Op]
			if x.Ne {
				op = "!="
			}
			b.WriteString(" " + op + " " + strconv.FormatFloat(x.N, 'g', -1, 64))
		}
	case OpTime:
		b.WriteString(" " + a.Part + " = " + strconv.FormatFloat(a.Num, 'g', -1, 64))
	default:
		for i, t := range a.Texts {
			if i == 4 {
				b.WriteString(" …")
				break
			}
			b.WriteString(" " + strconv.Quote(t))
		}
	}
	return b.String()
}

// All matches when every condition does; none is always true.
func All(xs ...Expr) Expr { return And(xs) }

// AnyOf matches when one of the conditions does; none is never true.
func AnyOf(xs ...Expr) Expr { return Or(xs) }

// No matches when the condition does not.
func No(x Expr) Expr { return Not{x} }

func text(op Op, fold bool, path string, texts []string) *Atom {
	return &Atom{Path: trail.P(path), Op: op, Fold: fold, Texts: texts, Kinds: Scalars}
}

// The constructors below test the text of strings, numbers and booleans at a
// dotted path ([trail.P]), case-sensitively unless named Fold. Several texts
// mean any of them.

// Eq tests for the whole text.
func Eq(path string, texts ...string) Expr { return text(OpIn, false, path, texts) }

// EqFold tests for the whole text, whatever its case.
func EqFold(path string, texts ...string) Expr { return text(OpIn, true, path, texts) }

// Prefix tests how the text begins.
func Prefix(path string, texts ...string) Expr { return text(OpPrefix, false, path, texts) }

// Suffix tests how the text ends.
func Suffix(path string, texts ...string) Expr { return text(OpSuffix, false, path, texts) }

// Contains tests for a part of the text.
func Contains(path string, texts ...string) Expr { return text(OpContains, false, path, texts) }

// Like tests the text against patterns with * and ?.
func Like(path string, globs ...string) Expr { return text(OpGlob, false, path, globs) }

// Regexp tests the text against regular expressions (RE2), unanchored.
func Regexp(path string, exprs ...string) Expr { return text(OpRegexp, false, path, exprs) }

// InNetwork tests for an address within a network.
func InNetwork(path string, cidr ...string) Expr { return text(OpCIDR, false, path, cidr) }

// ContainsFold also looks into objects: their compact JSON text.
func ContainsFold(path string, texts ...string) Expr {
	return &Atom{Path: trail.P(path), Op: OpContains, Fold: true, Texts: texts, Kinds: Values}
}

// Has is true when anything but null is at the path.
func Has(path string) Expr { return &Atom{Path: trail.P(path), Kinds: Values} }

// Absent is true when nothing or null is at the path.
func Absent(path string) Expr { return Not{Has(path)} }

// Less and More compare numbers, and texts that spell numbers.
func Less(path string, n float64) Expr {
	return &Atom{Path: trail.P(path), Op: OpLt, Num: n, Kinds: Numeric}
}

// More is true of numbers greater than or equal to n.
func More(path string, n float64) Expr {
	return &Atom{Path: trail.P(path), Op: OpGe, Num: n, Kinds: Numeric}
}

// Same is true when the texts at both paths are equal.
func Same(path, other string) Expr {
	return &Atom{Path: trail.P(path), Op: OpField, Rel: OpIn, Other: trail.P(other), Kinds: Scalars}
}

// Each is true when x holds of one element of the list at path.
func Each(path string, x Expr) Expr { return Some{trail.P(path), x} }

// Walk calls f for every atom of x.
func Walk(x Expr, f func(*Atom)) {
	switch x := x.(type) {
	case And:
		for _, y := range x {
			Walk(y, f)
		}
	case Or:
		for _, y := range x {
			Walk(y, f)
		}
	case Not:
		Walk(x.X, f)
	case Some:
		Walk(x.X, f)
	case *Atom:
		f(x)
	}
}

// timePart is the named part of t in UTC; ok is false for an unknown name.
func timePart(t time.Time, part string) (n float64, ok bool) {
	t = t.UTC()
	switch part {
	case "minute":
		return float64(t.Minute()), true
	case "hour":
		return float64(t.Hour()), true
	case "day":
		return float64(t.Day()), true
	case "week":
		_, w := t.ISOWeek()
		return float64(w), true
	case "month":
		return float64(t.Month()), true
	case "year":
		return float64(t.Year()), true
	}
	return 0, false
}
