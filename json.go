package posture

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// marshal is json.Marshal without the escaping of <, > and &, which AWS
// documents are full of.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// canonical is one byte sequence for one value: members sorted, no space, and
// no member that is null or an empty list, so that a nil and an empty slice are
// one.
func canonical(v any) ([]byte, error) {
	b, err := marshal(v)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber() // integers beyond 2^53 keep their digits
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return nil, err
	}
	return marshal(pruned(tree))
}

func pruned(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, m := range v {
			if list, isList := m.([]any); m == nil || isList && len(list) == 0 {
				delete(v, k)
				continue
			}
			v[k] = pruned(m)
		}
	case []any:
		for i := range v {
			v[i] = pruned(v[i])
		}
	}
	return v
}

// strictly decodes b into v and refuses members that v does not have, so that
// nothing read is lost.
func strictly(b []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if dec.More() {
		return fmt.Errorf("more than one JSON value")
	}
	return nil
}
