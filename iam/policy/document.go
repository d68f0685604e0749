package policy

// Document is one policy in normal form: a single value and a list of one are
// the same. It comes from [Parse] or is written as a literal.
type Document struct {
	// Name is what errors, explanations and findings call the policy: an ARN,
	// a policy name, a file name. It may be empty.
	Name string
	Kind Kind

	Version    string // "" when absent, which means 2008-10-17
	ID         string
	Statements []Statement

	// Source is the text that was parsed, unchanged; "" for a literal.
	Source string
	// Problems are the errors Parse found. Compile refuses a document that
	// has any, unless told to evaluate it anyway.
	Problems Problems
}

// Statement is one statement of a policy.
//
// A nil list is an absent element, an empty list that is not nil is an element
// written as []. The two are different errors.
type Statement struct {
	Sid          string
	Effect       string // EffectAllow or EffectDeny
	Principal    *Principals
	NotPrincipal *Principals
	Action       []Value
	NotAction    []Value
	Resource     []Value
	NotResource  []Value
	Conditions   []Condition

	Pos Pos // of the opening brace
	End int // byte offset after the closing brace
}

// Principals is the content of a Principal or NotPrincipal element.
type Principals struct {
	Everyone      bool // written as "*" instead of an object
	AWS           []Value
	Service       []Value
	Federated     []Value
	CanonicalUser []Value

	Pos Pos
}

// Condition is one key under one operator, with its values.
type Condition struct {
	Operator string // as written: "ForAnyValue:StringLikeIfExists"
	Key      string // as written
	Values   []Value

	Pos Pos // of the key
}

// Value is one string of a policy and where it stands.
type Value struct {
	Text string
	Bare bool // a number or boolean written without quotes
	Pos  Pos
}

// Values returns texts as values without a position, for documents written as literals.
func Values(texts ...string) []Value {
	vs := make([]Value, len(texts))
	for i, t := range texts {
		vs[i].Text = t
	}
	return vs
}

// Everyone is the principal "*".
func Everyone() *Principals { return &Principals{Everyone: true} }

// AWSPrincipals are principals named by ARN or account id.
func AWSPrincipals(names ...string) *Principals { return &Principals{AWS: Values(names...)} }

// ServicePrincipals are AWS services named by their principal, such as "ec2.amazonaws.com".
func ServicePrincipals(names ...string) *Principals { return &Principals{Service: Values(names...)} }

// FederatedPrincipals are identity providers, for trust policies.
func FederatedPrincipals(names ...string) *Principals {
	return &Principals{Federated: Values(names...)}
}
