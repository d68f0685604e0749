package rule

import "slices"

// sort brings the entries into order and drops those that are there twice.
func (w *window) sort(gr *group) {
	es, n := gr.entries(), gr.sorted
	if n == len(es) {
		return
	}
	slices.SortFunc(es[n:], func(a, b entry) int { return a.compare(&b) })
	from := max(n-1, 0)
	if n > 0 && es[n-1].compare(&es[n]) >= 0 {
		// Merge from the back, over a copy of what is new.
		w.late = append(w.late[:0], es[n:]...)
		i, k := n-1, len(w.late)-1
		for to := len(es) - 1; k >= 0; to-- {
			if i >= 0 && es[i].compare(&w.late[k]) > 0 {
				es[to] = es[i]
				i--
			} else {
				es[to] = w.late[k]
				k--
			}
		}
		clear(w.late)
		from = max(i, 0)
	}
	to := from + 1
	for i := from + 1; i < len(es); i++ {
		if es[i].compare(&es[to-1]) == 0 {
			gr.texts -= es[i].values()
			continue
		}
		if to < i {
			es[to] = es[i]
		}
		to++
	}
	clear(es[to:])
	gr.base = gr.base[:gr.off+to]
	gr.sorted = to
}

// has reports whether the sorted entries hold en.
func (gr *group) has(en entry) bool {
	_, found := slices.BinarySearchFunc(gr.entries(), en, func(a, b entry) int { return a.compare(&b) })
	return found
}
