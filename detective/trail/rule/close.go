package rule

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// close settles all windows that end before t. A window begins at the first
// match that is left; when its condition holds, all matches in it make one
// finding and are used up, else the first is passed over.
func (w *window) close(t int64) {
	from := len(w.g.hits)
	if w.c.Kind == FirstSeen {
		w.settleSeen(t)
	} else {
		limit := before(t, w.c.Within)
		w.due.take(limit, func(gr *group) { w.settle(gr, limit) })
		w.closed = max(w.closed, limit)
		if w.quiet != nil {
			w.quiet.forget(w.closed)
		}
	}
	slices.SortStableFunc(w.g.hits[from:], func(a, b Hit) int {
		return cmp.Or(strings.Compare(a.Rule, b.Rule), slices.Compare(a.Group, b.Group), a.First.Compare(b.First), strings.Compare(a.ID, b.ID))
	})
}

func (w *window) settle(gr *group, limit int64) {
	if w.few(gr) {
		// Most entries are in order. One that is not stays until those before
		// it go, which saves moving all others.
		es, n := gr.entries(), 0
		for n < len(es) && es[n].at < limit {
			n++
		}
		if n == len(es) {
			w.drop(gr)
			return
		}
		w.forget(gr, n)
		gr.poor = true
		w.due.put(gr, limit+int64(w.c.Within))
		return
	}
	w.sort(gr)
	es, i, found := gr.entries(), 0, false
	for i < len(es) && es[i].at < limit {
		j := w.end(es, i)
		if n, ok := w.holds(es, i, j); ok {
			w.emit(gr, es[i:j], n, false)
			gr.early, found = false, true
			i = j
		} else {
			i++
		}
	}
	w.slide.reset()
	if i == len(es) {
		w.drop(gr)
		return
	}
	w.forget(gr, i)
	w.due.put(gr, gr.entries()[0].at)
	if found && w.g.opt.Early {
		w.look(gr, limit, math.MaxInt64) // what came while the one that was found was open
	}
}

func (w *window) emit(gr *group, win []entry, n float64, early bool) {
	evs := unpack(win)
	refs := make([]EventRef, len(evs))
	for i := range evs {
		refs[i] = evs[i].ref
	}
	key := texts(gr.key)
	first, last := win[0].at, win[len(win)-1].at
	h := w.g.hit(w.rule, strings.Join(key, "\x00"), time.Unix(0, first).UTC(), time.Unix(0, last).UTC(), refs)
	h.Group, h.Value, h.Early = key, n, early
	h.Principal, h.Session = evs[0].who, evs[0].sess
	for _, ev := range evs[1:] {
		if ev.who != h.Principal {
			h.Principal = ""
		}
		if ev.sess != h.Session {
			h.Session = ""
		}
	}
	if !early {
		for _, c := range w.g.set.feeds[w.self] {
			if next := w.g.corr[c]; next != w {
				ev := evs[len(evs)-1]
				ev.ref.ID = h.ID
				en := entry{at: last, rule: int32(w.self)}
				en.about(ev.pack())
				next.enter(next.regroup(w, key), en, []byte(win[len(win)-1].vals))
			}
		}
	}
	if !w.rule.Silent {
		w.g.hits = append(w.g.hits, h)
	}
}

// regroup finds a correlation's group from the group of one that feeds it.
func (w *window) regroup(from *window, group []string) (key []byte) {
	for _, f := range w.c.GroupBy {
		if alias := w.c.Aliases[f][from.rule.ID]; alias != "" {
			f = alias
		}
		v := Missing
		if i := slices.Index(from.c.GroupBy, f); i >= 0 {
			v = group[i]
		}
		key = appendText(key, v)
	}
	return key
}
