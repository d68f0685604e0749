package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// summary gathers results for the text that is printed at the end.
type summary struct {
	scope   scope
	took    time.Duration
	failing []posture.Finding
	unknown []posture.Finding
	counts  map[posture.Status]int
	title   map[string]string

	assessment *compliance.Assessment
}

func (s *summary) add(r posture.Result) {
	if s.counts == nil {
		s.counts, s.title = map[posture.Status]int{}, map[string]string{}
	}
	s.title[r.Control.ID] = r.Control.Title
	for _, f := range r.Findings {
		s.counts[f.Status]++
		switch f.Status {
		case posture.Fail:
			s.failing = append(s.failing, f)
		case posture.Unknown:
			s.unknown = append(s.unknown, f)
		}
	}
}

// status is the exit status, which only -fail-on asks for: findings beat what
// could not be assessed.
func (s *summary) status(failOn posture.Severity) int {
	if failOn == 0 {
		return 0
	}
	if slices.ContainsFunc(s.failing, func(f posture.Finding) bool { return f.Severity >= failOn }) {
		return 1
	}
	if len(s.unknown) > 0 || len(s.scope.notAssessed) > 0 {
		return 2
	}
	return 0
}

func (s *summary) write(w io.Writer) {
	fmt.Fprintf(w, "%s\n", s.scope.name)
	for severity := posture.Critical; severity >= posture.Informational; severity-- {
		s.writeSeverity(w, severity)
	}
	s.writeUnknown(w)
	s.writeRefused(w)
	s.writeFrameworks(w)
	calls := s.scope.calls()
	fmt.Fprintf(w, "\n%d controls judged: %d findings pass, %d fail, %d do not apply, %d unknown.\n",
		len(s.title), s.counts[posture.Pass], s.counts[posture.Fail], s.counts[posture.NotApplicable], s.counts[posture.Unknown])
	fmt.Fprintf(w, "%d API calls in %v.\n", calls, s.took.Round(time.Millisecond))
}

// writeFrameworks prints how the requirements of each framework ended.
func (s *summary) writeFrameworks(w io.Writer) {
	if len(s.assessment.Frameworks) == 0 {
		return
	}
	fmt.Fprintf(w, "\nREQUIREMENTS\n")
	for _, f := range s.assessment.Frameworks {
		fmt.Fprintf(w, "  %s\n", f.Summary())
	}
}

func (s *summary) writeSeverity(w io.Writer, severity posture.Severity) {
	list := slices.DeleteFunc(slices.Clone(s.failing), func(f posture.Finding) bool { return f.Severity != severity })
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s (%d)\n", strings.ToUpper(severity.String()), len(list))
	for _, f := range list {
		at := f.Resource.Region
		if at != "" {
			at += ": "
		}
		fmt.Fprintf(w, "  %-30s %s%s\n", f.Control, at, f.Detail)
	}
}

// writeUnknown prints what could not be assessed, once for each cause.
func (s *summary) writeUnknown(w io.Writer) {
	if len(s.unknown)+len(s.scope.notAssessed) == 0 {
		return
	}
	fmt.Fprintf(w, "\nNOT ASSESSED\n")
	controls := map[string][]string{}
	for _, f := range s.unknown {
		why := fmt.Sprintf("%s: %s", f.Cause.Kind, strings.TrimPrefix(f.Detail, "Could not be assessed: "))
		if f.Resource.Region != "" {
			why = f.Resource.Region + ": " + why
		}
		controls[why] = append(controls[why], f.Control)
	}
	for _, why := range slices.Sorted(maps.Keys(controls)) {
		names := slices.Compact(slices.Sorted(slices.Values(controls[why])))
		fmt.Fprintf(w, "  %s\n    %s\n", why, strings.Join(names, ", "))
	}
	for _, place := range s.scope.notAssessed {
		fmt.Fprintf(w, "  %s\n", place)
	}
}

// writeRefused prints the actions that were refused, by the layer that refused,
// and the statement that would allow them.
func (s *summary) writeRefused(w io.Writer) {
	byLayer := map[string][]string{}
	var mine []string
	for _, f := range s.unknown {
		if f.Cause.Action == "" {
			continue
		}
		layer := f.Cause.Layer
		if layer == "" {
			layer = "a policy that AWS does not name"
		}
		byLayer[layer] = append(byLayer[layer], f.Cause.Action)
		if f.Cause.Kind != posture.CauseSCP {
			mine = append(mine, f.Cause.Action)
		}
	}
	if len(byLayer) == 0 {
		return
	}
	fmt.Fprintf(w, "\nREFUSED in account %s\n", s.scope.account.Account)
	for _, layer := range slices.Sorted(maps.Keys(byLayer)) {
		fmt.Fprintf(w, "  by %s: %s\n", layer, strings.Join(distinct(byLayer[layer]), ", "))
	}
	if mine = distinct(mine); len(mine) > 0 {
		fmt.Fprintf(w, "  Add to the policy of the identity that scans:\n    {\"Effect\": \"Allow\", \"Action\": [\"%s\"], \"Resource\": \"*\"}\n", strings.Join(mine, `", "`))
	}
}

func distinct(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }
