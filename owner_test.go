package posture_test

import (
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
