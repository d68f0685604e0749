package policy

import "slices"

// Result answers a question about all requests of some sort. The zero value
// is Unknown: a question is never answered by running out of time or ideas.
type Result uint8

// The results.
const (
	Unknown Result = iota // neither proved nor refuted
	No                    // proved: there is no such request
	Yes                   // there is one: the witness, which the engine allows
)

// String returns the result in lower case.
func (r Result) String() string { return [...]string{"unknown", "no", "yes", "unknown"}[r&3] }

// MarshalText writes the result as its word.
func (r Result) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Answer is a result with what it rests on.
type Answer struct {
	Result Result `json:"result"`
	// Reason is one sentence for people.
	Reason string `json:"reason"`
	// Statement that opens the door, or that could not be judged.
	Statement StatementRef `json:"statement,omitzero"`
	// Witness of a Yes: a request of the sort asked about that is allowed.
	Witness *Request `json:"witness,omitempty"`
}

// Survey counts what an engine answers for every known action. A long list of
// conditions is no reason for an action to be missing here: actions whose
// answer depends on a key that the request does not give are Conditional.
type Survey struct {
	Allowed     []string // certainly allowed, whatever the context holds
	Conditional []string // allowed for some values of the context, as far as known
	Refused     []string // certainly refused
}

// SurveyActions asks for every action of the catalog, on a resource that no
// policy can have had in mind, for the principal and under any context. Actions
// that have no resources are asked for on "*". nil means [EmbeddedCatalog].
func (e *Engine) SurveyActions(p Principal, c *Catalog) Survey {
	if c == nil {
		c = EmbeddedCatalog()
	}
	var s Survey
	for _, prefix := range c.Prefixes() {
		service := c.Service(prefix)
		star, scoped := anywhere(p, "", prefix, true), anywhere(p, "", prefix, false)
		for i := range service.Actions {
			a := &service.Actions[i]
			name := prefix + ":" + a.Name
			r := &scoped
			if len(a.Types) == 0 {
				r = &star
			}
			r.Action = name
			switch e.Decide(r).Verdict {
			case Allow:
				s.Allowed = append(s.Allowed, name)
			case Undetermined:
				s.Conditional = append(s.Conditional, name)
			default:
				s.Refused = append(s.Refused, name)
			}
		}
	}
	return s
}

// anywhere is a request on a resource that nobody has named.
func anywhere(p Principal, action, service string, star bool) Request {
	r := Request{Principal: p, Action: action, Resource: "*", Unknown: []string{"*"}}
	if !star {
		a, _ := parseARN(p.ARN)
		r.Resource = "arn:" + a.partition + ":" + service + ":us-east-1:" + a.account + ":" + fresh + "/" + fresh
	}
	return r
}

// fresh is a name that no policy mentions.
const fresh = "zz9-plural-z-alpha"

// Administrator says whether identity policies give every right there is:
// every known action, and one of a service that does not exist yet, on a
// resource nobody has named, whatever the context holds. Every Deny and
// condition counts; spellings such as NotAction, several statements that
// together cover everything, or "*:*", make no difference.
//
// Unknown means that the rights are complete but for conditions; the reason
// names an action whose answer depends on one. Policies with problems are an
// error, not an answer.
func Administrator(identity []*Document, sem Semantics, c *Catalog) (Answer, error) {
	e, err := Compile(Policies{Identity: identity, Semantics: sem})
	if err != nil {
		return Answer{}, err
	}
	p := Principal{Kind: IAMUser, ARN: "arn:aws:iam::123456789012:user/" + fresh}
	r := anywhere(p, fresh+":"+fresh, fresh, false)
	if v := e.Decide(&r).Verdict; v != Allow && v != Undetermined {
		return Answer{Result: No, Reason: "actions that no statement names are refused"}, nil
	}
	s := e.SurveyActions(p, c)
	// Only a grant of the key lets anybody retire one.
	s.Refused = slices.DeleteFunc(s.Refused, func(a string) bool { return a == "kms:RetireGrant" })
	switch {
	case len(s.Refused) > 0:
		return Answer{Result: No, Reason: s.Refused[0] + " and perhaps other actions are refused"}, nil
	case len(s.Conditional) > 0:
		return Answer{Result: Unknown, Reason: "everything is allowed under conditions, " + s.Conditional[0] + " for instance", Statement: e.opener(&r)}, nil
	case e.Decide(&r).Verdict != Allow:
		return Answer{Result: Unknown, Reason: "actions that no statement names are allowed under conditions", Statement: e.opener(&r)}, nil
	}
	return Answer{Result: Yes, Reason: "every action is allowed on every resource", Statement: e.opener(&r), Witness: &r}, nil
}

// opener is the first Allow statement that applies, or may apply.
func (e *Engine) opener(r *Request) StatementRef {
	ev := &evaluation{}
	ev.decide(e, r)
	for i := range e.statements {
		if s := &e.statements[i]; !s.deny && ev.applicable&s.layer.bit() != 0 && ev.result(s) != no {
			return e.ref(s)
		}
	}
	return StatementRef{}
}

// Loss is a request that was allowed before a change of policies and is not after it.
type Loss struct {
	Index int // of the request
	After Decision
}

// Lost decides the requests before and after a change and returns those that
// the change takes away: what a caller must be shown before it locks itself
// out. A request that was not allowed before cannot be lost; one whose answer
// afterwards depends on unknown keys is.
func Lost(before, after *Engine, rs ...*Request) []Loss {
	var losses []Loss
	for i, r := range rs {
		if d := after.Decide(r); before.Decide(r).Allowed() && !d.Allowed() {
			losses = append(losses, Loss{Index: i, After: d})
		}
	}
	return losses
}
