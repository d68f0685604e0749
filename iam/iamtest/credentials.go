package iamtest

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// ListAccessKeys lists a user's access keys.
func (f *IAM) ListAccessKeys(ctx context.Context, in *sdk.ListAccessKeysInput, _ ...func(*sdk.Options)) (*sdk.ListAccessKeysOutput, error) {
	return read(ctx, f, "ListAccessKeys", in, func(s *State) (*sdk.ListAccessKeysOutput, error) {
		u, err := find(s.Users, "user", in.UserName)
		if err != nil {
			return nil, err
		}
		cut, more, next, err := page(f, u.Keys, in.Marker, in.MaxItems)
		out := &sdk.ListAccessKeysOutput{IsTruncated: more, Marker: next}
		for _, k := range cut {
			out.AccessKeyMetadata = append(out.AccessKeyMetadata, types.AccessKeyMetadata{UserName: in.UserName, AccessKeyId: aws.String(k.ID), Status: status(k.Inactive), CreateDate: ptr(k.Created)})
		}
		return out, err
	})
}

// GetAccessKeyLastUsed tells when a key was last used.
func (f *IAM) GetAccessKeyLastUsed(ctx context.Context, in *sdk.GetAccessKeyLastUsedInput, _ ...func(*sdk.Options)) (*sdk.GetAccessKeyLastUsedOutput, error) {
	return read(ctx, f, "GetAccessKeyLastUsed", in, func(s *State) (*sdk.GetAccessKeyLastUsedOutput, error) {
		for _, name := range sorted(s.Users) {
			for _, k := range s.Users[name].Keys {
				if k.ID == aws.ToString(in.AccessKeyId) {
					return &sdk.GetAccessKeyLastUsedOutput{UserName: aws.String(name), AccessKeyLastUsed: &types.AccessKeyLastUsed{LastUsedDate: ptr(k.Used), Region: aws.String("N/A"), ServiceName: aws.String("N/A")}}, nil
				}
			}
		}
		return nil, missing("access key", aws.ToString(in.AccessKeyId))
	})
}

// UpdateAccessKey activates or deactivates a key.
func (f *IAM) UpdateAccessKey(ctx context.Context, in *sdk.UpdateAccessKeyInput, _ ...func(*sdk.Options)) (*sdk.UpdateAccessKeyOutput, error) {
	return write(ctx, f, "UpdateAccessKey", in, func(s *State) (*sdk.UpdateAccessKeyOutput, error) {
		u, err := find(s.Users, "user", in.UserName)
		if err != nil {
			return nil, err
		}
		for _, k := range u.Keys {
			if k.ID == aws.ToString(in.AccessKeyId) {
				k.Inactive, k.Changed = in.Status == types.StatusTypeInactive, f.now()
				return &sdk.UpdateAccessKeyOutput{}, nil
			}
		}
		return nil, missing("access key", aws.ToString(in.AccessKeyId))
	})
}

// GetLoginProfile gives a user's console password's description, or NoSuchEntity.
func (f *IAM) GetLoginProfile(ctx context.Context, in *sdk.GetLoginProfileInput, _ ...func(*sdk.Options)) (*sdk.GetLoginProfileOutput, error) {
	return read(ctx, f, "GetLoginProfile", in, func(s *State) (*sdk.GetLoginProfileOutput, error) {
		u, err := find(s.Users, "user", in.UserName)
		if err != nil {
			return nil, err
		}
		if u.Password == nil {
			return nil, missing("login profile", *in.UserName)
		}
		return &sdk.GetLoginProfileOutput{LoginProfile: &types.LoginProfile{UserName: in.UserName, CreateDate: ptr(u.Password.Created), PasswordResetRequired: u.Password.ResetRequired}}, nil
	})
}

// CreateLoginProfile gives a user a console password.
func (f *IAM) CreateLoginProfile(ctx context.Context, in *sdk.CreateLoginProfileInput, _ ...func(*sdk.Options)) (*sdk.CreateLoginProfileOutput, error) {
	return write(ctx, f, "CreateLoginProfile", in, func(s *State) (*sdk.CreateLoginProfileOutput, error) {
		u, err := find(s.Users, "user", in.UserName)
		if err != nil {
			return nil, err
		}
		if u.Password != nil {
			return nil, &types.EntityAlreadyExistsException{Message: aws.String("Login Profile for user " + *in.UserName + " already exists.")}
		}
		u.Password = &Password{Created: f.now(), ResetRequired: in.PasswordResetRequired}
		return &sdk.CreateLoginProfileOutput{LoginProfile: &types.LoginProfile{UserName: in.UserName, CreateDate: ptr(f.now()), PasswordResetRequired: in.PasswordResetRequired}}, nil
	})
}

