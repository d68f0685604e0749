package report

import (
	"bytes"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

var finished = time.Date(2026, time.June, 1, 9, 5, 0, 0, time.UTC)

// formats are all of them by name.
var formats = map[string]Format{
	"jsonl": JSONLines{}, "csv": CSV{}, "md": Markdown{All: true}, "html": HTML{}, "ocsf.jsonl": OCSFCompliance{}, "detection.jsonl": OCSFDetection{},
	"asff.jsonl": ASFF{}, "sarif": SARIF{}, "oscal.json": OSCAL{}, "junit.xml": JUnit{},
}

func header() Header {
	return Header{
		Title: "Example Corp: AWS security posture", Version: "0.9.0", Started: finished.Add(-5 * time.Minute), Finished: finished,
		Places: []posture.Place{{Partition: "aws", Account: "111122223333"}, {Partition: "aws", Account: "111122223333", Region: "eu-west-1"}, {Partition: "aws", Account: "444455556666"}},
		Gaps:   []Gap{{posture.Place{Partition: "aws", Account: "123456789012"}, "the role could not be assumed"}},
		Frameworks: []Framework{
			{Key: "cis-aws", Version: "5.0.0", Title: "CIS AWS Foundations Benchmark 5.0", Total: 63, Outcomes: []Outcome{{"met", 20}, {"not met", 11}, {"excepted", 1}, {"not assessed", 31}}, Requirements: []Requirement{
				{ID: "1.13", Title: "Keys are rotated", Outcome: "not met", Basis: "iam.access-key-age: fail"},
				{ID: "3.1", Title: "A trail records every region", Outcome: "not assessed", Basis: "missing: denied detective.trail-multi-region", Shares: "AWS: The hardware. Customer: Settings."},
			}},
			{Key: "nist-800-53", Version: "r5", Title: "NIST SP 800-53 Rev. 5"},
			{Key: "pci-dss", Version: "4.0.1", Title: "PCI DSS 4.0.1", Outcomes: []Outcome{{"met", 40}, {"not assessed", 9}}},
		},
	}
}

type keyEvidence struct {
	User    string    `json:"user"`
	KeyID   string    `json:"keyId"`
	Created time.Time `json:"created"`
	Age     int       `json:"ageDays"`
}

func control(id, title, resource string, s posture.Severity) posture.Control {
	return posture.Control{
		ID: id, Title: title, Doc: title + " for a reason: whoever can change this can hide what was done. Put it right in the console or with the remediator of this control, and look again.",
		Severity: s, Resource: resource, Params: []posture.Param{{Name: "max-age", Value: "90", Default: "90", Unit: "days"}},
	}
}

// small is one item of each state, and an expired waiver.
func small() []compliance.Item {
	key := control("iam.access-key-age", "Access keys are rotated in time", "AWS::IAM::AccessKey", posture.Medium)
	trail := control("detective.trail-multi-region", "A trail records every region", "AWS::CloudTrail::Trail", posture.High)
	bucket := control("infra.bucket-public-access", "Buckets are not public", "AWS::S3::Bucket", posture.Critical)
	global := posture.Place{Partition: "aws", Account: "111122223333"}
	region := posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}
	cis := func(id string) compliance.Ref { return compliance.Ref{Framework: "cis-aws", Version: "5.0.0", ID: id} }
	old := key.Fail(global.Resource("AWS::IAM::AccessKey", "AKIAIOSFODNN7EXAMPLE", ""), keyEvidence{"ana", "AKIAIOSFODNN7EXAMPLE", finished.AddDate(-1, 0, 0), 365}).Detailf("Access key AKIAIOSFODNN7EXAMPLE of user ana is 365 days old.")
	old.Tags = map[string]string{"team": "web", "owner": "ana@example.com"}
	deploy := key.Fail(global.Resource("AWS::IAM::AccessKey", "AKIAI44QH8DHBEXAMPLE", ""), keyEvidence{"deploy", "AKIAI44QH8DHBEXAMPLE", finished.AddDate(0, -6, 0), 182})
	public := bucket.Fail(region.Resource("AWS::S3::Bucket", "example-site", "arn:aws:s3:::example-site"), map[string]any{"publicPolicy": true, "statements": []string{"AllowAll"}}).Detailf("The bucket policy lets everyone read.")
	pci := compliance.Ref{Framework: "pci-dss", Version: "4.0.1", ID: "1.3.1"}
	return []compliance.Item{
		{Finding: public, Control: bucket, Owner: "web", Requirements: []compliance.Ref{cis("2.1.4"), pci, {Framework: "nist-800-53", Version: "r5", ID: "AC-3(7)"}}},
		{Finding: old, Control: key, Owner: "ana@example.com", Requirements: []compliance.Ref{cis("1.13")}, Waiver: &compliance.Waiver{Control: key.ID, Owner: "cto@example.com", Reason: "moved in May", Expires: finished.AddDate(0, 0, -1)}},
		{Finding: trail.Unknown(region.Resource("AWS::CloudTrail::Trail", "", ""), &posture.Cause{Kind: posture.CauseDenied, Operation: "CloudTrail:DescribeTrails", Message: "no identity-based policy allows it", Code: "AccessDenied"}), Control: trail, Requirements: []compliance.Ref{cis("3.1")}},
		{Finding: deploy.Detailf("Access key AKIAI44QH8DHBEXAMPLE of user deploy is 182 days old.").Part("second key"), Control: key, Requirements: []compliance.Ref{cis("1.13")}, Waiver: &compliance.Waiver{Control: key.ID, Resource: "AKIAI44QH8DHBEXAMPLE", Owner: "cto@example.com", Reason: "replaced by a role in July", Expires: finished.AddDate(0, 1, 0)}},
		{Finding: bucket.Pass(region.Resource("AWS::S3::Bucket", "example-logs", "arn:aws:s3:::example-logs"), nil).Detailf("Public access is blocked."), Control: bucket, Owner: "web", Requirements: []compliance.Ref{cis("2.1.4"), pci}},
		{Finding: key.NotApplicable(global.Resource("AWS::IAM::AccessKey", "", ""), "No IAM user has an access key."), Control: key, Requirements: []compliance.Ref{cis("1.13")}},
	}
}

