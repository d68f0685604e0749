package posture_test

import (
	"strings"
	"testing"

	"github.com/awsposture/posture"
)

func TestOwnerOf(t *testing.T) {
	for name, tt := range map[string]struct {
		id    string
		tags  map[string]string
		owner string
		known bool
	}{
		"tags not read":    {"app", nil, "", false},
		"nobody":           {"app", map[string]string{"owner": "ana@example.com"}, "", true},
		"no tags":          {"app", map[string]string{}, "", true},
		"a stack":          {"app", map[string]string{"aws:cloudformation:stack-name": "shop"}, "CloudFormation stack shop", true},
		"a stack set":      {"app", map[string]string{"aws:cloudformation:stack-name": "StackSet-base-1"}, "CloudFormation StackSets, stack StackSet-base-1", true},
		"control tower":    {"app", map[string]string{"aws:cloudformation:stack-name": "StackSet-AWSControlTowerBP-BASELINE-CONFIG"}, "AWS Control Tower, stack StackSet-AWSControlTowerBP-BASELINE-CONFIG", true},
		"its role":         {"AWSControlTowerExecution", nil, "AWS Control Tower", true},
		"its bucket":       {"aws-controltower-logs-111122223333", nil, "AWS Control Tower", true},
		"firewall manager": {"FMManagedWebACLV2-base-1", nil, "AWS Firewall Manager", true},
		"a product":        {"app", map[string]string{"aws:servicecatalog:provisionedProductArn": "arn:x"}, "Service Catalog product arn:x", true},
		"a node":           {"i-1", map[string]string{"eks:cluster-name": "prod", "aws:autoscaling:groupName": "g"}, "Amazon EKS cluster prod", true},
	} {
		t.Run(name, func(t *testing.T) {
			owner, known := posture.OwnerOf(posture.Resource{ID: tt.id}, tt.tags)
			if owner != tt.owner || known != tt.known {
				t.Errorf("got %q, %v", owner, known)
			}
		})
	}
}

// TestOwnerByTags refuses what the tags of a finding show to be a stack's, unless
// the caller knows better or lets it.
func TestOwnerByTags(t *testing.T) {
	w := newWorld("a")
	p := closing(t, w, "a")
	if text := p.Text(); !strings.Contains(text, "owner unknown") {
		t.Errorf("tags that were not read are not told:\n%s", text)
	}
	f := control("test.door").Fail(p.Steps[0].Target, nil)
	f.Tags = map[string]string{"aws:cloudformation:stack-name": "shop"}
	p.Findings = []posture.Finding{f}
	if text := p.Text(); !strings.Contains(text, "MANAGED by CloudFormation stack shop") {
		t.Errorf("the owner is not told:\n%s", text)
	}
	for _, c := range []struct {
		name    string
		limits  posture.Limits
		managed func(posture.Resource) (string, bool)
		refused posture.RefusalReason
	}{
		{"by its tags", posture.Limits{}, nil, posture.ReasonManagedElsewhere},
		{"the caller knows nothing", posture.Limits{}, func(posture.Resource) (string, bool) { return "", false }, posture.ReasonManagedElsewhere},
		{"the caller knows that nobody does", posture.Limits{}, func(posture.Resource) (string, bool) { return "", true }, ""},
		{"it is let", posture.Limits{Managed: true}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := executor(c.limits)
			x.ManagedBy = c.managed
			if _, err := x.Apply(t.Context(), p); refusedFor(err) != c.refused || c.refused == "" && err != nil {
				t.Errorf("got %v", err)
			}
		})
	}
}
