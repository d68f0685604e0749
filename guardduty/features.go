package guardduty

import "strings"

// Feature is a protection feature as the API names it, or the agent management
// of one: "RUNTIME_MONITORING.EC2_AGENT_MANAGEMENT". A value that has no constant
// here works too.
type Feature string

// The features that can be set. EKSRuntimeMonitoring is the older form of
// RuntimeMonitoring, which includes it.
const (
	S3DataEvents         Feature = "S3_DATA_EVENTS"
	EKSAuditLogs         Feature = "EKS_AUDIT_LOGS"
	EBSMalwareProtection Feature = "EBS_MALWARE_PROTECTION"
	RDSLoginEvents       Feature = "RDS_LOGIN_EVENTS"
	LambdaNetworkLogs    Feature = "LAMBDA_NETWORK_LOGS"
	RuntimeMonitoring    Feature = "RUNTIME_MONITORING"
	EKSAgent             Feature = "RUNTIME_MONITORING.EKS_ADDON_MANAGEMENT"
	ECSAgent             Feature = "RUNTIME_MONITORING.ECS_FARGATE_AGENT_MANAGEMENT"
	EC2Agent             Feature = "RUNTIME_MONITORING.EC2_AGENT_MANAGEMENT"
	EKSRuntimeMonitoring Feature = "EKS_RUNTIME_MONITORING"
	EKSRuntimeAgent      Feature = "EKS_RUNTIME_MONITORING.EKS_ADDON_MANAGEMENT"
	AIProtection         Feature = "AI_PROTECTION"
	AIAnalyst            Feature = "AI_ANALYST"
)

// standardFeatures are the features that a new detector is told of. What is not
// named in CreateDetector, AWS may turn on by itself.
var standardFeatures = []Feature{S3DataEvents, EKSAuditLogs, EBSMalwareProtection, RDSLoginEvents, LambdaNetworkLogs, RuntimeMonitoring, EKSAgent, ECSAgent, EC2Agent}

// agent is the feature of managing an agent for f.
func (f Feature) agent(name string) Feature { return f + "." + Feature(name) }

// parts gives the feature and, where f is the management of an agent, its name.
func (f Feature) parts() (feature Feature, agent string) {
	name, agent, _ := strings.Cut(string(f), ".")
	return Feature(name), agent
}

// settable tells whether f can be turned on and off; three sources are always on.
func (f Feature) settable() bool {
	return f != "FLOW_LOGS" && f != "CLOUD_TRAIL" && f != "DNS_LOGS"
}

// serves are the features that serve for another one: runtime monitoring and its
// older form for EKS do the same there.
var serves = map[Feature][]Feature{
	EKSAgent:             {EKSRuntimeAgent},
	EKSRuntimeAgent:      {EKSAgent},
	EKSRuntimeMonitoring: {RuntimeMonitoring},
}

// answers tells which feature that is on serves for f: f itself or another, ""
// none.
func (f Feature) answers(features map[Feature]bool) Feature {
	for _, c := range append([]Feature{f}, serves[f]...) {
		if features[c] {
			return c
		}
	}
	return ""
}
