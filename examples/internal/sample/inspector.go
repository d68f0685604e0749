package sample

import (
	"context"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
)

// The images and functions of the sample's shop. A real program lists them with ECR and
// Lambda, or asks the build what it made.
var (
	shop       = arn("ecr", "repository/shop/sha256:7c1d")
	invoices   = arn("ecr", "repository/invoices/sha256:90ab")
	thumbnails = arn("lambda", "function:thumbnails")
)

func regional() posture.Place {
	p := Account
	p.Region = "eu-west-1"
	return p
}

func arn(service, what string) string { return regional().ARN(service, what) }

// Inspector is the view of Inspector in the sample's eu-west-1: of images and
// functions, with what other services know.
func Inspector() *inspector.Region {
	place := regional()
	fake := inspectortest.New(place)
	fake.Edit(func(s *inspectortest.State) {
		s.Account = *inspectortest.NewAccount(inspector.ECR, inspector.Lambda)
		s.Coverage = []inspector.Row{
			{Account: place.Account, Type: inspector.TypeImage, ID: shop, Scan: inspector.PackageScan, Active: true, Reason: "SUCCESSFUL", LastScanned: ago(0), InUse: 4},
			{Account: place.Account, Type: inspector.TypeImage, ID: invoices, Scan: inspector.PackageScan, Reason: "UNSUPPORTED_OS"},
			{Account: place.Account, Type: inspector.TypeFunction, ID: thumbnails + ":$LATEST", Scan: inspector.PackageScan, Active: true, Reason: "SUCCESSFUL", LastScanned: ago(1)},
		}
		s.Findings = []inspector.Finding{
			inImage("1", "CVE-2026-1000", "MEDIUM", inspector.Package{Name: "zlib", Version: "1.3", Fixed: "1.3.1", Manager: "OS", Layer: "sha256:base"}, 5.3, 40),
			inImage("2", "CVE-2026-2000", "HIGH", inspector.Package{Name: "openssl", Version: "3.0.7", Fixed: "3.0.13", Manager: "OS", Layer: "sha256:base"}, 7.5, 1),
			inImage("3", "CVE-2026-3000", "HIGH", inspector.Package{Name: "imagelib", Version: "2.1", Manager: "NPM", Layer: "sha256:app"}, 8.1, 3),
			inImage("4", "CVE-2025-9000", "CRITICAL", inspector.Package{Name: "glibc", Version: "2.37", Fixed: "2.40", Manager: "OS", Layer: "sha256:base"}, 9.1, 90),
			inFunction("5", "CVE-2026-4000", 8.8, 2),
		}
		s.Findings[2].Fix = "NO"
		s.Details["CVE-2026-4000"] = inspector.Exploitation{Known: true, Added: ago(2), Due: Now.AddDate(0, 0, 12)}
	})
	region := inspector.NewRegion(place, fake)
	region.Now = clock
	region.Inventory = func(context.Context) (map[string][]inspector.Asset, error) {
		return map[string][]inspector.Asset{
			inspector.TypeInstance: nil,
			inspector.TypeImage:    {{Resource: place.Resource(inspector.TypeImage, shop, shop), Changed: ago(1)}, {Resource: place.Resource(inspector.TypeImage, invoices, invoices), Changed: ago(1)}},
			inspector.TypeFunction: {{Resource: place.Resource(inspector.TypeFunction, "thumbnails", thumbnails), Changed: ago(2)}},
		}, nil
	}
	region.Reach = func(_ context.Context, r posture.Resource) (string, bool, error) {
		return "reachable through the shop's public load balancer", r.ID == shop, nil
	}
	region.Privilege = func(context.Context, string) (inspector.Privilege, error) { return inspector.PrivilegeData, nil }
	return region
}

func inImage(id, cve, severity string, p inspector.Package, score float64, age int) inspector.Finding {
	return inspector.Finding{
		ARN: arn("inspector2", "finding/"+id), Severity: severity, Title: cve + " - " + p.Name, Resource: posture.Resource{Type: inspector.TypeImage, ID: shop}, Repository: "shop", Image: "sha256:7c1d", InUse: 4,
		Vulnerability: cve, Score: score, EPSS: 0.02, Fix: "YES", Packages: []inspector.Package{p}, First: ago(age), Last: Now, URL: "https://example.com/" + cve,
	}
}

func inFunction(id, cve string, score float64, age int) inspector.Finding {
	f := inImage(id, cve, "HIGH", inspector.Package{Name: "pillow", Version: "10.0", Fixed: "10.2", Manager: "PYTHONPKG"}, score, age)
	f.Resource = posture.Resource{Type: inspector.TypeFunction, ID: thumbnails}
	f.Repository, f.Image, f.InUse, f.Function, f.Role = "", "", 0, "thumbnails", arn("iam", "role/thumbnails")
	return f
}
