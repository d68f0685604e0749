package guardduty

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// FilterSetting is the setting of a filter, whole but for its tags, so that undo
// puts back just what was there. It implements posture.Setting[Filter].
type FilterSetting struct {
	Region   *Region `json:"-"`
	Writer   Writer  `json:"-"`
	Detector string  `json:"detector"`
	Name     string  `json:"name"`
}

// Kind implements posture.Setting.
func (s FilterSetting) Kind() posture.Kind {
	return posture.Kind{Name: "guardduty.filter", Reads: actions("GetFilter"), Writes: actions("UpdateFilter"), Settle: settle}
}

// Target implements posture.Setting.
func (s FilterSetting) Target() posture.Resource {
	return s.Region.filterResource(Detector{ID: s.Detector}, s.Name)
}

// Get implements posture.Setting.
func (s FilterSetting) Get(ctx context.Context) (Filter, error) {
	f, err := getFilter(ctx, s.Region.api, s.Detector, s.Name)
	if sameCode(err, badRequest) {
		return Filter{}, nil
	}
	f.Tags = nil // another operation's to set
	return f, err
}

// Set implements posture.Setting. It sends the whole filter, since AWS does not
// say what becomes of a part that UpdateFilter leaves out.
func (s FilterSetting) Set(ctx context.Context, want Filter) error {
	if want.Name == "" {
		return errors.New("guardduty: filter " + s.Name + " is not to be deleted")
	}
	in := &guardduty.UpdateFilterInput{DetectorId: &s.Detector, FilterName: &s.Name, Action: types.FilterActionNoop, Description: &want.Description}
	if want.Archive {
		in.Action = types.FilterActionArchive
	}
	if want.Rank > 0 {
		in.Rank = aws.Int32(int32(want.Rank))
	}
	if want.Criteria != nil {
		in.FindingCriteria = &types.FindingCriteria{Criterion: map[string]types.Condition{}}
		for attribute, c := range want.Criteria {
			in.FindingCriteria.Criterion[attribute] = c.condition()
		}
	}
	_, err := s.Writer.UpdateFilter(ctx, in)
	return err
}

// StopSuppressing plans to make a suppression rule a mere filter: its criteria
// stay, it archives nothing more.
type StopSuppressing struct {
	Region *Region
	Writer Writer
}

// Controls implements posture.Remediator.
func (r StopSuppressing) Controls() []string { return []string{"guardduty.suppression"} }

// Place implements posture.Remediator.
func (r StopSuppressing) Place() posture.Place { return r.Region.Place() }

// Plan implements posture.Remediator.
func (r StopSuppressing) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	d, ok, err := r.Region.toPlan(ctx, target)
	if !ok || err != nil {
		return r.Region.newPlan(fs), err
	}
	setting := FilterSetting{Region: r.Region, Writer: r.Writer, Detector: d.ID, Name: target.ID}
	before, err := setting.Get(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	if !before.Archive {
		return r.Region.newPlan(fs), nil
	}
	after := before
	after.Archive = false
	step, err := posture.Change(setting, before, after)
	p := r.Region.newPlan(fs, step)
	p.Warnings = []string{"What the filter archived stays archived, for 90 days: review it and unarchive what matters."}
	return p, err
}
