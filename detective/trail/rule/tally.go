package rule

// tally counts how often each of some hashes is there, and how many are. It is
// filled and emptied for every window that is looked at, for which a map is slow.
type tally struct {
	slots    []counted
	round    uint32 // what was counted in another is not there
	used     int    // slots of this round
	distinct int
}

type counted struct {
	hash  uint64
	n     int32
	round uint32
}

func (t *tally) reset() {
	if t.round++; t.round == 0 {
		clear(t.slots)
		t.round = 1
	}
	t.used, t.distinct = 0, 0
}

// add counts a hash n times more, which may be less than none.
func (t *tally) add(hash uint64, n int32) {
	if t.used*2 >= len(t.slots) {
		t.grow()
	}
	for i := hash >> 1; ; i++ { // the lowest bit is the same in all
		s := &t.slots[i&uint64(len(t.slots)-1)]
		if s.round != t.round {
			*s = counted{hash: hash, round: t.round}
			t.used++
		} else if s.hash != hash {
			continue
		}
		if s.n == 0 {
			t.distinct++
		}
		if s.n += n; s.n == 0 {
			t.distinct--
		}
		return
	}
}

func (t *tally) grow() {
	old, round := t.slots, t.round
	t.slots = make([]counted, max(64, 2*len(old)))
	t.round = 0
	t.reset()
	for _, s := range old {
		if s.round == round && s.n != 0 {
			t.add(s.hash, s.n)
		}
	}
}
