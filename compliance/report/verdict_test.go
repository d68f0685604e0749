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
