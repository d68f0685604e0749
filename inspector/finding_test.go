package inspector_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"
	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
)

// Everything that the API says of a finding comes out.
func TestFindingIsReadWhole(t *testing.T) {
	api := types.Finding{
		FindingArn: aws.String("arn:f"), AwsAccountId: aws.String("444455556666"), Type: types.FindingTypePackageVulnerability, Status: types.FindingStatusActive, Severity: types.SeverityCritical,
		Title: aws.String("CVE-1 - zlib"), Description: aws.String("An overflow."), FirstObservedAt: aws.Time(daysAgo(3)), LastObservedAt: aws.Time(daysAgo(1)), InspectorScore: aws.Float64(8.8),
		InspectorScoreDetails: &types.InspectorScoreDetails{AdjustedCvss: &types.CvssScoreDetails{Adjustments: []types.CvssScoreAdjustment{{Metric: aws.String("Attack vector"), Reason: aws.String("no path from the internet")}}}},
		Epss:                  &types.EpssDetails{Score: 0.4}, ExploitAvailable: types.ExploitAvailableYes, ExploitabilityDetails: &types.ExploitabilityDetails{LastKnownExploitAt: aws.Time(daysAgo(30))}, FixAvailable: types.FixAvailablePartial,
		Remediation: &types.Remediation{Recommendation: &types.Recommendation{Text: aws.String("Update.")}},
		Resources: []types.Resource{{
			Id: aws.String(image), Type: types.ResourceTypeAwsEcrContainerImage, Tags: map[string]string{"team": "shop"},
			Details: &types.ResourceDetails{AwsEcrContainerImage: &types.AwsEcrContainerImageDetails{ImageHash: aws.String("sha256:aaaa"), RepositoryName: aws.String("shop"), InUseCount: aws.Int64(3)}},
		}},
		PackageVulnerabilityDetails: &types.PackageVulnerabilityDetails{
			VulnerabilityId: aws.String("CVE-1"), VendorSeverity: aws.String("high"), SourceUrl: aws.String("https://example.com/CVE-1"), ReferenceUrls: []string{"https://example.com/a"},
			Cvss: []types.CvssScore{{BaseScore: aws.Float64(7)}, {BaseScore: aws.Float64(9.8)}},
			VulnerablePackages: []types.VulnerablePackage{
				{Name: aws.String("zlib"), Version: aws.String("1.3"), FixedInVersion: aws.String("1.3.1"), PackageManager: types.PackageManagerOs, SourceLayerHash: aws.String("sha256:base")},
				{Name: aws.String("zlib-go"), Version: aws.String("1"), FixedInVersion: aws.String("NotAvailable"), PackageManager: types.PackageManagerGomod, FilePath: aws.String("/app/go.mod")},
			},
		},
	}
	w := good().Fake.(*world)
	r := inspector.NewRegion(place, twisted{Inspector: w.Inspector, findings: &sdk.ListFindingsOutput{Findings: []types.Finding{api}}})
	theirs := place
	theirs.Account = "444455556666"
	want := inspector.Finding{
		ARN: "arn:f", Type: inspector.PackageVulnerability, Status: "ACTIVE", Severity: "CRITICAL", Title: "CVE-1 - zlib", Description: "An overflow.", Resource: theirs.Resource(inspector.TypeImage, image, image),
		Tags: map[string]string{"team": "shop"}, Image: "sha256:aaaa", Repository: "shop", InUse: 3, Vulnerability: "CVE-1", VendorRating: "high", Score: 8.8, CVSS: 9.8, Adjustments: []string{"Attack vector: no path from the internet"},
		EPSS: 0.4, Exploit: true, LastExploit: daysAgo(30), Fix: "PARTIAL", First: daysAgo(3), Last: daysAgo(1), Recommendation: "Update.", URL: "https://example.com/CVE-1", References: []string{"https://example.com/a"},
		Packages: []inspector.Package{{Name: "zlib", Version: "1.3", Fixed: "1.3.1", Manager: "OS", Layer: "sha256:base"}, {Name: "zlib-go", Version: "1", Manager: "GOMOD", Path: "/app/go.mod"}},
	}
	for got, err := range r.Findings(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if got.Rating() != posture.Critical || got.Fixable() {
			t.Errorf("rating %s, fixable %v", got.Rating(), got.Fixable())
		}
	}
}

