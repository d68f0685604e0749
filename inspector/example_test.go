package inspector_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
)

// Example scans Inspector in one region. A real program makes the view with
// inspector.FromConfig.
func Example() {
	place := posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}
	fake := inspectortest.New(place)
	fake.Edit(func(s *inspectortest.State) { s.Account = *inspectortest.NewAccount(inspector.EC2, inspector.Lambda) })
	region := inspector.NewRegion(place, fake)

	for r := range posture.Scan(context.Background(), inspector.Evaluators(region)[:4], nil) {
		for _, f := range r.Findings {
			fmt.Printf("%-4s %s: %s\n", f.Status, f.Control, f.Detail)
		}
	}
	// Output:
	// pass inspector.ec2-enabled: Scan type EC2 is ENABLED in the region.
	// fail inspector.ecr-enabled: Scan type ECR is DISABLED in the region.
	// pass inspector.lambda-enabled: Scan type LAMBDA is ENABLED in the region.
	// fail inspector.lambda-code-enabled: Scan type LAMBDA_CODE is DISABLED in the region.
}

// ExampleProve holds an inventory against what Inspector says it scanned.
func ExampleProve() {
	place := posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	instance := func(id string) inspector.Asset {
		return inspector.Asset{Resource: place.Resource(inspector.TypeInstance, id, "")}
	}
	inventory := map[string][]inspector.Asset{inspector.TypeInstance: {instance("i-0web"), instance("i-0lab"), instance("i-0new")}}
	rows := []inspector.Row{
		{Account: "111122223333", Type: inspector.TypeInstance, ID: "i-0web", Scan: inspector.PackageScan, Active: true, Reason: "SUCCESSFUL", LastScanned: now.Add(-time.Hour)},
		{Account: "111122223333", Type: inspector.TypeInstance, ID: "i-0lab", Scan: inspector.PackageScan, Reason: "STALE_INVENTORY"},
	}

	proof := inspector.Prove(place, now, inventory, rows, inspector.Limits{Scans: map[string][]inspector.Scan{inspector.TypeInstance: {inspector.PackageScan}}})
	fmt.Println(proof)
	for _, r := range proof.Records {
		fmt.Printf("%s is %s: %s\n", r.Resource.ID, r.Verdict, r)
	}
	// Output:
	// 1 of 3 scans proven: 1 blind, 1 missing, 0 unknown; out of the count 0 not running, 0 excluded, 0 lapsed, 0 empty, 0 without inventory.
	// i-0web is proven: Last scanned at 2026-06-01T11:00:00Z.
	// i-0lab is blind: The inventory of the instance was not collected for seven days. Find out why the SSM agent does not report.
	// i-0new is missing: Inspector has no PACKAGE row of it: nobody scans it, and no finding would say so.
}

// exampleRegion has two instances, of which one is reachable, and one fix for
// what both have.
func exampleRegion() *inspector.Region {
	place := posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	fake := inspectortest.New(place)
	fake.Edit(func(s *inspectortest.State) {
		s.Account = *inspectortest.NewAccount(inspector.EC2)
		for _, id := range []string{"i-0web", "i-0lab"} {
			s.Findings = append(s.Findings, inspector.Finding{
				ARN: "arn:" + id, Severity: "HIGH", Title: "CVE-2026-1000 - openssl", Resource: posture.Resource{Type: inspector.TypeInstance, ID: id}, Vulnerability: "CVE-2026-1000", Score: 7.5, EPSS: 0.4,
				Fix: "YES", Packages: []inspector.Package{{Name: "openssl", Version: "3.0.7", Fixed: "3.0.13", Manager: "OS"}}, First: now.AddDate(0, 0, -1),
			})
		}
		s.Findings = append(s.Findings, inspector.Finding{
			ARN: "arn:path", Type: inspector.NetworkReachability, Severity: "MEDIUM", Title: "Port 443 is reachable", Resource: posture.Resource{Type: inspector.TypeInstance, ID: "i-0web"}, EPSS: -1,
			Network: &inspector.Network{Protocol: "TCP", From: 443, To: 443, Path: []string{"igw-0example"}}, First: now.AddDate(0, 0, -1),
		})
	})
	region := inspector.NewRegion(place, fake)
	region.Now = func() time.Time { return now }
	return region
}

