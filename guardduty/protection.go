package guardduty

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/awsposture/posture"
)

// Protection judges that one protection feature of GuardDuty is on. EKS runtime
// monitoring passes in its older form as well. A feature that GetDetector does
// not list fails, since AWS does not say whether it lists what is off; only AI
// protection, which few regions have, is then not applicable. See "GuardDuty feature activation" and
// the pages of the protection plans in the GuardDuty User Guide.
type Protection struct {
	Region  *Region
	Feature Feature
	// Wanted says whether the feature must be on always or only where the region
	// has what it protects. Default WantedInUse for AIProtection, WantedAlways for
	// the others.
	Wanted Wanted
}

// Wanted says when a feature must be on.
type Wanted string

// When a feature must be on.
const (
	WantedAlways Wanted = "always"
	WantedInUse  Wanted = "in-use" // where Region.Inventory has a resource that it protects
)

// protection is what a feature's control says, and the resource types that the
// feature protects.
type protection struct {
	id, title, doc string
	severity       posture.Severity
	types          []string
}

var protections = map[Feature]protection{
	S3DataEvents: {
		"guardduty.s3", "S3 Protection is on",
		"Without it GuardDuty does not see reads, writes and deletions of objects, which is how data is taken and ransomed.",
		posture.High,
		[]string{"AWS::S3::Bucket"},
	},
	EKSAuditLogs: {
		"guardduty.eks-audit", "EKS Protection is on",
		"The Kubernetes audit logs show anonymous access, stolen service accounts and privileged pods; CloudTrail does not.",
		posture.High,
		[]string{"AWS::EKS::Cluster"},
	},
	LambdaNetworkLogs: {
		"guardduty.lambda", "Lambda Protection is on",
		"A function that was taken over talks to its new owner; only this feature reads the network activity of functions, in a VPC or not.",
		posture.High,
		[]string{"AWS::Lambda::Function"},
	},
	RDSLoginEvents: {
		"guardduty.rds", "RDS Protection is on",
		"It reads the logins to supported databases and tells of guessed passwords and of access from unusual places.",
		posture.High,
		[]string{"AWS::RDS::DBCluster", "AWS::RDS::DBInstance"},
	},
	EBSMalwareProtection: {
		"guardduty.malware-ec2", "Malware Protection for EC2 is on",
		"It scans the volumes of an instance or container workload that a finding speaks of, without an agent.",
		posture.High,
		[]string{"AWS::EC2::Instance"},
	},
	RuntimeMonitoring: {
		"guardduty.runtime", "Runtime Monitoring is on",
		"Processes, files and connections inside a host are seen by an agent only; without it an intruder who stays on the host stays unseen.",
		posture.High,
		[]string{"AWS::EC2::Instance", "AWS::ECS::Cluster", "AWS::EKS::Cluster"},
	},
	EKSAgent: {
		"guardduty.runtime-eks", "Runtime Monitoring manages its agent on EKS",
		"An agent that people install by hand is missing on the next cluster. Let GuardDuty install and update the add-on.",
		posture.High,
		[]string{"AWS::EKS::Cluster"},
	},
	ECSAgent: {
		"guardduty.runtime-ecs", "Runtime Monitoring manages its agent on ECS with Fargate",
		"On Fargate the agent can only be put beside the tasks by GuardDuty itself. Tasks that run already get it when they are started anew.",
		posture.Medium,
		[]string{"AWS::ECS::Cluster"},
	},
	EC2Agent: {
		"guardduty.runtime-ec2", "Runtime Monitoring manages its agent on EC2",
		"An agent that people install by hand is missing on the next instance. Let GuardDuty install it through Systems Manager.",
		posture.Medium,
		[]string{"AWS::EC2::Instance"},
	},
	AIProtection: {
		"guardduty.ai", "AI Protection is on where AI services are used",
		"It tells of unusual model calls, removed guardrails and stolen model access in Bedrock and SageMaker.",
		posture.Low,
		[]string{"AWS::Bedrock::Agent", "AWS::Bedrock::Guardrail", "AWS::SageMaker::Endpoint", "AWS::SageMaker::NotebookInstance"},
	},
}

