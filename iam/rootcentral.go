package iam

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// RootCentral judges that the organization manages the root credentials of its
// member accounts centrally, so that they can be removed. It is judged in the
// management account or IAM's delegated administrator. See "Centrally manage
// root access for member accounts" in the IAM User Guide.
type RootCentral struct{ Account *Account }

// RootCentralEvidence is the organization's root access features.
type RootCentralEvidence struct {
	Features []string `json:"features"`
}

// String says it in a sentence.
func (e RootCentralEvidence) String() string {
	if len(e.Features) == 0 {
		return "The organization has no root access feature enabled."
	}
	return fmt.Sprintf("The organization has %s enabled.", strings.Join(e.Features, " and "))
}

// Control implements posture.Evaluator.
func (e RootCentral) Control() posture.Control {
	return posture.Control{
		ID:       "iam.root-central",
		Title:    "Root credentials of member accounts are managed centrally",
		Doc:      "A member account needs no root password: with central management new accounts get none, and existing ones can be removed, with nothing left to steal. Enable trusted access for IAM in AWS Organizations, then the feature RootCredentialsManagement in IAM.",
		Severity: posture.Medium, Scope: posture.Organization, Resource: "AWS::Organizations::Organization",
		Requires: []string{"iam:ListOrganizationsFeatures"},
	}
}

// Place implements posture.Evaluator.
func (e RootCentral) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e RootCentral) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, here := e.Control(), e.Account.place.Resource("AWS::Organizations::Organization", e.Account.place.Account, "")
	features, err := e.Account.OrganizationFeatures(ctx)
	switch code := posture.CauseOf(err); {
	case err == nil:
	case code.Code == "AccountNotManagementOrDelegatedAdministratorException":
		return []posture.Finding{c.NotApplicable(here, "This account does not administer root access for an organization.")}, nil
	case code.Code == "OrganizationNotFoundException":
		return []posture.Finding{c.NotApplicable(here, "The account belongs to no organization.")}, nil
	case code.Code == "ServiceAccessNotEnabledException":
		return []posture.Finding{c.Fail(here, RootCentralEvidence{}).Detailf("Trusted access for IAM is not enabled in AWS Organizations.")}, nil
	default:
		return nil, err
	}
	seen := RootCentralEvidence{Features: features}
	if slices.Contains(features, "RootCredentialsManagement") {
		return []posture.Finding{c.Pass(here, seen)}, nil
	}
	return []posture.Finding{c.Fail(here, seen)}, nil
}
