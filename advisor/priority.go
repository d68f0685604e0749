package advisor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/param"
)

// Stage is how far the account is with a priority recommendation. The set is open.
type Stage string

// The stages. StageAbsent is never wanted: it says that there is no such
// recommendation any more.
const (
	StagePending    Stage = "pending_response"
	StageInProgress Stage = "in_progress"
	StageDismissed  Stage = "dismissed"
	StageResolved   Stage = "resolved"
	StageAbsent     Stage = "absent"
)

// stages are those in which a recommendation can be.
var stages = []Stage{StagePending, StageInProgress, StageDismissed, StageResolved}

// Reason is why a priority recommendation is moved to a stage. Code is one of
// AWS's: "non_critical_account", "temporary_account", "valid_business_case",
// "other_methods_available", "low_priority", "not_applicable", "other". Text is
// from 10 to 4096 characters, or none. To dismiss takes a code, and "other" a text.
type Reason struct {
	Code string `json:"code,omitempty"`
	Text string `json:"text,omitempty"`
}

// fault says what keeps AWS from taking a recommendation to a stage for a reason,
// "" nothing.
func (r Reason) fault(to Stage) string {
	switch n := utf8.RuneCountInString(r.Text); {
	case !slices.Contains(stages, to):
		return fmt.Sprintf("there is no stage %q to move it to", to)
	case to == StageDismissed && r.Code == "":
		return "to dismiss it takes a reason"
	case r.Code == "other" && strings.TrimSpace(r.Text) == "":
		return `the reason "other" takes a text`
	case n > 0 && (n < 10 || n > 4096):
		return "the text of a reason has from 10 to 4096 characters"
	}
	return ""
}

// Priority is a recommendation that AWS's account team picked out.
type Priority struct {
	ARN      string
	Name     string
	Category Category
	Colour   Colour
	Stage    Stage
	Created  time.Time
	Updated  time.Time
}

// Priorities lists the priority recommendations.
func (a *Account) Priorities(ctx context.Context) ([]Priority, error) {
	return a.priorities.Get(ctx, func(ctx context.Context) ([]Priority, error) {
		reader, ok := a.source.(PriorityReader)
		if !ok {
			return nil, &posture.Cause{Kind: posture.CauseNotProvided, Message: "a source that has priority recommendations was not provided; the AWS Support API does not have them"}
		}
		return reader.Priorities(ctx)
	})
}

// priorityActions are the IAM actions of reading priority recommendations.
func (a *Account) priorityActions() (list, get []string) {
	if a != nil {
		reader, ok := a.source.(PriorityReader)
		if !ok {
			return nil, nil
		}
		return reader.PriorityActions()
	}
	return []string{"trustedadvisor:ListRecommendations"}, []string{"trustedadvisor:GetRecommendation"}
}

// PriorityOpen judges that no priority recommendation waits for an answer longer
// than Max. See "Get started with AWS Trusted Advisor Priority" in the AWS Support
// User Guide.
type PriorityOpen struct {
	Account *Account
	Max     time.Duration // default 30 days
}

// PriorityEvidence is a priority recommendation.
type PriorityEvidence struct {
	Name    string    `json:"name"`
	Colour  Colour    `json:"colour"`
	Stage   Stage     `json:"stage"`
	Created time.Time `json:"created"`
	Age     int       `json:"ageDays"`
}

// String says it in a sentence.
func (e PriorityEvidence) String() string {
	return fmt.Sprintf("The priority recommendation %q is at stage %s, %s after it was made.", e.Name, e.Stage, plural(e.Age, "day", "days"))
}

// Control implements posture.Evaluator.
func (e PriorityOpen) Control() posture.Control {
	list, _ := e.Account.priorityActions()
	return posture.Control{
		ID:       "advisor.priority-open",
		Title:    "Priority recommendations are answered in time",
		Doc:      "AWS's account team sent this recommendation because it thinks that the account needs it more than others. Begin it, or dismiss it with the reason.",
		Severity: posture.Medium, Scope: posture.Global, Resource: typeRecommendation,
		Requires: list,
		Params:   []posture.Param{param.Days("max-age", e.Max, 30*day, "")},
	}
}

const typeRecommendation = "AWS::TrustedAdvisor::Recommendation"

func (a *Account) priorityResource(arn string) posture.Resource {
	return a.place.Resource(typeRecommendation, name(arn), arn)
}

// Place implements posture.Evaluator.
func (e PriorityOpen) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e PriorityOpen) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	if a.place.Partition == "aws-cn" {
		return []posture.Finding{c.NotApplicable(a.account(), NotOffered.unasked())}, nil
	}
	all, err := a.Priorities(ctx)
	if state := a.refusal(err); state != IsEntitled {
		return []posture.Finding{c.NotApplicable(a.account(), state.unasked())}, nil
	}
	var fs []posture.Finding
	for _, p := range all {
		at := a.priorityResource(p.ARN)
		if p.Created.IsZero() {
			fs = append(fs, c.Unknown(at, &posture.Cause{Kind: posture.CauseMalformed, Message: "the recommendation does not say when it was made"}))
			continue
		}
		if !slices.Contains(stages, p.Stage) {
			fs = append(fs, c.Unknown(at, &posture.Cause{Kind: posture.CauseMalformed, Message: fmt.Sprintf("the recommendation is at stage %q, which is not known", p.Stage)}))
			continue
		}
		age := a.now().Sub(p.Created)
		judge := c.Pass
		if p.Stage == StagePending && age > cmp.Or(e.Max, 30*day) {
			judge = c.Fail
		}
		fs = append(fs, judge(at, PriorityEvidence{p.Name, p.Colour, p.Stage, p.Created, int(age / day)}))
	}
	return c.Judged(fs, err, a.account(), "The account has no priority recommendation.")
}
