package shield

import (
	"context"
	"slices"
	"strings"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// AlarmState is an alarm on attacks; the zero value is none.
type AlarmState struct {
	ResourceARN string   `json:"resourceArn,omitempty"`
	Actions     []string `json:"actions,omitempty"`     // ARNs, in order; none where actions are off
	MissingData string   `json:"missingData,omitempty"` // notBreaching, breaching, ignore, missing
}

// AlarmStore keeps CloudWatch alarms. The caller implements it over CloudWatch.
// Alarm gives the zero value where there is none of that name, and an error where
// there is one that PutAlarm would not make: it is somebody else's. PutAlarm makes
// an alarm on the maximum of DDoSDetected in AWS/DDoSProtection with the dimension
// ResourceArn, which goes off at 1 or more within 60 seconds, with its actions on.
type AlarmStore interface {
	Alarm(ctx context.Context, region, name string) (AlarmState, error)
	PutAlarm(ctx context.Context, region, name string, want AlarmState) error
	DeleteAlarm(ctx context.Context, region, name string) error
}

// AlarmSetting is the setting of an alarm on attacks. It implements
// posture.Setting[AlarmState].
type AlarmSetting struct {
	Account *Account   `json:"-"`
	Alarms  AlarmStore `json:"-"`
	Region  string     `json:"region"`
	Name    string     `json:"name"`
	// ResourceARN is what the alarm is about.
	ResourceARN string `json:"resourceArn"`
}

// Kind implements posture.Setting.
func (s AlarmSetting) Kind() posture.Kind {
	return posture.Kind{Name: "shield.alarm", Reads: []string{"cloudwatch:DescribeAlarms"}, Writes: []string{"cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"}}
}

// Target implements posture.Setting.
func (s AlarmSetting) Target() posture.Resource { return s.Account.protection(s.ResourceARN) }

// Get implements posture.Setting.
func (s AlarmSetting) Get(ctx context.Context) (AlarmState, error) {
	if s.Alarms == nil {
		return AlarmState{}, notProvided("what keeps alarms was not provided")
	}
	state, err := s.Alarms.Alarm(ctx, s.Region, s.Name)
	state.Actions = slices.Sorted(slices.Values(state.Actions))
	return state, err
}

// Set implements posture.Setting.
func (s AlarmSetting) Set(ctx context.Context, want AlarmState) error {
	if s.Alarms == nil {
		return notProvided("what keeps alarms was not provided")
	}
	if want.ResourceARN == "" {
		return s.Alarms.DeleteAlarm(ctx, s.Region, s.Name)
	}
	return s.Alarms.PutAlarm(ctx, s.Region, s.Name, want)
}

// Cost says what an alarm will cost.
func (s AlarmSetting) Cost(from, to AlarmState) string {
	if from.ResourceARN != "" || to.ResourceARN == "" {
		return ""
	}
	return "Amazon CloudWatch charges for each alarm by the month."
}

// AlarmOnAttacks plans an alarm on attacks for each protection without one, with
// actions of the caller's choice.
type AlarmOnAttacks struct {
	Account *Account
	Alarms  AlarmStore
	// Actions are the ARNs of what an alarm does, by region: SNS topics of that region.
	Actions map[string][]string
}

// Controls implements posture.Remediator.
func (r AlarmOnAttacks) Controls() []string { return []string{"shield.ddos-alarm"} }

// Place implements posture.Remediator.
func (r AlarmOnAttacks) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r AlarmOnAttacks) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	a := r.Account
	target, p, ok, err := a.toPlanOn(ctx, r, fs)
	switch {
	case err != nil:
		return posture.Plan{}, err
	case !ok || p.ID == "":
		return a.newPlan(fs), nil
	}
	regions := metricRegions(p)
	i := slices.IndexFunc(regions, func(region string) bool { return len(r.Actions[region]) > 0 })
	switch {
	case i < 0:
		return posture.Plan{}, refuse(posture.ReasonNeedsChoice, "no action was given for an alarm in "+strings.Join(regions, " or "))
	case r.Alarms == nil:
		return posture.Plan{}, refuse(posture.ReasonNeedsChoice, "nothing was given to make alarms with")
	}
	setting := AlarmSetting{Account: a, Alarms: r.Alarms, Region: regions[i], Name: metric + " " + target.ID, ResourceARN: target.ID}
	before, err := setting.Get(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	after := AlarmState{target.ID, slices.Sorted(slices.Values(r.Actions[regions[i]])), "notBreaching"}
	if before.ResourceARN == after.ResourceARN && before.MissingData == after.MissingData && slices.Equal(before.Actions, after.Actions) {
		return a.newPlan(fs), nil
	}
	step, err := posture.Change(setting, before, after)
	return a.newPlan(fs, step), err
}
