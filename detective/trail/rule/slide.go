package rule

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
		if s.lo+1 < s.hi && es[s.lo+1].sameEvent(&es[s.lo]) {
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
		if s.hi > s.lo && es[s.hi].sameEvent(&es[s.hi-1]) {
			s.same++
		}
		if values {
			es[s.hi].values(func(v []byte) { s.counts[string(v)]++ })
		}
	}
}
