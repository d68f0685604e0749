package rule

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

// close settles all windows that end before t. A window begins at the first
// match that is left; when its condition holds, all matches in it make one
// finding and are used up, else the first is passed over.
func (w *window) close(t int64) {
	from := len(w.g.hits)
	if w.c.Kind == FirstSeen {
		w.settleSeen(t)
	} else {
		limit := t - int64(w.c.Within)
		w.due.take(limit, func(gr *group) { w.settle(gr, limit) })
		w.closed = max(w.closed, limit)
	}
	slices.SortStableFunc(w.g.hits[from:], func(a, b Hit) int {
		return cmp.Or(strings.Compare(a.Rule, b.Rule), slices.Compare(a.Group, b.Group), a.First.Compare(b.First), strings.Compare(a.ID, b.ID))
	})
}

func (w *window) settle(gr *group, limit int64) {
	if w.few(gr) {
		if w.expire(gr, limit); gr.len() == 0 {
			w.drop(gr)
			return
		}
		gr.poor = true
		w.due.put(gr, limit+int64(w.c.Within))
		return
	}
	w.sort(gr)
	es, i := gr.entries(), 0
	if w.poor(gr, limit) {
		i = sort.Search(len(es), func(j int) bool { return es[j].at >= limit })
	}
	for i < len(es) && es[i].at < limit {
		j := w.end(es, i)
		if n, ok := w.holds(es, i, j); ok {
			w.emit(gr, es[i:j], n, false)
			gr.early = false
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
}

func (w *window) emit(gr *group, win []entry, n float64, early bool) {
	refs := make([]EventRef, len(win))
	evs := make([]evidence, len(win))
	for i := range win {
		evs[i] = win[i].unpack()
		refs[i] = evs[i].ref
	}
	key := texts([]byte(gr.key))
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
				en := entry{at: last, rule: int32(w.self), note: ev.pack()}
				if v := win[len(win)-1].val; v != nil {
					var packed []byte
					for _, t := range v.texts() {
						packed = appendText(packed, t)
					}
					en.val = next.value(packed)
				}
				next.insert(next.regroup(w, key), en, nil)
				next.release(en.val)
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

// sighted enters a match of a FirstSeen correlation; gr is nil when the group
// is new. Of matches that follow each other without a gap of Within only the
// first can become a finding, so that only that is kept; and none where the
// last that is settled is not long enough ago, whatever else may arrive.
func (w *window) sighted(gr *group, key []byte, en entry, e *trail.Event) {
	within := int64(w.c.Within)
	if gr != nil && gr.seen != 0 && en.at-gr.seen <= within {
		gr.seen = max(gr.seen, en.at)
		return
	}
	if gr == nil {
		gr = w.group(key)
	}
	xs := gr.entries()
	// i is the first run that begins after the match.
	i := len(xs)
	for i > 0 && xs[i-1].at > en.at {
		i--
	}
	switch {
	case i > 0 && xs[i-1].at < en.at && en.at-xs[i-1].until <= within:
		xs[i-1].until = max(xs[i-1].until, en.at)
	case i > 0 && xs[i-1].at == en.at:
		if w.noted(&en, e); en.compare(&xs[i-1]) < 0 {
			en.until = xs[i-1].until
			xs[i-1] = en
		}
		return
	default:
		w.noted(&en, e)
		w.wake(gr)
		en.until = en.at
		gr.base = slices.Insert(gr.base, gr.off+i, en)
		w.due.put(gr, en.at)
		i++
	}
	// The run may have reached the next one.
	if xs = gr.entries(); i < len(xs) && xs[i].at-xs[i-1].until <= within {
		xs[i-1].until = max(xs[i-1].until, xs[i].until)
		gr.base = slices.Delete(gr.base, gr.off+i, gr.off+i+1)
	}
}

// noted adds the note, unless it is there.
func (w *window) noted(en *entry, e *trail.Event) {
	if en.note == nil {
		en.note = w.g.note(e)
	}
}

// settleSeen goes through the matches before t in order of time.
func (w *window) settleSeen(t int64) {
	within := int64(w.c.Within)
	type first struct {
		gr *group
		en entry
	}
	var all []first
	w.due.take(t, func(gr *group) {
		es, i := gr.entries(), 0
		if len(es) == 0 {
			return
		}
		for i < len(es) && es[i].at < t {
			all = append(all, first{gr, es[i]})
			i++
		}
		w.forget(gr, i)
		if gr.len() > 0 {
			w.due.put(gr, gr.entries()[0].at)
		} else {
			w.rest(gr)
		}
	})
	slices.SortStableFunc(all, func(a, b first) int {
		return cmp.Or(a.en.compare(&b.en), strings.Compare(a.gr.key, b.gr.key))
	})
	for _, a := range all {
		if w.start == 0 {
			w.start = a.en.at
		}
		if (a.gr.seen == 0 || a.en.at-a.gr.seen > within) && a.en.at-w.start >= int64(w.c.Learn) {
			w.emit(a.gr, []entry{a.en}, 1, false)
		}
		a.gr.seen = max(a.gr.seen, a.en.until)
		w.idle.put(a.gr, a.gr.seen+within)
	}
	w.idle.take(t, func(gr *group) {
		if gr.len() == 0 && gr.seen < t-within {
			w.drop(gr)
			return
		}
		w.idle.put(gr, max(gr.seen, t-within)+within)
	})
	w.closed = max(w.closed, t)
}
