package shield

import (
	"context"
	"fmt"
	"strings"

	"github.com/awsposture/posture"
)

// AttacksSeen tells how many attacks Shield saw on the account's resources within
// the last year. It never fails: that there were attacks is nobody's fault here.
type AttacksSeen struct{ Account *Account }

// AttacksSeenEvidence are the attacks by the unit of their volume.
type AttacksSeenEvidence struct {
	From    string           `json:"from,omitempty"`
	To      string           `json:"to,omitempty"`
	Volumes []VolumeEvidence `json:"volumes"`
}

// VolumeEvidence is how many attacks had a volume of one unit.
type VolumeEvidence struct {
	Unit  string `json:"unit,omitempty"`
	Count int64  `json:"count"`
	Max   int64  `json:"max"` // of the largest, rounded
}

// String says it in a sentence.
func (e AttacksSeenEvidence) String() string {
	var parts []string
	for _, v := range e.Volumes {
		if v.Count > 0 {
			parts = append(parts, strings.TrimSpace(fmt.Sprintf("%d of up to %d %s", v.Count, v.Max, v.Unit)))
		}
	}
	if len(parts) == 0 {
		return "Shield saw no attack within the last year."
	}
	return "Within the last year Shield saw attacks: " + strings.Join(parts, ", ") + "."
}

// Control implements posture.Evaluator.
func (e AttacksSeen) Control() posture.Control {
	return posture.Control{
		ID:       "shield.attacks-seen",
		Title:    "How many attacks there were is known",
		Doc:      "Shield counts the attacks on every account, subscribed or not. Weigh by them how much protection the account needs.",
		Severity: posture.Informational, Scope: posture.Global, Resource: "AWS::Shield::Subscription",
		Requires: actions("DescribeAttackStatistics"),
	}
}

// Place implements posture.Evaluator.
func (e AttacksSeen) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e AttacksSeen) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.standard(c, func() ([]posture.Finding, error) {
		s, err := a.Statistics(ctx)
		if err != nil {
			return nil, err
		}
		seen := AttacksSeenEvidence{Volumes: []VolumeEvidence{}}
		if !s.To.IsZero() {
			seen.From, seen.To = stamp(s.From), stamp(s.To)
		}
		for _, v := range s.Volumes {
			seen.Volumes = append(seen.Volumes, VolumeEvidence{v.Unit, v.Count, int64(v.Max)})
		}
		return []posture.Finding{c.Pass(a.account(), seen)}, nil
	})
}

// AttackOpen judges that no attack goes on.
type AttackOpen struct{ Account *Account }

// AttackEvidence is an attack.
type AttackEvidence struct {
	Attack  string   `json:"attack"`
	Vectors []string `json:"vectors"`
	Start   string   `json:"start"`
}

// String says it in a sentence.
func (e AttackEvidence) String() string {
	return fmt.Sprintf("Attack %s by %s goes on since %s.", e.Attack, strings.Join(e.Vectors, ", "), e.Start)
}

// Control implements posture.Evaluator.
func (e AttackOpen) Control() posture.Control {
	return posture.Control{
		ID:       "shield.attack-open",
		Title:    "No attack goes on",
		Doc:      "Shield sees an attack that has not ended. Look at its vectors and sources, check what Shield mitigates, and open a case with the Shield Response Team where it has its effect all the same.",
		Severity: posture.High, Scope: posture.Global, Resource: "AWS::Shield::Subscription",
		Requires: inside("ListAttacks"),
	}
}

// Place implements posture.Evaluator.
func (e AttackOpen) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e AttackOpen) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		all, err := a.Attacks(ctx)
		var fs []posture.Finding
		for _, x := range all {
			if x.Open() {
				f := c.Fail(a.byARN(x.ResourceARN, KindOf(x.ResourceARN)), AttackEvidence{x.ID, x.Vectors, stamp(x.Start)})
				fs = append(fs, f.Part(x.ID))
			}
		}
		if len(fs) == 0 && err == nil {
			fs = append(fs, c.Pass(a.account(), AttackCount{len(all)}))
		}
		return fs, err
	})
}

// AttackCount is how many attacks there were, all of them over.
type AttackCount struct {
	Ended int `json:"ended"`
}

// String says it in a sentence.
func (e AttackCount) String() string {
	return fmt.Sprintf("Of the last year's %d attacks none goes on.", e.Ended)
}
