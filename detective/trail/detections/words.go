package detections

import (
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// The words of which the conditions are made.

type minutes int

func (m minutes) duration() time.Duration { return time.Duration(m) * time.Minute }

func rp(path string) string { return "requestParameters." + path }

// off and on read booleans in all their spellings.
func off(paths ...string) rule.Expr { return spelled("false", paths) }
func on(paths ...string) rule.Expr  { return spelled("true", paths) }

func spelled(text string, paths []string) rule.Expr {
	var xs rule.Or
	for _, p := range paths {
		xs = append(xs, rule.EqFold(p, text))
	}
	if len(xs) == 1 {
		return xs[0]
	}
	return xs
}

// listed is true when the value at path is on the list.
func listed(path string, list []string) rule.Expr {
	if len(list) == 0 {
		return rule.Const(false)
	}
	return rule.Eq(path, list...)
}

// foreign is true when there is a value that is not on the list; an empty list
// decides nothing.
func foreign(path string, list []string) rule.Expr {
	if len(list) == 0 {
		return rule.Const(false)
	}
	return &rule.Atom{Path: trail.P(path), Op: rule.OpIn, Texts: list, Neg: true, Kinds: rule.Scalars}
}

// within is true of addresses in the networks; an empty list holds none.
func within(networks []string) rule.Expr {
	if len(networks) == 0 {
		return rule.Const(false)
	}
	return rule.InNetwork("sourceIPAddress", networks...)
}

// outside is true of an ARN or id of an account that is neither ours nor a
// partner's. Services and the words for everybody are no accounts.
func (p *Params) outside(paths ...string) rule.Expr {
	own := p.accounts()
	if len(own) == 0 {
		return rule.Const(false)
	}
	harmless := []string{"*.amazonaws.com", `\*`, "all", ""}
	for _, a := range own {
		harmless = append(harmless, a, "arn:*:"+a+":*", "arn:*:"+a)
	}
	var xs rule.Or
	for _, path := range paths {
		xs = append(xs, &rule.Atom{Path: trail.P(path), Op: rule.OpGlob, Texts: harmless, Neg: true, Kinds: rule.Scalars})
	}
	if len(xs) == 1 {
		return xs[0]
	}
	return xs
}

func (p *Params) accounts() []string { return slices.Concat(p.OwnAccounts, p.PartnerAccounts) }

// by is true when the caller is one of the principals. The role of a session
// counts, not its name.
func by(principals []string) rule.Expr {
	var globs, accounts []string
	for _, a := range principals {
		if len(a) == 12 && strings.Trim(a, "0123456789") == "" {
			accounts = append(accounts, a)
		} else {
			globs = append(globs, a)
		}
	}
	var xs rule.Or
	if globs != nil {
		xs = append(xs, rule.Like("userIdentity.arn", globs...), rule.Like("userIdentity.sessionContext.sessionIssuer.arn", globs...))
	}
	if accounts != nil {
		xs = append(xs, rule.Eq("userIdentity.accountId", accounts...))
	}
	return xs
}

// notBy is the opposite; with an empty list everybody is a stranger.
func notBy(principals []string) rule.Expr {
	if len(principals) == 0 {
		return rule.Const(true)
	}
	return rule.No(by(principals))
}

// needs names a list when it is empty.
func needs(name string, list []string) string {
	if len(list) == 0 {
		return name
	}
	return ""
}

// nth is true when the list at path has more than n elements.
func nth(n int, keys ...string) rule.Expr {
	steps := []trail.Step{{Key: "requestParameters"}}
	for _, k := range keys {
		steps = append(steps, trail.Step{Key: k})
	}
	return &rule.Atom{Path: trail.Strict(append(steps, trail.Step{IsIndex: true, Index: n})...), Kinds: rule.Any}
}

// counted and distinct are the usual correlations.
func counted(by string, within minutes, n float64) *rule.Correlation {
	return &rule.Correlation{Kind: rule.Count, GroupBy: strings.Fields(by), Within: within.duration(), Want: rule.AtLeast(n)}
}

func distinct(field, by string, within minutes, n float64) *rule.Correlation {
	return &rule.Correlation{Kind: rule.Distinct, Fields: strings.Fields(field), GroupBy: strings.Fields(by), Within: within.duration(), Want: rule.AtLeast(n)}
}

// combined is distinct of what all fields hold together.
func combined(fields, by string, within minutes, n float64) *rule.Correlation {
	c := distinct(fields, by, within, n)
	c.Together = true
	return c
}

// firstSeen fires when a combination was not seen for so many days, after a
// week of learning.
func firstSeen(by string, days int) *rule.Correlation {
	return &rule.Correlation{Kind: rule.FirstSeen, GroupBy: strings.Fields(by), Within: minutes(days * 24 * 60).duration(), Learn: minutes(7 * 24 * 60).duration()}
}

// forAnother is true when the call is about another user than the caller.
var forAnother = rule.All(rule.Has(rp("userName")), rule.Has("userIdentity.userName"), rule.No(rule.Same(rp("userName"), "userIdentity.userName")))

// denied is true of the error codes that mean denied, as [trail.DeniedCode].
var denied = rule.All(rule.AnyOf(
	rule.Contains("errorCode", "Denied", "NotAuthorized"),
	rule.Suffix("errorCode", "UnauthorizedOperation"),
	rule.Prefix("errorCode", "AuthorizationError", "Client.AuthorizationError", "Server.AuthorizationError"),
	rule.Like("errorCode", "Unauthorized*Exception", "Client.Unauthorized*Exception", "Server.Unauthorized*Exception")),
	rule.No(rule.Like("errorCode", "UnauthorizedClientException", "*.UnauthorizedClientException")))

// anyOrListed and anyOrForeign judge nothing when the list is empty.
func anyOrListed(path string, list []string) rule.Expr {
	if len(list) == 0 {
		return rule.Const(true)
	}
	return rule.Eq(path, list...)
}

func anyOrForeign(path string, list []string) rule.Expr {
	if len(list) == 0 {
		return rule.Const(true)
	}
	return foreign(path, list)
}

// changed is true of a value that the list does not hold; without a list only
// of an empty one.
func changed(path string, list []string) rule.Expr {
	if len(list) == 0 {
		return rule.Eq(path, "")
	}
	return foreign(path, list)
}

func contained(path string, parts []string) rule.Expr {
	if len(parts) == 0 {
		return rule.Const(false)
	}
	return rule.ContainsFold(path, parts...)
}

// key is true of calls on one of the KMS keys, by id or ARN.
func key(ids []string) rule.Expr {
	if len(ids) == 0 {
		return rule.Const(false)
	}
	return rule.Suffix(rp("keyId"), ids...)
}

func colon(arns []string) []string {
	if len(arns) == 0 {
		return []string{":none"}
	}
	var out []string
	for _, a := range arns {
		out = append(out, a+":")
	}
	return out
}

func bucketARNs(names []string) []string {
	var out []string
	for _, n := range names {
		for _, partition := range []string{"aws", "aws-cn", "aws-us-gov"} {
			out = append(out, "arn:"+partition+":s3:::"+n)
		}
	}
	return out
}

// adminPorts is true of a port range that holds a port for administration, or
// of no range at all, which means every port.
func adminPorts(from, to string) rule.Expr {
	some := rule.Or{rule.Absent(from)}
	for _, port := range []float64{22, 3389, 5985, 5986, 3306, 5432, 1433, 6379, 27017, 9200} {
		some = append(some, rule.All(rule.Less(from, port+1), rule.More(to, port)))
	}
	return some
}

// raiseIf gives another level to the events of which x is true.
func raiseIf(level string, x rule.Expr) func(*trail.Event) string {
	return func(e *trail.Event) string {
		// Compiled per hit: hits are few, and a Match is not for concurrent use.
		if m, err := rule.CompileExpr(x); err == nil && m.Event(e) {
			return level
		}
		return ""
	}
}

func (p *Params) minRetention() float64 {
	if p.MinRetentionDays > 0 {
		return float64(p.MinRetentionDays)
	}
	return 90
}

func (p *Params) largeDownload() float64 {
	if p.LargeDownloadBytes > 0 {
		return max(p.LargeDownloadBytes, 10*p.MeanDownloadBytes)
	}
	return max(1e9, 10*p.MeanDownloadBytes)
}
