package inspector

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// ConfigurationSetting is the setting of how instances and images are scanned. It
// implements posture.Setting[Configuration].
type ConfigurationSetting struct {
	Region *Region `json:"-"`
	Writer Writer  `json:"-"`
}

// Kind implements posture.Setting.
func (s ConfigurationSetting) Kind() posture.Kind {
	return posture.Kind{Name: "inspector.configuration", Reads: actions("GetConfiguration"), Writes: actions("UpdateConfiguration"), Settle: settle}
}

// Target implements posture.Setting.
func (s ConfigurationSetting) Target() posture.Resource { return s.Region.resource() }

// Get implements posture.Setting.
func (s ConfigurationSetting) Get(ctx context.Context) (Configuration, error) {
	return getConfiguration(ctx, s.Region.api)
}

// Set implements posture.Setting. It sends the part that changes, whole: AWS
// does not say what becomes of a member that is left out.
func (s ConfigurationSetting) Set(ctx context.Context, want Configuration) error {
	has, err := s.Get(ctx)
	if err != nil {
		return err
	}
	in := &inspector2.UpdateConfigurationInput{}
	if want.ScanMode != has.ScanMode {
		in.Ec2Configuration = &types.Ec2Configuration{ScanMode: types.Ec2ScanMode(want.ScanMode)}
	}
	if want.Rescan != has.Rescan || want.PullRescan != has.PullRescan || want.PullMode != has.PullMode {
		in.EcrConfiguration = &types.EcrConfiguration{
			RescanDuration: types.EcrRescanDuration(want.Rescan), PullDateRescanDuration: types.EcrPullDateRescanDuration(want.PullRescan), PullDateRescanMode: types.EcrPullDateRescanMode(want.PullMode),
		}
	}
	if in.Ec2Configuration == nil && in.EcrConfiguration == nil {
		return nil
	}
	_, err = s.Writer.UpdateConfiguration(ctx, in)
	return err
}

// Cost says what a wider configuration will cost.
func (s ConfigurationSetting) Cost(from, to Configuration) string {
	var more []string
	if to.ScanMode == Hybrid && from.ScanMode != Hybrid {
		more = append(more, "instances scanned without an agent are charged each month, and their snapshots while they exist")
	}
	was, _ := rescanDays(from.Rescan)
	if will, ok := rescanDays(to.Rescan); ok && will > was {
		more = append(more, "images that are scanned again for longer are charged by each scan")
	}
	if more == nil {
		return ""
	}
	s0 := strings.Join(more, "; ")
	return strings.ToUpper(s0[:1]) + s0[1:] + "; see Amazon Inspector pricing."
}

// Loss says what a shorter rescan duration closes.
func (s ConfigurationSetting) Loss(from, to Configuration) string {
	was, _ := rescanDays(from.Rescan)
	if will, _ := rescanDays(to.Rescan); will < was {
		return "The findings of images whose duration has then ended are closed."
	}
	return ""
}

// WidenScanning plans to set the scan mode to hybrid and the rescan duration to
// the lifetime, whichever of the two its findings ask for.
type WidenScanning struct {
	Region *Region
	Writer Writer
}

// Controls implements posture.Remediator.
func (r WidenScanning) Controls() []string {
	return []string{"inspector.scan-mode", "inspector.ecr-rescan"}
}

// Place implements posture.Remediator.
func (r WidenScanning) Place() posture.Place { return r.Region.Place() }

// Plan implements posture.Remediator.
func (r WidenScanning) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	_, ok, err := r.Region.toPlan(ctx, target)
	if !ok || err != nil {
		return r.Region.newPlan(fs), err
	}
	setting := ConfigurationSetting(r)
	before, err := setting.Get(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	if before.Failed {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: "AWS could not set the rescan duration; look at it first"}
	}
	after := before
	if asked(fs, "inspector.scan-mode") {
		after.ScanMode = Hybrid
	}
	if asked(fs, "inspector.ecr-rescan") {
		after.Rescan = string(types.EcrRescanDurationLifetime)
	}
	if after == before {
		return r.Region.newPlan(fs), nil
	}
	step, err := posture.Change(setting, before, after)
	return r.Region.newPlan(fs, step), err
}
