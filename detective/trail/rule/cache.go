package rule

import "hash/maphash"

// cache stands before a map of texts. It remembers for each hash the one that
// was asked for last, which is the one that is asked for for most events.
type cache[T any] struct {
	slots []slot[T]
	seed  maphash.Seed
}

type slot[T any] struct {
	value T
}

// at is the place for a text; what is there may be about another.
func (c *cache[T]) at(key []byte, size int) *slot[T] {
	if c.slots == nil {
		c.slots, c.seed = make([]slot[T], size), maphash.MakeSeed()
	}
	return &c.slots[maphash.Bytes(c.seed, key)&uint64(len(c.slots)-1)]
}
