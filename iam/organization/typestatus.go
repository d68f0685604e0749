package organization

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// PolicyTypeStatus is the setting of a policy type's status on the organization's
// root. It implements posture.Setting[TypeStatus].
type PolicyTypeStatus struct {
	Organization *Organization `json:"-"`
	Writer       Writer        `json:"-"`
	ID           string        `json:"organization"`
	Root         string        `json:"root"`
	Type         PolicyType    `json:"type"`
}

// Kind implements posture.Setting.
func (s PolicyTypeStatus) Kind() posture.Kind {
	return posture.Kind{
		Name: "iam.organization-policy-type", Reads: []string{"organizations:ListRoots"},
		Writes: []string{"organizations:EnablePolicyType", "organizations:DisablePolicyType"}, Settle: settle,
	}
}

// Target implements posture.Setting.
func (s PolicyTypeStatus) Target() posture.Resource {
	return s.Organization.place.Resource("AWS::Organizations::Organization", s.ID, "")
}

// Get implements posture.Setting.
func (s PolicyTypeStatus) Get(ctx context.Context) (TypeStatus, error) {
	root, err := s.Organization.readRoot(ctx)
	switch {
	case err != nil:
		return "", err
	case root.ID != s.Root:
		return "", fmt.Errorf("organization: the root is %s, not %s", root.ID, s.Root)
	}
	return root.status(s.Type), nil
}

// Loss says what disabling a policy type takes away. See "Disabling a policy type"
// in the AWS Organizations User Guide.
func (s PolicyTypeStatus) Loss(_, to TypeStatus) string {
	if to == TypeDisabled {
		return "attachments: every policy of the type is detached from everything, and enabling it again does not attach them"
	}
	return ""
}

// Set implements posture.Setting. AWS does it in the background.
func (s PolicyTypeStatus) Set(ctx context.Context, want TypeStatus) error {
	switch want {
	case TypeEnabled:
		_, err := s.Writer.EnablePolicyType(ctx, &organizations.EnablePolicyTypeInput{RootId: &s.Root, PolicyType: types.PolicyType(s.Type)})
		if sameCode(err, "PolicyTypeAlreadyEnabledException") {
			return nil
		}
		return err
	case TypeDisabled:
		_, err := s.Writer.DisablePolicyType(ctx, &organizations.DisablePolicyTypeInput{RootId: &s.Root, PolicyType: types.PolicyType(s.Type)})
		if sameCode(err, "PolicyTypeNotEnabledException") {
			return nil
		}
		return err
	}
	return fmt.Errorf("organization: a policy type cannot be made %s", want)
}

// EnablePolicyType plans to enable the policy type that a finding asks for. AWS
// attaches its own policy that allows everything; nothing is denied until another
// is attached. Undo detaches whatever was attached since.
type EnablePolicyType struct {
	Organization *Organization
	Writer       Writer
}

// Controls implements posture.Remediator.
func (r EnablePolicyType) Controls() []string {
	return []string{"iam.organization-scp-enabled", "iam.organization-rcp-enabled"}
}

// Place implements posture.Remediator.
func (r EnablePolicyType) Place() posture.Place { return r.Organization.Place() }

// Plan implements posture.Remediator.
func (r EnablePolicyType) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	id, err := r.Organization.readIdentity(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	if !id.AllFeatures {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: "the organization has consolidated billing only; enabling all features has no way back"}
	}
	root, err := r.Organization.readRoot(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	p := posture.NewPlan(r.Place(), r.Organization.now(), fs)
	p.Risk = posture.RiskMedium
	p.Warnings = []string{"undo detaches every policy of the type that was attached since"}
	for _, t := range []PolicyType{SCP, RCP} {
		if !asks(fs, PolicyTypeInForce{Type: t}.Control().ID) || root.status(t) == TypeEnabled {
			continue
		}
		step, err := posture.Change(PolicyTypeStatus{r.Organization, r.Writer, id.ID, root.ID, t}, root.status(t), TypeEnabled)
		if err != nil {
			return posture.Plan{}, err
		}
		p.Steps = append(p.Steps, step)
	}
	return p, nil
}

func asks(fs []posture.Finding, control string) bool {
	return slices.ContainsFunc(fs, func(f posture.Finding) bool { return f.Control == control })
}
