package shield

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// Renewal is what becomes of a subscription at its end.
type Renewal string

// What becomes of a subscription at its end. RenewalNone is never wanted: there is
// no subscription.
const (
	RenewalOn   Renewal = "renews"
	RenewalOff  Renewal = "ends"
	RenewalNone Renewal = "none"
)

// RenewalSetting is the setting of whether a subscription that exists renews. It
// implements posture.Setting[Renewal]. AWS lets it be changed in the last 30 days.
type RenewalSetting struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
}

// Kind implements posture.Setting.
func (s RenewalSetting) Kind() posture.Kind {
	return posture.Kind{Name: "shield.auto-renew", Reads: actions("DescribeSubscription"), Writes: actions("UpdateSubscription"), Settle: settle}
}

// Target implements posture.Setting.
func (s RenewalSetting) Target() posture.Resource { return s.Account.own(typeSubscription) }

// Get implements posture.Setting.
func (s RenewalSetting) Get(ctx context.Context) (Renewal, error) {
	t, err := getTerms(ctx, s.Account.api)
	switch {
	case err != nil:
		return "", err
	case !t.Found:
		return RenewalNone, nil
	case t.AutoRenew:
		return RenewalOn, nil
	}
	return RenewalOff, nil
}

// Set implements posture.Setting.
func (s RenewalSetting) Set(ctx context.Context, want Renewal) error {
	to, ok := map[Renewal]types.AutoRenew{RenewalOn: types.AutoRenewEnabled, RenewalOff: types.AutoRenewDisabled}[want]
	if !ok {
		return fmt.Errorf("shield: the renewal of the subscription cannot be made %q", want)
	}
	_, err := s.Writer.UpdateSubscription(ctx, &shield.UpdateSubscriptionInput{AutoRenew: to})
	return err
}

// Cost says what a renewal will cost.
func (s RenewalSetting) Cost(from, to Renewal) string {
	if from == to || to != RenewalOn {
		return ""
	}
	return "At its end the subscription is bought again for a year, at the price of AWS Shield Advanced."
}

// RenewSubscription plans that the subscription there is renews by itself. It is
// not among Remediators: it commits the account to pay for another year.
type RenewSubscription struct {
	Account *Account
	Writer  Writer
}

// Controls implements posture.Remediator.
func (r RenewSubscription) Controls() []string { return []string{"shield.auto-renew"} }

// Place implements posture.Remediator.
func (r RenewSubscription) Place() posture.Place { return r.Account.Place() }

// unlocked is how long before its end AWS lets a renewal be changed.
const unlocked = 30 * day

// Plan implements posture.Remediator.
func (r RenewSubscription) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	a := r.Account
	target, ok, err := a.toPlan(ctx, r, fs)
	if !ok || err != nil {
		return a.planned(fs, err)
	}
	t, err := getTerms(ctx, a.api)
	switch {
	case err != nil:
		return posture.Plan{}, refusal.Unreadable(target, err)
	case !t.Found || t.AutoRenew:
		return a.newPlan(fs), nil
	case t.End.Sub(a.now()) > unlocked:
		return posture.Plan{}, refuse(posture.ReasonNotRemediable, "AWS lets the renewal be changed from "+stamp(t.End.Add(-unlocked))+" on")
	}
	step, err := posture.Change(RenewalSetting{Account: a, Writer: r.Writer}, RenewalOff, RenewalOn)
	return a.newPlan(fs, step), err
}
