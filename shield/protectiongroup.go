package shield

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// ProtectionGroups judges that the protected resources of each application that
// has several are in one protection group, and that groups name no resource that is
// not protected: such a member is listed and does not count.
type ProtectionGroups struct{ Account *Account }

// GroupEvidence is a protection group, or an application that has none.
type GroupEvidence struct {
	Application string   `json:"application,omitempty"`
	Group       string   `json:"group,omitempty"`
	Resources   []string `json:"resources,omitempty"`   // of the application
	Unprotected []string `json:"unprotected,omitempty"` // members of the group
}

// String says it in a sentence.
func (e GroupEvidence) String() string {
	switch {
	case e.Application != "" && e.Group == "":
		return fmt.Sprintf("The %d protected resources of %s are in no common protection group.", len(e.Resources), e.Application)
	case e.Application != "":
		return fmt.Sprintf("The %d protected resources of %s are in protection group %s.", len(e.Resources), e.Application, e.Group)
	case len(e.Unprotected) > 0:
		return "Protection group " + e.Group + " names resources that are not protected: " + strings.Join(e.Unprotected, ", ") + "."
	}
	return "Every member of protection group " + e.Group + " is protected."
}

// Control implements posture.Evaluator.
func (e ProtectionGroups) Control() posture.Control {
	return posture.Control{
		ID:       "shield.protection-group",
		Title:    "Protected resources of an application are in one group",
		Doc:      "Alone each resource has thresholds of its own, and an attack on all of an application stays below each. Group them, and protect every member.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::Shield::ProtectionGroup",
		Requires: inside("ListProtections", "ListProtectionGroups"),
	}
}

// Place implements posture.Evaluator.
func (e ProtectionGroups) Place() posture.Place { return e.Account.Place() }

func (a *Account) group(id string) posture.Resource {
	return a.place.Resource("AWS::Shield::ProtectionGroup", id, "")
}

// Evaluate implements posture.Evaluator.
func (e ProtectionGroups) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		groups, err := a.Groups(ctx)
		if err != nil {
			return nil, err
		}
		by, err := a.protectionsBy(ctx)
		if err != nil {
			return nil, err
		}
		var fs []posture.Finding
		for _, g := range groups {
			if g.Pattern != arbitrary {
				continue
			}
			seen := GroupEvidence{Group: g.ID}
			for _, m := range g.Members {
				if _, protected := by[m]; !protected {
					seen.Unprotected = append(seen.Unprotected, m)
				}
			}
			judge := c.Pass
			if len(seen.Unprotected) > 0 {
				judge = c.Fail
			}
			fs = append(fs, judge(a.group(g.ID), seen))
		}
		applications, err := a.applications(ctx, by)
		for _, name := range sortedKeys(applications) {
			if len(applications[name]) < 2 {
				continue
			}
			seen := GroupEvidence{Application: name, Resources: applications[name]}
			judge := c.Fail
			if i := slices.IndexFunc(groups, func(g Group) bool {
				return !slices.ContainsFunc(applications[name], func(arn string) bool { return !g.has(arn) })
			}); i >= 0 {
				seen.Group, judge = groups[i].ID, c.Pass
			}
			fs = append(fs, judge(a.account(), seen).Part("application "+name))
		}
		return c.Judged(fs, err, a.account(), "There is no protection group, and no application with several protected resources.")
	})
}

// applications are the protected ARNs of each application.
func (a *Account) applications(ctx context.Context, by map[string]Protection) (map[string][]string, error) {
	edges, err := a.edge(ctx)
	all := map[string][]string{}
	for _, x := range edges {
		for _, arn := range x.protectable() {
			if _, protected := by[arn]; protected && x.Application != "" {
				all[x.Application] = append(all[x.Application], arn)
			}
		}
	}
	return all, err
}
