package inspector

import (
	"cmp"
	"container/heap"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// Ranking is what a stream of findings comes to: the most urgent of them, the
// fixes that close many, and a line per resource. Its size is that of the fixes
// and resources, however many findings there were.
type Ranking struct {
	Made      time.Time    `json:"made"`
	Read      int          `json:"read"`     // findings in the stream
	Distinct  int          `json:"distinct"` // of them, a vulnerability of one image under several names counted once
	Tiers     map[Tier]int `json:"tiers"`    // of the distinct
	Overdue   int          `json:"overdue"`  // of those read
	NoFix     int          `json:"noFix"`    // of those read: no fix closes them
	Items     []Item       `json:"items"`    // the most urgent, in order
	Fixes     []Fix        `json:"fixes"`    // those that close the most urgent findings first
	Smallest  []Fix        `json:"smallest"` // few fixes that together close every T0 and T1 that a fix closes
	Risks     []Risk       `json:"risks"`    // by resource, the most urgent first
	Unknown   []string     `json:"unknown,omitempty"`
	unlooked  int          // exploitable findings on resources that nobody looked at
	unread    int          // findings of CVEs, or of updates of Windows, of which nobody knows whether they are exploited
	undetails error        // why exploitation of some vulnerabilities is not known
}

// Ranker makes a Ranking of findings, one at a time. Its memory is that of the
// fixes, resources and kept items, and of eight bytes or so for each distinct
// vulnerability of a container image. The zero value is ready; fields are set
// before the first Add.
type Ranker struct {
	Now        time.Time // default the time of the first Add
	Objectives Objectives
	Keep       int           // items; default 1000
	KnownLimit time.Duration // how long a known exploited vulnerability may stay open, whatever CISA's date; default 14 days

	read, overdue, noFix int
	tiers                [T6 + 1]int
	items                worstFirst
	at                   map[imageKey]*Item // kept items of images, by what they are
	best                 map[uint64]Tier    // of a vulnerability in an image
	images, cves         interner
	resources            map[posture.Resource]int32
	risks                []*risk
	groups               map[FixKey]*group
	urgent               map[closers]int // T0 and T1 that no more than these close
	unlooked, unread     int
}

// closers are the fixes that close a finding, each alone: no finding has more
// than two.
type closers [2]*group

type imageKey struct{ digest, vulnerability string }

type interner struct{ ids map[string]uint32 }

func (n *interner) id(s string) uint64 {
	id, ok := n.ids[s]
	if !ok {
		if n.ids == nil {
			n.ids = map[string]uint32{}
		}
		id = uint32(len(n.ids))
		n.ids[s] = id
	}
	return uint64(id)
}

// Add ranks a finding and takes it into account.
func (r *Ranker) Add(f Finding, k Facts) Item {
	if r.groups == nil {
		r.urgent = map[closers]int{}
		r.groups, r.resources, r.best, r.at = map[FixKey]*group{}, map[posture.Resource]int32{}, map[uint64]Tier{}, map[imageKey]*Item{}
	}
	if r.Now.IsZero() {
		r.Now = time.Now()
	}
	i := rank(f, k, r.Objectives, r.Now)
	r.read++
	if i.Overdue {
		r.overdue++
	}
	if !k.ReachLooked && k.Reach == "" && (f.Exploit || k.exploited(f, r.Now)) {
		r.unlooked++
	}
	// CISA lists nothing but CVEs; an update of Windows, KB…, stands for several of them.
	if k.Exploitation == nil && (strings.HasPrefix(f.Vulnerability, "CVE-") || strings.HasPrefix(f.Vulnerability, "KB")) {
		r.unread++
	}
	r.count(i)
	resource := r.resource(f)
	r.risks[resource].add(r, i)
	r.keep(i)
	keys := f.Fixes()
	if len(keys) == 0 {
		r.noFix++
		return i
	}
	var by closers
	for n, key := range keys {
		g := r.groups[key]
		if g == nil {
			g = &group{key: key, resources: map[int32]struct{}{}}
			r.groups[key] = g
		}
		g.add(i, resource)
		by[n] = g
	}
	if i.Tier <= T1 {
		r.urgent[by]++
	}
	return i
}

// count counts an item by tier. A vulnerability of an image counts once, by its
// most urgent finding, under however many tags and repositories the image is.
func (r *Ranker) count(i Item) {
	f := i.Finding
	if f.Resource.Type != TypeImage || f.Image == "" || f.Vulnerability == "" {
		r.tiers[i.Tier]++
		return
	}
	key := r.images.id(f.Image)<<32 | r.cves.id(f.Vulnerability)
	was, seen := r.best[key]
	switch {
	case !seen:
	case i.Tier >= was:
		return
	default:
		r.tiers[was]--
	}
	r.tiers[i.Tier]++
	r.best[key] = i.Tier
}

func (r *Ranker) resource(f Finding) int32 {
	n, ok := r.resources[f.Resource]
	if !ok {
		n = int32(len(r.risks))
		r.resources[f.Resource] = n
		r.risks = append(r.risks, &risk{resource: f.Resource, tags: f.Tags})
	}
	return n
}

// keep keeps the item if it is among the most urgent.
func (r *Ranker) keep(i Item) {
	most := cmp.Or(r.Keep, 1000)
	if len(r.items) == most && i.Compare(*r.items[0]) >= 0 {
		return
	}
	key := imageKey{i.Finding.Image, i.Finding.Vulnerability}
	image := i.Resource.Type == TypeImage && key.digest != "" && key.vulnerability != ""
	if had := r.at[key]; image && had != nil {
		if i.Compare(*had) < 0 {
			*had = i
			heap.Fix(&r.items, slices.Index(r.items, had))
		}
		return
	}
	p := &i
	if image {
		r.at[key] = p
	}
	heap.Push(&r.items, p)
	if len(r.items) > most {
		gone := heap.Pop(&r.items).(*Item)
		key := imageKey{gone.Finding.Image, gone.Finding.Vulnerability}
		if r.at[key] == gone {
			delete(r.at, key)
		}
	}
}

// worstFirst is a heap whose first is the least urgent kept.
type worstFirst []*Item

func (h worstFirst) Len() int           { return len(h) }
func (h worstFirst) Less(a, b int) bool { return h[a].Compare(*h[b]) > 0 }
func (h worstFirst) Swap(a, b int)      { h[a], h[b] = h[b], h[a] }

// Push implements heap.Interface.
func (h *worstFirst) Push(x any) { *h = append(*h, x.(*Item)) }

// Pop implements heap.Interface.
func (h *worstFirst) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// Ranking gives what was added so far. It does not depend on the order of adding.
func (r *Ranker) Ranking() Ranking {
	out := Ranking{Made: r.Now.UTC(), Read: r.read, Overdue: r.overdue, NoFix: r.noFix, Tiers: tally(r.tiers), unlooked: r.unlooked, unread: r.unread}
	for _, n := range r.tiers {
		out.Distinct += n
	}
	items := slices.Clone(r.items)
	slices.SortFunc(items, func(a, b *Item) int { return a.Compare(*b) })
	for _, i := range items {
		v := *i
		v.Reason = v.reason(r.Now)
		out.Items = append(out.Items, v)
	}
	groups := make([]*group, 0, len(r.groups))
	for _, g := range r.groups {
		groups = append(groups, g)
	}
	slices.SortFunc(groups, moreUrgent)
	for _, g := range groups {
		out.Fixes = append(out.Fixes, g.fix(r.Now))
	}
	for _, g := range smallest(r.urgent) {
		out.Smallest = append(out.Smallest, g.fix(r.Now))
	}
	risks := slices.Clone(r.risks)
	slices.SortFunc(risks, func(a, b *risk) int { return a.worst.Compare(b.worst) })
	for _, v := range risks {
		out.Risks = append(out.Risks, v.risk(r.Now))
	}
	return out
}

// moreUrgent orders fixes by what they close in each tier, the most urgent
// tier first, and then by their keys.
func moreUrgent(a, b *group) int {
	if n := b.urgent() - a.urgent(); n != 0 {
		return n
	}
	if n := b.closes - a.closes; n != 0 {
		return n
	}
	return a.key.compare(b.key)
}

func (g *group) fix(now time.Time) Fix {
	return Fix{Key: g.key, Do: g.key.String(), Closes: g.closes, Urgent: g.urgent(), Tiers: tally(g.tiers), Resources: len(g.resources), Worst: g.worst.reason(now)}
}

// smallest chooses fixes until everything is closed that a fix closes: each
// time the one that closes most of what is open, of equals the first by key.
// That is no more than a logarithmic factor from the fewest.
func smallest(open map[closers]int) (chosen []*group) {
	open = maps.Clone(open)
	for len(open) > 0 {
		closes := map[*group]int{}
		for by, n := range open {
			for _, g := range by {
				if g != nil {
					closes[g] += n
				}
			}
		}
		var best *group
		for g, n := range closes {
			if best == nil || n > closes[best] || n == closes[best] && g.key.compare(best.key) < 0 {
				best = g
			}
		}
		chosen = append(chosen, best)
		maps.DeleteFunc(open, func(by closers, _ int) bool { return slices.Contains(by[:], best) })
	}
	return chosen
}
