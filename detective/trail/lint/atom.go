package lint

import (
	"slices"
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/schema"
)

// atom judges one test. A test that is excluded costs the rule nothing; it is
// still reported, because it excludes nothing.
func (l *linter) atom(a *rule.Atom, c context) bool {
	if a.Path.IsStrict() {
		return true
	}
	path := join(c.base, a.Path.String())
	if path == "" { // the text of the whole record
		return true
	}
	if !l.path(path) || a.Op == rule.OpField && !a.Other.IsStrict() && !l.path(join(c.base, a.Other.String())) {
		return false
	}
	if a.Op == rule.OpField && a.Rel == rule.OpIn && isARN(path) != isARN(a.Other.String()) && (isName(path) || isName(a.Other.String())) {
		l.add(Problem{Level: Never, Path: path, Text: a.Other.String(), Reason: "an ARN and a bare name are never equal: test how the ARN ends"})
		return a.Neg
	}
	if a.Neg {
		return true
	}
	if !l.kinds(path, a) {
		return false
	}
	switch a.Op {
	case rule.OpIn, rule.OpGlob, rule.OpPrefix, rule.OpSuffix, rule.OpContains:
	default:
		return true
	}
	ok := false
	for _, t := range a.Texts {
		if l.text(path, t, a, c) {
			ok = true
		}
	}
	return ok
}

// isARN and isName tell from a member's name what it holds.
func isARN(path string) bool {
	_, last, _ := cutLast(path)
	return strings.EqualFold(last, "arn") || strings.HasSuffix(last, "Arn")
}

func isName(path string) bool {
	_, last, _ := cutLast(path)
	return last == "userName" || last == "roleName" || last == "groupName"
}

// path reports whether records have a member.
func (l *linter) path(path string) bool {
	if schema.KnownPath(path) {
		return true
	}
	known := schema.Paths()
	instead := near(path, known)
	// A member named without the one it is in: userName, sourceIdentity.
	for _, k := range known {
		if _, last, ok := cutLast(k); ok && strings.EqualFold(last, path) && !slices.Contains(instead, k) {
			instead = append(instead, k)
		}
	}
	// The first key is right but for its spelling: requestParameter.bucketName.
	if first, rest, ok := strings.Cut(path, "."); ok && len(instead) == 0 {
		for _, n := range near(first, known) {
			if p := n + "." + rest; schema.KnownPath(p) {
				instead = append(instead, p)
			}
		}
	}
	l.add(Problem{Level: Never, Path: path, Reason: "records have no such member", Instead: instead})
	return false
}

func cutLast(path string) (parent, last string, ok bool) {
	i := strings.LastIndexByte(path, '.')
	return path[:max(i, 0)], path[i+1:], i >= 0
}

// kinds reports whether the test applies to what CloudTrail writes: an account
// id is a text, not a number.
func (l *linter) kinds(path string, a *rule.Atom) bool {
	if a.Kinds == 0 || !single(path) {
		return true
	}
	first := ""
	if len(a.Texts) > 0 {
		first = a.Texts[0]
	}
	bools := path == "readOnly" || path == "managementEvent"
	switch {
	case bools && a.Kinds&rule.Bools == 0:
		l.add(Problem{Level: Unusual, Path: path, Text: first, Reason: "it is a boolean in most records, and the test is for a text"})
	case !bools && a.Kinds&rule.Strings == 0 && a.Kinds&rule.Of(trail.KindNull) == 0:
		l.add(Problem{Level: Never, Path: path, Text: first, Reason: "it is a text, and the test is not for one"})
		return false
	}
	return true
}

// text judges one value of a test.
func (l *linter) text(path, t string, a *rule.Atom, c context) bool {
	switch path {
	case "eventSource":
		return l.source(t, a)
	case "eventName":
		return l.name(t, a, c)
	case "errorCode":
		if a.Op == rule.OpIn && slices.Contains([]string{"success", "none", "null", "ok", "-"}, strings.ToLower(t)) {
			l.add(Problem{Level: Never, Path: path, Text: t, Reason: "a call that succeeded has no error code: test that it is absent"})
			return false
		}
	case "recipientAccountId", "userIdentity.accountId":
		if a.Op == rule.OpIn && (len(t) != 12 || strings.Trim(t, "0123456789") != "") {
			l.add(Problem{Level: Unusual, Path: path, Text: t, Reason: "an account id is twelve digits"})
		}
	}
	if words := schema.Words(path); words != nil && a.Op == rule.OpIn {
		return l.word(path, t, a, words)
	}
	if a.Op != rule.OpGlob && strings.Contains(t, ".") && schema.KnownPath(t) {
		l.add(Problem{Level: Unusual, Path: path, Text: t, Reason: "it is compared as a text and looks like a member: a reference to a field is meant (fieldref)"})
	}
	return true
}

// word judges a value of a member that takes few.
func (l *linter) word(path, t string, a *rule.Atom, words []string) bool {
	if slices.Contains(words, t) {
		return true
	}
	if i := slices.IndexFunc(words, func(w string) bool { return strings.EqualFold(w, t) }); i >= 0 {
		// Booleans are spelled in several ways when they come as texts.
		if a.Fold || words[i] == "true" || words[i] == "false" {
			return true
		}
		l.add(Problem{Level: Never, Path: path, Text: t, Reason: "the case is wrong", Instead: words[i : i+1]})
		return false
	}
	instead := near(t, words)
	l.add(Problem{Level: Unusual, Path: path, Text: t, Reason: "it is not one of the values that CloudTrail writes", Instead: instead})
	return true
}
