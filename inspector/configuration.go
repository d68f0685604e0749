package inspector

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
)

// ScanMode is how instances are scanned, as the API names it.
type ScanMode string

// The scan modes of EC2.
const (
	AgentBased ScanMode = "EC2_SSM_AGENT_BASED"
	Hybrid     ScanMode = "EC2_HYBRID" // without an agent where there is none
)

// Configuration is how Inspector scans instances and images in the region. It is
// a state that can be set: see ConfigurationSetting. What AWS has accepted and
// still carries out counts as set.
type Configuration struct {
	ScanMode   ScanMode `json:"scanMode,omitempty"`
	Rescan     string   `json:"rescan,omitempty"`     // how long after its push an image is scanned again: LIFETIME, DAYS_180 …
	PullRescan string   `json:"pullRescan,omitempty"` // how long after its last pull or use
	PullMode   string   `json:"pullMode,omitempty"`   // LAST_PULL_DATE, LAST_IN_USE_AT
	Failed     bool     `json:"failed,omitempty"`     // AWS could not set the rescan duration
}

// Configuration reads how instances and images are scanned.
func (r *Region) Configuration(ctx context.Context) (Configuration, error) {
	return r.config.Get(ctx, func(ctx context.Context) (Configuration, error) { return getConfiguration(ctx, r.api) })
}

func getConfiguration(ctx context.Context, api Reader) (Configuration, error) {
	out, err := api.GetConfiguration(ctx, &inspector2.GetConfigurationInput{})
	if err != nil {
		return Configuration{}, err
	}
	var c Configuration
	if out.Ec2Configuration != nil && out.Ec2Configuration.ScanModeState != nil {
		s := out.Ec2Configuration.ScanModeState
		c.ScanMode = ScanMode(s.ScanMode)
	}
	if out.EcrConfiguration != nil && out.EcrConfiguration.RescanDurationState != nil {
		s := out.EcrConfiguration.RescanDurationState
		c.Rescan, c.PullRescan, c.PullMode = string(s.RescanDuration), string(s.PullDateRescanDuration), string(s.PullDateRescanMode)
		c.Failed = s.Status == types.EcrRescanDurationStatusFailed
	}
	return c, nil
}

// lifetime is the rescan duration that never ends, in days.
const lifetime = 1 << 20

// rescanDays gives a rescan duration in days; ok is false for one not known.
func rescanDays(s string) (n int, ok bool) {
	if s == string(types.EcrRescanDurationLifetime) {
		return lifetime, true
	}
	_, err := fmt.Sscanf(s, "DAYS_%d", &n)
	return n, err == nil
}

// EC2ScanMode judges that instances without an SSM agent are scanned too: that
// the scan mode is hybrid, or that Inspector knows of no instance that it cannot
// manage. See "Scanning Amazon EC2 instances" in the Inspector User Guide.
type EC2ScanMode struct{ Region *Region }

// ScanModeEvidence is the scan mode and what it leaves out.
type ScanModeEvidence struct {
	Mode      ScanMode `json:"mode"`
	Unmanaged []string `json:"unmanaged,omitempty"` // instances without an agent
}

// String says it in a sentence.
func (e ScanModeEvidence) String() string {
	if len(e.Unmanaged) == 0 {
		return fmt.Sprintf("The scan mode is %s, and leaves no instance out for want of an agent.", e.Mode)
	}
	return fmt.Sprintf("The scan mode is %s, which leaves out %s without an SSM agent, such as %s.", e.Mode, plural(len(e.Unmanaged), "instance", "instances"), e.Unmanaged[0])
}

// Control implements posture.Evaluator.
func (e EC2ScanMode) Control() posture.Control {
	return posture.Control{
		ID:       "inspector.scan-mode",
		Title:    "Instances without an agent are scanned",
		Doc:      "An instance that Systems Manager does not manage is not scanned at all in the agent-based mode. The hybrid mode scans it from snapshots of its volumes; to let Systems Manager manage it is better still.",
		Severity: posture.Medium, Scope: posture.Regional, Resource: accountType,
		Requires: actions("BatchGetAccountStatus", "GetDelegatedAdminAccount", "GetConfiguration", "ListCoverage"),
	}
}

