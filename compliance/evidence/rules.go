package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Rule is one rule by which things are kept out of recordings.
type Rule struct {
	ID   string `json:"id"`
	What string `json:"what"`
}

// The rules' ids.
const (
	ruleAuthorization = "authorization"
	ruleMember        = "secret-member"
	ruleEnvironment   = "environment"
	ruleParameter     = "secure-parameter"
	rulePrivateKey    = "private-key"
	ruleToken         = "token"
	ruleSeen          = "seen"
	ruleUnreadable    = "unreadable"
	ruleTooLarge      = "too-large"
)

// Rules lists the redaction rules. What a rule takes out becomes the word
// REDACTED, which is text and base64 alike, so that the answer still parses.
func Rules() []Rule {
	return []Rule{
		{ruleAuthorization, "request headers that carry signatures, session tokens, cookies or customer keys"},
		{ruleMember, "text under a name that secrets have, and the value beside such a name: " + strings.Join(secretNames, ", ") + "; or a name that ends in " + strings.Join(secretEndings, ", ")},
		{ruleEnvironment, "the values of environment variables, not their names"},
		{ruleParameter, "the values of SecureString parameters and of API keys"},
		{rulePrivateKey, "PEM private keys in any text, in base64 too"},
		{ruleToken, "JSON web tokens, AWS session tokens and passwords of URLs in any text"},
		{ruleSeen, "what another rule took out of the same exchange, and the credentials it was signed with, wherever they appear again"},
		{ruleUnreadable, "a body that is not JSON, XML, CBOR or a form is not kept: no rule can look into it"},
		{ruleTooLarge, "a body that is larger than the recorder's limit, or that can be read only once, is not kept"},
	}
}

// RulesHash is the hash of the rules, as recordings and manifests carry it.
func RulesHash() string {
	h := sha256.New()
	for _, r := range Rules() {
		h.Write([]byte(r.ID + "\x00" + r.What + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// redacted stands where something was taken out.
const redacted = "REDACTED"

// secretNames and secretEndings are without case and punctuation.
var secretNames = []string{
	"secret", "sharedsecret", "servicecredentialsecret", "secretstring", "secretbinary", "base32stringseed", "qrcodepng",
	"keymaterial", "passworddata", "userdata", "plaintext", "presharedkey", "customergatewayconfiguration", "privatekeybase64", "privatekeyplaintext",
}

var secretEndings = []string{
	"password", "passphrase", "secretkey", "secretaccesskey", "clientsecret", "privatekey", "sessiontoken", "securitytoken", "authtoken", "authorizationtoken",
	"accesstoken", "refreshtoken", "idtoken", "bearertoken", "oauthtoken", "apikey", "customerkey", "xamzsignature",
}

var punctuation = strings.NewReplacer("_", "", "-", "", ".", "", " ", "", ":", "")

func plain(name string) string { return strings.ToLower(punctuation.Replace(name)) }

func isSecretName(name string) bool {
	p := plain(name[strings.LastIndexByte(name, '/')+1:]) // "/prod/db/password" names a parameter
	return slices.Contains(secretNames, p) || slices.ContainsFunc(secretEndings, func(end string) bool { return strings.HasSuffix(p, end) })
}

// pattern is a rule on text. What the expression matches is replaced, but for
// its first group.
type pattern struct {
	rule string
	expr *regexp.Regexp
}

const keyMark = "PRIVATE KEY-----"

var patterns = sync.OnceValue(func() []pattern {
	return []pattern{
		{rulePrivateKey, regexp.MustCompile(`()-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)`)},
		{ruleToken, regexp.MustCompile(`()\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*`)},
		{ruleToken, regexp.MustCompile(`()\b(?:IQoJb3JpZ2lu|FwoGZXIvYXdz)[A-Za-z0-9+/=%_-]{16,}`)},
		{ruleToken, regexp.MustCompile(`(\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@"']*:)[^\s/@"']+@`)},
	}
})

// requestHeader says whether a request's header is kept: it must say what is
// asked, be the same in a second run, and hold no secret.
func requestHeader(name string) (keep bool, rule string) {
	p := plain(name)
	switch {
	case p == "authorization", p == "proxyauthorization", p == "cookie", strings.Contains(p, "token"), isSecretName(name):
		return false, ruleAuthorization
	case p == "xamzdate", p == "xamzuseragent", p == "xamzcontentsha256", strings.HasPrefix(p, "xamzchecksum"), p == "xamzcustomerkeymd5", strings.HasSuffix(p, "customerkeymd5"):
		return false, ""
	case strings.HasPrefix(p, "xamz"), p == "contenttype", p == "range", strings.HasPrefix(p, "if"), p == "smithyprotocol":
		return true, ""
	}
	return false, ""
}

// answerHeader says whether an answer's header is kept.
func answerHeader(name string) (keep bool, rule string) {
	p := plain(name)
	switch {
	case p == "setcookie", strings.Contains(p, "token"), isSecretName(name):
		return false, ruleAuthorization
	case p == "xamzretryafter", strings.HasPrefix(p, "xamzchecksum"), p == "xamzcrc32", strings.HasSuffix(p, "customerkeymd5"):
		// A replay waits for nothing, and sums over what was redacted would not hold.
		return false, ""
	case strings.HasPrefix(p, "xamz"), p == "contenttype", p == "date", p == "etag", p == "lastmodified", p == "location", p == "smithyprotocol", p == "contentrange":
		return true, ""
	}
	return false, ""
}
