package policy

import "strings"

// resourcePattern is one entry of Resource or NotResource.
type resourcePattern struct {
	all       bool   // "*": everything, also the resource of actions that have none
	exact     string // when there is neither wildcard nor variable
	prefix    string // every resource that matches starts so
	toks      []token
	variables bool
	mixed     bool // some wildcards cross colons, some do not
	guarded   bool // no wildcard crosses one of the first five colons
}

// parseResource reads a pattern. In the first five parts of an ARN wildcards
// stay within their part, but for a "*" that ends its part, which may run
// over the colon (see [Semantics].StarStaysInSegment). The resource part is
// one string. Variables stand in the resource part only.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func (c *compiler) parseResource(text string, variables bool) resourcePattern {
	if strings.Trim(text, "*") == "" && text != "" {
		return resourcePattern{all: true}
	}
	p := resourcePattern{guarded: c.sem.StarStaysInSegment}
	lang := language{wildcards: true, variables: variables}
	n := arnGuard(text)
	switch head := text[:n]; {
	case n == 0:
		p.toks = c.head(text)
	case strings.ContainsAny(head, "*?$"):
		p.toks = join(c.head(head), tokenize(text[n:], lang, c.keys.add))
	default:
		p.toks = tokenize(text, lang, c.keys.add)
	}
	for i := range p.toks {
		p.mixed = p.mixed || p.toks[i].kind >= shortStar
	}
	for i := range p.toks {
		t := &p.toks[i]
		p.variables = p.variables || t.kind == variable
		if p.guarded && t.kind >= shortStar {
			t.kind -= shortStar - star
		}
	}
	p.mixed = p.mixed && !p.guarded
	if len(p.toks) > 0 && p.toks[0].kind == literal {
		p.prefix = p.toks[0].text
	}
	if len(p.toks) == 1 && p.toks[0].kind == literal {
		p.exact = p.prefix
	}
	return p
}

// head splits the first five parts, which end with a colon each.
func (c *compiler) head(text string) []token {
	toks := tokenize(text, language{wildcards: true}, nil)
	for i := range toks {
		t := &toks[i]
		last := i == len(toks)-1 || toks[i+1].kind == literal && toks[i+1].text[0] == ':'
		switch {
		case t.kind == question:
			t.kind = shortQuestion
		case t.kind == star && !last:
			t.kind = shortStar
		}
	}
	return toks
}

// join puts the two parts together, making neighbouring literals one.
func join(head, tail []token) []token {
	if n := len(head); n > 0 && len(tail) > 0 && head[n-1].kind == literal && tail[0].kind == literal {
		head[n-1].text += tail[0].text
		tail = tail[1:]
	}
	return append(head, tail...)
}

func (p *resourcePattern) matches(ev *evaluation) truth {
	resource := ev.r.Resource
	switch {
	case p.all:
		return yes
	case resource == "*":
		return no
	case p.exact != "":
		return truthOf(resource == p.exact)
	case !strings.HasPrefix(resource, p.prefix):
		return no
	case p.variables:
		if ready := ev.variables(p.toks); ready != yes {
			return ready
		}
	}
	switch {
	case p.mixed:
		return truthOf(globMixed(p.toks, resource, ev))
	case p.guarded:
		return truthOf(glob(p.toks, resource, ev.guard, ev))
	}
	return truthOf(glob(p.toks, resource, 0, ev))
}
