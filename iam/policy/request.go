package policy

import "fmt"

// PrincipalKind says what sort of caller makes a request.
// The zero kind is unset, and a request with it is refused.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
type PrincipalKind uint8

// The kinds of caller.
const (
	IAMUser       PrincipalKind = iota + 1
	RoleSession                 // sts:AssumeRole and its relatives
	FederatedUser               // sts:GetFederationToken
	RootUser                    // of an account, or a session of sts:AssumeRoot
	AWSService                  // a service principal, acting for itself
	WebIdentity                 // a token of an OpenID Connect provider, before it has a role
	SAML                        // a SAML assertion, before it has a role
	Anonymous                   // an unsigned request
)

var principalKindNames = [...]string{"unset", "IAM user", "role session", "federated user", "root user", "AWS service", "web identity", "SAML", "anonymous"}

// String returns the kind in words.
func (k PrincipalKind) String() string {
	if int(k) >= len(principalKindNames) {
		k = 0
	}
	return principalKindNames[k]
}

// MarshalText writes the kind in words.
func (k PrincipalKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// hasIdentity reports whether the caller is an identity of an account, to which
// identity policies and organization policies apply.
func (k PrincipalKind) hasIdentity() bool { return k >= IAMUser && k <= RootUser }

// Account is what a decision needs to know about an account.
type Account struct {
	ID          string `json:"id,omitempty"`      // twelve digits
	OrgID       string `json:"orgId,omitempty"`   // "o-..."; "" when in none or not known
	OrgPath     string `json:"orgPath,omitempty"` // "o-.../r-.../ou-.../"
	Management  bool   `json:"management,omitempty"`
	CanonicalID string `json:"canonicalId,omitempty"` // the S3 canonical user id
}

// Principal is the caller. Which fields it needs depends on its kind:
//
//	IAMUser        ARN of the user
//	RoleSession    ARN of the role, with its path; Session where it matters
//	FederatedUser  ARN of the federated-user session; User, who asked for it
//	RootUser       ARN arn:aws:iam::ACCOUNT:root
//	AWSService     Service
//	WebIdentity    Provider, as a trust policy names it
//	SAML           Provider, the ARN of the SAML provider
//	Anonymous      nothing
type Principal struct {
	Kind     PrincipalKind `json:"kind"`
	ARN      string        `json:"arn,omitempty"`
	Session  string        `json:"session,omitempty"` // arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION
	User     string        `json:"user,omitempty"`
	ID       string        `json:"id,omitempty"`       // AIDA... or AROA...
	UserID   string        `json:"userId,omitempty"`   // aws:userid; derived where it can be
	Service  string        `json:"service,omitempty"`  // "ec2.amazonaws.com"
	Services []string      `json:"services,omitempty"` // aws:PrincipalServiceNamesList; Service when nil
	Provider string        `json:"provider,omitempty"`
	// Account holds facts beyond what the ARN says. Its ID may be left empty.
	Account Account `json:"account,omitzero"`
	// Tags are all tags of the user, role or session; nil when they are given
	// in the context, or not known.
	Tags map[string]string `json:"tags,omitempty"`
	// ServiceLinked marks a session of a service-linked role.
	ServiceLinked bool `json:"serviceLinked,omitempty"`
}

// Context holds the values of condition keys. Key names are compared without
// regard to case. An empty list is the same as no entry.
type Context map[string][]string

// Request is one question: may this caller do this to that?
//
// Keys that follow from the principal and the owner (aws:PrincipalArn,
// aws:PrincipalAccount, aws:PrincipalType, aws:userid, aws:username,
// aws:PrincipalOrgID, aws:PrincipalOrgPaths, aws:PrincipalTag/*,
// aws:PrincipalIsAWSService, aws:PrincipalServiceName,
// aws:PrincipalServiceNamesList, aws:ResourceAccount, aws:ResourceOrgID,
// aws:ResourceOrgPaths) are filled in. A context that contradicts one of them
// makes the request malformed.
type Request struct {
	Principal Principal `json:"principal"`
	Action    string    `json:"action"` // "s3:GetObject", no wildcards
	// Resource is an ARN, or "*" for an action that has no resources.
	Resource string `json:"resource"`
	// Owner is the account that owns the resource. Its ID may be left empty
	// where the ARN names the account, and for "*".
	Owner   Account `json:"owner,omitzero"`
	Context Context `json:"context,omitempty"`
	// Unknown names condition keys whose values are not known, as opposed to
	// absent; "*" means every key that is neither given nor derived. When the
	// answer depends on one of them it is Undetermined.
	Unknown []string `json:"unknown,omitempty"`
	// ViaEndpoint says that the request came through the VPC endpoint whose
	// policy the engine holds.
	ViaEndpoint bool `json:"viaEndpoint,omitempty"`
	// AWSManagedKey marks a KMS key that AWS manages (alias aws/...).
	AWSManagedKey bool `json:"awsManagedKey,omitempty"`
}

// RequestError says why a request is malformed.
type RequestError struct {
	Field  string // "Action", "Principal.ARN", a condition key ...
	Reason string
}

// Error returns the field and the reason.
func (e *RequestError) Error() string { return "request: " + e.Field + ": " + e.Reason }

func malformed(field, format string, args ...any) *RequestError {
	return &RequestError{Field: field, Reason: fmt.Sprintf(format, args...)}
}
