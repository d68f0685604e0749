package evidence

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"
)

// redactor takes the secrets out of one exchange.
type redactor struct {
	service string
	seen    []string // secrets, wherever they stand
	crowded bool     // there are more than can be looked for
	notes   []Redaction
	noted   map[Redaction]bool
}

// mostSeen bounds the secrets of one exchange that are looked for in all of it.
const mostSeen = 1000

// shortest is the length from which a secret is looked for elsewhere; a shorter
// one would be found in any text.
const shortest = 8

func (r *redactor) learn(secret string) {
	if len(secret) >= shortest && secret != redacted && !slices.Contains(r.seen, secret) {
		if len(r.seen) == mostSeen {
			r.crowded = true
			return
		}
		r.seen = append(r.seen, secret)
		// The longest first: one may be part of another.
		slices.SortStableFunc(r.seen, func(a, b string) int { return len(b) - len(a) })
	}
}

func (r *redactor) note(rule, where string) {
	where, _ = r.text(where)
	if n := (Redaction{rule, where}); !r.noted[n] {
		if r.noted == nil {
			r.noted = map[Redaction]bool{}
		}
		r.notes, r.noted[n] = append(r.notes, n), true
	}
}

// body redacts a body. One that cannot be read is withheld.
func (r *redactor) body(contentType string, b []byte, where string) Body {
	if len(b) == 0 {
		return Body{}
	}
	doc, err := parse(contentType, b)
	if err != nil {
		return r.withhold(ruleUnreadable, where)
	}
	out := b
	if r.document(doc, where, 0) {
		out = doc.write()
	}
	// What stands where nothing can be replaced, in a name, an attribute or a comment, is not let through.
	if r.crowded || r.leaks(out) || slices.ContainsFunc(doc.loose, r.tells) || r.named(doc.root) {
		return r.withhold(ruleUnreadable, where)
	}
	if utf8.Valid(out) {
		return Body{Text: string(out)}
	}
	return Body{Bytes: out}
}

func (r *redactor) withhold(rule, where string) Body {
	r.note(rule, where)
	return Body{Withheld: rule}
}

func (r *redactor) leaks(b []byte) bool {
	return bytes.Contains(b, []byte(keyMark)) || slices.ContainsFunc(r.seen, func(s string) bool { return bytes.Contains(b, []byte(s)) })
}

// document redacts the leaves of a document, those under telling names first,
// since what they hold may stand in others too.
func (r *redactor) document(doc document, where string, nested int) (changed bool) {
	rules := map[*node]string{}
	r.mark(doc.root, rules, false)
	doc.root.walk(func(n *node) {
		// Only what its own name tells: the value of a tag or variable may be any word.
		if rules[n] == ruleMember && isSecretName(n.name) {
			r.learn(n.text)
		}
	})
	doc.root.walk(func(n *node) {
		if n.text == "" || n.text == redacted {
			return
		}
		rule, text := rules[n], redacted
		if rule == "" {
			if text, rule = r.deep(n, where, nested); text == n.text {
				return
			}
		}
		n.set(text)
		changed = true
		if rule != "" { // within a nested document it is noted there
			r.note(rule, n.where(where))
		}
	})
	return changed
}

// deep redacts text, and the document that the text may be.
func (r *redactor) deep(n *node, where string, nested int) (out, rule string) {
	text := n.text
	if start := strings.TrimLeft(text, " \t\r\n"); nested < 4 && start != "" && (start[0] == '{' || start[0] == '[') {
		if doc, err := parseJSON([]byte(text)); err == nil {
			changed := r.document(doc, n.where(where), nested+1)
			if r.named(doc.root) {
				return redacted, ruleSeen
			}
			if changed {
				text = string(doc.write())
			}
			return text, ""
		}
	}
	if len(text) >= 2*len(keyMark) {
		if b, err := base64.StdEncoding.DecodeString(text); err == nil && r.leaks(b) {
			if bytes.Contains(b, []byte(keyMark)) {
				return redacted, rulePrivateKey
			}
			return redacted, ruleSeen
		}
	}
	return r.text(text)
}

// text redacts by the rules on text. rule is the last that took something out.
func (r *redactor) text(s string) (out, rule string) {
	for _, secret := range r.seen {
		if strings.Contains(s, secret) {
			s, rule = strings.ReplaceAll(s, secret, redacted), ruleSeen
		}
	}
	if !strings.Contains(s, keyMark) && !strings.Contains(s, "://") && !strings.Contains(s, "eyJ") && !strings.Contains(s, "IQoJ") && !strings.Contains(s, "FwoG") {
		return s, rule
	}
	for _, p := range patterns() {
		replaced := p.expr.ReplaceAllStringFunc(s, func(found string) string {
			kept := p.expr.FindStringSubmatch(found)[1]
			if kept == "" {
				return redacted
			}
			return kept + redacted + "@"
		})
		if replaced != s {
			s, rule = replaced, p.rule
		}
	}
	return s, rule
}

// tells says whether a rule on text would take something out of s.
func (r *redactor) tells(s string) bool {
	_, rule := r.text(s)
	return rule != ""
}

// named says whether a rule on text would take something out of a member's name.
func (r *redactor) named(n *node) bool {
	return slices.ContainsFunc(n.kids, func(k *node) bool { return k.name != n.name && r.tells(k.name) || r.named(k) })
}

// walk visits the leaves.
func (n *node) walk(visit func(*node)) {
	if n.leaf {
		visit(n)
	}
	for _, k := range n.kids {
		k.up = n
		k.walk(visit)
	}
}

// where names the place of a member that was walked to. A list's items have its name.
func (n *node) where(document string) string {
	if n.up == nil {
		return document
	}
	above := n.up.where(document)
	if n.name == "" || n.name == n.up.name {
		return above
	}
	return above + "/" + n.name
}

// mark finds the leaves that a rule on names takes out. environment: they stand
// in a list or map of environment variables.
func (r *redactor) mark(n *node, rules map[*node]string, environment bool) {
	label, secure := "", ""
	if r.service == "API Gateway" {
		secure = ruleParameter
	}
	for _, k := range n.kids {
		switch p := plain(k.name); {
		case !k.leaf:
		case isLabel(p):
			label = k.text
		case p == "type" && k.text == "SecureString":
			secure = ruleParameter
		case p == "namespace" && k.text == "aws:elasticbeanstalk:application:environment":
			secure = ruleEnvironment
		}
	}
	for _, k := range n.kids {
		p := plain(k.name)
		value := p == "value" || p == "parametervalue"
		switch {
		case !k.leaf:
			inside := environment && (k.item || value || p == "variables" || p == "environment")
			r.mark(k, rules, inside || isEnvironment(k))
		case k.text == "true" || k.text == "false":
		case value && secure != "":
			rules[k] = secure
		case isSecretName(k.name), value && (isSecretName(label) || isSecretName(n.name)):
			rules[k] = ruleMember
		case n.item && (isLabel(p) || p == "type"): // of a variable
		case environment:
			rules[k] = ruleEnvironment
		}
	}
}

func isLabel(p string) bool {
	return p == "key" || p == "name" || p == "parameterkey" || p == "parametername" || p == "optionname"
}

// isEnvironment tells environment variables from what else is called an
// environment: they are a map from names to text, a list of names and values, or
// the member "variables".
func isEnvironment(n *node) bool {
	switch plain(n.name) {
	case "environmentvariables", "runtimeenvironmentvariables":
		return true
	case "environment":
		return !slices.ContainsFunc(n.kids, func(k *node) bool {
			p := plain(k.name)
			return !k.leaf && !k.item && p != "variables" || p == "computetype"
		})
	}
	return false
}
