package shield

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
)

// Statistics are the attacks on all of the account's resources in the last year,
// whether they are protected or not.
type Statistics struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"` // exclusive
	Counts []Count   `json:"counts,omitempty"`
}

// Count is how many attacks there were of one measure, and the largest of them. An
// attack has more than one measure, so that counts are not to be summed.
type Count struct {
	Attacks int64  `json:"attacks"`
	Unit    string `json:"unit,omitempty"` // bits, packets or requests a second; "" no volume is told
	Most    int64  `json:"most,omitempty"` // in that unit
}

// String says it in a sentence.
func (s Statistics) String() string {
	var parts []string
	for _, c := range s.Counts {
		switch {
		case c.Attacks == 0:
		case c.Unit == "":
			parts = append(parts, fmt.Sprintf("%d of a size not told", c.Attacks))
		default:
			parts = append(parts, fmt.Sprintf("%d of at most %d %s a second", c.Attacks, c.Most, c.Unit))
		}
	}
	span := fmt.Sprintf(" between %s and %s", stamp(s.From), stamp(s.To))
	if len(parts) == 0 {
		return "Shield saw no attack" + span + "."
	}
	return "Shield saw attacks" + span + ": " + strings.Join(parts, ", ") + "."
}

// Statistics reads the attacks of the last year in numbers, which AWS gives
// without a subscription too. The rate of requests it gives only with one.
func (a *Account) Statistics(ctx context.Context) (Statistics, error) {
	return a.statistics.Get(ctx, func(ctx context.Context) (Statistics, error) {
		out, err := a.api.DescribeAttackStatistics(ctx, &shield.DescribeAttackStatisticsInput{})
		switch {
		case err != nil:
			return Statistics{}, err
		case out.TimeRange == nil || out.TimeRange.FromInclusive == nil || out.TimeRange.ToExclusive == nil:
			return Statistics{}, malformed("DescribeAttackStatistics", "the answer does not say for which time it is")
		}
		s := Statistics{From: aws.ToTime(out.TimeRange.FromInclusive), To: aws.ToTime(out.TimeRange.ToExclusive)}
		for _, d := range out.DataItems {
			c := Count{Attacks: d.AttackCount}
			if v := d.AttackVolume; v != nil {
				for _, m := range []struct {
					unit string
					most *types.AttackVolumeStatistics
				}{{"bits", v.BitsPerSecond}, {"packets", v.PacketsPerSecond}, {"requests", v.RequestsPerSecond}} {
					if m.most != nil {
						c.Unit, c.Most = m.unit, int64(m.most.Max)
					}
				}
			}
			s.Counts = append(s.Counts, c)
		}
		return s, nil
	})
}

// AttacksSeen never fails: its evidence is the attacks of the last year in
// numbers, which tell whether it is worth while to do more.
type AttacksSeen struct{ Account *Account }

// Control implements posture.Evaluator.
func (e AttacksSeen) Control() posture.Control {
	return posture.Control{
		ID:       "shield.attacks-seen",
		Title:    "The attacks of the last year are known",
		Doc:      "Shield counts the attacks on an account whether it pays or not. Their number and size say what the account has to expect.",
		Severity: posture.Informational, Scope: posture.Global, Resource: typeSubscription,
		Requires: actions("DescribeAttackStatistics"),
	}
}

// Place implements posture.Evaluator.
func (e AttacksSeen) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e AttacksSeen) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	if off := a.offered(c); off != nil {
		return off, nil
	}
	s, err := a.Statistics(ctx)
	if err != nil {
		return nil, err
	}
	return []posture.Finding{c.Pass(a.own(typeSubscription), s)}, nil
}

// NoAttackOpen judges that no attack goes on. A finding on an attack is on the
// protection of what is attacked; its Sub is the attack's id.
type NoAttackOpen struct{ Account *Account }

// AttackEvidence is an attack that goes on, or that none does.
type AttackEvidence struct {
	ID      string    `json:"id,omitempty"`
	Vectors []string  `json:"vectors,omitempty"`
	Start   time.Time `json:"start,omitzero"`
	Ended   int       `json:"ended,omitempty"` // attacks of the last year that are over
}

// String says it in a sentence.
func (e AttackEvidence) String() string {
	if e.ID == "" {
		return fmt.Sprintf("No attack goes on; %d of the last year are over.", e.Ended)
	}
	return "Attack " + e.ID + " (" + strings.Join(e.Vectors, ", ") + ") goes on since " + stamp(e.Start) + "."
}

// Control implements posture.Evaluator.
func (e NoAttackOpen) Control() posture.Control {
	return posture.Control{
		ID:       "shield.attack-open",
		Title:    "No attack goes on",
		Doc:      "Look at the attack's vectors and largest contributors, at the health of what it hits, and at what your web ACL lets through; call the Shield Response Team if the application suffers.",
		Severity: posture.High, Scope: posture.Global, Resource: typeProtection,
		Requires: actions("GetSubscriptionState", "ListAttacks"),
	}
}

// Place implements posture.Evaluator.
func (e NoAttackOpen) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e NoAttackOpen) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	off, err := a.subscribed(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	all, err := a.Attacks(ctx)
	var fs []posture.Finding
	for _, x := range all {
		if x.End.IsZero() {
			fs = append(fs, c.Fail(a.protection(x.ResourceARN), AttackEvidence{ID: x.ID, Vectors: x.Vectors, Start: x.Start}).Part(x.ID))
		}
	}
	if len(fs) == 0 && err == nil {
		fs = append(fs, c.Pass(a.own(typeSubscription), AttackEvidence{Ended: len(all)}))
	}
	return fs, err
}
