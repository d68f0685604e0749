// Package filter reads CloudWatch Logs metric filter patterns in their JSON
// form, {$.eventName = "StopLogging"}, judges events by them, and compiles them
// to the rule language, in which package cover compares them.
//
// The syntax is that of
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
// Patterns of the two other forms (terms, and space-delimited fields in
// brackets) are refused: they cannot say anything about a field by name.
package filter

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// Limits that CloudWatch Logs sets.
const (
	maxLength    = 1024
	maxWildcards = 3
	maxRegexps   = 2
)

// ErrForm is returned for patterns that are not of the JSON form.
var ErrForm = errors.New("not a JSON pattern in braces")

// SyntaxError says what is wrong with a pattern, and where.
type SyntaxError struct {
	Pattern string
	Offset  int
	Reason  string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("filter: at byte %d of %q: %s", e.Offset, e.Pattern, e.Reason)
}

// Pattern is a parsed pattern. The zero Pattern matches nothing.
type Pattern struct {
	root node
}

// node is And, Or or *Test.
type node interface{ print(*strings.Builder, int) }

type (
	and []node
	or  []node
)

// Op is the comparison of a test.
type Op uint8

// The comparisons.
const (
	Eq Op = iota
	Ne
	Lt
	Le
	Gt
	Ge
	IsNull
	IsTrue
	IsFalse
	NotExists
)

var opText = [...]string{"=", "!=", "<", "<=", ">", ">=", "IS NULL", "IS TRUE", "IS FALSE", "NOT EXISTS"}

// form says how a test's value is compared.
type form uint8

const (
	asText form = iota // with * as a wildcard
	asNumber
	asRegexp
)

type test struct {
	sel  trail.Path
	op   Op
	form form
	text string // without quotes and escapes
	num  float64
	re   *regexp.Regexp
}

// Truth is the result of a test: a test of a member that is not there is
// neither true nor false.
type Truth uint8

// The truth values. They are ordered: And takes the least, Or the greatest.
const (
	False Truth = iota
	Unknown
	True
)

// Eval judges an event. An event is matched when the result is True.
func (p *Pattern) Eval(e *trail.Event) Truth {
	if p.root == nil {
		return False
	}
	return eval(p.root, e)
}

func eval(n node, e *trail.Event) Truth {
	switch n := n.(type) {
	case and:
		t := True
		for _, x := range n {
			t = min(t, eval(x, e))
		}
		return t
	case or:
		t := False
		for _, x := range n {
			t = max(t, eval(x, e))
		}
		return t
	case *test:
		vals := e.AppendValues(nil, &n.sel)
		if len(vals) == 0 {
			if n.op == NotExists {
				return True
			}
			return Unknown
		}
		for _, v := range vals {
			if n.holds(v) {
				return True
			}
		}
	}
	return False
}

// holds judges one selected node.
func (t *test) holds(v trail.Value) bool {
	k := v.Kind()
	switch t.op {
	case IsNull:
		return k == trail.KindNull
	case IsTrue:
		return k == trail.KindTrue
	case IsFalse:
		return k == trail.KindFalse
	case NotExists:
		return false
	}
	if k != trail.KindString && k != trail.KindNumber {
		return false
	}
	switch t.form {
	case asText:
		return globMatch(t.text, v.Text()) == (t.op == Eq)
	case asRegexp:
		return k == trail.KindString && t.re.MatchString(v.Text()) == (t.op == Eq)
	}
	f, ok := v.Float()
	if !ok {
		return false
	}
	switch t.op {
	case Eq:
		return f == t.num
	case Ne:
		return k == trail.KindNumber && f != t.num
	case Lt:
		return f < t.num
	case Le:
		return f <= t.num
	case Gt:
		return f > t.num
	}
	return f >= t.num
}

// globMatch matches a text with * wildcards.
func globMatch(glob, s string) bool {
	parts := strings.Split(glob, "*")
	if len(parts) == 1 {
		return s == glob
	}
	if !strings.HasPrefix(s, parts[0]) {
		return false
	}
	s = s[len(parts[0]):]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(s, p)
		if i < 0 {
			return false
		}
		s = s[i+len(p):]
	}
	return strings.HasSuffix(s, parts[len(parts)-1])
}

// Expr is the pattern as a rule condition: true exactly when Eval is True.
func (p *Pattern) Expr() rule.Expr {
	if p.root == nil {
		return rule.Const(false)
	}
	return compile(p.root)
}

func compile(n node) rule.Expr {
	list := func(xs []node) (out []rule.Expr) {
		for _, x := range xs {
			out = append(out, compile(x))
		}
		return out
	}
	switch n := n.(type) {
	case and:
		return rule.And(list(n))
	case or:
		return rule.Or(list(n))
	}
	t := n.(*test)
	a := &rule.Atom{Path: t.sel, Kinds: rule.Numeric, Neg: t.op == Ne}
	switch t.op {
	case IsNull:
		a.Kinds = rule.Of(trail.KindNull)
		return a
	case IsTrue:
		a.Kinds = rule.Of(trail.KindTrue)
		return a
	case IsFalse:
		a.Kinds = rule.Of(trail.KindFalse)
		return a
	case NotExists:
		a.Kinds = rule.Any
		return rule.Not{X: a}
	}
	switch t.form {
	case asNumber:
		a.Num = t.num
		a.Op = [...]rule.Op{rule.OpEq, rule.OpEq, rule.OpLt, rule.OpLe, rule.OpGt, rule.OpGe}[t.op]
		if t.op == Ne {
			a.Kinds = rule.Of(trail.KindNumber)
		}
	case asRegexp:
		a.Op, a.Texts, a.Kinds = rule.OpRegexp, []string{t.re.String()}, rule.Strings
	default:
		if !strings.Contains(t.text, "*") {
			a.Op, a.Texts = rule.OpIn, []string{t.text}
		} else {
			// Only * is a wildcard here.
			a.Op, a.Texts = rule.OpGlob, []string{strings.NewReplacer(`\`, `\\`, `?`, `\?`).Replace(t.text)}
		}
	}
	return a
}
