package inspector

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// standardTypes are the scan types asked for unless the caller says otherwise.
var standardTypes = []ScanType{EC2, ECR, Lambda, LambdaCode}

// OrganizationAutoEnable judges, in the delegated administrator's account, that
// new accounts get the scan types by themselves. Each is a finding of its own,
// whose Sub is the scan type. An account that was there before gets nothing by
// this: Members judges those.
type OrganizationAutoEnable struct {
	Organization *Organization
	Types        []ScanType // default EC2, ECR, Lambda and LambdaCode
}

// AutoEnableEvidence is whether new accounts get a scan type.
type AutoEnableEvidence struct {
	Type ScanType `json:"type"`
	On   bool     `json:"on"`
	Full bool     `json:"full,omitempty"` // the administrator has as many members as it may have
}

// String says it in a sentence.
func (e AutoEnableEvidence) String() string {
	switch {
	case e.On && e.Full:
		return "Scan type " + string(e.Type) + " is on for new accounts, and they get nothing: the administrator has as many members as Inspector takes. Ask AWS Support for a higher quota."
	case e.On:
		return "New accounts get scan type " + string(e.Type) + " by themselves."
	}
	return "New accounts do not get scan type " + string(e.Type) + " by themselves."
}

// Control implements posture.Evaluator.
func (e OrganizationAutoEnable) Control() posture.Control {
	return posture.Control{
		ID:       "inspector.auto-enable",
		Title:    "New accounts of the organization are scanned by themselves",
		Doc:      "An account that somebody must remember to enrol is not scanned on the day it is made. Turn auto-enable on for every scan type that you use.",
		Severity: posture.High, Scope: posture.Organization, Resource: accountType,
		Requires: actions("BatchGetAccountStatus", "GetDelegatedAdminAccount", "DescribeOrganizationConfiguration"),
		Params:   []posture.Param{typesParam(e.types())},
	}
}

func typesParam(ts []ScanType) posture.Param {
	return posture.Param{Name: "types", Value: joinTypes(ts), Default: joinTypes(standardTypes), Source: "AWS FSBP Inspector.1 to Inspector.4"}
}

func joinTypes(ts []ScanType) string {
	names := make([]string, len(ts))
	for i, t := range ts {
		names[i] = string(t)
	}
	return strings.Join(names, ",")
}

func (e OrganizationAutoEnable) types() []ScanType {
	if e.Types != nil {
		return e.Types
	}
	return standardTypes
}

// Place implements posture.Evaluator.
func (e OrganizationAutoEnable) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e OrganizationAutoEnable) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	auto, off, err := o.administers(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	own, err := o.region.Status(ctx)
	if err != nil {
		return nil, err
	}
	var fs []posture.Finding
	for _, t := range e.types() {
		on, listed := auto.Types[t]
		seen := AutoEnableEvidence{t, on, auto.Full}
		f := c.Fail(o.region.resource(), seen)
		switch _, offered := own.Types[t]; {
		case on && !auto.Full:
			f = c.Pass(o.region.resource(), seen)
		case !listed && !offered: // one that is offered and not listed is not on
			f = c.NotApplicable(o.region.resource(), "Inspector does not offer scan type "+string(t)+" in the region.")
		}
		fs = append(fs, f.Part(string(t)))
	}
	return fs, nil
}

// AutoEnableSetting is the setting of what new accounts get by themselves. It
// implements posture.Setting[AutoEnable].
type AutoEnableSetting struct {
	Organization *Organization `json:"-"`
	Writer       Writer        `json:"-"`
}

// Kind implements posture.Setting.
func (s AutoEnableSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "inspector.auto-enable", Reads: actions("GetDelegatedAdminAccount", "DescribeOrganizationConfiguration"),
		Writes: actions("UpdateOrganizationConfiguration"), Settle: settle,
	}
}

// Target implements posture.Setting.
func (s AutoEnableSetting) Target() posture.Resource { return s.Organization.region.resource() }

// Get implements posture.Setting.
func (s AutoEnableSetting) Get(ctx context.Context) (AutoEnable, error) {
	return getAutoEnable(ctx, s.Organization.region)
}

// Set implements posture.Setting. It names every scan type: one that is left out
// may be turned off.
func (s AutoEnableSetting) Set(ctx context.Context, want AutoEnable) error {
	if !want.Administers {
		return errors.New("inspector: account " + s.Organization.region.place.Account + " is not the delegated administrator")
	}
	optional := func(t ScanType) *bool {
		if on, listed := want.Types[t]; listed {
			return &on
		}
		return nil
	}
	_, err := s.Writer.UpdateOrganizationConfiguration(ctx, &inspector2.UpdateOrganizationConfigurationInput{AutoEnable: &types.AutoEnable{
		Ec2: aws.Bool(want.Types[EC2]), Ecr: aws.Bool(want.Types[ECR]), Lambda: optional(Lambda), LambdaCode: optional(LambdaCode), CodeRepository: optional(CodeRepository),
	}})
	return err
}

// Cost says what enabling more will cost.
func (s AutoEnableSetting) Cost(from, to AutoEnable) string {
	for t, on := range to.Types {
		if on && !from.Types[t] {
			return "The scan types are charged in every new account, by what they scan; see Amazon Inspector pricing."
		}
	}
	return ""
}

// AutoEnableOrganization plans to give new accounts the scan types that its
// findings name.
type AutoEnableOrganization struct {
	Organization *Organization
	Writer       Writer
}

// Controls implements posture.Remediator.
func (r AutoEnableOrganization) Controls() []string { return []string{"inspector.auto-enable"} }

// Place implements posture.Remediator.
func (r AutoEnableOrganization) Place() posture.Place { return r.Organization.Place() }

// Plan implements posture.Remediator.
func (r AutoEnableOrganization) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	setting := AutoEnableSetting(r)
	before, err := setting.Get(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	if !before.Administers {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonManagedElsewhere, Message: "only the delegated administrator sets what the organization's accounts get"}
	}
	after := AutoEnable{Administers: true, Types: maps.Clone(before.Types)}
	for _, f := range fs {
		t := ScanType(f.Sub)
		if !slices.Contains(scanTypes, t) {
			return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNotRemediable, Message: "no scan type " + f.Sub + " is known"}
		}
		after.Types[t] = true
		if t == LambdaCode { // which needs it
			after.Types[Lambda] = true
		}
	}
	if maps.Equal(before.Types, after.Types) {
		return r.Organization.region.newPlan(fs), nil
	}
	step, err := posture.Change(setting, before, after)
	p := r.Organization.region.newPlan(fs, step)
	p.Risk = posture.RiskMedium
	p.Warnings = []string{"It is for accounts that join from now on. Undo puts the setting back; what was enabled meanwhile stays enabled."}
	return p, err
}
