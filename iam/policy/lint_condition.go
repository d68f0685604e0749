package policy

import (
	"strconv"
	"strings"
)

// conditions checks the Condition element.
func (l *linter) conditions() {
	s := l.s
	if s.Conditions != nil && len(s.Conditions) == 0 {
		l.add("condition-empty", Pos{}, "Condition", "an empty object", "remove it")
	}
	onlyCallers := len(s.Conditions) > 0
	for i := range s.Conditions {
		c := &s.Conditions[i]
		onlyCallers = onlyCallers && callerControlled(c.Key)
		op, ok := parseOperator(c.Operator)
		if !ok {
			continue // reported with the problems of the document
		}
		l.condition(c, op)
	}
	wide := s.Principal != nil && s.Principal.everyone()
	if onlyCallers && wide && l.allows() {
		l.add("caller-controlled-condition", s.Conditions[0].Pos, "Condition", "the caller chooses what "+s.Conditions[0].Key+" says, so that this keeps nobody out", "")
	}
	if l.hasKey("aws:vpcsourceip") && !l.hasKey("aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn") {
		l.add("condition-pair-missing", s.Conditions[0].Pos, "Condition", "private addresses repeat in every VPC", "add a condition on aws:SourceVpc beside aws:VpcSourceIp")
	}
}

func (l *linter) condition(c *Condition, op operator) {
	path := "Condition." + c.Operator + "." + c.Key
	key, known := l.key(path, c)
	if _, canonical := operators[baseOf(c.Operator)]; !canonical || strings.ToLower(c.Operator) == c.Operator {
		l.add("operator-case", c.Pos, path, "the operator is spelled in an unusual case", "")
	}
	if len(c.Values) == 0 {
		l.add("condition-values-empty", c.Pos, path, "compares with nothing: "+map[bool]string{true: "always true for a value", false: "never true for a value"}[op.negated], "")
	}
	l.setOperators(path, c, op, key, known)
	if known && !fitsType(op, key.Type) {
		l.add("operator-type-mismatch", c.Pos, path, "the operator "+c.Operator+" does not fit "+key.Name+", which is of type "+key.Type, "")
	}
	for _, v := range c.Values {
		l.conditionValue(path, c, op, v)
	}
	if op.compare == compareBool && len(c.Values) > 1 {
		l.add("bool-many-values", c.Pos, path, "a Bool condition has one value", "")
	}
	lower := strings.ToLower(c.Key)
	if lower == "aws:multifactorauthpresent" && op.compare == compareBool && !op.ifExists && !l.allows() && len(c.Values) == 1 && strings.EqualFold(c.Values[0].Text, "false") {
		l.add("mfa-bool-without-ifexists", c.Pos, path, "requests with long-term access keys have no such key and pass this Deny", "use BoolIfExists")
	}
	if op.ifExists && l.allows() && (lower == "aws:sourcearn" || lower == "aws:sourceaccount" || lower == "aws:principalorgid" || lower == "aws:sourcevpce" || lower == "aws:sourcevpc") {
		l.add("ifexists-weakens-allow", c.Pos, path, "a request without "+c.Key+" passes", "drop IfExists")
	}
	if op.compare == compareIP && lower == "aws:sourceip" {
		l.privateRanges(path, c)
	}
}

// baseOf takes the set prefix and IfExists off an operator as written.
func baseOf(name string) string {
	if i := strings.IndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	return strings.TrimSuffix(name, "IfExists")
}

// key finds the condition key in the tables and reports one that is in none.
func (l *linter) key(path string, c *Condition) (ConditionKey, bool) {
	prefix, name, found := strings.Cut(c.Key, ":")
	prefix = strings.ToLower(prefix)
	switch {
	case !found || prefix == "" || name == "":
		l.add("condition-key-format", c.Pos, path, strconv.Quote(c.Key)+` is not of the form "service:name"`, "")
		return ConditionKey{}, false
	case strings.EqualFold(name, "ResourceTag") || strings.EqualFold(name, "ResourceTag/") || prefix == "aws" && has([]string{"requesttag", "requesttag/", "principaltag", "principaltag/"}, strings.ToLower(name)):
		l.add("condition-tag-key-missing", c.Pos, path, c.Key+" needs the key of a tag", "write "+strings.TrimSuffix(c.Key, "/")+"/KEY")
		return ConditionKey{}, false
	}
	if k, ok := globalKey(c.Key); ok {
		return k, true
	}
	if prefix == "aws" {
		if strings.EqualFold(c.Key, "aws:ARN") {
			l.add("condition-key-deprecated", c.Pos, path, "aws:ARN is outdated", "use aws:PrincipalArn")
			return ConditionKey{}, false
		}
		var names []string
		for _, k := range globalKeyList {
			names = append(names, k.Name)
		}
		l.add("condition-key-unknown", c.Pos, path, "there is no global condition key "+strconv.Quote(c.Key), suggest(nearest(c.Key, names)))
		return ConditionKey{}, false
	}
	return l.serviceKey(path, c, prefix)
}

