package detections

import (
	"net/url"
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// document is the policy document that a value holds: JSON text in a string,
// perhaps URL-encoded, or an object. ok is false when there is none.
func document(v trail.Value) (doc trail.Value, ok bool) {
	switch v.Kind() {
	case trail.KindObject:
		return v, true
	case trail.KindString:
		text := strings.TrimSpace(v.Text())
		if strings.HasPrefix(text, "%7B") || strings.HasPrefix(text, "%7b") {
			if t, err := url.QueryUnescape(text); err == nil {
				text = t
			}
		}
		doc, ok = trail.JSON([]byte(text))
		return doc, ok && doc.Kind() == trail.KindObject
	}
	return trail.Value{}, false
}

// judge makes a Refine function: the worst of the verdicts on the documents at
// the paths. A document that CloudTrail left out, or that does not parse, is
// undecided; no document at all is clean.
func judge(f func([]byte) rule.Verdict, paths ...string) func(*trail.Event) rule.Verdict {
	var at []trail.Path
	for _, p := range paths {
		at = append(at, trail.P(p))
	}
	return func(e *trail.Event) rule.Verdict {
		worst := rule.Clean
		if e.Omitted() {
			worst = rule.Undecided
		}
		for _, path := range at {
			text := e.Get(path)
			if text.Kind() == trail.KindAbsent {
				continue
			}
			v := rule.Undecided
			if doc, ok := document(text); ok {
				v = f(doc.Raw())
			}
			if v == rule.Yes {
				return rule.Yes
			}
			if v == rule.Undecided {
				worst = v
			}
		}
		return worst
	}
}

// unless says yes of the events that are found without a document, and judges
// the others. What judges is made once, not with every event.
func unless(found func(*trail.Event) bool, judge func(*trail.Event) rule.Verdict) func(*trail.Event) rule.Verdict {
	return func(e *trail.Event) rule.Verdict {
		if found(e) {
			return rule.Yes
		}
		return judge(e)
	}
}

// either is the worse of two judgements.
func either(f, g func([]byte) rule.Verdict) func([]byte) rule.Verdict {
	return func(doc []byte) rule.Verdict {
		a, b := f(doc), g(doc)
		if a == rule.Yes || b == rule.Yes {
			return rule.Yes
		}
		return max(a, b)
	}
}

// statements calls f for every Allow statement until it says Yes.
func statements(doc []byte, f func(st trail.Value) rule.Verdict) rule.Verdict {
	v, ok := trail.JSON(doc)
	if !ok {
		return rule.Undecided
	}
	worst := rule.Clean
	for st := range v.Member("Statement").Elements {
		if !st.Member("Effect").Is("Allow") {
			continue
		}
		switch f(st) {
		case rule.Yes:
			return rule.Yes
		case rule.Undecided:
			worst = rule.Undecided
		}
	}
	return worst
}

// principals lists the AWS principals of a statement; "*" for everybody.
func principals(st trail.Value) []string {
	p := st.Member("Principal")
	if p.Kind() == trail.KindString {
		return []string{p.Text()}
	}
	var out []string
	for el := range p.Member("AWS").Elements {
		out = append(out, el.Text())
	}
	return out
}

func (p *Params) public() func([]byte) rule.Verdict {
	if p.PolicyPublic != nil {
		return p.PolicyPublic
	}
	return func(doc []byte) rule.Verdict {
		return statements(doc, func(st trail.Value) rule.Verdict {
			for _, who := range principals(st) {
				if who == "*" {
					return unlessConditional(st)
				}
			}
			if st.Member("NotPrincipal").Kind() != trail.KindAbsent {
				return unlessConditional(st)
			}
			return rule.Clean
		})
	}
}

func unlessConditional(st trail.Value) rule.Verdict {
	if st.Member("Condition").Kind() == trail.KindObject {
		return rule.Undecided
	}
	return rule.Yes
}

func (p *Params) external() func([]byte) rule.Verdict {
	if p.PolicyExternal != nil {
		return p.PolicyExternal
	}
	own := map[string]bool{}
	for _, a := range p.accounts() {
		own[a] = true
	}
	return func(doc []byte) rule.Verdict {
		return statements(doc, func(st trail.Value) rule.Verdict {
			for _, who := range principals(st) {
				account := who
				if f := strings.Split(who, ":"); len(f) >= 5 && f[0] == "arn" {
					account = f[4]
				}
				if len(account) == 12 && !own[account] && len(own) > 0 {
					return rule.Yes
				}
			}
			return rule.Clean
		})
	}
}