// ProtectionEvidence is a feature as it was read.
type ProtectionEvidence struct {
	Feature Feature `json:"feature"`
	On      bool    `json:"on"`
	By      Feature `json:"by,omitempty"`        // the feature that serves, where it is another one
	Guards  int     `json:"resources,omitempty"` // how many resources it would protect, where that was asked
}

// String says it in a sentence.
func (e ProtectionEvidence) String() string {
	switch {
	case e.On && e.By != e.Feature:
		return fmt.Sprintf("Feature %s is served by %s, which is on.", e.Feature, e.By)
	case e.On:
		return fmt.Sprintf("Feature %s is on.", e.Feature)
	case e.Guards > 0:
		return fmt.Sprintf("Feature %s is off; the region has %s that it would protect.", e.Feature, plural(e.Guards, "resource", "resources"))
	}
	return fmt.Sprintf("Feature %s is off.", e.Feature)
}

// Control implements posture.Evaluator. A Feature that is none of the constants
// gives a control that posture.Validate refuses.
func (e Protection) Control() posture.Control {
	p := protections[e.Feature]
	return posture.Control{
		ID: p.id, Title: p.title, Doc: p.doc, Severity: p.severity, Scope: posture.Regional, Resource: "AWS::GuardDuty::Detector",
		Requires: actions("ListDetectors", "GetDetector"),
		Params:   []posture.Param{{Name: "wanted", Value: string(e.wanted()), Default: string(Protection{Feature: e.Feature}.wanted()), Source: "AWS FSBP GuardDuty.5 to GuardDuty.13"}},
	}
}

func (e Protection) wanted() Wanted {
	if e.Feature == AIProtection {
		return cmp.Or(e.Wanted, WantedInUse)
	}
	return cmp.Or(e.Wanted, WantedAlways)
}

// Place implements posture.Evaluator.
func (e Protection) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e Protection) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c := e.Control()
	d, off, err := e.Region.enabled(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	if len(d.Features) == 0 {
		return nil, malformed("GetDetector", "the answer lists no feature, not even those that are always on")
	}
	here, seen := e.Region.resource(d), ProtectionEvidence{Feature: e.Feature}
	seen.By = e.Feature.answers(d.Features)
	seen.On = seen.By != ""
	_, listed := d.Features[e.Feature]
	var f posture.Finding
	switch {
	case seen.On:
		f = c.Pass(here, seen)
	case !listed && e.Feature == AIProtection:
		f = c.NotApplicable(here, fmt.Sprintf("GuardDuty does not offer feature %s in the region.", e.Feature))
	case e.wanted() == WantedInUse:
		if seen.Guards, err = e.Region.count(ctx, protections[e.Feature].types); err != nil {
			return nil, err
		}
		if f = c.Fail(here, seen); seen.Guards == 0 {
			f = c.NotApplicable(here, fmt.Sprintf("The region has nothing that feature %s would protect.", e.Feature))
		}
	default:
		f = c.Fail(here, seen)
	}
	f.Tags = d.Tags
	return []posture.Finding{f}, nil
}

// count counts the region's resources of some types. One resource is enough for
// an answer; that there is none takes having looked for every type.
func (r *Region) count(ctx context.Context, types []string) (int, error) {
	all, err := r.Inventory.Get(ctx, "the region's inventory")
	if err != nil {
		return 0, err
	}
	n, missing := 0, []string(nil)
	for _, t := range types {
		list, looked := all[t]
		if n += len(list); !looked {
			missing = append(missing, t)
		}
	}
	if n == 0 && missing != nil {
		return 0, &posture.Cause{Kind: posture.CauseNotProvided, Message: "the inventory provided says nothing of " + strings.Join(missing, ", ")}
	}
	return n, nil
}
