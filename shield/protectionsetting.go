package shield

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/shield"

	"github.com/awsposture/posture"
)

// ProtectionState is whether a resource is protected.
type ProtectionState string

// The states.
const (
	Unprotected ProtectionState = "unprotected"
	Protected   ProtectionState = "protected"
)

// ProtectionSetting is the setting of a resource's protection. It implements
// posture.Setting[ProtectionState].
type ProtectionSetting struct {
	Account  *Account `json:"-"`
	Writer   Writer   `json:"-"`
	Resource string   `json:"resource"` // ARN
	Name     string   `json:"name"`     // that a protection is made with
}

// Kind implements posture.Setting.
func (s ProtectionSetting) Kind() posture.Kind {
	return posture.Kind{Name: "shield.protection", Reads: actions("DescribeProtection"), Writes: actions("CreateProtection", "DeleteProtection"), Settle: settle}
}

// Target implements posture.Setting.
func (s ProtectionSetting) Target() posture.Resource {
	return s.Account.byARN(s.Resource, KindOf(s.Resource))
}

// Get implements posture.Setting.
func (s ProtectionSetting) Get(ctx context.Context) (ProtectionState, error) {
	_, ok, err := readProtection(ctx, s.Account.api, s.Resource)
	if ok {
		return Protected, err
	}
	return Unprotected, err
}

// Set implements posture.Setting.
func (s ProtectionSetting) Set(ctx context.Context, want ProtectionState) error {
	p, ok, err := readProtection(ctx, s.Account.api, s.Resource)
	switch {
	case err != nil:
		return err
	case want == Protected && !ok:
		_, err = s.Writer.CreateProtection(ctx, &shield.CreateProtectionInput{Name: &s.Name, ResourceArn: &s.Resource})
		if sameCode(err, "ResourceAlreadyExistsException") {
			return nil
		}
	case want == Unprotected && ok:
		_, err = s.Writer.DeleteProtection(ctx, &shield.DeleteProtectionInput{ProtectionId: &p.ID})
	}
	return err
}

// Loss says what goes with a protection.
func (s ProtectionSetting) Loss(from, to ProtectionState) string {
	if to == Unprotected && from == Protected {
		return "Health checks and automatic response that were set up on the protection since go with it."
	}
	return ""
}

// ProtectResources plans a protection for what faces the internet. Protections cost
// nothing beyond the subscription and the data that Shield counts.
type ProtectResources struct {
	Account *Account
	Writer  Writer
}

// Controls implements posture.Remediator.
func (r ProtectResources) Controls() []string { return []string{"shield.resource-protected"} }

// Place implements posture.Remediator.
func (r ProtectResources) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r ProtectResources) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := targetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	a := r.Account
	active, err := a.toPlan(ctx, target)
	if err != nil || !active {
		return a.newPlan(fs), err
	}
	x, err := a.edgeOf(ctx, target)
	if err != nil {
		return posture.Plan{}, err
	}
	var steps []posture.Step
	for _, arn := range x.protectable() {
		setting := ProtectionSetting{Account: a, Writer: r.Writer, Resource: arn, Name: nameOf(arn)}
		is, err := setting.Get(ctx)
		if err != nil {
			return posture.Plan{}, unreadable(target, err)
		}
		if is == Protected {
			continue
		}
		step, err := posture.Change(setting, is, Protected)
		if err != nil {
			return posture.Plan{}, err
		}
		steps = append(steps, step)
	}
	return a.newPlan(fs, steps...), nil
}

// nameOf names a protection after its resource, in the characters that Shield
// takes: at most 128 of letters, digits, spaces and a few signs.
func nameOf(arn string) string {
	id := arn[strings.LastIndexByte(arn, ':')+1:]
	id = strings.ReplaceAll(id, "/", "-")
	return id[:min(len(id), 128)]
}
