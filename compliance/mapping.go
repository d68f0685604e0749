package compliance

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/awsposture/posture"
)

// Mapping says how far controls, together, show that a requirement is met.
type Mapping struct {
	Controls  []string  `json:"controls"` // all of them are needed
	Strength  Strength  `json:"strength"`
	Wider     bool      `json:"wider,omitempty"`     // the controls judge more than is asked: that they hold shows it, that they fail does not show the contrary
	Remainder string    `json:"remainder,omitempty"` // what a Partial mapping leaves open, in our words
	Minimums  []Minimum `json:"minimums,omitempty"`  // what the controls must have been judged with
	Source    string    `json:"source"`              // "own", or who relates the two
}

// Strength says how much a mapping proves. The zero value proves a part only.
type Strength uint8

// The strengths.
const (
	Partial Strength = iota // a named part; Mapping.Remainder says what is left
	Full                    // over the whole scope, the technical statement of the requirement
)

var strengthWords = []string{"partial", "full"}

// String gives the strength's word as it stands in JSON.
func (s Strength) String() string { return word(strengthWords, int(s)) }

// MarshalText encodes the strength as its word.
func (s Strength) MarshalText() ([]byte, error) {
	return marshalWord("strength", strengthWords, int(s))
}

// UnmarshalText reads what MarshalText wrote.
func (s *Strength) UnmarshalText(b []byte) error {
	return unmarshalWord("strength", strengthWords, b, s)
}

func (m Mapping) validate() error {
	var errs []error
	if len(m.Controls) == 0 {
		errs = append(errs, errors.New("a mapping has no control"))
	}
	if m.Strength == Partial && m.Remainder == "" {
		errs = append(errs, fmt.Errorf("the partial mapping of %s does not say what remains", strings.Join(m.Controls, " ")))
	}
	for _, least := range m.Minimums {
		if !slices.Contains(m.Controls, least.Control) {
			errs = append(errs, fmt.Errorf("a minimum is on %s, which is not mapped", least.Control))
		}
		if _, err := least.fit(least.Value); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Minimum is the strictness that a requirement asks of a parameter of a control.
type Minimum struct {
	Control string `json:"control"`
	Param   string `json:"param"`
	Op      string `json:"op"`    // max, min, equals, contains-all, within, min-version
	Value   string `json:"value"` // a list is separated by commas
}

// String gives "iam.access-key-age max-age max 90".
func (m Minimum) String() string { return m.Control + " " + m.Param + " " + m.Op + " " + m.Value }

// fit says how the value that a control ran with stands to the one required.
type fit uint8

const (
	weaker fit = iota // also a parameter that is missing or cannot be compared
	stricter
	exact
)

// fit compares the value that the control ran with. An error means that the two cannot be compared.
func (m Minimum) fit(ran string) (fit, error) {
	switch m.Op {
	case "equals":
		if ran == m.Value {
			return exact, nil
		}
		return weaker, nil
	case "max", "min":
		have, err1 := strconv.ParseFloat(ran, 64)
		want, err2 := strconv.ParseFloat(m.Value, 64)
		if err := errors.Join(err1, err2); err != nil {
			return weaker, fmt.Errorf("%s: %w", m, err)
		}
		if m.Op == "min" {
			have, want = want, have
		}
		return order(have < want, have == want), nil
	case "min-version":
		have, want := versionOf(ran), versionOf(m.Value)
		if have == nil || want == nil {
			return weaker, fmt.Errorf("%s: %q is not a version", m, ran)
		}
		return order(slices.Compare(have, want) > 0, slices.Equal(have, want)), nil
	case "contains-all":
		return subset(items(m.Value), items(ran)), nil
	case "within":
		return subset(items(ran), items(m.Value)), nil
	}
	return weaker, fmt.Errorf("%s: operator %q is not known", m, m.Op)
}

// fitOf is the loosest fit of the minimums that speak of control, exact where none does.
func fitOf(ms []Minimum, control string, params []posture.Param) fit {
	worst := exact
	for _, m := range ms {
		if m.Control != control {
			continue
		}
		got := weaker
		for _, p := range params {
			if p.Name == m.Param {
				got, _ = m.fit(p.Value) // what cannot be compared is weaker
			}
		}
		worst = min(worst, got)
	}
	return worst
}

func order(isStricter, isEqual bool) fit {
	switch {
	case isEqual:
		return exact
	case isStricter:
		return stricter
	}
	return weaker
}

func items(list string) []string {
	var all []string
	for i := range strings.SplitSeq(list, ",") {
		if i = strings.TrimSpace(i); i != "" {
			all = append(all, i)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// subset compares two lists of which the first must lie in the second.
func subset(small, large []string) fit {
	for _, s := range small {
		if !slices.Contains(large, s) {
			return weaker
		}
	}
	return order(true, len(small) == len(large))
}

func versionOf(s string) []int {
	var v []int
	for part := range strings.SplitSeq(strings.TrimPrefix(strings.ToLower(s), "tlsv"), ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil
		}
		v = append(v, n)
	}
	return v
}
