package cover

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/awsposture/posture/detective/trail"
)

// build chooses a value for every cell such that members and the objects that
// hold them agree, and writes the witness.
func (s *solver) build() bool {
	var cells []*cell
	for _, c := range s.cells {
		if len(c.lits) > 0 {
			cells = append(cells, c)
		}
	}
	slices.SortFunc(cells, func(a, b *cell) int {
		if n := len(a.path.Steps()) - len(b.path.Steps()); n != 0 {
			return n
		}
		return strings.Compare(cellKey(a.path), cellKey(b.path))
	})
	picked := map[string]string{}
	if !s.pick(cells, picked) {
		return false
	}
	w := &object{}
	for _, c := range cells {
		if v := picked[cellKey(c.path)]; v != "" {
			w.put(c.path.Steps(), v)
		}
	}
	for _, f := range [][2]string{
		{"eventVersion", `"1.11"`},
		{"eventTime", `"2026-01-01T00:00:00Z"`},
		{"eventSource", `"example.amazonaws.com"`},
		{"eventName", `"ExampleCall"`},
		{"awsRegion", `"us-east-1"`},
		{"eventType", `"AwsApiCall"`},
		{"eventID", `"00000000-0000-4000-8000-000000000000"`},
	} {
		if _, ok := picked[f[0]]; !ok {
			w.put([]trail.Step{{Key: f[0]}}, f[1])
		}
	}
	s.witness = w.append(nil)
	return true
}

// pick tries the cells' choices in turn; parents come before their members.
func (s *solver) pick(cells []*cell, picked map[string]string) bool {
	if len(cells) == 0 {
		return true
	}
	if s.steps--; s.steps < 0 {
		return s.giveUp("the search was too long")
	}
	c := cells[0]
	key := cellKey(c.path)
	values, _ := c.choices()
	for _, v := range values {
		if v != "" && !parentsAllow(key, picked) {
			continue
		}
		picked[key] = v
		if s.pick(cells[1:], picked) {
			return true
		}
		delete(picked, key)
	}
	return false
}

func parentsAllow(key string, picked map[string]string) bool {
	for p, v := range picked {
		if strings.HasPrefix(key, p) && len(key) > len(p) && (key[len(p)] == '.' || key[len(p)] == '[') && v != "{}" {
			return false
		}
	}
	return true
}

// object is JSON under construction.
type object struct {
	keys  []string
	kids  map[string]*object
	elems []*object // of an array
	array bool
	leaf  string
}

func (o *object) put(steps []trail.Step, value string) {
	if len(steps) == 0 {
		if value != "{}" {
			o.leaf = value
		}
		return
	}
	st := steps[0]
	switch {
	case st.Any == trail.AnyElement:
		o.array = true
		for _, v := range splitValues(value) {
			el := &object{}
			el.put(steps[1:], v)
			o.elems = append(o.elems, el)
		}
	case st.IsIndex:
		o.array = true
		for len(o.elems) <= st.Index {
			o.elems = append(o.elems, &object{})
		}
		o.elems[st.Index].put(steps[1:], value)
	case st.Any == trail.AnyMember:
		for i, v := range splitValues(value) {
			o.kid("member"+string(rune('a'+i%26))).put(steps[1:], v)
		}
	default:
		o.kid(st.Key).put(steps[1:], value)
	}
}

func (o *object) kid(key string) *object {
	if o.kids[key] == nil {
		if o.kids == nil {
			o.kids = map[string]*object{}
		}
		o.kids[key] = &object{}
		o.keys = append(o.keys, key)
	}
	return o.kids[key]
}

// splitValues takes apart the values that a cell of many joined.
func splitValues(joined string) []string {
	var raw []json.RawMessage
	if json.Unmarshal([]byte("["+joined+"]"), &raw) != nil {
		return []string{joined}
	}
	var out []string
	for _, r := range raw {
		out = append(out, string(r))
	}
	return out
}

func (o *object) append(b []byte) []byte {
	switch {
	case o.leaf != "":
		return append(b, o.leaf...)
	case o.array:
		b = append(b, '[')
		for i, el := range o.elems {
			if i > 0 {
				b = append(b, ',')
			}
			b = el.append(b)
		}
		return append(b, ']')
	}
	b = append(b, '{')
	for i, k := range o.keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, quote(k)...), ':')
		b = o.kids[k].append(b)
	}
	return append(b, '}')
}
