package guardduty

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/gate"
	"github.com/awsposture/posture/internal/memo"
)

// Organization is the view of what one account may say of GuardDuty in its
// organization, in one region: the management account of who the delegated
// administrator is, the delegated administrator of everything else. It stands on
// the Region of the same account, whose reads it shares. See "Managing GuardDuty
// accounts with AWS Organizations" in the GuardDuty User Guide.
type Organization struct {
	// Accounts are the ids of the organization's active accounts.
	Accounts posture.Fact[[]string]
	// Administrator is the id of the account that is to be GuardDuty's delegated
	// administrator in every region. AWS lets an organization have one only, so
	// without the fact any administrator is the right one; but none can be enabled.
	Administrator posture.Fact[string]

	region *Region

	delegation memo.Value[Delegation]
	config     memo.Value[OrganizationConfig]
	members    memo.Value[[]Member]
	features   memo.Map[string, memberAnswers] // by the batch's first account
}

// NewOrganization makes the view of the organization from r's account.
func NewOrganization(r *Region) *Organization { return &Organization{region: r} }

// Place is the account and region looked at. A nil Organization, which makes a
// catalogue, has none.
func (o *Organization) Place() posture.Place {
	if o == nil {
		return posture.Place{}
	}
	return o.region.place
}

// Delegation is what the management account is told of the delegated
// administrator.
type Delegation struct {
	Management     bool // whether this is the management account; no other may ask
	Administrators []string
}

// Delegation reads who the delegated administrator is.
func (o *Organization) Delegation(ctx context.Context) (Delegation, error) {
	return o.delegation.Get(ctx, func(ctx context.Context) (Delegation, error) { return getDelegation(ctx, o.region.api) })
}

