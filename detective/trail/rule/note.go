package rule

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

// What windows remember of a match is packed: most of it is forgotten again
// without having been looked at.

// entry is one match that a correlation remembers.
type entry struct {
	at    int64  // Unix nanoseconds of event time; an event without a time counts as the oldest
	until int64  // FirstSeen: the last of the matches that follow without a gap
	text  []byte // id, account, region, name, principal, session, offset and the values
	file  string
	rule  int32  // the rule that matched, by its position in the set
	vals  int32  // how many values the text ends with
	valAt int32  // where they begin
	head  int32  // the length of id and account
	first uint64 // the first bytes of those, to tell most entries apart without a look at their text
}

// setHead says how long id and account are.
func (a *entry) setHead(n int) {
	var b [8]byte
	copy(b[:], a.text[:n])
	a.head, a.first = int32(n), binary.BigEndian.Uint64(b[:])
}

func (a *entry) compare(b *entry) int {
	if a.at != b.at {
		return cmp.Compare(a.at, b.at)
	}
	if a.first != b.first {
		return cmp.Compare(a.first, b.first)
	}
	return cmp.Or(bytes.Compare(a.text[:a.head], b.text[:b.head]), cmp.Compare(a.rule, b.rule))
}

// sameEvent reports whether both are the same event, which has an id.
func (a *entry) sameEvent(b *entry) bool {
	return a.first == b.first && a.head == b.head && a.text[0] != 0 && bytes.Equal(a.text[:a.head], b.text[:b.head])
}

// evidence is an entry unpacked.
type evidence struct {
	ref       EventRef
	who, sess string
	values    []string
}

func (a *entry) unpack() (ev evidence) {
	text := string(a.text)
	rest := a.text
	next := func() string {
		t, r := cutText(rest)
		end := len(text) - len(r)
		rest = r
		return text[end-len(t) : end]
	}
	ev.ref = EventRef{ID: next(), Account: next(), Region: next(), Name: next(), File: a.file}
	if a.at != 0 {
		ev.ref.Time = time.Unix(0, a.at).UTC()
	}
	ev.who, ev.sess = next(), next()
	off, n := binary.Uvarint(rest)
	ev.ref.Offset, rest = int64(off), rest[n:]
	for range a.vals {
		ev.values = append(ev.values, next())
	}
	return ev
}

// pack is the opposite of unpack.
func (a *entry) pack(ev *evidence) {
	b := appendText(appendText(nil, ev.ref.ID), ev.ref.Account)
	head := len(b)
	for _, s := range []string{ev.ref.Region, ev.ref.Name, ev.who, ev.sess} {
		b = appendText(b, s)
	}
	b = binary.AppendUvarint(b, uint64(ev.ref.Offset))
	a.valAt = int32(len(b))
	for _, s := range ev.values {
		b = appendText(b, s)
	}
	a.text, a.vals, a.file = b, int32(len(ev.values)), ev.ref.File
	a.setHead(head)
}

// values calls f for each of the values.
func (a *entry) values(f func([]byte)) {
	text := a.text[a.valAt:]
	for range a.vals {
		var t []byte
		t, text = cutText(text)
		f(t)
	}
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

// note packs an event without values. It is made once for all windows.
func (g *Engine) note(e *trail.Event) []byte {
	if len(g.noted) > 0 {
		return g.noted
	}
	b := g.noted[:0]
	for i := range noted {
		start := len(b)
		b = append(b, 0)
		switch v := e.Get(noted[i]); v.Kind() {
		case trail.KindObject, trail.KindArray, trail.KindNull:
		default:
			b = v.AppendText(b)
		}
		b = seal(b, start)
		if i == 1 {
			g.noteHead = len(b)
		}
	}
	start := len(b)
	b = seal(e.AppendPrincipal(append(b, 0)), start)
	start = len(b)
	b = seal(e.AppendSessionKey(append(b, 0)), start)
	g.noted = binary.AppendUvarint(b, uint64(e.Offset))
	return g.noted
}

// keep copies b to memory that many entries share.
func (g *Engine) keep(b []byte) []byte {
	if cap(g.arena)-len(g.arena) < len(b) {
		g.arena = make([]byte, 0, max(arenaSize, len(b)))
	}
	n := len(g.arena)
	g.arena = append(g.arena, b...)
	return g.arena[n:len(g.arena):len(g.arena)]
}

const arenaSize = 32 << 10
