//go:build chromium

package htmltest

import (
	"fmt"
	"slices"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
	"github.com/awsposture/posture/compliance/report"
)

var finished = time.Date(2026, time.June, 1, 9, 5, 0, 0, time.UTC)

// kind is a control with what it finds, as a reader would meet it.
type kind struct {
	id, title, resource, why string
	severity                 posture.Severity
	fail, pass               string
	requirements             []compliance.Ref
}

func ref(framework, version, id string) compliance.Ref {
	return compliance.Ref{Framework: framework, Version: version, ID: id}
}

var kinds = []kind{
	{
		"infra.bucket-public-access", "Buckets are not public", "AWS::S3::Bucket", "Everyone on the internet can read a public bucket. Turn on Block Public Access for the account, and serve what must be public through a distribution.", posture.Critical,
		"The bucket policy lets everyone read.", "Public access is blocked.",
		[]compliance.Ref{ref("cis-aws", "5.0.0", "2.1.4"), ref("pci-dss", "4.0.1", "1.3.1"), ref("nist-800-53", "r5", "AC-3(7)")},
	},
	{
		"iam.access-key-age", "Access keys are rotated in time", "AWS::IAM::AccessKey", "A key that nobody changes is a key that somebody has copied. Use roles; where a key must be, replace it every 90 days.", posture.Medium,
		"The access key is 365 days old.", "The access key is 12 days old.",
		[]compliance.Ref{ref("cis-aws", "5.0.0", "1.13"), ref("nist-800-53", "r5", "AC-2(1)")},
	},
	{
		"detective.trail-multi-region", "A trail records every region", "AWS::CloudTrail::Trail", "What is not recorded cannot be found out. Make one trail of the organization for all regions.", posture.High,
		"The trail records eu-west-1 only.", "The trail records every region.",
		[]compliance.Ref{ref("cis-aws", "5.0.0", "3.1")},
	},
	{
		"infra.security-group-ssh", "Security groups do not open SSH to the internet", "AWS::EC2::SecurityGroup", "Port 22 open to all is tried within minutes. Use Session Manager, or narrow the source.", posture.High,
		"Ingress rule sgr-0a1b2c3d4e5f60718 opens port 22 to 0.0.0.0/0.", "No rule opens port 22 to the internet.",
		[]compliance.Ref{ref("cis-aws", "5.0.0", "5.2"), ref("pci-dss", "4.0.1", "1.2.5")},
	},
	{"guardduty.detector-enabled", "GuardDuty watches the region", "AWS::GuardDuty::Detector", "An attack that nobody watches for is found by others. Enable GuardDuty for the organization.", posture.High, "There is no detector.", "The detector is enabled.", nil},
	{
		"iam.user-mfa", "Users who have a password have a second factor", "AWS::IAM::User", "A password alone is guessed, stolen or bought. Give the user a passkey, or no password.", posture.High,
		"The user signs in with a password alone.", "The user has a passkey.",
		[]compliance.Ref{ref("cis-aws", "5.0.0", "1.9"), ref("pci-dss", "4.0.1", "8.4.2")},
	},
	{"infra.volume-encrypted", "Volumes are encrypted", "AWS::EC2::Volume", "A snapshot shared by mistake is unreadable when encrypted. Turn on encryption by default.", posture.Low, "The volume is not encrypted.", "The volume is encrypted.", []compliance.Ref{ref("cis-aws", "5.0.0", "5.1.1")}},
	{"iam.account-contact", "The account has a security contact", "AWS::::Account", "AWS writes to it when something is wrong.", posture.Informational, "There is no security contact.", "There is a security contact.", []compliance.Ref{ref("cis-aws", "5.0.0", "1.2")}},
}

