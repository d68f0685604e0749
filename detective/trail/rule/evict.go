package rule

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// evict forgets the eighth of the groups that were quiet longest.
func (w *window) evict() {
	last := func(gr *group) int64 {
		if gr.sights != nil {
			t := gr.seen
			for _, r := range gr.runs {
				t = max(t, r.until)
			}
			return t
		}
		t := int64(math.MinInt64)
		for _, en := range gr.entries() {
			t = max(t, en.at)
		}
		return t
	}
	w.lasts = w.lasts[:0]
	for _, gr := range w.groups {
		w.lasts = append(w.lasts, last(gr))
	}
	k := len(w.lasts) / 8
	limit := nth(w.lasts, k)
	var old, ties []*group
	for _, gr := range w.groups {
		switch t := last(gr); {
		case t < limit:
			old = append(old, gr)
		case t == limit:
			ties = append(ties, gr)
		}
	}
	slices.SortFunc(ties, func(a, b *group) int { return strings.Compare(a.key, b.key) })
	for _, gr := range append(old, ties[:k+1-len(old)]...) {
		w.g.Dropped += int64(gr.size())
		w.drop(gr)
	}
	w.due.renew(w.groups)
	if w.c.Kind == FirstSeen {
		w.idle.renew(w.groups)
	}
}

// nth returns the k-th smallest of xs, which it reorders.
func nth(xs []int64, k int) int64 {
	for len(xs) > 1 {
		p := xs[len(xs)/2]
		lo, mid := 0, 0
		for hi := len(xs); mid < hi; {
			switch c := cmp.Compare(xs[mid], p); {
			case c < 0:
				xs[lo], xs[mid] = xs[mid], xs[lo]
				lo++
				mid++
			case c > 0:
				hi--
				xs[mid], xs[hi] = xs[hi], xs[mid]
			default:
				mid++
			}
		}
		switch {
		case k < lo:
			xs = xs[:lo]
		case k < mid:
			return p
		default:
			xs, k = xs[mid:], k-mid
		}
	}
	return xs[0]
}
