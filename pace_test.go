package posture

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestPace has ten writes at once: they begin one after the other, each service
// at its own pace, and other places do not wait.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pacer
		l := Limits{Pace: time.Second, Paces: map[string]time.Duration{"slow": time.Minute}}
		began := time.Now()
		var mu sync.Mutex
		last := map[string]time.Duration{}
		var wg sync.WaitGroup
		for range 5 {
			for _, s := range []Step{
				{Kind: Kind{Name: "quick.x"}, Target: Resource{Account: "111122223333"}},
				{Kind: Kind{Name: "slow.x"}, Target: Resource{Account: "111122223333"}},
				{Kind: Kind{Name: "slow.y"}, Target: Resource{Account: "444455556666"}},
			} {
				wg.Go(func() {
					p.wait(s, l)
					mu.Lock()
					defer mu.Unlock()
					last[s.Kind.Name] = max(last[s.Kind.Name], time.Since(began))
				})
			}
		}
		wg.Wait()
		if last["quick.x"] != 4*time.Second || last["slow.x"] != 4*time.Minute || last["slow.y"] != 4*time.Minute {
			t.Errorf("the last of five began after %v", last)
		}
	})
}
