package trailtest

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/awsposture/posture/detective/trail"
)

// doc is a decoded JSON value. Members keep their order, the first of two
// equal keys wins.
type doc struct {
	kind    trail.Kind
	text    string // scalars: the text; containers: compact JSON
	keys    []string
	members map[string]*doc
	elems   []*doc
	root    bool // the record itself, whose members' names hold no dots
}

// decode uses encoding/json's tokens, so that its idea of strings, numbers and
// nesting is not the scanner's.
func decode(data []byte) (*doc, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return decodeValue(dec, data)
}

func decodeValue(dec *json.Decoder, data []byte) (*doc, error) {
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	end := dec.InputOffset()
	switch tok := tok.(type) {
	case nil:
		return &doc{kind: trail.KindNull}, nil
	case bool:
		if tok {
			return &doc{kind: trail.KindTrue, text: "true"}, nil
		}
		return &doc{kind: trail.KindFalse, text: "false"}, nil
	case json.Number:
		return &doc{kind: trail.KindNumber, text: tok.String()}, nil
	case string:
		return &doc{kind: trail.KindString, text: tok}, nil
	case json.Delim:
		d := &doc{kind: trail.KindArray}
		if tok == '{' {
			d.kind, d.members = trail.KindObject, map[string]*doc{}
		}
		for dec.More() {
			if d.kind == trail.KindArray {
				el, err := decodeValue(dec, data)
				if err != nil {
					return nil, err
				}
				d.elems = append(d.elems, el)
				continue
			}
			k, err := dec.Token()
			if err != nil {
				return nil, err
			}
			m, err := decodeValue(dec, data)
			if err != nil {
				return nil, err
			}
			if key := k.(string); d.members[key] == nil {
				d.members[key] = m
				d.keys = append(d.keys, key)
			}
		}
		if _, err := dec.Token(); err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := json.Compact(&b, data[end-1:dec.InputOffset()]); err != nil {
			return nil, err
		}
		d.text = b.String()
		return d, nil
	}
	return nil, err
}

// find lists the values at a dotted path below d, in no particular order.
func (d *doc) find(keys []string, top bool) []*doc {
	if d.kind == trail.KindArray {
		var out []*doc
		if len(keys) == 0 {
			out = append(out, d)
		}
		for _, el := range d.elems {
			out = append(out, el.find(keys, top)...)
		}
		return out
	}
	if len(keys) == 0 {
		return []*doc{d}
	}
	for i := 1; i <= len(keys); i++ {
		if m := d.members[strings.Join(keys[:i], ".")]; m != nil {
			if out := m.find(keys[i:], false); len(out) > 0 {
				return out
			}
		}
		if top {
			break
		}
	}
	return nil
}

func (d *doc) strict(steps []trail.Step) []*doc {
	if len(steps) == 0 {
		return []*doc{d}
	}
	var out []*doc
	s, rest := steps[0], steps[1:]
	switch {
	case s.Any == trail.AnyElement:
		for _, el := range d.elems {
			out = append(out, el.strict(rest)...)
		}
	case s.Any == trail.AnyMember:
		for _, k := range d.keys {
			out = append(out, d.members[k].strict(rest)...)
		}
	case s.IsIndex:
		if s.Index < len(d.elems) {
			out = d.elems[s.Index].strict(rest)
		}
	default:
		if m := d.members[s.Key]; m != nil {
			out = m.strict(rest)
		}
	}
	return out
}

func (d *doc) at(p trail.Path) []*doc {
	if p.IsStrict() {
		return d.strict(p.Steps())
	}
	var keys []string
	for _, s := range p.Steps() {
		keys = append(keys, s.Key)
	}
	return d.find(keys, d.root)
}
