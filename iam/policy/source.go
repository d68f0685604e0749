package policy

import "fmt"

// sources is what explanations need of the policies beyond what decisions do.
// All explanations of an engine share it.
type sources struct {
	spans        []span
	statements   []source
	byService    map[string][]int32 // statements about a service, in order
	everyService []int32            // statements that can be about every service
	conditions   int                // number of distinct ones
	plain        []bool             // keys that some condition compares without a set operator
}

// span is the statements of one layer or level.
type span struct {
	bucket     bucket
	start, end int32
	report     LayerReport // as far as it is the same for all requests
}

// source is one statement as its policy writes it.
type source struct {
	report                      StatementReport // as far as it is the same for all requests
	action, resource, principal element
	variables                   bool    // in Resource or NotResource
	conditions                  []int32 // the numbers of its conditions: equal ones have the same
}

// element is one of the elements that a statement has, or its opposite.
type element struct {
	name string
	pos  Pos
	want []string
}

func (e *element) clause(saw []string) Clause {
	return Clause{Element: e.name, Pos: e.pos, Want: e.want, Saw: saw}
}

func (e *Engine) newSources() *sources {
	src := &sources{
		spans: e.spans(), statements: make([]source, len(e.statements)),
		byService: map[string][]int32{}, everyService: e.index.any.all(),
		plain: make([]bool, len(e.keys.names)),
	}
	for service, p := range e.index.byService {
		src.byService[service] = p.all()
	}
	numbers := map[string]int32{}
	for i := range e.statements {
		s := &e.statements[i]
		d := e.documents[s.policy]
		written := &d.Statements[s.index]
		src.statements[i] = newSource(d, int(s.index), int32(i))
		for j := range s.resources {
			src.statements[i].variables = src.statements[i].variables || s.resources[j].variables
		}
		of := make([]int32, len(s.conditions))
		for j := range s.conditions {
			c := &s.conditions[j]
			src.plain[c.key] = src.plain[c.key] || c.op.set == noSet && c.op.compare != compareNull
			w := &written.Conditions[j]
			text := fmt.Sprintf("%t %q %q %q", d.Version == Version2012, w.Operator, w.Key, textsOf(w.Values))
			number, ok := numbers[text]
			if !ok {
				number = int32(len(numbers))
				numbers[text] = number
			}
			of[j] = number
		}
		src.statements[i].conditions = of
	}
	src.conditions = len(numbers)
	return src
}

func newSource(d *Document, index int, ref int32) source {
	s := &d.Statements[index]
	src := source{
		report:    StatementReport{Policy: d.Name, Index: index, Sid: s.Sid, Pos: s.Pos, Effect: s.Effect, ref: ref},
		action:    element{"Action", posOf(s.Action, s.Pos), textsOf(s.Action)},
		resource:  element{"Resource", posOf(s.Resource, s.Pos), textsOf(s.Resource)},
		principal: element{"Principal", s.Principal.position(), s.Principal.names()},
	}
	if s.Action == nil {
		src.action = element{"NotAction", posOf(s.NotAction, s.Pos), textsOf(s.NotAction)}
	}
	if s.Resource == nil && s.NotResource != nil {
		src.resource = element{"NotResource", posOf(s.NotResource, s.Pos), textsOf(s.NotResource)}
	}
	if s.Principal == nil {
		src.principal = element{"NotPrincipal", s.NotPrincipal.position(), s.NotPrincipal.names()}
	}
	return src
}

// spans finds the statements of each layer.
func (e *Engine) spans() []span {
	var list []span
	next := int32(0)
	for _, b := range e.buckets() {
		layer, lev := b.layer()
		s := span{bucket: b, start: next, report: LayerReport{Layer: layer, Level: lev, Name: e.levelName(layer, lev), Outcome: "not applicable"}}
		for int(next) < len(e.statements) && e.statements[next].layer == b {
			next++
		}
		s.end = next
		list = append(list, s)
	}
	return list
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

func posOf(vs []Value, otherwise Pos) Pos {
	if len(vs) > 0 && vs[0].Pos.Line > 0 {
		return vs[0].Pos
	}
	return otherwise
}

func textsOf(vs []Value) []string {
	texts := make([]string, len(vs))
	for i, v := range vs {
		texts[i] = v.Text
	}
	return texts
}

func (p *Principals) position() Pos {
	if p == nil {
		return Pos{}
	}
	return p.Pos
}

// names lists the principals as written.
func (p *Principals) names() []string {
	if p == nil {
		return nil
	}
	if p.Everyone {
		return []string{"*"}
	}
	var all []string
	for _, vs := range [][]Value{p.AWS, p.Service, p.Federated, p.CanonicalUser} {
		all = append(all, textsOf(vs)...)
	}
	return all
}
