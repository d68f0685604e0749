package policy

import "strings"

// includes reports whether every text that the pattern q matches is matched by
// p, whatever the values of variables: a star of q must fall under a star of p, a
// question mark under a wildcard, a variable under itself or a star. A yes is
// always right; a no may be wrong for patterns such as "*?" and "?*", which say
// the same in two ways.
func includes(p, q []token) bool {
	ps, qs := piecesOf(p), piecesOf(q)
	// reached[i]: ps[:i] can match what was read of q.
	reached, next := make([]bool, len(ps)+1), make([]bool, len(ps)+1)
	closure := func() {
		for i := range ps {
			if reached[i] && ps[i].kind == star {
				reached[i+1] = true
			}
		}
	}
	reached[0] = true
	closure()
	for j := range qs {
		clear(next)
		for i := range ps {
			switch {
			case !reached[i]:
			case ps[i].kind == star:
				next[i] = true
			case ps[i] == qs[j], ps[i].kind == question && qs[j].kind == literal:
				next[i+1] = true
			}
		}
		reached, next = next, reached
		closure()
	}
	return reached[len(ps)]
}

// piece is one character, wildcard or variable of a pattern.
type piece struct {
	kind   tokenKind
	char   rune
	key    int32
	text   string // the default of a variable
	hasDef bool
}

func piecesOf(toks []token) []piece {
	all := make([]piece, 0, 2*len(toks))
	for i := range toks {
		t := &toks[i]
		if t.kind != literal {
			all = append(all, piece{kind: t.kind, key: t.key, text: t.text, hasDef: t.hasDef})
			continue
		}
		for _, c := range t.text {
			all = append(all, piece{kind: literal, char: c})
		}
	}
	return all
}

// globCovers is includes for patterns without variables.
func globCovers(p, q string) bool {
	plain := language{wildcards: true}
	return includes(tokenize(p, plain, nil), tokenize(q, plain, nil))
}

// resourceCovers reports whether every resource that q matches is matched by p,
// for entries of Resource of one document. It goes part by part: wildcards keep
// to their part, but for a star at its end, and one of q is under one of p there.
func (l *linter) resourceCovers(p, q string) bool {
	switch {
	case coversAll(Values(p)) || p == q:
		return true
	case coversAll(Values(q)):
		return false
	}
	return l.arnCovers(p, q, l.d.Version == Version2012)
}

// arnCovers compares the six parts, with variables in the last.
func (l *linter) arnCovers(p, q string, variables bool) bool {
	ps, qs := strings.SplitN(p, ":", 6), strings.SplitN(q, ":", 6)
	if len(ps) != 6 || len(qs) != 6 {
		return false
	}
	for i := range 5 {
		// The colon inside a variable would be taken for one of the five.
		if strings.Contains(ps[i]+qs[i], "${") || !globCovers(ps[i], qs[i]) {
			return false
		}
	}
	return l.textCovers(ps[5], qs[5], language{wildcards: true, variables: variables})
}

// textCovers is includes for two texts of the document.
func (l *linter) textCovers(p, q string, lang language) bool {
	return includes(tokenize(p, lang, l.keys.add), tokenize(q, lang, l.keys.add))
}
