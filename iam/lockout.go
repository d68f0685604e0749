package iam

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/policy"
)

// Lockout makes the hook for posture.Executor.Lockout: with it a plan is refused
// that would take from its own operator what it needs to look and to undo.
// operator is the ARN of the user or role of this account that applies; of a
// session, the role's. The policies before the plan are the view's, those after it are with the
// plan's steps made: inline policies and attachments of the operator and of its groups. Decided by package
// policy, conditions included, with no knowledge of the request's context.
//
// What the view does not have, the text of AWS managed policies other than
// AdministratorAccess, makes the hook refuse where it matters: the plan changes what the operator holds.
func Lockout(a *Account, operator string) func(ctx context.Context, p posture.Plan) error {
	return func(ctx context.Context, p posture.Plan) error {
		held, err := a.holdings(ctx, operator)
		if err != nil {
			return fmt.Errorf("what %s may do is not known: %w", operator, err)
		}
		after := held.clone()
		touched := false
		for _, s := range p.Steps {
			changed, err := after.make(a, s)
			if err != nil {
				return fmt.Errorf("%s on %s: %w", s.Kind.Name, s.Target, err)
			}
			touched = touched || changed
		}
		if !touched {
			return nil
		}
		return held.keeps(after, a, p)
	}
}

// holdings are the policies that give a principal its rights.
type holdings struct {
	operator string
	user     bool
	groups   []string
	docs     map[string]string // by holder and policy
	boundary string            // text; "" none
	unread   []string          // policies whose text the view does not have
}

func (h holdings) clone() holdings {
	docs := make(map[string]string, len(h.docs))
	for k, v := range h.docs {
		docs[k] = v
	}
	h.docs, h.unread = docs, slices.Clone(h.unread)
	return h
}

func inlineKey(kind PrincipalKind, name, policy string) string {
	return string(kind) + "/" + name + "/inline/" + policy
}

func attachedKey(kind PrincipalKind, name, arn string) string {
	return string(kind) + "/" + name + "/attached/" + arn
}

const everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// holdings gathers the operator's policies from the view.
func (a *Account) holdings(ctx context.Context, operator string) (holdings, error) {
	d, err := a.authorization(ctx)
	if err != nil {
		return holdings{}, err
	}
	h := holdings{operator: operator, docs: map[string]string{}}
	add := func(kind PrincipalKind, name string, attached []AttachedPolicy, embedded []InlinePolicy) {
		for _, p := range embedded {
			h.docs[inlineKey(kind, name, p.Name)] = p.Document
		}
		for _, p := range attached {
			h.attach(d, a, kind, name, p.ARN)
		}
	}
	for _, r := range d.roles {
		if r.ARN == operator {
			add(KindRole, r.Name, r.Attached, r.Inline)
			return h, h.bound(d, r.Boundary)
		}
	}
	for _, u := range d.users {
		if u.ARN != operator {
			continue
		}
		h.user, h.groups = true, u.Groups
		add(KindUser, u.Name, u.Attached, u.Inline)
		for _, g := range d.groups {
			if slices.Contains(u.Groups, g.Name) {
				add(KindGroup, g.Name, g.Attached, g.Inline)
			}
		}
		return h, h.bound(d, u.Boundary)
	}
	return h, errors.New("it is no user or role of the account")
}

// attach adds the text of a managed policy, or notes that there is none.
func (h *holdings) attach(d details, a *Account, kind PrincipalKind, name, arn string) {
	key := attachedKey(kind, name, arn)
	if arn == a.awsManaged("AdministratorAccess") {
		h.docs[key] = everything
		return
	}
	if i := slices.IndexFunc(d.policies, func(p Policy) bool { return p.ARN == arn }); i >= 0 {
		h.docs[key] = d.policies[i].Document
		return
	}
	h.unread = append(h.unread, key)
}

func (h *holdings) bound(d details, arn string) error {
	if arn == "" {
		return nil
	}
	i := slices.IndexFunc(d.policies, func(p Policy) bool { return p.ARN == arn })
	if i < 0 {
		return fmt.Errorf("the text of its boundary %s was not read", arn)
	}
	h.boundary = d.policies[i].Document
	return nil
}

