package shield

import (
	"context"
	"fmt"
	"slices"

	"github.com/awsposture/posture"
)

// ProtectionOrphan judges that each protection is of a resource that exists.
type ProtectionOrphan struct{ Account *Account }

// ProtectionEvidence is a protection.
type ProtectionEvidence struct {
	Protection string `json:"protection"`
	Name       string `json:"name"`
	Exists     bool   `json:"exists"` // the resource does
}

// String says it in a sentence.
func (e ProtectionEvidence) String() string {
	if e.Exists {
		return "Protection " + e.Name + " is of a resource that exists."
	}
	return "The resource of protection " + e.Name + " does not exist."
}

// Control implements posture.Evaluator.
func (e ProtectionOrphan) Control() posture.Control {
	return posture.Control{
		ID:       "shield.protection-orphan",
		Title:    "Each protection is of a resource that exists",
		Doc:      "A protection whose resource is gone guards nothing and uses up the limit; what took the resource's place is perhaps not protected. Delete the protection after a look at what replaced the resource.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::Shield::Protection",
		Requires: inside("ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e ProtectionOrphan) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e ProtectionOrphan) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		existing, unknown := a.exists(ctx)
		return a.eachProtection(ctx, c, noProtection, func(p Protection) (posture.Finding, bool) {
			seen := ProtectionEvidence{p.ID, p.Name, slices.Contains(existing, p.ResourceARN)}
			switch {
			case seen.Exists:
				return c.Pass(a.protected(p), seen), true
			case unknown != nil:
				return c.Unknown(a.protected(p), unknown), true
			}
			return c.Fail(a.protected(p), seen), true
		})
	})
}

const noProtection = "There is no protection."

// ProtectionQuota judges that the limit of protections of each kind is not near.
type ProtectionQuota struct {
	Account *Account
	Percent int // of the limit; default 80
}

// QuotaEvidence is how much of a limit is used.
type QuotaEvidence struct {
	Kind Kind  `json:"kind"`
	Used int   `json:"used"`
	Max  int64 `json:"max"`
}

// String says it in a sentence.
func (e QuotaEvidence) String() string {
	return fmt.Sprintf("%d of at most %d protections of kind %s are used.", e.Used, e.Max, e.Kind)
}

// Control implements posture.Evaluator.
func (e ProtectionQuota) Control() posture.Control {
	return posture.Control{
		ID:       "shield.protection-quota",
		Title:    "The limits of protections are not near",
		Doc:      "When the limit is reached the next resource stays without protection. Ask AWS Support for more in time.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::Shield::Subscription",
		Requires: inside("DescribeSubscription", "ListProtections"),
		Params:   []posture.Param{{Name: "percent", Value: fmt.Sprint(orDefault(e.Percent, 80)), Default: "80", Unit: "percent", Source: "AWS Trusted Advisor, service limits"}},
	}
}

// Place implements posture.Evaluator.
func (e ProtectionQuota) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e ProtectionQuota) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		s, err := a.Subscription(ctx)
		if err != nil {
			return nil, err
		}
		all, err := a.Protections(ctx)
		if err != nil {
			return nil, err
		}
		used := map[Kind]int{}
		for _, p := range all {
			used[p.Kind]++
		}
		var fs []posture.Finding
		for _, k := range Kinds() {
			limit, told := s.Limits[k]
			if !told || used[k] == 0 {
				continue
			}
			judge := c.Pass
			if int64(used[k])*100 >= int64(orDefault(e.Percent, 80))*limit {
				judge = c.Fail
			}
			fs = append(fs, judge(a.account(), QuotaEvidence{k, used[k], limit}).Part(string(k)))
		}
		return c.Judged(fs, nil, a.account(), noProtection)
	})
}
