package rule

import (
	"math"
	"slices"
	"sort"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

// Missing is the group value of an event that lacks the member.
const Missing = "(missing)"

// window is the state of one correlation.
type window struct {
	g      *Engine
	self   int // position of the rule in the set
	rule   *Rule
	c      *Correlation
	need   int // fewer matches, or values for Distinct, do not suffice
	groups map[string]*group
	due    calendar // by the first entry
	idle   calendar // FirstSeen: by the end of what is remembered
	closed int64    // windows that begin before this are closed
	start  int64    // FirstSeen: the first event of all
	fields []trail.Path
	by     map[int][]part // what groups, by feeding rule
	values map[string]*value
	recent cache[*value]
	slide  slide
	free   []*group
	asleep []*matches
	spare  [sizes][][]entry
	key    []byte
	text   []byte
	vals   []trail.Value
	late   []entry
	lasts  []int64
}

// part is one of the values that a group is made of.
type part struct {
	what uint8
	path trail.Path
}

const (
	partPath = iota
	partSession
	partPrincipal
)

func newWindow(g *Engine, i int) *window {
	w := &window{g: g, self: i, rule: &g.set.rules[i], groups: map[string]*group{}, by: map[int][]part{}, values: map[string]*value{}}
	w.c = w.rule.Correlate
	w.due = newCalendar(int64(time.Minute), func(gr *group) *place { return &gr.due })
	w.idle = newCalendar(int64(w.c.Within)/256, func(gr *group) *place { return &gr.idle })
	for _, f := range w.c.Fields {
		w.fields = append(w.fields, trail.P(f))
	}
	w.need = least(w.c)
	return w
}

// least is how many matches, or values for Distinct, a window must hold.
func least(c *Correlation) int {
	n := 1.0
	for _, b := range c.Want {
		switch {
		case b.Op == OpGe || b.Op == OpEq && !b.Ne:
			n = max(n, b.N)
		case b.Op == OpGt:
			n = max(n, math.Floor(b.N)+1)
		}
	}
	if len(c.Want) > 0 && n <= 1 {
		return 0
	}
	return int(math.Ceil(min(n, math.MaxInt32)))
}

func (w *window) parts(rule int) []part {
	if p, ok := w.by[rule]; ok {
		return p
	}
	var ps []part
	for _, f := range w.c.GroupBy {
		if alias := w.c.Aliases[f][w.g.set.rules[rule].ID]; alias != "" {
			f = alias
		}
		p := part{path: trail.P(f)}
		switch f {
		case "session":
			p.what = partSession
		case "principal":
			p.what = partPrincipal
		}
		ps = append(ps, p)
	}
	w.by[rule] = ps
	return ps
}

// add remembers a match; false when it comes after its windows were closed.
func (w *window) add(rule int, e *trail.Event) bool {
	var at int64
	if t := e.Time(); !t.IsZero() {
		at = t.UnixNano()
	}
	en := entry{at: at, rule: int32(rule)}
	if w.c.Kind != FirstSeen {
		en.note = w.g.note(e)
		w.text = w.text[:0]
		for i := range w.fields {
			from := len(w.text)
			var n int
			if w.text, n = w.appendTexts(w.text, e, &w.fields[i]); n > 1 {
				w.text = compact(w.text, from)
			}
		}
		en.val = w.value(w.text)
	}
	var many [][]byte
	w.key = w.key[:0]
	parts := w.parts(rule)
	for i := range parts {
		start := len(w.key)
		switch p := &parts[i]; p.what {
		case partSession:
			w.key = seal(e.AppendSessionKey(append(w.key, 0)), start)
		case partPrincipal:
			w.key = seal(e.AppendPrincipal(append(w.key, 0)), start)
		default:
			var n int
			w.key, n = w.appendTexts(w.key, e, &p.path)
			switch {
			case n == 0:
				w.key = appendText(w.key, Missing)
			case n > 1 && many == nil:
				// From here on every value makes groups of its own.
				many = [][]byte{slices.Clone(w.key[:start])}
			}
		}
		if many != nil {
			many = times(many, w.key[start:])
			w.key = w.key[:start]
		}
	}
	ok := true
	if many == nil {
		ok = w.insert(w.key, en, e)
	}
	for _, key := range many {
		ok = w.insert(key, en, e) && ok
	}
	w.release(en.val)
	return ok
}

// appendTexts packs the texts at a path, n of them.
func (w *window) appendTexts(dst []byte, e *trail.Event, p *trail.Path) (_ []byte, n int) {
	w.vals = e.AppendValues(w.vals[:0], p)
	for _, v := range w.vals {
		switch v.Kind() {
		case trail.KindArray, trail.KindNull:
			continue
		}
		start := len(dst)
		dst = seal(v.AppendText(append(dst, 0)), start)
		n++
	}
	return dst, n
}

// compact drops packed texts that repeat the one before.
func compact(b []byte, from int) []byte {
	all := slices.Compact(texts(b[from:]))
	b = b[:from]
	for _, t := range all {
		b = appendText(b, t)
	}
	return b
}

// times joins every key with every one of the packed values.
func times(keys [][]byte, values []byte) (out [][]byte) {
	vals := slices.Compact(texts(values))
	for _, k := range keys {
		for _, v := range vals {
			if len(out) < 100 { // a list of thousands does not make thousands of groups squared
				out = append(out, appendText(slices.Clone(k), v))
			}
		}
	}
	return out
}

// insert enters a match into a group. The event may be nil when the note is
// there already.
func (w *window) insert(key []byte, en entry, e *trail.Event) bool {
	if en.at < w.closed {
		return false
	}
	gr := w.groups[string(key)]
	if w.c.Kind == FirstSeen {
		w.sighted(gr, key, en, e)
		return true
	}
	if gr == nil {
		gr = w.group(key)
	}
	early := w.g.opt.Early && !gr.early
	if early || gr.len() >= w.g.opt.MaxEvents {
		if w.sort(gr); gr.has(en) {
			return true
		}
		if gr.len() >= w.g.opt.MaxEvents {
			w.g.Dropped++
			return true
		}
	}
	w.append(gr, en)
	w.due.put(gr, en.at)
	if early {
		w.sort(gr)
		w.look(gr, en.at)
	}
	return true
}

// look looks for a window around time at that holds already.
func (w *window) look(gr *group, at int64) {
	es := gr.entries()
	i := sort.Search(len(es), func(j int) bool { return es[j].at >= at-int64(w.c.Within) })
	defer w.slide.reset()
	for ; i < len(es) && es[i].at <= at; i++ {
		end := w.end(es, i)
		if n, ok := w.holds(es, i, end); ok {
			gr.early = true
			w.emit(gr, es[i:end], n, true)
			return
		}
	}
}

// group makes a group.
func (w *window) group(key []byte) *group {
	if len(w.groups) >= w.g.opt.MaxGroups {
		w.evict()
	}
	var gr *group
	if n := len(w.free); n > 0 {
		gr, w.free = w.free[n-1], w.free[:n-1]
	} else {
		gr = &group{}
	}
	gr.key = string(key)
	if w.c.Kind != FirstSeen {
		w.wake(gr)
	}
	w.groups[gr.key] = gr
	return gr
}

func (w *window) drop(gr *group) {
	delete(w.groups, gr.key)
	es := gr.entries()
	for i := range es {
		w.unuse(es[i].val)
	}
	if gr.matches != nil {
		w.rest(gr)
	}
	*gr = group{}
	if len(w.free) < 1<<14 {
		w.free = append(w.free, gr)
	}
}

func (w *window) end(es []entry, i int) int {
	limit := es[i].at + int64(w.c.Within)
	if limit < es[i].at {
		return len(es)
	}
	return i + sort.Search(len(es)-i, func(j int) bool { return es[i+j].at > limit })
}
