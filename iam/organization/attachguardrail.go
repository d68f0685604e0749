package organization

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/gate"
	"github.com/awsposture/posture/internal/refusal"
)

// AttachGuardrail plans to attach a service control policy, which the caller has
// written and tested, to an account that lacks one or to what is above it. It can
// be detached again, and until then its denials hold for everybody in the
// accounts below.
//
// It never locks its own operator out: no SCP binds the management account, from
// where it may be attached to anything; from a delegated administrator's account
// it may be attached to other accounts only.
type AttachGuardrail struct {
	Organization *Organization
	Writer       Writer
	Policy       string // id of the SCP
	// Target is the id of the root or of a unit above the account of the finding;
	// "" is that account.
	Target string
	// MostAttached is how many SCPs a target may have. Default 10, the quota since 2026-05-15.
	MostAttached int
}

// Controls implements posture.Remediator.
func (r AttachGuardrail) Controls() []string {
	return []string{"iam.organization-guardrails", "iam.organization-leave-denied"}
}

// Place implements posture.Remediator.
func (r AttachGuardrail) Place() posture.Place { return r.Organization.Place() }

// Plan implements posture.Remediator.
func (r AttachGuardrail) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	account, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	if account.Type != "AWS::Organizations::Account" {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNotRemediable, Message: fmt.Sprintf("%T does not change %s", r, account)}
	}
	o := r.Organization
	id, err := o.readIdentity(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(account, err)
	}
	target := r.Target
	if target == "" {
		target = account.ID
	}
	if id.Management != o.place.Account && (r.Target != "" || target == o.place.Account) {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonLockout, Message: fmt.Sprintf(
			"on %s the policy may bind account %s, which attaches it; attach it from management account %s, which no SCP binds", target, o.place.Account, id.Management)}
	}
	if err := r.fits(ctx, fs, account); err != nil {
		return posture.Plan{}, err
	}
	below, err := r.below(ctx, account)
	if err != nil {
		return posture.Plan{}, err
	}
	setting := PolicyAttachment{o, r.Writer, target, SCP, r.Policy}
	attached, err := setting.attached(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(account, err)
	}
	p := posture.NewPlan(r.Place(), o.now(), fs)
	p.Impact.Unknown = []string{"what the accounts under " + target + " do that the policy denies: no log was looked at"}
	p.Needs = []string{"Attach the policy to an account for tests first, and see that what it must not deny still works there."}
	p.Warnings = []string{fmt.Sprintf("the policy binds every principal of %d accounts at once, their root users too, but not service-linked roles", below)}
	if slices.Contains(attached, r.Policy) {
		return p, nil
	}
	if most := cmp.Or(r.MostAttached, 10); len(attached) >= most {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonLimit, Message: fmt.Sprintf("%s has %d SCPs attached of at most %d", target, len(attached), most)}
	}
	step, err := posture.Change(setting, Attachment{}, Attachment{true})
	if err != nil {
		return posture.Plan{}, err
	}
	p.Steps = append(p.Steps, step)
	return p, nil
}

// below counts the accounts that the policy would bind, and refuses a target that
// is not above the account of the findings.
func (r AttachGuardrail) below(ctx context.Context, account posture.Resource) (n int, err error) {
	if r.Target == "" {
		return 1, nil
	}
	all, err := r.Organization.Accounts(ctx)
	if err != nil {
		return 0, refusal.Unreadable(account, err)
	}
	above := false
	for _, a := range all {
		if !slices.Contains(a.nodes(), r.Target) {
			continue
		}
		above = above || a.ID == account.ID
		if !a.Management {
			n++
		}
	}
	if !above {
		return 0, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: fmt.Sprintf("account %s is not under %s", account.ID, r.Target)}
	}
	return n, nil
}

// fits refuses a policy that would not make the findings pass.
func (r AttachGuardrail) fits(ctx context.Context, fs []posture.Finding, account posture.Resource) error {
	choose := func(format string, args ...any) error {
		return &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: fmt.Sprintf(format, args...)}
	}
	if r.Policy == "" {
		return choose("no policy is given to attach")
	}
	out, err := gate.Do(ctx, &r.Organization.gate, func(ctx context.Context) (*organizations.DescribePolicyOutput, error) {
		return r.Organization.api.DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: &r.Policy})
	})
	if err != nil {
		return refusal.Unreadable(account, err)
	}
	if out.Policy == nil || out.Policy.PolicySummary == nil || PolicyType(out.Policy.PolicySummary.Type) != SCP {
		return choose("policy %s is not a service control policy", r.Policy)
	}
	list, err := statements(r.Policy, aws.ToString(out.Policy.Content))
	if err != nil {
		return refusal.Unreadable(account, err)
	}
	if !denies(list) {
		return choose("policy %s denies nothing: beside FullAWSAccess it has no effect", r.Policy)
	}
	if always, _ := deniesLeave(list); !always && asks(fs, "iam.organization-leave-denied") {
		return choose("policy %s does not deny %s without a condition", r.Policy, leave)
	}
	return nil
}
