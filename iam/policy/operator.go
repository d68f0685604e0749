package policy

import "strings"

// comparison is what a condition operator does with one request value and one
// policy value.
type comparison uint8

const (
	compareString comparison = iota
	compareFold
	compareGlob
	compareNumber
	compareDate
	compareBool
	compareBinary
	compareIP
	compareARN
	compareNull
)

// relation is the order that number and date operators ask for.
type relation uint8

const (
	equal relation = iota
	less
	lessEqual
	greater
	greaterEqual
)

// holds reports whether a comparison result, as of cmp.Compare, fits.
func (r relation) holds(order int) bool {
	switch r {
	case less:
		return order < 0
	case lessEqual:
		return order <= 0
	case greater:
		return order > 0
	case greaterEqual:
		return order >= 0
	}
	return order == 0
}

// setOperator says which of the values of a multivalued key must pass.
type setOperator uint8

const (
	noSet setOperator = iota
	forAllValues
	forAnyValue
)

// operator is a condition operator taken apart.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
type operator struct {
	compare  comparison
	relation relation
	negated  bool
	ifExists bool
	set      setOperator
}

// operators has every name twice: as AWS writes it and in lower case.
var operators = withLower(map[string]operator{
	"StringEquals":              {compare: compareString},
	"StringNotEquals":           {compare: compareString, negated: true},
	"StringEqualsIgnoreCase":    {compare: compareFold},
	"StringNotEqualsIgnoreCase": {compare: compareFold, negated: true},
	"StringLike":                {compare: compareGlob},
	"StringNotLike":             {compare: compareGlob, negated: true},
	"NumericEquals":             {compare: compareNumber},
	"NumericNotEquals":          {compare: compareNumber, negated: true},
	"NumericLessThan":           {compare: compareNumber, relation: less},
	"NumericLessThanEquals":     {compare: compareNumber, relation: lessEqual},
	"NumericGreaterThan":        {compare: compareNumber, relation: greater},
	"NumericGreaterThanEquals":  {compare: compareNumber, relation: greaterEqual},
	"DateEquals":                {compare: compareDate},
	"DateNotEquals":             {compare: compareDate, negated: true},
	"DateLessThan":              {compare: compareDate, relation: less},
	"DateLessThanEquals":        {compare: compareDate, relation: lessEqual},
	"DateGreaterThan":           {compare: compareDate, relation: greater},
	"DateGreaterThanEquals":     {compare: compareDate, relation: greaterEqual},
	"Bool":                      {compare: compareBool},
	"BinaryEquals":              {compare: compareBinary},
	"IpAddress":                 {compare: compareIP},
	"NotIpAddress":              {compare: compareIP, negated: true},
	"ArnEquals":                 {compare: compareARN},
	"ArnLike":                   {compare: compareARN},
	"ArnNotEquals":              {compare: compareARN, negated: true},
	"ArnNotLike":                {compare: compareARN, negated: true},
	"Null":                      {compare: compareNull},
})

func withLower(m map[string]operator) map[string]operator {
	both := make(map[string]operator, 2*len(m))
	for name, op := range m {
		both[name], both[strings.ToLower(name)] = op, op
	}
	return both
}

// parseOperator reads an operator name without regard to case: set prefix,
// base, IfExists. Null takes no IfExists.
func parseOperator(name string) (operator, bool) {
	if op, ok := parseOperatorAs(name, "ForAllValues:", "ForAnyValue:", "IfExists"); ok {
		return op, true
	}
	return parseOperatorAs(strings.ToLower(name), "forallvalues:", "foranyvalue:", "ifexists")
}

func parseOperatorAs(name, all, any, exists string) (operator, bool) {
	set := noSet
	if rest, ok := strings.CutPrefix(name, all); ok {
		name, set = rest, forAllValues
	} else if rest, ok := strings.CutPrefix(name, any); ok {
		name, set = rest, forAnyValue
	}
	name, ifExists := strings.CutSuffix(name, exists)
	op, ok := operators[name]
	if !ok || ifExists && op.compare == compareNull {
		return operator{}, false
	}
	op.ifExists, op.set = ifExists, set
	return op, true
}

// takesVariables reports whether policy variables work in values of the operator.
func (op operator) takesVariables(sem *Semantics) bool {
	switch op.compare {
	case compareString, compareFold, compareGlob, compareARN:
		return true
	case compareBool:
		return sem.BoolVariables
	}
	return false
}

// takesWildcards reports whether * and ? are wildcards in values of the operator.
func (op operator) takesWildcards() bool {
	return op.compare == compareGlob || op.compare == compareARN
}
