package policy

// Dispute is an option of [Semantics] on which a decision hangs.
type Dispute struct {
	Option string // the name of the field
	Other  Decision
}

// Disputed decides a request under each option turned round, one at a time,
// and returns those that change whether it is allowed: where an audit should
// not rely on one reading of AWS's pages. The two options that are lists of
// services are not turned.
func Disputed(p Policies, r *Request) ([]Dispute, error) {
	e, err := Compile(p)
	if err != nil {
		return nil, err
	}
	allowed := e.Decide(r).Allowed()
	var disputes []Dispute
	for _, a := range alternatives {
		q := p
		a.turn(&q.Semantics)
		other, err := Compile(q)
		if err != nil {
			return nil, err
		}
		if d := other.Decide(r); d.Allowed() != allowed {
			disputes = append(disputes, Dispute{Option: a.name, Other: d})
		}
	}
	return disputes, nil
}

// alternatives turn one option each.
var alternatives = []struct {
	name string
	turn func(*Semantics)
}{
	{"BoolVariables", func(s *Semantics) { s.BoolVariables = !s.BoolVariables }},
	{"EmptyIsAbsent", func(s *Semantics) { s.EmptyIsAbsent = !s.EmptyIsAbsent }},
	{"AnyValueIgnoresIfExists", func(s *Semantics) { s.AnyValueIgnoresIfExists = !s.AnyValueIgnoresIfExists }},
	{"ManyMatchAny", func(s *Semantics) { s.ManyMatchAny = !s.ManyMatchAny }},
	{"NotPrincipalLenient", func(s *Semantics) { s.NotPrincipalLenient = !s.NotPrincipalLenient }},
	{"StarStaysInSegment", func(s *Semantics) { s.StarStaysInSegment = !s.StarStaysInSegment }},
	{"NoRCPWithoutResource", func(s *Semantics) { s.NoRCPWithoutResource = !s.NoRCPWithoutResource }},
	{"FourDigitsAreEpoch", func(s *Semantics) { s.FourDigitsAreEpoch = !s.FourDigitsAreEpoch }},
	{"StarIsLimited", func(s *Semantics) { s.StarIsLimited = !s.StarIsLimited }},
	{"GrantNeedsIdentity", func(s *Semantics) { s.GrantNeedsIdentity = !s.GrantNeedsIdentity }},
	{"ArnStarMatchesNothing", func(s *Semantics) { s.ArnStarMatchesNothing = !s.ArnStarMatchesNothing }},
	{"EmptyListIgnored", func(s *Semantics) { s.EmptyListIgnored = !s.EmptyListIgnored }},
}
