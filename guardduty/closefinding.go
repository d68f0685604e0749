package guardduty

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// FindingState is whether a finding is still to be dealt with.
type FindingState string

// The states of a finding. FindingAbsent is never wanted: GuardDuty forgets
// findings by itself, after 90 days.
const (
	FindingOpen     FindingState = "open"
	FindingArchived FindingState = "archived"
	FindingAbsent   FindingState = "absent"
)

// FindingSetting is the setting of whether a finding is archived. It implements
// posture.Setting[FindingState].
type FindingSetting struct {
	Region   *Region `json:"-"`
	Writer   Writer  `json:"-"`
	Detector string  `json:"detector"`
	ID       string  `json:"id"`
}

// Kind implements posture.Setting.
func (s FindingSetting) Kind() posture.Kind {
	return posture.Kind{Name: "guardduty.finding", Reads: actions("GetFindings"), Writes: actions("ArchiveFindings", "UnarchiveFindings"), Settle: settle}
}

// Target implements posture.Setting.
func (s FindingSetting) Target() posture.Resource {
	return s.Region.findingResource(Detector{ID: s.Detector}, OpenFinding{ID: s.ID})
}

// Get implements posture.Setting.
func (s FindingSetting) Get(ctx context.Context) (FindingState, error) {
	_, state, err := getFinding(ctx, s.Region.api, s.Detector, s.ID)
	return state, err
}

func getFinding(ctx context.Context, api Reader, detector, id string) (OpenFinding, FindingState, error) {
	out, err := api.GetFindings(ctx, &guardduty.GetFindingsInput{DetectorId: &detector, FindingIds: []string{id}})
	switch {
	case err != nil:
		return OpenFinding{}, "", err
	case len(out.Findings) == 0:
		return OpenFinding{}, FindingAbsent, nil
	case out.Findings[0].Service == nil || out.Findings[0].Service.Archived == nil:
		return OpenFinding{}, "", malformed("GetFindings", "finding %s does not say whether it is archived", id)
	}
	state := FindingOpen
	if aws.ToBool(out.Findings[0].Service.Archived) {
		state = FindingArchived
	}
	return openFindingOf(out.Findings[0]), state, nil
}

// Set implements posture.Setting.
func (s FindingSetting) Set(ctx context.Context, want FindingState) (err error) {
	switch want {
	case FindingArchived:
		_, err = s.Writer.ArchiveFindings(ctx, &guardduty.ArchiveFindingsInput{DetectorId: &s.Detector, FindingIds: []string{s.ID}})
	case FindingOpen:
		_, err = s.Writer.UnarchiveFindings(ctx, &guardduty.UnarchiveFindingsInput{DetectorId: &s.Detector, FindingIds: []string{s.ID}})
	default:
		return fmt.Errorf("guardduty: finding %s cannot be made %s", s.ID, want)
	}
	return err
}

// CloseFindings plans to archive a finding that was dealt with. It closes
// nothing by itself: Handled says of each finding whether what it tells of is
// contained and verified.
type CloseFindings struct {
	Region  *Region
	Writer  Writer
	Handled func(context.Context, OpenFinding) (bool, error)
}

// Controls implements posture.Remediator.
func (r CloseFindings) Controls() []string {
	return []string{"guardduty.open-findings", "guardduty.sequence-open"}
}

// Place implements posture.Remediator.
func (r CloseFindings) Place() posture.Place { return r.Region.Place() }

// Plan implements posture.Remediator.
func (r CloseFindings) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	d, ok, err := r.Region.toPlan(ctx, target)
	if !ok || err != nil {
		return r.Region.newPlan(fs), err
	}
	finding, state, err := getFinding(ctx, r.Region.api, d.ID, target.ID)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	if state != FindingOpen {
		return r.Region.newPlan(fs), nil
	}
	handled := false
	if r.Handled != nil {
		if handled, err = r.Handled(ctx, finding); err != nil {
			return posture.Plan{}, refusal.Unreadable(target, err)
		}
	}
	if !handled {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: "nobody says that what finding " + target.ID + " tells of is contained: " + finding.Type}
	}
	step, err := posture.Change(FindingSetting{Region: r.Region, Writer: r.Writer, Detector: d.ID, ID: target.ID}, FindingOpen, FindingArchived)
	return r.Region.newPlan(fs, step), err
}