// ExampleRegion_Ranking ranks the active findings, with the reason of each rank,
// and groups them by what closes them.
func ExampleRegion_Ranking() {
	ranking, err := exampleRegion().Ranking(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, i := range ranking.Items {
		fmt.Println(i.Resource.ID, i.Reason)
	}
	for _, f := range ranking.Fixes {
		fmt.Printf("%s: closes %d on %d\n", f.Do, f.Closes, f.Resources)
	}
	// Output:
	// i-0web T3: port 443 (TCP) reachable through igw-0example, EPSS 0.4, CVSS 7.5; fixed by openssl 3.0.13.
	// i-0lab T4: not shown to be reachable, EPSS 0.4, CVSS 7.5; fixed by openssl 3.0.13.
	// i-0web T6: port 443 (TCP) reachable through igw-0example, CVSS 4.0; closed by closing port 443 (TCP).
	// Upgrade to openssl 3.0.13 (OS): closes 2 on 2
	// Close port 443 (TCP) of i-0web to other networks: closes 1 on 1
}

// ExampleGate stops a delivery on what is new and severe, but for what somebody
// allowed until a date.
func ExampleGate() {
	region := exampleRegion()
	gate := inspector.Gate{Now: region.Now(), Allow: []inspector.Allowance{{
		Vulnerability: "CVE-2026-1000", Resource: "i-0lab", Reason: "SEC-12: replaced on Friday", Approver: "ana@example.com", Until: region.Now().AddDate(0, 0, 5),
	}}}
	decision := gate.Judge(region.Items(context.Background()))
	fmt.Println(decision)
	for _, i := range decision.Blocking {
		fmt.Println(i.Resource.ID, i.Title)
	}
	// Output:
	// The gate is closed: of 3 findings 0 were known, 1 are new and below the threshold, 1 are allowed, 1 block.
	// i-0web CVE-2026-1000 - openssl
}

// ExampleReport_WriteMarkdown writes a page for people.
func ExampleReport_WriteMarkdown() {
	region := exampleRegion()
	ranking, err := region.Ranking(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	ranking.Items, ranking.Risks = nil, nil // for the example's sake
	if err := (inspector.Report{Place: region.Place(), Ranking: ranking}).WriteMarkdown(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// # Vulnerabilities, aws/111122223333/eu-west-1
	//
	// As of 2026-06-01T12:00:00Z: 3 active findings, 3 distinct. T0 0, T1 0, T2 0, T3 1, T4 1, T5 0, T6 1.
	//
	// 0 overdue; 0 that no fix closes.
	//
	// Coverage was not proved: what is not listed here may not have been looked at.
	//
	// Not known: whether images and functions can be reached was not given.
	//
	// Not known: what roles may do was not given.
	//
	// ## What closes every T0 and T1
	//
	// None.
	//
	// ## Fixes, by what they close
	//
	// | Fix | Closes | T0 to T2 | Resources |
	// |---|---|---|---|
	// | Upgrade to openssl 3.0.13 (OS) | 2 | 0 | 2 |
	// | Close port 443 (TCP) of i-0web to other networks | 1 | 0 | 1 |
	//
	// ## Findings, the most urgent first (0 of 3)
	//
	// None.
	//
	// ## Details of the most urgent
	//
	// None.
	//
	// ## Resources, the most urgent first
	//
	// None.
}

// ExampleEnableScanning plans to enable a scan type, and shows what it costs.
func ExampleEnableScanning() {
	place := posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}
	fake := inspectortest.New(place)
	region := inspector.NewRegion(place, fake)
	ctx := context.Background()
	failing, err := inspector.Enabled{Region: region, Type: inspector.LambdaCode}.Evaluate(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	plan, err := inspector.EnableScanning{Region: region, Writer: fake}.Plan(ctx, failing...)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range plan.Steps {
		fmt.Println(string(s.Setting), string(s.Before), "->", string(s.After))
		fmt.Println(s.Cost)
	}
	// Output:
	// {"type":"LAMBDA"} "DISABLED" -> "ENABLED"
	// Scan type LAMBDA is charged by what it scans, after 15 free days where it is new; see Amazon Inspector pricing.
	// {"type":"LAMBDA_CODE"} "DISABLED" -> "ENABLED"
	// Scan type LAMBDA_CODE is charged by what it scans, after 15 free days where it is new; see Amazon Inspector pricing.
}
