package policy

// Explanation is a decision with its reasons. The same engine and request
// always give the same explanation.
type Explanation struct {
	Decision
	Principal string `json:"principal"`
	Action    string `json:"action"`
	Resource  string `json:"resource"`
	// Term is the way of granting that held, in words; "" for a refusal.
	Term string `json:"term,omitempty"`
	// Layers are all layers the engine has policies for, and those that are
	// missing although the request needs them, in the order of evaluation.
	Layers []LayerReport `json:"layers"`
	// Changes turn the decision round when all of them are made: an Allow
	// into a refusal, a refusal into an Allow. None when no change of the
	// policies can.
	Changes   []Change  `json:"changes,omitempty"`
	Notes     []string  `json:"notes,omitempty"`
	Unknown   []string  `json:"unknown,omitempty"` // keys the answer waits for, when Undetermined
	Error     string    `json:"error,omitempty"`   // why the request is malformed
	Semantics Semantics `json:"semantics"`
}

// LayerReport says what one layer, or one level of the organization, did.
type LayerReport struct {
	Layer Layer  `json:"layer"`
	Level int    `json:"level"`
	Name  string `json:"name,omitempty"` // of the level
	// Outcome is "allows", "denies", "silent", "undetermined" or "not applicable".
	Outcome string `json:"outcome"`
	// Statements of a layer that takes part: of [Engine.Explain] those whose
	// Action or NotAction covers the action, of [Engine.ExplainAll] all.
	Statements []StatementReport `json:"statements,omitempty"`
	// Others is the number of statements of the layer that are about other
	// actions; 0 for a layer that is not applicable.
	Others int `json:"others,omitempty"`
}

// StatementReport says whether one statement applied, and if not, why.
type StatementReport struct {
	Policy string `json:"policy,omitempty"`
	Index  int    `json:"index"`
	Sid    string `json:"sid,omitempty"`
	Pos    Pos    `json:"pos"`
	Effect string `json:"effect"`
	// Outcome is "applies", "does not apply" or "undetermined".
	Outcome string `json:"outcome"`
	// Failed are all clauses that do not match, or whose match is not known. Of a
	// statement about other actions it is Action or NotAction alone.
	Failed []Clause `json:"failed,omitempty"`
	ref    int32
}

// Clause is one element of a statement, or one condition, and what it met.
type Clause struct {
	Element string `json:"element"` // "Action", "NotResource", "Condition" ...
	Key     string `json:"key,omitempty"`
	Op      string `json:"operator,omitempty"`
	Pos     Pos    `json:"pos"`
	// Want are the patterns, variables replaced by their values. The explanations
	// of an engine share this list: it must not be changed.
	Want    []string `json:"want"`
	Saw     []string `json:"saw"` // the value of the request; none when absent
	Unknown bool     `json:"unknown,omitempty"`
}

// Explain decides like Decide and gives the reasons, in a second pass. Of the
// statements it lists those about the requested action, with every clause that
// does not match, and counts the others.
func (e *Engine) Explain(r *Request) Explanation { return e.explain(r, false) }

// ExplainAll is Explain with all statements of every layer that takes part
// listed, also those about other actions. It is the same in everything else.
func (e *Engine) ExplainAll(r *Request) Explanation { return e.explain(r, true) }

func (e *Engine) explain(r *Request, all bool) Explanation {
	ev := &evaluation{}
	x := Explanation{Decision: ev.decide(e, r), Semantics: e.sem}
	if r == nil {
		return x
	}
	x.Principal, x.Action, x.Resource = describe(&r.Principal), r.Action, r.Resource
	if x.Err != nil {
		x.Error = x.Err.Error()
	}
	if x.Err != nil || ev.needsNoPermission() || x.Layer == LayerPartition || x.Layer == LayerImmutable {
		return x
	}
	t := explainer{ev: ev, x: &x, src: e.sources(), all: all}
	t.layers()
	t.notes()
	if x.Verdict == Allow {
		x.Term = t.term()
	}
	t.changes()
	return x
}

// describe names the caller for people.
func describe(p *Principal) string {
	switch {
	case p.Session != "":
		return p.Session
	case p.ARN != "":
		return p.ARN
	case p.Service != "":
		return p.Service
	case p.Provider != "":
		return "a caller with an identity from " + p.Provider
	}
	return "anyone without credentials"
}

// term names the way of granting that held.
func (t *explainer) term() string {
	ev := t.ev
	how := ev.how
	granted := ev.granted()
	switch p := &ev.r.Principal; {
	case ev.account != ev.owner && p.Kind.hasIdentity():
		return "across accounts: the resource policy names the caller, and every policy of the caller allows"
	case (how|granted)&direct != 0 && !(p.Kind == RootUser && how&direct == 0):
		return "the resource policy names the caller directly"
	case how&^granted&(viaRole|viaUser) != 0 && ev.lacking(ev.allowed, bucketIdentity, LayerIdentity) != 0:
		return "the resource policy names the role or user behind the session"
	case granted&(viaRole|viaUser) != 0 && ev.lacking(ev.allowed, bucketIdentity, LayerIdentity) != 0:
		return "a grant of the key names the role or user behind the session"
	case p.Kind == RootUser:
		return "the root user has every right in its account that nothing takes away"
	case ev.resourcePolicyRequired():
		return "the resource policy names the account, and every policy of the caller allows"
	}
	return "every policy of the caller allows"
}

// notes says what a reader of the decision should know.
func (t *explainer) notes() {
	ev := t.ev
	if ev.e.policies.RestrictPublicBuckets && ev.e.public {
		t.x.Notes = append(t.x.Notes, "the bucket policy is public as S3 defines it, and RestrictPublicBuckets is on")
	}
	for i := range ev.e.keys.names {
		switch s := ev.slot(int32(i)); {
		case s.state == present && s.len() > 1 && t.src.plain[i] && !ev.e.sem.ManyMatchAny:
			t.x.Notes = append(t.x.Notes, "the key "+ev.e.keys.names[i]+" has several values; operators without ForAllValues or ForAnyValue do not match it")
		case s.state == unknown && t.x.Verdict == Undetermined:
			t.x.Unknown = append(t.x.Unknown, ev.e.keys.names[i])
		}
	}
}
