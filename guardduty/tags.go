package guardduty

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// Tagged is what RequiredTags judges the tags of.
type Tagged string

// What RequiredTags judges the tags of.
const (
	TaggedDetector Tagged = "detector"
	TaggedFilter   Tagged = "filter"
	TaggedIPSet    Tagged = "ip-set"
)

var taggedTypes = map[Tagged]struct {
	resource, many string
	reads          []string
}{
	TaggedDetector: {"AWS::GuardDuty::Detector", "Detectors", nil},
	TaggedFilter:   {"AWS::GuardDuty::Filter", "Filters", []string{"ListFilters", "GetFilter"}},
	TaggedIPSet:    {"AWS::GuardDuty::IPSet", "IP sets", []string{"ListIPSets", "GetIPSet"}},
}

// RequiredTags judges that resources of GuardDuty carry the tag keys that the
// organization asks for. Without Keys nothing is asked, and nothing read.
type RequiredTags struct {
	Region *Region
	Of     Tagged
	Keys   []string // tag keys, case counts; default none
}

// TagsEvidence is the keys asked for and those that are missing.
type TagsEvidence struct {
	Required []string `json:"required"`
	Missing  []string `json:"missing,omitempty"`
}

// String says it in a sentence.
func (e TagsEvidence) String() string {
	if len(e.Missing) == 0 {
		return "Every required tag is there: " + strings.Join(e.Required, ", ") + "."
	}
	return "Required tags are missing: " + strings.Join(e.Missing, ", ") + "."
}

// Control implements posture.Evaluator.
func (e RequiredTags) Control() posture.Control {
	of := taggedTypes[e.Of]
	c := posture.Control{
		ID:       fmt.Sprintf("guardduty.%s-tags", e.Of),
		Title:    of.many + " carry the required tags",
		Doc:      "Tags say whose a resource is and what it is for, and permissions can go by them. Give every resource the keys that your organization asks for.",
		Severity: posture.Low, Scope: posture.Regional, Resource: of.resource,
		Params: []posture.Param{{Name: "keys", Value: strings.Join(e.Keys, ","), Source: "AWS tagging standard GuardDuty.2 to GuardDuty.4"}},
	}
	if len(e.Keys) > 0 {
		c.Requires = actions(append([]string{"ListDetectors", "GetDetector"}, of.reads...)...)
	}
	return c
}

// Place implements posture.Evaluator.
func (e RequiredTags) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e RequiredTags) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, r := e.Control(), e.Region
	if len(e.Keys) == 0 {
		return []posture.Finding{c.NotApplicable(r.resource(Detector{}), "No tag key is asked for.")}, nil
	}
	d, off, err := r.enabled(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	switch e.Of {
	case TaggedFilter:
		names, err := r.FilterNames(ctx)
		fs := posture.Each(ctx, names, func(ctx context.Context, name string) []posture.Finding {
			at := r.filterResource(d, name)
			f, err := r.Filter(ctx, name)
			if err != nil {
				return []posture.Finding{c.Unknown(at, err)}
			}
			return []posture.Finding{e.judge(at, f.Tags)}
		})
		return c.Judged(fs, err, r.resource(d), "The region has no filter.")
	case TaggedIPSet:
		fs, err := r.eachList(ctx, c, d, []ListKind{IPSet}, func(_ context.Context, at posture.Resource, l List) posture.Finding { return e.judge(at, l.Tags) })
		return c.Judged(fs, err, r.resource(d), "The region has no IP set.")
	}
	return []posture.Finding{e.judge(r.resource(d), d.Tags)}, nil
}

func (e RequiredTags) judge(at posture.Resource, tags map[string]string) posture.Finding {
	seen := TagsEvidence{Required: e.Keys}
	for _, key := range e.Keys {
		if _, ok := tags[key]; !ok {
			seen.Missing = append(seen.Missing, key)
		}
	}
	slices.Sort(seen.Missing)
	judge := e.Control().Pass
	if seen.Missing != nil {
		judge = e.Control().Fail
	}
	f := judge(at, seen)
	f.Tags = tags
	return f
}
