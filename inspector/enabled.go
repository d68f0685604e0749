package inspector

import (
	"context"
	"fmt"

	"github.com/awsposture/posture"
)

// Enabled judges that one scan type is enabled in the region, as Security Hub's
// Inspector.1 to Inspector.4 do. See "Activating a scan type" in the Inspector
// User Guide.
type Enabled struct {
	Region *Region
	Type   ScanType
	// Optional says that the scan type is not asked for: where it is not enabled,
	// the control does not apply. The suite asks for every scan type but
	// CodeRepository.
	Optional bool
}

// EnabledEvidence is a scan type as it was read.
type EnabledEvidence struct {
	Type  ScanType  `json:"type"`
	State ScanState `json:"state"`
	Code  string    `json:"code,omitempty"` // why AWS could not set it
}

// String says it in a sentence.
func (e EnabledEvidence) String() string {
	s := fmt.Sprintf("Scan type %s is %s in the region", e.Type, e.State)
	switch e.Code {
	case "":
		return s + "."
	case ownedByPolicy:
		return s + "; a policy of the organization sets it."
	}
	return s + ": " + e.Code + "."
}

// scanControls say of each scan type what its control says.
var scanControls = map[ScanType]struct {
	id, title, doc string
	severity       posture.Severity
}{
	EC2:            {"inspector.ec2-enabled", "Inspector scans EC2 instances", "An instance that nobody scans keeps its known vulnerabilities until an intruder finds them. Enable EC2 scanning in every region with instances, best for the whole organization.", posture.High},
	ECR:            {"inspector.ecr-enabled", "Inspector scans container images", "An image is scanned again when a vulnerability becomes known only where enhanced scanning is on. Enable ECR scanning.", posture.High},
	Lambda:         {"inspector.lambda-enabled", "Inspector scans the packages of Lambda functions", "A function carries its dependencies with it, and nobody patches them but its owner. Enable Lambda standard scanning.", posture.High},
	LambdaCode:     {"inspector.lambda-code-enabled", "Inspector scans the code of Lambda functions", "Injection, leaked secrets and weak cryptography in a function's own code are in no vulnerability list. Enable Lambda code scanning, which needs Lambda standard scanning.", posture.High},
	CodeRepository: {"inspector.code-repository-enabled", "Inspector scans code repositories", "What is found in the repository is put right before it runs anywhere. Connect the repositories and enable code security, unless another tool does this.", posture.Low},
}

// Control implements posture.Evaluator. A Type that is none of the constants
// gives a control that posture.Validate refuses.
func (e Enabled) Control() posture.Control {
	c := scanControls[e.Type]
	return posture.Control{
		ID: c.id, Title: c.title, Doc: c.doc, Severity: c.severity, Scope: posture.Regional, Resource: accountType,
		Requires: actions("BatchGetAccountStatus"),
		Params:   []posture.Param{{Name: "wanted", Value: yesNo(!e.Optional), Default: yesNo(e.Type != CodeRepository), Source: "AWS FSBP Inspector.1 to Inspector.4"}},
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// Place implements posture.Evaluator.
func (e Enabled) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e Enabled) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, here := e.Control(), e.Region.resource()
	s, err := e.Region.Status(ctx)
	if err != nil {
		return nil, err
	}
	t, listed := s.Types[e.Type]
	seen := EnabledEvidence{e.Type, t.State, t.Code}
	switch {
	case s.NotOffered:
		return []posture.Finding{c.NotApplicable(here, notOffered)}, nil
	case t.State == ScanEnabled:
		return []posture.Finding{c.Pass(here, seen)}, nil
	case !listed:
		return []posture.Finding{c.NotApplicable(here, fmt.Sprintf("Inspector does not offer scan type %s in the region.", e.Type))}, nil
	case t.State == "":
		return nil, malformed("BatchGetAccountStatus", "scan type %s has no status", e.Type)
	case e.Optional:
		return []posture.Finding{c.NotApplicable(here, fmt.Sprintf("Scan type %s is not asked for, and is %s.", e.Type, t.State))}, nil
	}
	return []posture.Finding{c.Fail(here, seen)}, nil
}
