package rule

import "slices"

// calendar finds the groups whose time has come without looking at the others.
// It holds each in the bucket of the time when it is next to be looked at.
type calendar struct {
	width   int64
	of      func(*group) *place
	buckets map[int64][]*group
}

// place is where a calendar has a group.
type place struct {
	queued bool
	bucket int64
}

func newCalendar(width int64, of func(*group) *place) calendar {
	return calendar{width: max(width, 1), of: of, buckets: map[int64][]*group{}}
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
	p := c.of(gr)
	if p.queued && p.bucket*c.width <= t { // of most matches, which costs no division
		return
	}
	b := c.bucket(t)
	// An entry in a later bucket is left behind and known by its number.
	*p = place{true, b}
	c.buckets[b] = append(c.buckets[b], gr)
}

// renew forgets what was left behind of groups that have been dropped, or are in
// another bucket.
func (c *calendar) renew(groups map[string]*group) {
	c.buckets = map[int64][]*group{}
	for _, gr := range groups {
		if p := c.of(gr); p.queued {
			c.buckets[p.bucket] = append(c.buckets[p.bucket], gr)
		}
	}
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
			if p := c.of(gr); p.queued && p.bucket == b {
				p.queued = false
				f(gr)
			}
		}
	}
}