// make makes a step, and tells whether it changes what the operator holds.
func (h *holdings) make(a *Account, s posture.Step) (changed bool, err error) {
	var on struct {
		Principal          PrincipalKind
		Name, Policy, Role string
	}
	if err := json.Unmarshal(s.Setting, &on); err != nil {
		return false, err
	}
	switch s.Kind.Name {
	case RoleTrustPolicy{}.Kind().Name:
		if !h.user && strings.HasSuffix(h.operator, "/"+on.Role) {
			return false, errors.New("who may assume the operator's own role would change: not known whether it still can be assumed")
		}
		return false, nil
	case PrincipalInlinePolicy{}.Kind().Name, PolicyAttachment{}.Kind().Name:
	default:
		return false, nil
	}
	if !h.holds(on.Principal, on.Name) {
		return false, nil
	}
	if s.Kind.Name == (PolicyAttachment{}).Kind().Name {
		return true, h.makeAttachment(a, on.Principal, on.Name, on.Policy, s.After)
	}
	var want InlineDocument
	if err := json.Unmarshal(s.After, &want); err != nil {
		return false, err
	}
	delete(h.docs, inlineKey(on.Principal, on.Name, on.Policy))
	if want.Exists {
		h.docs[inlineKey(on.Principal, on.Name, on.Policy)] = want.Document
	}
	return true, nil
}

func (h *holdings) makeAttachment(a *Account, kind PrincipalKind, name, arn string, after json.RawMessage) error {
	var want Attachment
	if err := json.Unmarshal(after, &want); err != nil {
		return err
	}
	key := attachedKey(kind, name, arn)
	if !want.Attached {
		delete(h.docs, key)
		return nil // an unread one stays noted: what it gave is not known
	}
	if arn == a.awsManaged("AdministratorAccess") {
		h.docs[key] = everything
		return nil
	}
	return fmt.Errorf("what %s denies is not known", arn)
}

// holds tells whether a principal's policies are the operator's.
func (h *holdings) holds(kind PrincipalKind, name string) bool {
	own := strings.HasSuffix(h.operator, "/"+name)
	return kind == KindUser && h.user && own || kind == KindRole && !h.user && own || kind == KindGroup && slices.Contains(h.groups, name)
}

// keeps compares what the operator may do before and after, for each action of
// the plan on each of its targets.
func (h holdings) keeps(after holdings, a *Account, p posture.Plan) error {
	if len(h.unread) > 0 {
		return fmt.Errorf("the operator holds policies whose text was not read: %s", strings.Join(h.unread, ", "))
	}
	before, err := h.engine()
	if err != nil {
		return err
	}
	then, err := after.engine()
	if err != nil {
		return err
	}
	var requests []*policy.Request
	for _, s := range p.Steps {
		for _, action := range slices.Concat(s.Kind.Reads, s.Kind.Writes) {
			r := &policy.Request{Action: action, Resource: a.arnOf(s.Target), Unknown: []string{"*"}, Principal: policy.Principal{Kind: policy.IAMUser, ARN: h.operator}}
			if !h.user {
				name := h.operator[strings.LastIndexByte(h.operator, '/')+1:]
				r.Principal = policy.Principal{Kind: policy.RoleSession, ARN: h.operator, Session: "arn:" + a.place.Partition + ":sts::" + a.place.Account + ":assumed-role/" + name + "/operator"}
			}
			requests = append(requests, r)
		}
	}
	for _, loss := range policy.Lost(before, then, requests...) {
		r := requests[loss.Index]
		return fmt.Errorf("%s could no longer call %s on %s", h.operator, r.Action, r.Resource)
	}
	return nil
}

func (h holdings) engine() (*policy.Engine, error) {
	var ps policy.Policies
	for _, key := range sortedKeys(h.docs) {
		d, err := policy.Parse(policy.Identity, key, []byte(h.docs[key]))
		if err != nil {
			return nil, err
		}
		ps.Identity = append(ps.Identity, d)
	}
	if h.boundary != "" {
		d, err := policy.Parse(policy.Boundary, "boundary", []byte(h.boundary))
		if err != nil {
			return nil, err
		}
		ps.Boundary = d
	}
	return policy.Compile(ps)
}

// arnOf gives the ARN of a target whose path is not known as if it had none.
func (a *Account) arnOf(r posture.Resource) string {
	if r.ARN != "" {
		return r.ARN
	}
	kind := map[string]string{"AWS::IAM::User": "user", "AWS::IAM::Group": "group", "AWS::IAM::Role": "role"}[r.Type]
	if kind == "" {
		return "*"
	}
	return a.place.ARN("iam", kind+"/"+r.ID)
}
