package shield

import "strings"

// Kind is a kind of resource that faces the internet. Those of AWS's own names
// can be protected; an instance or a network load balancer only by its elastic
// IP addresses.
type Kind string

// The kinds. See "AWS Shield Advanced protections by resource type" in the AWS
// WAF, Firewall Manager and Shield Advanced Developer Guide.
const (
	Distribution        Kind = "CLOUDFRONT_DISTRIBUTION"
	HostedZone          Kind = "ROUTE_53_HOSTED_ZONE"
	Accelerator         Kind = "GLOBAL_ACCELERATOR"
	ElasticIP           Kind = "ELASTIC_IP_ALLOCATION"
	ApplicationBalancer Kind = "APPLICATION_LOAD_BALANCER"
	ClassicBalancer     Kind = "CLASSIC_LOAD_BALANCER"
	Instance            Kind = "instance"
	NetworkBalancer     Kind = "network load balancer"
	CustomAccelerator   Kind = "custom routing accelerator"
	KindUnknown         Kind = ""
)

// Kinds are the kinds that can be protected.
func Kinds() []Kind {
	return []Kind{Distribution, HostedZone, Accelerator, ElasticIP, ApplicationBalancer, ClassicBalancer}
}

// KindOf tells the kind that the ARN of a protected resource is of; "" for an ARN
// that nothing protectable has.
func KindOf(arn string) Kind {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" {
		return KindUnknown
	}
	service, resource := parts[2], parts[5]
	switch {
	case service == "cloudfront" && strings.HasPrefix(resource, "distribution/"):
		return Distribution
	case service == "route53" && strings.HasPrefix(resource, "hostedzone/"):
		return HostedZone
	case service == "globalaccelerator" && strings.HasPrefix(resource, "accelerator/"):
		return Accelerator
	case service == "ec2" && strings.HasPrefix(resource, "eip-allocation/"):
		return ElasticIP
	case service == "elasticloadbalancing" && strings.HasPrefix(resource, "loadbalancer/app/"):
		return ApplicationBalancer
	case service == "elasticloadbalancing" && strings.HasPrefix(resource, "loadbalancer/") && strings.Count(resource, "/") == 1:
		return ClassicBalancer
	}
	return KindUnknown
}

// layer7 tells whether a web ACL can stand before a kind of resource.
func (k Kind) layer7() bool { return k == Distribution || k == ApplicationBalancer }

// typeOf is the CloudFormation type of a kind.
func typeOf(k Kind) string {
	switch k {
	case Distribution:
		return "AWS::CloudFront::Distribution"
	case HostedZone:
		return "AWS::Route53::HostedZone"
	case Accelerator, CustomAccelerator:
		return "AWS::GlobalAccelerator::Accelerator"
	case ElasticIP:
		return "AWS::EC2::EIP"
	case ApplicationBalancer, NetworkBalancer:
		return "AWS::ElasticLoadBalancingV2::LoadBalancer"
	case ClassicBalancer:
		return "AWS::ElasticLoadBalancing::LoadBalancer"
	case Instance:
		return "AWS::EC2::Instance"
	}
	return "AWS::Shield::Protection"
}

// regionOf is the region in an ARN, "" for a global service.
func regionOf(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts[3]
	}
	return ""
}