// Place implements posture.Evaluator.
func (e EC2ScanMode) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e EC2ScanMode) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, r := e.Control(), e.Region
	_, off, err := r.own(ctx, c, EC2)
	if off != nil || err != nil {
		return off, err
	}
	config, err := r.Configuration(ctx)
	switch {
	case err != nil:
		return nil, err
	case config.ScanMode == "":
		return nil, malformed("GetConfiguration", "the answer has no scan mode")
	case config.ScanMode == Hybrid:
		return []posture.Finding{c.Pass(r.resource(), ScanModeEvidence{Mode: Hybrid})}, nil
	}
	rows, err := r.Coverage(ctx)
	seen := ScanModeEvidence{Mode: config.ScanMode}
	for _, row := range rows {
		if row.Type == TypeInstance && row.Scan == PackageScan && row.Reason == "UNMANAGED_EC2_INSTANCE" {
			seen.Unmanaged = append(seen.Unmanaged, row.ID)
		}
	}
	switch {
	case seen.Unmanaged != nil:
		return []posture.Finding{c.Fail(r.resource(), seen)}, nil
	case err != nil: // one may stand on the page that was not read
		return nil, err
	}
	return []posture.Finding{c.Pass(r.resource(), seen)}, nil
}

// ECRRescan judges that images are scanned again for as long as they live. See
// "Configuring the Amazon ECR re-scan duration" in the Inspector User Guide.
type ECRRescan struct {
	Region *Region
	Days   int // least days after the push; default 180
}

// RescanEvidence is for how long images are scanned again.
type RescanEvidence struct {
	AfterPush string `json:"afterPush"`
	AfterPull string `json:"afterPull,omitempty"`
	PullMode  string `json:"pullMode,omitempty"`
	Failed    bool   `json:"failed,omitempty"`
}

// String says it in a sentence.
func (e RescanEvidence) String() string {
	span := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", " ")) }
	s := "Images are scanned again for " + span(e.AfterPush) + " after their push"
	if e.AfterPull != "" {
		s += " and for " + span(e.AfterPull) + " after their " + span(cmp.Or(e.PullMode, "last_pull_date"))
	}
	if e.Failed {
		s += "; AWS could not set this"
	}
	return s + "."
}

func (e ECRRescan) days() int { return cmp.Or(e.Days, 180) }

// Control implements posture.Evaluator.
func (e ECRRescan) Control() posture.Control {
	return posture.Control{
		ID:       "inspector.ecr-rescan",
		Title:    "Images are scanned again for as long as they live",
		Doc:      "Most vulnerabilities of an image become known after its push. When its rescan duration ends, its findings close as if they were mended. Set the duration to the lifetime, or to no less than images are in use.",
		Severity: posture.Low, Scope: posture.Regional, Resource: accountType,
		Requires: actions("BatchGetAccountStatus", "GetDelegatedAdminAccount", "GetConfiguration"),
		Params:   []posture.Param{{Name: "days", Value: fmt.Sprint(e.days()), Default: fmt.Sprint(ECRRescan{}.days()), Unit: "days"}},
	}
}

// Place implements posture.Evaluator.
func (e ECRRescan) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e ECRRescan) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, r := e.Control(), e.Region
	_, off, err := r.own(ctx, c, ECR)
	if off != nil || err != nil {
		return off, err
	}
	config, err := r.Configuration(ctx)
	if err != nil {
		return nil, err
	}
	n, ok := rescanDays(config.Rescan)
	seen := RescanEvidence{config.Rescan, config.PullRescan, config.PullMode, config.Failed}
	switch {
	case !ok:
		return nil, malformed("GetConfiguration", "the rescan duration is %q", config.Rescan)
	case n < e.days() || config.Failed:
		return []posture.Finding{c.Fail(r.resource(), seen)}, nil
	}
	return []posture.Finding{c.Pass(r.resource(), seen)}, nil
}
