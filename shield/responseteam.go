package shield

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"

	"github.com/awsposture/posture"
)

// ResponseTeamAccess is what the Shield Response Team may use of the account.
type ResponseTeamAccess struct {
	RoleARN string   // "" none
	Buckets []string // in order
}

// ResponseTeamAccess reads what the response team may use.
func (a *Account) ResponseTeamAccess(ctx context.Context) (ResponseTeamAccess, error) {
	return a.access.Get(ctx, func(ctx context.Context) (ResponseTeamAccess, error) { return getAccess(ctx, a.api) })
}

func getAccess(ctx context.Context, api Reader) (ResponseTeamAccess, error) {
	out, err := api.DescribeDRTAccess(ctx, &shield.DescribeDRTAccessInput{})
	switch {
	case sameCode(err, codeNotFound):
		return ResponseTeamAccess{}, nil
	case err != nil:
		return ResponseTeamAccess{}, err
	}
	return ResponseTeamAccess{aws.ToString(out.RoleArn), slices.Sorted(slices.Values(out.LogBucketList))}, nil
}

// SRTAccess judges that the Shield Response Team has a role that it can use. See
// "Granting access for the SRT" in the AWS WAF Developer Guide.
type SRTAccess struct{ Account *Account }

// SRTRoleEvidence is the response team's role and what it lacks.
type SRTRoleEvidence struct {
	RoleARN       string   `json:"roleArn,omitempty"`
	Lacks         []string `json:"lacks,omitempty"`
	SourceAccount bool     `json:"sourceAccount"`
}

// String says it in a sentence.
func (e SRTRoleEvidence) String() string {
	switch {
	case e.RoleARN == "":
		return "The response team has no role."
	case len(e.Lacks) > 0:
		return "Role " + e.RoleARN + " " + strings.Join(e.Lacks, ", ") + "."
	}
	return "The response team can use role " + e.RoleARN + "."
}

func srtRole(arn string, r Role) SRTRoleEvidence {
	seen := SRTRoleEvidence{RoleARN: arn, SourceAccount: r.SourceAccount}
	if !r.Exists {
		seen.Lacks = []string{"does not exist"}
		return seen
	}
	if !r.Policy {
		seen.Lacks = append(seen.Lacks, "lacks the policy AWSShieldDRTAccessPolicy")
	}
	if !r.Trust {
		seen.Lacks = append(seen.Lacks, "does not trust drt.shield.amazonaws.com")
	}
	return seen
}

// Control implements posture.Evaluator.
func (e SRTAccess) Control() posture.Control {
	return posture.Control{
		ID:       "shield.srt-access",
		Title:    "The Shield Response Team can act",
		Doc:      "Without a role the people who see attacks every day may only talk while yours write rules. Make a role with AWSShieldDRTAccessPolicy that drt.shield.amazonaws.com may assume for this account, and associate it; AWS asks before it acts.",
		Severity: posture.Medium, Scope: posture.Global, Resource: typeAccess,
		Requires: actions("GetSubscriptionState", "DescribeDRTAccess"),
	}
}

// Place implements posture.Evaluator.
func (e SRTAccess) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e SRTAccess) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.srtRole(ctx, c, func(seen SRTRoleEvidence) posture.Finding {
		if seen.RoleARN == "" || len(seen.Lacks) > 0 {
			return c.Fail(a.own(typeAccess), seen)
		}
		return c.Pass(a.own(typeAccess), seen)
	})
}

