package rule

import "sort"

// slide is a window that moves over the matches of one group. It keeps the
// number of matches or of distinct values, so that a long group costs as many
// steps as it has matches and not their square.
type slide struct {
	es       []entry
	lo, hi   int
	same     int // entries after lo that are the same event as the one before
	distinct int // values
}

func (s *slide) reset() {
	for i := s.lo; i < s.hi; i++ {
		s.es[i].val.each(func(v *value) { v.seen = 0 })
	}
	*s = slide{}
}

// moved brings the window to [i, j). Both ends only ever move forward.
func (s *slide) moved(es []entry, i, j int, values bool) {
	if s.hi <= i {
		// Nothing is left of it.
		s.reset()
		s.lo, s.hi = i, i
	}
	s.es = es
	for ; s.lo < i; s.lo++ {
		if values {
			es[s.lo].val.each(func(v *value) {
				if v.seen--; v.seen == 0 {
					s.distinct--
				}
			})
		} else if s.lo+1 < s.hi && es[s.lo+1].sameEvent(&es[s.lo]) {
			s.same--
		}
	}
	for ; s.hi < j; s.hi++ {
		if values {
			es[s.hi].val.each(func(v *value) {
				if v.seen++; v.seen == 1 {
					s.distinct++
				}
			})
		} else if s.hi > s.lo && es[s.hi].sameEvent(&es[s.hi-1]) {
			s.same++
		}
	}
}

// mostKnown bounds the list of a group's values, which is searched one by one.
const mostKnown = 64

// few reports whether a group holds too few matches, or distinct values, for
// any window in it. Most groups always do.
func (w *window) few(gr *group) bool {
	switch w.c.Kind {
	case Count:
		return gr.len() < w.need
	case Distinct:
		if gr.texts < w.need || w.need > mostKnown {
			return gr.texts < w.need
		}
		if gr.known == nil || len(gr.known) >= w.need && gr.grown > gr.len() {
			gr.known = make([]*value, 0, 8)
			for _, en := range gr.entries() {
				if len(gr.known) >= w.need {
					break
				}
				gr.learn(en.val)
			}
			gr.grown = 0
		}
		return len(gr.known) < w.need
	}
	return false
}

// poor reports whether all windows of a group that begin before limit hold too
// few distinct values even together.
func (w *window) poor(gr *group, limit int64) bool {
	es := gr.entries()
	last := sort.Search(len(es), func(j int) bool { return es[j].at >= limit }) - 1
	if w.c.Kind != Distinct || last < 0 {
		return false
	}
	w.slide.moved(es, 0, w.end(es, last), true)
	few := w.slide.distinct < w.need
	w.slide.reset()
	return few
}
