package rule

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/awsposture/posture/detective/trail"
)

// run is the first of matches of a FirstSeen correlation that follow each other
// without a gap of Within.
type run struct {
	entry
	until int64 // the last of them
}

// first is a run and the group that it is of.
type first struct {
	gr *group
	run
}

// sighted enters a match of a FirstSeen correlation. Of the matches of a run
// only the first can become a finding, so that only that is kept; and none where
// the last that is settled is not long enough ago, whatever else may arrive.
func (w *window) sighted(key []byte, en entry, e *trail.Event) {
	within := int64(w.c.Within)
	hash := maphash.Bytes(w.g.seed, key)
	gr := w.find(key, hash)
	if gr != nil && gr.seen != 0 && en.at-gr.seen <= within {
		gr.seen = max(gr.seen, en.at)
		return
	}
	if gr == nil {
		gr = w.group(key, hash)
	}
	rs := gr.runs
	// i is the first run that begins after the match.
	i := len(rs)
	for i > 0 && rs[i-1].at > en.at {
		i--
	}
	switch {
	case i > 0 && rs[i-1].at < en.at && en.at-rs[i-1].until <= within:
		rs[i-1].until = max(rs[i-1].until, en.at)
	case i > 0 && rs[i-1].at == en.at:
		if w.noted(&en, e); en.compare(&rs[i-1].entry) < 0 {
			rs[i-1].entry = en
		}
		return
	case len(rs) >= w.g.opt.MaxEvents:
		w.g.Dropped++
		return
	default:
		w.noted(&en, e)
		if n := len(w.runs); rs == nil && n > 0 {
			rs, w.runs = w.runs[n-1], w.runs[:n-1]
		}
		gr.runs = slices.Insert(rs, i, run{en, en.at})
		w.due.put(gr, en.at)
		i++
	}
	// The run may have reached the next one.
	if rs = gr.runs; i < len(rs) && rs[i].at-rs[i-1].until <= within {
		rs[i-1].until = max(rs[i-1].until, rs[i].until)
		gr.runs = slices.Delete(rs, i, i+1)
	}
}

// noted adds the note, unless it is there.
func (w *window) noted(en *entry, e *trail.Event) {
	if en.note == nil {
		en.about(w.g.note(e))
	}
}

// settleSeen goes through the matches before t in order of time.
func (w *window) settleSeen(t int64) {
	within, forgotten := int64(w.c.Within), before(t, w.c.Within)
	all := w.firsts[:0]
	w.due.take(t, func(gr *group) {
		i := 0
		for i < len(gr.runs) && gr.runs[i].at < t {
			all = append(all, first{gr, gr.runs[i]})
			i++
		}
		if gr.runs = slices.Delete(gr.runs, 0, i); len(gr.runs) > 0 {
			w.due.put(gr, gr.runs[0].at)
		} else {
			if len(w.runs) < maxSpared {
				w.runs = append(w.runs, gr.runs)
			}
			gr.runs = nil
		}
	})
	slices.SortFunc(all, func(a, b first) int {
		return cmp.Or(a.compare(&b.entry), strings.Compare(a.gr.key, b.gr.key))
	})
	for _, a := range all {
		if w.start == 0 {
			w.start = a.at
		}
		if (a.gr.seen == 0 || a.at-a.gr.seen > within) && a.at-w.start >= int64(w.c.Learn) {
			w.emit(a.gr, []entry{a.entry}, 1, false)
		}
		a.gr.seen = max(a.gr.seen, a.until)
		w.idle.put(a.gr, a.gr.seen+within)
	}
	clear(all)
	w.firsts = all[:0]
	w.idle.take(t, func(gr *group) {
		if len(gr.runs) == 0 && gr.seen < forgotten {
			w.drop(gr)
			return
		}
		w.idle.put(gr, max(gr.seen, forgotten)+within)
	})
	w.closed = max(w.closed, t)
}
