package policy

import (
	"encoding/json"
	"fmt"
)

// Verdict is the answer to a request. The zero value is a refusal.
type Verdict uint8

// The verdicts.
const (
	ImplicitDeny Verdict = iota // nothing allowed it, or a limiting layer did not
	ExplicitDeny                // a Deny statement applied
	Allow
	// Undetermined: the answer depends on a condition key that the request
	// declares unknown. It is not a permission.
	Undetermined
)

var verdictNames = [...]string{"implicit deny", "explicit deny", "allow", "undetermined"}

// String returns the verdict in words.
func (v Verdict) String() string { return verdictNames[v&3] }

// MarshalText writes the verdict in words.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Decision is the answer to one request.
type Decision struct {
	Verdict Verdict `json:"verdict"`
	// Layer that refused; LayerNone when allowed. Of several, the first in the
	// order of the constants.
	Layer Layer `json:"layer"`
	// Level of the organization that refused, from 0 for the first one given;
	// only for LayerSCP and LayerRCP.
	Level int `json:"level,omitempty"`
	// Missing are all layers whose permission would have to be added for an
	// Allow, when Layer is one that grants or limits the caller.
	Missing Layers `json:"missing,omitempty"`
	// Statement that denied, for ExplicitDeny: the first one in the order of
	// the layers and of the documents.
	Statement StatementRef `json:"statement,omitzero"`
	// Err says why the request is malformed; it is then refused.
	Err *RequestError `json:"-"`
}

// Allowed reports whether the request is certainly allowed.
func (d Decision) Allowed() bool { return d.Verdict == Allow }

// String returns the verdict with the layer: "implicit deny (scp, level 1)".
func (d Decision) String() string {
	switch {
	case d.Err != nil:
		return d.Verdict.String() + " (" + d.Err.Error() + ")"
	case d.Layer == LayerSCP || d.Layer == LayerRCP:
		return fmt.Sprintf("%s (%s, level %d)", d.Verdict, d.Layer, d.Level)
	case d.Layer != LayerNone:
		return fmt.Sprintf("%s (%s)", d.Verdict, d.Layer)
	}
	return d.Verdict.String()
}

// StatementRef is a statement of a document. The zero value is none.
type StatementRef struct {
	Policy *Document
	Index  int
}

// MarshalJSON writes the name of the policy and the index, Sid and place of the statement.
func (r StatementRef) MarshalJSON() ([]byte, error) {
	if r.Policy == nil {
		return []byte("null"), nil
	}
	s := &r.Policy.Statements[r.Index]
	return json.Marshal(struct {
		Policy string `json:"policy,omitempty"`
		Index  int    `json:"index"`
		Sid    string `json:"sid,omitempty"`
		Pos    Pos    `json:"pos"`
	}{r.Policy.Name, r.Index, s.Sid, s.Pos})
}

// Layers is a set of layers.
type Layers uint16

// Has reports whether the set holds the layer.
func (ls Layers) Has(l Layer) bool { return ls&(1<<l) != 0 }

// List returns the layers in order.
func (ls Layers) List() []Layer {
	var list []Layer
	for l := LayerNone; int(l) < len(layerNames); l++ {
		if ls.Has(l) {
			list = append(list, l)
		}
	}
	return list
}

// String returns the layers in order, separated by commas.
func (ls Layers) String() string {
	s := ""
	for i, l := range ls.List() {
		if i > 0 {
			s += ", "
		}
		s += l.String()
	}
	return s
}

// MarshalText writes the set as String does.
func (ls Layers) MarshalText() ([]byte, error) { return []byte(ls.String()), nil }
