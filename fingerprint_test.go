package posture_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/awsposture/posture"
)

// The literals were computed outside this library, from the fields alone. They
// stand for ever: waivers and histories are kept by them.
func TestFingerprintsAreForEver(t *testing.T) {
	seen := map[string]bool{}
	for _, tt := range []struct{ control, partition, account, region, typ, id, sub, want string }{
		{"iam.root-mfa", "aws", "123456789012", "", "AWS::IAM::User", "root", "", "1-687e6ae0d00ed5eddd86e2226f4db732"},
		{"iam.root-mfa", "aws", "111122223333", "", "AWS::IAM::User", "root", "", "1-8ac56bf336a3bc9efda0e47c78da75ec"},
		{"iam.root-mfa", "aws-us-gov", "123456789012", "", "AWS::IAM::User", "root", "", "1-002bde2d1bf42ae04f7a90ed19f767c2"},
		{"iam.root-mfa", "aws-cn", "123456789012", "", "AWS::IAM::User", "root", "", "1-efd7ff6daa284d685bfb85caa6fd12fe"},
		{"iam.access-key-age", "aws", "123456789012", "", "AWS::IAM::AccessKey", "AKIAIOSFODNN7EXAMPLE", "", "1-0e509e00d8eea5baa577aeb4229bfe61"},
		{"iam.access-key-age", "aws", "123456789012", "", "AWS::IAM::AccessKey", "AKIAI44QH8DHBEXAMPLE", "", "1-00e095027d8b855b4b7d77719e2563ea"},
		{"iam.access-key-idle", "aws", "123456789012", "", "AWS::IAM::AccessKey", "AKIAI44QH8DHBEXAMPLE", "", "1-842038351c5fa83c1da9acd5d9981be3"},
		{"iam.role-trust", "aws", "123456789012", "", "AWS::IAM::Role", "deploy", "statement 1", "1-a09e386a5b808ccebbed2a5695707ffb"},
		{"iam.role-trust", "aws", "123456789012", "", "AWS::IAM::Role", "deploy", "statement 2", "1-064c354142bc8e1d1019951e6219ee0e"},
		{"iam.role-trust", "aws", "123456789012", "", "AWS::IAM::Role", "deploy", "", "1-45e462ac8ca816796fb0f63cbde8e5e4"},
		{"guardduty.s3", "aws", "123456789012", "eu-west-1", "AWS::GuardDuty::Detector", "12abc34d567e8fa901bc2d34e56789f0", "", "1-bcc274bf98e66b32bd4f3e4d9134787e"},
		{"guardduty.s3", "aws", "123456789012", "us-east-1", "AWS::GuardDuty::Detector", "12abc34d567e8fa901bc2d34e56789f0", "", "1-4661560d32abce18d5bed8b72d50581b"},
		{"guardduty.s3", "aws", "123456789012", "us-east-1", "AWS::GuardDuty::Detector", "", "", "1-aee3ebc8b2234ddfd95f85dec8a4a203"},
		{"network.open-port", "aws", "444455556666", "eu-central-1", "AWS::EC2::SecurityGroup", "sg-0123456789abcdef0", "sgr-0123456789abcdef0", "1-f7c8261ba67a302f797f86fea063a9c2"},
		{"network.open-port", "aws", "444455556666", "eu-central-1", "AWS::EC2::SecurityGroup", "sg-0123456789abcdef0", "sgr-0123456789abcdef1", "1-544b0b69ffe3c3be6a72204b9695ed88"},
		{"storage.public-bucket", "aws", "444455556666", "eu-central-1", "AWS::S3::Bucket", "amzn-s3-demo-bucket", "", "1-09ca4c98b3df8b02df2ecd66000971d4"},
		{"storage.public-bucket", "aws", "444455556666", "eu-central-1", "AWS::S3::Bucket", "amzn-s3-demo-bucket", "überall <*>", "1-8e2dd219c31a565b7430ca987e89fe00"},
		{"a", "bc", "", "", "", "", "", "1-6507dbbdcac69a105d5e3964a293d749"},
		{"ab", "c", "", "", "", "", "", "1-833f1439d34ed5d9996b5367413c596b"},
		{"", "", "", "", "", "", "", "1-6db2d5a4b4209856d3249ada2dd5cebd"},
	} {
		f := posture.Finding{
			Control: tt.control, Sub: tt.sub,
			Resource: posture.Resource{Partition: tt.partition, Account: tt.account, Region: tt.region, Type: tt.typ, ID: tt.id},
		}
		same := f
		same.Severity, same.Status, same.Detail = posture.Critical, posture.Fail, "The thing is not so."
		same.Resource.ARN, same.Evidence = "arn:aws:test:::thing/a", struct{ Age int }{3}
		same.Cause, same.Tags = &posture.Cause{Kind: posture.CauseStale}, map[string]string{"team": "blue"}
		for _, f := range []posture.Finding{f, same} {
			if got := f.Fingerprint(); got != tt.want {
				t.Errorf("%+v: got %s, want %s", tt, got, tt.want)
			}
		}
		if seen[tt.want] {
			t.Errorf("%s stands twice", tt.want)
		}
		seen[tt.want] = true
	}
}

// Fields cannot run into each other: whatever is moved from one field to the
// next gives another fingerprint.
func TestFingerprintKeepsFieldsApart(t *testing.T) {
	make := func(s []string) posture.Finding {
		return posture.Finding{Control: s[0], Resource: posture.Resource{Partition: s[1], Account: s[2], Region: s[3], Type: s[4], ID: s[5]}, Sub: s[6]}
	}
	rapid.Check(t, func(t *rapid.T) {
		// Digits and colons are what the lengths between the fields are made of.
		field := rapid.StringMatching(`[0-2:a]{0,4}`)
		a := rapid.SliceOfN(field, 7, 7).Draw(t, "a")
		b := rapid.SliceOfN(field, 7, 7).Draw(t, "b")
		f, g := make(a), make(b)
		if same := f.Control == g.Control && f.Resource == g.Resource && f.Sub == g.Sub; same != (f.Fingerprint() == g.Fingerprint()) {
			t.Fatalf("%q and %q", a, b)
		}
		from := rapid.IntRange(0, 5).Draw(t, "from")
		if a[from] != "" {
			moved := append([]string(nil), a...)
			last := len(moved[from]) - 1
			moved[from], moved[from+1] = moved[from][:last], moved[from][last:]+moved[from+1]
			if make(moved).Fingerprint() == f.Fingerprint() {
				t.Fatalf("%q and %q", a, moved)
			}
		}
	})
}
