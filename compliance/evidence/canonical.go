package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// canonical is the one way in which a value of this package is written:
// encoding/json's order of members, no space, nothing escaped for HTML. Values of
// this package always encode.
func canonical(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

var errNotCanonical = errors.New("not written as this package writes it")

// decodeCanonical reads what canonical wrote, and nothing else: no unknown or
// repeated member, no other spelling of the same value.
func decodeCanonical(b []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("more than one JSON value")
	}
	if !bytes.Equal(canonical(v), b) {
		return errNotCanonical
	}
	return nil
}

// sortedJSON is b without what an encoder is free to choose, b where it is not JSON.
func sortedJSON(b []byte) []byte {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var tree any
	if dec.Decode(&tree) != nil {
		return b
	}
	if _, err := dec.Token(); err != io.EOF {
		return b
	}
	return canonical(tree)
}