func getDelegation(ctx context.Context, api Reader) (Delegation, error) {
	ids, err := pages(ctx, func(ctx context.Context, token *string) ([]string, *string, error) {
		out, err := api.ListOrganizationAdminAccounts(ctx, &guardduty.ListOrganizationAdminAccountsInput{MaxResults: aws.Int32(pageSize), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		var ids []string
		for _, a := range out.AdminAccounts {
			if aws.ToString(a.AdminAccountId) == "" {
				return ids, nil, malformed("ListOrganizationAdminAccounts", "an administrator has no account id")
			}
			ids = append(ids, *a.AdminAccountId)
		}
		return ids, out.NextToken, nil
	})
	if sameCode(err, badRequest) { // as AWS tells an account that is not the management account
		return Delegation{}, nil
	}
	return Delegation{Management: true, Administrators: ids}, err
}

// AutoEnable says which accounts get something by themselves.
type AutoEnable string

// The ways of enabling by itself.
const (
	AutoEnableAll  AutoEnable = "ALL"
	AutoEnableNew  AutoEnable = "NEW"
	AutoEnableNone AutoEnable = "NONE"
)

// OrganizationConfig is what the organization's accounts get by themselves. It
// is a state that can be set: see OrganizationSetting.
type OrganizationConfig struct {
	Administers bool                   `json:"administers"` // whether this is the delegated administrator; no other may ask
	Members     AutoEnable             `json:"members,omitempty"`
	Features    map[Feature]AutoEnable `json:"features,omitempty"`
}

// Config reads what the organization's accounts get by themselves.
func (o *Organization) Config(ctx context.Context) (OrganizationConfig, error) {
	return o.config.Get(ctx, func(ctx context.Context) (OrganizationConfig, error) {
		d, err := o.region.Detector(ctx)
		if err != nil || d.ID == "" {
			return OrganizationConfig{}, err
		}
		return getConfig(ctx, o.region.api, d.ID)
	})
}

func getConfig(ctx context.Context, api Reader, detector string) (OrganizationConfig, error) {
	c := OrganizationConfig{Administers: true, Features: map[Feature]AutoEnable{}}
	_, err := pages(ctx, func(ctx context.Context, token *string) ([]struct{}, *string, error) {
		out, err := api.DescribeOrganizationConfiguration(ctx, &guardduty.DescribeOrganizationConfigurationInput{DetectorId: &detector, MaxResults: aws.Int32(pageSize), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		c.Members = AutoEnable(out.AutoEnableOrganizationMembers)
		for _, f := range out.Features {
			c.Features[Feature(f.Name)] = AutoEnable(f.AutoEnable)
			for _, a := range f.AdditionalConfiguration {
				c.Features[Feature(f.Name).agent(string(a.Name))] = AutoEnable(a.AutoEnable)
			}
		}
		return nil, out.NextToken, nil
	})
	switch {
	case sameCode(err, badRequest): // as AWS tells an account that is not the delegated administrator
		return OrganizationConfig{}, nil
	case err != nil:
		return OrganizationConfig{}, err
	case c.Members == "":
		return OrganizationConfig{}, malformed("DescribeOrganizationConfiguration", "the answer does not say which members are enabled")
	}
	return c, nil
}

// administers gives the detector and configuration of the delegated
// administrator. Elsewhere it gives the one finding that an evaluator returns.
func (o *Organization) administers(ctx context.Context, c posture.Control) (Detector, OrganizationConfig, []posture.Finding, error) {
	d, off, err := o.region.enabled(ctx, c)
	if off != nil || err != nil {
		return d, OrganizationConfig{}, off, err
	}
	config, err := o.Config(ctx)
	if err != nil || config.Administers {
		return d, config, nil, err
	}
	f := c.NotApplicable(o.region.resource(d), "The account is not GuardDuty's delegated administrator in the region.")
	return d, config, []posture.Finding{f}, nil
}

// Member is an account that the administrator knows of.
type Member struct {
	Account string
	Status  string // of the relationship: Enabled, Disabled, Removed, Created …
}

// Members lists the accounts that the administrator knows of, also those that
// are not associated any more.
func (o *Organization) Members(ctx context.Context) ([]Member, error) {
	return o.members.Get(ctx, func(ctx context.Context) ([]Member, error) {
		d, err := o.region.Detector(ctx)
		if err != nil || d.ID == "" {
			return nil, err
		}
		return pages(ctx, func(ctx context.Context, token *string) ([]Member, *string, error) {
			out, err := o.region.api.ListMembers(ctx, &guardduty.ListMembersInput{DetectorId: &d.ID, OnlyAssociated: aws.String("false"), MaxResults: aws.Int32(pageSize), NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			var all []Member
			for _, m := range out.Members {
				all = append(all, Member{aws.ToString(m.AccountId), aws.ToString(m.RelationshipStatus)})
			}
			return all, out.NextToken, nil
		})
	})
}

// memberAnswers is what one batch read says of its accounts.
type memberAnswers struct {
	features map[string]map[Feature]bool
	refused  map[string]string // account to why AWS could not answer
}

// memberFeatures reads the features of enabled members, fifty a call, and gives
// them by account.
func (o *Organization) memberFeatures(ctx context.Context, accounts []string, judge func(account string, features map[Feature]bool, err error) posture.Finding) []posture.Finding {
	batches := slices.Collect(slices.Chunk(accounts, pageSize))
	return posture.Each(ctx, batches, func(ctx context.Context, batch []string) (fs []posture.Finding) {
		answers, err := o.features.Get(ctx, batch[0], func(ctx context.Context) (memberAnswers, error) {
			d, err := o.region.Detector(ctx)
			if err != nil {
				return memberAnswers{}, err
			}
			return gate.Do(ctx, &o.region.gate, func(ctx context.Context) (memberAnswers, error) {
				return getMemberFeatures(ctx, o.region.api, d.ID, batch)
			})
		})
		for _, account := range batch {
			features, failed := answers.features[account], err
			if why, refused := answers.refused[account]; failed == nil && refused {
				failed = errors.New("GetMemberDetectors: " + why)
			}
			if failed == nil && features == nil {
				failed = malformed("GetMemberDetectors", "the answer does not have account %s", account)
			}
			fs = append(fs, judge(account, features, failed))
		}
		return fs
	})
}

func getMemberFeatures(ctx context.Context, api Reader, detector string, accounts []string) (memberAnswers, error) {
	out, err := api.GetMemberDetectors(ctx, &guardduty.GetMemberDetectorsInput{DetectorId: &detector, AccountIds: accounts})
	if err != nil {
		return memberAnswers{}, err
	}
	a := memberAnswers{features: map[string]map[Feature]bool{}, refused: map[string]string{}}
	for _, m := range out.MemberDataSourceConfigurations {
		features := map[Feature]bool{}
		for _, f := range m.Features {
			on := f.Status == types.FeatureStatusEnabled
			features[Feature(f.Name)] = on
			for _, extra := range f.AdditionalConfiguration {
				features[Feature(f.Name).agent(string(extra.Name))] = on && extra.Status == types.FeatureStatusEnabled
			}
		}
		a.features[aws.ToString(m.AccountId)] = features
	}
	for _, u := range out.UnprocessedAccounts {
		a.refused[aws.ToString(u.AccountId)] = aws.ToString(u.Result)
	}
	return a, nil
}

func (o *Organization) memberResource(account string) posture.Resource {
	return o.region.place.Resource("AWS::GuardDuty::Member", account, "")
}