// srtRole judges the response team's role, where the account is subscribed.
func (a *Account) srtRole(ctx context.Context, c posture.Control, judge func(SRTRoleEvidence) posture.Finding) ([]posture.Finding, error) {
	off, err := a.subscribed(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	access, err := a.ResponseTeamAccess(ctx)
	if err != nil {
		return nil, err
	}
	var seen SRTRoleEvidence
	if access.RoleARN != "" {
		r, err := a.roleOf(ctx, access.RoleARN)
		if err != nil {
			return nil, err
		}
		seen = srtRole(access.RoleARN, r)
	}
	return []posture.Finding{judge(seen)}, nil
}

// SRTTrustCondition judges that the response team's role can be assumed for this
// account only: its trust has a condition on aws:SourceAccount. See "The confused deputy problem" in
// the IAM User Guide.
type SRTTrustCondition struct{ Account *Account }

// TrustEvidence is how far the trust of the response team's role goes.
type TrustEvidence struct {
	RoleARN       string `json:"roleArn"`
	SourceAccount bool   `json:"sourceAccount"`
}

// String says it in a sentence.
func (e TrustEvidence) String() string {
	if e.SourceAccount {
		return "The trust of role " + e.RoleARN + " has a condition on aws:SourceAccount."
	}
	return "The trust of role " + e.RoleARN + " has no condition on aws:SourceAccount."
}

// Control implements posture.Evaluator.
func (e SRTTrustCondition) Control() posture.Control {
	return posture.Control{
		ID:       "shield.srt-trust-condition",
		Title:    "The response team's role is for this account only",
		Doc:      "A service that acts for many accounts can be led to act on the wrong one. Let the trust name this account in aws:SourceAccount.",
		Severity: posture.Low, Scope: posture.Global, Resource: typeAccess,
		Requires: actions("GetSubscriptionState", "DescribeDRTAccess"),
	}
}

// Place implements posture.Evaluator.
func (e SRTTrustCondition) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e SRTTrustCondition) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.srtRole(ctx, c, func(r SRTRoleEvidence) posture.Finding {
		here, seen := a.own(typeAccess), TrustEvidence{r.RoleARN, r.SourceAccount}
		switch {
		case r.RoleARN == "" || slices.ContainsFunc(r.Lacks, func(s string) bool { return !strings.HasPrefix(s, "lacks") }):
			return c.NotApplicable(here, "There is no role that trusts the response team; shield.srt-access judges that.")
		case r.SourceAccount:
			return c.Pass(here, seen)
		}
		return c.Fail(here, seen)
	})
}

// SRTLogBuckets judges that the response team may read at least one of the
// buckets that hold logs of requests. At most 10 can be shared.
type SRTLogBuckets struct{ Account *Account }

// mostBuckets is how many buckets can be shared with the response team.
const mostBuckets = 10

// LogBucketsEvidence is the log buckets and those that are shared.
type LogBucketsEvidence struct {
	Logs   []string `json:"logs"`
	Shared []string `json:"shared,omitempty"` // of those
}

// String says it in a sentence.
func (e LogBucketsEvidence) String() string {
	return fmt.Sprintf("The response team may read %d of %d buckets with logs.", len(e.Shared), len(e.Logs))
}

// Control implements posture.Evaluator.
func (e SRTLogBuckets) Control() posture.Control {
	return posture.Control{
		ID:       "shield.srt-log-buckets",
		Title:    "The Shield Response Team can read request logs",
		Doc:      "What tells an attacker from a customer stands in the logs. Share the buckets with the logs of load balancers, distributions and web ACLs before an attack; that adds a statement to the bucket's policy.",
		Severity: posture.Low, Scope: posture.Global, Resource: typeAccess,
		Requires: actions("GetSubscriptionState", "DescribeDRTAccess"),
	}
}

// Place implements posture.Evaluator.
func (e SRTLogBuckets) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e SRTLogBuckets) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	off, err := a.subscribed(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	access, err := a.ResponseTeamAccess(ctx)
	if err != nil {
		return nil, err
	}
	logs, err := a.LogBuckets.Get(ctx, "the buckets with logs of requests")
	seen := LogBucketsEvidence{Logs: logs, Shared: shared(logs, access.Buckets)}
	switch here := a.own(typeAccess); {
	case len(seen.Shared) > 0:
		return []posture.Finding{c.Pass(here, seen)}, nil
	case err != nil:
		return nil, err
	case len(logs) == 0:
		return []posture.Finding{c.NotApplicable(here, "No bucket holds logs of requests.")}, nil
	default:
		return []posture.Finding{c.Fail(here, seen)}, nil
	}
}

// shared gives those of the log buckets that the response team may read.
func shared(logs, buckets []string) (both []string) {
	for _, b := range logs {
		if slices.Contains(buckets, b) {
			both = append(both, b)
		}
	}
	return both
}
