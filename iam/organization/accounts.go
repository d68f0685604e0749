package organization

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/gate"
	"github.com/awsposture/posture/internal/paging"
)

// AccountState is where an account is in its life. See "Monitor the state of
// your AWS accounts" in the AWS Organizations User Guide.
type AccountState string

// The states of an account.
const (
	StatePendingActivation AccountState = "PENDING_ACTIVATION" // not signed up to the end
	StateActive            AccountState = "ACTIVE"
	StateSuspended         AccountState = "SUSPENDED"       // AWS restricted it
	StatePendingClosure    AccountState = "PENDING_CLOSURE" // still works
	StateClosed            AccountState = "CLOSED"          // may be reopened for 90 days
)

// Account is one account of the organization.
type Account struct {
	ID, Name, ARN string
	State         AccountState
	// FromStatus tells that AWS gave only the status, which it gave up in
	// September 2026 and by which a closed account is suspended as well.
	FromStatus bool
	Joined     time.Time
	Management bool
	Path       string // as aws:PrincipalOrgPaths has it: "o-exampleorgid/r-ab12/ou-ab12-11111111/"; "" could not be told
}

// Parent is the root or the organizational unit that the account is in.
func (a Account) Parent() string {
	nodes := a.nodes()
	if len(nodes) == 0 {
		return ""
	}
	return nodes[len(nodes)-1]
}

// nodes are the root and the units above the account, the root first.
func (a Account) nodes() []string {
	_, below, _ := strings.Cut(a.Path, "/")
	if below == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(below, "/"), "/")
}

// Accounts lists the organization's accounts, the management account too, with
// their paths. Like every listing of the view it gives what was read beside the
// error that ended it. Only the management account and delegated administrators
// may ask.
func (o *Organization) Accounts(ctx context.Context) ([]Account, error) {
	return o.accounts.Get(ctx, func(ctx context.Context) ([]Account, error) {
		all, err := o.listed(ctx)
		if !slices.ContainsFunc(all, func(a Account) bool { return a.Path == "" }) {
			return all, err
		}
		all = slices.Clone(all)
		return all, errors.Join(err, o.locate(ctx, all))
	})
}

// listed gives the accounts as AWS lists them, which may be without a path.
func (o *Organization) listed(ctx context.Context) ([]Account, error) {
	return o.list.Get(ctx, func(ctx context.Context) ([]Account, error) {
		id, err := o.Identity(ctx)
		if err != nil || id == (Identity{}) {
			return nil, err
		}
		var broken []error
		all, err := paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[Account], error) {
			out, err := gate.Do(ctx, &o.gate, func(ctx context.Context) (*organizations.ListAccountsOutput, error) {
				return o.api.ListAccounts(ctx, &organizations.ListAccountsInput{MaxResults: aws.Int32(pageSize), NextToken: token})
			})
			if err != nil {
				return paging.Page[Account]{}, err
			}
			page := paging.Page[Account]{Next: out.NextToken}
			for _, r := range out.Accounts {
				a := account(r, id)
				if a.ID == "" {
					broken = append(broken, malformed("ListAccounts", fmt.Sprintf("an account came without an id (name %q)", a.Name)))
					continue
				}
				page.Items = append(page.Items, a)
			}
			return page, nil
		})
		return all, errors.Join(append(broken, err)...)
	})
}

func account(r types.Account, id Identity) Account {
	a := Account{ID: aws.ToString(r.Id), Name: aws.ToString(r.Name), ARN: aws.ToString(r.Arn), State: AccountState(r.State), Joined: aws.ToTime(r.JoinedTimestamp)}
	a.Management = a.ID == id.Management
	if a.State == "" {
		a.State, a.FromStatus = AccountState(r.Status), true
	}
	for _, p := range r.Paths {
		if m := pathPattern().FindStringSubmatch(p); m != nil {
			a.Path = m[1] + "/"
			break
		}
	}
	return a
}

// pathPattern is the path of an account: organization, root and units; the
// account itself may stand at its end.
var pathPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(o-[a-z0-9]+/r-[a-z0-9]+(?:/ou-[a-z0-9]+-[a-z0-9]+)*)(?:/[0-9]{12})?/?$`)
})

// locate finds the path of accounts that came without one, by asking every node
// of the tree for its accounts: AWS gives paths since March 2026, and not
// everything that answers in its place does.
func (o *Organization) locate(ctx context.Context, all []Account) error {
	id, err := o.Identity(ctx)
	if err != nil {
		return err
	}
	root, err := o.Root(ctx)
	if err != nil {
		return err
	}
	units, treeErr := o.Units(ctx)
	nodes := append([]Unit{{ID: root.ID, Path: id.ID + "/" + root.ID + "/"}}, units...)
	held, err := parallel(ctx, nodes, func(ctx context.Context, n Unit) ([]string, error) {
		return paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[string], error) {
			out, err := gate.Do(ctx, &o.gate, func(ctx context.Context) (*organizations.ListAccountsForParentOutput, error) {
				return o.api.ListAccountsForParent(ctx, &organizations.ListAccountsForParentInput{ParentId: &n.ID, MaxResults: aws.Int32(pageSize), NextToken: token})
			})
			if err != nil {
				return paging.Page[string]{}, fmt.Errorf("accounts in %s: %w", n.ID, err)
			}
			page := paging.Page[string]{Next: out.NextToken}
			for _, a := range out.Accounts {
				page.Items = append(page.Items, aws.ToString(a.Id))
			}
			return page, nil
		})
	})
	at := map[string]string{}
	for i, n := range nodes {
		for _, account := range held[i] {
			at[account] = n.Path
		}
	}
	failures := []error{treeErr, err}
	for i := range all {
		if all[i].Path == "" {
			all[i].Path = at[all[i].ID]
		}
		if all[i].Path == "" && treeErr == nil && err == nil {
			failures = append(failures, malformed("ListAccountsForParent", "account "+all[i].ID+" is under no node of the tree"))
		}
	}
	return errors.Join(failures...)
}

// accountResource is the resource of a control that judges an account of the
// organization, from the administrator's account.
func (o *Organization) accountResource(a Account) posture.Resource {
	return o.place.Resource("AWS::Organizations::Account", a.ID, a.ARN)
}
