package inspector

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// FilterSetting is the setting of whether a filter suppresses. Its state is the
// whole filter, so that a change of its criteria is drift; only the suppression
// is written, so that nothing of the criteria can be lost. It implements
// posture.Setting[Filter].
type FilterSetting struct {
	Region *Region `json:"-"`
	Writer Writer  `json:"-"`
	ARN    string  `json:"arn"`
	Name   string  `json:"name"`
}

// Kind implements posture.Setting.
func (s FilterSetting) Kind() posture.Kind {
	return posture.Kind{Name: "inspector.filter", Reads: actions("ListFilters"), Writes: actions("UpdateFilter"), Settle: settle}
}

// Target implements posture.Setting.
func (s FilterSetting) Target() posture.Resource {
	return s.Region.filterResource(Filter{Name: s.Name, ARN: s.ARN})
}

// Get implements posture.Setting.
func (s FilterSetting) Get(ctx context.Context) (Filter, error) {
	fs, err := listFilters(ctx, s.Region.api, s.ARN)
	switch {
	case sameCode(err, notFound), err == nil && len(fs) == 0:
		return Filter{}, nil
	case err != nil:
		return Filter{}, err
	}
	f := fs[0]
	f.ARN, f.Tags = "", nil
	return f, nil
}

// Set implements posture.Setting.
func (s FilterSetting) Set(ctx context.Context, want Filter) error {
	if want.Name == "" {
		return errors.New("inspector: filter " + s.Name + " is not to be deleted")
	}
	action := types.FilterActionNone
	if want.Suppresses {
		action = types.FilterActionSuppress
	}
	_, err := s.Writer.UpdateFilter(ctx, &inspector2.UpdateFilterInput{FilterArn: &s.ARN, Action: action})
	return err
}

// StopSuppressing plans to make a suppression rule a mere filter: its criteria
// stay, and what it hid is seen again. To narrow its criteria instead is for a
// person.
type StopSuppressing struct {
	Region *Region
	Writer Writer
}

// Controls implements posture.Remediator.
func (r StopSuppressing) Controls() []string { return []string{"inspector.suppression-broad"} }

// Place implements posture.Remediator.
func (r StopSuppressing) Place() posture.Place { return r.Region.Place() }

// Plan implements posture.Remediator. It counts the suppressed findings that the
// account has, since they may come back.
func (r StopSuppressing) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	setting := FilterSetting{Region: r.Region, Writer: r.Writer, ARN: target.ARN, Name: target.ID}
	before, err := setting.Get(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	if !before.Suppresses {
		return r.Region.newPlan(fs), nil
	}
	if before.Owner != "" && before.Owner != r.Region.place.Account {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonManagedElsewhere, Owner: before.Owner, Message: "filter " + before.Name + " belongs to account " + before.Owner}
	}
	hidden, more, err := suppressed(ctx, r.Region)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	after := before
	after.Suppresses = false
	step, err := posture.Change(setting, before, after)
	p := r.Region.newPlan(fs, step)
	n := plural(hidden, "finding", "findings")
	if more {
		n = "more than " + n
	}
	p.Warnings = []string{fmt.Sprintf("The account has %s suppressed by its filters: those that this one alone hid become active again.", n)}
	return p, err
}

// suppressed counts the account's suppressed findings, up to one page.
func suppressed(ctx context.Context, r *Region) (n int, more bool, err error) {
	out, err := r.api.ListFindings(ctx, &inspector2.ListFindingsInput{MaxResults: aws.Int32(findingsPage), FilterCriteria: &types.FilterCriteria{
		AwsAccountId: equals(r.place.Account), FindingStatus: equals(string(types.FindingStatusSuppressed)),
	}})
	if err != nil {
		return 0, false, err
	}
	return len(out.Findings), aws.ToString(out.NextToken) != "", nil
}
