package posture

import (
	"encoding/json"
	"strings"
)

// secretMembers are the names, without case and punctuation, under which a
// secret would stand in a state.
var secretMembers = map[string]bool{
	"password": true, "secret": true, "secretkey": true, "secretaccesskey": true, "secretstring": true, "privatekey": true,
	"sessiontoken": true, "servicepassword": true, "sharedsecret": true, "clientsecret": true, "base32stringseed": true,
}

// secretIn gives the name of the first member of b that holds a secret, "" where none does.
func secretIn(b json.RawMessage) string {
	var tree any
	if json.Unmarshal(b, &tree) != nil {
		return ""
	}
	return secretUnder(tree)
}

func secretUnder(v any) string {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			plain := strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
			if text, isText := member.(string); isText && text != "" && secretMembers[plain] {
				return name
			}
			if found := secretUnder(member); found != "" {
				return found
			}
		}
	case []any:
		for _, item := range v {
			if found := secretUnder(item); found != "" {
				return found
			}
		}
	}
	return ""
}
