package rule

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

// note is what windows keep of an event, packed: most of it is forgotten again
// without having been looked at. All windows share it.
type note struct {
	first uint64 // the first bytes of id and account, to tell most notes apart
	head  int32  // the length of both
	text  []byte // id, account, region, name, principal, session and offset
	file  string
}

// entry is one match that a correlation remembers.
type entry struct {
	at    int64 // Unix nanoseconds of event time; an event without a time counts as the oldest
	until int64 // FirstSeen: the last of the matches that follow without a gap
	note  *note
	val   *value // nil when there is none
	rule  int32  // the rule that matched, by its position in the set
}

func (a *entry) compare(b *entry) int {
	if a.at != b.at {
		return cmp.Compare(a.at, b.at)
	}
	if a.note != b.note {
		if a.note.first != b.note.first {
			return cmp.Compare(a.note.first, b.note.first)
		}
		if c := bytes.Compare(a.note.text[:a.note.head], b.note.text[:b.note.head]); c != 0 {
			return c
		}
	}
	return cmp.Compare(a.rule, b.rule)
}

// sameEvent reports whether both are the same event, which has an id.
func (a *entry) sameEvent(b *entry) bool {
	m, n := a.note, b.note
	return m.text[0] != 0 && (m == n || m.first == n.first && m.head == n.head && bytes.Equal(m.text[:m.head], n.text[:n.head]))
}

// evidence is a note unpacked.
type evidence struct {
	ref       EventRef
	who, sess string
}

func (a *entry) unpack() (ev evidence) {
	text := string(a.note.text)
	rest := a.note.text
	next := func() string {
		t, r := cutText(rest)
		end := len(text) - len(r)
		rest = r
		return text[end-len(t) : end]
	}
	ev.ref = EventRef{ID: next(), Account: next(), Region: next(), Name: next(), File: a.note.file}
	if a.at != 0 {
		ev.ref.Time = time.Unix(0, a.at).UTC()
	}
	ev.who, ev.sess = next(), next()
	off, _ := binary.Uvarint(rest)
	ev.ref.Offset = int64(off)
	return ev
}

// pack is the opposite of unpack.
func (ev *evidence) pack() *note {
	b := appendText(appendText(nil, ev.ref.ID), ev.ref.Account)
	head := len(b)
	for _, s := range []string{ev.ref.Region, ev.ref.Name, ev.who, ev.sess} {
		b = appendText(b, s)
	}
	n := &note{text: binary.AppendUvarint(b, uint64(ev.ref.Offset)), file: ev.ref.File}
	n.setHead(head)
	return n
}

// setHead says how long id and account are.
func (n *note) setHead(head int) {
	var b [8]byte
	copy(b[:], n.text[:head])
	n.head, n.first = int32(head), binary.BigEndian.Uint64(b[:])
}

// A packed text is its length and its bytes.

func cutText(b []byte) (text, rest []byte) {
	if n := int(b[0]); n < 0x80 {
		return b[1 : 1+n], b[1+n:]
	}
	n, k := binary.Uvarint(b)
	return b[k : k+int(n)], b[k+int(n):]
}

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// seal makes a packed text of what was appended to dst after a place of one
// byte at start.
func seal(dst []byte, start int) []byte {
	n := len(dst) - start - 1
	if n < 0x80 {
		dst[start] = byte(n)
		return dst
	}
	var head [binary.MaxVarintLen64]byte
	k := binary.PutUvarint(head[:], uint64(n))
	dst = append(dst, head[:k-1]...)
	copy(dst[start+k:], dst[start+1:start+1+n])
	copy(dst[start:], head[:k])
	return dst
}

func texts(packed []byte) (out []string) {
	for len(packed) > 0 {
		var t []byte
		t, packed = cutText(packed)
		out = append(out, string(t))
	}
	return out
}

var noted = [...]trail.Path{trail.P("eventID"), trail.P("recipientAccountId"), trail.P("awsRegion"), trail.P("eventName")}

// note makes the note of an event. It is made once for all windows.
func (g *Engine) note(e *trail.Event) *note {
	if g.noted != nil {
		return g.noted
	}
	b, head := g.buf[:0], 0
	for i := range noted {
		start := len(b)
		b = seal(e.AppendText(append(b, 0), &noted[i]), start)
		if i == 1 {
			head = len(b)
		}
	}
	start := len(b)
	b = seal(e.AppendPrincipal(append(b, 0)), start)
	start = len(b)
	b = seal(e.AppendSessionKey(append(b, 0)), start)
	g.buf = binary.AppendUvarint(b, uint64(e.Offset))
	if len(g.notes) == 0 {
		g.notes = make([]note, 128)
	}
	n := &g.notes[0]
	g.notes = g.notes[1:]
	n.text, n.file = g.keep(g.buf), e.File
	n.setHead(head)
	g.noted = n
	return n
}

// keep copies b to memory that many notes share.
func (g *Engine) keep(b []byte) []byte {
	if cap(g.arena)-len(g.arena) < len(b) {
		g.arena = make([]byte, 0, max(arenaSize, len(b)))
	}
	n := len(g.arena)
	g.arena = append(g.arena, b...)
	return g.arena[n:len(g.arena):len(g.arena)]
}

const arenaSize = 32 << 10
