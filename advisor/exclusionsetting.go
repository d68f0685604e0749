package advisor

import (
	"context"
	"fmt"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// settle is how long a write may take to show in a read.
const settle = 5 * time.Minute

// Exclusion is whether a resource is taken out of a check.
type Exclusion string

// The states. ExclusionAbsent is never wanted: it says that the check does not
// list the resource any more.
const (
	Included        Exclusion = "included"
	Excluded        Exclusion = "excluded"
	ExclusionAbsent Exclusion = "absent"
)

// ExclusionSetting is the setting of whether one row of a check is excluded. It
// implements posture.Setting[Exclusion].
type ExclusionSetting struct {
	Account        *Account `json:"-"`
	Writer         Writer   `json:"-"`
	Check          string   `json:"check"`
	Recommendation string   `json:"recommendation"` // ARN
	Row            string   `json:"row"`            // ARN
	Resource       string   `json:"resource"`       // as Flagged.ID has it
}

// Kind implements posture.Setting.
func (s ExclusionSetting) Kind() posture.Kind {
	k := posture.Kind{Name: "advisor.exclusion", Reads: s.Account.actions().Resources, Settle: settle}
	if s.Writer != nil {
		k.Writes, _ = s.Writer.WriteActions()
	}
	return k
}

// Target implements posture.Setting.
func (s ExclusionSetting) Target() posture.Resource {
	return s.Account.flagged(Flagged{ID: s.Resource})
}

// Get implements posture.Setting.
func (s ExclusionSetting) Get(ctx context.Context) (Exclusion, error) {
	rows, err := s.Account.source.Resources(ctx, Result{Check: Check{ID: s.Check}, ARN: s.Recommendation})
	for _, row := range rows {
		if row.RowARN == s.Row {
			return exclusionOf(row), nil
		}
	}
	if err != nil {
		return "", err
	}
	return ExclusionAbsent, nil
}

func exclusionOf(row Flagged) Exclusion {
	if row.Excluded {
		return Excluded
	}
	return Included
}

// Set implements posture.Setting.
func (s ExclusionSetting) Set(ctx context.Context, want Exclusion) error {
	if want != Included && want != Excluded {
		return fmt.Errorf("advisor: row %s cannot be made %s", s.Row, want)
	}
	return s.Writer.Exclude(ctx, s.Row, want == Excluded)
}

// IncludeAgain plans to put back into its checks what is excluded without a
// reason. The check then counts it as before. It takes a source that tells the ARN
// of a row, as that of package advisor/trustedadvisor.
type IncludeAgain struct {
	Account *Account
	Writer  Writer
}

// Controls implements posture.Remediator.
func (r IncludeAgain) Controls() []string { return []string{"advisor.exclusions"} }

// Place implements posture.Remediator.
func (r IncludeAgain) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r IncludeAgain) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	results, err := r.Account.source.Results(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	var steps []posture.Step
	for _, result := range results {
		if !names(fs, result.Check.ID) {
			continue
		}
		rows, err := r.Account.source.Resources(ctx, result)
		if err != nil {
			return posture.Plan{}, refusal.Unreadable(target, err)
		}
		for _, row := range rows {
			if !row.Excluded || row.ID != target.ID || !names(fs, part(result.Check.ID, row.Region)) {
				continue
			}
			if row.RowARN == "" {
				return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNotRemediable, Message: "the AWS Support API tells that " + target.ID + " is excluded, and cannot change it; read with the Trusted Advisor API"}
			}
			s, err := posture.Change(ExclusionSetting{r.Account, r.Writer, result.Check.ID, result.ARN, row.RowARN, row.ID}, Excluded, Included)
			if err != nil {
				return posture.Plan{}, err
			}
			steps = append(steps, s)
		}
	}
	return r.Account.newPlan(fs, steps...), nil
}

// names tells whether one of the findings is on the check, or on the part of a
// check, that sub names.
func names(fs []posture.Finding, sub string) bool {
	for _, f := range fs {
		if f.Sub == sub || checkOf(f.Sub) == sub {
			return true
		}
	}
	return false
}

// newPlan is a plan of steps that cut off nobody: what they change is what Trusted
// Advisor shows.
func (a *Account) newPlan(fs []posture.Finding, steps ...posture.Step) posture.Plan {
	p := posture.NewPlan(a.place, a.now(), fs, steps...)
	p.Risk = posture.RiskLow
	return p
}
