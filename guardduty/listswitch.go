package guardduty

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/guardduty"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// ListSwitch is the setting of whether a trusted list is in use. It implements
// posture.Setting[Switch]. AWS takes minutes to deactivate a list; until then it
// is on, since GuardDuty still goes by it.
type ListSwitch struct {
	Region   *Region  `json:"-"`
	Writer   Writer   `json:"-"`
	Detector string   `json:"detector"`
	List     ListKind `json:"list"` // IPSet or TrustedEntitySet
	ID       string   `json:"id"`
}

// Kind implements posture.Setting. To activate a list, as undo does, AWS reads
// its object and changes GuardDuty's role with the caller's own permissions.
func (s ListSwitch) Kind() posture.Kind {
	return posture.Kind{
		Name: "guardduty.trusted-list", Reads: actions("GetIPSet", "GetTrustedEntitySet"), Settle: settle,
		Writes: append(actions("UpdateIPSet", "UpdateTrustedEntitySet"), "iam:DeleteRolePolicy", "iam:PutRolePolicy", "s3:GetObject"),
	}
}

// Target implements posture.Setting.
func (s ListSwitch) Target() posture.Resource {
	return s.Region.listResource(Detector{ID: s.Detector}, s.List, s.ID)
}

// Get implements posture.Setting.
func (s ListSwitch) Get(ctx context.Context) (Switch, error) {
	l, err := getList(ctx, s.Region.api, s.Detector, s.List, s.ID)
	switch {
	case sameCode(err, badRequest), l.Status == "DELETED", l.Status == "DELETE_PENDING":
		return SwitchAbsent, nil
	case err != nil:
		return "", err
	}
	return switched(l.InUse()), nil
}

// Set implements posture.Setting.
func (s ListSwitch) Set(ctx context.Context, want Switch) (err error) {
	if want == SwitchAbsent {
		return fmt.Errorf("guardduty: list %s cannot be made %s", s.ID, want)
	}
	active := want == SwitchOn
	switch s.List {
	case IPSet:
		_, err = s.Writer.UpdateIPSet(ctx, &guardduty.UpdateIPSetInput{DetectorId: &s.Detector, IpSetId: &s.ID, Activate: &active})
	case TrustedEntitySet:
		_, err = s.Writer.UpdateTrustedEntitySet(ctx, &guardduty.UpdateTrustedEntitySetInput{DetectorId: &s.Detector, TrustedEntitySetId: &s.ID, Activate: &active})
	default:
		return fmt.Errorf("guardduty: %q is no kind of trusted list", s.List)
	}
	return err
}

// DeactivateTrustedLists plans to deactivate a trusted list. The list stays and
// can be activated again, from what its S3 object holds then.
type DeactivateTrustedLists struct {
	Region *Region
	Writer Writer
}

// Controls implements posture.Remediator.
func (r DeactivateTrustedLists) Controls() []string { return []string{"guardduty.trusted-list"} }

// Place implements posture.Remediator.
func (r DeactivateTrustedLists) Place() posture.Place { return r.Region.Place() }

// Plan implements posture.Remediator.
func (r DeactivateTrustedLists) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	d, ok, err := r.Region.toPlan(ctx, target)
	if !ok || err != nil {
		return r.Region.newPlan(fs), err
	}
	kind := IPSet
	if target.Type == listTypes[TrustedEntitySet] {
		kind = TrustedEntitySet
	}
	setting := ListSwitch{Region: r.Region, Writer: r.Writer, Detector: d.ID, List: kind, ID: target.ID}
	before, err := setting.Get(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	if before != SwitchOn {
		return r.Region.newPlan(fs), nil
	}
	step, err := posture.Change(setting, SwitchOn, SwitchOff)
	p := r.Region.newPlan(fs, step)
	p.Warnings = []string{"Activity from the addresses on the list will make findings again; AWS takes some minutes to deactivate it."}
	return p, err
}
