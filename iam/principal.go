package iam

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// PrincipalKind says what a policy is attached to or embedded in.
type PrincipalKind string

// The kinds of principals that hold policies.
const (
	KindUser  PrincipalKind = "user"
	KindGroup PrincipalKind = "group"
	KindRole  PrincipalKind = "role"
)

func kindOf(resourceType string) PrincipalKind {
	switch resourceType {
	case "AWS::IAM::User":
		return KindUser
	case "AWS::IAM::Group":
		return KindGroup
	case "AWS::IAM::Role":
		return KindRole
	}
	return ""
}

func (k PrincipalKind) unknown() error {
	return fmt.Errorf("iam: a policy cannot be held by a principal of kind %q", k)
}

// isAttached reads whether a managed policy is attached to a principal.
func isAttached(ctx context.Context, api Reader, kind PrincipalKind, name, policy string) (bool, error) {
	list, err := pages(ctx, func(ctx context.Context, marker *string) (list []types.AttachedPolicy, more bool, next *string, err error) {
		most := aws.Int32(pageSize)
		switch kind {
		case KindUser:
			var out *iam.ListAttachedUserPoliciesOutput
			if out, err = api.ListAttachedUserPolicies(ctx, &iam.ListAttachedUserPoliciesInput{UserName: &name, MaxItems: most, Marker: marker}); err == nil {
				list, more, next = out.AttachedPolicies, out.IsTruncated, out.Marker
			}
		case KindGroup:
			var out *iam.ListAttachedGroupPoliciesOutput
			if out, err = api.ListAttachedGroupPolicies(ctx, &iam.ListAttachedGroupPoliciesInput{GroupName: &name, MaxItems: most, Marker: marker}); err == nil {
				list, more, next = out.AttachedPolicies, out.IsTruncated, out.Marker
			}
		case KindRole:
			var out *iam.ListAttachedRolePoliciesOutput
			if out, err = api.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: &name, MaxItems: most, Marker: marker}); err == nil {
				list, more, next = out.AttachedPolicies, out.IsTruncated, out.Marker
			}
		default:
			err = kind.unknown()
		}
		return list, more, next, err
	})
	for _, p := range list {
		if aws.ToString(p.PolicyArn) == policy {
			return true, nil
		}
	}
	return false, err
}

func attach(ctx context.Context, w Writer, kind PrincipalKind, name, policy string) (err error) {
	switch kind {
	case KindUser:
		_, err = w.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: &name, PolicyArn: &policy})
	case KindGroup:
		_, err = w.AttachGroupPolicy(ctx, &iam.AttachGroupPolicyInput{GroupName: &name, PolicyArn: &policy})
	case KindRole:
		_, err = w.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: &name, PolicyArn: &policy})
	default:
		err = kind.unknown()
	}
	return err
}

func detach(ctx context.Context, w Writer, kind PrincipalKind, name, policy string) (err error) {
	switch kind {
	case KindUser:
		_, err = w.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{UserName: &name, PolicyArn: &policy})
	case KindGroup:
		_, err = w.DetachGroupPolicy(ctx, &iam.DetachGroupPolicyInput{GroupName: &name, PolicyArn: &policy})
	case KindRole:
		_, err = w.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: &name, PolicyArn: &policy})
	default:
		err = kind.unknown()
	}
	if sameCode(err, "NoSuchEntity") {
		return nil // what the next read shows decides
	}
	return err
}

// getInline reads a policy embedded in a principal.
func getInline(ctx context.Context, api Reader, kind PrincipalKind, name, policy string) (InlineDocument, error) {
	var doc *string
	var err error
	switch kind {
	case KindUser:
		var out *iam.GetUserPolicyOutput
		if out, err = api.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: &name, PolicyName: &policy}); err == nil {
			doc = out.PolicyDocument
		}
	case KindGroup:
		var out *iam.GetGroupPolicyOutput
		if out, err = api.GetGroupPolicy(ctx, &iam.GetGroupPolicyInput{GroupName: &name, PolicyName: &policy}); err == nil {
			doc = out.PolicyDocument
		}
	case KindRole:
		var out *iam.GetRolePolicyOutput
		if out, err = api.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &name, PolicyName: &policy}); err == nil {
			doc = out.PolicyDocument
		}
	default:
		err = kind.unknown()
	}
	if sameCode(err, "NoSuchEntity") {
		return InlineDocument{}, nil
	}
	return InlineDocument{Exists: err == nil, Document: document(doc)}, err
}

func putInline(ctx context.Context, w Writer, kind PrincipalKind, name, policy, doc string) (err error) {
	switch kind {
	case KindUser:
		_, err = w.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: &name, PolicyName: &policy, PolicyDocument: &doc})
	case KindGroup:
		_, err = w.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: &name, PolicyName: &policy, PolicyDocument: &doc})
	case KindRole:
		_, err = w.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: &name, PolicyName: &policy, PolicyDocument: &doc})
	default:
		err = kind.unknown()
	}
	return err
}

func deleteInline(ctx context.Context, w Writer, kind PrincipalKind, name, policy string) (err error) {
	switch kind {
	case KindUser:
		_, err = w.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: &name, PolicyName: &policy})
	case KindGroup:
		_, err = w.DeleteGroupPolicy(ctx, &iam.DeleteGroupPolicyInput{GroupName: &name, PolicyName: &policy})
	case KindRole:
		_, err = w.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: &name, PolicyName: &policy})
	default:
		err = kind.unknown()
	}
	if sameCode(err, "NoSuchEntity") {
		return nil
	}
	return err
}
