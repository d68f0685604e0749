package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/cover"
	"github.com/awsposture/posture/detective/trail/rule"
)

// Kind is what a [Note] says.
type Kind uint8

// The kinds of notes.
const (
	AlwaysTrue Kind = iota // it matches every event
	Broad                  // it names no event and matches ordinary ones of many services
	Subsumed               // another rule matches whatever it matches
	NeedsData              // it is about data events, which trails do not record by default
	NeedsReads             // it is about read-only management events, which EventBridge does not pass on by default
	NotIndexed             // it must be tried on every event
)

func (k Kind) String() string {
	return [...]string{"always true", "broad", "subsumed", "needs data events", "needs read events", "not indexed"}[min(k, NotIndexed)]
}

// MarshalText writes the kind as its words.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Note is what a rule costs or needs. It is no fault of the rule: whether it
// matters depends on where the rule is to run.
type Note struct {
	Rule   string   `json:"rule"`
	Kind   Kind     `json:"kind"`
	Reason string   `json:"reason"`
	Events []string `json:"events,omitempty"` // the names it is about
	Partly bool     `json:"partly,omitempty"` // the rule also names other events
	Types  []string `json:"types,omitempty"`  // NeedsData: the resource types to record
	Other  string   `json:"other,omitempty"`  // Subsumed: by this rule
}

func (n Note) String() string {
	return fmt.Sprintf("rule %q: %s: %s", n.Rule, n.Kind, n.Reason)
}

// Notes tells what rules cost or need, in the order of the rules. See
//   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
//   - https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
//
// Whether an event only reads is told by its name: exceptions that are not
// known here are missed, and never make a note wrong by more than one name.
func Notes(rules []rule.Rule) []Note {
	var out []Note
	scopes := make([][]scope, len(rules))
	for i, r := range rules {
		if r.Expr != nil {
			scopes[i] = scopesOf(r.Expr)
		}
	}
	for i, r := range rules {
		if r.Expr == nil {
			continue
		}
		all := alwaysTrue(r.Expr)
		switch {
		case all && !r.Silent && r.Correlate == nil:
			out = append(out, Note{Rule: r.ID, Kind: AlwaysTrue, Reason: "every event matches"})
		case !r.Silent && r.Correlate == nil && r.Refine == nil:
			if n := ordinary(r.Expr, scopes[i]); n >= 3 {
				out = append(out, Note{Rule: r.ID, Kind: Broad, Reason: fmt.Sprintf("it names no event, and ordinary calls of %d services match", n)})
			}
			if other, same := subsumed(rules, scopes, i); other != "" {
				reason := fmt.Sprintf("the rule %q matches whatever it matches", other)
				if same {
					reason = fmt.Sprintf("it matches the same events as the rule %q", other)
				}
				out = append(out, Note{Rule: r.ID, Kind: Subsumed, Reason: reason, Other: other})
			}
		}
		out = append(out, needs(r.ID, scopes[i])...)
		if set, err := rule.Compile([]rule.Rule{{ID: r.ID, Expr: r.Expr}}); err == nil && len(set.Unindexed()) > 0 {
			out = append(out, Note{Rule: r.ID, Kind: NotIndexed, Reason: "no test for an event source, name or type that must hold: it is tried on every event"})
		}
	}
	return out
}

func alwaysTrue(x rule.Expr) bool {
	return cover.Cover(rule.Const(true), []rule.Expr{x}, nil).Covered
}

// needs tells which of the events that a rule names are not everywhere.
func needs(id string, scopes []scope) (out []Note) {
	var data, reads, types []string
	others := false
	for _, s := range scopes {
		if !s.namesSet {
			others = true // any event; what it needs is not known
			continue
		}
		for _, n := range s.names {
			switch kind, typ, wholly := kindOf(s, n); kind {
			case dataEvent:
				others = others || !wholly
				data = append(data, n)
				types = append(types, typ)
			case readEvent:
				reads = append(reads, n)
			default:
				others = true
			}
		}
	}
	if data = distinct(data); data != nil {
		types = distinct(types)
		out = append(out, Note{
			Rule: id, Kind: NeedsData, Events: data, Types: types, Partly: others || reads != nil,
			Reason: some(data) + " is recorded only by trails that select data events of " + strings.Join(types, ", "),
		})
	}
	if reads = distinct(reads); reads != nil {
		out = append(out, Note{
			Rule: id, Kind: NeedsReads, Events: reads, Partly: others || data != nil,
			Reason: some(reads) + " only reads: an EventBridge rule gets it in the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS only, and a write-only trail lacks it",
		})
	}
	return out
}

func distinct(s []string) []string {
	slices.Sort(s)
	return slices.Compact(s)
}

func some(names []string) string {
	if len(names) <= 3 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:2], ", "), len(names)-2)
}

// subsumed names a rule that matches all that the i-th matches. Of two that
// match the same, the later one is the one too many.
func subsumed(rules []rule.Rule, scopes [][]scope, i int) (other string, same bool) {
	a := rules[i]
	for j, b := range rules {
		if j == i || b.Expr == nil || b.Silent || b.Correlate != nil || b.Refine != nil || !mayCover(scopes[j], scopes[i], b.Expr, a.Expr) {
			continue
		}
		if !cover.Cover(a.Expr, []rule.Expr{b.Expr}, nil).Covered {
			continue
		}
		if same = cover.Cover(b.Expr, []rule.Expr{a.Expr}, nil).Covered; !same || j < i {
			return b.ID, same
		}
	}
	return "", false
}

// samples are ordinary calls, each of another service.
var samples = []struct{ source, name, who, readOnly string }{
	{"ec2", "DescribeInstances", "AssumedRole", "true"},
	{"s3", "GetBucketLocation", "AssumedRole", "true"},
	{"lambda", "ListFunctions20150331", "IAMUser", "true"},
	{"logs", "CreateLogStream", "AssumedRole", "false"},
	{"dynamodb", "UpdateTable", "AssumedRole", "false"},
	{"cloudformation", "UpdateStack", "IAMUser", "false"},
	{"sqs", "CreateQueue", "IAMUser", "false"},
	{"kms", "GenerateDataKey", "AWSService", "true"},
	{"sts", "AssumeRole", "AWSService", "true"},
	{"autoscaling", "SetDesiredCapacity", "AWSService", "false"},
}

// ordinary counts the samples that a condition without names of events matches.
func ordinary(x rule.Expr, scopes []scope) (n int) {
	if !slices.ContainsFunc(scopes, func(s scope) bool { return !s.namesSet && !s.sourcesSet }) {
		return 0
	}
	m, err := rule.CompileExpr(x)
	if err != nil {
		return 0
	}
	for _, s := range samples {
		var e trail.Event
		text := fmt.Sprintf(`{"eventVersion":"1.11","eventTime":"2026-03-01T10:00:00Z","eventSource":"%s.amazonaws.com","eventName":%q,"eventType":"AwsApiCall","eventCategory":"Management","managementEvent":true,`+
			`"readOnly":%s,"awsRegion":"us-east-1","sourceIPAddress":"192.0.2.10","userAgent":"aws-sdk-example/1.0","recipientAccountId":"111122223333",`+
			`"userIdentity":{"type":%q,"accountId":"111122223333"},"requestParameters":{},"responseElements":null}`, s.source, s.name, s.readOnly, s.who)
		if e.Parse([]byte(text)) == nil && m.Event(&e) {
			n++
		}
	}
	return n
}
