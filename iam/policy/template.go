package policy

import "strings"

// tokenKind is what one piece of a pattern stands for.
type tokenKind uint8

const (
	literal  tokenKind = iota
	variable           // the value of a context key
	star               // any run of characters
	question           // one character
	shortStar
	shortQuestion // the same two, but not over a colon: see resource patterns
)

// token is one piece of a pattern. Patterns are never built by pasting strings,
// so that a wildcard that comes out of a variable stays a plain character.
type token struct {
	kind   tokenKind
	text   string // of a literal; the default of a variable
	hasDef bool
	key    int32 // of a variable: the slot of its key
}

// language says what is special in a piece of policy text.
type language struct {
	wildcards bool
	variables bool
}

// tokenize splits text. slot maps the name of a condition key to its slot.
//
// A variable that is malformed is literal text.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func tokenize(text string, lang language, slot func(key string) int32) []token {
	toks := make([]token, 0, 4)
	start := 0
	flush := func(end int) {
		if end > start {
			toks = append(toks, token{kind: literal, text: text[start:end]})
		}
	}
	for i := 0; i < len(text); {
		n := 1
		switch c := text[i]; {
		case c == '*' && lang.wildcards:
			flush(i)
			if len(toks) == 0 || toks[len(toks)-1].kind != star {
				toks = append(toks, token{kind: star})
			}
			start = i + 1
		case c == '?' && lang.wildcards:
			flush(i)
			toks = append(toks, token{kind: question})
			start = i + 1
		case c == '$' && lang.variables:
			v, length := parseVariable(text[i:])
			if length == 0 {
				break
			}
			n = length
			flush(i)
			start = i + n
			if v.fixed != "" {
				toks = append(toks, token{kind: literal, text: v.fixed})
			} else {
				toks = append(toks, token{kind: variable, text: v.def, hasDef: v.hasDef, key: slot(v.key)})
			}
		}
		i += n
	}
	flush(len(text))
	return toks
}

// reference is a policy variable as written.
type reference struct {
	key    string
	def    string
	hasDef bool
	fixed  string // "*", "?" or "$" for ${*}, ${?} and ${$}
}

// parseVariable reads the variable at the start of text, which begins with
// "$", and its length; 0 when there is no well-formed one.
func parseVariable(text string) (reference, int) {
	if !strings.HasPrefix(text, "${") {
		return reference{}, 0
	}
	end := strings.IndexAny(text[2:], "}, '\"{$")
	if end < 0 {
		return reference{}, 0
	}
	key := text[2 : 2+end]
	rest := text[2+end:]
	switch {
	case key == "" && strings.HasPrefix(rest, "$}"):
		return reference{fixed: "$"}, len("${$}")
	case key == "":
		return reference{}, 0
	case rest[0] == '}' && (key == "*" || key == "?"):
		return reference{fixed: key}, len("${*}")
	case strings.ContainsAny(key, "*?"):
		return reference{}, 0
	case rest[0] == '}':
		return reference{key: key}, 2 + end + 1
	}
	def, ok := strings.CutPrefix(rest, ", '")
	if !ok {
		return reference{}, 0
	}
	quote := strings.IndexByte(def, '\'')
	if quote < 0 || !strings.HasPrefix(def[quote:], "'}") {
		return reference{}, 0
	}
	return reference{key: key, def: def[:quote], hasDef: true}, 2 + end + len(", '") + quote + len("'}")
}
