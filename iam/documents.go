package iam

import (
	"context"
	"fmt"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/policy"
)

// policyDocument is a policy of the customer's, managed or inline.
type policyDocument struct {
	holder posture.Resource // the managed policy, or the principal that an inline policy is embedded in
	part   string           // the inline policy's name
	name   string
	text   string
	tags   map[string]string
}

// documents lists the customer managed policies and every inline policy.
func (a *Account) documents(ctx context.Context) (all []policyDocument, err error) {
	d, err := a.authorization(ctx)
	for _, p := range d.policies {
		all = append(all, policyDocument{holder: a.policy(p), name: p.ARN, text: p.Document})
	}
	embedded := func(holder posture.Resource, tags map[string]string, list []InlinePolicy) {
		for _, p := range list {
			all = append(all, policyDocument{holder: holder, part: p.Name, name: "Inline policy " + p.Name + " of " + holder.ARN, text: p.Document, tags: tags})
		}
	}
	for _, u := range d.users {
		embedded(a.user(u), u.Tags, u.Inline)
	}
	for _, g := range d.groups {
		embedded(a.place.Resource("AWS::IAM::Group", g.Name, g.ARN), nil, g.Inline)
	}
	for _, r := range d.roles {
		if !r.ServiceLinked() {
			embedded(a.role(r), r.Tags, r.Inline)
		}
	}
	return all, err
}

// eachDocument judges every customer managed and every inline policy by itself.
func (a *Account) eachDocument(ctx context.Context, c posture.Control, judge func(policyDocument, []statement) posture.Finding) ([]posture.Finding, error) {
	docs, err := a.documents(ctx)
	var fs []posture.Finding
	for _, d := range docs {
		var f posture.Finding
		if all, err := statements(d.text); err != nil {
			f = c.Unknown(d.holder, fmt.Errorf("%s: %w", d.name, err))
		} else {
			f = judge(d, all)
		}
		f.Tags = d.tags
		fs = append(fs, f.Part(d.part))
	}
	return c.Judged(fs, err, a.account(), "There is no customer managed and no inline policy.")
}

// offences gathers what single statements allow that they should not.
func (d policyDocument) offences(all []statement, offends func(statement) []string) PolicyEvidence {
	seen := PolicyEvidence{Policy: d.name}
	for _, s := range all {
		if allows := offends(s); len(allows) > 0 {
			seen.Statements, seen.Allows = append(seen.Statements, s.Label), append(seen.Allows, allows...)
		}
	}
	return seen
}

// parsed reads the document for package policy.
func (d policyDocument) parsed() (*policy.Document, error) {
	doc, err := policy.Parse(policy.Identity, d.name, []byte(d.text))
	if err != nil {
		return nil, &posture.Cause{Kind: posture.CauseMalformed, Message: err.Error()}
	}
	return doc, nil
}