// What the fake is given is what the view reads: of each kind of finding.
func TestFindingsRoundTrip(t *testing.T) {
	fs := []inspector.Finding{vulnerability("a", "i-0web", "CVE-1"), open("b", "i-0web", 22, 25)}
	fn := vulnerability("c", function, "CVE-2")
	fn.Resource.Type, fn.Image, fn.Function, fn.Role, fn.LastExploit, fn.CVSS = inspector.TypeFunction, "", "thumbnails", "arn:aws:iam::111122223333:role/x", daysAgo(2), 7
	code := fn
	code.ARN, code.Type, code.Vulnerability, code.Packages, code.CVSS, code.Code = "d", inspector.CodeVulnerability, "", nil, 0, &inspector.Code{Detector: "SQL injection", File: "db.py", Line: 3, CWEs: []string{"CWE-89"}}
	repo := vulnerability("e", "shop", "CVE-3")
	repo.Resource.Type, repo.Image = inspector.TypeCodeRepository, ""
	fs = append(fs, fn, code, repo)
	w := bare().Fake.(*world)
	w.Edit(func(s *inspectortest.State) { s.Findings = fs })
	n := 0
	for got, err := range w.facts.region(place, w.Inspector).Findings(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		want := fs[n]
		n++
		want.Status = "ACTIVE"
		want.Resource = got.Resource
		if got.Resource.ID != fs[n-1].Resource.ID || got.Resource.Type != fs[n-1].Resource.Type || got.Resource.Account != place.Account {
			t.Errorf("resource %+v", got.Resource)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.ARN, diff)
		}
	}
	if n != len(fs) {
		t.Errorf("%d findings", n)
	}
}

// The facts that the caller gives decide inside a tier, and are asked once a
// resource and role; what a failed one would have said is named.
func TestRankingUsesFacts(t *testing.T) {
	w := bare().Fake.(*world)
	w.Edit(func(s *inspectortest.State) {
		a, b, c := vulnerability("a", "i-a", "CVE-1"), vulnerability("b", "i-b", "CVE-1"), vulnerability("c", "i-c", "CVE-1")
		a.Role, b.Role, c.Role = "arn:role/none", "arn:role/admin", "arn:role/none"
		c.Tags = map[string]string{"tier": "gold"}
		s.Findings = []inspector.Finding{a, b, c, a}
		s.Details["CVE-1"] = inspector.Exploitation{Observed: daysAgo(9)}
	})
	r := w.facts.region(place, w.Inspector)
	asked := map[string]int{}
	r.Privilege = func(_ context.Context, arn string) (inspector.Privilege, error) {
		if asked[arn]++; strings.HasSuffix(arn, "admin") {
			return inspector.PrivilegeAdmin, nil
		}
		return inspector.PrivilegeNone, nil
	}
	r.Weigh = func(_ posture.Resource, tags map[string]string) inspector.Criticality {
		if tags["tier"] == "gold" {
			return inspector.CriticalityHigh
		}
		return inspector.CriticalityLow
	}
	k, err := r.Ranking(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, i := range k.Items {
		order = append(order, i.Resource.ID)
	}
	if diff := cmp.Diff([]string{"i-c", "i-b", "i-a", "i-a"}, order); diff != "" || k.Items[0].Tier != inspector.T1 || asked["arn:role/none"] != 1 {
		t.Errorf("%s, asked %v, first %s", diff, asked, k.Items[0].Reason)
	}

	r = w.facts.region(place, w.Inspector)
	r.Privilege = func(context.Context, string) (inspector.Privilege, error) { return 0, context.DeadlineExceeded }
	k, err = r.Ranking(t.Context())
	if err != nil || len(k.Unknown) != 1 || !strings.Contains(k.Unknown[0], "roles") {
		t.Errorf("%v, %v", k.Unknown, err)
	}
}
