package rule

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/maphash"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

// Options are an engine's parameters; zero means the default.
type Options struct {
	// Lateness is how far behind the newest event another may come and still
	// count in windows, which are closed within a minute after that or a
	// sixteenth of it, whichever is longer. Zero: windows stay open until Close,
	// as befits files.
	Lateness time.Duration
	// Early emits a window's hit as soon as its condition holds, marked Early.
	Early bool
	// MaxGroups bounds the groups that each correlation remembers (default
	// 100,000) and MaxEvents the matches in each (default 10,000). Matches
	// that are too few to hold whatever group they belong to are kept without
	// one, at most eight times MaxGroups.
	MaxGroups, MaxEvents int
}

// Engine judges events one by one. It is not for concurrent use.
type Engine struct {
	set  *Set
	opt  Options
	ix   index
	s    scratch
	corr []*window // by rule; nil for rules without correlation
	max  int64     // the newest event time, Unix nanoseconds, 0 for none
	step int64     // of event time, after which windows are looked at again
	hits []Hit

	now   current
	notes []note
	arena strings.Builder // where their texts are
	seed  maphash.Seed
	buf   []byte

	// Late counts events that came after their windows had closed, Dropped the
	// matches that MaxGroups and MaxEvents cost.
	Late, Dropped int64
}

// Engine makes an engine; nil options are the defaults.
func (s *Set) Engine(o *Options) *Engine {
	g := &Engine{set: s, ix: index{set: s}, seed: maphash.MakeSeed(), corr: make([]*window, len(s.rules))}
	if o != nil {
		g.opt = *o
	}
	if g.opt.MaxGroups <= 0 {
		g.opt.MaxGroups = 100_000
	}
	if g.opt.MaxEvents <= 0 {
		g.opt.MaxEvents = 10_000
	}
	g.step = int64(max(time.Minute, g.opt.Lateness/16))
	for i, r := range s.rules {
		if r.Correlate != nil {
			g.corr[i] = newWindow(g, i)
		}
	}
	return g
}

// Match appends to dst the positions in [Set.Rules] of the rules whose Expr
// matches e, and nothing else: no Refine, no correlation.
func (g *Engine) Match(dst []int, e *trail.Event) []int {
	g.s.begin()
	for _, c := range g.ix.find(&g.s, e) {
		if c.holds(&g.s, e) {
			dst = append(dst, c.rule)
		}
	}
	return dst
}

// Event judges one event and returns the hits that it makes, which are valid
// until the next call.
func (g *Engine) Event(e *trail.Event) []Hit {
	g.hits = g.hits[:0]
	g.now.begin(e)
	g.s.begin()
	for _, c := range g.ix.find(&g.s, e) {
		if c.holds(&g.s, e) {
			g.matched(c.rule, e)
		}
	}
	if g.opt.Lateness > 0 {
		if g.now.at > g.max {
			if g.now.at/g.step*g.step > g.max {
				g.advance(before(g.now.at, g.opt.Lateness))
			}
			g.max = g.now.at
		}
	}
	return g.hits
}

func (g *Engine) matched(i int, e *trail.Event) {
	r := &g.set.rules[i]
	v := Yes
	if r.Refine != nil {
		if v = r.Refine(e); v == Clean {
			return
		}
	}
	late := false
	for _, c := range g.set.feeds[i] {
		if !g.corr[c].add(i, e) {
			late = true
		}
	}
	if late {
		g.Late++
	}
	if r.Silent || r.Correlate != nil {
		return
	}
	ref := refOf(e)
	h := g.hit(r, "", ref.Time, ref.Time, []EventRef{ref})
	if r.Raise != nil {
		if l := r.Raise(e); l != "" {
			h.Level = l
		}
	}
	h.Principal, h.Session = string(e.AppendPrincipal(nil)), e.SessionKey()
	h.Why = g.set.nodes[i].why(&g.s, e, nil)
	h.Undecided, h.Late = v == Undecided, late
	g.hits = append(g.hits, h)
}

func (g *Engine) hit(r *Rule, group string, first, last time.Time, refs []EventRef) Hit {
	sum := sha256.New()
	for _, s := range []string{r.ID, group, refs[0].ID, refs[0].Account} {
		sum.Write([]byte(s))
		sum.Write([]byte{0})
	}
	if refs[0].ID == "" {
		sum.Write([]byte(refs[0].File + refs[0].Time.String()))
	}
	return Hit{
		ID: hex.EncodeToString(sum.Sum(nil)[:12]), Rule: r.ID, Title: r.Title, Level: r.Level,
		Author: r.Author, License: r.License, Tags: r.Tags, First: first, Last: last, Events: refs,
	}
}

// Advance says that no event before t is to come: windows that end before it
// close. The hits are valid until the next call.
func (g *Engine) Advance(t time.Time) []Hit {
	g.hits = g.hits[:0]
	g.advance(t.UnixNano())
	return g.hits
}

// Close closes all windows.
func (g *Engine) Close() []Hit { return g.Advance(time.Unix(0, math.MaxInt64)) }

func (g *Engine) advance(t int64) {
	// A correlation of correlations hears of a window only when it closes, and
	// so runs behind those that feed it.
	lag := make([]time.Duration, len(g.corr))
	for _, i := range g.set.order {
		c := g.set.rules[i].Correlate
		for _, id := range c.Rules {
			if j, ok := g.set.byID[id]; ok && g.corr[j] != nil {
				lag[i] = max(lag[i], lag[j]+min(g.corr[j].c.Within, math.MaxInt64-lag[j]))
			}
		}
		g.corr[i].close(before(t, lag[i]))
	}
}

// before is the time a duration before t, the oldest when there is none. Nothing
// is to come before the end of time, whatever the duration.
func before(t int64, d time.Duration) int64 {
	if t == math.MaxInt64 {
		return t
	}
	return max(t, math.MinInt64+int64(d)) - int64(d)
}

// Run judges all events and then closes all windows. Errors of the reader pass
// through.
func (s *Set) Run(events iter.Seq2[*trail.Event, error], o *Options) iter.Seq2[Hit, error] {
	return func(yield func(Hit, error) bool) {
		g := s.Engine(o)
		for e, err := range events {
			if err != nil {
				if !yield(Hit{}, err) {
					return
				}
				continue
			}
			for _, h := range g.Event(e) {
				if !yield(h, nil) {
					return
				}
			}
		}
		for _, h := range slices.Clone(g.Close()) {
			if !yield(h, nil) {
				return
			}
		}
	}
}
