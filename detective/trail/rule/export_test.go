package rule

import (
	"fmt"
	"hash/maphash"
)

// Loud keeps no match without a group, from the start.
func (g *Engine) Loud() *Engine {
	for _, w := range g.corr {
		if w != nil {
			w.quiet = nil
		}
	}
	return g
}

// Room is how many matches there is room for beside the groups, and how often
// calendars name one.
func (g *Engine) Room() (matches, names int) {
	for _, w := range g.corr {
		if w == nil {
			continue
		}
		if w.quiet != nil {
			matches += len(w.quiet.chunks) * len(chunk{})
		}
		for _, c := range []*calendar{&w.due, &w.idle} {
			for _, groups := range c.buckets {
				names += len(groups)
			}
		}
	}
	return matches, names
}

// Check says what is not as it should be between groups, quiet matches and their
// buckets.
func (g *Engine) Check() error {
	for i, w := range g.corr {
		if w == nil {
			continue
		}
		groups := map[*bucket]uint32{}
		for key, gr := range w.groups {
			if gr.gone || gr.key != key {
				return fmt.Errorf("%d: group %q is called %q", i, key, gr.key)
			}
			if gr.matches != nil && len(gr.known) > w.need {
				return fmt.Errorf("%d: %q has %d values to tell %d", i, key, len(gr.known), w.need)
			}
			if w.quiet != nil {
				groups[w.quiet.bucket(gr.hash)]++
			}
		}
		if len(w.groups) > g.opt.MaxGroups {
			return fmt.Errorf("%d: %d groups", i, len(w.groups))
		}
		if w.quiet == nil {
			continue
		}
		linked, live := 0, 0
		for k := range w.quiet.buckets {
			b := &w.quiet.buckets[k]
			if b.groups != groups[b] {
				return fmt.Errorf("%d: bucket of %d groups, not %d", i, groups[b], b.groups)
			}
			for n := b.last; n >= w.quiet.first && n > 0; n = w.quiet.item(n).prev {
				it := w.quiet.item(n)
				if it.note == nil || b.groups > 0 || w.quiet.bucket(maphash.String(g.seed, it.key())) != b {
					return fmt.Errorf("%d: item %d is in the wrong bucket", i, n)
				}
				linked++
			}
		}
		for n := w.quiet.first; n < w.quiet.next; n++ {
			if w.quiet.item(n).note != nil {
				live++
			}
		}
		if live != w.quiet.live || live != linked || live > 8*g.opt.MaxGroups {
			return fmt.Errorf("%d: %d quiet matches are there, %d counted, %d linked", i, live, w.quiet.live, linked)
		}
	}
	return nil
}
