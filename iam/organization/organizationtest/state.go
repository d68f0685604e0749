package organizationtest

import (
	"maps"
	"slices"
	"time"

	"github.com/awsposture/posture/iam/organization"
)

// State is what the fake organization holds. Set it up before the fake is used,
// or under Organizations.Edit.
type State struct {
	ID             string // "" : the account belongs to no organization
	Management     string // the management account's id
	AllFeatures    bool
	Root           string
	Types          map[organization.PolicyType]organization.TypeStatus // one that is missing is disabled
	Units          map[string]*Unit                                    // by id
	Accounts       map[string]*Account                                 // by id
	Policies       map[string]*Policy                                  // by id
	Delegated      map[string][]string                                 // delegated administrators: account id to service principals
	Trusted        []string                                            // service principals
	ResourcePolicy string                                              // the delegation policy; "" none
	NoPaths        bool                                                // accounts are listed without their paths
	OnlyStatus     bool                                                // accounts are listed with their status and without their state
}

// Unit is an organizational unit.
type Unit struct{ Name, Parent string }

// Account is an account of the organization.
type Account struct {
	Name, Parent string
	State        organization.AccountState // default ACTIVE
	Joined       time.Time
}

// Policy is an organization policy.
type Policy struct {
	Name, Document string
	Type           organization.PolicyType
	AWSManaged     bool
	Targets        []string // sorted when listed
}

// sorted gives a map's keys in order, so that listings are the same each time.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// path is the path of a node with that node at its end and a slash.
func (s *State) path(node string) string {
	if u := s.Units[node]; u != nil {
		return s.path(u.Parent) + node + "/"
	}
	return s.ID + "/" + s.Root + "/"
}

// nodes are the ids of everything that a policy can be attached to.
func (s *State) nodes() []string {
	return slices.Concat([]string{s.Root}, sorted(s.Units), sorted(s.Accounts))
}

func (s *State) has(node string) bool {
	return node == s.Root || s.Units[node] != nil || s.Accounts[node] != nil
}
