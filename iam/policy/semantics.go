package policy

// Semantics are the readings of the policy language about which AWS's own
// pages disagree, are silent, or have changed. The zero value holds the
// readings this package takes; each field turns one of them round.
type Semantics struct {
	// BoolVariables substitutes policy variables in values of the Bool
	// operator. The page on operators says that they work there, the page on
	// variables that they do not.
	BoolVariables bool `json:"boolVariables,omitempty"`
	// EmptyIsAbsent treats a key whose values are all "" as absent, for every
	// operator and variable. By default presence is what counts.
	EmptyIsAbsent bool `json:"emptyIsAbsent,omitempty"`
	// AnyValueIgnoresIfExists makes ForAnyValue:...IfExists false for an
	// absent key. By default IfExists makes it true.
	AnyValueIgnoresIfExists bool `json:"anyValueIgnoresIfExists,omitempty"`
	// ManyMatchAny compares a key that has several values, under an operator
	// without set prefix, as if any of them sufficed. By default such a
	// condition is false.
	ManyMatchAny bool `json:"manyMatchAny,omitempty"`
	// NotPrincipalLenient exempts a caller from Deny with NotPrincipal as soon
	// as one of its identities is listed. By default the account, and the role
	// of a session, must be listed too.
	NotPrincipalLenient bool `json:"notPrincipalLenient,omitempty"`
	// StarStaysInSegment keeps a "*" that ends one of the first five parts of
	// a resource pattern from matching beyond the colon. By default it may.
	StarStaysInSegment bool `json:"starStaysInSegment,omitempty"`
	// RCPServices are the service prefixes that resource control policies
	// cover, in lower case. Nil means those of [DataVersion].
	RCPServices []string `json:"rcpServices,omitempty"`
	// NoRCPWithoutResource leaves actions that have no resource out of
	// resource control policies. By default those of the caller's account count.
	NoRCPWithoutResource bool `json:"noRCPWithoutResource,omitempty"`
	// FourDigitsAreEpoch reads a date of four digits as seconds since 1970
	// instead of a year.
	FourDigitsAreEpoch bool `json:"fourDigitsAreEpoch,omitempty"`
	// StarIsLimited treats the principal "*" of a resource policy like the
	// name of the caller's role: boundary and session policy still limit what
	// it grants within the account, unless the statement pins
	// aws:PrincipalArn. By default "*" names the caller directly.
	StarIsLimited bool `json:"starIsLimited,omitempty"`
	// GrantNeedsIdentity asks for an identity policy beside a KMS grant when
	// the key is in another account.
	GrantNeedsIdentity bool `json:"grantNeedsIdentity,omitempty"`
	// ArnStarMatchesNothing makes the pattern "*" of an ARN operator match
	// nothing. By default it matches any ARN.
	ArnStarMatchesNothing bool `json:"arnStarMatchesNothing,omitempty"`
	// EmptyListIgnored drops a condition whose value list is empty. By
	// default it compares with no value, so that nothing matches.
	EmptyListIgnored bool `json:"emptyListIgnored,omitempty"`
	// MandatoryResourcePolicy are the service prefixes whose resource policy
	// must allow even within the account, in lower case. Nil means kms (keys
	// only) and sts (role trust only).
	MandatoryResourcePolicy []string `json:"mandatoryResourcePolicy,omitempty"`
}
