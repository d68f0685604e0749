package policy

import (
	"encoding/base64"
	"slices"
	"strings"
)

// valueMatches compares one request value with one policy value.
func (s *slow) valueMatches(op operator, value, pattern string, variables bool) bool {
	chars, ok := s.spell(pattern, op.takesWildcards(), variables && op.takesVariables(&s.sem))
	if !ok {
		return false
	}
	var text strings.Builder
	for _, c := range chars {
		text.WriteRune(c.r)
	}
	switch op.compare {
	case compareString:
		return text.String() == value
	case compareFold:
		return strings.EqualFold(text.String(), value)
	case compareGlob:
		return fits(chars, []rune(value), never)
	case compareARN:
		if !strings.HasPrefix(value, "arn:") || strings.Count(value, ":") < 5 {
			return false
		}
		if strings.Trim(pattern, "*") == "" && pattern != "" {
			return !s.sem.ArnStarMatchesNothing
		}
		return arnFits(chars, value)
	case compareNumber, compareDate:
		n, ok := order(op.compare, s.sem.FourDigitsAreEpoch, value, pattern)
		return ok && op.relation.holds(n)
	case compareBool:
		word := strings.ToLower(value)
		return (word == "true" || word == "false") && word == strings.ToLower(text.String())
	case compareBinary:
		b, err := base64.StdEncoding.DecodeString(pattern)
		return err == nil && string(b) == value
	}
	return inRange(pattern, value)
}

func (s *slow) condition(c *Condition, variables bool) bool {
	op, ok := parseOperator(c.Operator)
	if !ok {
		return false
	}
	values := s.context(c.Key)
	if op.compare == compareNull {
		if op.set != noSet {
			return op.set == forAllValues
		}
		return slices.ContainsFunc(c.Values, func(v Value) bool {
			return strings.ToLower(v.Text) == map[bool]string{true: "true", false: "false"}[len(values) == 0]
		})
	}
	if len(c.Values) == 0 && s.sem.EmptyListIgnored {
		return true
	}
	matchesAny := func(value string) bool {
		return slices.ContainsFunc(c.Values, func(v Value) bool { return s.valueMatches(op, value, v.Text, variables) })
	}
	passes := func(value string) bool { return matchesAny(value) != op.negated }
	switch {
	case op.set == forAllValues:
		return !slices.ContainsFunc(values, func(v string) bool { return !passes(v) })
	case op.set == forAnyValue && len(values) == 0:
		return op.ifExists && !s.sem.AnyValueIgnoresIfExists
	case op.set == forAnyValue:
		return slices.ContainsFunc(values, passes)
	case len(values) == 0:
		return op.ifExists || op.negated
	case len(values) == 1:
		return passes(values[0])
	case s.sem.ManyMatchAny:
		return slices.ContainsFunc(values, matchesAny) != op.negated
	}
	return false
}

func (s *slow) actionMatches(pattern string) bool {
	pattern, action := strings.ToLower(pattern), strings.ToLower(s.r.Action)
	if strings.Trim(pattern, "*") == "" && pattern != "" || pattern == "*:*" {
		return true
	}
	p, a := strings.SplitN(pattern, ":", 2), strings.SplitN(action, ":", 2)
	if len(p) != 2 || p[0] != a[0] {
		return false
	}
	chars, _ := s.spell(p[1], true, false)
	return fits(chars, []rune(a[1]), never)
}

// named returns how a principal element names the caller, as words.
func (s *slow) named(p *Principals) (how []string) {
	who := s.r.Principal
	add := func(word string, yes bool) {
		if yes {
			how = append(how, word)
		}
	}
	account := s.account()
	if p.everyone() || p.Everyone {
		how = append(how, "direct")
	}
	for _, v := range p.AWS {
		name := v.Text
		if name == "*" {
			add("direct", true)
			continue
		}
		ownAccount := account != "" && (name == account || strings.HasSuffix(name, ":iam::"+account+":root"))
		switch who.Kind {
		case IAMUser:
			add("direct", name == who.ARN || name == who.ID && name != "")
		case RoleSession:
			add("direct", name == who.Session && name != "")
			add("role", name == who.ARN || name == who.ID && name != "")
		case FederatedUser:
			add("direct", name == who.ARN)
			add("user", name == who.User && name != "")
		case RootUser:
			add("direct", ownAccount)
			continue
		}
		add("account", ownAccount)
	}
	for _, v := range p.CanonicalUser {
		mine := v.Text == who.Account.CanonicalID && v.Text != ""
		add("direct", mine && who.Kind == RootUser)
		add("account", mine && who.Kind.hasIdentity() && who.Kind != RootUser)
	}
	for _, v := range p.Service {
		add("direct", who.Kind == AWSService && v.Text == who.Service)
	}
	for _, v := range p.Federated {
		add("direct", (who.Kind == WebIdentity || who.Kind == SAML) && v.Text == who.Provider)
	}
	return how
}

// principal returns how a statement names the caller; nothing when it does not
// apply to the caller.
func (s *slow) principal(st *Statement, k Kind, boundary bool) []string {
	if !k.takesPrincipal() || k == RCP {
		return []string{"direct"}
	}
	if st.NotPrincipal == nil {
		how := s.named(st.Principal)
		star := st.Principal.everyone() || st.Principal.Everyone || slices.ContainsFunc(st.Principal.AWS, func(v Value) bool { return v.Text == "*" })
		if k == Endpoint && s.p.Gateway && !star && s.r.Principal.Kind != RootUser {
			how = slices.DeleteFunc(how, func(w string) bool { return w == "account" })
		}
		pinned := slices.ContainsFunc(st.Conditions, func(c Condition) bool {
			op, ok := parseOperator(c.Operator)
			return ok && strings.EqualFold(c.Key, "aws:PrincipalArn") && !op.negated && !op.ifExists && op.compare != compareNull
		})
		limited := s.r.Principal.Kind == IAMUser || s.r.Principal.Kind == FederatedUser || s.r.Principal.Kind == RoleSession && !pinned
		if star && s.sem.StarIsLimited && limited && k != Endpoint {
			rest := *st.Principal
			rest.Everyone = false
			rest.AWS = slices.DeleteFunc(slices.Clone(rest.AWS), func(v Value) bool { return v.Text == "*" })
			how = append(s.named(&rest), "role")
		}
		return how
	}
	how := s.named(st.NotPrincipal)
	if st.Effect == EffectAllow {
		if len(how) > 0 {
			return nil
		}
		return []string{"direct"}
	}
	if boundary {
		return []string{"direct"}
	}
	need := map[PrincipalKind][]string{IAMUser: {"direct", "account"}, RoleSession: {"direct", "role", "account"}, FederatedUser: {"direct", "user", "account"}}[s.r.Principal.Kind]
	exempt := len(how) > 0
	star := st.NotPrincipal.Everyone || slices.ContainsFunc(st.NotPrincipal.AWS, func(v Value) bool { return v.Text == "*" })
	if !s.sem.NotPrincipalLenient && !star {
		for _, w := range need {
			if w == "direct" && s.r.Principal.Kind == RoleSession && s.r.Principal.Session == "" || w == "user" && s.r.Principal.User == "" {
				continue
			}
			exempt = exempt && slices.Contains(how, w)
		}
	}
	if exempt {
		return nil
	}
	return []string{"direct"}
}
