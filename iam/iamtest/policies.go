package iamtest

import (
	"context"
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
)

func attach(list *[]string, arn string) {
	if !slices.Contains(*list, arn) {
		*list = append(*list, arn)
	}
}

func detach(list *[]string, arn string) error {
	i := slices.Index(*list, arn)
	if i < 0 {
		return missing("policy attachment", arn)
	}
	*list = slices.Delete(slices.Clone(*list), i, i+1)
	return nil
}

func put(docs *map[string]string, name, doc string) {
	if *docs == nil {
		*docs = map[string]string{}
	}
	(*docs)[name] = doc
}

func drop(docs map[string]string, name string) error {
	if _, ok := docs[name]; !ok {
		return missing("policy", name)
	}
	delete(docs, name)
	return nil
}

// AttachUserPolicy attaches a managed policy to a user.
func (f *IAM) AttachUserPolicy(ctx context.Context, in *sdk.AttachUserPolicyInput, _ ...func(*sdk.Options)) (*sdk.AttachUserPolicyOutput, error) {
	return write(ctx, f, "AttachUserPolicy", in, func(s *State) (*sdk.AttachUserPolicyOutput, error) {
		p, err := find(s.Users, "user", in.UserName)
		if err != nil {
			return nil, err
		}
		attach(&p.Attached, *in.PolicyArn)
		return &sdk.AttachUserPolicyOutput{}, nil
	})
}

// DetachUserPolicy detaches a managed policy from a user.
func (f *IAM) DetachUserPolicy(ctx context.Context, in *sdk.DetachUserPolicyInput, _ ...func(*sdk.Options)) (*sdk.DetachUserPolicyOutput, error) {
	return write(ctx, f, "DetachUserPolicy", in, func(s *State) (*sdk.DetachUserPolicyOutput, error) {
		p, err := find(s.Users, "user", in.UserName)
		if err != nil {
			return nil, err
		}
		return &sdk.DetachUserPolicyOutput{}, detach(&p.Attached, *in.PolicyArn)
	})
}

// PutUserPolicy embeds a policy in a user, in place of one of that name.
func (f *IAM) PutUserPolicy(ctx context.Context, in *sdk.PutUserPolicyInput, _ ...func(*sdk.Options)) (*sdk.PutUserPolicyOutput, error) {
	return write(ctx, f, "PutUserPolicy", in, func(s *State) (*sdk.PutUserPolicyOutput, error) {
		p, err := find(s.Users, "user", in.UserName)
		if err != nil {
			return nil, err
		}
		put(&p.Inline, *in.PolicyName, *in.PolicyDocument)
		return &sdk.PutUserPolicyOutput{}, nil
	})
}

// DeleteUserPolicy deletes a policy embedded in a user.
func (f *IAM) DeleteUserPolicy(ctx context.Context, in *sdk.DeleteUserPolicyInput, _ ...func(*sdk.Options)) (*sdk.DeleteUserPolicyOutput, error) {
	return write(ctx, f, "DeleteUserPolicy", in, func(s *State) (*sdk.DeleteUserPolicyOutput, error) {
		p, err := find(s.Users, "user", in.UserName)
		if err != nil {
			return nil, err
		}
		return &sdk.DeleteUserPolicyOutput{}, drop(p.Inline, *in.PolicyName)
	})
}

// AttachGroupPolicy attaches a managed policy to a group.
func (f *IAM) AttachGroupPolicy(ctx context.Context, in *sdk.AttachGroupPolicyInput, _ ...func(*sdk.Options)) (*sdk.AttachGroupPolicyOutput, error) {
	return write(ctx, f, "AttachGroupPolicy", in, func(s *State) (*sdk.AttachGroupPolicyOutput, error) {
		p, err := find(s.Groups, "group", in.GroupName)
		if err != nil {
			return nil, err
		}
		attach(&p.Attached, *in.PolicyArn)
		return &sdk.AttachGroupPolicyOutput{}, nil
	})
}

// DetachGroupPolicy detaches a managed policy from a group.
func (f *IAM) DetachGroupPolicy(ctx context.Context, in *sdk.DetachGroupPolicyInput, _ ...func(*sdk.Options)) (*sdk.DetachGroupPolicyOutput, error) {
	return write(ctx, f, "DetachGroupPolicy", in, func(s *State) (*sdk.DetachGroupPolicyOutput, error) {
		p, err := find(s.Groups, "group", in.GroupName)
		if err != nil {
			return nil, err
		}
		return &sdk.DetachGroupPolicyOutput{}, detach(&p.Attached, *in.PolicyArn)
	})
}

