// Package eventpattern reads EventBridge event patterns and compiles them to
// the rule language, so that what a rule on the event bus would match can be
// asked of a log offline.
//
// The language is that of
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
//
// EventBridge sees less than a trail: nothing above 256 kB, and read-only calls
// only by rules in the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS.
// Patterns say nothing about that.
package eventpattern

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// Pattern is a parsed event pattern. The zero Pattern matches nothing.
type Pattern struct {
	root *object
	text []byte // as parsed
	// Notes are oddities that EventBridge accepts: a key written twice (the
	// last counts), a key that holds a dot.
	Notes []string
}

// object is a level of the pattern: all fields and all alternatives hold.
type object struct {
	fields []field
	ors    [][]*object
}

type field struct {
	key  string
	obj  *object // nil for a leaf
	leaf []match
	none bool // one alternative is that the field does not exist
}

// match is one alternative of a leaf: given the path it makes the condition.
type match func(trail.Path) rule.Expr

// SyntaxError says what is wrong with a pattern and at which of its keys.
type SyntaxError struct {
	Place  string // "detail.eventName[1]"
	Reason string
}

func (e *SyntaxError) Error() string { return "eventpattern: at " + e.Place + ": " + e.Reason }

// operators cannot be keys beside or below $or.
var operators = map[string]bool{
	"prefix": true, "suffix": true, "equals-ignore-case": true, "wildcard": true,
	"numeric": true, "cidr": true, "exists": true, "anything-but": true,
}

// maxOr bounds the product of the sizes of all $or.
const maxOr = 1000

type parser struct {
	p       *Pattern
	product int
	errs    []error
}

// Parse reads a pattern. All its errors are joined, each a *SyntaxError.
func Parse(text []byte) (*Pattern, error) {
	if !json.Valid(text) {
		var x any
		return nil, &SyntaxError{"the pattern", json.Unmarshal(text, &x).Error()}
	}
	v, ok := trail.JSON(text)
	if !ok || v.Kind() != trail.KindObject {
		return nil, &SyntaxError{"the pattern", "not a JSON object"}
	}
	ps := &parser{p: &Pattern{text: bytes.Clone(text)}, product: 1}
	ps.p.root = ps.object(v, "", 0)
	if err := errors.Join(ps.errs...); err != nil {
		return nil, err
	}
	return ps.p, nil
}

func (ps *parser) fail(place, reason string) {
	if place == "" {
		place = "the pattern"
	}
	ps.errs = append(ps.errs, &SyntaxError{place, reason})
}

func (ps *parser) object(v trail.Value, place string, depth int) *object {
	o := &object{}
	if depth > 100 {
		ps.fail(place, "nested too deep")
		return o
	}
	last := map[string]trail.Value{}
	var keys []string
	for k, m := range v.Members {
		key := k.String()
		if _, ok := last[key]; ok {
			ps.p.Notes = append(ps.p.Notes, join(place, key)+": written twice, the last counts")
		} else {
			keys = append(keys, key)
		}
		last[key] = m
	}
	if len(keys) == 0 {
		ps.fail(place, "an empty object")
	}
	for _, key := range keys {
		m, at := last[key], join(place, key)
		if key == "$or" && ps.isOr(m) {
			ps.or(o, m, at, depth)
			continue
		}
		if strings.Contains(key, ".") {
			ps.p.Notes = append(ps.p.Notes, at+": a key with a dot and nested keys are taken for the same")
		}
		switch m.Kind() {
		case trail.KindObject:
			o.fields = append(o.fields, field{key: key, obj: ps.object(m, at, depth+1)})
		case trail.KindArray:
			f := field{key: key}
			i := 0
			for el := range m.Elements {
				f.none = f.none || el.Member("exists").Kind() == trail.KindFalse
				if x := ps.leaf(el, at+"["+strconv.Itoa(i)+"]"); x != nil {
					f.leaf = append(f.leaf, x)
				}
				i++
			}
			if i == 0 {
				ps.fail(at, "an empty list matches nothing")
			}
			o.fields = append(o.fields, f)
		default:
			ps.fail(at, "values must stand in a list")
		}
	}
	return o
}

func join(place, key string) string {
	if place == "" {
		return key
	}
	return place + "." + key
}

// isOr tells the operator $or from a member of that name.
func (ps *parser) isOr(v trail.Value) bool {
	if v.Kind() != trail.KindArray {
		return false
	}
	n := 0
	for el := range v.Elements {
		if el.Kind() != trail.KindObject {
			return false
		}
		for k := range el.Members {
			if operators[k.String()] {
				return false
			}
		}
		n++
	}
	return n >= 2
}

func (ps *parser) or(o *object, v trail.Value, place string, depth int) {
	var alts []*object
	for el := range v.Elements {
		alts = append(alts, ps.object(el, place+"["+strconv.Itoa(len(alts))+"]", depth+1))
	}
	if ps.product *= len(alts); ps.product > maxOr {
		ps.fail(place, fmt.Sprintf("the alternatives of all $or multiply to more than %d", maxOr))
		ps.product = 1
	}
	o.ors = append(o.ors, alts)
}
