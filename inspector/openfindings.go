package inspector

import (
	"context"
	"fmt"
	"strings"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/param"
)

// RiskEvidence is what is found on a resource, as far as a control asks.
type RiskEvidence struct {
	Risk Risk   `json:"risk"`
	Says string `json:"says"`
}

// String gives Says.
func (e RiskEvidence) String() string { return e.Says }

// rankedActions are what a Ranking calls.
func rankedActions() []string {
	return actions("BatchGetAccountStatus", "ListFindings", "BatchGetFindingDetails")
}

// open judges the resources of the ranking: says gives the sentence of a
// resource that fails, "" of one that does not. Where none fails, the region passes.
func (r *Region) open(ctx context.Context, c posture.Control, passes string, says func(Risk) string) ([]posture.Finding, Ranking, error) {
	_, off, err := r.on(ctx, c)
	if off != nil || err != nil {
		return off, Ranking{}, err
	}
	ranking, err := r.Ranking(ctx)
	var fs []posture.Finding
	for _, v := range ranking.Risks {
		if s := says(v); s != "" {
			f := c.Fail(v.Resource, RiskEvidence{v, s})
			f.Tags = v.Tags
			fs = append(fs, f)
		}
	}
	if fs == nil && err == nil {
		fs = append(fs, c.Pass(r.resource(), OpenEvidence{ranking.Read, passes}))
	}
	return fs, ranking, err
}

// OpenEvidence is that no active finding is of a kind.
type OpenEvidence struct {
	Findings int    `json:"findings"` // active
	Says     string `json:"says"`
}

// String says it in a sentence.
func (e OpenEvidence) String() string {
	return fmt.Sprintf("Of %s none %s.", plural(e.Findings, "active finding", "active findings"), e.Says)
}

// KnownExploited judges that no active finding's vulnerability is on CISA's list
// of known exploited vulnerabilities and past the list's date, or open for more
// than 14 days. See https://www.cisa.gov/known-exploited-vulnerabilities-catalog.
type KnownExploited struct{ Region *Region }

// Control implements posture.Evaluator.
func (e KnownExploited) Control() posture.Control {
	return posture.Control{
		ID:       "inspector.kev-open",
		Title:    "No known exploited vulnerability is left open",
		Doc:      "What is on this list is being used for intrusions now. Mend it by the list's date, or take the resource off the network.",
		Severity: posture.Critical, Scope: posture.Regional, Resource: TypeInstance,
		Requires: rankedActions(),
		Params:   []posture.Param{param.Days("limit", knownLimit, knownLimit, "CISA BOD 22-01")},
	}
}

// Place implements posture.Evaluator.
func (e KnownExploited) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e KnownExploited) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c := e.Control()
	fs, ranking, err := e.Region.open(ctx, c, "is of a known exploited vulnerability and past its date", func(v Risk) string {
		if v.Known == nil {
			return ""
		}
		return fmt.Sprintf("Known exploited and still open: %s.", strings.Join(v.Known, ", "))
	})
	return withoutPasses(fs, ranking.unexploited()), orError(err, ranking.unexploited())
}

// withoutPasses takes passes away that stand on facts which could not be read.
func withoutPasses(fs []posture.Finding, err error) (kept []posture.Finding) {
	for _, f := range fs {
		if err == nil || f.Status != posture.Pass {
			kept = append(kept, f)
		}
	}
	return kept
}

func orError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// unexploited is why exploitation is not known of every finding, nil where it is.
func (k Ranking) unexploited() error {
	if k.undetails != nil || k.unread == 0 {
		return k.undetails
	}
	return &posture.Cause{Kind: posture.CauseNotReady, Operation: "Inspector2:BatchGetFindingDetails", Message: "Inspector has no details of the vulnerabilities of " + plural(k.unread, "finding", "findings")}
}

// ExploitReachable judges that no active finding has an exploit, or was seen
// exploited, on a resource that can be reached.
type ExploitReachable struct{ Region *Region }

// Control implements posture.Evaluator.
func (e ExploitReachable) Control() posture.Control {
	return posture.Control{
		ID:       "inspector.exploit-reachable",
		Title:    "Nothing reachable has a vulnerability with an exploit",
		Doc:      "A vulnerability with a public exploit behind an open port is an intrusion that has not happened yet. Close the path today, and mend the package after.",
		Severity: posture.Critical, Scope: posture.Regional, Resource: TypeInstance,
		Requires: rankedActions(),
	}
}

// Place implements posture.Evaluator.
func (e ExploitReachable) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e ExploitReachable) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c := e.Control()
	fs, ranking, err := e.Region.open(ctx, c, "has an exploit on a resource that can be reached", func(v Risk) string {
		if v.Exploitable == 0 {
			return ""
		}
		return fmt.Sprintf("%s an exploit, on a resource that can be reached. The most urgent is %s", plural(v.Exploitable, "finding has", "findings have"), v.Worst)
	})
	unknown := ranking.unexploited()
	if ranking.unlooked > 0 {
		unknown = orError(unknown, &posture.Cause{Kind: posture.CauseNotProvided, Message: fmt.Sprintf("whether the resources of %s with an exploit can be reached", plural(ranking.unlooked, "finding", "findings"))})
	}
	return withoutPasses(fs, unknown), orError(err, unknown)
}

// Objective judges that no active finding is open for longer than the objective
// of its tier, or than CISA's date. The objectives are the view's: Region.Objectives.
type Objective struct{ Region *Region }

// Control implements posture.Evaluator.
func (e Objective) Control() posture.Control {
	var o Objectives
	if e.Region != nil {
		o = e.Region.Objectives
	}
	d := DefaultObjectives()
	return posture.Control{
		ID:       "inspector.sla",
		Title:    "Findings are closed within their objective",
		Doc:      "A finding without a date is mended when there is nothing else to do. Each tier has a time within which its findings are to be closed; what is overdue is behind the promise that you made.",
		Severity: posture.Medium, Scope: posture.Regional, Resource: TypeInstance,
		Requires: rankedActions(),
		Params:   []posture.Param{param.Days("t0-t1", o.T0T1, d.T0T1, ""), param.Days("t2", o.T2, d.T2, ""), param.Days("t3-t4", o.T3T4, d.T3T4, ""), param.Days("t5", o.T5, d.T5, "")},
	}
}

// Place implements posture.Evaluator.
func (e Objective) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator. Without what tells of exploitation a
// finding may be in a later tier than its own, so nothing passes then.
func (e Objective) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c := e.Control()
	fs, ranking, err := e.Region.open(ctx, c, "is overdue", func(v Risk) string {
		if v.Overdue == 0 {
			return ""
		}
		return fmt.Sprintf("%s overdue, the most urgent of %s, the oldest open since %s.", plural(v.Overdue, "finding is", "findings are"), v.OverdueTier, v.Oldest)
	})
	return withoutPasses(fs, ranking.unexploited()), orError(err, ranking.unexploited())
}
