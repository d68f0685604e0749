package rule

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

// Missing is the group value of an event that lacks the member.
const Missing = "(missing)"

// entry is one match that a correlation remembers.
type entry struct {
	At     int64    `json:"at"` // Unix nanoseconds of event time
	Rule   string   `json:"rule"`
	Ref    EventRef `json:"ref"`
	Values []string `json:"values,omitempty"`
	Who    string   `json:"who,omitempty"`
	Sess   string   `json:"session,omitempty"`
}

func (a *entry) compare(b *entry) int {
	return cmp.Or(cmp.Compare(a.At, b.At), strings.Compare(a.Ref.ID, b.Ref.ID), strings.Compare(a.Ref.Account, b.Ref.Account), strings.Compare(a.Rule, b.Rule))
}

func joinKey(key []string) string { return strings.Join(key, "\x00") }

type group struct {
	Key     []string `json:"key"`
	Entries []entry  `json:"entries,omitempty"` // sorted, so that arrival order is forgotten
	Early   bool     `json:"early,omitempty"`
	Seen    int64    `json:"seen,omitempty"` // FirstSeen: the last time
}

// window is the state of one correlation.
type window struct {
	g      *Engine
	rule   *Rule
	c      *Correlation
	groups map[string]*group
	closed int64 // windows that begin before this are closed
	start  int64 // FirstSeen: the first event of all
	fields []trail.Path
	by     map[string][]trail.Path // group paths by feeding rule; "" for those without aliases
}

func newWindow(g *Engine, i int) *window {
	w := &window{g: g, rule: &g.set.rules[i], groups: map[string]*group{}, by: map[string][]trail.Path{}}
	w.c = w.rule.Correlate
	for _, f := range w.c.Fields {
		w.fields = append(w.fields, trail.P(f))
	}
	return w
}

func (w *window) paths(id string) []trail.Path {
	if p, ok := w.by[id]; ok {
		return p
	}
	var ps []trail.Path
	for _, f := range w.c.GroupBy {
		if alias := w.c.Aliases[f][id]; alias != "" {
			f = alias
		}
		ps = append(ps, trail.P(f))
	}
	w.by[id] = ps
	return ps
}

// keys are the groups an event belongs to: one, unless a member holds several
// values.
func (w *window) keys(id string, e *trail.Event) [][]string {
	keys := [][]string{nil}
	for _, p := range w.paths(id) {
		var vals []string
		switch p.String() {
		case "session":
			vals = []string{e.SessionKey()}
		case "principal":
			vals = []string{e.Identity().Principal()}
		default:
			vals = textsAt(e, &p)
		}
		if len(vals) == 0 {
			vals = []string{Missing}
		}
		var next [][]string
		for _, k := range keys {
			for _, v := range vals {
				if len(next) < 100 { // a list of thousands does not make thousands of groups squared
					next = append(next, append(slices.Clone(k), v))
				}
			}
		}
		keys = next
	}
	return keys
}

func textsAt(e *trail.Event, p *trail.Path) []string {
	var out []string
	for _, v := range e.AppendValues(nil, p) {
		switch v.Kind() {
		case trail.KindArray, trail.KindNull:
			continue
		}
		out = append(out, string(bytes.Clone(v.AppendText(nil))))
	}
	return slices.Compact(out)
}

// add remembers a match; false when it comes after its windows were closed.
func (w *window) add(id string, e *trail.Event) bool {
	var vals []string
	for i := range w.fields {
		vals = append(vals, textsAt(e, &w.fields[i])...)
	}
	var at int64 // an event without a time counts as the oldest
	if t := e.Time(); !t.IsZero() {
		at = t.UnixNano()
	}
	en := entry{At: at, Rule: id, Ref: refOf(e), Values: vals, Who: e.Identity().Principal(), Sess: e.SessionKey()}
	ok := true
	for _, key := range w.keys(id, e) {
		ok = w.insert(key, en) && ok
	}
	return ok
}

func (w *window) insert(key []string, en entry) bool {
	if en.At < w.closed {
		return false
	}
	name := joinKey(key)
	gr := w.groups[name]
	if gr == nil {
		if len(w.groups) >= w.g.opt.MaxGroups {
			w.evict()
		}
		gr = &group{Key: key}
		w.groups[name] = gr
	}
	i, found := slices.BinarySearchFunc(gr.Entries, en, func(a, b entry) int { return a.compare(&b) })
	if found {
		return true // the same event again
	}
	if len(gr.Entries) >= w.g.opt.MaxEvents {
		w.g.Dropped++
		return true
	}
	gr.Entries = slices.Insert(gr.Entries, i, en)
	if w.g.opt.Early && !gr.Early && w.c.Kind != FirstSeen {
		lo := sort.Search(len(gr.Entries), func(j int) bool { return gr.Entries[j].At >= en.At-int64(w.c.Within) })
		for j := lo; j <= i; j++ {
			win := gr.Entries[j:w.end(gr, j)]
			if n, ok := w.holds(win); ok {
				gr.Early = true
				w.emit(gr, win, n, true)
				break
			}
		}
	}
	return true
}

