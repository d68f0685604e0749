package report

import (
	"cmp"
	"encoding/json"
	"io"
	"iter"
	"net/url"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// SARIF writes one SARIF 2.1.0 log of one run: a rule for each control, a
// result for each finding. A result's place is a logical location, the resource's
// ARN; where Locate knows the code that makes the resource, it is a physical one
// too, which code scanning services ask for. With a comparison, a result has a
// baseline state: new (regressed ones too), unchanged for one that is still open,
// updated for one that failed and does not now, absent for one that is gone; none
// where nothing changed. The results come before the tool and
// its rules, so that nothing but the controls is held.
// See https://docs.oasis-open.org/sarif/sarif/v2.1.0/.
type SARIF struct {
	// Locate gives the file, as a path relative to the repository's root, and
	// the line that a resource is defined at; "" where it is not known.
	Locate func(posture.Resource) (path string, line int)
}

// Write implements Format.
func (s SARIF) Write(w io.Writer, h Header, items iter.Seq[compliance.Item]) error {
	out := newOutput(w)
	out.put(`{"$schema":"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json","version":"2.1.0","runs":[{"results":[`)
	rules := []sarifRule{}
	index := map[string]int{}
	err := h.walkAndGone(items, func(r row) error {
		i, known := index[r.Control.ID]
		if !known {
			i = len(rules)
			index[r.Control.ID] = i
			rules = append(rules, sarifRuleOf(r))
		}
		if r.n > 0 {
			out.put(",")
		}
		return out.json(s.result(r, i))
	})
	if err != nil {
		return err
	}
	run := sarifInvocation{Successful: true, Start: stamp(h.Started), End: stamp(h.Finished), Properties: map[string]any{}}
	if len(h.Places) > 0 {
		run.Properties["places"] = places(h.Places)
	}
	if len(h.Gaps) > 0 {
		run.Properties["notAssessed"] = h.Gaps
	}
	if len(h.Notes) > 0 {
		run.Properties["notes"] = h.Notes
	}
	for _, f := range h.Frameworks {
		run.Properties[line(f.name())] = f
	}
	out.put(`],"columnKind":"utf16CodeUnits","invocations":[`)
	if err := out.json(run); err != nil {
		return err
	}
	out.put(`],"tool":{"driver":`)
	if err := out.json(sarifDriver{Name: h.tool(), Version: line(h.Version), Rules: rules}); err != nil {
		return err
	}
	out.put("}}]}\n")
	return out.Flush()
}

func sarifLevel(s posture.Severity) string {
	switch s {
	case posture.Critical, posture.High:
		return "error"
	case posture.Medium:
		return "warning"
	}
	return "note"
}

// securitySeverity is the number by which code scanning services rank a rule.
var securitySeverity = [...]string{"0.0", "0.0", "3.0", "5.5", "8.0", "9.5"}

func sarifRuleOf(r row) sarifRule {
	c := r.Control
	severity := cmp.Or(c.Severity, r.severity) // a finding may have one of its own, which the rule has not
	rule := sarifRule{ID: c.ID, Short: sarifText{r.title()}, Configuration: sarifConfiguration{sarifLevel(severity)}}
	doc := sarifText{cmp.Or(shown(c.Doc), r.title())}
	rule.Full, rule.Help = doc, doc
	rule.Properties = map[string]any{"tags": []string{"security", "domain:" + line(r.domain)}}
	if severity <= posture.Critical {
		rule.Properties["security-severity"] = securitySeverity[severity]
	}
	if len(c.Params) > 0 {
		rule.Properties["params"] = c.Params
	}
	return rule
}

// sarifBaseline is how a result stands to the earlier assessment.
func sarifBaseline(r row) string {
	switch {
	case r.absent:
		return "absent"
	case r.change == "":
		return ""
	case r.change == changeNew, r.change == changeRegressed:
		return "new"
	case r.change == changeOpen:
		return "unchanged"
	}
	return "updated"
}

func (s SARIF) result(r row, rule int) sarifResult {
	f := r.Finding
	res := sarifResult{
		RuleID: r.Control.ID, RuleIndex: rule, Level: "none", Message: sarifText{r.detail()},
		Fingerprints: map[string]string{"posture/v1": r.id},
		Locations:    []sarifLocation{{Logical: []sarifLogical{{Name: line(f.Resource.ID), Qualified: r.subject(), Kind: "resource"}}}},
		Properties:   map[string]any{"verdict": f.Status.String(), "severity": r.severity.String(), "resource": f.Resource},
	}
	switch r.state {
	case pass:
		res.Kind = "pass"
	case notApplicable:
		res.Kind = "notApplicable"
	case unknown:
		res.Kind = "open"
		res.Properties["cause"] = r.cause()
	default:
		res.Kind, res.Level = "fail", sarifLevel(r.severity)
	}
	res.Baseline = sarifBaseline(r)
	if r.state == waived {
		res.Suppressions = []sarifSuppression{{"external", "accepted", r.waiver()}}
	}
	for k, v := range map[string]string{"owner": line(r.Owner), "part": line(f.Sub), "requirements": refs(r.Requirements), "waiver": r.waiver(), "change": r.change} {
		if v != "" {
			res.Properties[k] = v
		}
	}
	if r.evidence != nil {
		res.Properties["evidence"] = json.RawMessage(r.evidence)
	}
	if s.Locate != nil {
		if path, at := s.Locate(f.Resource); path != "" {
			place := &sarifPhysical{Artifact: sarifArtifact{(&url.URL{Path: utf(path)}).String()}}
			if at > 0 {
				place.Region = &sarifRegion{at}
			}
			res.Locations[0].Physical = place
		}
	}
	return res
}

// The objects of SARIF that are written.
type (
	sarifText struct {
		Text string `json:"text"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifRule struct {
		ID            string             `json:"id"`
		Short         sarifText          `json:"shortDescription"`
		Full          sarifText          `json:"fullDescription"`
		Help          sarifText          `json:"help"`
		Configuration sarifConfiguration `json:"defaultConfiguration"`
		Properties    map[string]any     `json:"properties"`
	}
	sarifInvocation struct {
		Successful bool           `json:"executionSuccessful"`
		Start      string         `json:"startTimeUtc,omitempty"`
		End        string         `json:"endTimeUtc,omitempty"`
		Properties map[string]any `json:"properties"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Kind         string             `json:"kind"`
		Level        string             `json:"level"`
		Baseline     string             `json:"baselineState,omitempty"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
		Properties   map[string]any     `json:"properties"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}
	sarifLocation struct {
		Logical  []sarifLogical `json:"logicalLocations"`
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	}
	sarifLogical struct {
		Name      string `json:"name,omitempty"`
		Qualified string `json:"fullyQualifiedName"`
		Kind      string `json:"kind"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		Line int `json:"startLine"`
	}
)
