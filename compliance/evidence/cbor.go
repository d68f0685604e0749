package evidence

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/smithy-go/encoding/cbor"
)

// parseCBOR reads what the Smithy RPC protocol sends.
func parseCBOR(b []byte) (document, error) {
	if len(b) == 0 {
		return document{root: &node{}, write: func() []byte { return b }}, nil
	}
	v, err := cbor.Decode(b)
	if err != nil {
		return document{}, errUnreadable
	}
	changed := false
	root := cborNode("", v, func(w cbor.Value) { v, changed = w, true }, &changed)
	return document{root: root, write: func() []byte {
		if !changed {
			return b
		}
		return cbor.Encode(v)
	}}, nil
}

// cborNode makes the node of v; set puts another value in v's place.
func cborNode(name string, v cbor.Value, set func(cbor.Value), changed *bool) *node {
	n := &node{name: name}
	put := func(w cbor.Value) { set(w); *changed = true }
	switch v := v.(type) {
	case cbor.String:
		n.leaf, n.text, n.set = true, string(v), func(text string) { put(cbor.String(text)) }
	case cbor.Slice:
		n.leaf, n.text, n.set = true, string(v), func(text string) { put(cbor.Slice(text)) }
	case cbor.List:
		for i := range v {
			kid := cborNode(name, v[i], func(w cbor.Value) { v[i] = w }, changed)
			kid.item = true
			n.kids = append(n.kids, kid)
		}
	case cbor.Map:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			n.kids = append(n.kids, cborNode(k, v[k], func(w cbor.Value) { v[k] = w }, changed))
		}
	case *cbor.Tag:
		n.kids = []*node{cborNode(name, v.Value, func(w cbor.Value) { v.Value = w }, changed)}
	}
	return n
}

// cborPlain is v as encoding/json can write it, for comparing: CBOR's maps have
// no order.
func cborPlain(v cbor.Value) any {
	switch v := v.(type) {
	case cbor.List:
		list := make([]any, len(v))
		for i := range v {
			list[i] = cborPlain(v[i])
		}
		return list
	case cbor.Map:
		m := make(map[string]any, len(v))
		for k := range v {
			m[k] = cborPlain(v[k])
		}
		return m
	case *cbor.Tag:
		return map[string]any{fmt.Sprintf("tag %d", v.ID): cborPlain(v.Value)}
	case cbor.Slice:
		return "bytes " + base64.StdEncoding.EncodeToString(v)
	case cbor.String:
		return "text " + string(v)
	}
	return fmt.Sprintf("%T %v", v, v)
}
