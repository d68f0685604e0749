package policy

import "strconv"

// check reports what makes a document invalid whatever its text: it is run on
// parsed documents and on literals alike. What AWS would accept but should not
// be written is the business of [Lint].
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
func check(d *Document) Problems {
	c := checker{policy: d.Name}
	if d.Kind == 0 || d.Kind > Endpoint {
		c.add("kind-unset", Pos{}, "", "the kind of the policy is not set")
	}
	if d.Version != "" && d.Version != Version2008 && d.Version != Version2012 {
		c.add("version-invalid", Pos{}, "Version", "must be "+Version2012+" or "+Version2008+", is "+strconv.Quote(d.Version))
	}
	if len(d.Statements) == 0 {
		c.add("statement-missing", Pos{}, "Statement", "the policy has no statement")
	}
	for i := range d.Statements {
		c.path = "Statement[" + strconv.Itoa(i) + "]"
		c.statement(d.Kind, &d.Statements[i])
	}
	return c.problems
}

type checker struct {
	policy   string
	path     string
	problems Problems
}

func (c *checker) add(code string, at Pos, element, message string) {
	if len(c.problems) >= maxProblems {
		return
	}
	path := c.path
	if path != "" && element != "" {
		path += "."
	}
	c.problems = append(c.problems, Problem{Code: code, Policy: c.policy, Pos: at, Path: path + element, Message: message})
}

func (c *checker) statement(k Kind, s *Statement) {
	switch s.Effect {
	case EffectAllow, EffectDeny:
	case "":
		c.add("effect-missing", s.Pos, "Effect", "the statement has no Effect")
	default:
		c.add("effect-invalid", s.Pos, "Effect", "must be Allow or Deny, is "+strconv.Quote(s.Effect))
	}
	switch {
	case s.Action != nil && s.NotAction != nil:
		c.add("conflicting-elements", s.Pos, "Action", "a statement has Action or NotAction, not both")
	case s.Action == nil && s.NotAction == nil:
		c.add("action-missing", s.Pos, "Action", "the statement has neither Action nor NotAction")
	}
	c.resources(k, s)
	c.principals(k, s)
	for i := range s.Conditions {
		if _, ok := parseOperator(s.Conditions[i].Operator); !ok {
			c.add("condition-operator-unknown", s.Conditions[i].Pos, "Condition."+s.Conditions[i].Operator, "there is no such condition operator")
		}
	}
	if k == RCP {
		c.rcp(s)
	}
}

func (c *checker) resources(k Kind, s *Statement) {
	present := s.Resource != nil || s.NotResource != nil
	switch {
	case s.Resource != nil && s.NotResource != nil:
		c.add("conflicting-elements", s.Pos, "Resource", "a statement has Resource or NotResource, not both")
	case k == Trust && present:
		c.add("trust-resource", s.Pos, "Resource", "a trust policy covers its own role and takes no Resource")
	case k != Trust && k != Resource && !present:
		c.add("resource-missing", s.Pos, "Resource", "the statement has neither Resource nor NotResource")
	}
}

func (c *checker) principals(k Kind, s *Statement) {
	present := s.Principal != nil || s.NotPrincipal != nil
	switch {
	case !k.takesPrincipal():
		if present {
			c.add("principal-not-allowed", s.Pos, "Principal", "a policy of kind "+k.String()+" names no principal")
		}
		return
	case !present:
		c.add("principal-missing", s.Pos, "Principal", "a policy of kind "+k.String()+" must name a principal")
		return
	case s.Principal != nil && s.NotPrincipal != nil:
		c.add("conflicting-elements", s.Pos, "Principal", "a statement has Principal or NotPrincipal, not both")
	}
	if s.NotPrincipal == nil {
		return
	}
	switch k {
	case Trust:
		c.add("trust-not-principal", s.NotPrincipal.Pos, "NotPrincipal", "a trust policy takes no NotPrincipal")
	case RCP:
		c.add("rcp-principal", s.NotPrincipal.Pos, "NotPrincipal", "a resource control policy takes no NotPrincipal")
	}
}

// rcp checks what Organizations accepts in a resource control policy.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
func (c *checker) rcp(s *Statement) {
	if s.NotAction != nil {
		c.add("conflicting-elements", s.Pos, "NotAction", "a resource control policy takes no NotAction")
	}
	if p := s.Principal; p != nil && !p.everyone() {
		c.add("rcp-principal", p.Pos, "Principal", `a resource control policy names the principal "*"`)
	}
	full := s.Effect == EffectAllow && isStar(s.Action) && isStar(s.Resource) && len(s.Conditions) == 0
	if s.Effect == EffectAllow && !full {
		c.add("rcp-allow", s.Pos, "Effect", "a resource control policy only denies, apart from the managed RCPFullAWSAccess")
	}
	if s.Effect == EffectDeny && isStar(s.Action) {
		c.add("rcp-bare-star", s.Pos, "Action", `name the service, as in "s3:*"`)
	}
}

// everyone reports whether the principal is "*" in either spelling.
func (p *Principals) everyone() bool {
	return p.Everyone || isStar(p.AWS) && len(p.Service)+len(p.Federated)+len(p.CanonicalUser) == 0
}

func isStar(vs []Value) bool { return len(vs) == 1 && vs[0].Text == "*" }
