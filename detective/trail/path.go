package trail

import (
	"fmt"
	"strings"
)

// Path leads from a record to values in it.
//
// A path of [P] is read the way people write them: it crosses arrays, meaning
// any element, and a key may itself contain dots (nested keys are tried
// first). A path of [Strict] takes every step literally: arrays are crossed
// only where a step says so.
type Path struct {
	steps  []Step
	text   string
	strict bool
	hot    Hot
	below  int // steps that hot already took
}

// Step is one step of a strict path: a key, an index, or any child.
type Step struct {
	Key     string
	Index   int
	IsIndex bool
	Any     AnyStep
}

// AnyStep is a wildcard step.
type AnyStep uint8

// The wildcard steps.
const (
	NotAny     AnyStep = iota
	AnyElement         // [*]
	AnyMember          // .*
)

// P is the path of keys joined by dots, for example
// "requestParameters.bucketName". "" is the record itself.
func P(dotted string) Path {
	p := Path{text: dotted}
	if dotted != "" {
		for _, k := range strings.Split(dotted, ".") {
			p.steps = append(p.steps, Step{Key: k})
		}
	}
	p.heat()
	return p
}

// Strict is the path of literal steps.
func Strict(steps ...Step) Path {
	p := Path{steps: steps, strict: true}
	var b strings.Builder
	b.WriteByte('$')
	for _, s := range steps {
		switch {
		case s.Any == AnyElement:
			b.WriteString("[*]")
		case s.Any == AnyMember:
			b.WriteString(".*")
		case s.IsIndex:
			fmt.Fprintf(&b, "[%d]", s.Index)
		case plainName(s.Key):
			b.WriteByte('.')
			b.WriteString(s.Key)
		default:
			b.WriteString("['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s.Key) + "']")
		}
	}
	p.text = b.String()
	p.heat()
	return p
}

func plainName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c == '_' || c == '-' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z') {
			return false
		}
	}
	return s != ""
}

// heat finds the hot member that the path begins with.
func (p *Path) heat() {
	isKey := func(i int) bool {
		return i < len(p.steps) && p.steps[i].Any == NotAny && !p.steps[i].IsIndex
	}
	for isKey(p.below) && hotObjects[p.hot] != nil {
		h := hotObjects[p.hot].lookup([]byte(p.steps[p.below].Key))
		if h == hotNone {
			return
		}
		p.hot = h
		p.below++
	}
}

// String is the path as it was written; strict paths begin with "$".
func (p Path) String() string { return p.text }

// IsStrict reports whether the path was made by Strict.
func (p Path) IsStrict() bool { return p.strict }

// Steps are the path's steps; do not change them.
func (p Path) Steps() []Step { return p.steps }

// Get is the first value at the path, absent when there is none.
func (e *Event) Get(p Path) Value {
	var buf [8]Value
	if vs := e.AppendValues(buf[:0], &p); len(vs) > 0 {
		return vs[0]
	}
	return Value{}
}

// AppendText appends the text of the value at a path of which [InScan] is
// true, nothing when that is absent, null or a container.
func (e *Event) AppendText(dst []byte, p *Path) []byte { return e.appendText1(dst, p.hot) }

// Plain is the text at a path, in the record itself, when the first pass saw a
// string without escapes there; ok only then.
func (e *Event) Plain(p *Path) (text []byte, ok bool) {
	if p.below != len(p.steps) || e.plain>>p.hot&1 == 0 {
		return nil, false
	}
	s := e.hot[p.hot]
	return e.text[s.off+1 : s.end-1 : len(e.text)], true
}

// Scalar is the one value at a path of which [InScan] is true, absent when
// there is none. ok is false where there may be more, as in an array:
// [Event.AppendValues] finds them.
func (e *Event) Scalar(p *Path) (v Value, ok bool) {
	v = e.at(p.hot)
	if p.hot >= hUIType && (e.uiOdd || e.uiDots && len(v.raw) == 0) {
		return v, false
	}
	return v, len(v.raw) == 0 || v.raw[0] != '['
}

// AppendValues appends all values at the path. Where a path of P ends at an
// array, the array comes first and then its elements, all the way down.
func (e *Event) AppendValues(dst []Value, p *Path) []Value {
	if p.hot == hotNone || p.hot >= hUIType && e.uiOdd {
		root := Value{e.text}
		if p.strict || len(p.steps) == 0 || len(e.text) == 0 {
			return root.AppendValues(dst, p)
		}
		// No top-level member of a record has a dot in its name.
		return root.first(dst, p.steps)
	}
	v := e.at(p.hot)
	if !p.strict && p.hot >= hUIType && (p.below < len(p.steps) || len(v.raw) == 0 && e.uiDots) {
		// A key of userIdentity may hold the dots itself.
		return e.at(hUserIdentity).loose(dst, p.steps[1:])
	}
	if len(v.raw) == 0 {
		return dst
	}
	if p.strict {
		return v.strict(dst, p.steps[p.below:])
	}
	return v.loose(dst, p.steps[p.below:])
}

// AppendValues is the same as Event.AppendValues, from a value inside a record.
func (v Value) AppendValues(dst []Value, p *Path) []Value {
	if len(v.raw) == 0 {
		return dst
	}
	if p.strict {
		return v.strict(dst, p.steps)
	}
	return v.loose(dst, p.steps)
}

func (v Value) first(dst []Value, steps []Step) []Value {
	if v.Kind() == KindArray {
		for el := range v.Elements {
			dst = el.first(dst, steps)
		}
		return dst
	}
	if m := v.Member(steps[0].Key); len(m.raw) != 0 {
		dst = m.loose(dst, steps[1:])
	}
	return dst
}

func (v Value) loose(dst []Value, steps []Step) []Value {
	switch v.Kind() {
	case KindArray:
		if len(steps) == 0 {
			dst = append(dst, v)
		}
		for el := range v.Elements {
			dst = el.loose(dst, steps)
		}
		return dst
	case KindObject:
	default:
		if len(steps) == 0 {
			dst = append(dst, v)
		}
		return dst
	}
	if len(steps) == 0 {
		return append(dst, v)
	}
	n := len(dst)
	key := steps[0].Key
	for i := 1; i <= len(steps); i++ {
		if m := v.Member(key); len(m.raw) != 0 {
			if dst = m.loose(dst, steps[i:]); len(dst) > n {
				return dst
			}
		}
		if i < len(steps) {
			key += "." + steps[i].Key
		}
	}
	return dst
}

func (v Value) strict(dst []Value, steps []Step) []Value {
	if len(steps) == 0 {
		return append(dst, v)
	}
	s := steps[0]
	switch {
	case s.Any == AnyElement:
		if v.Kind() == KindArray {
			for el := range v.Elements {
				dst = el.strict(dst, steps[1:])
			}
		}
	case s.Any == AnyMember:
		for _, m := range v.Members {
			dst = m.strict(dst, steps[1:])
		}
	case s.IsIndex:
		if v.Kind() == KindArray {
			i := 0
			for el := range v.Elements {
				if i == s.Index {
					return el.strict(dst, steps[1:])
				}
				i++
			}
		}
	default:
		if m := v.Member(s.Key); len(m.raw) != 0 {
			return m.strict(dst, steps[1:])
		}
	}
	return dst
}
