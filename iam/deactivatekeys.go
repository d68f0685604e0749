package iam

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// DeactivateKeys plans to deactivate an access key that is too old or idle. The
// key stays and can be activated again.
type DeactivateKeys struct {
	Account *Account
	Writer  Writer
	// EvenInUse plans for a key that was used in the last 24 hours too. Without
	// it such a key needs a person's choice: something will stop working.
	EvenInUse bool
}

// Controls implements posture.Remediator.
func (r DeactivateKeys) Controls() []string {
	return []string{"iam.access-key-age", "iam.unused-credentials", "iam.dormant-credentials", "iam.key-at-creation"}
}

// Place implements posture.Remediator.
func (r DeactivateKeys) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r DeactivateKeys) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	if target.Type != "AWS::IAM::AccessKey" {
		return posture.Plan{}, notMine(r, target)
	}
	out, err := r.Account.api.GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: &target.ID})
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	setting := AccessKeyStatus{Account: r.Account, Writer: r.Writer, User: aws.ToString(out.UserName), KeyID: target.ID}
	status, err := setting.Get(ctx)
	switch {
	case err != nil:
		return posture.Plan{}, refusal.Unreadable(target, err)
	case status != KeyActive:
		return posture.NewPlan(r.Place(), r.Account.now(), fs), nil
	}
	step, err := posture.Change(setting, KeyActive, KeyInactive)
	if err != nil {
		return posture.Plan{}, err
	}
	p := posture.NewPlan(r.Place(), r.Account.now(), fs, step)
	p.Risk = posture.RiskMedium
	p.Impact.Unknown = []string{"which calls the key makes: AWS tells only its last use"}
	if use := out.AccessKeyLastUsed; use != nil && r.Account.now().Sub(aws.ToTime(use.LastUsedDate)) < 24*time.Hour {
		if !r.EvenInUse {
			return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: fmt.Sprintf(
				"access key %s of user %s was used at %s with %s; give its user a new key first, or plan with EvenInUse", target.ID, setting.User, stamp(aws.ToTime(use.LastUsedDate)), aws.ToString(use.ServiceName))}
		}
		p.Impact.Window = 24 * time.Hour
		p.Impact.Broken = []posture.Use{{Principal: r.Account.place.ARN("iam", "user/"+setting.User), Action: aws.ToString(use.ServiceName) + ":*", Last: aws.ToTime(use.LastUsedDate), Source: "access key last used"}}
	}
	return p, nil
}
