package guardduty

import (
	"context"
	"strings"

	"github.com/awsposture/posture"
)

// OrganizationAutoEnable judges, in the delegated administrator's account, that
// every account of the organization gets GuardDuty by itself, and the wanted
// features with it. Each is a finding of its own, whose Sub is "members" or the
// feature.
type OrganizationAutoEnable struct {
	Organization *Organization
	Features     []Feature // default every feature that a detector can have but AI protection and the older runtime monitoring
}

// AutoEnableEvidence is what accounts get by themselves.
type AutoEnableEvidence struct {
	What string     `json:"what"` // "members" or a feature
	For  AutoEnable `json:"for"`
}

// String says it in a sentence.
func (e AutoEnableEvidence) String() string {
	what := "Feature " + e.What
	if e.What == subMembers {
		what = "GuardDuty"
	}
	switch e.For {
	case AutoEnableAll:
		return what + " is enabled by itself in every account."
	case AutoEnableNew:
		return what + " is enabled by itself in new accounts only."
	}
	return what + " is enabled by itself in no account."
}

// subMembers is the Sub of the finding on the accounts themselves.
const subMembers = "members"

// Control implements posture.Evaluator.
func (e OrganizationAutoEnable) Control() posture.Control {
	join := func(fs []Feature) string {
		names := make([]string, len(fs))
		for i, f := range fs {
			names[i] = string(f)
		}
		return strings.Join(names, ",")
	}
	return posture.Control{
		ID:       "guardduty.org-auto-enable",
		Title:    "Every account of the organization gets GuardDuty and its features",
		Doc:      "An account that somebody must remember to enrol is not watched on the day it is made, which is when nobody knows it. Set auto-enable to all accounts, for members and for each feature; accounts that were left out are then enabled within 24 hours.",
		Severity: posture.High, Scope: posture.Organization, Resource: "AWS::GuardDuty::Detector",
		Requires: actions("ListDetectors", "GetDetector", "DescribeOrganizationConfiguration"),
		Params:   []posture.Param{{Name: "features", Value: join(e.features()), Default: join(standardFeatures)}},
	}
}

func (e OrganizationAutoEnable) features() []Feature {
	if e.Features != nil {
		return e.Features
	}
	return standardFeatures
}

// Place implements posture.Evaluator.
func (e OrganizationAutoEnable) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e OrganizationAutoEnable) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	d, config, off, err := o.administers(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	here := o.region.resource(d)
	judge := func(what string, to AutoEnable) posture.Finding {
		verdict := c.Fail
		if to == AutoEnableAll {
			verdict = c.Pass
		}
		f := verdict(here, AutoEnableEvidence{what, to}).Part(what)
		f.Tags = d.Tags
		return f
	}
	fs := []posture.Finding{judge(subMembers, config.Members)}
	for _, f := range e.features() {
		fs = append(fs, judge(string(f), config.Features[f]))
	}
	return fs, nil
}
