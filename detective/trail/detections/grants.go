package detections

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"path"
	"slices"
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// adminPolicies are how the ARNs of AWS's strongest policies end.
var adminPolicies = []string{"/AdministratorAccess", "/IAMFullAccess", "/PowerUserAccess"}

// trust judges who may take a role through a provider: Yes for one that is not
// known, when some are, and for one of web identities without a condition on
// the subject, for then all of its subjects may.
func (p *Params) trust() func([]byte) rule.Verdict {
	return func(doc []byte) rule.Verdict {
		return statements(doc, func(st trail.Value) rule.Verdict {
			for f := range st.Member("Principal").Member("Federated").Elements {
				arn := f.Text()
				_, name, _ := strings.Cut(arn, "-provider/")
				known := len(p.KnownProviders) == 0 || slices.Contains(p.KnownProviders, arn) || name != "" && slices.Contains(p.KnownProviders, name)
				if !known || strings.Contains(arn, ":oidc-provider/") && !subjected(st) {
					return rule.Yes
				}
			}
			return rule.Clean
		})
	}
}

// subjected says whether a statement asks for something of the subject.
func subjected(st trail.Value) bool {
	for op, keys := range st.Member("Condition").Members {
		name := strings.ToLower(op.String())
		if !strings.Contains(name, "string") || strings.Contains(name, "not") || strings.HasSuffix(name, "ifexists") {
			continue
		}
		for key, values := range keys.Members {
			if strings.HasSuffix(strings.ToLower(key.String()), ":sub") && !holds(values, "*") {
				return true
			}
		}
	}
	return false
}

// strangeCA judges a call that adds trust to Roles Anywhere: clean when the
// record shows that all trust is in certificates which are known. Without a list,
// or without a certificate in the record, it is not.
func (p *Params) strangeCA(e *trail.Event) rule.Verdict {
	data := e.Request().Member("source").Member("sourceData")
	if arn := data.Member("acmPcaArn").Text(); arn != "" {
		if slices.Contains(p.KnownCAs, arn) {
			return rule.Clean
		}
		return rule.Yes
	}
	block, rest := pem.Decode([]byte(data.Member("x509CertificateData").Text()))
	if block == nil {
		return rule.Yes
	}
	for ; block != nil; block, rest = pem.Decode(rest) {
		sum := sha256.Sum256(block.Bytes)
		fingerprint := hex.EncodeToString(sum[:])
		if !slices.ContainsFunc(p.KnownCAs, func(k string) bool { return strings.EqualFold(strings.ReplaceAll(k, ":", ""), fingerprint) }) {
			return rule.Yes
		}
	}
	return rule.Clean
}

// barred judges a resource's policy: Yes when it lets none of the services do
// the action, written in lower case. Conditions of what is allowed are taken to
// be met, since the services' own example policies have some; a conditional
// denial is undecided.
func barred(action string, services ...string) func([]byte) rule.Verdict {
	return func(doc []byte) rule.Verdict {
		v, ok := trail.JSON(doc)
		if !ok {
			return rule.Undecided
		}
		verdict := rule.Yes
		for _, s := range services {
			switch barredOne(v, action, s) {
			case rule.Clean:
				return rule.Clean
			case rule.Undecided:
				verdict = rule.Undecided
			}
		}
		return verdict
	}
}

func barredOne(doc trail.Value, action, service string) rule.Verdict {
	allowed, denied := false, rule.Clean
	for st := range doc.Member("Statement").Elements {
		if !speaksOf(st, service) || !covers(st, action) {
			continue
		}
		if st.Member("Effect").Is("Allow") {
			allowed = true
		} else if v := unlessConditional(st); denied != rule.Yes {
			denied = v
		}
	}
	if !allowed {
		return rule.Yes
	}
	return denied
}

// speaksOf says whether the service is among the principals of a statement.
func speaksOf(st trail.Value, service string) bool {
	if but := st.Member("NotPrincipal"); but.Kind() != trail.KindAbsent {
		return !holds(but.Member("Service"), service)
	}
	return slices.Contains(principals(st), "*") || holds(st.Member("Principal").Member("Service"), service)
}

func holds(list trail.Value, text string) bool {
	for el := range list.Elements {
		if el.Is(text) {
			return true
		}
	}
	return false
}

// covers says whether an action in lower case is among those of a statement.
func covers(st trail.Value, action string) bool {
	if but := st.Member("NotAction"); but.Kind() != trail.KindAbsent {
		return !matches(but, action)
	}
	return matches(st.Member("Action"), action)
}

func matches(patterns trail.Value, action string) bool {
	for p := range patterns.Elements {
		if ok, err := path.Match(strings.ToLower(p.Text()), action); ok && err == nil {
			return true
		}
	}
	return false
}
