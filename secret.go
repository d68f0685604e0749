package posture

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// secretMembers are the names, without case and punctuation, under which a
// secret would stand in a state.
var secretMembers = map[string]bool{"secret": true, "sharedsecret": true, "secretstring": true, "base32stringseed": true}

// secretEndings are what the names of secrets end in, however they begin:
// masterUserPassword, smtp_password.
var secretEndings = []string{"password", "passphrase", "secretkey", "secretaccesskey", "clientsecret", "privatekey", "sessiontoken", "authtoken", "apikey"}

// secretIn gives the name of the first member of b that holds a secret, "" where
// none does: text under one of the names, or a private key under any.
func secretIn(b json.RawMessage) string {
	var tree any
	if json.Unmarshal(b, &tree) != nil {
		return ""
	}
	return secretUnder("itself", tree)
}

func secretUnder(name string, v any) string {
	switch v := v.(type) {
	case string:
		if v != "" && isSecretName(name) || strings.Contains(v, "PRIVATE KEY-----") {
			return name
		}
	case map[string]any:
		for _, member := range slices.Sorted(maps.Keys(v)) {
			if found := secretUnder(member, v[member]); found != "" {
				return found
			}
		}
	case []any:
		for _, item := range v {
			if found := secretUnder(name, item); found != "" {
				return found
			}
		}
	}
	return ""
}

func isSecretName(name string) bool {
	plain := strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
	return secretMembers[plain] || slices.ContainsFunc(secretEndings, func(end string) bool { return strings.HasSuffix(plain, end) })
}
