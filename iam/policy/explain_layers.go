package policy

// explainer is the second pass. What the explanation keeps must not be part of
// it, or the state of the evaluation would move to the heap.
type explainer struct {
	ev     *evaluation
	x      *Explanation
	src    *sources
	all    bool    // list the statements about other actions, too
	truths []truth // of the distinct conditions, one more than it is; 0 when not evaluated
}

// judged is what came out of one statement about the action.
type judged struct {
	statement int32
	failed    int32 // number of clauses that do not match
	resource  truth
	named     bool // the caller
}

// layers reports on every layer, in order. It judges all statements first, so
// that the lists can be made at once and in their final size.
func (t *explainer) layers() {
	t.truths = make([]truth, t.src.conditions)
	about := t.about()
	statements, failed := len(about), 0
	for i := range about {
		failed += int(about[i].failed)
	}
	if t.all {
		n := t.applicable()
		failed += n - statements
		statements = n
	}
	rest := lists{make([]StatementReport, 0, statements), make([]Clause, 0, failed), newQuotes(t.x)}
	t.x.Layers = make([]LayerReport, 0, len(t.src.spans))
	for i := range t.src.spans {
		span := &t.src.spans[i]
		applicable := t.ev.applicable&span.bucket.bit() != 0
		if span.start == span.end && !applicable {
			continue
		}
		t.x.Layers = append(t.x.Layers, span.report)
		if !applicable {
			continue
		}
		n := 0
		for n < len(about) && about[n].statement < span.end {
			n++
		}
		report := &t.x.Layers[len(t.x.Layers)-1]
		report.Statements = t.statements(&rest, span, about[:n])
		report.Others = int(span.end-span.start) - n
		report.Outcome = outcome(report.Statements)
		about = about[n:]
	}
}

// lists are all that an explanation lists: each layer has a part of the
// first, each statement a part of the second.
type lists struct {
	statements []StatementReport
	clauses    []Clause
	quotes     quotes
}

// applicable counts the statements of the layers that take part.
func (t *explainer) applicable() (n int) {
	for i := range t.src.spans {
		if span := &t.src.spans[i]; t.ev.applicable&span.bucket.bit() != 0 {
			n += int(span.end - span.start)
		}
	}
	return n
}

// about judges the statements of all layers that take part whose Action or
// NotAction covers the action, in order.
func (t *explainer) about() []judged {
	ev := t.ev
	own, every := t.src.byService[string(ev.service())], t.src.everyService
	list := make([]judged, 0, len(own)+len(every))
	for len(own)+len(every) > 0 {
		from := &own
		if len(own) == 0 || len(every) > 0 && every[0] < own[0] {
			from = &every
		}
		n := (*from)[0]
		*from = (*from)[1:]
		s := &ev.e.statements[n]
		if ev.applicable&s.layer.bit() != 0 && s.coversAction(ev.service(), ev.name()) {
			list = append(list, t.judge(s, n))
		}
	}
	return list
}

func (t *explainer) judge(s *statement, n int32) judged {
	j := judged{statement: n, resource: s.coversResource(t.ev), named: s.coversPrincipal(t.ev) != 0}
	if j.resource != yes {
		j.failed++
	}
	if !j.named {
		j.failed++
	}
	numbers := t.src.statements[n].conditions
	for i := range s.conditions {
		if t.holds(&s.conditions[i], numbers[i]) != yes {
			j.failed++
		}
	}
	return j
}

// holds evaluates a condition once, however many statements have it.
func (t *explainer) holds(c *condition, number int32) truth {
	if t.truths[number] == 0 {
		t.truths[number] = c.holds(t.ev) + 1
	}
	return t.truths[number] - 1
}

// statements reports on the statements of a layer that are to be listed, those
// about the action or all.
func (t *explainer) statements(rest *lists, span *span, about []judged) []StatementReport {
	from := len(rest.statements)
	if t.all {
		for n := span.start; n < span.end; n++ {
			if len(about) > 0 && about[0].statement == n {
				t.statement(rest, &about[0])
				about = about[1:]
			} else {
				t.unrelated(rest, n)
			}
		}
	}
	for i := range about {
		t.statement(rest, &about[i])
	}
	return rest.statements[from:len(rest.statements):len(rest.statements)]
}

// statement reports on one about the action.
func (t *explainer) statement(rest *lists, j *judged) {
	report := t.report(rest, j.statement)
	report.Outcome = "applies"
	if j.failed == 0 {
		return
	}
	from := len(rest.clauses)
	t.clauses(rest, j)
	report.Failed = rest.clauses[from:len(rest.clauses):len(rest.clauses)]
	report.Outcome = "undetermined"
	for i := range report.Failed {
		if !report.Failed[i].Unknown {
			report.Outcome = "does not apply"
			break
		}
	}
}

// unrelated reports on one about other actions, of which the rest is not looked at.
func (t *explainer) unrelated(rest *lists, n int32) {
	report := t.report(rest, n)
	from := len(rest.clauses)
	rest.clauses = append(rest.clauses, t.src.statements[n].action.clause(rest.quotes.action))
	report.Failed = rest.clauses[from : from+1 : from+1]
	report.Outcome = "does not apply"
}

// report adds a statement to the list.
func (t *explainer) report(rest *lists, n int32) *StatementReport {
	rest.statements = append(rest.statements, t.src.statements[n].report)
	return &rest.statements[len(rest.statements)-1]
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
