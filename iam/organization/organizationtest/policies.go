package organizationtest

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/awsposture/posture/iam/organization"
)

func (f *Organizations) summary(s *State, id string) types.PolicySummary {
	p := s.Policies[id]
	return types.PolicySummary{Id: &id, Name: aws.String(p.Name), Arn: f.arn(s, "policy/"+s.ID+"/"+id), Type: types.PolicyType(p.Type), AwsManaged: p.AWSManaged}
}

func (f *Organizations) summaries(s *State, ids []string) (out []types.PolicySummary) {
	for _, id := range ids {
		out = append(out, f.summary(s, id))
	}
	return out
}

// ListPolicies lists the policies of a type.
func (f *Organizations) ListPolicies(ctx context.Context, in *sdk.ListPoliciesInput, _ ...func(*sdk.Options)) (*sdk.ListPoliciesOutput, error) {
	return read(ctx, f, "ListPolicies", in, func(s *State) (*sdk.ListPoliciesOutput, error) {
		ids := slices.DeleteFunc(sorted(s.Policies), func(id string) bool { return string(s.Policies[id].Type) != string(in.Filter) })
		cut, next, err := page(f, ids, in.NextToken, in.MaxResults)
		return &sdk.ListPoliciesOutput{Policies: f.summaries(s, cut), NextToken: next}, err
	})
}

func (s *State) policy(id *string) (*Policy, error) {
	if p := s.Policies[aws.ToString(id)]; p != nil {
		return p, nil
	}
	return nil, &types.PolicyNotFoundException{Message: aws.String("You specified a policy that doesn't exist: " + aws.ToString(id))}
}

// DescribePolicy gives a policy with its document.
func (f *Organizations) DescribePolicy(ctx context.Context, in *sdk.DescribePolicyInput, _ ...func(*sdk.Options)) (*sdk.DescribePolicyOutput, error) {
	return read(ctx, f, "DescribePolicy", in, func(s *State) (*sdk.DescribePolicyOutput, error) {
		p, err := s.policy(in.PolicyId)
		if err != nil {
			return nil, err
		}
		summary := f.summary(s, *in.PolicyId)
		return &sdk.DescribePolicyOutput{Policy: &types.Policy{Content: aws.String(p.Document), PolicySummary: &summary}}, nil
	})
}

// targets are what a policy is attached to: AWS's own RCP to everything.
func (s *State) targets(id string) []string {
	if id == RCPFullAWSAccess && s.Types[organization.RCP] != "" {
		return s.nodes()
	}
	return slices.Sorted(slices.Values(s.Policies[id].Targets))
}

// ListTargetsForPolicy lists what a policy is attached to.
func (f *Organizations) ListTargetsForPolicy(ctx context.Context, in *sdk.ListTargetsForPolicyInput, _ ...func(*sdk.Options)) (*sdk.ListTargetsForPolicyOutput, error) {
	return read(ctx, f, "ListTargetsForPolicy", in, func(s *State) (*sdk.ListTargetsForPolicyOutput, error) {
		if _, err := s.policy(in.PolicyId); err != nil {
			return nil, err
		}
		cut, next, err := page(f, s.targets(*in.PolicyId), in.NextToken, in.MaxResults)
		out := &sdk.ListTargetsForPolicyOutput{NextToken: next}
		for _, id := range cut {
			t := types.PolicyTargetSummary{TargetId: &id, Type: types.TargetTypeRoot}
			switch {
			case s.Units[id] != nil:
				t.Type, t.Name = types.TargetTypeOrganizationalUnit, aws.String(s.Units[id].Name)
			case s.Accounts[id] != nil:
				t.Type, t.Name = types.TargetTypeAccount, aws.String(s.Accounts[id].Name)
			}
			out.Targets = append(out.Targets, t)
		}
		return out, err
	})
}

// ListPoliciesForTarget lists the policies of a type that are attached to the
// root, a unit or an account itself.
func (f *Organizations) ListPoliciesForTarget(ctx context.Context, in *sdk.ListPoliciesForTargetInput, _ ...func(*sdk.Options)) (*sdk.ListPoliciesForTargetOutput, error) {
	return read(ctx, f, "ListPoliciesForTarget", in, func(s *State) (*sdk.ListPoliciesForTargetOutput, error) {
		if err := s.target(in.TargetId); err != nil {
			return nil, err
		}
		ids := slices.DeleteFunc(sorted(s.Policies), func(id string) bool {
			return string(s.Policies[id].Type) != string(in.Filter) || !slices.Contains(s.targets(id), *in.TargetId)
		})
		cut, next, err := page(f, ids, in.NextToken, in.MaxResults)
		return &sdk.ListPoliciesForTargetOutput{Policies: f.summaries(s, cut), NextToken: next}, err
	})
}

func (s *State) target(id *string) error {
	if s.has(aws.ToString(id)) {
		return nil
	}
	return &types.TargetNotFoundException{Message: aws.String("You specified a target that doesn't exist: " + aws.ToString(id))}
}