func (l *linter) serviceKey(path string, c *Condition, prefix string) (ConditionKey, bool) {
	if strings.Contains(prefix, ".") || prefix == "saml" || strings.Contains(prefix, "/") {
		return ConditionKey{}, false // claims of identity providers
	}
	s := l.catalog.Service(prefix)
	if s == nil {
		l.add("condition-key-unknown", c.Pos, path, "there is no service with the prefix "+strconv.Quote(prefix), suggest(nearest(prefix, l.catalog.Prefixes())))
		return ConditionKey{}, false
	}
	var names []string
	for i, k := range s.Keys {
		if keyMatches(k.Name, c.Key) {
			l.keyForActions(path, c, s, i)
			return k, true
		}
		if strings.HasPrefix(strings.ToLower(k.Name), prefix+":") {
			names = append(names, k.Name)
		}
	}
	l.add("condition-key-unknown", c.Pos, path, "the service "+prefix+" has no condition key "+strconv.Quote(c.Key), suggest(nearest(c.Key, names)))
	return ConditionKey{}, false
}

// keyMatches compares a key with its form in the data, in which variable parts
// are written as ${...}, <...>, "tag-key" or not at all after a slash.
func keyMatches(form, key string) bool {
	if form = strings.TrimSuffix(form, "tag-key"); strings.HasSuffix(form, "/") {
		form += "${tag-key}"
	}
	form = strings.NewReplacer("<", "${", ">", "}").Replace(form)
	return globsMeet(placeholders(strings.ToLower(form)), strings.ToLower(key))
}

// keyForActions: a service key that none of the statement's actions ever has.
func (l *linter) keyForActions(path string, c *Condition, s *Service, index int) {
	if len(l.s.Action) == 0 {
		return
	}
	for _, v := range l.s.Action {
		p := parseAction(v.Text)
		if p.form == actionAll || p.form == actionNever || p.service != strings.ToLower(s.Prefix) {
			return // other services may use the key, too
		}
		_, name, _ := strings.Cut(v.Text, ":")
		for _, a := range s.Match(name) {
			for _, k := range a.Keys {
				if k == index {
					return
				}
			}
		}
	}
	l.add("condition-key-not-for-action", c.Pos, path, "no action of the statement comes with the key "+c.Key, "")
}

// fitsType reports whether an operator makes sense for a key of the type.
func fitsType(op operator, typ string) bool {
	base := strings.TrimPrefix(typ, "ArrayOf")
	switch op.compare {
	case compareNull:
		return true
	case compareNumber:
		return base == "Numeric" || base == "Date" || base == ""
	case compareDate:
		return base == "Date" || base == "Numeric" || base == ""
	case compareBool:
		return base == "Bool" || base == ""
	case compareIP:
		return base == "IPAddress" || base == ""
	case compareARN:
		return base == "ARN" || base == "String" || base == "" // some keys hold ARNs among other texts
	case compareBinary:
		return true
	}
	return base != "IPAddress" && base != "Numeric"
}

func (l *linter) setOperators(path string, c *Condition, op operator, key ConditionKey, known bool) {
	many := strings.HasPrefix(key.Type, "ArrayOf")
	switch {
	case op.compare == compareNull && op.set != noSet:
		l.add("null-with-set-operator", c.Pos, path, "Null with a set operator is always "+map[bool]string{true: "true", false: "false"}[op.set == forAllValues], "drop the prefix")
	case op.compare == compareNull:
	case known && many && op.set == noSet:
		l.add("set-operator-missing", c.Pos, path, c.Key+" can have several values; without a set operator a request with more than one fails", "use ForAnyValue or ForAllValues")
	case known && !many && op.set == forAllValues:
		l.add("set-operator-on-single", c.Pos, path, c.Key+" has one value; ForAllValues is true when it is absent", "drop the prefix")
	case known && many && op.set == forAllValues && l.allows() && !l.guarded(c.Key):
		l.add("forallvalues-allow-unguarded", c.Pos, path, "ForAllValues is true when "+c.Key+" is absent", `add "Null": {"`+c.Key+`": "false"}`)
	}
}

// guarded: another condition of the statement asks for the key to be present.
func (l *linter) guarded(key string) bool {
	for i := range l.s.Conditions {
		c := &l.s.Conditions[i]
		op, ok := parseOperator(c.Operator)
		if !ok || !strings.EqualFold(c.Key, key) {
			continue
		}
		if op.compare == compareNull && op.set == noSet && len(c.Values) == 1 && strings.EqualFold(c.Values[0].Text, "false") || op.set == forAnyValue && !op.ifExists {
			return true
		}
	}
	return false
}
