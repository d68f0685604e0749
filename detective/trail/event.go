package trail

import (
	"bytes"
	"errors"
	"fmt"
)

// Event is one CloudTrail record: spans into its JSON text, found in one pass
// and decoded only when asked. An event that an iterator yields is valid until
// the next one; [Event.Clone] keeps it. The zero Event has no members.
//
// Keys are matched exactly, and of two equal keys the first counts
// ([Event.Duplicate] tells): decoders that fold case or let the last key win
// can be shown another event than the one CloudTrail recorded.
type Event struct {
	text   []byte
	hot    [numHot]span
	plain  uint64 // those hot members that are strings without escapes, as far as known
	dup    Hot    // the first known member seen twice, hotNone if none
	uiOdd  bool
	uiDots bool            // userIdentity must be searched for what is not found hot
	next   [hotRows][2]Hot // which members followed each last time; the last rows are of the first members
	File   string          // where it was read; empty when unknown
	Offset int64           // of the record in the inflated file
}

// Errors of a record. They come wrapped in a [FileError] that names the place.
var (
	ErrSyntax  = errors.New("not a JSON object that ends")
	ErrVersion = errors.New("unknown major version of the record format")
)

// Parse makes e the record whose JSON text is given, without copying it.
func (e *Event) Parse(text []byte) error {
	i := space(text, 0)
	end, err := e.scan(text, i)
	if err != nil {
		return err
	}
	if space(text, end) != len(text) {
		return fmt.Errorf("%w: text after the object", ErrSyntax)
	}
	return nil
}

func (e *Event) at(h Hot) Value {
	s := e.hot[h]
	if s.end == 0 {
		return Value{}
	}
	return Value{e.text[s.off:s.end]}
}

// JSON is the record as written.
func (e *Event) JSON() []byte { return e.text }

// Value is the whole record as a value.
func (e *Event) Value() Value { return Value{e.text} }

// Clone copies the event out of the reader's buffer, to be kept.
func (e *Event) Clone() *Event {
	c := *e
	c.text = bytes.Clone(e.text)
	return &c
}

// Duplicate names a member that the record holds twice, at the top or in
// userIdentity; "" is the normal case. CloudTrail writes no key twice, so such
// a record was made or changed by somebody else.
func (e *Event) Duplicate() string {
	name := hotNames[e.dup]
	for h := hotParent(e.dup); h != hotNone; h = hotParent(h) {
		name = hotNames[h] + "." + name
	}
	return name
}