// AttachPolicy attaches a policy of an enabled type.
func (f *Organizations) AttachPolicy(ctx context.Context, in *sdk.AttachPolicyInput, _ ...func(*sdk.Options)) (*sdk.AttachPolicyOutput, error) {
	return write(ctx, f, "AttachPolicy", in, func(s *State) (*sdk.AttachPolicyOutput, error) {
		p, err := s.policy(in.PolicyId)
		if err != nil {
			return nil, err
		}
		if err := s.target(in.TargetId); err != nil {
			return nil, err
		}
		switch {
		case s.Types[p.Type] != organization.TypeEnabled:
			return nil, &types.PolicyTypeNotEnabledException{Message: aws.String("The specified policy type isn't currently enabled in this root.")}
		case slices.Contains(p.Targets, *in.TargetId):
			return nil, &types.DuplicatePolicyAttachmentException{Message: aws.String("The selected policy is already attached to the specified target.")}
		}
		p.Targets = append(p.Targets, *in.TargetId)
		return &sdk.AttachPolicyOutput{}, nil
	})
}

// DetachPolicy detaches a policy; AWS's own RCP and the last SCP of a target stay.
func (f *Organizations) DetachPolicy(ctx context.Context, in *sdk.DetachPolicyInput, _ ...func(*sdk.Options)) (*sdk.DetachPolicyOutput, error) {
	return write(ctx, f, "DetachPolicy", in, func(s *State) (*sdk.DetachPolicyOutput, error) {
		p, err := s.policy(in.PolicyId)
		if err != nil {
			return nil, err
		}
		i := slices.Index(p.Targets, aws.ToString(in.TargetId))
		if i < 0 {
			return nil, &types.PolicyNotAttachedException{Message: aws.String("The policy isn't attached to the specified target in the specified root.")}
		}
		others := 0
		for id, other := range s.Policies {
			if id != *in.PolicyId && other.Type == p.Type && slices.Contains(other.Targets, *in.TargetId) {
				others++
			}
		}
		if p.Type == organization.SCP && others == 0 {
			return nil, &types.ConstraintViolationException{Message: aws.String("You cannot remove the last policy attached to the specified target. You must have at least one attached at all times."), Reason: types.ConstraintViolationExceptionReasonMinPolicyTypeAttachmentLimitExceeded}
		}
		p.Targets = slices.Delete(slices.Clone(p.Targets), i, i+1)
		return &sdk.DetachPolicyOutput{}, nil
	})
}

func (s *State) rooted(id *string, t organization.PolicyType) error {
	switch {
	case aws.ToString(id) != s.Root:
		return &types.RootNotFoundException{Message: aws.String("You specified a root that doesn't exist: " + aws.ToString(id))}
	case !s.AllFeatures:
		return &types.PolicyTypeNotAvailableForOrganizationException{Message: aws.String("The policy type " + string(t) + " is not available in this organization.")}
	}
	return nil
}

// EnablePolicyType enables a policy type, at once, and attaches AWS's own SCP
// everywhere if it is that.
func (f *Organizations) EnablePolicyType(ctx context.Context, in *sdk.EnablePolicyTypeInput, _ ...func(*sdk.Options)) (*sdk.EnablePolicyTypeOutput, error) {
	return write(ctx, f, "EnablePolicyType", in, func(s *State) (*sdk.EnablePolicyTypeOutput, error) {
		t := organization.PolicyType(in.PolicyType)
		if err := s.rooted(in.RootId, t); err != nil {
			return nil, err
		}
		if s.Types[t] == organization.TypeEnabled {
			return nil, &types.PolicyTypeAlreadyEnabledException{Message: aws.String("The specified policy type is already enabled in the specified root.")}
		}
		s.Types[t] = organization.TypeEnabled
		if t == organization.SCP {
			s.Policies[FullAWSAccess].Targets = s.nodes()
		}
		root := f.root(s)
		return &sdk.EnablePolicyTypeOutput{Root: &root}, nil
	})
}

// DisablePolicyType disables a policy type, at once, and detaches its policies
// from everything.
func (f *Organizations) DisablePolicyType(ctx context.Context, in *sdk.DisablePolicyTypeInput, _ ...func(*sdk.Options)) (*sdk.DisablePolicyTypeOutput, error) {
	return write(ctx, f, "DisablePolicyType", in, func(s *State) (*sdk.DisablePolicyTypeOutput, error) {
		t := organization.PolicyType(in.PolicyType)
		if err := s.rooted(in.RootId, t); err != nil {
			return nil, err
		}
		if s.Types[t] == "" {
			return nil, &types.PolicyTypeNotEnabledException{Message: aws.String("The specified policy type isn't currently enabled in this root.")}
		}
		delete(s.Types, t)
		for _, p := range s.Policies {
			if p.Type == t {
				p.Targets = nil
			}
		}
		root := f.root(s)
		return &sdk.DisablePolicyTypeOutput{Root: &root}, nil
	})
}