// hostile are strings that break what does not expect them.
var hostile = []string{
	"", " ", "\x00\x01\x1f\x7f", "\u0085\u009f", "\xff\xfe invalid \xc3\x28", "\xed\xa0\x80", "\ufffe\uffff\ufdd0", "\u202egnp.exe\u202c \u2066x\u2069 \u200b\ufeff",
	"=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "a,\"b\";c\r\nd", "<script>alert(1)</script>", "</script><script>window.hacked=1</script>",
	"\"><img src=x onerror=window.hacked=1>", "' onmouseover='window.hacked=1", "]]>&amp;&#0;<!--", "</pre></details>", "a|b`c*d_e[f](http://example.com)~~g~~", "# h\n- l\n> q\n```", "\u2028\u2029",
	"{\"a\":1}", "\\u0000", "%s%n%x", "😀🏳️‍🌈 ünï", strings.Repeat("long ", 900), strings.Repeat("😀", 700), "www.example.com @example", "\\", "\ufeff=1", "\u00a0x\u00a0", "a\nb\rc\u2028d", "0\U000e0041\U0001fffe",
}

// generated are n items in every state, with every cause, severity and state of a
// waiver, in which every string may be hostile. No two are of one thing.
func generated(n int) []compliance.Item {
	r := rand.New(rand.NewPCG(6, 17))
	wild := func() string { return hostile[r.IntN(len(hostile))] }
	pick := func(usual string) string {
		switch r.IntN(4) {
		case 0:
			return wild()
		case 1:
			return usual + wild()
		}
		return usual
	}
	causes := []posture.CauseKind{
		posture.CauseDenied, posture.CauseSCP, posture.CauseThrottled, posture.CauseCredentials, posture.CauseClosedRegion, posture.CauseNotEntitled, posture.CauseTruncated, posture.CauseTimeout,
		posture.CauseCanceled, posture.CausePanic, posture.CauseNotProvided, posture.CauseStale, posture.CauseNotReady, posture.CauseMalformed, posture.CauseNoVerdict, posture.CauseNotVisible, posture.CauseError, "of tomorrow", "",
	}
	items := make([]compliance.Item, n)
	for i := range items {
		c := control(pick(fmt.Sprintf("iam.rule-%d", i%17)), pick("A title"), pick("AWS::IAM::User"), posture.Severity(i%6))
		c.Doc = pick("Why.")
		c.Params = []posture.Param{{Name: pick("max"), Value: pick("9"), Unit: pick("days"), Default: pick("9")}}
		it := compliance.Item{Control: c, Owner: pick("web"), Finding: posture.Finding{
			Control: c.ID, Severity: posture.Severity(i / 6 % 6), Status: posture.Status(i % 4), Sub: pick("part") + fmt.Sprint(i), Detail: pick("Something was seen."),
			Resource: posture.Resource{Partition: pick("aws"), Account: pick("111122223333"), Region: pick("eu-west-1"), Type: pick("AWS::S3::Bucket"), ID: pick("name"), ARN: pick("arn:aws:s3:::name")},
			Tags:     map[string]string{pick("k"): pick("v"), wild(): wild()},
		}}
		switch i % 3 {
		case 0:
			it.Finding.Evidence = map[string]any{pick("field"): pick("value"), "list": []string{wild(), wild()}, "nothing": nil}
		case 1:
			it.Finding.Evidence = pick("text")
		}
		if it.Finding.Status == posture.Unknown && i%40 != 0 {
			it.Finding.Cause = &posture.Cause{Kind: causes[i/4%len(causes)], Operation: pick("IAM:ListUsers"), Code: pick("AccessDenied"), Message: pick("no"), Layer: wild()}
		}
		if i/4%3 > 0 {
			it.Waiver = &compliance.Waiver{Control: c.ID, Owner: pick("cto"), Reason: pick("later"), Resource: wild(), Expires: finished.AddDate(0, 0, (i/4%3-1)*40-20)}
			if i%50 == 0 {
				it.Waiver.Expires = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
			}
		}
		for range r.IntN(4) {
			it.Requirements = append(it.Requirements, compliance.Ref{Framework: pick("cis-aws"), Version: pick("5.0.0"), ID: pick("1.10")})
		}
		items[i] = it
	}
	return items
}

