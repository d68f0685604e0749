package rule

import "slices"

// group is the matches that agree in what a correlation groups by.
type group struct {
	key         string // packed texts
	seen        int64  // FirstSeen: the last time that is settled
	due, idle   place  // in the calendars
	early, poor bool   // poor: nothing can hold in it until there is more; it is looked at seldom
	*matches           // FirstSeen: nil while there are none, as in most groups
}

type matches struct {
	base    []entry // those before off are forgotten
	off     int
	sorted  int      // how many are in order, so that arrival order is forgotten
	texts   int      // values of all entries
	known   []*value // all of them, and some that were, up to as many as matter; nil while there are few entries
	grown   int      // matches since known was made
	initial [1]entry
}

func (gr *group) entries() []entry {
	if gr.matches == nil {
		return nil
	}
	return gr.base[gr.off:]
}

func (gr *group) len() int {
	if gr.matches == nil {
		return 0
	}
	return len(gr.base) - gr.off
}

// wake gives a group a place for matches.
func (w *window) wake(gr *group) {
	if gr.matches != nil {
		return
	}
	if n := len(w.asleep); n > 0 {
		gr.matches, w.asleep = w.asleep[n-1], w.asleep[:n-1]
	} else {
		gr.matches = &matches{}
	}
	gr.base = gr.initial[:0]
}

// rest takes the place from a group that has no matches.
func (w *window) rest(gr *group) {
	w.reuse(gr)
	m := gr.matches
	gr.matches, *m = nil, matches{}
	if len(w.asleep) < 1<<12 {
		w.asleep = append(w.asleep, m)
	}
}

// append adds a match, at first out of order.
func (w *window) append(gr *group, en entry) {
	w.wake(gr)
	w.use(en.val)
	gr.texts += en.val.len()
	if gr.known != nil {
		if gr.grown++; len(gr.known) < w.need {
			gr.learn(en.val)
		}
	}
	if len(gr.base) == cap(gr.base) {
		w.grow(gr)
	}
	gr.base = append(gr.base, en)
	if gr.poor && !w.few(gr) {
		gr.poor = false
		w.due.put(gr, w.closed)
	}
}

func (gr *group) learn(v *value) {
	v.each(func(v *value) {
		if !slices.Contains(gr.known, v) {
			gr.known = append(gr.known, v)
		}
	})
}

// remove forgets what an entry counted for.
func (w *window) remove(gr *group, en *entry) {
	gr.texts -= en.val.len()
	w.unuse(en.val)
}

// forget drops the first n entries.
func (w *window) forget(gr *group, n int) {
	es := gr.entries()[:n]
	for i := range es {
		w.remove(gr, &es[i])
	}
	clear(es)
	gr.off += n
	gr.sorted = max(gr.sorted-n, 0)
	if gr.off*2 >= len(gr.base) {
		k := copy(gr.base, gr.base[gr.off:])
		clear(gr.base[k:])
		gr.base, gr.off = gr.base[:k], 0
	}
}

// expire drops the entries before a time.
func (w *window) expire(gr *group, t int64) {
	es, to, sorted := gr.entries(), 0, 0
	for i := range es {
		if es[i].at < t {
			w.remove(gr, &es[i])
			continue
		}
		if i < gr.sorted {
			sorted++
		}
		if to < i {
			es[to] = es[i]
		}
		to++
	}
	clear(es[to:])
	gr.base, gr.sorted = gr.base[:gr.off+to], sorted
}

// Slices of entries are used again by other groups. They hold 4, 16, 64 … entries;
// the largest of these sizes come and go with their groups.
const sizes = 6

func (w *window) grow(gr *group) {
	want, class := 4, 0
	for want <= len(gr.base) {
		want *= 4
		class++
	}
	var next []entry
	if class < sizes {
		if n := len(w.spare[class]); n > 0 {
			next = w.spare[class][n-1]
			w.spare[class] = w.spare[class][:n-1]
		}
	}
	if next == nil {
		next = make([]entry, 0, want)
	}
	next = append(next, gr.base...)
	w.reuse(gr)
	gr.base = next
}

// reuse keeps a group's slice for another.
func (w *window) reuse(gr *group) {
	b := gr.base
	clear(b)
	if cap(b) == len(gr.initial) {
		return
	}
	for want, class := 4, 0; class < sizes; want, class = want*4, class+1 {
		if cap(b) == want {
			if len(w.spare[class]) < 1<<14>>(2*class) {
				w.spare[class] = append(w.spare[class], b[:0])
			}
			return
		}
	}
}

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
			w.remove(gr, &es[i])
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
