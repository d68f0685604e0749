package detections

import (
	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/cover"
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
		switch res := cover.Cover(must.Expr(), []rule.Expr{now.Expr()}, nil); {
		case len(res.Gaps) > 0:
			return rule.Yes
		case res.Covered:
			return rule.Clean
		}
		return rule.Undecided
	}
}
