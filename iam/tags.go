package iam

import (
	"context"
	"fmt"
	"strings"

	"github.com/awsposture/posture"
)

// UserTags judges that every IAM user carries the tag keys in Keys. Without keys
// it does not apply.
type UserTags struct {
	Account *Account
	Keys    []string
}

// RoleTags judges that every role carries the tag keys in Keys. Without keys it
// does not apply. Service-linked roles are not judged.
type RoleTags struct {
	Account *Account
	Keys    []string
}

// AnalyzerTags judges that every IAM Access Analyzer analyzer carries the tag
// keys in Keys. Without keys it does not apply.
type AnalyzerTags struct {
	Account *Account
	Keys    []string
}

// TagsEvidence is which of the required tags are missing.
type TagsEvidence struct {
	Missing []string `json:"missing"`
}

// String says it in a sentence.
func (e TagsEvidence) String() string {
	if len(e.Missing) == 0 {
		return "Every required tag is there."
	}
	return fmt.Sprintf("Tags are missing: %s.", strings.Join(e.Missing, ", "))
}

func tagsControl(what, resource, source string, keys []string, requires ...string) posture.Control {
	return posture.Control{
		ID:       "iam." + what + "-tags",
		Title:    "Every " + what + " carries the required tags",
		Doc:      "Tags tell who owns a thing and what it is for; without them nobody can be asked before it changes. Add the tags.",
		Severity: posture.Low, Scope: posture.Global, Resource: resource, Requires: requires,
		Params: []posture.Param{{Name: "keys", Value: strings.Join(keys, ","), Source: source}},
	}
}

func tagged(c posture.Control, r posture.Resource, tags map[string]string, keys []string) posture.Finding {
	seen := TagsEvidence{}
	for _, k := range keys {
		if _, ok := tags[k]; !ok {
			seen.Missing = append(seen.Missing, k)
		}
	}
	f := c.Pass(r, seen)
	if len(seen.Missing) > 0 {
		f = c.Fail(r, seen)
	}
	f.Tags = tags
	return f
}

const noTagKeys = "No tag is required."

// Control implements posture.Evaluator.
func (e UserTags) Control() posture.Control {
	return tagsControl("user", "AWS::IAM::User", "Security Hub IAM.25", e.Keys, "iam:GetAccountAuthorizationDetails")
}

// Control implements posture.Evaluator.
func (e RoleTags) Control() posture.Control {
	return tagsControl("role", "AWS::IAM::Role", "Security Hub IAM.24", e.Keys, "iam:GetAccountAuthorizationDetails")
}

// Control implements posture.Evaluator.
func (e AnalyzerTags) Control() posture.Control {
	return tagsControl("analyzer", "AWS::AccessAnalyzer::Analyzer", "Security Hub IAM.23", e.Keys)
}

// Place implements posture.Evaluator.
func (e UserTags) Place() posture.Place { return e.Account.Place() }

// Place implements posture.Evaluator.
func (e RoleTags) Place() posture.Place { return e.Account.Place() }

// Place implements posture.Evaluator.
func (e AnalyzerTags) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e UserTags) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	if len(e.Keys) == 0 {
		return []posture.Finding{c.NotApplicable(a.account(), noTagKeys)}, nil
	}
	users, err := a.Users(ctx)
	var fs []posture.Finding
	for _, u := range users {
		fs = append(fs, tagged(c, a.user(u), u.Tags, e.Keys))
	}
	return c.Judged(fs, err, a.account(), "There is no IAM user.")
}

// Evaluate implements posture.Evaluator.
func (e RoleTags) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	if len(e.Keys) == 0 {
		return []posture.Finding{c.NotApplicable(a.account(), noTagKeys)}, nil
	}
	roles, err := a.customerRoles(ctx)
	var fs []posture.Finding
	for _, r := range roles {
		fs = append(fs, tagged(c, a.role(r), r.Tags, e.Keys))
	}
	return c.Judged(fs, err, a.account(), "There is no role.")
}

// Evaluate implements posture.Evaluator.
func (e AnalyzerTags) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	if len(e.Keys) == 0 {
		return []posture.Finding{c.NotApplicable(a.account(), noTagKeys)}, nil
	}
	byRegion, err := a.analyzersByRegion(ctx)
	var fs []posture.Finding
	for _, region := range sortedKeys(byRegion) {
		for _, z := range byRegion[region] {
			fs = append(fs, tagged(c, a.analyzer(region, z), z.Tags, e.Keys))
		}
	}
	return c.Judged(fs, err, a.account(), "There is no analyzer.")
}
