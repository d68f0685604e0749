package iamtest

import (
	"context"
	"net/url"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// GetAccountAuthorizationDetails lists users, groups, roles and policies, in
// this order, over as many pages as it takes.
func (f *IAM) GetAccountAuthorizationDetails(ctx context.Context, in *sdk.GetAccountAuthorizationDetailsInput, _ ...func(*sdk.Options)) (*sdk.GetAccountAuthorizationDetailsOutput, error) {
	return read(ctx, f, "GetAccountAuthorizationDetails", in, func(s *State) (*sdk.GetAccountAuthorizationDetailsOutput, error) {
		asked := func(t types.EntityType) bool { return len(in.Filter) == 0 || slices.Contains(in.Filter, t) }
		var items []func() any
		add := func(t types.EntityType, names []string, detail func(string) any) {
			if asked(t) {
				for _, n := range names {
					items = append(items, func() any { return detail(n) })
				}
			}
		}
		add(types.EntityTypeUser, sorted(s.Users), func(n string) any { return f.user(n, s.Users[n]) })
		add(types.EntityTypeGroup, sorted(s.Groups), func(n string) any { return f.group(n, s.Groups[n]) })
		add(types.EntityTypeRole, sorted(s.Roles), func(n string) any { return f.role(n, s.Roles[n]) })
		add(types.EntityTypeLocalManagedPolicy, sorted(s.Policies), func(n string) any { return f.policy(s, n, s.Policies[n]) })

		cut, more, next, err := page(f, items, in.Marker, in.MaxItems)
		if err != nil {
			return nil, err
		}
		out := &sdk.GetAccountAuthorizationDetailsOutput{IsTruncated: more, Marker: next}
		for _, item := range cut {
			switch d := item().(type) {
			case types.UserDetail:
				out.UserDetailList = append(out.UserDetailList, d)
			case types.GroupDetail:
				out.GroupDetailList = append(out.GroupDetailList, d)
			case types.RoleDetail:
				out.RoleDetailList = append(out.RoleDetailList, d)
			case types.ManagedPolicyDetail:
				out.Policies = append(out.Policies, d)
			}
		}
		return out, nil
	})
}

func (f *IAM) user(name string, u *User) types.UserDetail {
	return types.UserDetail{
		UserName: &name, UserId: aws.String("AIDA" + name), Arn: aws.String(f.ARN("user/" + name)), Path: aws.String("/"), CreateDate: ptr(u.Created), GroupList: slices.Clone(u.Groups),
		AttachedManagedPolicies: attached(u.Attached), UserPolicyList: inline(u.Inline), PermissionsBoundary: bounded(u.Boundary), Tags: tags(u.Tags),
	}
}

func (f *IAM) group(name string, g *Group) types.GroupDetail {
	return types.GroupDetail{
		GroupName: &name, GroupId: aws.String("AGPA" + name), Arn: aws.String(f.ARN("group/" + name)), Path: aws.String("/"), CreateDate: ptr(g.Created),
		AttachedManagedPolicies: attached(g.Attached), GroupPolicyList: inline(g.Inline),
	}
}

func (f *IAM) role(name string, r *Role) types.RoleDetail {
	path := r.Path
	if path == "" {
		path = "/"
	}
	d := types.RoleDetail{
		RoleName: &name, RoleId: aws.String("AROA" + name), Arn: aws.String(f.ARN("role" + path + name)), Path: &path, CreateDate: ptr(r.Created), AssumeRolePolicyDocument: encoded(r.Trust),
		AttachedManagedPolicies: attached(r.Attached), RolePolicyList: inline(r.Inline), PermissionsBoundary: bounded(r.Boundary), Tags: tags(r.Tags), RoleLastUsed: &types.RoleLastUsed{},
	}
	if !r.LastUsed.IsZero() {
		d.RoleLastUsed = &types.RoleLastUsed{LastUsedDate: ptr(r.LastUsed), Region: aws.String("us-east-1")}
	}
	return d
}

func (f *IAM) policy(s *State, name string, p *Policy) types.ManagedPolicyDetail {
	arn := f.ARN("policy/" + name)
	attachments, bounds := s.uses(arn)
	return types.ManagedPolicyDetail{
		PolicyName: &name, PolicyId: aws.String("ANPA" + name), Arn: &arn, Path: aws.String("/"), CreateDate: ptr(p.Created), DefaultVersionId: aws.String("v1"), IsAttachable: true,
		AttachmentCount: aws.Int32(attachments), PermissionsBoundaryUsageCount: aws.Int32(bounds),
		PolicyVersionList: []types.PolicyVersion{{VersionId: aws.String("v1"), IsDefaultVersion: true, Document: encoded(p.Document), CreateDate: ptr(p.Created)}},
	}
}

// GetUser gives a user, with when the password was last used.
func (f *IAM) GetUser(ctx context.Context, in *sdk.GetUserInput, _ ...func(*sdk.Options)) (*sdk.GetUserOutput, error) {
	return read(ctx, f, "GetUser", in, func(s *State) (*sdk.GetUserOutput, error) {
		u, err := find(s.Users, "user", in.UserName)
		if err != nil {
			return nil, err
		}
		d := f.user(*in.UserName, u)
		out := &types.User{UserName: d.UserName, UserId: d.UserId, Arn: d.Arn, Path: d.Path, CreateDate: d.CreateDate, Tags: d.Tags, PermissionsBoundary: d.PermissionsBoundary}
		if u.Password != nil {
			out.PasswordLastUsed = ptr(u.Password.Used)
		}
		return &sdk.GetUserOutput{User: out}, nil
	})
}

// GetRole gives a role with its trust policy.
func (f *IAM) GetRole(ctx context.Context, in *sdk.GetRoleInput, _ ...func(*sdk.Options)) (*sdk.GetRoleOutput, error) {
	return read(ctx, f, "GetRole", in, func(s *State) (*sdk.GetRoleOutput, error) {
		r, err := find(s.Roles, "role", in.RoleName)
		if err != nil {
			return nil, err
		}
		d := f.role(*in.RoleName, r)
		return &sdk.GetRoleOutput{Role: &types.Role{
			RoleName: d.RoleName, RoleId: d.RoleId, Arn: d.Arn, Path: d.Path, CreateDate: d.CreateDate, AssumeRolePolicyDocument: d.AssumeRolePolicyDocument,
			Tags: d.Tags, PermissionsBoundary: d.PermissionsBoundary, RoleLastUsed: d.RoleLastUsed,
		}}, nil
	})
}

// uses counts how often a managed policy is attached, and bounds.
func (s *State) uses(arn string) (attachments, bounds int32) {
	count := func(attached []string, boundary string) {
		for _, a := range attached {
			if a == arn {
				attachments++
			}
		}
		if boundary == arn {
			bounds++
		}
	}
	for _, u := range s.Users {
		count(u.Attached, u.Boundary)
	}
	for _, g := range s.Groups {
		count(g.Attached, "")
	}
	for _, r := range s.Roles {
		count(r.Attached, r.Boundary)
	}
	return attachments, bounds
}

func attached(arns []string) (out []types.AttachedPolicy) {
	for _, a := range arns {
		out = append(out, types.AttachedPolicy{PolicyArn: aws.String(a), PolicyName: aws.String(policyName(a))})
	}
	return out
}

func inline(docs map[string]string) (out []types.PolicyDetail) {
	for _, n := range sorted(docs) {
		out = append(out, types.PolicyDetail{PolicyName: aws.String(n), PolicyDocument: encoded(docs[n])})
	}
	return out
}

func bounded(arn string) *types.AttachedPermissionsBoundary {
	if arn == "" {
		return nil
	}
	return &types.AttachedPermissionsBoundary{PermissionsBoundaryArn: &arn, PermissionsBoundaryType: types.PermissionsBoundaryAttachmentTypePolicy}
}

func tags(m map[string]string) (out []types.Tag) {
	for _, k := range sorted(m) {
		out = append(out, types.Tag{Key: aws.String(k), Value: aws.String(m[k])})
	}
	return out
}

// encoded gives a document as IAM does, encoded for a URL.
func encoded(doc string) *string { return aws.String(url.PathEscape(doc)) }
