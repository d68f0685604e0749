package policy

import (
	"slices"
	"strings"
)

// crossCheck compares a decision with the slow evaluator.
func crossCheck(t interface {
	Helper()
	Errorf(string, ...any)
}, p Policies, r *Request, d Decision,
) {
	t.Helper()
	grants := len(p.Grants) > 0 || strings.EqualFold(r.Action, "kms:RetireGrant")
	if d.Err != nil || len(r.Unknown) > 0 || grants {
		return
	}
	if want := (&slow{p: p, r: r, sem: p.Semantics}).decide(); d.Verdict != want {
		t.Errorf("engine says %s, the slow evaluator %s", d, want)
	}
}

// slow is an evaluator written for being read: it walks the documents as they
// are, one statement at a time, and shares with the engine only the splitting
// of variables and of operator names. It compiles nothing and knows no unknown keys.
type slow struct {
	p   Policies
	r   *Request
	sem Semantics
}

// context returns all values of a key, keys folded.
func (s *slow) context(key string) []string {
	key = strings.ToLower(key)
	values, derived := s.derived(key)
	if !derived {
		for k, v := range s.r.Context {
			if strings.ToLower(k) == key {
				values = append(values, v...)
			}
		}
	}
	if s.sem.EmptyIsAbsent {
		values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
	}
	return values
}

func (s *slow) account() string {
	if !s.r.Principal.Kind.hasIdentity() {
		return ""
	}
	return strings.Split(s.r.Principal.ARN, ":")[4]
}

func (s *slow) owner() string {
	if s.r.Owner.ID != "" || s.r.Resource == "*" {
		if s.r.Owner.ID == "" {
			return s.account()
		}
		return s.r.Owner.ID
	}
	if owner := strings.Split(s.r.Resource, ":")[4]; owner != "aws" {
		return owner
	}
	return s.account()
}

func (s *slow) derived(key string) ([]string, bool) {
	p := s.r.Principal
	known := func(v string, derived bool) ([]string, bool) {
		if v == "" {
			return nil, derived
		}
		return []string{v}, derived
	}
	user := strings.Split(p.ARN, "/")
	identity := p.Kind.hasIdentity()
	if tag, ok := strings.CutPrefix(key, "aws:principaltag/"); ok {
		var values []string
		for k, v := range p.Tags {
			if strings.ToLower(k) == tag {
				values = append(values, v)
			}
		}
		return values, p.Tags != nil || !identity
	}
	switch key {
	case "aws:principalarn":
		if identity {
			return known(p.ARN, true)
		}
		return nil, p.Kind != AWSService
	case "aws:principalaccount":
		if p.Kind == Anonymous {
			return known("anonymous", true)
		}
		return known(s.account(), identity)
	case "aws:principaltype":
		word := map[PrincipalKind]string{IAMUser: "User", RoleSession: "AssumedRole", FederatedUser: "FederatedUser", RootUser: "Account", Anonymous: "Anonymous"}[p.Kind]
		return known(word, word != "")
	case "aws:username":
		if p.Kind == IAMUser {
			return known(user[len(user)-1], true)
		}
		return nil, true
	case "aws:principalorgid":
		if !identity {
			return nil, true
		}
		return known(p.Account.OrgID, p.Account.OrgID != "" || !identity)
	case "aws:principalisawsservice":
		if identity {
			return known("false", true)
		}
		if p.Kind == AWSService {
			return known("true", true)
		}
		return nil, true
	case "aws:resourceaccount":
		return known(s.owner(), s.owner() != "")
	}
	return nil, false
}

// char is one character of a pattern after substitution; wild marks * and ?.
type char struct {
	r    rune
	wild bool
	part int // number of colons before it in the pattern
}

// spell writes a pattern out, or says that a variable has no value.
func (s *slow) spell(text string, wildcards, variables bool) ([]char, bool) {
	var out []char
	part := 0
	put := func(text string) {
		for _, c := range text {
			out = append(out, char{r: c, part: part})
		}
	}
	for len(text) > 0 {
		c := []rune(text)[0]
		if c == '$' && variables {
			if v, n := parseVariable(text); n > 0 {
				text = text[n:]
				values := s.context(v.key)
				switch {
				case v.fixed != "":
					put(v.fixed)
				case len(values) == 1:
					put(values[0])
				case v.hasDef:
					put(v.def)
				default:
					return nil, false
				}
				continue
			}
		}
		out = append(out, char{r: c, part: part, wild: wildcards && (c == '*' || c == '?')})
		if c == ':' {
			part++
		}
		text = text[len(string(c)):]
	}
	return out, true
}

// fits matches by trying everything. stop says which characters a wildcard
// may not take.
func fits(pattern []char, value []rune, stop func(i int, c rune) bool) bool {
	memo := map[[2]int]bool{}
	var try func(i, j int) bool
	try = func(i, j int) bool {
		if i == len(pattern) {
			return j == len(value)
		}
		at := [2]int{i, j}
		if result, ok := memo[at]; ok {
			return result
		}
		result := false
		switch p := pattern[i]; {
		case p.wild && p.r == '*':
			result = try(i+1, j) || j < len(value) && !stop(i, value[j]) && try(i, j+1)
		case j == len(value):
		case p.wild:
			result = !stop(i, value[j]) && try(i+1, j+1)
		default:
			result = p.r == value[j] && try(i+1, j+1)
		}
		memo[at] = result
		return result
	}
	return try(0, 0)
}

func never(int, rune) bool { return false }

func (s *slow) resourceMatches(pattern string, variables bool) bool {
	if strings.Trim(pattern, "*") == "" && pattern != "" {
		return true
	}
	if s.r.Resource == "*" {
		return false
	}
	n := len(pattern)
	if parts := strings.SplitN(pattern, ":", 6); len(parts) == 6 {
		n = len(pattern) - len(parts[5])
	}
	head, _ := s.spell(pattern[:n], true, false)
	tail, ok := s.spell(pattern[n:], true, variables)
	if !ok {
		return false
	}
	for i := range tail {
		tail[i].part = 5
	}
	if n == len(pattern) {
		tail = nil
	}
	all := append(head, tail...)
	if s.sem.StarStaysInSegment {
		return arnFits(all, s.r.Resource)
	}
	return fits(all, []rune(s.r.Resource), func(i int, c rune) bool {
		last := i+1 == len(all) || all[i+1].r == ':' && !all[i+1].wild
		return c == ':' && all[i].part < 5 && (all[i].r == '?' || !last && !followedByStars(all, i))
	})
}

// followedByStars: a run of stars is one star.
func followedByStars(all []char, i int) bool {
	for i++; i < len(all) && all[i].wild && all[i].r == '*'; i++ {
		if i+1 == len(all) || all[i+1].r == ':' {
			return true
		}
	}
	return false
}

// arnFits splits both sides and compares part by part.
func arnFits(pattern []char, value string) bool {
	var parts [][]char
	start := 0
	for i, c := range pattern {
		if c.r == ':' && len(parts) < 5 {
			parts = append(parts, pattern[start:i])
			start = i + 1
		}
	}
	parts = append(parts, pattern[start:])
	values := strings.SplitN(value, ":", 6)
	if len(parts) != 6 || len(values) != 6 {
		return false
	}
	for i := range parts {
		if !fits(parts[i], []rune(values[i]), never) {
			return false
		}
	}
	return true
}
