package trail

import (
	"bytes"
	"fmt"
	"time"
)

// Ager makes later events of a document in place: times move on and ids
// change, all else stays.
type Ager struct {
	doc   []byte
	times []int // offsets of the texts
	ids   []int
	n     uint32
}

// NewAger finds what it has to change.
func NewAger(doc []byte) *Ager {
	a := &Ager{doc: doc}
	find := func(key string) (at []int) {
		for i := 0; ; {
			k := bytes.Index(doc[i:], []byte(key))
			if k < 0 {
				return at
			}
			i += k + len(key)
			for doc[i] == ' ' {
				i++
			}
			i++ // the quote
			at = append(at, i)
		}
	}
	a.times, a.ids = find(`"eventTime":`), find(`"eventID":`)
	return a
}

// Age moves all times on.
func (a *Ager) Age(by time.Duration) {
	a.n++
	for _, i := range a.times {
		t, err := time.Parse(time.RFC3339, string(a.doc[i:i+20]))
		if err == nil {
			copy(a.doc[i:], t.Add(by).Format(time.RFC3339))
		}
	}
	for k, i := range a.ids {
		// As random as ids are: those of one round must not begin alike.
		copy(a.doc[i:], fmt.Sprintf("%08x", (a.n<<16^uint32(k))*0x9e3779b1))
	}
}
