package inspector

import (
	"cmp"
	"context"
	"fmt"
	"iter"

	"github.com/awsposture/posture"
)

// chunk is how many findings are looked up together.
const chunk = 1000

// Ranking ranks the account's active findings. It is the one thing that is kept
// of them. With an error it gives the ranking of those that were read before it.
func (r *Region) Ranking(ctx context.Context) (Ranking, error) {
	return r.ranking.Get(ctx, func(ctx context.Context) (Ranking, error) {
		k := &Ranker{Now: r.now(), Objectives: r.Objectives, Keep: r.Keep}
		return (&triage{region: r}).ranking(ctx, k)
	})
}

// Items streams the account's active findings with their ranks, in no order. An
// error comes last, with a zero Item.
func (r *Region) Items(ctx context.Context) iter.Seq2[Item, error] {
	return (&triage{region: r}).items(ctx)
}

// Ranking ranks the active findings of every account that the administrator
// sees, as Region.Ranking does those of one.
func (o *Organization) Ranking(ctx context.Context) (Ranking, error) {
	return o.ranking.Get(ctx, func(ctx context.Context) (Ranking, error) {
		k := &Ranker{Now: o.region.now(), Objectives: o.region.Objectives, Keep: o.region.Keep}
		return (&triage{region: o.region, all: true}).ranking(ctx, k)
	})
}

// Items streams the active findings of every account that the administrator
// sees, as Region.Items does those of one.
func (o *Organization) Items(ctx context.Context) iter.Seq2[Item, error] {
	return (&triage{region: o.region, all: true}).items(ctx)
}

func (t *triage) ranking(ctx context.Context, k *Ranker) (Ranking, error) {
	err := t.run(ctx, k.Add)
	out := k.Ranking()
	out.Unknown, out.undetails = t.unknown(), t.details.err
	return out, err
}

func (t *triage) items(ctx context.Context) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		r, now, more := t.region, t.region.now(), true
		err := t.run(ctx, func(f Finding, k Facts) Item {
			i := Rank(f, k, r.Objectives, now)
			if more {
				if more = yield(i, nil); !more {
					stop()
				}
			}
			return i
		})
		if more && err != nil {
			yield(Item{}, err)
		}
	}
}

// triage reads findings and the facts that they are ranked with.
type triage struct {
	region  *Region
	all     bool // findings of every account
	details details
	paths   map[string]string // instance to how it is reached, as Inspector found
	reached map[posture.Resource]reached
	roles   map[string]Privilege
	reach   error // the first failure of Region.Reach
	role    error // and of Region.Privilege
}

type reached struct {
	how    string
	looked bool
}

// run gives each active finding with its facts. What is reachable is listed
// first, since a finding is ranked by what another one shows.
func (t *triage) run(ctx context.Context, add func(Finding, Facts) Item) error {
	r := t.region
	t.details = details{api: r.api, known: map[string]Exploitation{}}
	t.paths, t.reached, t.roles = map[string]string{}, map[posture.Resource]reached{}, map[string]Privilege{}
	read := r.Paths
	if t.all {
		read = func(ctx context.Context) ([]Path, error) { return listPaths(ctx, r, true) }
	}
	paths, err := read(ctx)
	if err != nil {
		return err
	}
	for _, p := range paths {
		if how := p.Network.reach(); t.paths[p.Resource.ID] == "" || how < t.paths[p.Resource.ID] {
			t.paths[p.Resource.ID] = how
		}
	}
	waiting := make([]Finding, 0, chunk)
	flush := func() {
		t.details.ask(ctx, waiting)
		for _, f := range waiting {
			add(f, t.facts(ctx, f))
		}
		waiting = waiting[:0]
	}
	for f, err := range r.Query(ctx, Query{AllAccounts: t.all}) {
		if err != nil {
			flush()
			return err
		}
		if waiting = append(waiting, f); len(waiting) == chunk {
			flush()
		}
	}
	flush()
	return nil
}

func (t *triage) facts(ctx context.Context, f Finding) (k Facts) {
	if e, ok := t.details.known[f.Vulnerability]; ok {
		k.Exploitation = &e
	}
	at := t.reachOf(ctx, f)
	k.Reach, k.ReachLooked = at.how, at.looked
	if t.region.Weigh != nil {
		k.Criticality = t.region.Weigh(f.Resource, f.Tags)
	}
	if t.region.Privilege != nil && f.Role != "" && t.role == nil {
		p, ok := t.roles[f.Role]
		if !ok {
			p, t.role = t.region.Privilege(ctx, f.Role)
			t.roles[f.Role] = p
		}
		k.Privilege = p
	}
	return k
}

// reachOf says how a resource is reached: an instance as Inspector itself found,
// and everything as Region.Reach tells.
func (t *triage) reachOf(ctx context.Context, f Finding) reached {
	if v, ok := t.reached[f.Resource]; ok {
		return v
	}
	v := reached{how: t.paths[f.Resource.ID], looked: f.Resource.Type == TypeInstance}
	if t.region.Reach != nil && v.how == "" && t.reach == nil {
		how, reachable, err := t.region.Reach(ctx, f.Resource)
		if t.reach = err; err == nil {
			if v.looked = true; reachable {
				v.how = cmp.Or(how, "reachable")
			}
		}
	}
	t.reached[f.Resource] = v
	return v
}

// unknown says which facts the ranking was made without.
func (t *triage) unknown() (all []string) {
	say := func(what string, err error) {
		if err != nil {
			all = append(all, fmt.Sprintf("%s: %s", what, posture.CauseOf(err)))
		}
	}
	say("whether vulnerabilities are exploited is not known of all", t.details.err)
	say("what can be reached is not known of all", t.reach)
	say("what roles may do is not known of all", t.role)
	if t.region.Reach == nil {
		all = append(all, "whether images and functions can be reached was not given")
	}
	if t.region.Privilege == nil {
		all = append(all, "what roles may do was not given")
	}
	return all
}