// PutGroupPolicy embeds a policy in a group, in place of one of that name.
func (f *IAM) PutGroupPolicy(ctx context.Context, in *sdk.PutGroupPolicyInput, _ ...func(*sdk.Options)) (*sdk.PutGroupPolicyOutput, error) {
	return write(ctx, f, "PutGroupPolicy", in, func(s *State) (*sdk.PutGroupPolicyOutput, error) {
		p, err := find(s.Groups, "group", in.GroupName)
		if err != nil {
			return nil, err
		}
		put(&p.Inline, *in.PolicyName, *in.PolicyDocument)
		return &sdk.PutGroupPolicyOutput{}, nil
	})
}

// DeleteGroupPolicy deletes a policy embedded in a group.
func (f *IAM) DeleteGroupPolicy(ctx context.Context, in *sdk.DeleteGroupPolicyInput, _ ...func(*sdk.Options)) (*sdk.DeleteGroupPolicyOutput, error) {
	return write(ctx, f, "DeleteGroupPolicy", in, func(s *State) (*sdk.DeleteGroupPolicyOutput, error) {
		p, err := find(s.Groups, "group", in.GroupName)
		if err != nil {
			return nil, err
		}
		return &sdk.DeleteGroupPolicyOutput{}, drop(p.Inline, *in.PolicyName)
	})
}

// AttachRolePolicy attaches a managed policy to a role.
func (f *IAM) AttachRolePolicy(ctx context.Context, in *sdk.AttachRolePolicyInput, _ ...func(*sdk.Options)) (*sdk.AttachRolePolicyOutput, error) {
	return write(ctx, f, "AttachRolePolicy", in, func(s *State) (*sdk.AttachRolePolicyOutput, error) {
		p, err := find(s.Roles, "role", in.RoleName)
		if err != nil {
			return nil, err
		}
		attach(&p.Attached, *in.PolicyArn)
		return &sdk.AttachRolePolicyOutput{}, nil
	})
}

// DetachRolePolicy detaches a managed policy from a role.
func (f *IAM) DetachRolePolicy(ctx context.Context, in *sdk.DetachRolePolicyInput, _ ...func(*sdk.Options)) (*sdk.DetachRolePolicyOutput, error) {
	return write(ctx, f, "DetachRolePolicy", in, func(s *State) (*sdk.DetachRolePolicyOutput, error) {
		p, err := find(s.Roles, "role", in.RoleName)
		if err != nil {
			return nil, err
		}
		return &sdk.DetachRolePolicyOutput{}, detach(&p.Attached, *in.PolicyArn)
	})
}

// PutRolePolicy embeds a policy in a role, in place of one of that name.
func (f *IAM) PutRolePolicy(ctx context.Context, in *sdk.PutRolePolicyInput, _ ...func(*sdk.Options)) (*sdk.PutRolePolicyOutput, error) {
	return write(ctx, f, "PutRolePolicy", in, func(s *State) (*sdk.PutRolePolicyOutput, error) {
		p, err := find(s.Roles, "role", in.RoleName)
		if err != nil {
			return nil, err
		}
		put(&p.Inline, *in.PolicyName, *in.PolicyDocument)
		return &sdk.PutRolePolicyOutput{}, nil
	})
}

// DeleteRolePolicy deletes a policy embedded in a role.
func (f *IAM) DeleteRolePolicy(ctx context.Context, in *sdk.DeleteRolePolicyInput, _ ...func(*sdk.Options)) (*sdk.DeleteRolePolicyOutput, error) {
	return write(ctx, f, "DeleteRolePolicy", in, func(s *State) (*sdk.DeleteRolePolicyOutput, error) {
		p, err := find(s.Roles, "role", in.RoleName)
		if err != nil {
			return nil, err
		}
		return &sdk.DeleteRolePolicyOutput{}, drop(p.Inline, *in.PolicyName)
	})
}

// UpdateAssumeRolePolicy replaces a role's trust policy.
func (f *IAM) UpdateAssumeRolePolicy(ctx context.Context, in *sdk.UpdateAssumeRolePolicyInput, _ ...func(*sdk.Options)) (*sdk.UpdateAssumeRolePolicyOutput, error) {
	return write(ctx, f, "UpdateAssumeRolePolicy", in, func(s *State) (*sdk.UpdateAssumeRolePolicyOutput, error) {
		r, err := find(s.Roles, "role", in.RoleName)
		if err != nil {
			return nil, err
		}
		r.Trust = *in.PolicyDocument
		return &sdk.UpdateAssumeRolePolicyOutput{}, nil
	})
}

