package iam

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/awsposture/posture"
)

// ExternalAnalyzer judges that an active IAM Access Analyzer analyzer for
// external access, of the account or of its organization, is in every region
// that the fact Account.Analyzers looked at.
type ExternalAnalyzer struct{ Account *Account }

// ExternalAnalyzerEvidence is the active external access analyzers of a region.
type ExternalAnalyzerEvidence struct {
	Region    string   `json:"region"`
	Analyzers []string `json:"analyzers"` // ARNs
}

// String says it in a sentence.
func (e ExternalAnalyzerEvidence) String() string {
	return fmt.Sprintf("%s has %d active external access analyzers.", e.Region, len(e.Analyzers))
}

// Control implements posture.Evaluator.
func (e ExternalAnalyzer) Control() posture.Control {
	return posture.Control{
		ID:       "iam.external-analyzer",
		Title:    "An external access analyzer is active in every region",
		Doc:      "The analyzer reports what a resource policy opens to others, by proof and without charge. Create an analyzer of type ACCOUNT in the region, or one of type ORGANIZATION in the delegated administrator's account.",
		Severity: posture.High, Scope: posture.Global, Resource: "AWS::AccessAnalyzer::Analyzer",
	}
}

// Place implements posture.Evaluator.
func (e ExternalAnalyzer) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e ExternalAnalyzer) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	byRegion, err := a.analyzersByRegion(ctx)
	var fs []posture.Finding
	for _, region := range sortedKeys(byRegion) {
		seen := ExternalAnalyzerEvidence{Region: region}
		for _, z := range byRegion[region] {
			if z.Active && (z.Type == "ACCOUNT" || z.Type == "ORGANIZATION") {
				seen.Analyzers = append(seen.Analyzers, z.ARN)
			}
		}
		judge := c.Pass
		if len(seen.Analyzers) == 0 {
			judge = c.Fail
		}
		// The region as a whole is judged: it has an analyzer or it has not.
		here := a.place.Resource("AWS::AccessAnalyzer::Analyzer", "", "")
		here.Region = region
		fs = append(fs, judge(here, seen))
	}
	return c.Judged(fs, err, a.account(), "No region was looked at.")
}

func (a *Account) analyzer(region string, z Analyzer) posture.Resource {
	r := a.place.Resource("AWS::AccessAnalyzer::Analyzer", z.Name, z.ARN)
	r.Region = region
	return r
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
