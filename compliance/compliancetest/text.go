package compliancetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/awsposture/posture"
)

// The texts are read in the log of a build by somebody who may not know the
// control: they say what was looked at, what was seen there, and what to do.

func failText(c outcome, fs []posture.Finding) string {
	s := fmt.Sprintf("%s fails %s: %q is not so.", c.name(), times(len(fs)), line(c.Title))
	for _, f := range fs {
		s += "\n    " + failLine(f)
	}
	if c.Doc != "" {
		s += "\n    Why, and what to do: " + line(c.Doc)
	}
	return s
}

func failLine(f posture.Finding) string {
	severity := f.Severity.String()
	if severity == "" {
		severity = "no severity"
	}
	return fmt.Sprintf("%s (%s): %s", resource(f), severity, observed(f))
}

// observed is what the evaluator saw, in a line.
func observed(f posture.Finding) string {
	if f.Detail != "" {
		return line(f.Detail)
	}
	if b, err := json.Marshal(f.Evidence); err == nil && f.Evidence != nil {
		return line(string(b))
	}
	return "it fails; the evaluator did not say what it saw."
}

func unknownText(c outcome, fs []posture.Finding) string {
	s := fmt.Sprintf("%s is unknown %s: whether %q could not be judged.", c.name(), times(len(fs)), line(c.Title))
	var refused []string
	unnamed := false
	for _, f := range fs {
		s += "\n    " + unknownLine(f)
		if f.Cause.Kind != posture.CauseDenied && f.Cause.Kind != posture.CauseSCP {
			continue
		}
		if f.Cause.Action == "" {
			unnamed = true
			continue
		}
		refused = append(refused, line(f.Cause.Action))
	}
	slices.Sort(refused)
	if refused = slices.Compact(refused); len(refused) > 0 {
		s += "\n    Allow the principal that scans: " + strings.Join(refused, ", ")
	}
	if unnamed && len(c.Requires) > 0 {
		s += "\n    AWS did not name every action that it refused. The control calls: " + strings.Join(c.Requires, ", ")
	}
	return s
}

func unknownLine(f posture.Finding) string {
	c := f.Cause
	s := resource(f) + ": " + line(string(c.Kind))
	if c.Action != "" {
		s += ", action " + line(c.Action)
	}
	if c.Layer != "" {
		s += ", refused by the " + line(c.Layer)
	}
	if c.Operation != "" {
		s += ": " + line(c.Operation)
	}
	if c.Kind == posture.CausePanic { // the stack tells where
		return s + ": " + strings.ReplaceAll(strings.TrimSpace(c.Message), "\n", "\n        ")
	}
	if c.Message != "" {
		s += ": " + line(c.Message)
	}
	if !strings.Contains(f.Detail, c.Message) { // more than Control.Unknown says
		s += " (" + line(f.Detail) + ")"
	}
	return s
}

func nothingText(c outcome) string {
	s := fmt.Sprintf("%s judged nothing: %q was asked of no resource, so it is not shown to hold.", c.name(), line(c.Title))
	for _, f := range c.findings {
		if f.Status == posture.NotApplicable && f.Detail != "" {
			s += "\n    " + resource(f) + ": " + line(f.Detail)
		}
	}
	return s + "\n    If that is as it should be, name the control in AllowNotApplicable."
}

// resource names what a finding is on, so that the name can stand in an Allowance.
func resource(f posture.Finding) string {
	if f.Resource.ARN != "" {
		return nameAndPart(f.Resource.ARN, f.Sub)
	}
	return nameAndPart(placed(f.Resource), f.Sub)
}

func nameAndPart(name, sub string) string {
	if name = line(name); name == "" {
		name = "no resource"
	}
	if sub != "" {
		name += fmt.Sprintf(" part %q", sub)
	}
	return name
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// line makes one line of text that AWS or a user of the account wrote: nothing
// in it may end the line, and nothing may steer a terminal or a build's log.
func line(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, s)), " ")
}
