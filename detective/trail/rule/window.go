package rule

import (
	"hash/maphash"
	"math"
	"sort"

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
	need   int    // fewer matches, or values for Distinct, do not suffice
	quiet  *quiet // nil when a single match may suffice
	groups map[string]*group
	near   []near   // by the hash of the key, to find most groups without the map; those of quiet are in its buckets
	due    calendar // by the first entry
	idle   calendar // FirstSeen: by the end of what is remembered
	closed int64    // windows that begin before this are closed
	start  int64    // FirstSeen: the first event of all
	fields []part
	by     [][]part // what groups, by feeding rule
	lists  bool     // a match had several values
	slide  slide
	free   []*group
	spare  [sizes][][]entry
	runs   [][]run // without any, to be used again
	firsts []first
	key    []byte
	text   []byte
	vals   []trail.Value
	late   []entry
	lasts  []int64
}

func newWindow(g *Engine, i int) *window {
	w := &window{g: g, self: i, rule: &g.set.rules[i], groups: map[string]*group{}, by: make([][]part, len(g.set.rules))}
	w.c = w.rule.Correlate
	w.due = newCalendar(g.step, func(gr *group) *place { return &gr.due })
	w.idle = newCalendar(int64(w.c.Within)/256, func(gr *group) *place { return &gr.idle })
	for _, f := range w.c.Fields {
		w.fields = append(w.fields, newPart(f))
	}
	w.need = least(w.c)
	if w.need > 1 && w.need < mostQuiet && (w.c.Kind == Count || w.c.Kind == Distinct) {
		w.quiet = &quiet{w: w}
	}
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

// add remembers a match; false when it comes after its windows were closed.
func (w *window) add(rule int, e *trail.Event) bool {
	en := entry{at: w.g.now.at, rule: int32(rule)}
	if en.at < w.closed {
		return false
	}
	key, many := w.keyOf(rule, e)
	if w.c.Kind == FirstSeen {
		if many == nil {
			w.sighted(key, en, e)
		}
		for _, k := range many {
			w.sighted(k, en, e)
		}
		return true
	}
	en.about(w.g.note(e))
	vals := w.valsOf(e)
	if many == nil {
		w.enter(key, en, vals)
	}
	for _, k := range many {
		w.enter(k, en, vals)
	}
	return true
}

// hashOf is the hash of a single packed text.
func (g *Engine) hashOf(vals []byte) uint64 {
	if len(vals) == 0 {
		return 0
	}
	if _, rest := cutText(vals); len(rest) > 0 {
		return 0
	}
	return maphash.Bytes(g.seed, vals) | 1
}

// enter remembers a match in its group, or among the quiet ones.
func (w *window) enter(key []byte, en entry, vals []byte) {
	if en.at < w.closed {
		return
	}
	if w.c.Kind == FirstSeen {
		w.sighted(key, en, nil)
		return
	}
	hash := maphash.Bytes(w.g.seed, key)
	en.hash = w.g.hashOf(vals)
	if w.quiet == nil || !w.quiet.add(key, hash, en, vals) {
		en.vals = w.g.keep(vals)
		w.insert(key, hash, en)
	}
}

// insert enters a match into a group, whose key's hash is given.
func (w *window) insert(key []byte, hash uint64, en entry) {
	if en.at < w.closed {
		return
	}
	gr := w.find(key, hash)
	if gr == nil {
		gr = w.group(key, hash)
	}
	early := w.g.opt.Early && !gr.early
	if early || gr.len() >= w.g.opt.MaxEvents {
		if gr.poor {
			w.expire(gr, w.closed) // which would count
		}
		if w.sort(gr); gr.has(en) {
			return
		}
		if gr.len() >= w.g.opt.MaxEvents {
			w.g.Dropped++
			return
		}
	}
	w.append(gr, en)
	w.due.put(gr, en.at)
	if early {
		w.sort(gr)
		w.look(gr, before(en.at, w.c.Within), en.at)
	}
}

// look looks for a window that holds already, of those that begin from one time
// to another.
func (w *window) look(gr *group, from, to int64) {
	es := gr.entries()
	i := sort.Search(len(es), func(j int) bool { return es[j].at >= from })
	defer w.slide.reset()
	for ; i < len(es) && es[i].at <= to; i++ {
		end := w.end(es, i)
		if n, ok := w.holds(es, i, end); ok {
			gr.early = true
			w.emit(gr, es[i:end], n, true)
			return
		}
	}
}

func (w *window) end(es []entry, i int) int {
	limit := es[i].at + int64(w.c.Within)
	if limit < es[i].at {
		return len(es)
	}
	return i + sort.Search(len(es)-i, func(j int) bool { return es[i+j].at > limit })
}
