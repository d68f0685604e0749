package posture

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Place is where an evaluator or a plan looks: one account, and one region of
// it for a regional service. Region is "" for a global service such as IAM.
type Place struct {
	Partition string `json:"partition"`        // "aws", "aws-us-gov", "aws-cn" …
	Account   string `json:"account"`          // 12 digits
	Region    string `json:"region,omitempty"` // "" for a global service
}

// String gives "aws/123456789012/eu-west-1", or "aws/123456789012" for a global place.
func (p Place) String() string {
	if p.Region == "" {
		return p.Partition + "/" + p.Account
	}
	return p.Partition + "/" + p.Account + "/" + p.Region
}

// Resource names a resource of the given type at this place. Partition,
// account and region are the place's.
func (p Place) Resource(typ, id, arn string) Resource {
	return Resource{Partition: p.Partition, Account: p.Account, Region: p.Region, Type: typ, ID: id, ARN: arn}
}

// ARN builds an ARN of this place's partition and account, and of its region
// unless it is global: Place{"aws-cn", "123456789012", ""}.ARN("iam", "user/ana").
func (p Place) ARN(service, resource string) string {
	return "arn:" + cmp.Or(p.Partition, "aws") + ":" + service + ":" + p.Region + ":" + p.Account + ":" + resource
}

// Control is one requirement: constant data, the same on every account. What
// it was judged with on one scan stands in Params.
type Control struct {
	ID       string   `json:"id"`                 // "iam.access-key-age": stable, never reused
	Title    string   `json:"title"`              // states what is so when it passes
	Doc      string   `json:"doc"`                // why it matters, how to put it right
	Severity Severity `json:"severity"`           // of a failing finding, unless the finding says otherwise
	Scope    Scope    `json:"scope"`              // where it is judged
	Resource string   `json:"resource"`           // CloudFormation type name, "AWS::IAM::AccessKey"
	Requires []string `json:"requires,omitempty"` // IAM actions Evaluate calls
	Params   []Param  `json:"params,omitempty"`   // what it was judged with
	Replaces []string `json:"replaces,omitempty"` // former ids: waivers and history follow
}

// Param is one parameter a control was judged with. Values are text, so that
// they compare, print and encode alike for every type.
type Param struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Default string `json:"default"`
	Unit    string `json:"unit,omitempty"`
	Source  string `json:"source,omitempty"` // the document the default comes from
	AsOf    string `json:"asOf,omitempty"`   // date, for a default that rots
}

// Scope says where a control is judged.
type Scope uint8

// The scopes. An Organization control is judged once, in the administrator's
// account; elsewhere it is NotApplicable, never Unknown.
const (
	Regional Scope = iota
	Global
	Organization
)

var scopeWords = []string{"regional", "global", "organization"}

// String gives the scope's word as it stands in JSON.
func (s Scope) String() string { return word(scopeWords, int(s)) }

// MarshalText encodes the scope as its word.
func (s Scope) MarshalText() ([]byte, error) { return marshalWord("scope", scopeWords, int(s)) }

// UnmarshalText reads what MarshalText wrote.
func (s *Scope) UnmarshalText(b []byte) error { return unmarshalWord("scope", scopeWords, b, s) }

// Severity ranks how bad a failing finding is. The zero value is unset.
type Severity uint8

// The severities, least first, so that they compare with <.
const (
	_ Severity = iota
	Informational
	Low
	Medium
	High
	Critical
)

var severityWords = []string{"", "informational", "low", "medium", "high", "critical"}

// String gives the severity's word as it stands in JSON, "" when unset.
func (s Severity) String() string { return word(severityWords, int(s)) }

// MarshalText encodes the severity as its word.
func (s Severity) MarshalText() ([]byte, error) {
	return marshalWord("severity", severityWords, int(s))
}

// UnmarshalText reads what MarshalText wrote. A caller may use it to parse a flag.
func (s *Severity) UnmarshalText(b []byte) error {
	return unmarshalWord("severity", severityWords, b, s)
}