func (w *window) end(gr *group, i int) int {
	limit := gr.Entries[i].At + int64(w.c.Within)
	return i + sort.Search(len(gr.Entries)-i, func(j int) bool { return gr.Entries[i+j].At > limit })
}

// evict forgets the sixteenth of the groups that were quiet longest.
func (w *window) evict() {
	type aged struct {
		name string
		last int64
	}
	all := make([]aged, 0, len(w.groups))
	for n, gr := range w.groups {
		last := gr.Seen
		if k := len(gr.Entries); k > 0 {
			last = max(last, gr.Entries[k-1].At)
		}
		all = append(all, aged{n, last})
	}
	slices.SortFunc(all, func(a, b aged) int { return cmp.Or(cmp.Compare(a.last, b.last), strings.Compare(a.name, b.name)) })
	for _, a := range all[:len(all)/16+1] {
		w.g.Dropped += int64(len(w.groups[a.name].Entries))
		delete(w.groups, a.name)
	}
}

// close settles all windows that end before t. A window begins at the first
// match that is left; when its condition holds, all matches in it make one
// finding and are used up, else the first is passed over.
func (w *window) close(t int64) {
	names := make([]string, 0, len(w.groups))
	for n := range w.groups {
		names = append(names, n)
	}
	slices.Sort(names)
	if w.c.Kind == FirstSeen {
		w.settleSeen(t, names)
		return
	}
	within := int64(w.c.Within)
	for _, name := range names {
		gr := w.groups[name]
		i := 0
		for i < len(gr.Entries) && gr.Entries[i].At < t-within {
			j := w.end(gr, i)
			if n, ok := w.holds(gr.Entries[i:j]); ok {
				w.emit(gr, gr.Entries[i:j], n, false)
				gr.Early = false
				i = j
			} else {
				i++
			}
		}
		gr.Entries = slices.Delete(gr.Entries, 0, i)
		if len(gr.Entries) == 0 {
			delete(w.groups, name)
		}
	}
	w.closed = max(w.closed, t-within)
}

// settleSeen goes through the matches before t in order of time.
func (w *window) settleSeen(t int64, names []string) {
	type ev struct {
		gr *group
		en entry
	}
	var all []ev
	for _, n := range names {
		gr := w.groups[n]
		i := sort.Search(len(gr.Entries), func(j int) bool { return gr.Entries[j].At >= t })
		for _, en := range gr.Entries[:i] {
			all = append(all, ev{gr, en})
		}
		gr.Entries = slices.Delete(gr.Entries, 0, i)
	}
	slices.SortStableFunc(all, func(a, b ev) int { return a.en.compare(&b.en) })
	for _, a := range all {
		if w.start == 0 {
			w.start = a.en.At
		}
		if (a.gr.Seen == 0 || a.en.At-a.gr.Seen > int64(w.c.Within)) && a.en.At-w.start >= int64(w.c.Learn) {
			w.emit(a.gr, []entry{a.en}, 1, false)
		}
		a.gr.Seen = a.en.At
	}
	for _, n := range names {
		if gr := w.groups[n]; len(gr.Entries) == 0 && gr.Seen < t-int64(w.c.Within) {
			delete(w.groups, n)
		}
	}
	w.closed = max(w.closed, t)
}

func (w *window) emit(gr *group, win []entry, n float64, early bool) {
	refs := make([]EventRef, len(win))
	for i := range win {
		refs[i] = win[i].Ref
	}
	group := joinKey(gr.Key)
	first, last := win[0].At, win[len(win)-1].At
	h := w.g.hit(w.rule, group, time.Unix(0, first).UTC(), time.Unix(0, last).UTC(), refs)
	h.Group, h.Value, h.Early = gr.Key, n, early
	h.Principal, h.Session = win[0].Who, win[0].Sess
	for _, en := range win[1:] {
		if en.Who != h.Principal {
			h.Principal = ""
		}
		if en.Sess != h.Session {
			h.Session = ""
		}
	}
	if !early {
		for _, c := range w.g.set.feeds[w.rule.ID] {
			if next := w.g.corr[c]; next != w {
				en := win[len(win)-1]
				en.Rule, en.Ref.ID = w.rule.ID, h.ID
				next.insert(next.regroup(w, gr), en)
			}
		}
	}
	if !w.rule.Silent {
		w.g.hits = append(w.g.hits, h)
	}
}

// regroup finds a correlation's group from the group of one that feeds it.
func (w *window) regroup(from *window, gr *group) []string {
	var key []string
	for _, f := range w.c.GroupBy {
		if alias := w.c.Aliases[f][from.rule.ID]; alias != "" {
			f = alias
		}
		v := Missing
		if i := slices.Index(from.c.GroupBy, f); i >= 0 {
			v = gr.Key[i]
		}
		key = append(key, v)
	}
	return key
}

func number(s string) (float64, bool) {
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
