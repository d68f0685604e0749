package lineage

import (
	"strings"
	"time"
)

// generation holds what was learned in one span of event time.
type generation struct {
	keys   map[string]*issue   // by the access key issued
	sess   map[string][]*issue // by account and principal id of the session
	shared map[string]*issue   // by shared event id: the caller in its own account
	signIn map[string]*issue   // by sign-in session
	portal []*issue            // Identity Center's GetRoleCredentials
	n      int
}

func newGeneration() *generation {
	return &generation{keys: map[string]*issue{}, sess: map[string][]*issue{}, shared: map[string]*issue{}, signIn: map[string]*issue{}}
}

// indexed is what an issue is found by.
type indexed struct {
	by  uint8
	key string
}

const (
	byKey uint8 = iota
	bySession
	bySignIn
	byShared
	byPortal
)

func (s *Store) put(is *issue, keys []indexed) {
	keep, limit := s.Keep, s.Max
	if keep <= 0 {
		keep = 48 * time.Hour
	}
	if limit <= 0 {
		limit = 1_000_000
	}
	t := is.ref.Time
	if s.gen[1] == nil {
		s.gen[0], s.gen[1], s.start = newGeneration(), newGeneration(), t
	}
	if t.After(s.newest) {
		s.newest = t
	}
	full := s.gen[1].n >= max(limit/2, 1)
	if full || s.newest.Sub(s.start) > keep {
		if full {
			s.Evicted += int64(s.gen[0].n)
		}
		// Keys of IAM users do not expire: they move on, unless memory is short.
		next := newGeneration()
		if !full {
			for k, v := range s.gen[0].keys {
				if strings.HasPrefix(k, "AKIA") {
					s.gen[1].keys[k] = v
				}
			}
		}
		s.gen[0], s.gen[1], s.start = s.gen[1], next, s.newest
	}
	g := s.gen[1]
	g.n++
	for _, k := range keys {
		switch k.by {
		case byKey:
			// The same call seen twice, or in two accounts: the first with a
			// full caller stays.
			if old := g.keys[k.key]; old == nil || old.foreign {
				g.keys[k.key] = is
			}
		case bySession:
			g.sess[k.key] = append(g.sess[k.key], is)
		case bySignIn:
			g.signIn[k.key] = is
		case byShared:
			g.shared[k.key] = is
		case byPortal:
			g.portal = append(g.portal, is)
		}
	}
}
