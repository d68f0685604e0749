package posture

import (
	"strings"
	"sync"
	"time"
)

// pacer spaces the writes of a run: those of one service in one account and
// region, however many plans run at once.
type pacer struct {
	mu   sync.Mutex
	next map[paced]time.Time
}

type paced struct{ account, region, service string }

// service is the service that a kind of setting writes to: the part of its name
// before the dot.
func (k Kind) service() string {
	service, _, _ := strings.Cut(k.Name, ".")
	return service
}

// wait blocks until the write's turn comes.
func (p *pacer) wait(s Step, l Limits) {
	key := paced{s.Target.Account, s.Target.Region, s.Kind.service()}
	now := time.Now()
	p.mu.Lock()
	if p.next == nil {
		p.next = map[paced]time.Time{}
	}
	turn := p.next[key]
	if turn.Before(now) {
		turn = now
	}
	p.next[key] = turn.Add(l.pace(key.service))
	p.mu.Unlock()
	time.Sleep(turn.Sub(now))
}
