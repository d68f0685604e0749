package posture

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// formatVersion is the version of the JSON forms of findings, results, plans
// and receipts. It rises when a reader of the old form would misread the new one.
const formatVersion = 1

// checkVersion goes before decoding, since another version may have anything
// beside its number.
func checkVersion(what string, b []byte) error {
	var v struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(b, &v); err != nil {
		return fmt.Errorf("posture: %s: %w", what, err)
	}
	if v.Version != formatVersion {
		return fmt.Errorf("posture: %s: version %d is not version %d, which this library reads", what, v.Version, formatVersion)
	}
	return nil
}

// listed is s, or the empty list that JSON readers expect where s is nil.
func listed[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// canonical is one byte sequence for one value: members sorted, no space, and
// no member that is null or an empty list, so that a nil and an empty slice are
// one. A value that is itself an empty list is null.
func canonical(v any) ([]byte, error) {
	tree, err := treeOf(v)
	if err != nil {
		return nil, err
	}
	if isEmpty(tree) {
		tree = nil
	}
	return marshal(pruned(tree))
}

// sorted is the JSON of v without what an encoder is free to choose: space,
// escapes and the order of members.
func sorted(v any) ([]byte, error) {
	tree, err := treeOf(v)
	if err != nil {
		return nil, err
	}
	return marshal(tree)
}

func treeOf(v any) (tree any, err error) {
	b, err := marshal(v)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber() // integers beyond 2^53 keep their digits
	err = dec.Decode(&tree)
	return tree, err
}

func isEmpty(v any) bool {
	list, isList := v.([]any)
	return v == nil || isList && len(list) == 0
}

func pruned(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, m := range v {
			if isEmpty(m) {
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
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	return nil
}
