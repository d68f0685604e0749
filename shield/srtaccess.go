package shield

import (
	"context"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// ResponseTeamAccess judges that the Shield Response Team has a role that works:
// one that exists, has AWSShieldDRTAccessPolicy and trusts drt.shield.amazonaws.com.
type ResponseTeamAccess struct{ Account *Account }

// RoleEvidence is the response team's role.
type RoleEvidence struct {
	Role   string   `json:"role,omitempty"` // its ARN
	Faults []string `json:"faults"`
}

// String says it in a sentence.
func (e RoleEvidence) String() string {
	switch {
	case e.Role == "":
		return "The Shield Response Team has no role."
	case len(e.Faults) > 0:
		return "Role " + e.Role + " of the Shield Response Team " + strings.Join(e.Faults, ", ") + "."
	}
	return "The Shield Response Team can use role " + e.Role + "."
}

// Control implements posture.Evaluator.
func (e ResponseTeamAccess) Control() posture.Control {
	return posture.Control{
		ID:       "shield.srt-access",
		Title:    "The Shield Response Team has a role",
		Doc:      "Without the role the team can look at nothing and write no mitigation when you ask for help in an attack. Make one with the policy AWSShieldDRTAccessPolicy and associate it.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::Shield::DRTAccess",
		Requires: inside("DescribeDRTAccess"),
	}
}

// Place implements posture.Evaluator.
func (e ResponseTeamAccess) Place() posture.Place { return e.Account.Place() }

// access is the resource that the controls of the response team judge.
func (a *Account) accessResource() posture.Resource {
	return a.place.Resource("AWS::Shield::DRTAccess", a.place.Account, "")
}

// Evaluate implements posture.Evaluator.
func (e ResponseTeamAccess) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		access, err := a.ResponseAccess(ctx)
		if err != nil {
			return nil, err
		}
		seen := RoleEvidence{Role: access.RoleARN, Faults: []string{}}
		if access.RoleARN == "" {
			return []posture.Finding{c.Fail(a.accessResource(), seen)}, nil
		}
		r, err := a.role(ctx, access.RoleARN)
		if err != nil {
			return nil, err
		}
		switch {
		case !r.Exists:
			seen.Faults = append(seen.Faults, "does not exist")
		default:
			if !r.Policy {
				seen.Faults = append(seen.Faults, "lacks AWSShieldDRTAccessPolicy")
			}
			if !r.Trust {
				seen.Faults = append(seen.Faults, "does not trust drt.shield.amazonaws.com")
			}
		}
		if len(seen.Faults) > 0 {
			return []posture.Finding{c.Fail(a.accessResource(), seen)}, nil
		}
		return []posture.Finding{c.Pass(a.accessResource(), seen)}, nil
	})
}

// ResponseTeamTrust judges that the role of the Shield Response Team can be
// assumed on behalf of this account only.
type ResponseTeamTrust struct{ Account *Account }

// Control implements posture.Evaluator.
func (e ResponseTeamTrust) Control() posture.Control {
	return posture.Control{
		ID:       "shield.srt-trust-condition",
		Title:    "The response team's role is for this account only",
		Doc:      "The service acts for many customers. Add a condition on aws:SourceAccount with your account id to the trust policy of the role.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::Shield::DRTAccess",
		Requires: inside("DescribeDRTAccess"),
	}
}

// Place implements posture.Evaluator.
func (e ResponseTeamTrust) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e ResponseTeamTrust) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		access, err := a.ResponseAccess(ctx)
		if err != nil {
			return nil, err
		}
		if access.RoleARN == "" {
			return []posture.Finding{c.NotApplicable(a.accessResource(), "The Shield Response Team has no role.")}, nil
		}
		r, err := a.role(ctx, access.RoleARN)
		seen := RoleEvidence{Role: access.RoleARN, Faults: []string{}}
		switch {
		case err != nil:
			return nil, err
		case !r.Exists || !r.Trust:
			return []posture.Finding{c.NotApplicable(a.accessResource(), "The role does not trust the Shield Response Team.")}, nil
		case !r.SourceAccount:
			seen.Faults = append(seen.Faults, "can be assumed on behalf of any account")
			return []posture.Finding{c.Fail(a.accessResource(), seen)}, nil
		}
		return []posture.Finding{c.Pass(a.accessResource(), seen)}, nil
	})
}

// ResponseTeamLogs judges that the Shield Response Team can read some of the
// buckets with logs of CloudFront, load balancers and AWS WAF.
type ResponseTeamLogs struct{ Account *Account }

// LogsEvidence is which buckets the response team can read.
type LogsEvidence struct {
	Shared []string `json:"shared"`
	Logs   []string `json:"logs"` // buckets with logs
}

// String says it in a sentence.
func (e LogsEvidence) String() string {
	if len(e.Shared) == 0 {
		return "The Shield Response Team can read none of the log buckets " + strings.Join(e.Logs, ", ") + "."
	}
	return "The Shield Response Team can read the log buckets " + strings.Join(e.Shared, ", ") + "."
}

// Control implements posture.Evaluator.
func (e ResponseTeamLogs) Control() posture.Control {
	return posture.Control{
		ID:       "shield.srt-log-buckets",
		Title:    "The Shield Response Team can read logs",
		Doc:      "From request logs the team makes better mitigations than from flow counts. Associate the buckets that hold logs of CloudFront, load balancers and AWS WAF; at most ten.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::Shield::DRTAccess",
		Requires: inside("DescribeDRTAccess"),
	}
}

// Place implements posture.Evaluator.
func (e ResponseTeamLogs) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e ResponseTeamLogs) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		access, err := a.ResponseAccess(ctx)
		if err != nil {
			return nil, err
		}
		logs, err := a.logBuckets(ctx)
		if err != nil {
			return nil, err
		}
		if len(logs) == 0 {
			return []posture.Finding{c.NotApplicable(a.accessResource(), "No bucket holds logs of CloudFront, load balancers or AWS WAF.")}, nil
		}
		seen := LogsEvidence{Shared: []string{}, Logs: logs}
		for _, b := range logs {
			if slices.Contains(access.Buckets, b) {
				seen.Shared = append(seen.Shared, b)
			}
		}
		if len(seen.Shared) == 0 {
			return []posture.Finding{c.Fail(a.accessResource(), seen)}, nil
		}
		return []posture.Finding{c.Pass(a.accessResource(), seen)}, nil
	})
}
