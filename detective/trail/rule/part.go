package rule

import (
	"slices"

	"github.com/awsposture/posture/detective/trail"
)

// part is one of the values that a group is made of, or that are counted.
type part struct {
	what uint8
	path trail.Path
}

const (
	partPath = iota
	partScan // at a path whose value is known without a search
	partSession
	partPrincipal
)

func newPart(path string) part {
	p := part{path: trail.P(path)}
	if trail.InScan(p.path) {
		p.what = partScan
	}
	return p
}

// parts are what groups the matches of a rule.
func (w *window) parts(rule int) []part {
	if w.by[rule] == nil {
		for _, f := range w.c.GroupBy {
			if alias := w.c.Aliases[f][w.g.set.rules[rule].ID]; alias != "" {
				f = alias
			}
			p := newPart(f)
			switch f {
			case "session":
				p.what = partSession
			case "principal":
				p.what = partPrincipal
			}
			w.by[rule] = append(w.by[rule], p)
		}
	}
	return w.by[rule]
}

// keyOf makes the key of an event's group, or several when a part has several
// values.
func (w *window) keyOf(rule int, e *trail.Event) (key []byte, many [][]byte) {
	key = w.key[:0]
	parts := w.parts(rule)
	for i := range parts {
		start := len(key)
		switch p := &parts[i]; p.what {
		case partSession:
			key = append(key, w.g.session(e)...)
		case partPrincipal:
			key = append(key, w.g.principal(e)...)
		default:
			var n int
			key, n = w.appendTexts(key, e, p)
			switch {
			case n == 0:
				key = appendText(key, Missing)
			case n > 1 && many == nil:
				// From here on every value makes groups of its own.
				many = [][]byte{slices.Clone(key[:start])}
			}
		}
		if many != nil {
			many = times(many, key[start:])
			key = key[:start]
		}
	}
	w.key = key
	return key, many
}

// valsOf packs the texts that the correlation counts or computes with.
func (w *window) valsOf(e *trail.Event) []byte {
	b := w.text[:0]
	for i := range w.fields {
		from := len(b)
		var n int
		if b, n = w.appendTexts(b, e, &w.fields[i]); n > 1 {
			b = compact(b, from)
		}
		if w.c.Together && n == 0 {
			b = append(b, 0) // an empty text in its place
		}
	}
	if w.c.Together {
		b = fuse(b)
	}
	w.text = b
	return b
}

// appendTexts packs the texts at a path, n of them.
func (w *window) appendTexts(dst []byte, e *trail.Event, p *part) (_ []byte, n int) {
	if p.what == partScan {
		if t, ok := e.Plain(&p.path); ok {
			return appendShort(dst, t), 1
		}
		if v, ok := e.Scalar(&p.path); ok {
			if k := v.Kind(); k == trail.KindAbsent || k == trail.KindNull {
				return dst, 0
			}
			start := len(dst)
			return seal(v.AppendText(append(dst, 0)), start), 1
		}
	}
	w.vals = e.AppendValues(w.vals[:0], &p.path)
	for _, v := range w.vals {
		switch v.Kind() {
		case trail.KindArray, trail.KindNull:
			continue
		}
		start := len(dst)
		dst = seal(v.AppendText(append(dst, 0)), start)
		n++
	}
	return dst, n
}
