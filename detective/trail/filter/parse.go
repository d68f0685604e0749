package filter

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/awsposture/posture/detective/trail"
)

// Parse reads a JSON pattern.
func Parse(text string) (*Pattern, error) {
	p := &parser{s: text}
	i := len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	if i == len(text) || text[i] != '{' {
		return nil, &SyntaxError{text, i, ErrForm.Error()}
	}
	if len(text) > maxLength {
		return nil, &SyntaxError{text[:32] + "…", maxLength, fmt.Sprintf("longer than %d bytes", maxLength)}
	}
	p.i = i + 1
	n, err := p.or(0)
	if err == nil {
		p.space()
		if !p.eat("}") {
			err = p.fail("expected && or || or }")
		} else if p.space(); p.i < len(text) {
			err = p.fail("text after the closing brace")
		}
	}
	if err == nil && p.wild > maxWildcards {
		err = p.fail("more than three wildcard selectors")
	}
	if err == nil && p.res > maxRegexps {
		err = p.fail("more than two regular expressions")
	}
	if err != nil {
		return nil, err
	}
	return &Pattern{n}, nil
}

type parser struct {
	s         string
	i         int
	wild, res int
}

func (p *parser) fail(reason string) error { return &SyntaxError{p.s, p.i, reason} }

func (p *parser) space() {
	for p.i < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.i]) >= 0 {
		p.i++
	}
}

func (p *parser) eat(tok string) bool {
	p.space()
	if strings.HasPrefix(p.s[p.i:], tok) {
		p.i += len(tok)
		return true
	}
	return false
}

func (p *parser) or(depth int) (node, error) {
	return p.list("||", depth, func(d int) (node, error) {
		return p.list("&&", d, p.prim, func(xs []node) node { return and(xs) })
	}, func(xs []node) node { return or(xs) })
}

func (p *parser) list(sep string, depth int, next func(int) (node, error), make func([]node) node) (node, error) {
	var xs []node
	for {
		x, err := next(depth)
		if err != nil {
			return nil, err
		}
		// a && (b && c) is a && b && c
		if inner, ok := x.(and); ok && sep == "&&" {
			xs = append(xs, inner...)
		} else if inner, ok := x.(or); ok && sep == "||" {
			xs = append(xs, inner...)
		} else {
			xs = append(xs, x)
		}
		if !p.eat(sep) {
			break
		}
	}
	if len(xs) == 1 {
		return xs[0], nil
	}
	return make(xs), nil
}

func (p *parser) prim(depth int) (node, error) {
	if depth > 100 {
		return nil, p.fail("nested too deep")
	}
	if p.eat("(") {
		n, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if !p.eat(")") {
			return nil, p.fail("expected )")
		}
		return n, nil
	}
	return p.test()
}

func (p *parser) test() (node, error) {
	p.space()
	sel, n, err := trail.ParsePath(p.s[p.i:])
	if err != nil {
		p.i += n
		return nil, p.fail(err.Error())
	}
	if len(sel.Steps()) == 0 {
		return nil, p.fail("the selector names no field")
	}
	wild := 0
	for _, s := range sel.Steps() {
		if s.Any != trail.NotAny {
			wild++
		}
	}
	if wild > 1 {
		return nil, p.fail("more than one wildcard in a selector")
	}
	p.wild += wild
	p.i += n
	t := &test{sel: sel}
	if w := p.keyword("IS"); w {
		for op, name := range map[Op]string{IsNull: "NULL", IsTrue: "TRUE", IsFalse: "FALSE"} {
			if p.keyword(name) {
				t.op = op
				return t, nil
			}
		}
		return nil, p.fail("expected NULL, TRUE or FALSE after IS")
	}
	if p.keyword("NOT") {
		if !p.keyword("EXISTS") {
			return nil, p.fail("expected EXISTS after NOT")
		}
		t.op = NotExists
		return t, nil
	}
	for _, op := range []Op{Ne, Le, Ge, Eq, Lt, Gt} {
		if p.eat(opText[op]) {
			t.op = op
			return t, p.value(t)
		}
	}
	return nil, p.fail("expected a comparison, IS or NOT EXISTS")
}

// keyword reads a word in any case.
func (p *parser) keyword(w string) bool {
	p.space()
	end := p.i + len(w)
	if end > len(p.s) || !strings.EqualFold(p.s[p.i:end], w) || end < len(p.s) && isWord(p.s[end]) {
		return false
	}
	p.i = end
	return true
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || strings.IndexByte("_.:/-@*+$#,", c) >= 0 && c != 0
}

func (p *parser) value(t *test) error {
	p.space()
	if p.i >= len(p.s) {
		return p.fail("a value is missing")
	}
	start := p.i
	switch p.s[p.i] {
	case '"':
		var b []byte
		for p.i++; p.i < len(p.s) && p.s[p.i] != '"'; p.i++ {
			if p.s[p.i] == '\\' && p.i+1 < len(p.s) && (p.s[p.i+1] == '"' || p.s[p.i+1] == '\\') {
				p.i++
			}
			b = append(b, p.s[p.i])
		}
		if p.i >= len(p.s) {
			p.i = start
			return p.fail("the string does not end")
		}
		p.i++
		t.text = string(b)
	case '%':
		end := strings.IndexByte(p.s[p.i+1:], '%')
		if end < 0 {
			return p.fail("the regular expression does not end")
		}
		t.form, t.text = asRegexp, p.s[p.i+1:p.i+1+end]
		re, err := translate(t.text)
		if err != nil {
			return p.fail(err.Error())
		}
		t.re = re
		p.res++
		p.i += end + 2
	default:
		for p.i < len(p.s) && isWord(p.s[p.i]) {
			p.i++
		}
		if p.i == start {
			return p.fail("a value is missing")
		}
		t.text = p.s[start:p.i]
		if f, err := strconv.ParseFloat(t.text, 64); err == nil && strings.Trim(t.text, "0123456789+-.eE") == "" && !math.IsInf(f, 0) {
			t.form, t.num = asNumber, f
		}
	}
	if t.op >= Lt && t.form != asNumber {
		p.i = start
		return p.fail("only numbers can be ordered")
	}
	return nil
}

// translate checks that an expression stays within what CloudWatch Logs
// supports, and makes an RE2 expression of it. It searches anywhere in the
// text, and a dot matches any character.
func translate(expr string) (*regexp.Regexp, error) {
	for i := 0; i < len(expr); i++ {
		c := expr[i]
		switch {
		case c == '\\':
			if i++; i == len(expr) {
				return nil, fmt.Errorf("the regular expression ends with a backslash")
			}
			if e := expr[i]; (e|0x20 >= 'a' && e|0x20 <= 'z' || e >= '0' && e <= '9') && strings.IndexByte("dDsSwWx", e) < 0 {
				return nil, fmt.Errorf(`\%c is not supported in a filter's regular expression`, e)
			}
		case c >= '0' && c <= '9', c|0x20 >= 'a' && c|0x20 <= 'z', strings.IndexByte(":_#=@/;,-^$?[]{}|*+. ", c) >= 0:
		default:
			return nil, fmt.Errorf("%q is not supported in a filter's regular expression", c)
		}
	}
	re, err := regexp.Compile("(?s)" + expr)
	if err != nil {
		return nil, fmt.Errorf("regular expression: %w", err)
	}
	return re, nil
}
