package detections

import (
	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/cover"
	"github.com/awsposture/posture/detective/trail/eventpattern"
	"github.com/awsposture/posture/detective/trail/filter"
	"github.com/awsposture/posture/detective/trail/rule"
)

// uncovered judges a metric filter's new pattern: is there an event that the
// pattern which is watched matches and the new one does not?
func uncovered(watched map[string]string) func(*trail.Event) rule.Verdict {
	return func(e *trail.Event) rule.Verdict {
		must, err := filter.Parse(watched[e.Request().Member("filterName").Text()])
		if err != nil || e.Omitted() {
			return rule.Undecided
		}
		now, err := filter.Parse(e.Request().Member("filterPattern").Text())
		if err != nil {
			// CloudWatch Logs took it, so it is of another form: of words, not of
			// JSON, which matches something else.
			return rule.Undecided
		}
		return gap(must.Expr(), now.Expr())
	}
}

// unmatched is the same for the pattern of a rule on events. A rule that is put
// without one has none any more.
func unmatched(watched map[string]string) func(*trail.Event) rule.Verdict {
	return func(e *trail.Event) rule.Verdict {
		must, err := pattern(watched[e.Request().Member("name").Text()])
		if err != nil || e.Omitted() {
			return rule.Undecided
		}
		text := e.Request().Member("eventPattern")
		if text.Kind() != trail.KindString {
			return rule.Yes
		}
		now, err := pattern(text.Text())
		if err != nil {
			return rule.Undecided
		}
		return gap(must, now)
	}
}

func pattern(text string) (rule.Expr, error) {
	p, err := eventpattern.Parse([]byte(text))
	if err != nil {
		return nil, err
	}
	return p.Expr()
}

// gap says whether there is an event that must matches and now does not.
func gap(must, now rule.Expr) rule.Verdict {
	switch res := cover.Cover(must, []rule.Expr{now}, nil); {
	case len(res.Gaps) > 0:
		return rule.Yes
	case res.Covered:
		return rule.Clean
	}
	return rule.Undecided
}
