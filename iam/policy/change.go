package policy

import "strings"

// Change is one edit of the policies that an explanation proposes.
type Change struct {
	Op    string `json:"op"` // "add" a statement, "remove" statements, or "other"
	Layer Layer  `json:"layer"`
	Level int    `json:"level,omitempty"`
	// Add is the narrowest statement that helps, for a policy of version 2012-10-17.
	Add *Statement `json:"add,omitempty"`
	// Remove are the statements that are in the way. Narrowing each so that
	// it no longer applies to the request does as well.
	Remove []StatementRef `json:"remove,omitempty"`
	Text   string         `json:"text"`
}

// changes finds the smallest set of edits that turns the decision round.
func (t *explainer) changes() {
	if t.x.Verdict == Allow {
		t.refuse()
		return
	}
	ev := t.ev
	t.removeDenies()
	allowed, how := ev.allowed|ev.maybe, ev.how|ev.maybeHow
	if t.x.Verdict != Undetermined {
		allowed, how = ev.allowed, ev.how
	}
	for _, b := range ev.e.buckets() {
		layer, lev := b.layer()
		limiting := layer == LayerSCP || layer == LayerRCP || layer == LayerEndpoint
		if limiting && b.bit()&ev.applicable&^allowed != 0 {
			t.add(layer, lev, t.allowStatement(layer))
		}
	}
	missing := ev.missing(allowed, how, ev.granted())
	for _, l := range missing.List() {
		if l == LayerResource && t.impossible() {
			continue
		}
		t.add(l, 0, t.allowStatement(l))
	}
	switch restricted := ev.e.policies.RestrictPublicBuckets && string(ev.service()) == "s3"; {
	case ev.blockedPublic():
		t.other(LayerPublicAccessBlock, "make the bucket policy non-public by naming who may use it, or turn RestrictPublicBuckets off")
	case restricted && ev.r.Principal.Kind == Anonymous && missing != 0:
		t.other(LayerPublicAccessBlock, "turn RestrictPublicBuckets off, because a policy that lets anyone in is public")
	}
}

func (t *explainer) other(l Layer, text string) {
	t.x.Changes = append(t.x.Changes, Change{Op: "other", Layer: l, Text: text})
}

// impossible notes why no resource policy statement can help.
func (t *explainer) impossible() bool {
	ev := t.ev
	text := ""
	switch {
	case ev.r.Principal.Kind == RootUser && string(ev.service()) == "sts":
		text = "no policy lets a root user assume a role; use a user or a role"
	case string(ev.name()) == "retiregrant":
		text = "only a grant can allow this: name the caller as its retiring principal, or list RetireGrant among its operations"
	default:
		return false
	}
	t.other(LayerResource, text)
	return true
}

func (t *explainer) add(layer Layer, lev int, s *Statement) {
	where := policyWord(layer)
	if name := t.ev.e.levelName(layer, lev); name != "" {
		where += " at " + name
	}
	text, _ := s.MarshalJSON()
	t.x.Changes = append(t.x.Changes, Change{Op: "add", Layer: layer, Level: lev, Add: s, Text: "add to the " + where + ": " + string(text)})
}

// removeDenies proposes to take every Deny that applies out of the way.
func (t *explainer) removeDenies() {
	for i := range t.x.Layers {
		l := &t.x.Layers[i]
		c := Change{Op: "remove", Layer: l.Layer, Level: l.Level}
		var names []string
		for j := range l.Statements {
			s := &l.Statements[j]
			if s.Effect == EffectDeny && s.Outcome != "does not apply" {
				c.Remove = append(c.Remove, t.ev.e.ref(&t.ev.e.statements[s.ref]))
				names = append(names, s.title())
			}
		}
		if names != nil {
			c.Text = "exempt this request from, or remove, " + strings.Join(names, " and ")
			t.x.Changes = append(t.x.Changes, c)
		}
	}
}

// refuse finds the layer whose Allow rests on the fewest statements without
// which the request would be refused.
func (t *explainer) refuse() {
	ev := t.ev
	var best *LayerReport
	fewest := 0
	for i := range t.x.Layers {
		l := &t.x.Layers[i]
		if l.Outcome != "allows" || l.Layer == LayerRCP {
			continue
		}
		n := 0
		var bit uint64
		for j := range l.Statements {
			if s := &l.Statements[j]; s.allows() {
				bit = ev.e.statements[s.ref].layer.bit()
				n++
			}
		}
		how := ev.how
		if l.Layer == LayerResource {
			how = 0
		}
		if (best == nil || n < fewest) && ev.conclude(ev.allowed&^bit, how, ev.granted()).Verdict != Allow {
			best, fewest = l, n
		}
	}
	if best == nil {
		return
	}
	c := Change{Op: "remove", Layer: best.Layer, Level: best.Level, Remove: make([]StatementRef, 0, fewest)}
	names := make([]string, 0, fewest)
	for i := range best.Statements {
		if s := &best.Statements[i]; s.allows() {
			c.Remove = append(c.Remove, t.ev.e.ref(&t.ev.e.statements[s.ref]))
			names = append(names, s.title())
		}
	}
	c.Text = "remove " + strings.Join(names, " and ")
	t.x.Changes = append(t.x.Changes, c)
}

func (s *StatementReport) allows() bool { return s.Effect == EffectAllow && s.Outcome == "applies" }

// allowStatement is the narrowest Allow for the request in a policy of the layer.
func (t *explainer) allowStatement(l Layer) *Statement {
	r := t.ev.r
	s := &Statement{Effect: EffectAllow, Action: Values(r.Action)}
	trust := l == LayerResource && string(t.ev.service()) == "sts" && isRole(t.ev.resourceService, t.ev.resourcePart)
	if !trust {
		s.Resource = Values(escape(r.Resource))
	}
	switch l {
	case LayerResource:
		s.Principal = callerPrincipal(&r.Principal, t.ev.account)
	case LayerEndpoint, LayerRCP:
		s.Principal = Everyone()
	}
	return s
}

// callerPrincipal names the caller as directly as a policy can.
func callerPrincipal(p *Principal, account string) *Principals {
	switch p.Kind {
	case RoleSession:
		if p.Session != "" {
			return AWSPrincipals(p.Session)
		}
		return AWSPrincipals(p.ARN)
	case IAMUser, FederatedUser:
		return AWSPrincipals(p.ARN)
	case RootUser:
		return AWSPrincipals(account)
	case AWSService:
		return ServicePrincipals(p.Service)
	case WebIdentity, SAML:
		return FederatedPrincipals(p.Provider)
	}
	return Everyone()
}

// escape writes an ARN so that its wildcards and variables are plain characters.
func escape(resource string) string {
	if resource == "*" {
		return resource
	}
	return strings.NewReplacer("*", "${*}", "?", "${?}", "$", "${$}").Replace(resource)
}

func policyWord(l Layer) string {
	switch l {
	case LayerIdentity:
		return "identity policy of the caller"
	case LayerBoundary:
		return "permissions boundary of the caller"
	case LayerSession:
		return "session policy"
	case LayerResource:
		return "resource policy"
	case LayerSCP:
		return "service control policy"
	case LayerRCP:
		return "resource control policy"
	}
	return "VPC endpoint policy"
}
