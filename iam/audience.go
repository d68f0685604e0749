package iam

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// AudienceState is whether a provider accepts an audience.
type AudienceState struct {
	Accepted bool `json:"accepted"`
}

// ProviderAudience is the setting of one audience of an OpenID Connect
// provider; the others are not touched. It implements posture.Setting[AudienceState].
type ProviderAudience struct {
	Account  *Account `json:"-"`
	Writer   Writer   `json:"-"`
	Provider string   `json:"provider"` // ARN
	Audience string   `json:"audience"`
}

// Kind implements posture.Setting.
func (s ProviderAudience) Kind() posture.Kind {
	return posture.Kind{
		Name: "iam.oidc-audience", Reads: []string{"iam:GetOpenIDConnectProvider"},
		Writes: []string{"iam:AddClientIDToOpenIDConnectProvider", "iam:RemoveClientIDFromOpenIDConnectProvider"}, Settle: settle,
	}
}

// Target implements posture.Setting.
func (s ProviderAudience) Target() posture.Resource {
	return s.Account.place.Resource("AWS::IAM::OIDCProvider", s.Provider, s.Provider)
}

// Get implements posture.Setting.
func (s ProviderAudience) Get(ctx context.Context) (AudienceState, error) {
	p, err := getOIDC(ctx, s.Account.api, s.Provider)
	return AudienceState{slices.Contains(p.Audiences, s.Audience)}, err
}

// Set implements posture.Setting.
func (s ProviderAudience) Set(ctx context.Context, want AudienceState) (err error) {
	if want.Accepted {
		_, err = s.Writer.AddClientIDToOpenIDConnectProvider(ctx, &iam.AddClientIDToOpenIDConnectProviderInput{OpenIDConnectProviderArn: &s.Provider, ClientID: &s.Audience})
	} else {
		_, err = s.Writer.RemoveClientIDFromOpenIDConnectProvider(ctx, &iam.RemoveClientIDFromOpenIDConnectProviderInput{OpenIDConnectProviderArn: &s.Provider, ClientID: &s.Audience})
	}
	return err
}

// RemoveAudience plans to remove the audience that a finding names in its Sub.
type RemoveAudience struct {
	Account *Account
	Writer  Writer
}

// Controls implements posture.Remediator.
func (r RemoveAudience) Controls() []string { return []string{"iam.oidc-audiences"} }

// Place implements posture.Remediator.
func (r RemoveAudience) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r RemoveAudience) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	p := posture.NewPlan(r.Place(), r.Account.now(), fs)
	p.Risk = posture.RiskMedium
	p.Impact.Unknown = []string{"whether tokens for the audience are in use: no log was looked at"}
	for _, audience := range parts(fs) {
		setting := ProviderAudience{r.Account, r.Writer, target.ID, audience}
		is, err := setting.Get(ctx)
		if err != nil {
			return posture.Plan{}, refusal.Unreadable(target, err)
		}
		one, err := planOne(r.Account, fs, setting, is, AudienceState{}, p.Risk)
		if err != nil {
			return posture.Plan{}, err
		}
		p.Steps = append(p.Steps, one.Steps...)
	}
	return p, nil
}
