package inspector

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// DeepInspection is whether, and where, Inspector looks for packages of
// programming languages on Linux instances. It is a state that can be set: see
// DeepInspectionSetting.
type DeepInspection struct {
	Status string   `json:"status"` // ACTIVATED, DEACTIVATED, PENDING, FAILED
	Paths  []string `json:"paths,omitempty"`
}

// DeepInspection reads the account's deep inspection.
func (r *Region) DeepInspection(ctx context.Context) (DeepInspection, error) {
	return r.deep.Get(ctx, func(ctx context.Context) (DeepInspection, error) { return getDeepInspection(ctx, r.api) })
}

func getDeepInspection(ctx context.Context, api Reader) (DeepInspection, error) {
	out, err := api.GetEc2DeepInspectionConfiguration(ctx, &inspector2.GetEc2DeepInspectionConfigurationInput{})
	if err != nil {
		return DeepInspection{}, err
	}
	d := DeepInspection{Status: string(out.Status)}
	if len(out.PackagePaths) > 0 {
		d.Paths = slices.Clone(out.PackagePaths)
	}
	if d.Status == "" {
		return d, malformed("GetEc2DeepInspectionConfiguration", "the answer has no status")
	}
	return d, nil
}

// Meaning is what a state comes to: what is pending is not activated yet.
func (d DeepInspection) Meaning() any {
	type meaning DeepInspection // without this method
	if d.Status == "PENDING" {
		d.Status = deactivated
	}
	return meaning(d)
}

const deactivated = "DEACTIVATED"

const activated = "ACTIVATED"

// DeepInspected judges that deep inspection is activated where Inspector knows of
// Linux instances. See "Amazon Inspector deep inspection for Linux-based Amazon
// EC2 instances" in the Inspector User Guide.
type DeepInspected struct{ Region *Region }

// DeepInspectionEvidence is deep inspection and what it would look at.
type DeepInspectionEvidence struct {
	DeepInspection
	Linux int `json:"linux"` // Linux instances that Inspector knows of
}

// String says it in a sentence.
func (e DeepInspectionEvidence) String() string {
	return fmt.Sprintf("Deep inspection is %s, for %s.", e.Status, plural(e.Linux, "Linux instance", "Linux instances"))
}

// Control implements posture.Evaluator.
func (e DeepInspected) Control() posture.Control {
	return posture.Control{
		ID:       "inspector.deep-inspection",
		Title:    "Packages of programming languages are looked for on Linux instances",
		Doc:      "The packages that applications bring along are in no operating system's list, and hold as many vulnerabilities. Activate deep inspection, and name the directories that applications live in.",
		Severity: posture.Low, Scope: posture.Regional, Resource: accountType,
		Requires: actions("BatchGetAccountStatus", "GetDelegatedAdminAccount", "GetEc2DeepInspectionConfiguration", "ListCoverage"),
	}
}

// Place implements posture.Evaluator.
func (e DeepInspected) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e DeepInspected) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, r := e.Control(), e.Region
	_, off, err := r.own(ctx, c, EC2)
	if off != nil || err != nil {
		return off, err
	}
	d, err := r.DeepInspection(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := r.Coverage(ctx)
	seen := DeepInspectionEvidence{DeepInspection: d}
	for _, row := range rows {
		if row.Type == TypeInstance && row.Scan == PackageScan && row.Platform == "LINUX" {
			seen.Linux++
		}
	}
	switch {
	case d.Status == activated && err == nil:
		return []posture.Finding{c.Pass(r.resource(), seen)}, nil
	case d.Status != activated && seen.Linux > 0:
		return []posture.Finding{c.Fail(r.resource(), seen)}, nil
	case err != nil:
		return nil, err
	}
	return []posture.Finding{c.NotApplicable(r.resource(), "Inspector knows of no Linux instance in the region.")}, nil
}

// DeepInspectionSetting is the setting of deep inspection. It implements
// posture.Setting[DeepInspection].
type DeepInspectionSetting struct {
	Region *Region `json:"-"`
	Writer Writer  `json:"-"`
}

// Kind implements posture.Setting.
func (s DeepInspectionSetting) Kind() posture.Kind {
	return posture.Kind{Name: "inspector.deep-inspection", Reads: actions("GetEc2DeepInspectionConfiguration"), Writes: actions("UpdateEc2DeepInspectionConfiguration"), Settle: settle}
}

// Target implements posture.Setting.
func (s DeepInspectionSetting) Target() posture.Resource { return s.Region.resource() }

// Get implements posture.Setting.
func (s DeepInspectionSetting) Get(ctx context.Context) (DeepInspection, error) {
	return getDeepInspection(ctx, s.Region.api)
}

// Set implements posture.Setting. The paths go with every call, since one that
// leaves them out takes them away.
func (s DeepInspectionSetting) Set(ctx context.Context, want DeepInspection) error {
	_, err := s.Writer.UpdateEc2DeepInspectionConfiguration(ctx, &inspector2.UpdateEc2DeepInspectionConfigurationInput{
		ActivateDeepInspection: aws.Bool(want.Status == activated), PackagePaths: want.Paths,
	})
	return err
}

// ActivateDeepInspection plans to activate deep inspection, with the paths that
// there are.
type ActivateDeepInspection struct {
	Region *Region
	Writer Writer
}

// Controls implements posture.Remediator.
func (r ActivateDeepInspection) Controls() []string { return []string{"inspector.deep-inspection"} }

// Place implements posture.Remediator.
func (r ActivateDeepInspection) Place() posture.Place { return r.Region.Place() }

// Plan implements posture.Remediator.
func (r ActivateDeepInspection) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	_, ok, err := r.Region.toPlan(ctx, target)
	if !ok || err != nil {
		return r.Region.newPlan(fs), err
	}
	setting := DeepInspectionSetting(r)
	before, err := setting.Get(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	after := DeepInspection{Status: activated, Paths: before.Paths}
	switch before.Status {
	case activated:
		return r.Region.newPlan(fs), nil
	case deactivated, "PENDING":
		before.Status = deactivated
		step, err := posture.Change(setting, before, after)
		return r.Region.newPlan(fs, step), err
	}
	return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: "deep inspection is " + before.Status + "; look at it first"}
}
