package policy

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

// Engine decides requests under one set of policies. It does not change after
// [Compile] and may be used by any number of goroutines.
type Engine struct {
	sem        Semantics
	policies   Policies
	documents  []*Document // in the order of the layers
	statements []statement
	keys       *keyTable
	index      index
	grants     []grant
	scpLevels  int
	rcpLevels  int
	public     bool            // the resource policy is public as S3 defines it
	rcps       map[string]bool // services that resource control policies cover
	mandatory  []string
	sources    func() *sources // for explanations
}

type compiler struct {
	*Engine
	problems []error
}

// Compile prepares policies for decisions. Documents must not be changed
// afterwards. It fails when a document has problems, unless EvenInvalid is set.
func Compile(p Policies) (*Engine, error) {
	e := &Engine{sem: p.Semantics, policies: p, keys: newKeyTable()}
	c := &compiler{Engine: e}
	c.layers()
	if len(c.problems) > 0 {
		return nil, errors.Join(c.problems...)
	}
	for _, g := range p.Grants {
		e.grants = append(e.grants, newGrant(g))
	}
	e.rcps = rcpServiceSet(p.Semantics.RCPServices)
	if e.mandatory = p.Semantics.MandatoryResourcePolicy; e.mandatory == nil {
		e.mandatory = []string{"kms", "sts"}
	}
	e.public = p.RestrictPublicBuckets && p.Resource != nil && PublicBucket(p.Resource)
	e.index.build(e.statements)
	e.sources = sync.OnceValue(e.newSources)
	return e, nil
}

// layers compiles every document, in the order in which deciding statements
// are reported.
func (c *compiler) layers() {
	p := &c.policies
	if len(p.SCPs) > maxLevels || len(p.RCPs) > maxLevels {
		c.problems = append(c.problems, fmt.Errorf("more than %d levels of organization policies", maxLevels))
		return
	}
	c.rcpLevels, c.scpLevels = len(p.RCPs), len(p.SCPs)
	for i, l := range p.RCPs {
		c.level(bucketRCP+bucket(i), RCP, l)
	}
	for i, l := range p.SCPs {
		c.level(bucketSCP+bucket(i), SCP, l)
	}
	c.one(bucketEndpoint, p.Endpoint, Endpoint)
	for _, d := range p.Identity {
		c.one(bucketIdentity, d, Identity)
	}
	c.one(bucketBoundary, p.Boundary, Boundary, Identity)
	for _, d := range p.Session {
		c.one(bucketSession, d, Session, Identity)
	}
	c.one(bucketResource, p.Resource, Resource, Trust)
}

// one compiles a document that must be of one of the kinds. A managed policy
// that serves as a boundary or session policy is of kind Identity, too.
func (c *compiler) one(b bucket, d *Document, kinds ...Kind) {
	if d == nil {
		return
	}
	fits := false
	for _, k := range kinds {
		fits = fits || d.Kind == k
	}
	if !fits {
		layer, _ := b.layer()
		c.problems = append(c.problems, fmt.Errorf("policy %q: kind %s cannot serve as %s policy", d.Name, d.Kind, layer))
		return
	}
	c.document(b, d)
}

func (c *compiler) level(b bucket, k Kind, l Level) {
	start := len(c.statements)
	for _, d := range l.Policies {
		c.one(b, d, k)
	}
	if k != RCP {
		return
	}
	for i := start; i < len(c.statements); i++ {
		if !c.statements[i].deny {
			return
		}
	}
	c.one(b, rcpFullAWSAccess, RCP)
}

// rcpFullAWSAccess is attached everywhere once resource control policies are
// enabled, and cannot be detached.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
var rcpFullAWSAccess = &Document{
	Name: "RCPFullAWSAccess", Kind: RCP, Version: Version2012,
	Statements: []Statement{{Effect: EffectAllow, Principal: Everyone(), Action: Values("*"), Resource: Values("*")}},
}

func (c *compiler) document(b bucket, d *Document) {
	if !c.policies.EvenInvalid {
		problems := d.Problems
		if len(problems) == 0 {
			problems = check(d)
		}
		if len(problems) > 0 {
			c.problems = append(c.problems, problems)
			return
		}
	}
	policy := int32(len(c.documents))
	c.documents = append(c.documents, d)
	for i := range d.Statements {
		s := &d.Statements[i]
		if s.Effect != EffectAllow && s.Effect != EffectDeny || s.Action == nil && s.NotAction == nil {
			continue
		}
		st := c.statement(s, d.Kind, d.Version == Version2012)
		st.layer, st.policy, st.index = b, policy, int32(i)
		st.gateway = b == bucketEndpoint && c.policies.Gateway
		c.statements = append(c.statements, st)
	}
}

func (c *compiler) statement(s *Statement, k Kind, variables bool) statement {
	st := statement{deny: s.Effect == EffectDeny, notAction: s.Action == nil, notResource: s.NotResource != nil && s.Resource == nil}
	actions, resources := s.Action, s.Resource
	if st.notAction {
		actions = s.NotAction
	}
	if st.notResource {
		resources = s.NotResource
	}
	st.actions = make([]actionPattern, len(actions))
	for i, v := range actions {
		st.actions[i] = parseAction(v.Text)
	}
	// Without a Resource element a resource policy means what it is attached to.
	st.anyResource = s.Resource == nil && s.NotResource == nil
	st.resources = make([]resourcePattern, len(resources))
	for i, v := range resources {
		st.resources[i] = c.parseResource(v.Text, variables)
		st.anyResource = st.anyResource || st.resources[i].all && !st.notResource
	}
	if k.takesPrincipal() && k != RCP {
		st.who, st.notWho = newPrincipals(s.Principal), newPrincipals(s.NotPrincipal)
		if st.who == nil && st.notWho == nil {
			st.who = &principals{} // names nobody
		}
	}
	st.conditions = make([]condition, len(s.Conditions))
	for i := range s.Conditions {
		st.conditions[i] = c.condition(&s.Conditions[i], variables)
		cond := &st.conditions[i]
		st.pinsARN = st.pinsARN || cond.key == keyPrincipalArn && !cond.op.negated && cond.op.compare != compareNull && !strings.HasSuffix(strings.ToLower(s.Conditions[i].Operator), "ifexists")
	}
	return st
}
