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

var operators = map[string]operator{
	"stringequals":              {compare: compareString},
	"stringnotequals":           {compare: compareString, negated: true},
	"stringequalsignorecase":    {compare: compareFold},
	"stringnotequalsignorecase": {compare: compareFold, negated: true},
	"stringlike":                {compare: compareGlob},
	"stringnotlike":             {compare: compareGlob, negated: true},
	"numericequals":             {compare: compareNumber},
	"numericnotequals":          {compare: compareNumber, negated: true},
	"numericlessthan":           {compare: compareNumber, relation: less},
	"numericlessthanequals":     {compare: compareNumber, relation: lessEqual},
	"numericgreaterthan":        {compare: compareNumber, relation: greater},
	"numericgreaterthanequals":  {compare: compareNumber, relation: greaterEqual},
	"dateequals":                {compare: compareDate},
	"datenotequals":             {compare: compareDate, negated: true},
	"datelessthan":              {compare: compareDate, relation: less},
	"datelessthanequals":        {compare: compareDate, relation: lessEqual},
	"dategreaterthan":           {compare: compareDate, relation: greater},
	"dategreaterthanequals":     {compare: compareDate, relation: greaterEqual},
	"bool":                      {compare: compareBool},
	"binaryequals":              {compare: compareBinary},
	"ipaddress":                 {compare: compareIP},
	"notipaddress":              {compare: compareIP, negated: true},
	"arnequals":                 {compare: compareARN},
	"arnlike":                   {compare: compareARN},
	"arnnotequals":              {compare: compareARN, negated: true},
	"arnnotlike":                {compare: compareARN, negated: true},
	"null":                      {compare: compareNull},
}

// parseOperator reads an operator name without regard to case: set prefix,
// base, IfExists. Null takes no IfExists.
func parseOperator(name string) (operator, bool) {
	// Literal documents and most texts spell operators as AWS does, so that
	// lowering allocates only here, at compile time.
	name = strings.ToLower(name)
	set := noSet
	if rest, ok := strings.CutPrefix(name, "forallvalues:"); ok {
		name, set = rest, forAllValues
	} else if rest, ok := strings.CutPrefix(name, "foranyvalue:"); ok {
		name, set = rest, forAnyValue
	}
	name, ifExists := strings.CutSuffix(name, "ifexists")
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
