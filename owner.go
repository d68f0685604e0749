package posture

import "strings"

// OwnerOf says what manages a resource, as AWS shows it by tags and names: a
// CloudFormation stack or stack set, AWS Control Tower, Service Catalog, Elastic
// Beanstalk, Firewall Manager, a Kubernetes cluster. known is false where the tags were not read (nil) and the name says
// nothing: then nobody can tell. A caller's Executor.ManagedBy may begin with it.
//
// See "Resource tags" in the CloudFormation User Guide, which reserves the
// prefix aws:cloudformation:.
func OwnerOf(r Resource, tags map[string]string) (owner string, known bool) {
	if stack := tags["aws:cloudformation:stack-name"]; stack != "" {
		switch {
		case strings.HasPrefix(stack, "StackSet-AWSControlTower"), strings.HasPrefix(stack, "AWSControlTower"):
			return "AWS Control Tower, stack " + stack, true
		case strings.HasPrefix(stack, "StackSet-"):
			return "CloudFormation StackSets, stack " + stack, true
		}
		return "CloudFormation stack " + stack, true
	}
	for _, sign := range []struct{ tag, owner string }{
		{"aws:servicecatalog:provisionedProductArn", "Service Catalog product "},
		{"elasticbeanstalk:environment-name", "Elastic Beanstalk environment "},
		{"eks:cluster-name", "Amazon EKS cluster "},
		{"aws:autoscaling:groupName", "Auto Scaling group "},
	} {
		if v := tags[sign.tag]; v != "" {
			return sign.owner + v, true
		}
	}
	switch {
	case strings.HasPrefix(r.ID, "FMManagedWebACL"), strings.HasPrefix(r.ID, "FMS-"):
		return "AWS Firewall Manager", true
	case strings.HasPrefix(r.ID, "AWSControlTower"), strings.HasPrefix(r.ID, "aws-controltower-"):
		return "AWS Control Tower", true
	case strings.HasPrefix(r.ID, "StackSet-"):
		return "CloudFormation StackSets", true
	}
	return "", tags != nil
}
