package eventpattern

import (
	"fmt"
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// EnvelopeExpr is the pattern as a condition on whole EventBridge events, as
// [trail.Wrap] makes them of records.
func (p *Pattern) EnvelopeExpr() rule.Expr {
	if p.root == nil {
		return rule.Const(false)
	}
	return p.root.compile("", 0)
}

// compile joins the object's tests. The event itself and its detail are
// objects; any other object of the pattern may meet an array, and then all its
// tests hold of one element. AWS does not say what {"exists": false} means
// there; here an element that lacks the field meets it.
func (o *object) compile(path string, level int) rule.Expr {
	inner := path
	linked := level > 1 && (len(o.ors) > 0 || len(o.fields) > 1 || o.fields[0].none)
	if linked {
		inner = ""
	}
	var all rule.And
	for _, f := range o.fields {
		all = append(all, f.compile(inner, level))
	}
	for _, alts := range o.ors {
		var some rule.Or
		for _, a := range alts {
			some = append(some, a.compileFlat(inner, level))
		}
		all = append(all, some)
	}
	if linked {
		return rule.Some{Path: trail.P(path), X: all}
	}
	if len(all) == 1 {
		return all[0]
	}
	return all
}

// compileFlat compiles an alternative of $or, which stands for its parent.
func (o *object) compileFlat(path string, level int) rule.Expr {
	var all rule.And
	for _, f := range o.fields {
		all = append(all, f.compile(path, level))
	}
	for _, alts := range o.ors {
		var some rule.Or
		for _, a := range alts {
			some = append(some, a.compileFlat(path, level))
		}
		all = append(all, some)
	}
	return all
}

func (f field) compile(path string, level int) rule.Expr {
	at := join(path, f.key)
	if f.obj != nil {
		next := level + 1
		if level == 0 && f.key != "detail" {
			next = 2
		}
		return f.obj.compile(at, next)
	}
	var some rule.Or
	for _, m := range f.leaf {
		some = append(some, m(trail.P(at)))
	}
	if len(some) == 1 {
		return some[0]
	}
	return some
}

// detailTypes are the detail-types of CloudTrail's events, by eventType. The
// documentation writes the second in two ways.
var detailTypes = map[string][]string{
	"AwsApiCall":           {"AWS API Call via CloudTrail"},
	"AwsConsoleSignIn":     {"AWS Console Sign In via CloudTrail", "AWS Console Signin via CloudTrail"},
	"AwsConsoleAction":     {"AWS Console Action via CloudTrail"},
	"AwsServiceEvent":      {"AWS Service Event via CloudTrail"},
	"AwsVpceEvents":        {"AWS Network Activity Event via CloudTrail"},
	"AwsCloudTrailInsight": {"AWS Insight via CloudTrail"},
}

// Expr is the pattern as a condition on CloudTrail records: which of them,
// wrapped, would match. Members of the envelope are read from the record that
// they are made of. A test of the envelope's source other than by values or
// prefixes, or of members that a record does not have, is an error.
func (p *Pattern) Expr() (rule.Expr, error) {
	if p.root == nil {
		return rule.Const(false), nil
	}
	return p.root.onRecord()
}

func (o *object) onRecord() (rule.Expr, error) {
	var all rule.And
	for _, f := range o.fields {
		x, err := f.onRecord()
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	for _, alts := range o.ors {
		var some rule.Or
		for _, a := range alts {
			x, err := a.onRecord()
			if err != nil {
				return nil, err
			}
			some = append(some, x)
		}
		all = append(all, some)
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

func (f field) onRecord() (rule.Expr, error) {
	switch {
	case f.key == "detail" && f.obj != nil:
		return f.obj.compile("", 1), nil
	case f.obj != nil:
		return nil, fmt.Errorf("eventpattern: records have no %q object", f.key)
	}
	switch f.key {
	case "account":
		return field{key: "recipientAccountId", leaf: f.leaf}.compile("", 1), nil
	case "region":
		return field{key: "awsRegion", leaf: f.leaf}.compile("", 1), nil
	case "time":
		return field{key: "eventTime", leaf: f.leaf}.compile("", 1), nil
	case "detail-type":
		var types []string
		test, err := rule.CompileExpr(f.compile("", 0))
		if err != nil {
			return nil, err
		}
		for t, names := range detailTypes {
			for _, n := range names {
				var e trail.Event
				if e.Parse([]byte(`{"detail-type":"`+n+`"}`)) == nil && test.Event(&e) {
					types = append(types, t)
					break
				}
			}
		}
		if len(types) == 0 {
			return rule.Const(false), nil
		}
		return rule.Eq("eventType", types...), nil
	case "source":
		return f.source()
	}
	return nil, fmt.Errorf("eventpattern: records have no %q", f.key)
}

// source translates "aws.s3" to "s3.amazonaws.com".
func (f field) source() (rule.Expr, error) {
	var some rule.Or
	for _, m := range f.leaf {
		a, ok := m(trail.P("eventSource")).(*rule.Atom)
		if !ok || a.Neg || a.Fold || a.Op != rule.OpIn && a.Op != rule.OpPrefix {
			return nil, fmt.Errorf("eventpattern: source is compared in a way that records cannot answer: %s", m(trail.P("source")))
		}
		for _, t := range a.Texts {
			name, ok := strings.CutPrefix(t, "aws.")
			switch {
			case ok && a.Op == rule.OpIn:
				some = append(some, rule.Eq("eventSource", name+".amazonaws.com"))
			case ok:
				some = append(some, rule.Prefix("eventSource", name))
			case a.Op == rule.OpPrefix && strings.HasPrefix("aws.", t):
				some = append(some, rule.Const(true))
			}
		}
	}
	return some, nil
}
