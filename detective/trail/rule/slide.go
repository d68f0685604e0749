package rule

import "sort"

// slide is a window that moves over the matches of one group. It keeps the
// number of matches and of distinct values, so that a long group costs as many
// steps as it has matches and not their square.
type slide struct {
	lo, hi int
	same   int // entries after lo that are the same event as the one before
	counts map[string]int
}

func (s *slide) reset() {
	s.lo, s.hi, s.same = 0, 0, 0
	clear(s.counts)
}

// moved brings the window to [i, j). Both ends only ever move forward.
func (s *slide) moved(es []entry, i, j int, values bool) {
	if s.hi <= i {
		// Nothing is left of it.
		s.reset()
		s.lo, s.hi = i, i
	}
	for ; s.lo < i; s.lo++ {
		if !values && s.lo+1 < s.hi && es[s.lo+1].sameEvent(&es[s.lo]) {
			s.same--
		}
		if values {
			es[s.lo].values(func(v []byte) {
				if s.counts[string(v)]--; s.counts[string(v)] <= 0 {
					delete(s.counts, string(v))
				}
			})
		}
	}
	if values && s.counts == nil {
		s.counts = map[string]int{}
	}
	for ; s.hi < j; s.hi++ {
		if !values && s.hi > s.lo && es[s.hi].sameEvent(&es[s.hi-1]) {
			s.same++
		}
		if values {
			es[s.hi].values(func(v []byte) { s.counts[string(v)]++ })
		}
	}
}

// poor reports whether all windows of a group that begin before limit hold too
// few distinct values even together: most groups are done with that.
func (w *window) poor(gr *group, limit int64) bool {
	if w.c.Kind != Distinct {
		return false
	}
	if gr.values < w.need {
		return true
	}
	if gr.known == nil || gr.grown > len(gr.entries) {
		gr.known = map[string]struct{}{}
		for i := range gr.entries {
			gr.learn(&gr.entries[i])
		}
		gr.grown = 0
	}
	if len(gr.known) < w.need {
		return true
	}
	last := sort.Search(len(gr.entries), func(j int) bool { return gr.entries[j].at >= limit }) - 1
	if last < 0 {
		return false
	}
	w.slide.moved(gr.entries, 0, w.end(gr, last), true)
	few := len(w.slide.counts) < w.need
	w.slide.reset()
	return few
}

// learn adds the values of an entry to those that the group is known to have
// or to have had.
func (gr *group) learn(en *entry) {
	if gr.known == nil {
		return
	}
	gr.grown++
	en.values(func(v []byte) {
		if _, ok := gr.known[string(v)]; !ok {
			gr.known[string(v)] = struct{}{}
		}
	})
}
