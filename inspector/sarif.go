package inspector

import (
	"bufio"
	"cmp"
	"encoding/json"
	"io"
	"iter"
	"net/url"
	"strconv"
	"strings"

	"github.com/awsposture/posture"
)

// The parts of SARIF 2.1.0 that are written.
type (
	sarifText struct {
		Text string `json:"text"`
	}
	sarifRule struct {
		ID          string         `json:"id"`
		Description sarifText      `json:"shortDescription"`
		HelpURI     string         `json:"helpUri,omitempty"`
		Properties  map[string]any `json:"properties,omitempty"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Properties   map[string]any    `json:"properties"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations"`
	}
	sarifPhysical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	}
	sarifRegion struct {
		StartLine int32 `json:"startLine"`
	}
	sarifLogical struct {
		FullName string `json:"fullyQualifiedName"`
		Kind     string `json:"kind"`
	}
)

// WriteSARIF writes every item of a stream as a result of SARIF 2.1.0, in the
// stream's order; it keeps a rule per vulnerability and no result. After an error
// of the stream, which is returned, the document is whole and says that the run
// was not successful.
func WriteSARIF(w io.Writer, items iter.Seq2[Item, error]) error {
	b := bufio.NewWriter(w)
	s := sarif{w: b, rules: map[string]sarifRule{}}
	s.text(`{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"results":[`)
	var failed error
	for i, err := range items {
		if err != nil {
			failed = err
			break
		}
		s.result(i)
	}
	s.text("],\n\"invocations\":[")
	invocation := map[string]any{"executionSuccessful": failed == nil}
	if failed != nil {
		invocation["toolExecutionNotifications"] = []any{map[string]any{"level": "error", "message": sarifText{failed.Error()}}}
	}
	s.value(invocation)
	s.text("],\n\"tool\":{\"driver\":{\"name\":\"Amazon Inspector\",\"informationUri\":\"https://docs.aws.amazon.com/inspector/latest/user/\",\"rules\":[")
	for n, id := range sortedKeys(s.rules) {
		if n > 0 {
			s.text(",")
		}
		s.text("\n")
		s.value(s.rules[id])
	}
	s.text("]}}}]}\n")
	if s.err == nil {
		s.err = b.Flush()
	}
	return orError(failed, s.err)
}

type sarif struct {
	w     *bufio.Writer
	rules map[string]sarifRule
	n     int
	err   error
}

func (s *sarif) text(t string) {
	if s.err == nil {
		_, s.err = s.w.WriteString(t)
	}
}

func (s *sarif) value(v any) {
	b, err := json.Marshal(v)
	s.err = orError(s.err, err)
	s.text(string(b))
}

func (s *sarif) result(i Item) {
	f := i.Finding
	rule := cmp.Or(f.Vulnerability, string(f.Type)+"/"+f.Title)
	if _, known := s.rules[rule]; !known {
		s.rules[rule] = sarifRule{ID: rule, Description: sarifText{f.Title}, HelpURI: web(f.URL), Properties: map[string]any{"security-severity": strconv.FormatFloat(f.score(), 'f', 1, 64), "tags": []string{"security"}}}
	}
	r := sarifResult{
		RuleID: rule, Level: sarifLevel(f.Rating()), Message: sarifText{f.Title + ". " + i.Reason}, Fingerprints: map[string]string{"identity/v1": f.Identity()},
		Properties: map[string]any{"tier": i.Tier, "severity": f.Severity, "account": i.Resource.Account, "arn": f.ARN, "overdue": i.Overdue},
	}
	at := sarifLocation{Logical: []sarifLogical{{FullName: i.Resource.ID, Kind: "resource"}}}
	switch {
	case f.Code != nil && f.Code.File != "":
		at.Physical = &sarifPhysical{}
		at.Physical.Artifact.URI = escapePath(f.Code.File)
		if f.Code.Line > 0 {
			at.Physical.Region = &sarifRegion{f.Code.Line}
		}
	case len(f.Packages) > 0 && f.Packages[0].Path != "":
		at.Physical = &sarifPhysical{}
		at.Physical.Artifact.URI = escapePath(f.Packages[0].Path)
	}
	r.Locations = []sarifLocation{at}
	if s.n++; s.n > 1 {
		s.text(",")
	}
	s.text("\n")
	s.value(r)
}

// sarifLevel gives SARIF's level of a severity.
func sarifLevel(v posture.Severity) string {
	switch {
	case v >= posture.High:
		return "error"
	case v == posture.Medium:
		return "warning"
	}
	return "note"
}

// web keeps a URL that can be followed, and nothing else.
func web(link string) string {
	if strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "http://") {
		return link
	}
	return ""
}

// escapePath makes a relative URI reference of a path.
func escapePath(path string) string {
	return (&url.URL{Path: strings.TrimPrefix(path, "/")}).String()
}
