package iam

import (
	"context"
	"fmt"

	"github.com/awsposture/posture"
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

// eachDocument judges every policy of the customer's: one that has a statement
// for which offends is true fails, with what offends says that it allows.
func (a *Account) eachDocument(ctx context.Context, c posture.Control, offends func(statement) (bool, []string)) ([]posture.Finding, error) {
	docs, err := a.documents(ctx)
	var fs []posture.Finding
	for _, d := range docs {
		f := judgeDocument(c, d, offends).Part(d.part)
		f.Tags = d.tags
		fs = append(fs, f)
	}
	return c.Judged(fs, err, a.account(), "There is no customer managed and no inline policy.")
}

func judgeDocument(c posture.Control, d policyDocument, offends func(statement) (bool, []string)) posture.Finding {
	all, err := statements(d.text)
	if err != nil {
		return c.Unknown(d.holder, fmt.Errorf("%s: %w", d.name, err))
	}
	seen := PolicyEvidence{Policy: d.name}
	for _, s := range all {
		if bad, allows := offends(s); bad {
			seen.Statements, seen.Allows = append(seen.Statements, s.Label), append(seen.Allows, allows...)
		}
	}
	if len(seen.Statements) > 0 {
		return c.Fail(d.holder, seen)
	}
	return c.Pass(d.holder, seen)
}
