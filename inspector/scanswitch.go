package inspector

import (
	"cmp"
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// ScanSwitch is the setting of one scan type in an account of the region. It
// implements posture.Setting[ScanState]; only ScanEnabled and ScanDisabled can
// be wanted.
type ScanSwitch struct {
	Region *Region  `json:"-"`
	Writer Writer   `json:"-"`
	Type   ScanType `json:"type"`
	// Account is the member account whose scan type this is, "" the region's own.
	Account string `json:"account,omitempty"`
	// Administrator is the account that administers this member, "" none. AWS lets
	// a member enable a scan type and not disable it.
	Administrator string `json:"administrator,omitempty"`
}

// Kind implements posture.Setting. Enabling an account's first scan type creates
// the service-linked role with the caller's own permission.
func (s ScanSwitch) Kind() posture.Kind {
	return posture.Kind{
		Name: "inspector.scan-type", Reads: actions("BatchGetAccountStatus"),
		Writes: append(actions("Enable", "Disable"), "iam:CreateServiceLinkedRole"), Settle: settle,
	}
}

func (s ScanSwitch) account() string { return cmp.Or(s.Account, s.Region.place.Account) }

// Target implements posture.Setting.
func (s ScanSwitch) Target() posture.Resource {
	if s.Account != "" {
		return memberResource(s.Region.place, s.Account)
	}
	return s.Region.resource()
}

// Get implements posture.Setting.
func (s ScanSwitch) Get(ctx context.Context) (ScanState, error) {
	p := s.Region.place
	p.Account = s.account()
	status, err := getStatus(ctx, s.Region.api, p)
	return status.Types[s.Type].State, err
}

// Set implements posture.Setting. It names this scan type only, which leaves the
// others as they are. What is on its way already is left to arrive.
func (s ScanSwitch) Set(ctx context.Context, want ScanState) error {
	has, err := s.Get(ctx)
	if err != nil || has == want {
		return err
	}
	account, resources := []string{s.account()}, []types.ResourceScanType{types.ResourceScanType(s.Type)}
	switch want {
	case ScanEnabled:
		if has == ScanEnabling {
			return nil
		}
		out, err := s.Writer.Enable(ctx, &inspector2.EnableInput{AccountIds: account, ResourceTypes: resources})
		if err != nil {
			return err
		}
		return firstFailure("Enable", out.FailedAccounts)
	case ScanDisabled:
		if has == ScanDisabling {
			return nil
		}
		out, err := s.Writer.Disable(ctx, &inspector2.DisableInput{AccountIds: account, ResourceTypes: resources})
		if err != nil {
			return err
		}
		return firstFailure("Disable", out.FailedAccounts)
	}
	return fmt.Errorf("inspector: scan type %s cannot be made %s", s.Type, want)
}

func firstFailure(operation string, failed []types.FailedAccount) error {
	if len(failed) == 0 {
		return nil
	}
	return failure(operation, failed[0])
}

// Meaning is what a state comes to: what is on its way has not arrived, so a
// plan that was cut off finds the state that it began with and waits again.
func (s ScanState) Meaning() any {
	switch s {
	case ScanEnabling:
		return ScanDisabled
	case ScanDisabling:
		return ScanEnabled
	}
	return s
}

// Cost says what enabling a scan type will cost.
func (s ScanSwitch) Cost(_, to ScanState) string {
	if to != ScanEnabled {
		return ""
	}
	return fmt.Sprintf("Scan type %s is charged by what it scans, after 15 free days where it is new; see Amazon Inspector pricing.", s.Type)
}

// Loss says what disabling deletes, and what a member cannot take back. See
// "Deactivating Amazon Inspector" in the Inspector User Guide.
func (s ScanSwitch) Loss(_, to ScanState) string {
	switch {
	case to != ScanEnabled:
		return fmt.Sprintf("The findings and the history of scan type %s are deleted; with an account's last scan type its filters and settings are deleted too.", s.Type)
	case s.Administrator != "":
		return fmt.Sprintf("A member cannot disable scan type %s again; only its Inspector administrator, account %s, can.", s.Type, s.Administrator)
	}
	return ""
}

// EnableScanning plans to enable the scan types that are not. It costs money:
// each step says so.
type EnableScanning struct {
	Region *Region
	Writer Writer
}

// Controls implements posture.Remediator.
func (r EnableScanning) Controls() []string {
	ids := make([]string, len(scanTypes))
	for i, t := range scanTypes {
		ids[i] = scanControls[t].id
	}
	return ids
}

// Place implements posture.Remediator.
func (r EnableScanning) Place() posture.Place { return r.Region.Place() }

// Plan implements posture.Remediator. A scan type that a policy of the
// organization sets is refused as managed elsewhere.
func (r EnableScanning) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	s, err := getStatus(ctx, r.Region.api, r.Region.place)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	if s.NotOffered {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNotRemediable, Message: notOffered}
	}
	admin, err := getAdministrator(ctx, r.Region.api, r.Region.place.Account)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	var wanted []ScanType
	for _, t := range scanTypes {
		if asked(fs, scanControls[t].id) {
			wanted = append(wanted, t)
		}
	}
	steps, err := enabling(s, wanted, ScanSwitch{Region: r.Region, Writer: r.Writer, Administrator: admin})
	if err != nil {
		return posture.Plan{}, err
	}
	return r.Region.newPlan(fs, steps...), nil
}

// enabling makes a step of each wanted scan type that is off, and of Lambda
// before LambdaCode, which needs it.
func enabling(s AccountStatus, wanted []ScanType, like ScanSwitch) ([]posture.Step, error) {
	var steps []posture.Step
	made := map[ScanType]bool{}
	add := func(t ScanType) error {
		have := s.Types[t]
		switch {
		case made[t] || have.State == ScanEnabled || have.State == ScanEnabling:
			return nil
		case have.Code == ownedByPolicy:
			return &posture.Refusal{Reason: posture.ReasonManagedElsewhere, Owner: "the organization's Inspector policy", Message: fmt.Sprintf("scan type %s of account %s is set by a policy of the organization", t, s.Account)}
		case have.State != ScanDisabled:
			return &posture.Refusal{Reason: posture.ReasonNotRemediable, Message: fmt.Sprintf("scan type %s of account %s is %s, which only AWS ends", t, s.Account, cmp.Or(string(have.State), "not offered"))}
		}
		like.Type = t
		step, err := posture.Change(like, ScanDisabled, ScanEnabled)
		steps, made[t] = append(steps, step), true
		return err
	}
	for _, t := range wanted {
		if t == LambdaCode {
			if err := add(Lambda); err != nil {
				return nil, err
			}
		}
		if err := add(t); err != nil {
			return nil, err
		}
	}
	return steps, nil
}