// ListAttachedUserPolicies lists the managed policies attached to a user.
func (f *IAM) ListAttachedUserPolicies(ctx context.Context, in *sdk.ListAttachedUserPoliciesInput, _ ...func(*sdk.Options)) (*sdk.ListAttachedUserPoliciesOutput, error) {
	return read(ctx, f, "ListAttachedUserPolicies", in, func(s *State) (*sdk.ListAttachedUserPoliciesOutput, error) {
		p, err := find(s.Users, "user", in.UserName)
		if err != nil {
			return nil, err
		}
		cut, more, next, err := page(f, attached(p.Attached), in.Marker, in.MaxItems)
		return &sdk.ListAttachedUserPoliciesOutput{AttachedPolicies: cut, IsTruncated: more, Marker: next}, err
	})
}

// GetUserPolicy gives a policy embedded in a user.
func (f *IAM) GetUserPolicy(ctx context.Context, in *sdk.GetUserPolicyInput, _ ...func(*sdk.Options)) (*sdk.GetUserPolicyOutput, error) {
	return read(ctx, f, "GetUserPolicy", in, func(s *State) (*sdk.GetUserPolicyOutput, error) {
		p, err := find(s.Users, "user", in.UserName)
		if err != nil {
			return nil, err
		}
		doc, ok := p.Inline[*in.PolicyName]
		if !ok {
			return nil, missing("user policy", *in.PolicyName)
		}
		return &sdk.GetUserPolicyOutput{UserName: in.UserName, PolicyName: in.PolicyName, PolicyDocument: encoded(doc)}, nil
	})
}

// ListAttachedGroupPolicies lists the managed policies attached to a group.
func (f *IAM) ListAttachedGroupPolicies(ctx context.Context, in *sdk.ListAttachedGroupPoliciesInput, _ ...func(*sdk.Options)) (*sdk.ListAttachedGroupPoliciesOutput, error) {
	return read(ctx, f, "ListAttachedGroupPolicies", in, func(s *State) (*sdk.ListAttachedGroupPoliciesOutput, error) {
		p, err := find(s.Groups, "group", in.GroupName)
		if err != nil {
			return nil, err
		}
		cut, more, next, err := page(f, attached(p.Attached), in.Marker, in.MaxItems)
		return &sdk.ListAttachedGroupPoliciesOutput{AttachedPolicies: cut, IsTruncated: more, Marker: next}, err
	})
}

// GetGroupPolicy gives a policy embedded in a group.
func (f *IAM) GetGroupPolicy(ctx context.Context, in *sdk.GetGroupPolicyInput, _ ...func(*sdk.Options)) (*sdk.GetGroupPolicyOutput, error) {
	return read(ctx, f, "GetGroupPolicy", in, func(s *State) (*sdk.GetGroupPolicyOutput, error) {
		p, err := find(s.Groups, "group", in.GroupName)
		if err != nil {
			return nil, err
		}
		doc, ok := p.Inline[*in.PolicyName]
		if !ok {
			return nil, missing("group policy", *in.PolicyName)
		}
		return &sdk.GetGroupPolicyOutput{GroupName: in.GroupName, PolicyName: in.PolicyName, PolicyDocument: encoded(doc)}, nil
	})
}

// ListAttachedRolePolicies lists the managed policies attached to a role.
func (f *IAM) ListAttachedRolePolicies(ctx context.Context, in *sdk.ListAttachedRolePoliciesInput, _ ...func(*sdk.Options)) (*sdk.ListAttachedRolePoliciesOutput, error) {
	return read(ctx, f, "ListAttachedRolePolicies", in, func(s *State) (*sdk.ListAttachedRolePoliciesOutput, error) {
		p, err := find(s.Roles, "role", in.RoleName)
		if err != nil {
			return nil, err
		}
		cut, more, next, err := page(f, attached(p.Attached), in.Marker, in.MaxItems)
		return &sdk.ListAttachedRolePoliciesOutput{AttachedPolicies: cut, IsTruncated: more, Marker: next}, err
	})
}

// GetRolePolicy gives a policy embedded in a role.
func (f *IAM) GetRolePolicy(ctx context.Context, in *sdk.GetRolePolicyInput, _ ...func(*sdk.Options)) (*sdk.GetRolePolicyOutput, error) {
	return read(ctx, f, "GetRolePolicy", in, func(s *State) (*sdk.GetRolePolicyOutput, error) {
		p, err := find(s.Roles, "role", in.RoleName)
		if err != nil {
			return nil, err
		}
		doc, ok := p.Inline[*in.PolicyName]
		if !ok {
			return nil, missing("role policy", *in.PolicyName)
		}
		return &sdk.GetRolePolicyOutput{RoleName: in.RoleName, PolicyName: in.PolicyName, PolicyDocument: encoded(doc)}, nil
	})
}
