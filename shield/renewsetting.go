package shield

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
)

// Renewal is what happens at the end of the subscription.
type Renewal string

// What happens.
const (
	Renews Renewal = "renews"
	Ends   Renewal = "ends"
)

// RenewalSetting is the setting of whether the subscription renews itself. It
// implements posture.Setting[Renewal].
type RenewalSetting struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
}

// Kind implements posture.Setting.
func (s RenewalSetting) Kind() posture.Kind {
	return posture.Kind{Name: "shield.renewal", Reads: actions("DescribeSubscription"), Writes: actions("UpdateSubscription"), Settle: settle}
}

// Target implements posture.Setting.
func (s RenewalSetting) Target() posture.Resource { return s.Account.account() }

// Get implements posture.Setting.
func (s RenewalSetting) Get(ctx context.Context) (Renewal, error) {
	sub, err := readSubscription(ctx, s.Account.api)
	if sub.AutoRenew {
		return Renews, err
	}
	return Ends, err
}

// Set implements posture.Setting.
func (s RenewalSetting) Set(ctx context.Context, want Renewal) error {
	in := &shield.UpdateSubscriptionInput{AutoRenew: types.AutoRenewDisabled}
	if want == Renews {
		in.AutoRenew = types.AutoRenewEnabled
	}
	_, err := s.Writer.UpdateSubscription(ctx, in)
	return err
}

// Cost says what renewal costs.
func (s RenewalSetting) Cost(from, to Renewal) string {
	if from == to || to != Renews {
		return ""
	}
	return "The subscription to Shield Advanced commits to another year; see AWS Shield pricing."
}

// RenewSubscription plans to have the subscription renew itself.
type RenewSubscription struct {
	Account *Account
	Writer  Writer
}

// renewable is how long before its end AWS lets the renewal be changed.
const renewable = 30 * day

// Controls implements posture.Remediator.
func (r RenewSubscription) Controls() []string { return []string{"shield.auto-renew"} }

// Place implements posture.Remediator.
func (r RenewSubscription) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator. AWS refuses a change earlier than 30 days
// before the end, and so does this.
func (r RenewSubscription) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := targetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	a := r.Account
	active, err := a.toPlan(ctx, target)
	if err != nil || !active {
		return a.newPlan(fs), err
	}
	sub, err := readSubscription(ctx, a.api)
	switch {
	case err != nil:
		return posture.Plan{}, unreadable(target, err)
	case sub.AutoRenew:
		return a.newPlan(fs), nil
	case sub.End.Sub(a.now()) > renewable:
		return posture.Plan{}, choose(fmt.Sprintf("AWS lets the renewal be changed within the last 30 days only, from %s", stamp(sub.End.Add(-renewable))))
	}
	step, err := posture.Change(RenewalSetting{Account: a, Writer: r.Writer}, Ends, Renews)
	return a.newPlan(fs, step), err
}
