package guardduty

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/param"
)

// UnreviewedFindings judges that no unarchived finding of severity High or
// Critical is older than Max. Age counts from when the finding was made; a
// finding that is dealt with is archived. The severity of the finding is that of
// GuardDuty's number. See "Severity levels of GuardDuty findings" in the GuardDuty
// User Guide.
type UnreviewedFindings struct {
	Region *Region
	Max    time.Duration // default 2 days
}

// OpenFindingEvidence is an open finding and its age.
type OpenFindingEvidence struct {
	Type     string    `json:"type"`
	Title    string    `json:"title,omitempty"`
	Severity float64   `json:"severity"`
	Created  time.Time `json:"created"`
	Updated  time.Time `json:"updated,omitzero"`
	Age      int       `json:"ageHours"`
}

// String says it in a sentence.
func (e OpenFindingEvidence) String() string {
	return fmt.Sprintf("Finding %s of severity %.1f has been open for %s, since %s.", e.Type, e.Severity, plural(e.Age, "hour", "hours"), stamp(e.Created))
}

func (r *Region) openEvidence(f OpenFinding) OpenFindingEvidence {
	return OpenFindingEvidence{f.Type, f.Title, f.Severity, f.Created, f.Updated, int(r.now().Sub(f.Created) / time.Hour)}
}

// findingResource is a finding as a resource. CloudFormation has no type for
// it; the name follows its form.
func (r *Region) findingResource(d Detector, f OpenFinding) posture.Resource {
	return r.place.Resource("AWS::GuardDuty::Finding", f.ID, cmp.Or(f.ARN, r.arn(d, "/finding/"+f.ID)))
}

// Control implements posture.Evaluator.
func (e UnreviewedFindings) Control() posture.Control {
	return posture.Control{
		ID:       "guardduty.open-findings",
		Title:    "High and Critical findings are dealt with in time",
		Doc:      "A finding of severity High or Critical says that something is compromised or about to be. Contain it, find its cause, and archive the finding when that is done.",
		Severity: posture.High, Scope: posture.Regional, Resource: "AWS::GuardDuty::Finding",
		Requires: actions("ListDetectors", "GetDetector", "ListFindings", "GetFindings"),
		Params:   []posture.Param{param.Days("max-age", e.Max, 2*day, "")},
	}
}

// Place implements posture.Evaluator.
func (e UnreviewedFindings) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e UnreviewedFindings) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, r, most := e.Control(), e.Region, cmp.Or(e.Max, 2*day)
	d, off, err := r.enabled(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	open, err := r.OpenFindings(ctx)
	var fs []posture.Finding
	for _, o := range open {
		at := r.findingResource(d, o)
		if o.Created.IsZero() {
			fs = append(fs, c.Unknown(at, malformed("GetFindings", "finding %s does not say when it was made", o.ID)))
			continue
		}
		judge := c.Pass
		if r.now().Sub(o.Created) > most {
			judge = c.Fail
		}
		f := judge(at, r.openEvidence(o))
		if o.Severity >= 9 {
			f.Severity = posture.Critical
		}
		fs = append(fs, f)
	}
	if len(fs) == 0 && err == nil {
		fs = append(fs, c.Pass(r.resource(d), nil).Detailf("No finding of severity High or Critical is open."))
	}
	return fs, err
}

// OpenSequences judges that no attack sequence is open: GuardDuty joined
// several signs into one attack, which is under way or was. See "GuardDuty
// Extended Threat Detection" in the GuardDuty User Guide.
type OpenSequences struct{ Region *Region }

// Control implements posture.Evaluator.
func (e OpenSequences) Control() posture.Control {
	return posture.Control{
		ID:       "guardduty.sequence-open",
		Title:    "No attack sequence is open",
		Doc:      "An attack sequence is several steps of one attack, seen together; it is the surest sign of an intruder that GuardDuty gives. Contain its credentials first, then its resources, and archive the finding when the attack is over.",
		Severity: posture.Critical, Scope: posture.Regional, Resource: "AWS::GuardDuty::Finding",
		Requires: actions("ListDetectors", "GetDetector", "ListFindings", "GetFindings"),
	}
}

// Place implements posture.Evaluator.
func (e OpenSequences) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e OpenSequences) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, r := e.Control(), e.Region
	d, off, err := r.enabled(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	open, err := r.OpenFindings(ctx)
	var fs []posture.Finding
	for _, o := range open {
		if strings.HasPrefix(o.Type, "AttackSequence:") {
			fs = append(fs, c.Fail(r.findingResource(d, o), r.openEvidence(o)))
		}
	}
	if len(fs) == 0 && err == nil {
		fs = append(fs, c.Pass(r.resource(d), nil).Detailf("No attack sequence is open."))
	}
	return fs, err
}
