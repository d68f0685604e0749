package iam

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/awsposture/posture/internal/gate"
)

// AccessKey is an access key of a user, as it is now.
type AccessKey struct {
	User, ID string
	Active   bool
	Created  time.Time
}

// AccessKeys reads the access keys of one user.
func (a *Account) AccessKeys(ctx context.Context, user string) ([]AccessKey, error) {
	return a.keys.Get(ctx, user, func(ctx context.Context) ([]AccessKey, error) {
		return gate.Do(ctx, &a.gate, func(ctx context.Context) ([]AccessKey, error) { return listKeys(ctx, a.api, user) })
	})
}

func listKeys(ctx context.Context, api iam.ListAccessKeysAPIClient, user string) ([]AccessKey, error) {
	return pages(ctx, func(ctx context.Context, marker *string) ([]AccessKey, bool, *string, error) {
		out, err := api.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: &user, MaxItems: aws.Int32(pageSize), Marker: marker})
		if err != nil {
			return nil, false, nil, err
		}
		var keys []AccessKey
		for _, k := range out.AccessKeyMetadata {
			keys = append(keys, AccessKey{User: user, ID: aws.ToString(k.AccessKeyId), Active: k.Status == types.StatusTypeActive, Created: aws.ToTime(k.CreateDate)})
		}
		return keys, out.IsTruncated, out.Marker, nil
	})
}

// KeyLastUsed reads when an access key was last used; the zero time is never,
// as far as AWS knows.
func (a *Account) KeyLastUsed(ctx context.Context, keyID string) (time.Time, error) {
	return a.keyUse.Get(ctx, keyID, func(ctx context.Context) (time.Time, error) {
		return gate.Do(ctx, &a.gate, func(ctx context.Context) (time.Time, error) {
			out, err := a.api.GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: &keyID})
			if err != nil || out.AccessKeyLastUsed == nil {
				return time.Time{}, err
			}
			return aws.ToTime(out.AccessKeyLastUsed.LastUsedDate), nil
		})
	})
}

// LoginProfile is a user's console password, without the password.
type LoginProfile struct {
	Exists        bool
	Created       time.Time
	ResetRequired bool
}

// Login reads whether a user has a console password.
func (a *Account) Login(ctx context.Context, user string) (LoginProfile, error) {
	return a.logins.Get(ctx, user, func(ctx context.Context) (LoginProfile, error) {
		return gate.Do(ctx, &a.gate, func(ctx context.Context) (LoginProfile, error) { return getLogin(ctx, a.api, user) })
	})
}

func getLogin(ctx context.Context, api Reader, user string) (LoginProfile, error) {
	out, err := api.GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: &user})
	if sameCode(err, "NoSuchEntity") {
		return LoginProfile{}, nil
	}
	if err != nil || out.LoginProfile == nil {
		return LoginProfile{}, err
	}
	return LoginProfile{Exists: true, Created: aws.ToTime(out.LoginProfile.CreateDate), ResetRequired: out.LoginProfile.PasswordResetRequired}, nil
}

// MFADevices reads the serial numbers of a user's MFA devices, of every kind.
func (a *Account) MFADevices(ctx context.Context, user string) ([]string, error) {
	return a.devices.Get(ctx, user, func(ctx context.Context) ([]string, error) {
		return gate.Do(ctx, &a.gate, func(ctx context.Context) ([]string, error) {
			return pages(ctx, func(ctx context.Context, marker *string) ([]string, bool, *string, error) {
				out, err := a.api.ListMFADevices(ctx, &iam.ListMFADevicesInput{UserName: &user, MaxItems: aws.Int32(pageSize), Marker: marker})
				if err != nil {
					return nil, false, nil, err
				}
				var serials []string
				for _, d := range out.MFADevices {
					serials = append(serials, aws.ToString(d.SerialNumber))
				}
				return serials, out.IsTruncated, out.Marker, nil
			})
		})
	})
}

// PasswordLastUsed reads when a user last signed in with a password; the zero
// time is never.
func (a *Account) PasswordLastUsed(ctx context.Context, user string) (time.Time, error) {
	return a.passwordUse.Get(ctx, user, func(ctx context.Context) (time.Time, error) {
		return gate.Do(ctx, &a.gate, func(ctx context.Context) (time.Time, error) {
			out, err := a.api.GetUser(ctx, &iam.GetUserInput{UserName: &user})
			if err != nil || out.User == nil {
				return time.Time{}, err
			}
			return aws.ToTime(out.User.PasswordLastUsed), nil
		})
	})
}
