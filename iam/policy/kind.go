package policy

import (
	"fmt"
	"strings"
)

// Kind says what a policy is attached to, which decides what its statements
// may contain and how they take part in a decision.
// The zero Kind is unset and is refused by [Compile].
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html
type Kind uint8

// The kinds of policy AWS evaluates.
const (
	Identity Kind = iota + 1 // of a user, group or role
	Boundary                 // permissions boundary of a user or role
	Session                  // passed when a session was made
	Resource                 // of a bucket, key, queue, function and so on
	Trust                    // of a role: who may assume it
	SCP                      // service control policy
	RCP                      // resource control policy
	Endpoint                 // of a VPC endpoint
)

var kindNames = [...]string{"", "identity", "boundary", "session", "resource", "trust", "scp", "rcp", "endpoint"}

// String returns the kind in lower case, or "unset".
func (k Kind) String() string {
	if k == 0 || int(k) >= len(kindNames) {
		return "unset"
	}
	return kindNames[k]
}

// MarshalText writes the kind as its word.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the word of a kind.
func (k *Kind) UnmarshalText(text []byte) error {
	for i, name := range kindNames {
		if i > 0 && name == string(text) {
			*k = Kind(i)
			return nil
		}
	}
	return fmt.Errorf("policy kind %q is not one of %s", text, strings.Join(kindNames[1:], ", "))
}

// takesPrincipal reports whether statements of the kind name principals.
func (k Kind) takesPrincipal() bool {
	return k == Resource || k == Trust || k == RCP || k == Endpoint
}

// The effects of a statement; any other text is an error.
const (
	EffectAllow = "Allow"
	EffectDeny  = "Deny"
)

// The policy language versions. A document without Version has the older one.
const (
	Version2008 = "2008-10-17"
	Version2012 = "2012-10-17"
)
