package iam

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/policy"
	"github.com/awsposture/posture/internal/refusal"
)

// TrustDocument is a role's trust policy.
type TrustDocument struct {
	Document string `json:"document"` // as IAM has it
}

// Meaning implements what posture compares: the document as parsed.
func (d TrustDocument) Meaning() any { return meaning(d.Document) }

// RoleTrustPolicy is the setting of a role's trust policy. It implements
// posture.Setting[TrustDocument].
type RoleTrustPolicy struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
	Role    string   `json:"role"`
}

// Kind implements posture.Setting.
func (s RoleTrustPolicy) Kind() posture.Kind {
	return posture.Kind{Name: "iam.trust-policy", Reads: []string{"iam:GetRole"}, Writes: []string{"iam:UpdateAssumeRolePolicy"}, Access: true, Settle: settle}
}

// Target implements posture.Setting.
func (s RoleTrustPolicy) Target() posture.Resource { return s.Account.holder(KindRole, s.Role) }

// Get implements posture.Setting.
func (s RoleTrustPolicy) Get(ctx context.Context) (TrustDocument, error) {
	out, err := s.Account.api.GetRole(ctx, &iam.GetRoleInput{RoleName: &s.Role})
	if err != nil {
		return TrustDocument{}, err
	}
	if out.Role == nil {
		return TrustDocument{}, &posture.Cause{Kind: posture.CauseMalformed, Operation: "IAM:GetRole", Message: "the answer has no role"}
	}
	return TrustDocument{document(out.Role.AssumeRolePolicyDocument)}, nil
}

// Set implements posture.Setting.
func (s RoleTrustPolicy) Set(ctx context.Context, want TrustDocument) error {
	_, err := s.Writer.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: &s.Role, PolicyDocument: &want.Document})
	return err
}

// BindTrust plans to add the missing condition to a role's trust policy:
// aws:SourceAccount with this account's id for a service, SAML:aud with the
// partition's sign-in address for a SAML provider. A statement that trusts others
// besides is left to a person, since the condition would hold for them too.
type BindTrust struct {
	Account *Account
	Writer  Writer
}

// Controls implements posture.Remediator.
func (r BindTrust) Controls() []string {
	return []string{"iam.role-service-trust", "iam.role-saml-trust"}
}

// Place implements posture.Remediator.
func (r BindTrust) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r BindTrust) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	setting := RoleTrustPolicy{Account: r.Account, Writer: r.Writer, Role: target.ID}
	is, err := setting.Get(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	want := is
	for _, f := range fs {
		if want, err = r.bound(want, f); err != nil {
			return posture.Plan{}, err
		}
	}
	p, err := planOne(r.Account, fs, setting, is, want, posture.RiskHigh)
	p.Impact.Unknown = []string{"whether the role is assumed in a way that the condition refuses: no log was looked at"}
	return p, err
}

// bound adds a finding's condition to the statement that the finding is about. It carries every other
// statement over as it stands.
func (r BindTrust) bound(doc TrustDocument, f posture.Finding) (TrustDocument, error) {
	role := Role{Name: f.Resource.ID, ARN: r.Account.arnOf(f.Resource), Trust: doc.Document}
	list, err := trusts(role)
	if err != nil {
		return doc, refusal.Unreadable(f.Resource, err)
	}
	key, value := "aws:SourceAccount", r.Account.place.Account
	if f.Control == "iam.role-saml-trust" {
		key, value = "SAML:aud", SAMLAudience(r.Account.place.Partition)
	}
	i := slices.IndexFunc(list, func(t trusted) bool { return t.part() == f.Sub })
	if i < 0 {
		return doc, nil // it changed since
	}
	open, err := r.open(role, list[i])
	if err != nil || !open {
		return doc, err // an earlier finding of the same statement did it
	}
	for _, t := range list {
		if t.Label == list[i].Label && t.Kind != list[i].Kind {
			return doc, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: fmt.Sprintf("%s of the trust policy of %s trusts %s as well, for which the condition would hold too; give it a statement of its own", t.Label, f.Resource, t.Principal)}
		}
	}
	changed, err := withCondition(doc.Document, list[i].Label, key, value)
	if err != nil {
		return doc, refusal.Unreadable(f.Resource, err)
	}
	return TrustDocument{changed}, nil
}

// open tells whether a trust still lets in what the added condition is to keep out.
func (r BindTrust) open(role Role, t trusted) (bool, error) {
	if t.saml() {
		return r.Account.otherAudience(role, t)
	}
	doc, err := t.alone(role)
	if err != nil {
		return false, err
	}
	answer, err := r.Account.strangers(role, doc, namedIn(doc).deputies())
	return answer.Result != policy.No, err
}

// withCondition adds "StringEquals": {key: value} to one statement of a document.
func withCondition(doc, label, key, value string) (string, error) {
	var whole struct {
		Version   string                     `json:"Version,omitempty"`
		ID        string                     `json:"Id,omitempty"`
		Statement oneOrMany[json.RawMessage] `json:"Statement"`
	}
	if err := json.Unmarshal([]byte(doc), &whole); err != nil {
		return "", err
	}
	labels, err := statements(doc)
	if err != nil {
		return "", err
	}
	for i, raw := range whole.Statement {
		if labels[i].Label != label {
			continue
		}
		var s map[string]any
		if err := json.Unmarshal(raw, &s); err != nil {
			return "", err
		}
		conditions, _ := s["Condition"].(map[string]any)
		if conditions == nil {
			conditions = map[string]any{}
		}
		equals, _ := conditions["StringEquals"].(map[string]any)
		if equals == nil {
			equals = map[string]any{}
		}
		equals[key] = value
		conditions["StringEquals"] = equals
		s["Condition"] = conditions
		if whole.Statement[i], err = json.Marshal(s); err != nil {
			return "", err
		}
		break
	}
	out, err := json.Marshal(whole)
	return string(out), err
}
