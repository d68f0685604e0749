package sigma

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/awsposture/posture/detective/trail/rule"
)

// condition parses a condition over named selections.
//
//	or    = and { "or" and }
//	and   = not { "and" not }
//	not   = "not" not | prim
//	prim  = "(" or ")" | count "of" ( "them" | pattern ) | name
type condition struct {
	d     *document
	at    *yaml.Node
	toks  []string
	i     int
	names map[string]rule.Expr
	order []string
}

var token = regexp.MustCompile(`\(|\)|\||[^\s()|]+`)

// condition parses text, which stands at a node, over named selections.
func (d *document) condition(at *yaml.Node, text string, names map[string]rule.Expr, order []string) (rule.Expr, error) {
	p := &condition{d: d, at: at, toks: token.FindAllString(text, -1), names: names, order: order}
	x, err := p.or(0)
	if err == nil && p.i < len(p.toks) {
		err = d.fail(at, "%q is not expected in the condition", p.peek())
	}
	return x, err
}

func (p *condition) peek() string {
	if p.i < len(p.toks) {
		return p.toks[p.i]
	}
	return ""
}

func (p *condition) word(w string) bool {
	if strings.EqualFold(p.peek(), w) {
		p.i++
		return true
	}
	return false
}

func (p *condition) or(depth int) (rule.Expr, error) {
	if depth > 100 {
		return nil, p.d.fail(p.at, "the condition is nested too deep")
	}
	return p.list("or", depth, p.and, func(xs []rule.Expr) rule.Expr { return rule.Or(xs) })
}

func (p *condition) and(depth int) (rule.Expr, error) {
	return p.list("and", depth, p.not, func(xs []rule.Expr) rule.Expr { return rule.And(xs) })
}

func (p *condition) list(sep string, depth int, next func(int) (rule.Expr, error), join func([]rule.Expr) rule.Expr) (rule.Expr, error) {
	var xs []rule.Expr
	for {
		x, err := next(depth)
		if err != nil {
			return nil, err
		}
		xs = append(xs, x)
		if !p.word(sep) {
			break
		}
	}
	if len(xs) == 1 {
		return xs[0], nil
	}
	return join(xs), nil
}

func (p *condition) not(depth int) (rule.Expr, error) {
	if p.word("not") {
		if depth > 100 {
			return nil, p.d.fail(p.at, "the condition is nested too deep")
		}
		x, err := p.not(depth + 1)
		if err != nil {
			return nil, err
		}
		return rule.Not{X: x}, nil
	}
	return p.prim(depth)
}

func (p *condition) prim(depth int) (rule.Expr, error) {
	t := p.peek()
	switch {
	case t == "":
		return nil, p.d.fail(p.at, "the condition ends where a selection is expected")
	case t == "(":
		p.i++
		x, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if !p.word(")") {
			return nil, p.d.fail(p.at, "a closing parenthesis is missing in the condition")
		}
		return x, nil
	case p.i+1 < len(p.toks) && strings.EqualFold(p.toks[p.i+1], "of"):
		return p.of()
	}
	x, ok := p.names[t]
	if !ok {
		return nil, p.d.fail(p.at, "the condition names %q, which is not a selection", t)
	}
	p.i++
	return x, nil
}

func (p *condition) of() (rule.Expr, error) {
	count := strings.ToLower(p.peek())
	p.i += 2
	pattern := p.peek()
	if pattern == "" {
		return nil, p.d.fail(p.at, "selections are missing after %q of", count)
	}
	p.i++
	var xs []rule.Expr
	for _, name := range p.order {
		var match bool
		if strings.EqualFold(pattern, "them") {
			match = !strings.HasPrefix(name, "_")
		} else {
			match, _ = path.Match(strings.NewReplacer("[", `\[`, "?", `\?`).Replace(pattern), name)
		}
		if match {
			xs = append(xs, p.names[name])
		}
	}
	if len(xs) == 0 {
		return nil, p.d.fail(p.at, "%q matches no selection", pattern)
	}
	switch count {
	case "all":
		return rule.And(xs), nil
	case "any", "1":
		return or(xs), nil
	}
	n, err := strconv.Atoi(count)
	if err != nil || n < 1 {
		return nil, p.d.fail(p.at, "expected a number, any or all before of, found %q", count)
	}
	if n > len(xs) {
		return nil, p.d.fail(p.at, "%d of %d selections can never be", n, len(xs))
	}
	if len(xs) > 16 {
		return nil, p.d.fail(p.at, "%d of %d selections are too many combinations", n, len(xs))
	}
	return atLeast(n, xs), nil
}

func atLeast(n int, xs []rule.Expr) rule.Expr {
	switch {
	case n == 0:
		return rule.Const(true)
	case n == 1:
		return or(xs)
	case n == len(xs):
		return rule.And(xs)
	}
	return rule.Or{rule.And{xs[0], atLeast(n-1, xs[1:])}, atLeast(n, xs[1:])}
}