func hostileHeader() Header {
	h := header()
	h.Title, h.Tool, h.Version = hostile[4]+hostile[17], hostile[18], hostile[12]
	for _, s := range hostile {
		h.Places = append(h.Places, posture.Place{Partition: s, Account: s, Region: s})
		h.Gaps = append(h.Gaps, Gap{posture.Place{Account: s}, s})
		h.Notes = append(h.Notes, s)
		h.Frameworks = append(h.Frameworks, Framework{Key: s, Version: s, Title: s, Outcomes: []Outcome{{s, 1}}, Requirements: []Requirement{{s, s, s, s, s}}})
	}
	return h
}

// compared is a header with a comparison in which the items changed in every
// way, one after the other, and three findings that are no items are gone or
// were not seen.
func compared(h Header, items []compliance.Item) Header {
	c := &compliance.Comparison{Before: finished.AddDate(0, -1, 0), After: finished, Counts: map[compliance.Change]int{}}
	add := func(what compliance.Change, f posture.Finding, owner string) {
		c.Counts[what]++
		c.Changes = append(c.Changes, compliance.Changed{Change: what, Failing: compliance.Failing{
			Fingerprint: f.Fingerprint(), Control: f.Control, Resource: f.Resource, Sub: f.Sub, Severity: f.Severity, Owner: owner,
		}})
	}
	for i, it := range items {
		it = valid(it)
		switch it.Finding.Status {
		case posture.Fail:
			add([]compliance.Change{compliance.New, compliance.Open, compliance.Regressed}[i/4%3], it.Finding, it.Owner)
		case posture.Pass:
			if i/4%2 == 0 {
				add(compliance.Fixed, it.Finding, it.Owner)
			}
		case posture.NotApplicable:
			add(compliance.Gone, it.Finding, it.Owner)
		default:
			add(compliance.NotSeen, it.Finding, it.Owner)
		}
	}
	r := posture.Resource{Partition: "aws", Account: "111122223333", Region: "eu-west-1", Type: "AWS::S3::Bucket", ID: "example-old"}
	add(compliance.Gone, posture.Finding{Control: "infra.bucket-public-access", Severity: posture.Critical, Resource: r}, "web")
	r.ID, r.ARN = hostile[6], hostile[17]
	add(compliance.Gone, posture.Finding{Control: hostile[7], Resource: r, Sub: hostile[8]}, hostile[16])
	add(compliance.NotSeen, posture.Finding{Control: "infra.bucket-public-access", Severity: posture.High, Resource: r}, "")
	h.Comparison = c
	return h
}

func write(t testing.TB, f Format, h Header, items iter.Seq[compliance.Item]) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, h, items); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The generator must give what the tests say they prove.
func TestGeneratedCoversEveryState(t *testing.T) {
	seen := map[string]int{}
	for it := range slices.Values(generated(600)) {
		w := "none"
		if it.Waiver != nil {
			w = fmt.Sprint(stateOf(compliance.Item{Finding: posture.Finding{Status: posture.Fail}, Waiver: it.Waiver}, finished) == waived)
		}
		seen[it.Finding.Status.String()+" "+w]++
		if it.Finding.Cause != nil {
			seen["cause "+string(it.Finding.Cause.Kind)]++
		}
		seen["severity "+it.Finding.Severity.String()]++
	}
	if len(seen) != 4*3+19+6 {
		t.Errorf("%d combinations: %v", len(seen), seen)
	}
}
