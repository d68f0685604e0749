package policy

import "strings"

// fixedKeys are the condition keys that make a bucket policy non-public when
// they are pinned to fixed values.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
var fixedKeys = map[string]bool{
	"aws:principalorgid": true, "aws:principalorgpaths": true, "aws:principalarn": true, "aws:principalaccount": true,
	"aws:sourceip": true, "aws:sourcearn": true, "aws:sourcevpc": true, "aws:sourcevpce": true,
	"aws:sourceowner": true, "aws:sourceaccount": true, "aws:userid": true,
	"s3:x-amz-server-side-encryption-aws-kms-key-id": true,
	"s3:dataaccesspointarn":                          true, "s3:dataaccesspointaccount": true,
}

// PublicBucket says whether S3 calls a bucket policy public: unless every Allow
// is restricted to fixed values (no wildcard, no variable) of its principal
// or of one of the condition keys that S3 lists. This is the definition behind
// the public access block. It does not see that a Deny makes a policy private,
// and it calls policies public that let nobody from outside in; [Outsiders]
// answers that question.
func PublicBucket(d *Document) bool {
	for i := range d.Statements {
		s := &d.Statements[i]
		if s.Effect == EffectAllow && !fixedPrincipal(s.Principal) && !fixedCondition(s.Conditions) {
			return true
		}
	}
	return false
}

func fixedPrincipal(p *Principals) bool {
	if p == nil || p.Everyone {
		return false
	}
	for _, v := range p.AWS {
		if strings.ContainsAny(v.Text, "*?") {
			return false
		}
	}
	return true
}

func fixedCondition(cs []Condition) bool {
	for i := range cs {
		c := &cs[i]
		op, ok := parseOperator(c.Operator)
		key := strings.ToLower(c.Key)
		if !ok || op.negated || op.ifExists || op.set == forAllValues || len(c.Values) == 0 || !fixedKeys[key] {
			continue
		}
		switch op.compare {
		case compareString, compareFold, compareGlob, compareARN:
			if fixedTexts(key, op, c.Values) {
				return true
			}
		case compareIP:
			if key == "aws:sourceip" && fixedNets(c.Values) {
				return true
			}
		}
	}
	return false
}

func fixedTexts(key string, op operator, vs []Value) bool {
	for _, v := range vs {
		text := v.Text
		if key == "s3:dataaccesspointarn" {
			// The name of the access point may be a wildcard, its account not.
			text = text[:arnGuard(text)]
		}
		wild := op.takesWildcards() && strings.ContainsAny(text, "*?")
		if text == "" || wild || strings.Contains(text, "${") {
			return false
		}
	}
	return true
}

// fixedNets: S3 calls ranges wider than /8, or /32 for IPv6, public, and does
// not count a condition that has only private addresses.
func fixedNets(vs []Value) bool {
	private := true
	for _, v := range vs {
		p, ok := parsePrefix(v.Text)
		if !ok || p.Bits() < 8 || p.Addr().Is6() && p.Bits() < 32 {
			return false
		}
		private = private && isPrivate(p)
	}
	return !private
}
