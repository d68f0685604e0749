package detections

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail"
)

// TestRaisedLevels: what makes a finding critical, and what differs from it in
// one thing.
func TestRaisedLevels(t *testing.T) {
	p := testParams()
	for _, c := range []struct{ id, event, want string }{
		{"D160", `{"requestParameters":{"createVolumePermission":{"add":{"items":[{"group":"all"}]}}}}`, "critical"},
		{"D160", `{"requestParameters":{"createVolumePermission":{"add":{"items":[{"userId":"444455556666"}]}}}}`, ""},
		{"D169", `{"eventName":"PutAccountPublicAccessBlock"}`, "critical"},
		{"D169", `{"eventName":"PutBucketPublicAccessBlock"}`, ""},
		{"D176", `{"requestParameters":{"exportToS3":{"s3Bucket":"elsewhere"}}}`, "critical"},
		{"D176", `{"requestParameters":{"exportToS3":{"s3Bucket":"example-data"}}}`, ""},
		{"D176", `{"requestParameters":{"exportToS3":{"s3Prefix":"elsewhere"}}}`, ""},
		{"D176", `{"requestParameters":{"ExampleRequest":{"S3ExportLocation":{"S3Bucket":"elsewhere"}}}}`, "critical"},
		{"D176", `{"requestParameters":{"ExampleRequest":{"Bucket":"elsewhere"}}}`, "critical"},
		{"D176", `{"requestParameters":{"ExampleRequest":{"Bucket":"example-data"}}}`, ""},
		{"D192", `{"requestParameters":{"bucketName":"b","key":"a/b c","x-amz-copy-source":"b/a/b%20c"}}`, "critical"},
		{"D192", `{"requestParameters":{"bucketName":"b","key":"a","x-amz-copy-source":["/b/a?versionId=1"]}}`, "critical"},
		{"D192", `{"requestParameters":{"bucketName":"b","key":"a","x-amz-copy-source":"other/a"}}`, ""},
		{"D192", `{"requestParameters":{"bucketName":"b","key":"a","x-amz-copy-source":"b/other"}}`, ""},
		{"D192", `{"requestParameters":{"bucketName":"b","key":"a"}}`, ""},
		{"D192", `{"requestParameters":{"bucketName":"b","key":"README-FIRST.txt"}}`, "critical"},
		{"D192", `{"requestParameters":{"bucketName":"b","key":"x/how_to_recover.html"}}`, "critical"},
		{"D192", `{"requestParameters":{"bucketName":"b","key":"decrypt.TXT"}}`, "critical"},
		{"D192", `{"requestParameters":{"bucketName":"b","key":"readme.md"}}`, ""},
		{"D192", `{"requestParameters":{"bucketName":"b","key":"notes.txt"}}`, ""},
		{"D194", `{"eventName":"DisableKeyRotation"}`, "low"},
		{"D194", `{"eventName":"DisableKey"}`, ""},
		{"D199", `{"eventName":"DeleteMountTarget"}`, "low"},
		{"D199", `{"eventName":"DeleteFileSystem"}`, ""},
	} {
		i := slices.IndexFunc(all(&p), func(d detection) bool { return d.ID == c.id })
		var e trail.Event
		if err := e.Parse([]byte(c.event)); err != nil {
			t.Fatal(err)
		}
		if got := all(&p)[i].Raise(&e); got != c.want {
			t.Errorf("%s on %s: %q, want %q", c.id, c.event, got, c.want)
		}
	}
	var e trail.Event
	if err := e.Parse([]byte(`{"requestParameters":{"exportToS3":{"s3Bucket":"elsewhere"}}}`)); err != nil {
		t.Fatal(err)
	}
	if got := (&Params{}).toOtherBucket(&e); got != "" {
		t.Errorf("without a list of buckets an export is %q", got)
	}
}

// TestDestroyedAtOnce: one call that names many instances is as many.
func TestDestroyedAtOnce(t *testing.T) {
	of := func(n int) string {
		var items []string
		for i := range n {
			items = append(items, fmt.Sprintf(`{"instanceId":"i-%d"}`, i))
		}
		return fmt.Sprintf(`{"eventID":"1","eventTime":"2026-03-01T10:00:00Z","eventSource":"ec2.amazonaws.com","eventName":"TerminateInstances","userIdentity":{"accessKeyId":"ASIAEXAMPLE"},"requestParameters":{"instancesSet":{"items":[%s]}}}`, strings.Join(items, ","))
	}
	if got := count(t, "D196", []string{of(20)}); got != 1 {
		t.Errorf("20 instances in one call make %d findings", got)
	}
	if got := count(t, "D196", []string{of(19)}); got != 0 {
		t.Errorf("19 instances in one call make %d findings", got)
	}
}

// TestOtherOrganization: without a known account every organization is another.
func TestOtherOrganization(t *testing.T) {
	event := `{"eventSource":"ec2.amazonaws.com","eventName":"ModifyImageAttribute","requestParameters":{"launchPermission":{"add":{"items":[{"organizationArn":"arn:aws:organizations::111122223333:organization/o-exampleorgid"}]}}}}`
	for _, c := range []struct {
		own  []string
		want bool
	}{{nil, true}, {[]string{"111122223333"}, false}, {[]string{"444455556666"}, true}} {
		p := Params{OwnAccounts: c.own}
		i := slices.IndexFunc(all(&p), func(d detection) bool { return d.ID == "D161" })
		r := all(&p)[i].rules()[0]
		if got := fires(t, r, r.Expr, event); got != c.want {
			t.Errorf("with the accounts %v: %v", c.own, got)
		}
	}
}
