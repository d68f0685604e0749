package policy

import (
	"slices"
	"strings"
)

// Grant is a grant of a KMS key: a third source of Allow beside the key
// policy and identity policies.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
type Grant struct {
	Grantee    string   `json:"grantee"`              // ARN of a user, role, session or account; or a service principal
	Retiring   string   `json:"retiring,omitempty"`   // the retiring principal
	Account    string   `json:"account,omitempty"`    // in which it was created
	Operations []string `json:"operations,omitempty"` // "Decrypt", "GenerateDataKey" ...
	// EncryptionContextEquals and Subset are the constraints: the request's
	// encryption context must be exactly that, or hold at least that. It is
	// read from the keys kms:EncryptionContext:NAME of the context.
	EncryptionContextEquals map[string]string `json:"encryptionContextEquals,omitempty"`
	EncryptionContextSubset map[string]string `json:"encryptionContextSubset,omitempty"`
}

type grant struct {
	Grant
	grantee, retiring *principals
}

func newGrant(g Grant) grant {
	named := func(name string) *principals {
		if name == "" {
			return &principals{}
		}
		if strings.Contains(name, ":") || isAccountID(name) {
			return newPrincipals(AWSPrincipals(name))
		}
		return newPrincipals(ServicePrincipals(name))
	}
	return grant{Grant: g, grantee: named(g.Grantee), retiring: named(g.Retiring)}
}

const encryptionContextPrefix = "kms:encryptioncontext:"

// granted returns how grants name the caller for the requested operation.
func (ev *evaluation) granted() (how naming) {
	if string(ev.service()) != "kms" || len(ev.e.grants) == 0 {
		return 0
	}
	retire := string(ev.name()) == "retiregrant"
	for i := range ev.e.grants {
		g := &ev.e.grants[i]
		listed := slices.ContainsFunc(g.Operations, func(op string) bool {
			return equalFoldASCII(op, string(ev.name()))
		})
		if listed && ev.meets(g) {
			how |= g.grantee.names(ev)
		}
		if retire {
			how |= g.retiring.names(ev)
			if g.Account != "" && g.Account == ev.account {
				if ev.r.Principal.Kind == RootUser {
					how |= direct
				} else {
					how |= viaAccount
				}
			}
		}
	}
	return how
}

// meets checks the constraints on the encryption context.
func (ev *evaluation) meets(g *grant) bool {
	if g.EncryptionContextEquals == nil && g.EncryptionContextSubset == nil {
		return true
	}
	given := map[string]string{}
	for key, values := range ev.r.Context {
		if n := len(encryptionContextPrefix); len(key) > n && equalFoldASCII(key[:n], encryptionContextPrefix) && len(values) == 1 {
			given[key[n:]] = values[0]
		}
	}
	if g.EncryptionContextEquals != nil && len(given) != len(g.EncryptionContextEquals) {
		return false
	}
	for _, want := range []map[string]string{g.EncryptionContextEquals, g.EncryptionContextSubset} {
		for name, value := range want {
			if v, ok := given[name]; !ok || v != value {
				return false
			}
		}
	}
	return true
}
