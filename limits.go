package posture

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Limits are what a run may touch. They are checked on the whole run before its
// first write. Zero values are the defaults.
type Limits struct {
	Targets      int                  // distinct targets; default 25
	Share        int                  // of all resources of a kind, in percent; default 10. A run on one target is always small enough.
	Accounts     int                  // default 1
	Regions      int                  // default 1; a global service counts as one
	Irreversible int                  // steps that lose something undo cannot bring back; default none
	Cost         bool                 // steps that cost money; default none
	Broken       int                  // observed uses that will stop working; default none
	Coverage     int                  // least coverage of the break analysis, in percent; default none asked for
	Managed      bool                 // targets that something else manages; default none
	Window       func(time.Time) bool // when changes may be made; default always
	Concurrency  int                  // plans at once in ApplyAll; default 1
	Pace         time.Duration        // least time between two writes; default 50 ms
}

const (
	defaultTargets = 25
	defaultShare   = 10
	defaultPace    = 50 * time.Millisecond
)

func (l Limits) pace() time.Duration { return cmp.Or(l.Pace, defaultPace) }

// raised tells whether a limit above the default was asked for.
func (l Limits) raised() bool {
	return l.Targets > defaultTargets || l.Share > defaultShare || l.Accounts > 1 || l.Regions > 1 || l.Broken > 0 || l.Managed
}

// tally is what a run would touch.
type tally struct {
	targets, accounts, regions   map[string]bool
	kinds                        map[string]map[string]bool // targets by kind of setting
	losses, costs, broken, steps int
	leastCoverage                int
	loss, cost                   string // an example of each
}

func tallyOf(plans []Plan) tally {
	t := tally{targets: map[string]bool{}, accounts: map[string]bool{}, regions: map[string]bool{}, kinds: map[string]map[string]bool{}, leastCoverage: 100}
	for _, p := range plans {
		t.broken += len(p.Impact.Broken)
		t.leastCoverage = min(t.leastCoverage, p.Impact.Coverage)
		t.count(p.Steps)
	}
	return t
}

func (t *tally) count(steps []Step) {
	for i, s := range steps {
		t.steps++
		target := fmt.Sprintf("%+v", s.Target)
		t.targets[target], t.accounts[s.Target.Account], t.regions[s.Target.Region] = true, true, true
		for _, r := range s.Touches {
			// Everything that shares the change counts: one group can stand for many interfaces.
			t.targets[fmt.Sprintf("%+v", r)] = true
		}
		if t.kinds[s.Kind.Name] == nil {
			t.kinds[s.Kind.Name] = map[string]bool{}
		}
		t.kinds[s.Kind.Name][target] = true
		if s.Loss != "" {
			t.losses++
			t.loss = fmt.Sprintf("step %d, %s on %s, cannot be undone: %s", i, s.Kind.Name, s.Target, s.Loss)
		}
		if s.Cost != "" {
			t.costs++
			t.cost = fmt.Sprintf("step %d, %s on %s, costs: %s", i, s.Kind.Name, s.Target, s.Cost)
		}
	}
}

// within checks a run against the limits.
func (x *Executor) within(t tally) error {
	l := x.Limits
	for _, check := range []struct {
		over bool
		what string
	}{
		{t.losses > l.Irreversible, t.loss},
		{t.costs > 0 && !l.Cost, t.cost},
		{len(t.targets) > cmp.Or(l.Targets, defaultTargets), fmt.Sprintf("%d targets, at most %d", len(t.targets), cmp.Or(l.Targets, defaultTargets))},
		{len(t.accounts) > cmp.Or(l.Accounts, 1), fmt.Sprintf("%d accounts, at most %d", len(t.accounts), cmp.Or(l.Accounts, 1))},
		{len(t.regions) > cmp.Or(l.Regions, 1), fmt.Sprintf("%d regions, at most %d", len(t.regions), cmp.Or(l.Regions, 1))},
		{t.broken > l.Broken, fmt.Sprintf("%d observed uses would stop working, at most %d", t.broken, l.Broken)},
		{t.leastCoverage < l.Coverage, fmt.Sprintf("the break analysis covers %d %% of the use, at least %d %% asked for", t.leastCoverage, l.Coverage)},
		{l.Window != nil && !l.Window(x.now()), "it is outside the change window"},
	} {
		if check.over {
			return &Refusal{Reason: ReasonLimit, Message: check.what}
		}
	}
	return x.withinShare(t)
}

// withinShare checks how much of each kind's population a run would touch. Where
// that cannot be told, the caller must have set the number of targets.
func (x *Executor) withinShare(t tally) error {
	share := cmp.Or(x.Limits.Share, defaultShare)
	for _, kind := range slices.Sorted(maps.Keys(t.kinds)) {
		n := len(t.kinds[kind])
		if n <= 1 {
			continue
		}
		population, complete := 0, false
		if x.Population != nil {
			population, complete = x.Population(kind)
		}
		switch {
		case complete && n*100 > share*population:
			return &Refusal{Reason: ReasonLimit, Message: fmt.Sprintf("%d of %d targets of kind %s, at most %d %%", n, population, kind, share)}
		case !complete && x.Limits.Targets == 0:
			return &Refusal{Reason: ReasonLimit, Message: fmt.Sprintf("%d targets of kind %s of a population that is not known; set Limits.Targets or Executor.Population", n, kind)}
		}
	}
	return nil
}
