package cover

import (
	"encoding/binary"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// Text tests are regular languages. The shortest text that meets all of them
// is found by breadth-first search in the product of their automata, which are
// run as sets of states of the compiled expressions.

// language is one test: its texts are accepted when want is true.
type language struct {
	prog *syntax.Prog
	want bool
}

// pattern is the regular expression of an atom's test; ok is false for tests
// that are no regular language here.
func pattern(a *rule.Atom) (string, bool) {
	var alts []string
	for _, t := range a.Texts {
		q := regexp.QuoteMeta(t)
		switch a.Op {
		case rule.OpIn:
			q = `\A` + q + `\z`
		case rule.OpPrefix:
			q = `\A` + q
		case rule.OpSuffix:
			q += `\z`
		case rule.OpContains:
		case rule.OpRegexp:
			q = t
		case rule.OpGlob:
			q = globPattern(t)
		default:
			return "", false
		}
		alts = append(alts, "(?:"+q+")")
	}
	flags := "(?s)"
	if a.Op == rule.OpRegexp {
		flags = ""
	}
	if a.Fold {
		flags += "(?i)"
	}
	return flags + "(?:" + strings.Join(alts, "|") + ")", len(alts) > 0
}

func globPattern(g string) string {
	var b strings.Builder
	b.WriteString(`\A`)
	for i := 0; i < len(g); i++ {
		switch {
		case g[i] == '\\' && i+1 < len(g) && strings.IndexByte(`*?\`, g[i+1]) >= 0:
			i++
			b.WriteString(regexp.QuoteMeta(g[i : i+1]))
		case g[i] == '*':
			b.WriteString(".*")
		case g[i] == '?':
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(g[i : i+1]))
		}
	}
	return b.String() + `\z`
}

func newLanguage(expr string, want bool) language {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return language{}
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return language{}
	}
	return language{prog, want}
}

// shortest finds a text that meets all text tests on values of kind k, and the
// extra languages. Tests that are no regular language are left out: what is
// found must be tried on them. undecided is true when none was found and that
// proves nothing.
func shortest(lits []lit, k trail.Kind, extra []language) (text string, ok, undecided bool) {
	langs := slices.Clone(extra)
	for _, l := range lits {
		if !applies(l.a, k) || l.a.Op == rule.OpHas {
			// Its truth on this kind does not depend on the text.
			if (applies(l.a, k) && !l.a.Neg) != l.yes {
				return "", false, false
			}
			continue
		}
		p, regular := pattern(l.a)
		if !regular {
			continue
		}
		lang := newLanguage(p, l.yes != l.a.Neg)
		if lang.prog == nil {
			return "", false, true
		}
		langs = append(langs, lang)
	}
	return search(langs)
}

// threads is the set of program counters of one language; matched is set once
// an unanchored expression was found.
type threads struct {
	pcs     []uint32
	matched bool
}

func closure(p *syntax.Prog, pcs []uint32, flag syntax.EmptyOp) threads {
	var t threads
	seen := map[uint32]bool{}
	var visit func(pc uint32)
	visit = func(pc uint32) {
		if seen[pc] {
			return
		}
		seen[pc] = true
		switch in := &p.Inst[pc]; in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			visit(in.Out)
			visit(in.Arg)
		case syntax.InstCapture, syntax.InstNop:
			visit(in.Out)
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(in.Arg)&^flag == 0 {
				visit(in.Out)
			} else {
				t.pcs = append(t.pcs, pc) // may hold at the end of the text
			}
		case syntax.InstMatch:
			t.matched = true
		case syntax.InstFail:
		default:
			t.pcs = append(t.pcs, pc)
		}
	}
	for _, pc := range pcs {
		visit(pc)
	}
	slices.Sort(t.pcs)
	return t
}

const (
	atBegin = syntax.EmptyBeginText | syntax.EmptyBeginLine
	atEnd   = syntax.EmptyEndText | syntax.EmptyEndLine
)

type state struct {
	at   []threads
	from int
	by   rune
}

func search(langs []language) (text string, ok, overflow bool) {
	for _, l := range langs {
		for _, in := range l.prog.Inst {
			if in.Op == syntax.InstEmptyWidth && syntax.EmptyOp(in.Arg)&(syntax.EmptyWordBoundary|syntax.EmptyNoWordBoundary) != 0 {
				return "", false, true
			}
		}
	}
	alphabet := representatives(langs)
	start := state{from: -1}
	for _, l := range langs {
		start.at = append(start.at, closure(l.prog, []uint32{uint32(l.prog.Start)}, atBegin))
	}
	queue := []state{start}
	seen := map[string]bool{key(start.at): true}
	for i := 0; i < len(queue); i++ {
		if accepts(langs, queue[i]) {
			var rs []rune
			for j := i; queue[j].from >= 0; j = queue[j].from {
				rs = append(rs, queue[j].by)
			}
			slices.Reverse(rs)
			return string(rs), true, false
		}
		for _, r := range alphabet {
			next := state{from: i, by: r}
			for k, l := range langs {
				next.at = append(next.at, step(l.prog, queue[i].at[k], r))
			}
			if id := key(next.at); !seen[id] {
				if len(seen) >= maxStates {
					return "", false, true
				}
				seen[id] = true
				queue = append(queue, next)
			}
		}
	}
	return "", false, false
}

func step(p *syntax.Prog, t threads, r rune) threads {
	if t.matched {
		return threads{matched: true}
	}
	next := []uint32{uint32(p.Start)} // the expression may begin anywhere
	for _, pc := range t.pcs {
		if in := &p.Inst[pc]; in.Op != syntax.InstEmptyWidth && in.MatchRune(r) {
			next = append(next, in.Out)
		}
	}
	return closure(p, next, 0)
}

func accepts(langs []language, s state) bool {
	for k, l := range langs {
		t := s.at[k]
		got := t.matched
		if !got {
			flag := syntax.EmptyOp(atEnd)
			if s.from < 0 {
				flag |= atBegin
			}
			got = closure(l.prog, append([]uint32{}, t.pcs...), flag).matched
		}
		if got != l.want {
			return false
		}
	}
	return true
}

func key(ts []threads) string {
	var b []byte
	for _, t := range ts {
		if t.matched {
			b = append(b, 1)
		}
		for _, pc := range t.pcs {
			b = binary.LittleEndian.AppendUint16(b, uint16(pc))
		}
		b = append(b, 0xff, 0xff)
	}
	return string(b)
}

// representatives picks one character of each class that no expression can
// tell apart, a letter or digit where there is one.
func representatives(langs []language) []rune {
	cuts := []rune{0, ' ', '0', '9' + 1, 'A', 'Z' + 1, 'a', 'z' + 1, 0x7f, 0xd800, 0xe000}
	for _, l := range langs {
		for _, in := range l.prog.Inst {
			switch in.Op {
			case syntax.InstRune1, syntax.InstRune:
				rs := in.Rune
				if len(rs) == 1 {
					rs = []rune{rs[0], rs[0]}
					if syntax.Flags(in.Arg)&syntax.FoldCase != 0 {
						for f := unicode.SimpleFold(rs[0]); f != rs[0]; f = unicode.SimpleFold(f) {
							rs = append(rs, f, f)
						}
					}
				}
				for i := 0; i+1 < len(rs); i += 2 {
					cuts = append(cuts, rs[i], rs[i+1]+1)
				}
			case syntax.InstRuneAnyNotNL:
				cuts = append(cuts, '\n', '\n'+1)
			}
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var nice, odd []rune
	for _, r := range cuts {
		switch {
		case r > unicode.MaxRune || r >= 0xd800 && r < 0xe000 || !utf8.ValidRune(r):
		case r > ' ' && r < 0x7f:
			nice = append(nice, r)
		default:
			odd = append(odd, r)
		}
	}
	return append(nice, odd...)
}
