// Package lint finds rules that can never match what CloudTrail writes: an
// event source that does not record the event, an IAM action or API name where
// CloudTrail writes another, a member that records do not have, a word in the
// wrong case, tests that exclude each other.
//
// It judges the rule language, so that rules of every kind are judged alike:
// native ones, Sigma and EventBridge patterns. A [Problem] names the member and
// the value; sigma's Collection.Place and eventpattern's Pattern.Place lead from
// there to the line or the place in the pattern.
//
// [Notes] tells what rules cost or need instead: data events, read events, a
// try on every event, or nothing at all because another rule does the same.
//
// What the tables do not know is called unusual, never impossible: AWS adds
// names every week. The names of events are those of package schema and the API
// names of the service models that AWS publishes with its SDKs, as of 2026-05.
package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture/detective/trail/rule"
)

// Level is how sure it is that something is wrong.
type Level uint8

// The levels.
const (
	Unusual Level = iota // the tables do not know it
	Never                // this test never holds; the rule may match by others
	Dead                 // the whole rule never matches
)

func (l Level) String() string { return [...]string{"unusual", "never", "dead"}[min(l, 2)] }

// MarshalText writes the level as its word.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Problem is something in a rule that keeps it from matching.
type Problem struct {
	Rule    string   `json:"rule"`
	Level   Level    `json:"level"`
	Path    string   `json:"path,omitempty"` // the member it is about
	Text    string   `json:"text,omitempty"` // the value it is about
	Reason  string   `json:"reason"`
	Instead []string `json:"instead,omitempty"` // what may have been meant, nearest first
}

func (p Problem) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "rule %q: %s: ", p.Rule, p.Level)
	if p.Path != "" {
		b.WriteString(p.Path)
		if p.Text != "" {
			fmt.Fprintf(&b, " %q", p.Text)
		}
		b.WriteString(": ")
	}
	b.WriteString(p.Reason)
	if len(p.Instead) > 0 {
		b.WriteString("; perhaps " + strings.Join(p.Instead, ", "))
	}
	return b.String()
}

// Rules lints rules, each by itself and correlations by the rules that feed
// them. The problems come in the order of the rules.
func Rules(rules []rule.Rule) []Problem {
	l := &linter{}
	found := make([][]Problem, len(rules))
	dead := map[string]bool{}
	for i, r := range rules {
		l.rule, l.out = r.ID, nil
		if r.Expr != nil && !l.live(r.Expr, context{}) {
			dead[r.ID] = true
			l.add(Problem{Level: Dead, Reason: "no event matches the condition"})
		}
		if c := r.Correlate; c != nil {
			l.correlation(c)
		}
		found[i] = l.out
	}
	// A correlation may be fed by another.
	for changed := true; changed; {
		changed = false
		for i, r := range rules {
			if r.Correlate == nil || dead[r.ID] {
				continue
			}
			if gone := starved(r.Correlate, dead); gone != "" {
				dead[r.ID], changed = true, true
				found[i] = append(found[i], Problem{Rule: r.ID, Level: Dead, Reason: fmt.Sprintf("the rule %q that it counts never matches", gone)})
			}
		}
	}
	return slices.Concat(found...)
}

// starved names a rule without whose matches the correlation cannot be.
func starved(c *rule.Correlation, dead map[string]bool) string {
	switch {
	case c.Kind == rule.Ordered:
		for _, s := range c.Steps {
			if i := slices.IndexFunc(s.All, func(id string) bool { return dead[id] }); i >= 0 {
				return s.All[i]
			}
		}
	case c.Kind == rule.Temporal && c.Cond == nil:
		if i := slices.IndexFunc(c.Rules, func(id string) bool { return dead[id] }); i >= 0 {
			return c.Rules[i]
		}
	case len(c.Rules) > 0 && !slices.ContainsFunc(c.Rules, func(id string) bool { return !dead[id] }):
		return c.Rules[0]
	}
	return ""
}

func (l *linter) correlation(c *rule.Correlation) {
	aliased := func(f string) bool { return len(c.Aliases[f]) > 0 }
	for _, f := range slices.Concat(c.GroupBy, c.Fields) {
		if f != "session" && f != "principal" && !aliased(f) {
			l.path(f)
		}
	}
	for _, m := range c.Aliases {
		for _, f := range m {
			l.path(f)
		}
	}
}
