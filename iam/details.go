package iam

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/awsposture/posture"
)

// User is an IAM user with everything attached to it.
type User struct {
	Name, ID, ARN string
	Created       time.Time
	Groups        []string
	Attached      []AttachedPolicy
	Inline        []InlinePolicy
	Boundary      string // ARN; "" none
	Tags          map[string]string
}

// Group is an IAM group with its policies.
type Group struct {
	Name, ID, ARN string
	Created       time.Time
	Attached      []AttachedPolicy
	Inline        []InlinePolicy
}

// Role is an IAM role with everything attached to it.
type Role struct {
	Name, ID, ARN, Path string
	Created             time.Time
	Trust               string // the trust policy's JSON
	Attached            []AttachedPolicy
	Inline              []InlinePolicy
	Boundary            string    // ARN; "" none
	LastUsed            time.Time // zero: not in the tracking period of 400 days
	Tags                map[string]string
}

// ServiceLinked tells whether only an AWS service may change the role.
func (r Role) ServiceLinked() bool { return strings.HasPrefix(r.Path, "/aws-service-role/") }

// Policy is a customer managed policy.
type Policy struct {
	Name, ID, ARN string
	Created       time.Time
	Version       string // the default version's id
	Document      string // the default version's JSON
	Attachments   int
	BoundaryUses  int // principals it bounds
}

// AttachedPolicy is a managed policy as attached to a principal.
type AttachedPolicy struct{ Name, ARN string }

// InlinePolicy is a policy embedded in one principal.
type InlinePolicy struct{ Name, Document string }

type details struct {
	users    []User
	groups   []Group
	roles    []Role
	policies []Policy
}

// Users lists the IAM users. Like every listing of the view it gives what was
// read beside the error that ended it.
func (a *Account) Users(ctx context.Context) ([]User, error) {
	d, err := a.authorization(ctx)
	return d.users, err
}

// Groups lists the IAM groups.
func (a *Account) Groups(ctx context.Context) ([]Group, error) {
	d, err := a.authorization(ctx)
	return d.groups, err
}

// Roles lists the roles, service-linked ones too.
func (a *Account) Roles(ctx context.Context) ([]Role, error) {
	d, err := a.authorization(ctx)
	return d.roles, err
}

// Policies lists the customer managed policies.
func (a *Account) Policies(ctx context.Context) ([]Policy, error) {
	d, err := a.authorization(ctx)
	return d.policies, err
}

// pageSize is the largest page that GetAccountAuthorizationDetails and the
// listings of IAM give.
const pageSize = 1000

// authorization reads every principal and policy with one paged call. AWS
// managed policies are left out: they are over a thousand and judged by name.
func (a *Account) authorization(ctx context.Context) (details, error) {
	return a.details.Get(ctx, func(ctx context.Context) (d details, err error) {
		var broken []error
		_, err = pages(ctx, func(ctx context.Context, marker *string) ([]struct{}, bool, *string, error) {
			out, err := a.api.GetAccountAuthorizationDetails(ctx, &iam.GetAccountAuthorizationDetailsInput{
				Filter:   []types.EntityType{types.EntityTypeUser, types.EntityTypeRole, types.EntityTypeGroup, types.EntityTypeLocalManagedPolicy},
				MaxItems: aws.Int32(pageSize), Marker: marker,
			})
			if err != nil {
				return nil, false, nil, err
			}
			broken = append(broken, d.add(out)...)
			return nil, out.IsTruncated, out.Marker, nil
		})
		return d, errors.Join(append(broken, err)...)
	})
}

func (d *details) add(out *iam.GetAccountAuthorizationDetailsOutput) (broken []error) {
	// The ARN says what it is; the name, which every ARN ends with, can be missing.
	named := func(what string, name, arn *string) bool {
		if arn != nil {
			return true
		}
		broken = append(broken, &posture.Cause{
			Kind: posture.CauseMalformed, Operation: "IAM:GetAccountAuthorizationDetails",
			Message: fmt.Sprintf("a %s came without an ARN (name %q)", what, aws.ToString(name)),
		})
		return false
	}
	for _, u := range out.UserDetailList {
		if named("user", u.UserName, u.Arn) {
			d.users = append(d.users, User{
				Name: nameOf(u.UserName, *u.Arn), ID: aws.ToString(u.UserId), ARN: *u.Arn, Created: aws.ToTime(u.CreateDate), Groups: u.GroupList,
				Attached: attached(u.AttachedManagedPolicies), Inline: inline(u.UserPolicyList), Boundary: boundary(u.PermissionsBoundary), Tags: tags(u.Tags),
			})
		}
	}
	for _, g := range out.GroupDetailList {
		if named("group", g.GroupName, g.Arn) {
			d.groups = append(d.groups, Group{
				Name: nameOf(g.GroupName, *g.Arn), ID: aws.ToString(g.GroupId), ARN: *g.Arn, Created: aws.ToTime(g.CreateDate),
				Attached: attached(g.AttachedManagedPolicies), Inline: inline(g.GroupPolicyList),
			})
		}
	}
	for _, r := range out.RoleDetailList {
		if named("role", r.RoleName, r.Arn) {
			role := Role{
				Name: nameOf(r.RoleName, *r.Arn), ID: aws.ToString(r.RoleId), ARN: *r.Arn, Path: aws.ToString(r.Path), Created: aws.ToTime(r.CreateDate), Trust: document(r.AssumeRolePolicyDocument),
				Attached: attached(r.AttachedManagedPolicies), Inline: inline(r.RolePolicyList), Boundary: boundary(r.PermissionsBoundary), Tags: tags(r.Tags),
			}
			if r.RoleLastUsed != nil {
				role.LastUsed = aws.ToTime(r.RoleLastUsed.LastUsedDate)
			}
			d.roles = append(d.roles, role)
		}
	}
	for _, p := range out.Policies {
		if named("policy", p.PolicyName, p.Arn) {
			policy := Policy{
				Name: nameOf(p.PolicyName, *p.Arn), ID: aws.ToString(p.PolicyId), ARN: *p.Arn, Created: aws.ToTime(p.CreateDate), Version: aws.ToString(p.DefaultVersionId),
				Attachments: int(aws.ToInt32(p.AttachmentCount)), BoundaryUses: int(aws.ToInt32(p.PermissionsBoundaryUsageCount)),
			}
			for _, v := range p.PolicyVersionList {
				if v.IsDefaultVersion {
					policy.Document = document(v.Document)
				}
			}
			d.policies = append(d.policies, policy)
		}
	}
	return broken
}

func nameOf(name *string, arn string) string {
	if name != nil {
		return *name
	}
	return arn[strings.LastIndexByte(arn, '/')+1:]
}

func attached(list []types.AttachedPolicy) (out []AttachedPolicy) {
	for _, p := range list {
		out = append(out, AttachedPolicy{aws.ToString(p.PolicyName), aws.ToString(p.PolicyArn)})
	}
	return out
}

func inline(list []types.PolicyDetail) (out []InlinePolicy) {
	for _, p := range list {
		out = append(out, InlinePolicy{aws.ToString(p.PolicyName), document(p.PolicyDocument)})
	}
	return out
}

func boundary(b *types.AttachedPermissionsBoundary) string {
	if b == nil {
		return ""
	}
	return aws.ToString(b.PermissionsBoundaryArn)
}

func tags(list []types.Tag) map[string]string {
	out := make(map[string]string, len(list))
	for _, t := range list {
		out[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return out
}
