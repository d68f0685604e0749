package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

func lines[T any](t *testing.T, b []byte) (all []T) {
	t.Helper()
	for _, l := range bytes.Split(bytes.TrimSuffix(b, []byte("\n")), []byte("\n")) {
		var v T
		if err := json.Unmarshal(l, &v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

func TestOCSFVerdicts(t *testing.T) {
	items := generated(600)
	for i, e := range lines[ocsf](t, write(t, OCSFCompliance{}, header(), slices.Values(items))) {
		s := stateOf(items[i], finished)
		want := map[state][3]int{fail: {3, 1}, waived: {3, 3}, pass: {1, 4}, notApplicable: {99, 4}, unknown: {2, 1}}[s]
		if e.Compliance.StatusID != want[0] || e.StatusID != want[1] || e.TypeUID != 200301 {
			t.Errorf("item %d, %v: %+v", i, s, e)
		}
		if (s == unknown) != (e.Compliance.StatusDetails != nil) {
			t.Errorf("item %d: an Unknown, and only that, has its cause: %v", i, e.Compliance.StatusDetails)
		}
		if e.Info.UID != valid(items[i]).Finding.Fingerprint() {
			t.Errorf("item %d has another's fingerprint", i)
		}
	}
	for _, e := range lines[ocsf](t, write(t, OCSFDetection{}, header(), slices.Values(items))) {
		if e.TypeUID != 200401 || e.Compliance != nil || *e.IsAlert != (e.StatusID == 1) {
			t.Errorf("%+v", e)
		}
	}
}

func TestASFF(t *testing.T) {
	items := generated(600)
	var all []asff
	for _, batch := range lines[[]asff](t, write(t, ASFF{}, header(), slices.Values(items))) {
		for _, f := range batch {
			if f.Account != batch[0].Account || f.Region != batch[0].Region || !strings.Contains(f.ProductARN, ":"+f.Region+":"+f.Account+":product/") {
				t.Errorf("a call takes one account and region: %s %s", f.Account, f.Region)
			}
		}
		all = append(all, batch...)
	}
	for i, f := range all {
		s := stateOf(items[i], finished)
		want := map[state][2]string{fail: {"FAILED", "NEW"}, waived: {"FAILED", "SUPPRESSED"}, pass: {"PASSED", "RESOLVED"}, notApplicable: {"NOT_AVAILABLE", "RESOLVED"}, unknown: {"WARNING", "NEW"}}[s]
		if f.Compliance.Status != want[0] || f.Workflow.Status != want[1] || (s == unknown || s == notApplicable) != (f.Compliance.Reasons != nil) {
			t.Errorf("item %d, %v: %+v", i, s, f)
		}
		for _, limit := range []struct {
			s string
			n int
		}{{f.Title, 256}, {f.Description, 1024}, {f.ID, 512}, {f.Resources[0].ID, 512}, {f.Fields["posture/Evidence"], 2048}, {f.GeneratorID, 512}} {
			if n := len(utf16.Encode([]rune(limit.s))); n > limit.n {
				t.Errorf("item %d: %d characters where %d may be: %.80s", i, n, limit.n, limit.s)
			}
		}
		if b, err := json.Marshal(f); err != nil || len(b) > 240<<10 {
			t.Errorf("item %d: %d bytes, %v", i, len(b), err)
		}
	}
}

func TestASFFBatches(t *testing.T) {
	items := make([]compliance.Item, 250)
	for i := range items {
		items[i] = small()[0]
		items[i].Finding.Resource.ID = fmt.Sprint(i)
	}
	var sizes []int
	for _, b := range lines[[]asff](t, write(t, ASFF{}, header(), slices.Values(items))) {
		sizes = append(sizes, len(b))
	}
	if !slices.Equal(sizes, []int{100, 100, 50}) {
		t.Errorf("%v", sizes)
	}
}

func TestASFFPlaces(t *testing.T) {
	for _, c := range []struct {
		partition, region, asked, want string
	}{
		{"aws", "", "", "us-east-1"},
		{"aws", "", "eu-west-1", "eu-west-1"},
		{"aws", "ap-south-1", "eu-west-1", "ap-south-1"},
		{"aws-cn", "", "", "cn-north-1"},
		{"aws-us-gov", "", "", "us-gov-west-1"},
	} {
		it := small()[1]
		it.Finding.Resource.Partition, it.Finding.Resource.Region = c.partition, c.region
		f := lines[[]asff](t, write(t, ASFF{Region: c.asked}, header(), slices.Values([]compliance.Item{it})))[0][0]
		if want := "arn:" + c.partition + ":securityhub:" + c.want + ":111122223333:product/111122223333/default"; f.Region != c.want || f.ProductARN != want {
			t.Errorf("%+v: %s", c, f.ProductARN)
		}
	}
	for in, want := range map[string]string{
		"AWS::S3::Bucket": "AwsS3Bucket", "AWS::EC2::VPC": "AwsEc2Vpc", "AWS::ElasticLoadBalancingV2::LoadBalancer": "AwsElbv2LoadBalancer",
		"AWS::IAM::ManagedPolicy": "AwsIamPolicy", "AWS::::Account": "AwsAccount", "AWS::New::Thing": "Other", "": "Other",
	} {
		if got := asffType(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}

func TestFirstSeen(t *testing.T) {
	h := header()
	since := finished.AddDate(0, -2, 0)
	h.FirstSeen = func(posture.Finding) time.Time { return since }
	f := lines[[]asff](t, write(t, ASFF{}, h, slices.Values(small())))[0][0]
	if f.Created != "2026-04-01T09:05:00Z" || f.Updated != "2026-06-01T09:05:00Z" {
		t.Errorf("%s, %s", f.Created, f.Updated)
	}
	e := lines[ocsf](t, write(t, OCSFCompliance{}, h, slices.Values(small())))[0]
	if e.Info.Created != since.UnixMilli() {
		t.Errorf("%d", e.Info.Created)
	}
}

func TestSARIF(t *testing.T) {
	items := generated(600)
	var log struct {
		Runs []struct {
			Results []sarifResult
			Tool    struct{ Driver sarifDriver }
		}
	}
	locate := SARIF{Locate: func(r posture.Resource) (string, int) { return "infra/main file.tf", 7 }}
	if err := json.Unmarshal(write(t, locate, header(), slices.Values(items)), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Results) != len(items) {
		t.Fatalf("%d results", len(run.Results))
	}
	ids := map[string]bool{}
	for _, r := range run.Tool.Driver.Rules {
		if ids[r.ID] {
			t.Errorf("rule %q stands twice", r.ID)
		}
		ids[r.ID] = true
	}
	for i, r := range run.Results {
		s := stateOf(items[i], finished)
		want := map[state]string{fail: "fail", waived: "fail", pass: "pass", notApplicable: "notApplicable", unknown: "open"}[s]
		if r.Kind != want || (s == waived) != (len(r.Suppressions) == 1) || (r.Kind != "fail") != (r.Level == "none") || run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("item %d, %v: %+v", i, s, r)
		}
		if p := r.Locations[0].Physical; p == nil || p.Artifact.URI != "infra/main%20file.tf" || p.Region.Line != 7 {
			t.Errorf("item %d: %+v", i, p)
		}
	}
}

type oscalDocument struct {
	AR struct {
		Results []struct {
			Observations []oscalText
			Findings     []struct {
				Title  string
				Target struct {
					Status struct{ State, Reason string }
				}
				Observations []struct {
					ID string `json:"observation-uuid"`
				} `json:"related-observations"`
				Risks []struct {
					ID string `json:"risk-uuid"`
				} `json:"related-risks"`
			}
			Risks    []oscalText
			Reviewed struct {
				Selections []struct {
					Include, Exclude []struct {
						ID string `json:"control-id"`
					}
				} `json:"control-selections"`
			} `json:"reviewed-controls"`
		}
	} `json:"assessment-results"`
}

type oscalText struct{ UUID, Status, Deadline string }

func readOSCAL(t *testing.T, items []compliance.Item) oscalDocument {
	t.Helper()
	var d oscalDocument
	if err := json.Unmarshal(write(t, OSCAL{}, header(), slices.Values(items)), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// Only a control of which everything passed is satisfied.
func TestOSCALState(t *testing.T) {
	all := small()
	failed, unknownOne, waivedOne, passed, nothing := all[0], all[2], all[3], all[4], all[5]
	for name, c := range map[string]struct {
		items         []compliance.Item
		state, reason string
		risks         int
	}{
		"pass":                 {[]compliance.Item{passed}, "satisfied", "pass", 0},
		"pass, not applicable": {[]compliance.Item{passed, nothing}, "satisfied", "pass", 0},
		"pass, fail":           {[]compliance.Item{passed, failed}, "not-satisfied", "fail", 1},
		"pass, unknown":        {[]compliance.Item{passed, unknownOne}, "not-satisfied", "other", 0},
		"unknown, fail":        {[]compliance.Item{unknownOne, failed}, "not-satisfied", "fail", 1},
		"pass, waived":         {[]compliance.Item{passed, waivedOne}, "not-satisfied", "fail", 1},
		"waived, fail":         {[]compliance.Item{waivedOne, failed}, "not-satisfied", "fail", 2},
		"not applicable":       {[]compliance.Item{nothing}, "", "", 0},
	} {
		for i := range c.items {
			c.items[i].Control.ID, c.items[i].Finding.Control = "iam.one", "iam.one"
		}
		r := readOSCAL(t, c.items).AR.Results[0]
		if c.state == "" {
			if len(r.Findings) != 0 || len(r.Reviewed.Selections) != 2 {
				t.Errorf("%s: %+v", name, r)
			}
			continue
		}
		if len(r.Findings) != 1 || r.Findings[0].Target.Status.State != c.state || r.Findings[0].Target.Status.Reason != c.reason || len(r.Risks) != c.risks || len(r.Findings[0].Risks) != c.risks {
			t.Errorf("%s: %+v", name, r)
		}
		for _, risk := range r.Risks {
			if (risk.Status == "deviation-approved") != (risk.Deadline != "") {
				t.Errorf("%s: %+v", name, risk)
			}
		}
	}
}

// Every UUID that is named exists, and exists once.
func TestOSCALReferences(t *testing.T) {
	r := readOSCAL(t, generated(600)).AR.Results[0]
	if len(r.Observations) != 600 {
		t.Fatalf("%d observations", len(r.Observations))
	}
	known := map[string]bool{}
	for _, o := range slices.Concat(r.Observations, r.Risks) {
		if known[o.UUID] {
			t.Errorf("%s stands twice", o.UUID)
		}
		known[o.UUID] = true
	}
	for _, f := range r.Findings {
		for _, o := range f.Observations {
			if !known[o.ID] {
				t.Errorf("observation %s does not exist", o.ID)
			}
		}
		for _, o := range f.Risks {
			if !known[o.ID] {
				t.Errorf("risk %s does not exist", o.ID)
			}
		}
	}
}

func TestOSCALIDs(t *testing.T) {
	for want, q := range map[string]compliance.Ref{
		"cis-1.2":                 {Framework: "cis-aws", Version: "5.0.0", ID: "1.2"},
		"pci-10.2.1":              {Framework: "pci-dss", Version: "4.0.1", ID: "10.2.1"},
		"r2-3.13.15":              {Framework: "nist-800-171", Version: "r2", ID: "3.13.15"},
		"hipaa-164.308_a_1":       {Framework: "hipaa-security", Version: "45cfr164c", ID: "164.308(a)(1)"},
		"ac-2.12":                 {Framework: "nist-800-53", Version: "r5", ID: "AC-2(12)"},
		"soc2-CC6.1":              {Framework: "soc2-tsc", Version: "2017", ID: "CC6.1"},
		"gdpr-Art.32_1":           {Framework: "gdpr", Version: "2016-679", ID: "Art.32(1)"},
		"aws-fsbp-IAM.3":          {Framework: "aws-fsbp", Version: "1.0.0", ID: "IAM.3"},
		"_":                       {},
		"iso-A.5.1":               {Framework: "iso-27001", Version: "2022", ID: "A.5.1"},
		"nist-csf-PR.AA-01":       {Framework: "nist-csf", Version: "2.0", ID: "PR.AA-01"},
		"fedramp-like-x_y_\u00e9": {Framework: "fedramp-like", ID: "x y\u202e\u00e9"},
	} {
		if got := refToken(q); got != want {
			t.Errorf("%v: %s, not %s", q, got, want)
		}
	}
}

func TestUUIDIsOfVersion5(t *testing.T) {
	a, b := named("a", "b"), named("ab", "")
	if a == b || a[6]>>4 != 5 || a[8]>>6 != 2 || a != named("a", "b") {
		t.Errorf("%s %s", a, b)
	}
}
