package shield

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/shield"

	"github.com/awsposture/posture"
)

// settle is how long a Shield write may take to show in a read.
const settle = 5 * time.Minute

func unreadable(r posture.Resource, err error) error {
	return &posture.Refusal{Reason: posture.ReasonUnreadable, Message: r.String() + " could not be read", Err: err}
}

func choose(message string) error {
	return &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: message}
}

// targetOf is posture.TargetOf for findings on resources of any region: Shield is
// asked in one place about all of them.
func targetOf(r posture.Remediator, fs []posture.Finding) (posture.Resource, error) {
	anywhere := slices.Clone(fs)
	for i := range anywhere {
		anywhere[i].Resource.Region = ""
	}
	if _, err := posture.TargetOf(r, anywhere); err != nil {
		return posture.Resource{}, err
	}
	return fs[0].Resource, nil
}

// toPlan reads afresh whether the account is subscribed; nothing is planned where
// it is not.
func (a *Account) toPlan(ctx context.Context, target posture.Resource) (active bool, err error) {
	out, err := a.api.GetSubscriptionState(ctx, &shield.GetSubscriptionStateInput{})
	if err != nil {
		return false, unreadable(target, err)
	}
	return out.SubscriptionState == "ACTIVE", nil
}

// newPlan is a plan of steps that cut off nobody: they change what Shield watches
// and does against attacks.
func (a *Account) newPlan(fs []posture.Finding, steps ...posture.Step) posture.Plan {
	p := posture.NewPlan(a.place, a.now(), fs, steps...)
	p.Risk = posture.RiskLow
	return p
}

// edgeOf reads afresh the resource on the internet that a finding is about.
func (a *Account) edgeOf(ctx context.Context, target posture.Resource) (Edge, error) {
	all, err := a.Edges.Get(ctx, "shield.Account.Edges")
	for _, x := range all {
		if x.Resource == target {
			return x, nil
		}
	}
	if err != nil {
		return Edge{}, unreadable(target, err)
	}
	return Edge{}, &posture.Refusal{Reason: posture.ReasonNotRemediable, Message: target.String() + " does not face the internet any more"}
}

// readProtection reads the protection of a resource; ok is false where there is
// none.
func readProtection(ctx context.Context, api Reader, arn string) (p Protection, ok bool, err error) {
	out, err := api.DescribeProtection(ctx, &shield.DescribeProtectionInput{ResourceArn: &arn})
	if sameCode(err, notFound) {
		return Protection{}, false, nil
	}
	if err != nil {
		return Protection{}, false, err
	}
	if out.Protection == nil {
		return Protection{}, false, malformed("DescribeProtection", "the answer has no protection")
	}
	return protectionOf(*out.Protection), true, nil
}

// ofFirewallManager refuses what AWS Firewall Manager keeps as its policy says.
func ofFirewallManager(p Protection, target posture.Resource) error {
	if strings.HasPrefix(p.Name, "FMManagedShield") {
		return &posture.Refusal{Reason: posture.ReasonManagedElsewhere, Owner: "AWS Firewall Manager", Message: "the protection of " + target.String() + " is one of a Firewall Manager policy"}
	}
	return nil
}

func asked(fs []posture.Finding, control string) bool {
	return slices.ContainsFunc(fs, func(f posture.Finding) bool { return f.Control == control })
}
