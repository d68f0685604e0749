package iam

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/awsposture/posture"
)

// KeyStatus is whether an access key works.
type KeyStatus string

// The states of an access key.
const (
	KeyActive   KeyStatus = "active"
	KeyInactive KeyStatus = "inactive"
	KeyAbsent   KeyStatus = "absent" // never wanted: a deleted key cannot be brought back
)

// AccessKeyStatus is the setting of an access key's status. It implements
// posture.Setting[KeyStatus].
type AccessKeyStatus struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
	User    string   `json:"user"`
	KeyID   string   `json:"keyId"`
}

// Kind implements posture.Setting.
func (s AccessKeyStatus) Kind() posture.Kind {
	return posture.Kind{Name: "iam.access-key-status", Reads: []string{"iam:ListAccessKeys"}, Writes: []string{"iam:UpdateAccessKey"}, Settle: settle}
}

// Target implements posture.Setting.
func (s AccessKeyStatus) Target() posture.Resource { return s.Account.key(AccessKey{ID: s.KeyID}) }

// Touches gives the user that the key belongs to.
func (s AccessKeyStatus) Touches() []posture.Resource {
	return []posture.Resource{s.Account.holder(KindUser, s.User)}
}

// Get implements posture.Setting.
func (s AccessKeyStatus) Get(ctx context.Context) (KeyStatus, error) {
	keys, err := listKeys(ctx, s.Account.api, s.User)
	for _, k := range keys {
		switch {
		case k.ID != s.KeyID:
		case k.Active:
			return KeyActive, nil
		default:
			return KeyInactive, nil
		}
	}
	return KeyAbsent, err
}

// Set implements posture.Setting.
func (s AccessKeyStatus) Set(ctx context.Context, want KeyStatus) error {
	status := types.StatusTypeActive
	switch want {
	case KeyActive:
	case KeyInactive:
		status = types.StatusTypeInactive
	default:
		return fmt.Errorf("iam: an access key cannot be made %s", want)
	}
	_, err := s.Writer.UpdateAccessKey(ctx, &iam.UpdateAccessKeyInput{UserName: &s.User, AccessKeyId: &s.KeyID, Status: status})
	return err
}
