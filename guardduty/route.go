package guardduty

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/awsposture/posture"
)

// Route judges that enabled EventBridge rules with a target catch every finding
// of severity High or Critical. It asks the rules that Region.Rules gives about
// events as GuardDuty sends them. See "Processing GuardDuty findings with Amazon
// EventBridge" in the GuardDuty User Guide.
type Route struct{ Region *Region }

// RouteEvidence is which rules carry findings, and what no rule catches.
type RouteEvidence struct {
	Rules  []string `json:"rules,omitempty"`  // that catch something
	Missed []string `json:"missed,omitempty"` // findings that no rule catches, as "severity 7"
}

// String says it in a sentence.
func (e RouteEvidence) String() string {
	rules := "No enabled EventBridge rule with a target carries findings"
	if len(e.Rules) > 0 {
		rules = "Findings are carried by " + strings.Join(e.Rules, ", ")
	}
	if len(e.Missed) > 0 {
		return rules + "; nothing catches those of " + strings.Join(e.Missed, ", ") + "."
	}
	return rules + "."
}

// Control implements posture.Evaluator.
func (e Route) Control() posture.Control {
	return posture.Control{
		ID:       "guardduty.route",
		Title:    "An EventBridge rule carries High and Critical findings",
		Doc:      "A finding in the console alone is seen when somebody looks. Send findings of severity 7 and above to those on call with an EventBridge rule on source aws.guardduty.",
		Severity: posture.Medium, Scope: posture.Regional, Resource: "AWS::GuardDuty::Detector",
		Requires: actions("ListDetectors", "GetDetector", "GetAdministratorAccount"),
	}
}

// Place implements posture.Evaluator.
func (e Route) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e Route) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c := e.Control()
	d, off, err := e.Region.own(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	rules, err := e.Region.Rules.Get(ctx, "the region's EventBridge rules")
	if err != nil {
		return nil, err
	}
	seen, catching := RouteEvidence{}, map[string]bool{}
	var failed []error
	for _, probe := range e.probes(d) {
		caught := false
		for _, rule := range rules {
			if !rule.Enabled || rule.Targets == 0 {
				continue
			}
			if rule.Catches == nil {
				failed = append(failed, &posture.Cause{Kind: posture.CauseNotProvided, Message: "what rule " + rule.Name + " catches was not provided"})
				continue
			}
			catches, err := rule.Catches(ctx, probe.event)
			switch {
			case err != nil:
				failed = append(failed, fmt.Errorf("rule %s: %w", rule.Name, err))
			case catches:
				caught = true
				if !catching[rule.Name] {
					seen.Rules = append(seen.Rules, rule.Name)
				}
				catching[rule.Name] = true
			}
		}
		if !caught {
			seen.Missed = append(seen.Missed, probe.name)
		}
	}
	judge := c.Pass
	if seen.Missed != nil {
		if failed != nil { // the rule that could not be asked may be the one
			return nil, errors.Join(failed...)
		}
		judge = c.Fail
	}
	f := judge(e.Region.resource(d), seen)
	f.Tags = d.Tags
	return []posture.Finding{f}, nil
}

type probe struct {
	name  string
	event []byte
}

// probes are events that must be caught: one of each severity that a rule may
// set its threshold between, of types that have nothing in common.
func (e Route) probes(d Detector) (all []probe) {
	at := e.Region.place
	for _, p := range []struct {
		severity float64
		kind     string
	}{
		{7, "UnauthorizedAccess:EC2/MaliciousIPCaller.Custom"},
		{8, "Discovery:S3/MaliciousIPCaller"},
		{8.9, "CredentialAccess:Kubernetes/SuccessfulAnonymousAccess"},
		{9, "AttackSequence:IAM/CompromisedCredentials"},
		{10, "AttackSequence:S3/CompromisedData"},
	} {
		event, err := json.Marshal(map[string]any{
			"version": "0", "id": "00000000-0000-0000-0000-000000000000", "detail-type": "GuardDuty Finding", "source": "aws.guardduty",
			"account": at.Account, "time": stamp(e.Region.now()), "region": at.Region, "resources": []string{},
			"detail": map[string]any{
				"schemaVersion": "2.0", "accountId": at.Account, "region": at.Region, "partition": at.Partition, "type": p.kind, "severity": p.severity,
				"id": "00000000000000000000000000000000", "arn": e.Region.arn(d, "/finding/00000000000000000000000000000000"), "service": map[string]any{"serviceName": "guardduty", "archived": false, "count": 1},
			},
		})
		if err == nil {
			all = append(all, probe{fmt.Sprintf("severity %g", p.severity), event})
		}
	}
	return all
}
