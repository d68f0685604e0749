package iamtest

import (
	"maps"
	"slices"
	"time"
)

// State is what the fake account holds. Set it up before the fake is used, or
// under IAM.Edit.
type State struct {
	Root           Root
	Users          map[string]*User     // by name
	Groups         map[string]*Group    // by name
	Roles          map[string]*Role     // by name
	Policies       map[string]*Policy   // customer managed, by name
	PasswordPolicy *PasswordPolicy      // nil: none
	Certificates   map[string]time.Time // server certificates: name to expiry
	SAML           map[string]time.Time // SAML providers: name to the end of their metadata's validity
	OIDC           map[string][]string  // OpenID Connect providers: URL without scheme to audiences
	Features       []string             // organization features of IAM; nil: this is not the management account
}

// Root is the root user.
type Root struct {
	NoPassword            bool // managed centrally
	Key                   bool
	MFA                   bool
	VirtualMFA            bool // one of its MFA devices is virtual
	PasswordUsed, KeyUsed time.Time
}

// User is an IAM user.
type User struct {
	Created  time.Time
	Password *Password // nil: no console access
	Keys     []*Key
	MFA      []string // serial numbers
	Groups   []string
	Attached []string // ARNs of managed policies
	Inline   map[string]string
	Boundary string
	Tags     map[string]string
	Services []*ServiceCredential
}

// Password is a console password.
type Password struct {
	Created, Used time.Time
	ResetRequired bool
}

// Key is an access key.
type Key struct {
	ID       string
	Created  time.Time
	Changed  time.Time `json:"-"` // the report's last_rotated: zero is Created
	Used     time.Time
	Inactive bool
}

// ServiceCredential is a service-specific credential.
type ServiceCredential struct {
	ID, Service      string
	Created, Expires time.Time
	Inactive         bool
}

// Group is an IAM group.
type Group struct {
	Created  time.Time
	Attached []string
	Inline   map[string]string
}

// Role is an IAM role.
type Role struct {
	Path     string // default "/"
	Created  time.Time
	Trust    string
	Attached []string
	Inline   map[string]string
	Boundary string
	LastUsed time.Time
	Tags     map[string]string
}

// Policy is a customer managed policy with one version.
type Policy struct {
	Created  time.Time
	Document string
}

// PasswordPolicy is the account's password policy.
type PasswordPolicy struct {
	MinLength, MaxAgeDays, Remembered      int
	Uppercase, Lowercase, Numbers, Symbols bool
	UsersChange, HardExpiry                bool
}

// sorted gives a map's keys in order, so that listings are the same each time.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
