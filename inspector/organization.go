package inspector

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/memo"
)

// Organization is the view of what one account may say of Inspector in its
// organization, in one region: the management account of who the delegated
// administrator is, the delegated administrator of everything else. It stands on
// the Region of the same account, whose reads it shares. See "Managing multiple
// accounts in Amazon Inspector with AWS Organizations" in the Inspector User Guide.
type Organization struct {
	// Accounts are the ids of the organization's active accounts.
	Accounts posture.Fact[[]string]
	// Administrator is the id of the account that is to be Inspector's delegated
	// administrator in every region. AWS lets an organization have one only, so
	// without the fact any administrator is the right one; but none can be enabled.
	Administrator posture.Fact[string]
	// Inventory is what there is to scan in every account of the organization in
	// the region, as Region.Inventory is for one.
	Inventory posture.Fact[map[string][]Asset]

	region *Region

	delegation memo.Value[Delegation]
	auto       memo.Value[AutoEnable]
	members    memo.Value[[]Member]
	statuses   memo.Map[string, memberAnswers] // by the batch's accounts
	coverage   memo.Value[[]Row]
	ranking    memo.Value[Ranking]
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

// orgPage is the most that a page of the listings of accounts holds.
const orgPage = 50

func getDelegation(ctx context.Context, api Reader) (Delegation, error) {
	ids, err := pages(ctx, func(ctx context.Context, token *string) ([]string, *string, error) {
		out, err := api.ListDelegatedAdminAccounts(ctx, &inspector2.ListDelegatedAdminAccountsInput{MaxResults: aws.Int32(orgPage), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		var ids []string
		for _, a := range out.DelegatedAdminAccounts {
			if aws.ToString(a.AccountId) == "" {
				return ids, nil, malformed("ListDelegatedAdminAccounts", "an administrator has no account id")
			}
			if a.Status != types.DelegatedAdminStatusDisableInProgress { // that one is on its way out
				ids = append(ids, *a.AccountId)
			}
		}
		return ids, out.NextToken, nil
	})
	if notManagement(err) {
		return Delegation{}, nil
	}
	return Delegation{Management: true, Administrators: ids}, err
}

// notManagement tells whether AWS says that the account is not the management
// account. A missing permission is told by the same code, but names an action.
func notManagement(err error) bool {
	c := posture.CauseOf(err)
	if c == nil || c.Action != "" {
		return false
	}
	return (c.Code == "ValidationException" || c.Code == "AccessDeniedException") && strings.Contains(c.Message, "management account")
}

// AutoEnable is which scan types a new account of the organization gets by
// itself. It is a state that can be set: see AutoEnableSetting.
type AutoEnable struct {
	Administers bool              `json:"administers"` // whether this is the delegated administrator; no other may ask
	Types       map[ScanType]bool `json:"types,omitempty"`
	Full        bool              `json:"-"` // there are as many members as Inspector takes: no new account gets anything
}

// AutoEnable reads what new accounts get by themselves.
func (o *Organization) AutoEnable(ctx context.Context) (AutoEnable, error) {
	return o.auto.Get(ctx, func(ctx context.Context) (AutoEnable, error) { return getAutoEnable(ctx, o.region) })
}

// getAutoEnable asks only where no other account administers this one, and where
// there is an administrator at all: AWS answers anyone else that access is denied,
// which looks like a missing permission.
func getAutoEnable(ctx context.Context, r *Region) (AutoEnable, error) {
	admins, err := r.api.GetDelegatedAdminAccount(ctx, &inspector2.GetDelegatedAdminAccountInput{})
	switch {
	case sameCode(err, notFound):
		return AutoEnable{}, nil
	case err != nil:
		return AutoEnable{}, err
	case admins.DelegatedAdmin == nil || aws.ToString(admins.DelegatedAdmin.AccountId) != r.place.Account:
		return AutoEnable{}, nil
	}
	out, err := r.api.DescribeOrganizationConfiguration(ctx, &inspector2.DescribeOrganizationConfigurationInput{})
	if err != nil {
		return AutoEnable{}, err
	}
	if out.AutoEnable == nil {
		return AutoEnable{}, malformed("DescribeOrganizationConfiguration", "the answer does not say what is enabled")
	}
	a := AutoEnable{Administers: true, Full: aws.ToBool(out.MaxAccountLimitReached), Types: map[ScanType]bool{EC2: aws.ToBool(out.AutoEnable.Ec2), ECR: aws.ToBool(out.AutoEnable.Ecr)}}
	for t, on := range map[ScanType]*bool{Lambda: out.AutoEnable.Lambda, LambdaCode: out.AutoEnable.LambdaCode, CodeRepository: out.AutoEnable.CodeRepository} {
		if on != nil { // a region that does not offer it does not list it
			a.Types[t] = *on
		}
	}
	return a, nil
}

// administers gives what accounts get at the delegated administrator. Elsewhere
// it gives the one finding that an evaluator returns.
func (o *Organization) administers(ctx context.Context, c posture.Control) (AutoEnable, []posture.Finding, error) {
	_, off, err := o.region.on(ctx, c)
	if off != nil || err != nil {
		return AutoEnable{}, off, err
	}
	a, err := o.AutoEnable(ctx)
	if err != nil || a.Administers {
		return a, nil, err
	}
	return a, []posture.Finding{c.NotApplicable(o.region.resource(), "The account is not Inspector's delegated administrator in the region.")}, nil
}

// Member is an account that the administrator knows of.
type Member struct {
	Account string
	Status  string // of the relationship: ENABLED, DISABLED, REMOVED, ACCOUNT_SUSPENDED …
}

// Members lists the accounts that the administrator knows of, also those that
// are not associated any more.
func (o *Organization) Members(ctx context.Context) ([]Member, error) {
	return o.members.Get(ctx, func(ctx context.Context) ([]Member, error) {
		return pages(ctx, func(ctx context.Context, token *string) ([]Member, *string, error) {
			out, err := o.region.api.ListMembers(ctx, &inspector2.ListMembersInput{OnlyAssociated: aws.Bool(false), MaxResults: aws.Int32(orgPage), NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			var all []Member
			for _, m := range out.Members {
				all = append(all, Member{aws.ToString(m.AccountId), string(m.RelationshipStatus)})
			}
			return all, out.NextToken, nil
		})
	})
}

// memberAnswers is what one batch read says of its accounts.
type memberAnswers struct {
	status map[string]AccountStatus
	failed map[string]error
}

// memberStatuses reads the status of accounts, a hundred a call. An account of a
// batch that failed has that failure.
func (o *Organization) memberStatuses(ctx context.Context, accounts []string) (map[string]AccountStatus, map[string]error) {
	status, failed := map[string]AccountStatus{}, map[string]error{}
	for batch := range slices.Chunk(accounts, statusBatch) {
		answers, err := o.statuses.Get(ctx, strings.Join(batch, ","), func(ctx context.Context) (memberAnswers, error) {
			status, failed, err := getStatuses(ctx, o.region.api, batch)
			return memberAnswers{status, failed}, err
		})
		for _, account := range batch {
			s, listed := answers.status[account]
			switch {
			case err != nil:
				failed[account] = err
			case answers.failed[account] != nil:
				failed[account] = answers.failed[account]
			case !listed:
				failed[account] = malformed("BatchGetAccountStatus", "the answer does not have account %s", account)
			default:
				status[account] = s
			}
		}
	}
	return status, failed
}

// Coverage lists what Inspector says of the scans of every account that the
// administrator sees.
func (o *Organization) Coverage(ctx context.Context) ([]Row, error) {
	return o.coverage.Get(ctx, func(ctx context.Context) ([]Row, error) { return listCoverage(ctx, o.region.api, nil) })
}

func memberResource(p posture.Place, account string) posture.Resource {
	return p.Resource("AWS::InspectorV2::Member", account, "")
}
