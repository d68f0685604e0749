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
	Outcome    string            `json:"outcome"`
	Statements []StatementReport `json:"statements,omitempty"`
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

// Explain decides like Decide and gives the reasons, in a second pass.
func (e *Engine) Explain(r *Request) Explanation {
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
	t := explainer{ev: ev, x: &x}
	t.layers(&quotes{action: []string{r.Action}, resource: []string{r.Resource}, spellings: e.spelled()})
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

type explainer struct {
	ev *evaluation
	x  *Explanation
}

// quotes are what clauses quote. It is not part of the explainer, because the
// explanation keeps it, and would keep the state of the evaluation with it.
type quotes struct {
	action, resource []string // of the request
	spellings        []spelling
	room             room
}

// layers evaluates every statement, in order.
func (t *explainer) layers(q *quotes) {
	e := t.ev.e
	next := 0
	for _, b := range e.buckets() {
		n := next
		for n < len(e.statements) && e.statements[n].layer == b {
			n++
		}
		applicable := t.ev.applicable&b.bit() != 0
		if n == next && !applicable {
			continue
		}
		layer, lev := b.layer()
		report := LayerReport{Layer: layer, Level: lev, Name: e.levelName(layer, lev), Outcome: "not applicable"}
		if applicable {
			report.Statements = make([]StatementReport, 0, n-next)
			for i := next; i < n; i++ {
				report.Statements = append(report.Statements, t.statement(int32(i), q))
			}
			report.Outcome = outcome(report.Statements)
		}
		next = n
		t.x.Layers = append(t.x.Layers, report)
	}
}

// buckets lists the buckets in the order in which statements are compiled.
func (e *Engine) buckets() []bucket {
	var list []bucket
	for i := range e.rcpLevels {
		list = append(list, bucketRCP+bucket(i))
	}
	for i := range e.scpLevels {
		list = append(list, bucketSCP+bucket(i))
	}
	return append(list, bucketEndpoint, bucketIdentity, bucketBoundary, bucketSession, bucketResource)
}

func (e *Engine) levelName(l Layer, level int) string {
	switch l {
	case LayerRCP:
		return e.policies.RCPs[level].Name
	case LayerSCP:
		return e.policies.SCPs[level].Name
	}
	return ""
}

// outcome of a whole layer.
func outcome(ss []StatementReport) string {
	result := "silent"
	for i := range ss {
		switch s := &ss[i]; {
		case s.Outcome == "applies" && s.Effect == EffectDeny:
			return "denies"
		case s.Outcome == "applies":
			result = "allows"
		case s.Outcome == "undetermined" && result == "silent":
			result = "undetermined"
		}
	}
	return result
}

func (t *explainer) statement(n int32, q *quotes) StatementReport {
	ev := t.ev
	s := &ev.e.statements[n]
	d := ev.e.documents[s.policy]
	src := &d.Statements[s.index]
	report := StatementReport{Policy: d.Name, Index: int(s.index), Sid: src.Sid, Pos: src.Pos, Effect: src.Effect, ref: n}
	report.Failed = t.clauses(s, src, &q.spellings[n], q)
	report.Outcome = "applies"
	for _, c := range report.Failed {
		if !c.Unknown {
			report.Outcome = "does not apply"
			break
		}
		report.Outcome = "undetermined"
	}
	return report
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
		case s.state == present && s.len() > 1 && t.plainUse(int32(i)):
			t.x.Notes = append(t.x.Notes, "the key "+ev.e.keys.names[i]+" has several values; operators without ForAllValues or ForAnyValue do not match it")
		case s.state == unknown && t.x.Verdict == Undetermined:
			t.x.Unknown = append(t.x.Unknown, ev.e.keys.names[i])
		}
	}
}

// plainUse: some condition compares the key without a set operator.
func (t *explainer) plainUse(key int32) bool {
	for i := range t.ev.e.statements {
		for j := range t.ev.e.statements[i].conditions {
			if c := &t.ev.e.statements[i].conditions[j]; c.key == key && c.op.set == noSet && c.op.compare != compareNull {
				return !t.ev.e.sem.ManyMatchAny
			}
		}
	}
	return false
}