// DeleteLoginProfile takes a user's console password away.
func (f *IAM) DeleteLoginProfile(ctx context.Context, in *sdk.DeleteLoginProfileInput, _ ...func(*sdk.Options)) (*sdk.DeleteLoginProfileOutput, error) {
	return write(ctx, f, "DeleteLoginProfile", in, func(s *State) (*sdk.DeleteLoginProfileOutput, error) {
		u, err := find(s.Users, "user", in.UserName)
		if err != nil {
			return nil, err
		}
		if u.Password == nil {
			return nil, missing("login profile", *in.UserName)
		}
		u.Password = nil
		return &sdk.DeleteLoginProfileOutput{}, nil
	})
}

// ListMFADevices lists a user's MFA devices.
func (f *IAM) ListMFADevices(ctx context.Context, in *sdk.ListMFADevicesInput, _ ...func(*sdk.Options)) (*sdk.ListMFADevicesOutput, error) {
	return read(ctx, f, "ListMFADevices", in, func(s *State) (*sdk.ListMFADevicesOutput, error) {
		u, err := find(s.Users, "user", in.UserName)
		if err != nil {
			return nil, err
		}
		cut, more, next, err := page(f, u.MFA, in.Marker, in.MaxItems)
		out := &sdk.ListMFADevicesOutput{IsTruncated: more, Marker: next}
		for _, serial := range cut {
			out.MFADevices = append(out.MFADevices, types.MFADevice{UserName: in.UserName, SerialNumber: aws.String(serial)})
		}
		return out, err
	})
}

// ListVirtualMFADevices lists the assigned virtual devices: the root user's, and
// those of users whose serial number is an ARN of kind mfa/.
func (f *IAM) ListVirtualMFADevices(ctx context.Context, in *sdk.ListVirtualMFADevicesInput, _ ...func(*sdk.Options)) (*sdk.ListVirtualMFADevicesOutput, error) {
	return read(ctx, f, "ListVirtualMFADevices", in, func(s *State) (*sdk.ListVirtualMFADevicesOutput, error) {
		var all []types.VirtualMFADevice
		if s.Root.VirtualMFA {
			all = append(all, types.VirtualMFADevice{SerialNumber: aws.String(f.ARN("mfa/root-account-mfa-device")), User: &types.User{Arn: aws.String(f.ARN("root"))}})
		}
		for _, name := range sorted(s.Users) {
			for _, serial := range s.Users[name].MFA {
				if strings.Contains(serial, ":mfa/") {
					all = append(all, types.VirtualMFADevice{SerialNumber: aws.String(serial), User: &types.User{Arn: aws.String(f.ARN("user/" + name)), UserName: aws.String(name)}})
				}
			}
		}
		cut, more, next, err := page(f, all, in.Marker, in.MaxItems)
		return &sdk.ListVirtualMFADevicesOutput{VirtualMFADevices: cut, IsTruncated: more, Marker: next}, err
	})
}

// ListServiceSpecificCredentials lists service-specific credentials, of one
// user or of all.
func (f *IAM) ListServiceSpecificCredentials(ctx context.Context, in *sdk.ListServiceSpecificCredentialsInput, _ ...func(*sdk.Options)) (*sdk.ListServiceSpecificCredentialsOutput, error) {
	return read(ctx, f, "ListServiceSpecificCredentials", in, func(s *State) (*sdk.ListServiceSpecificCredentialsOutput, error) {
		var all []types.ServiceSpecificCredentialMetadata
		for _, name := range sorted(s.Users) {
			if !aws.ToBool(in.AllUsers) && name != aws.ToString(in.UserName) {
				continue
			}
			for _, c := range s.Users[name].Services {
				all = append(all, types.ServiceSpecificCredentialMetadata{
					UserName: aws.String(name), ServiceSpecificCredentialId: aws.String(c.ID), ServiceName: aws.String(c.Service),
					CreateDate: ptr(c.Created), ExpirationDate: ptr(c.Expires), Status: status(c.Inactive),
				})
			}
		}
		cut, more, next, err := page(f, all, in.Marker, in.MaxItems)
		return &sdk.ListServiceSpecificCredentialsOutput{ServiceSpecificCredentials: cut, IsTruncated: more, Marker: next}, err
	})
}
