package trailtest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// Small vocabularies make random rules match random events often.
var (
	paths = []string{
		"eventSource", "eventName", "eventType", "errorCode", "readOnly", "userIdentity.type", "userIdentity.invokedBy",
		"userIdentity", "userIdentity.arn", "userIdentity.sessionContext.sourceIdentity", "userIdentity.sessionContext.sessionIssuer.arn",
		"userIdentity.sessionContext.attributes.creationDate", "userIdentity.sessionContext.sessionIssuer", "sourceIPAddress", "userAgent",
		"requestParameters", "requestParameters.a", "requestParameters.a.b", "requestParameters.list", "requestParameters.list.a",
		"requestParameters.x.y", "resources.ARN", "odd.path", "eventTime", "",
	}
	words = []string{
		"", "a", "A", "ab", "aB", "StopLogging", "stoplogging", "s3.amazonaws.com", "Root", "true", "false", "443", "1e3", "4.5",
		"10.1.2.3", "::ffff:10.1.2.3", "2001:db8::1", "straße", "STRASSE", "\u212a", "k", "*", "?", `\`, `"`, "a\nb", "é", "É",
		"2026-03-01T10:00:00Z", "arn:aws:iam::111122223333:user/mira", "aaab",
	}
	globs   = []string{"*", "a*", "*b", "a?", "*a*b", `\*`, `\?`, `\\`, "Stop*", "?", "a*a*b", "*é"}
	regexps = []string{"a", "^a.*b$", "[0-9]+", "Log(ging)?", "é|k"}
	nets    = []string{"10.0.0.0/8", "10.1.2.3", "2001:db8::/32", "0.0.0.0/0"}
	keys    = []string{"a", "b", "list", "x", "y", "x.y", "A"}
)

func pick[T any](r *rand.Rand, xs []T) T { return xs[r.IntN(len(xs))] }

// Expr is a random condition of at most the given depth.
func Expr(r *rand.Rand, depth int) rule.Expr {
	return expr(r, depth, paths)
}

func expr(r *rand.Rand, depth int, from []string) rule.Expr {
	if depth > 0 {
		switch r.IntN(8) {
		case 0, 1, 2:
			return rule.And{expr(r, depth-1, from), expr(r, depth-1, from)}
		case 3, 4:
			return rule.Or{expr(r, depth-1, from), expr(r, depth-1, from), expr(r, depth-1, from)}
		case 5:
			return rule.Not{X: expr(r, depth-1, from)}
		case 6:
			return rule.Some{Path: trail.P(pick(r, []string{"requestParameters.list", "requestParameters.a", "requestParameters"})), X: expr(r, depth-1, keys)}
		}
	}
	return atom(r, from)
}

func atom(r *rand.Rand, from []string) rule.Expr {
	if r.IntN(40) == 0 {
		return rule.Const(r.IntN(2) == 0)
	}
	a := &rule.Atom{
		Path: trail.P(pick(r, from)), Op: rule.Op(r.IntN(int(rule.OpRange) + 1)), Fold: r.IntN(2) == 0, Neg: r.IntN(5) == 0,
		Kinds: pick(r, []rule.Kinds{0, rule.Scalars, rule.Values, rule.Any, rule.Strings, rule.Numeric, rule.Bools}),
	}
	if r.IntN(6) == 0 {
		steps := []trail.Step{{Key: "requestParameters"}, {Key: pick(r, keys)}}
		if len(from) == len(keys) {
			steps = steps[1:]
		}
		a.Path = trail.Strict(append(steps, pick(r, []trail.Step{{Any: trail.AnyElement}, {Any: trail.AnyMember}, {IsIndex: true, Index: 1}, {Key: "b"}}))...)
	}
	src := words
	switch a.Op {
	case rule.OpGlob:
		src = globs
	case rule.OpRegexp:
		src = regexps
	case rule.OpCIDR:
		src = nets
	case rule.OpEq, rule.OpLt, rule.OpLe, rule.OpGt, rule.OpGe:
		a.Num = pick(r, []float64{0, 1, 4.5, 443, 1000})
	case rule.OpRange:
		a.Bounds = []rule.Bound{{Op: rule.OpGe, N: pick(r, []float64{0, 4.5})}, {Op: rule.OpEq, N: 443, Ne: true}}
	case rule.OpField:
		a.Other, a.Rel = trail.P(pick(r, from)), pick(r, []rule.Op{rule.OpIn, rule.OpPrefix, rule.OpSuffix, rule.OpContains})
	case rule.OpTime:
		a.Part, a.Num = pick(r, []string{"minute", "hour", "day", "week", "month", "year"}), pick(r, []float64{0, 1, 3, 9, 10, 2026})
	}
	for range 1 + r.IntN(6)*r.IntN(2) {
		a.Texts = append(a.Texts, pick(r, src))
	}
	return a
}