// estate is a report of n findings: most pass, some are waived, some could not
// be judged, and the changes since a month ago.
func estate(n int) (report.Header, []compliance.Item) {
	h := report.Header{
		Title: "Example Corp: AWS security posture", Version: "0.9.0", Started: finished.Add(-7 * time.Minute), Finished: finished,
		Gaps:  []report.Gap{{Place: posture.Place{Partition: "aws", Account: "777788889999"}, Reason: "the role posture-read could not be assumed: no trust"}},
		Notes: []string{"Waiver legacy-keys: It expired on 2026-05-20, and 3 failing findings count again."},
		Frameworks: []report.Framework{
			{Key: "cis-aws", Version: "5.0.0", Title: "CIS AWS Foundations Benchmark", Total: 63, Outcomes: []report.Outcome{{Word: "met", Count: 21}, {Word: "partly", Count: 2}, {Word: "excepted", Count: 1}, {Word: "not met", Count: 14}, {Word: "not assessed", Count: 18}, {Word: "manual", Count: 7}}},
			{Key: "pci-dss", Version: "4.0.1", Title: "PCI DSS", Outcomes: []report.Outcome{{Word: "met", Count: 9}, {Word: "not met", Count: 5}, {Word: "not assessed", Count: 60}}},
			{Key: "nist-800-53", Version: "r5", Title: "NIST SP 800-53"},
		},
		Comparison: &compliance.Comparison{Before: finished.AddDate(0, -1, 0), After: finished, Counts: map[compliance.Change]int{}},
	}
	for i, outcome := range []string{"met", "not met", "not assessed", "manual", "partly", "excepted"} {
		h.Frameworks[0].Requirements = append(h.Frameworks[0].Requirements, report.Requirement{
			ID: fmt.Sprintf("1.%d", i+1), Title: "Somebody looks after this part of the account", Outcome: outcome, Basis: "iam.user-mfa: fail; missing: denied detective.trail-multi-region", Shares: "AWS: The hardware. Customer: Settings, data and procedures.",
		})
	}
	owners := []string{"web", "platform", "data", "", "ana@example.com"}
	accounts := []string{"111122223333", "444455556666", "123456789012", "555566667777"}
	var items []compliance.Item
	for i := range n {
		k, m := kinds[i%len(kinds)], i/len(kinds)
		p := posture.Place{Partition: "aws", Account: accounts[m%len(accounts)]}
		if k.id[:3] != "iam" {
			p.Region = []string{"eu-west-1", "us-east-1"}[m%2]
		}
		if !slices.Contains(h.Places, p) {
			h.Places = append(h.Places, p)
		}
		c := posture.Control{ID: k.id, Title: k.title, Doc: k.why, Severity: k.severity, Resource: k.resource}
		r := p.Resource(k.resource, fmt.Sprintf("example-%d", i), "")
		if k.resource == "AWS::S3::Bucket" {
			r.ARN = "arn:aws:s3:::" + r.ID
		}
		it := compliance.Item{Control: c, Owner: owners[(m+i)%len(owners)], Requirements: k.requirements}
		switch m * 7 % 20 {
		case 0, 1, 2, 3:
			it.Finding = c.Fail(r, map[string]any{"name": r.ID, "since": "2026-03-02T11:20:00Z", "statements": []string{"AllowAll", "AllowList"}}).Detailf("%s", k.fail)
			change := []compliance.Change{compliance.New, compliance.Open, compliance.Open, compliance.Regressed}[m%4]
			changed(h.Comparison, change, it)
		case 4:
			it.Finding = c.Fail(r, nil).Detailf("%s", k.fail)
			it.Waiver = &compliance.Waiver{Control: k.id, Resource: r.ID, Owner: "cto@example.com", Reason: "the service ends in July", Expires: finished.AddDate(0, 1, 0)}
			changed(h.Comparison, compliance.Open, it)
		case 5, 6:
			it.Finding = c.Unknown(r, &posture.Cause{Kind: posture.CauseDenied, Operation: "S3:GetBucketPolicy", Code: "AccessDenied", Message: "no identity-based policy allows it"})
		case 7:
			it.Finding = c.NotApplicable(r, "There is nothing here of the kind.")
		case 8:
			it.Finding = c.Pass(r, nil).Detailf("%s", k.pass)
			changed(h.Comparison, compliance.Fixed, it)
		default:
			it.Finding = c.Pass(r, map[string]any{"name": r.ID}).Detailf("%s", k.pass)
		}
		it.Finding.Tags = map[string]string{"team": it.Owner, "stage": "production"}
		items = append(items, it)
	}
	return h, items
}

func changed(c *compliance.Comparison, what compliance.Change, it compliance.Item) {
	c.Counts[what]++
	c.Changes = append(c.Changes, compliance.Changed{Change: what, Failing: compliance.Failing{Fingerprint: it.Finding.Fingerprint()}})
}
