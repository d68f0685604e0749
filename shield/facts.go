package shield

import "github.com/awsposture/posture"

// Edge is a resource that faces the internet, and what stands before it.
type Edge struct {
	Resource posture.Resource // its ARN as Shield writes it: see Kind
	Kind     Kind
	HTTP     bool // it serves HTTP
	// BehindDistribution and BehindAccelerator tell that all of its traffic comes
	// through CloudFront, or through AWS Global Accelerator.
	BehindDistribution bool
	BehindAccelerator  bool
	Addresses          []string // of instances and network load balancers: ARNs of their elastic IP allocations
	WebACL             *WebACL  // nil is none
	Application        string   // what it belongs to; "" is not known
	Tags               map[string]string
}

// WebACL is the web ACL before a resource.
type WebACL struct {
	ARN     string
	Classic bool // of AWS WAF Classic, which Shield's layer 7 mitigation does not use
	// RateRule is what the first rate-based rule that can be reached does: "block",
	// "count" and so on; "" is none.
	RateRule string
	// AntiDDoS is what the Anti-DDoS managed rule group is set to do: "" it is not
	// there, "count" it is counted away, "act" its own actions hold.
	AntiDDoS string
	// MitigationGroup tells whether Shield's rule ShieldMitigationRuleGroup… is there.
	MitigationGroup bool
	// Capacity is how many of the web ACL's capacity units are free, and LastFree
	// whether priority 10,000,000 is.
	Capacity int
	LastFree bool
}

// HealthCheck is a Route 53 health check.
type HealthCheck struct {
	Disabled bool
	Healthy  bool // now
}

// Alarm is a CloudWatch alarm on the metric DDoSDetected of AWS/DDoSProtection.
type Alarm struct {
	Name        string
	Region      string
	ResourceARN string
	Actions     bool // it has alarm actions, and they are enabled
	// Breaching tells that missing data raise it: the metric is sent once a day
	// where there is no event.
	Breaching bool
}

// Role is what IAM knows of the role for the Shield Response Team.
type Role struct {
	Exists        bool
	Policy        bool // AWSShieldDRTAccessPolicy is attached
	Trust         bool // it trusts drt.shield.amazonaws.com
	SourceAccount bool // under the condition that the source account is this one
}
