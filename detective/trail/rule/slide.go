package rule

import (
	"hash/maphash"
	"slices"
)

// slide is a window that moves over the matches of one group. It keeps the
// number of matches or of distinct values, so that a long group costs as many
// steps as it has matches and not their square.
type slide struct {
	lo, hi int
	same   int // entries after lo that are the same event as the one before
	seen   tally
}

func (s *slide) reset() {
	s.seen.reset()
	s.lo, s.hi, s.same = 0, 0, 0
}

// moved brings the window to [i, j). Both ends only ever move forward.
func (w *window) moved(es []entry, i, j int) {
	s := &w.slide
	values := w.c.Kind == Distinct
	if s.hi <= i {
		// Nothing is left of it.
		s.reset()
		s.lo, s.hi = i, i
	}
	for ; s.lo < i; s.lo++ {
		if values {
			w.tally(&es[s.lo], -1)
		} else if s.lo+1 < s.hi && es[s.lo+1].sameEvent(&es[s.lo]) {
			s.same--
		}
	}
	for ; s.hi < j; s.hi++ {
		if values {
			w.tally(&es[s.hi], 1)
		} else if s.hi > s.lo && es[s.hi].sameEvent(&es[s.hi-1]) {
			s.same++
		}
	}
}

func (w *window) tally(en *entry, n int32) {
	if en.hash != 0 {
		w.slide.seen.add(en.hash, n)
		return
	}
	w.each(en, func(h uint64) { w.slide.seen.add(h, n) })
}

// each goes through the hashes of an entry's values. Texts are told apart by
// these, 63 bits with a seed that nobody knows: of two, one pair in 2^63 would
// count as one.
func (w *window) each(en *entry, f func(hash uint64)) {
	if en.hash != 0 {
		f(en.hash)
		return
	}
	for rest := en.vals; len(rest) > 0; {
		_, next := cutText(rest)
		f(maphash.String(w.g.seed, rest[:len(rest)-len(next)]) | 1)
		rest = next
	}
}

// learn adds an entry's values to those that its group is known to have, as far
// as these matter: one event can have thousands.
func (w *window) learn(gr *group, en *entry) {
	w.each(en, func(h uint64) {
		if last := &gr.heard[h>>1%uint64(len(gr.heard))]; *last != h && len(gr.known) < w.need {
			if *last = h; !slices.Contains(gr.known, h) {
				gr.known = append(gr.known, h)
			}
		}
	})
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
			gr.known, gr.heard = make([]uint64, 0, 8), [8]uint64{}
			es := gr.entries()
			for i := range es {
				if len(gr.known) >= w.need {
					break
				}
				w.learn(gr, &es[i])
			}
			gr.grown = 0
		}
		return len(gr.known) < w.need
	}
	return false
}
