package rule

import "slices"

// calendar finds the groups whose time has come without looking at the others.
// It holds each in the bucket of the time when it is next to be looked at.
type calendar struct {
	width   int64
	buckets map[int64][]*group
}

func newCalendar(width int64) calendar {
	return calendar{width: max(width, 1), buckets: map[int64][]*group{}}
}

func (c *calendar) bucket(t int64) int64 {
	b := t / c.width
	if t%c.width < 0 {
		b--
	}
	return b
}

// put enters the group for time t, unless it is to be looked at before that.
func (c *calendar) put(gr *group, t int64) {
	b := c.bucket(t)
	if gr.queued && gr.bucket <= b {
		return
	}
	// An entry in a later bucket is left behind and known by its number.
	gr.queued, gr.bucket = true, b
	c.buckets[b] = append(c.buckets[b], gr)
}

// take removes the groups of times up to t, and perhaps a little after, and
// hands them out in order of their buckets.
func (c *calendar) take(t int64, f func(*group)) {
	last := c.bucket(t)
	var due []int64
	for b := range c.buckets {
		if b <= last {
			due = append(due, b)
		}
	}
	slices.Sort(due)
	for _, b := range due {
		groups := c.buckets[b]
		delete(c.buckets, b)
		for _, gr := range groups {
			if gr.queued && gr.bucket == b {
				gr.queued = false
				f(gr)
			}
		}
	}
}
