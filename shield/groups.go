package shield

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
)

// Group is protections that Shield looks at as one. The zero value is none.
type Group struct {
	ID          string   `json:"-"`
	Aggregation string   `json:"aggregation,omitempty"` // SUM, MEAN, MAX
	Pattern     string   `json:"pattern,omitempty"`     // ALL, BY_RESOURCE_TYPE, ARBITRARY
	Kind        Kind     `json:"kind,omitempty"`        // of BY_RESOURCE_TYPE
	Members     []string `json:"members,omitempty"`     // of ARBITRARY, in order
}

// holds tells whether what is protected at an ARN belongs to the group.
func (g Group) holds(arn string) bool {
	switch types.ProtectionGroupPattern(g.Pattern) {
	case types.ProtectionGroupPatternAll:
		return true
	case types.ProtectionGroupPatternByResourceType:
		return KindOf(arn) == g.Kind
	}
	return slices.Contains(g.Members, arn)
}

// Groups reads the protection groups.
func (a *Account) Groups(ctx context.Context) ([]Group, error) {
	return a.groups.Get(ctx, func(ctx context.Context) ([]Group, error) {
		all, err := pages(ctx, func(ctx context.Context, token *string) ([]types.ProtectionGroup, *string, error) {
			out, err := a.api.ListProtectionGroups(ctx, &shield.ListProtectionGroupsInput{MaxResults: aws.Int32(pageSize), NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			return out.ProtectionGroups, out.NextToken, nil
		})
		gs := make([]Group, 0, len(all))
		for _, g := range all {
			if aws.ToString(g.ProtectionGroupId) == "" {
				return gs, malformed("ListProtectionGroups", "a group has no id")
			}
			gs = append(gs, groupOf(g))
		}
		return gs, err
	})
}

func groupOf(g types.ProtectionGroup) Group {
	return Group{aws.ToString(g.ProtectionGroupId), string(g.Aggregation), string(g.Pattern), Kind(g.ResourceType), slices.Sorted(slices.Values(g.Members))}
}

// getGroup reads one group afresh; one without an ID is none.
func getGroup(ctx context.Context, api Reader, id string) (Group, error) {
	out, err := api.DescribeProtectionGroup(ctx, &shield.DescribeProtectionGroupInput{ProtectionGroupId: &id})
	switch {
	case sameCode(err, codeNotFound):
		return Group{}, nil
	case err != nil:
		return Group{}, err
	case out.ProtectionGroup == nil || aws.ToString(out.ProtectionGroup.ProtectionGroupId) == "":
		return Group{}, malformed("DescribeProtectionGroup", "the answer for %s has no group", id)
	}
	return groupOf(*out.ProtectionGroup), nil
}

// ProtectionGroups judges two things: that every member of a group is protected,
// since others are listed and never count; and that the protected resources of one application, as
// Account.Exposed has it, are in one group. The latter's Sub is "application" and
// its resource a group of the application's name. See "Shield Advanced protection groups" in the AWS WAF
// Developer Guide.
type ProtectionGroups struct{ Account *Account }

// GroupEvidence is the members of a group that count and those that do not, or
// the resources of an application.
type GroupEvidence struct {
	Pattern     string   `json:"pattern,omitempty"`
	Group       string   `json:"group,omitempty"` // of an application, "" none holds it
	Protected   []string `json:"protected,omitempty"`
	Unprotected []string `json:"unprotected,omitempty"`
}

// String says it in a sentence.
func (e GroupEvidence) String() string {
	switch {
	case len(e.Unprotected) > 0:
		return "Members are not protected and do not count: " + strings.Join(e.Unprotected, ", ") + "."
	case e.Pattern != "":
		return "Every member of the group is protected; its pattern is " + e.Pattern + "."
	case e.Group != "":
		return fmt.Sprintf("The %d protected resources of the application are in group %s.", len(e.Protected), e.Group)
	}
	return fmt.Sprintf("No group holds the %d protected resources of the application.", len(e.Protected))
}

// Control implements posture.Evaluator.
func (e ProtectionGroups) Control() posture.Control {
	return posture.Control{
		ID:       "shield.protection-group",
		Title:    "What belongs together is in a protection group",
		Doc:      "An attack that changes from one address of an application to the next stays below each one's threshold; as a group they are seen as one, sooner and with fewer false alarms. Group an application's protections, and protect what a group names.",
		Severity: posture.Low, Scope: posture.Global, Resource: typeGroup,
		Requires: actions("GetSubscriptionState", "ListProtections", "ListProtectionGroups"),
	}
}

// Place implements posture.Evaluator.
func (e ProtectionGroups) Place() posture.Place { return e.Account.Place() }

// subApplication is the Sub of findings on applications.
const subApplication = "application"

// Evaluate implements posture.Evaluator.
func (e ProtectionGroups) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	off, err := a.subscribed(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	all, err := a.Protections(ctx)
	if err != nil { // what is not among those read may be protected all the same
		return nil, err
	}
	groups, broken := a.Groups(ctx)
	var fs []posture.Finding
	for _, g := range groups {
		seen, judge := GroupEvidence{Pattern: g.Pattern}, c.Pass
		if seen.Protected, seen.Unprotected = split(all, g.Members); seen.Unprotected != nil {
			judge = c.Fail
		}
		fs = append(fs, judge(a.place.Resource(typeGroup, g.ID, ""), seen))
	}
	exposed, err := a.exposure(ctx)
	apps := applications(all, exposed)
	for _, app := range slices.Sorted(maps.Keys(apps)) {
		at, seen := a.place.Resource(typeGroup, app, ""), GroupEvidence{Protected: apps[app]}
		if seen.Group = groupFor(groups, apps[app]); seen.Group != "" {
			fs = append(fs, c.Pass(at, seen).Part(subApplication))
		} else if broken == nil {
			fs = append(fs, c.Fail(at, seen).Part(subApplication))
		}
	}
	if broken == nil {
		broken = err
	}
	return c.Judged(fs, broken, a.own(typeSubscription), "There is no group, and no application with several protected resources.")
}

// split parts ARNs into those that are protected and those that are not.
func split(all []Protection, arns []string) (in, out []string) {
	for _, arn := range arns {
		if _, ok := find(all, arn); ok {
			in = append(in, arn)
		} else {
			out = append(out, arn)
		}
	}
	return in, out
}

// applications gives the applications that have several protected resources, with those.
func applications(all []Protection, exposed []Exposed) map[string][]string {
	apps := map[string][]string{}
	for _, x := range exposed {
		if x.Application != "" {
			in, _ := split(all, protectable([]Exposed{x}))
			apps[x.Application] = append(apps[x.Application], in...)
		}
	}
	for app, arns := range apps {
		slices.Sort(arns)
		if apps[app] = slices.Compact(arns); len(apps[app]) < 2 {
			delete(apps, app)
		}
	}
	return apps
}

// groupFor gives the group that holds all of some protected ARNs.
func groupFor(groups []Group, arns []string) string {
	for _, g := range groups {
		if !slices.ContainsFunc(arns, func(arn string) bool { return !g.holds(arn) }) {
			return g.ID
		}
	}
	return ""
}
