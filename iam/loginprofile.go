package iam

import (
	"context"
	"crypto/rand"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// ConsolePassword is whether an IAM user has a console password; never which.
type ConsolePassword struct {
	Exists        bool `json:"exists"`
	ResetRequired bool `json:"resetRequired"` // at the next sign-in
}

// UserConsolePassword is the setting of an IAM user's console password. It
// implements posture.Setting[ConsolePassword].
type UserConsolePassword struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
	User    string   `json:"user"`
}

// Kind implements posture.Setting.
func (s UserConsolePassword) Kind() posture.Kind {
	return posture.Kind{Name: "iam.console-password", Reads: []string{"iam:GetLoginProfile"}, Writes: []string{"iam:CreateLoginProfile", "iam:DeleteLoginProfile"}, Settle: settle}
}

// Target implements posture.Setting.
func (s UserConsolePassword) Target() posture.Resource {
	return s.Account.user(User{Name: s.User, ARN: ""})
}

// Get implements posture.Setting.
func (s UserConsolePassword) Get(ctx context.Context) (ConsolePassword, error) {
	p, err := getLogin(ctx, s.Account.api, s.User)
	return ConsolePassword{Exists: p.Exists, ResetRequired: p.ResetRequired}, err
}

// Loss says that a removed password does not come back.
func (s UserConsolePassword) Loss(from, to ConsolePassword) string {
	if from.Exists && !to.Exists {
		return "password: undo gives the user a random one that nobody knows, for an administrator to reset"
	}
	return ""
}

// Set implements posture.Setting. A password that it makes is random, is not kept
// anywhere, and must be changed at the first sign-in.
func (s UserConsolePassword) Set(ctx context.Context, want ConsolePassword) error {
	if !want.Exists {
		_, err := s.Writer.DeleteLoginProfile(ctx, &iam.DeleteLoginProfileInput{UserName: &s.User})
		if sameCode(err, "NoSuchEntity") {
			return nil
		}
		return err
	}
	// Random text of 26 characters, with one of every kind a policy may ask for.
	_, err := s.Writer.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: &s.User, Password: aws.String(rand.Text() + "aA1!"), PasswordResetRequired: want.ResetRequired})
	if sameCode(err, "EntityAlreadyExists") {
		return nil // what the next read shows decides
	}
	return err
}

// RemoveIdlePassword plans to remove a console password that was idle too long.
type RemoveIdlePassword struct {
	Account *Account
	Writer  Writer
}

// Controls implements posture.Remediator.
func (r RemoveIdlePassword) Controls() []string {
	return []string{"iam.unused-credentials", "iam.dormant-credentials"}
}

// Place implements posture.Remediator.
func (r RemoveIdlePassword) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r RemoveIdlePassword) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	if fs[0].Sub != passwordPart {
		return posture.Plan{}, notMine(r, target)
	}
	setting := UserConsolePassword{Account: r.Account, Writer: r.Writer, User: target.ID}
	is, err := setting.Get(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	return planOne(r.Account, fs, setting, is, ConsolePassword{}, posture.RiskMedium)
}
