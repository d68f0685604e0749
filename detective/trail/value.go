package trail

import (
	"bytes"
	"strconv"
)

// Kind is what a JSON value is..
type Kind uint8

// The kinds of a value. The zero value is a member that is not there.
const (
	KindAbsent Kind = iota
	KindNull
	KindFalse
	KindTrue
	KindNumber
	KindString
	KindObject
	KindArray
)

// Value is one JSON value inside an event, as written. It shares the event's
// memory and is valid as long as the event is.
type Value struct{ raw []byte }

// Raw is the value's JSON text as written in the record; nil when absent.
func (v Value) Raw() []byte { return v.raw }

// Kind tells what the value is.
func (v Value) Kind() Kind {
	if len(v.raw) == 0 {
		return KindAbsent
	}
	switch v.raw[0] {
	case '"':
		return KindString
	case '{':
		return KindObject
	case '[':
		return KindArray
	case 't':
		return KindTrue
	case 'f':
		return KindFalse
	case 'n':
		return KindNull
	}
	return KindNumber
}

// Text is the value as text: a string without quotes and escapes, a number or
// boolean as written, a container as compact JSON. Null and absent are "".
func (v Value) Text() string {
	if v.Kind() == KindNull {
		return ""
	}
	return string(v.AppendText(nil))
}

// Bytes is the same as Text without a copy where none is needed: scratch is
// used only for values that hold escapes or, in containers, white space.
// It returns the text and the scratch to use next time.
func (v Value) Bytes(scratch []byte) (text, next []byte) {
	switch v.Kind() {
	case KindAbsent, KindNull:
		return nil, scratch
	case KindString:
		inner := v.raw[1 : len(v.raw)-1]
		if bytes.IndexByte(inner, '\\') < 0 {
			return inner, scratch
		}
	case KindObject, KindArray:
	default:
		return v.raw, scratch
	}
	scratch = v.AppendText(scratch[:0])
	return scratch, scratch
}

// AppendText appends the value's text to dst.
func (v Value) AppendText(dst []byte) []byte {
	switch v.Kind() {
	case KindAbsent:
		return dst
	case KindString:
		inner := v.raw[1 : len(v.raw)-1]
		if bytes.IndexByte(inner, '\\') < 0 {
			return append(dst, inner...)
		}
		return appendUnescaped(dst, inner)
	case KindObject, KindArray:
		return appendCompact(dst, v.raw)
	}
	return append(dst, v.raw...)
}

// Float is the value as a number: a JSON number, or a string that spells one.
func (v Value) Float() (float64, bool) {
	switch v.Kind() {
	case KindNumber:
		f, err := strconv.ParseFloat(string(v.raw), 64)
		return f, err == nil
	case KindString:
		s := v.Text()
		if s == "" || !(s[0] == '-' || s[0] == '+' || s[0] == '.' || s[0] >= '0' && s[0] <= '9') {
			return 0, false
		}
		for i := range len(s) { // no hex, no underscores, no infinities
			if c := s[i]; !(c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E') {
				return 0, false
			}
		}
		f, err := strconv.ParseFloat(s, 64)
		return f, err == nil
	}
	return 0, false
}

// Is reports whether the value's text is s: the boolean true and the string
// "true" are the same, because CloudTrail writes both for one parameter.
func (v Value) Is(s string) bool {
	k := v.Kind()
	return k != KindAbsent && k != KindNull && k != KindObject && k != KindArray && v.Text() == s
}

// Member is the value of the first member with exactly this key.
func (v Value) Member(key string) Value {
	if v.Kind() != KindObject {
		return Value{}
	}
	for i := 1; ; {
		k, m, next, done, ok := member(v.raw, i)
		if done || !ok {
			return Value{}
		}
		if (Key{v.raw[k.off:k.end]}).is(key) {
			return Value{v.raw[m.off:m.end]}
		}
		i = next
	}
}

// Key is a member's key as written between its quotes.
type Key struct{ raw []byte }

func (k Key) is(s string) bool {
	if string(k.raw) == s {
		return true
	}
	// What is escaped is longer than what it stands for.
	return len(k.raw) > len(s) && bytes.IndexByte(k.raw, '\\') >= 0 && string(appendUnescaped(nil, k.raw)) == s
}

// String is the key without escapes.
func (k Key) String() string { return string(appendUnescaped(nil, k.raw)) }

// Members ranges over the members of an object in the order written.
func (v Value) Members(yield func(Key, Value) bool) {
	if v.Kind() != KindObject {
		return
	}
	i := 1
	for {
		k, m, next, done, ok := member(v.raw, i)
		if done || !ok {
			return
		}
		if !yield(Key{v.raw[k.off:k.end]}, Value{v.raw[m.off:m.end]}) {
			return
		}
		i = next
	}
}

// Elements ranges over the elements of an array. Any other value that is
// there counts as a list of one, because CloudTrail writes one-element lists
// of some APIs as the element itself.
func (v Value) Elements(yield func(Value) bool) {
	switch v.Kind() {
	case KindAbsent, KindNull:
		return
	case KindArray:
	default:
		yield(v)
		return
	}
	i := space(v.raw, 1)
	for i < len(v.raw) && v.raw[i] != ']' {
		j := valueEnd(v.raw, i)
		if j < 0 {
			return
		}
		if !yield(Value{v.raw[i:j]}) {
			return
		}
		if i = space(v.raw, j); i < len(v.raw) && v.raw[i] == ',' {
			i = space(v.raw, i+1)
		} else {
			return
		}
	}
}

// JSON makes a value of JSON text, which must be a single value.
func JSON(text []byte) (Value, bool) {
	i := space(text, 0)
	j := valueEnd(text, i)
	if j < 0 || space(text, j) != len(text) {
		return Value{}, false
	}
	return Value{text[i:j]}, true
}

// appendCompact drops the white space outside strings.
func appendCompact(dst, src []byte) []byte {
	for i := 0; i < len(src); {
		switch c := src[i]; c {
		case '"':
			j := stringEnd(src, i+1)
			if j < 0 {
				return append(dst, src[i:]...)
			}
			dst = append(dst, src[i:j+1]...)
			i = j + 1
		case ' ', '\n', '\r', '\t':
			i++
		default:
			dst = append(dst, c)
			i++
		}
	}
	return dst
}
