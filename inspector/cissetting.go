package inspector

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// CISSchedule is a CIS scan configuration. It is a state that can be set: see
// CISSetting.
type CISSchedule struct {
	Name     string              `json:"name,omitempty"` // "": there is none
	Level    int                 `json:"level,omitempty"`
	Every    string              `json:"every,omitempty"` // once, daily, weekly, monthly
	Days     []string            `json:"days,omitempty"`  // MON … SUN
	At       string              `json:"at,omitempty"`    // "03:00"
	Zone     string              `json:"zone,omitempty"`  // of At, "UTC"
	Accounts []string            `json:"accounts,omitempty"`
	Tags     map[string][]string `json:"tags,omitempty"` // an instance is scanned that has one of a key's values

	ARN   string `json:"-"`
	Owner string `json:"-"`
}

// CISSchedules lists the CIS scan configurations.
func (r *Region) CISSchedules(ctx context.Context) ([]CISSchedule, error) {
	return r.cis.Get(ctx, func(ctx context.Context) ([]CISSchedule, error) { return listSchedules(ctx, r.api) })
}

func listSchedules(ctx context.Context, api Reader) ([]CISSchedule, error) {
	return pages(ctx, func(ctx context.Context, token *string) ([]CISSchedule, *string, error) {
		out, err := api.ListCisScanConfigurations(ctx, &inspector2.ListCisScanConfigurationsInput{MaxResults: aws.Int32(cisPage), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		var all []CISSchedule
		for _, c := range out.ScanConfigurations {
			s := CISSchedule{Name: aws.ToString(c.ScanName), Level: level(c.SecurityLevel), ARN: aws.ToString(c.ScanConfigurationArn), Owner: aws.ToString(c.OwnerId)}
			s.readSchedule(c.Schedule)
			if c.Targets != nil {
				s.Accounts, s.Tags = c.Targets.AccountIds, c.Targets.TargetResourceTags
			}
			all = append(all, s)
		}
		return all, out.NextToken, nil
	})
}

// plain is the schedule without what AWS adds to it.
func (s CISSchedule) plain() CISSchedule {
	s.ARN, s.Owner = "", ""
	return s
}

func (s *CISSchedule) readSchedule(schedule types.Schedule) {
	start := func(t *types.Time) {
		if t != nil {
			s.At, s.Zone = aws.ToString(t.TimeOfDay), aws.ToString(t.Timezone)
		}
	}
	switch v := schedule.(type) {
	case *types.ScheduleMemberOneTime:
		s.Every = "once"
	case *types.ScheduleMemberDaily:
		s.Every = "daily"
		start(v.Value.StartTime)
	case *types.ScheduleMemberWeekly:
		s.Every = "weekly"
		start(v.Value.StartTime)
		for _, d := range v.Value.Days {
			s.Days = append(s.Days, string(d))
		}
	case *types.ScheduleMemberMonthly:
		s.Every = "monthly"
		start(v.Value.StartTime)
		s.Days = []string{string(v.Value.Day)}
	}
}

func (s CISSchedule) schedule() (types.Schedule, error) {
	at := &types.Time{TimeOfDay: aws.String(cmp.Or(s.At, "03:00")), Timezone: aws.String(cmp.Or(s.Zone, "UTC"))}
	days := make([]types.Day, 0, len(s.Days))
	for _, d := range s.Days {
		days = append(days, types.Day(d))
	}
	switch {
	case s.Every == "daily":
		return &types.ScheduleMemberDaily{Value: types.DailySchedule{StartTime: at}}, nil
	case s.Every == "weekly" && len(days) > 0:
		return &types.ScheduleMemberWeekly{Value: types.WeeklySchedule{Days: days, StartTime: at}}, nil
	case s.Every == "monthly" && len(days) == 1:
		return &types.ScheduleMemberMonthly{Value: types.MonthlySchedule{Day: days[0], StartTime: at}}, nil
	case s.Every == "once":
		return &types.ScheduleMemberOneTime{Value: types.OneTimeSchedule{}}, nil
	}
	return nil, fmt.Errorf("inspector: a CIS scan cannot be scheduled %q on days %v", s.Every, s.Days)
}

// CISSetting is the setting of a CIS scan configuration, by its name. One that
// there is, is never changed: it is made where there is none, and deleted again.
// It implements posture.Setting[CISSchedule].
type CISSetting struct {
	Region *Region `json:"-"`
	Writer Writer  `json:"-"`
	Name   string  `json:"name"`
}

// Kind implements posture.Setting.
func (s CISSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "inspector.cis-schedule", Reads: actions("ListCisScanConfigurations"), Settle: settle,
		Writes: actions("CreateCisScanConfiguration", "DeleteCisScanConfiguration"),
	}
}

// Target implements posture.Setting.
func (s CISSetting) Target() posture.Resource { return s.Region.resource() }

// Get implements posture.Setting.
func (s CISSetting) Get(ctx context.Context) (CISSchedule, error) {
	c, err := s.find(ctx)
	return c.plain(), err
}

func (s CISSetting) find(ctx context.Context) (CISSchedule, error) {
	all, err := listSchedules(ctx, s.Region.api)
	if i := slices.IndexFunc(all, func(c CISSchedule) bool { return c.Name == s.Name }); i >= 0 {
		return all[i], nil
	}
	return CISSchedule{}, err
}

// Set implements posture.Setting.
func (s CISSetting) Set(ctx context.Context, want CISSchedule) error {
	has, err := s.find(ctx)
	switch {
	case err != nil:
		return err
	case want.Name == "" && has.Name == "":
		return nil
	case want.Name == "":
		_, err := s.Writer.DeleteCisScanConfiguration(ctx, &inspector2.DeleteCisScanConfigurationInput{ScanConfigurationArn: &has.ARN})
		return err
	case has.Name != "":
		return errors.New("inspector: there is a CIS scan configuration " + s.Name + " already")
	}
	schedule, err := want.schedule()
	if err != nil {
		return err
	}
	_, err = s.Writer.CreateCisScanConfiguration(ctx, &inspector2.CreateCisScanConfigurationInput{
		ScanName: &want.Name, Schedule: schedule, SecurityLevel: types.CisSecurityLevel(fmt.Sprintf("LEVEL_%d", cmp.Or(want.Level, 1))),
		Targets: &types.CreateCisTargets{AccountIds: want.Accounts, TargetResourceTags: want.Tags},
	})
	return err
}

// Cost says what scheduled scans will cost.
func (s CISSetting) Cost(_, to CISSchedule) string {
	if to.Name == "" {
		return ""
	}
	return "CIS scans are charged by each assessment of each instance; see Amazon Inspector pricing."
}

const firstScan = "The control passes when the first scan is completed, not when it is scheduled."

// ScheduleCIS plans a CIS scan configuration where there is none. Which
// instances it is to scan is the caller's choice.
type ScheduleCIS struct {
	Region   *Region
	Writer   Writer
	Schedule CISSchedule // Tags must be given; the rest defaults to level 1, each Sunday at 03:00 UTC, of the account itself, named "posture"
}

// Controls implements posture.Remediator.
func (r ScheduleCIS) Controls() []string { return []string{"inspector.cis-scan"} }

// Place implements posture.Remediator.
func (r ScheduleCIS) Place() posture.Place { return r.Region.Place() }

// Plan implements posture.Remediator.
func (r ScheduleCIS) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	if target.Type != accountType {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNotRemediable, Message: "a failed check is put right on the instance"}
	}
	if len(r.Schedule.Tags) == 0 {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: "which instances the CIS scan is of was not given"}
	}
	all, err := listSchedules(ctx, r.Region.api)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	after := r.Schedule
	after.Name, after.Level, after.At, after.Zone = cmp.Or(after.Name, "posture"), cmp.Or(after.Level, 1), cmp.Or(after.At, "03:00"), cmp.Or(after.Zone, "UTC")
	if after.Every == "" {
		after.Every, after.Days = "weekly", []string{string(types.DaySun)}
	}
	if after.Accounts == nil {
		after.Accounts = []string{"SELF"}
	}
	if i := slices.IndexFunc(all, func(c CISSchedule) bool { return c.Name == after.Name }); i >= 0 && reflect.DeepEqual(all[i].plain(), after.plain()) {
		p := r.Region.newPlan(fs)
		p.Warnings = []string{firstScan}
		return p, nil
	}
	if len(all) > 0 {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNotRemediable, Message: "CIS scans are scheduled already, by " + all[0].Name + "; why none was completed is for a person to look into"}
	}
	step, err := posture.Change(CISSetting{Region: r.Region, Writer: r.Writer, Name: after.Name}, CISSchedule{}, after)
	p := r.Region.newPlan(fs, step)
	p.Warnings = []string{firstScan}
	return p, err
}