func word(words []string, i int) string {
	if i < len(words) {
		return words[i]
	}
	return fmt.Sprintf("invalid(%d)", i)
}

func marshalWord(what string, words []string, i int) ([]byte, error) {
	if i >= len(words) {
		return nil, fmt.Errorf("posture: %s %d has no word", what, i)
	}
	return []byte(words[i]), nil
}

func unmarshalWord[T ~uint8](what string, words []string, b []byte, to *T) error {
	i := slices.Index(words, string(b))
	if i < 0 {
		return fmt.Errorf("posture: %q is not a %s (%s)", b, what, strings.TrimPrefix(strings.Join(words, ", "), ", "))
	}
	*to = T(i)
	return nil
}

var idPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[a-z][a-z0-9]*(\.[a-z0-9]+(-[a-z0-9]+)*)+$`)
})

var actionPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[a-z0-9-]+:[A-Z][A-Za-z0-9]*$`)
})

// Validate reports every fault of a suite: an id that is malformed or that
// another control replaces, a control that is not documented, an action that is
// not one, two evaluators that would give the same verdict twice (same id, place
// and parameters), and an evaluator that panics when asked for its control.
func Validate(evs []Evaluator) error {
	var errs []error
	seen, lives := map[string]bool{}, map[string]bool{}
	described := make([]*Result, len(evs))
	for i, e := range evs {
		r, err := describe(e)
		if err != nil {
			errs = append(errs, fmt.Errorf("posture: evaluator %d (%T): %w", i, e, err))
			continue
		}
		described[i], lives[r.Control.ID] = &r, true
	}
	for i, e := range evs {
		if described[i] == nil {
			continue
		}
		c := described[i].Control
		for _, fault := range controlFaults(c) {
			errs = append(errs, fmt.Errorf("posture: evaluator %d (%T): control %q: %s", i, e, c.ID, fault))
		}
		for _, id := range c.Replaces {
			if lives[id] {
				errs = append(errs, fmt.Errorf("posture: evaluator %d (%T): control %q: replaces %q, which is in use", i, e, c.ID, id))
			}
		}
		key := fmt.Sprintf("%s at %s with %q", c.ID, described[i].Place, c.Params)
		if seen[key] {
			errs = append(errs, fmt.Errorf("posture: evaluator %d (%T): control %s stands twice", i, e, key))
		}
		seen[key] = true
	}
	return errors.Join(errs...)
}

func controlFaults(c Control) (faults []string) {
	for _, check := range []struct {
		bad  bool
		what string
	}{
		{!idPattern().MatchString(c.ID), `id is not of the form "domain.name"`},
		{c.Title == "", "has no title"},
		{c.Doc == "", "has no doc"},
		{c.Severity == 0 || c.Severity > Critical, "has no severity"},
		{c.Scope > Organization, "has no known scope"},
		{!strings.Contains(c.Resource, "::"), "resource is not a CloudFormation type name"},
	} {
		if check.bad {
			faults = append(faults, check.what)
		}
	}
	for _, a := range c.Requires {
		if !actionPattern().MatchString(a) {
			faults = append(faults, fmt.Sprintf("requires %q, which is not an IAM action", a))
		}
	}
	for _, id := range c.Replaces {
		if !idPattern().MatchString(id) {
			faults = append(faults, fmt.Sprintf("replaces %q, which is not an id", id))
		}
	}
	for _, p := range c.Params {
		if p.Name == "" {
			faults = append(faults, "has a parameter without a name")
		}
	}
	return faults
}

// Actions lists, sorted and once each, the IAM actions that these evaluators
// call: the least privilege of the scanner itself. An evaluator that panics when
// asked for its control is passed over; Validate reports it.
func Actions(evs []Evaluator) []string {
	var all []string
	for _, e := range evs {
		r, _ := describe(e)
		all = append(all, r.Control.Requires...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
