package rule

import (
	"cmp"
	"encoding/binary"
	"math"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

// note is what windows keep of an event, packed: most of it is forgotten again
// without having been looked at. All windows share it.
type note struct {
	text string // id, account, region, name, principal, session and offset
	file string
}

// id is the packed id and account, which tell events apart.
func (n *note) id() string {
	_, rest := cutText(n.text)
	_, rest = cutText(rest)
	return n.text[:len(n.text)-len(rest)]
}

// entry is one match that a correlation remembers.
type entry struct {
	at   int64 // Unix nanoseconds of event time; an event without a time from 1970 to 2262 counts as the oldest
	note *note
	vals string // the texts that the correlation counts or computes with, packed
	hash uint64 // of a single text, to tell most apart; 0 when there are none or several
	rule int32  // the rule that matched, by its position in the set
	tie  uint32 // the note's first bytes, to tell most apart without a look at it
}

// about makes a the match of the event that a note is of.
func (a *entry) about(n *note) {
	var b [4]byte
	copy(b[:], n.text)
	a.note, a.tie = n, binary.BigEndian.Uint32(b[:])
}

// values is how many texts there are.
func (a *entry) values() int {
	if a.hash != 0 {
		return 1 // without a look at the text
	}
	return count(a.vals)
}

func (a *entry) compare(b *entry) int {
	if a.at != b.at {
		return cmp.Compare(a.at, b.at)
	}
	if a.tie != b.tie {
		return cmp.Compare(a.tie, b.tie)
	}
	if a.note != b.note {
		if c := cmp.Compare(a.note.id(), b.note.id()); c != 0 {
			return c
		}
	}
	return cmp.Compare(a.rule, b.rule)
}

// sameEvent reports whether both are the same event, which has an id.
func (a *entry) sameEvent(b *entry) bool {
	return a.at == b.at && a.tie == b.tie && a.note.text[0] != 0 && (a.note == b.note || a.note.id() == b.note.id())
}

// evidence is a note unpacked.
type evidence struct {
	ref       EventRef
	who, sess string
}

// unpack reads the notes of entries. Their texts are copied, because a hit that
// is kept must not keep the notes of all others; into one string.
func unpack(es []entry) []evidence {
	n := 0
	for i := range es {
		n += len(es[i].note.text)
	}
	var b strings.Builder
	b.Grow(n)
	for i := range es {
		b.WriteString(es[i].note.text)
	}
	text, evs := b.String(), make([]evidence, len(es))
	for i := range es {
		k := len(es[i].note.text)
		evs[i].read(&es[i], text[:k])
		text = text[k:]
	}
	return evs
}

// read unpacks an entry, whose note's text is given.
func (ev *evidence) read(a *entry, text string) {
	next := func() (t string) {
		t, text = cutText(text)
		return t
	}
	ev.ref = EventRef{ID: next(), Account: next(), Region: next(), Name: next(), File: a.note.file, Time: timeOf(a.at)}
	ev.who, ev.sess = next(), next()
	off, _ := uvarint(text)
	ev.ref.Offset = int64(off)
}

// timeOf is the time of so many nanoseconds, the zero time for 0.
func timeOf(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.Unix(0, at).UTC()
}

// pack is the opposite of unpack.
func (ev *evidence) pack() *note {
	var b []byte
	for _, s := range []string{ev.ref.ID, ev.ref.Account, ev.ref.Region, ev.ref.Name, ev.who, ev.sess} {
		b = appendText(b, s)
	}
	return &note{string(binary.AppendUvarint(b, uint64(ev.ref.Offset))), ev.ref.File}
}

var noted = [...]trail.Path{trail.P("eventID"), trail.P("recipientAccountId"), trail.P("awsRegion"), trail.P("eventName")}

// note makes the note of an event. It is made once for all windows.
func (g *Engine) note(e *trail.Event) *note {
	if g.now.note != nil {
		return g.now.note
	}
	b := g.buf[:0]
	for i := range noted {
		if t, ok := e.Plain(&noted[i]); ok {
			b = appendShort(b, t)
		} else {
			start := len(b)
			b = seal(e.AppendText(append(b, 0), &noted[i]), start)
		}
	}
	b = append(append(b, g.principal(e)...), g.session(e)...)
	g.buf = binary.AppendUvarint(b, uint64(e.Offset))
	if len(g.notes) == 0 {
		g.notes = make([]note, 128)
	}
	n := &g.notes[0]
	g.notes = g.notes[1:]
	n.text, n.file = g.keep(g.buf), e.File
	g.now.note = n
	return n
}

// current is what several windows ask of the event that is being judged, each
// worked out when it is first asked for.
type current struct {
	at        int64 // Unix nanoseconds, 0 for none
	note      *note
	who, sess []byte // packed texts, empty when not asked for; their memory is used again
}

func (c *current) begin(e *trail.Event) {
	c.at, c.note, c.who, c.sess = 0, nil, c.who[:0], c.sess[:0]
	if t := e.Time(); t.Unix() > 0 && t.Unix() < math.MaxInt64/int64(time.Second) {
		c.at = t.UnixNano()
	}
}

func (g *Engine) principal(e *trail.Event) []byte {
	if c := &g.now; len(c.who) == 0 {
		c.who = seal(e.AppendPrincipal(append(c.who, 0)), 0)
	}
	return g.now.who
}

func (g *Engine) session(e *trail.Event) []byte {
	if c := &g.now; len(c.sess) == 0 {
		c.sess = seal(e.AppendSessionKey(append(c.sess, 0)), 0)
	}
	return g.now.sess
}

// keep copies b to memory that many texts share.
func (g *Engine) keep(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if g.arena.Cap()-g.arena.Len() < len(b) {
		g.arena = strings.Builder{}
		g.arena.Grow(max(arenaSize, len(b)))
	}
	n := g.arena.Len()
	g.arena.Write(b)
	return g.arena.String()[n:]
}

const arenaSize = 32 << 10