// Event is a random record: members in random order, of random and often
// wrong types, sometimes twice or with escapes and white space.
func Event(r *rand.Rand) []byte {
	type member struct{ key, val string }
	var ms []member
	add := func(key string, val any) {
		b, err := json.Marshal(val)
		if err == nil {
			ms = append(ms, member{key, string(b)})
		}
	}
	for _, k := range []string{"eventSource", "eventName", "eventType", "errorCode", "readOnly", "sourceIPAddress", "userAgent", "odd", "eventTime", "EventName"} {
		for range pick(r, []int{0, 1, 1, 1, 1, 1, 1, 2}) {
			add(k, scalar(r))
		}
	}
	switch r.IntN(8) {
	case 0:
	case 1:
		add("userIdentity", scalar(r))
	case 2:
		add("userIdentity", []any{map[string]any{"type": scalar(r), "arn": scalar(r)}})
	default:
		ui := map[string]any{}
		for _, k := range []string{"type", "invokedBy", "arn"} {
			if r.IntN(4) > 0 {
				ui[k] = scalar(r)
			}
		}
		for range 2 {
			k := pick(r, []string{"sessionContext", "sessionContext.sourceIdentity", "sessionContext.sessionIssuer", "sessionContext.sessionIssuer.arn"})
			ui[k] = session(r)
		}
		add("userIdentity", ui)
	}
	add("requestParameters", value(r, 4))
	add("resources", []any{map[string]any{"ARN": scalar(r)}, map[string]any{"arn": scalar(r)}})
	r.Shuffle(len(ms), func(i, j int) { ms[i], ms[j] = ms[j], ms[i] })
	ws := func() string { return pick(r, []string{"", "", "", " ", "\n\t"}) }
	out := "{" + ws()
	for i, m := range ms {
		if i > 0 {
			out += "," + ws()
		}
		key := m.key
		if r.IntN(20) == 0 {
			key = fmt.Sprintf(`\u%04x`, key[0]) + key[1:]
		}
		out += `"` + key + `"` + ws() + ":" + ws() + m.val + ws()
	}
	return []byte(out + "}")
}

// session is a session's context, mostly.
func session(r *rand.Rand) any {
	issuer := map[string]any{"type": scalar(r), "arn": scalar(r)}
	s := map[string]any{"sourceIdentity": scalar(r), "attributes": map[string]any{"creationDate": scalar(r)}}
	switch r.IntN(8) {
	case 0:
		s["sessionIssuer"] = []any{issuer, scalar(r)}
	case 1:
		s["sessionIssuer.arn"] = scalar(r)
	case 2:
		return []any{s}
	case 3:
		return scalar(r)
	case 4:
		return issuer
	default:
		s["sessionIssuer"] = issuer
	}
	return s
}

func scalar(r *rand.Rand) any {
	switch r.IntN(12) {
	case 0:
		return nil
	case 1:
		return r.IntN(2) == 0
	case 2:
		return json.Number(pick(r, []string{"443", "1e3", "1000", "4.5", "-1", "0"}))
	}
	return pick(r, words)
}

func value(r *rand.Rand, depth int) any {
	if depth > 0 {
		switch r.IntN(5) {
		case 0, 1, 2:
			m := map[string]any{}
			for range r.IntN(4) {
				m[pick(r, keys)] = value(r, depth-1)
			}
			return m
		case 3:
			l := []any{}
			for range r.IntN(4) {
				l = append(l, value(r, depth-1))
			}
			return l
		}
	}
	return scalar(r)
}
