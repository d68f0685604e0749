package detections

import "github.com/awsposture/posture/detective/trail/rule"

// baseline: what an attacker does who does what was never done before.
func baseline(p *Params) []detection {
	return []detection{
		{
			ID: "D211", Title: "Write in an unused region", Level: "medium", Attack: "T1535",
			Outcome: whatever, Source: "", Events: "",
			When:           rule.All(off("readOnly"), foreign("awsRegion", p.AllowedRegions), rule.No(rule.Eq("eventSource", "iam.amazonaws.com", "sts.amazonaws.com", "cloudfront.amazonaws.com", "organizations.amazonaws.com", "route53.amazonaws.com", "signin.amazonaws.com"))),
			Correlate:      firstSeen("recipientAccountId awsRegion", 90),
			Needs:          needs("AllowedRegions", p.AllowedRegions),
			FalsePositives: "planned expansion",
			Look:           "the caller's lineage and everything else the session did",
		},
	}
}
