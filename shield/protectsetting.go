package shield

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/shield"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// ProtectionState is a protection; the zero value is none. What it has beside its
// name is there so that one that got more since is not deleted by an undo.
type ProtectionState struct {
	Name         string   `json:"name,omitempty"`
	HealthChecks []string `json:"healthChecks,omitempty"`
	Response     Response `json:"response,omitempty"` // count or block; "" off
}

// ProtectionSetting is the setting of whether a resource has a protection. It
// implements posture.Setting[ProtectionState].
type ProtectionSetting struct {
	Account     *Account `json:"-"`
	Writer      Writer   `json:"-"`
	ResourceARN string   `json:"resourceArn"`
}

// Kind implements posture.Setting.
func (s ProtectionSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "shield.protection", Reads: actions("DescribeProtection"),
		Writes: actions("CreateProtection", "DeleteProtection"), Settle: settle,
	}
}

// Target implements posture.Setting.
func (s ProtectionSetting) Target() posture.Resource { return s.Account.protection(s.ResourceARN) }

// Get implements posture.Setting.
func (s ProtectionSetting) Get(ctx context.Context) (ProtectionState, error) {
	p, err := getProtection(ctx, s.Account.api, s.ResourceARN)
	if err != nil || p.ID == "" {
		return ProtectionState{}, err
	}
	state := ProtectionState{Name: p.Name, HealthChecks: p.HealthChecks}
	if p.Response != ResponseOff {
		state.Response = p.Response
	}
	return state, nil
}

// Set implements posture.Setting. It makes a protection or deletes one; it changes
// none. Health checks and the automatic response are settings of their own.
func (s ProtectionSetting) Set(ctx context.Context, want ProtectionState) error {
	p, err := getProtection(ctx, s.Account.api, s.ResourceARN)
	switch {
	case err != nil:
		return err
	case want.Name == "" && p.ID == "":
		return nil
	case want.Name == "":
		_, err = s.Writer.DeleteProtection(ctx, &shield.DeleteProtectionInput{ProtectionId: &p.ID})
		return err
	case want.Response != "" || want.HealthChecks != nil:
		return fmt.Errorf("shield: the health checks and the automatic response of %s are not made with its protection", s.ResourceARN)
	case p.ID != "":
		return nil
	}
	_, err = s.Writer.CreateProtection(ctx, &shield.CreateProtectionInput{Name: &want.Name, ResourceArn: &s.ResourceARN})
	if sameCode(err, codeExists) {
		return nil // what is there is read back after every write, and that decides
	}
	return err
}

// Loss says what deleting a protection does not bring back.
func (s ProtectionSetting) Loss(from, to ProtectionState) string {
	if from.Name == "" || to.Name != "" {
		return ""
	}
	return "What Shield learnt of the resource's traffic is lost, and the cost of an attack is credited only where the protection was there before it."
}

// Cost says what a protection will cost.
func (s ProtectionSetting) Cost(from, to ProtectionState) string {
	if from.Name != "" || to.Name == "" {
		return ""
	}
	return "Shield Advanced charges for the data that a protected resource sends out, beside the subscription; see AWS Shield pricing."
}

// ProtectResources plans to protect what has no protection. It never subscribes:
// without a subscription there is no plan.
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
	a := r.Account
	target, p, ok, err := a.toPlanOn(ctx, r, fs)
	switch {
	case err != nil:
		return posture.Plan{}, err
	case !ok || p.ID != "":
		return a.newPlan(fs), nil
	}
	kind := KindOf(target.ID)
	if kind == "" {
		return posture.Plan{}, refuse(posture.ReasonNotRemediable, target.ID+" is not the ARN of anything that Shield protects")
	}
	t, err := getTerms(ctx, a.api)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	all, err := listProtections(ctx, a.api)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	used := int64(0)
	for _, p := range all {
		if p.Kind == kind {
			used++
		}
	}
	if most, limited := t.Limits[kind]; limited && used >= most {
		return posture.Plan{}, refuse(posture.ReasonNotRemediable, fmt.Sprintf("the subscription has room for %d protections of kind %s, and all are used", most, kind))
	}
	setting := ProtectionSetting{Account: a, Writer: r.Writer, ResourceARN: target.ID}
	step, err := posture.Change(setting, ProtectionState{}, ProtectionState{Name: nameFor(target.ID)})
	return a.newPlan(fs, step), err
}

// nameFor makes a protection's name of what it protects: at most 128 letters,
// digits, spaces, and . _ -
func nameFor(arn string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		return '-'
	}, arn[strings.LastIndex(arn, ":")+1:])
	return name[:min(len(name), 128)]
}
