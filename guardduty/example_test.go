package guardduty_test

import (
	"context"
	"fmt"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/guardduty/guarddutytest"
)

// Example scans GuardDuty in one region. A real program makes the view with
// guardduty.FromConfig.
func Example() {
	place := posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}
	fake := guarddutytest.New(place)
	fake.Edit(func(s *guarddutytest.State) {
		s.Detector = guarddutytest.NewDetector(guardduty.EKSAuditLogs, guardduty.LambdaNetworkLogs)
	})
	region := guardduty.NewRegion(place, fake)

	for r := range posture.Scan(context.Background(), guardduty.Evaluators(region)[:4], nil) {
		for _, f := range r.Findings {
			fmt.Printf("%-4s %s: %s\n", f.Status, f.Control, f.Detail)
		}
	}
	// Output:
	// pass guardduty.enabled: GuardDuty is enabled in the region with detector 12abc34d567e8fa901bc2d34e56789f0.
	// fail guardduty.s3: Feature S3_DATA_EVENTS is off.
	// pass guardduty.eks-audit: Feature EKS_AUDIT_LOGS is on.
	// pass guardduty.lambda: Feature LAMBDA_NETWORK_LOGS is on.
}

// ExampleEnableGuardDuty plans to enable GuardDuty where it is not, and shows
// what the step costs and what it leaves behind.
func ExampleEnableGuardDuty() {
	place := posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}
	fake := guarddutytest.New(place)
	region := guardduty.NewRegion(place, fake)
	ctx := context.Background()

	failing, err := guardduty.Enabled{Region: region}.Evaluate(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	plan, err := guardduty.EnableGuardDuty{Region: region, Writer: fake}.Plan(ctx, failing...)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range plan.Steps {
		fmt.Println(s.Kind.Name, string(s.Before), "->", string(s.After))
		fmt.Println(s.Loss)
	}
	// What cannot be undone needs two people's consent to this very plan.
	approvals := func(_ context.Context, id string) ([]posture.Approval, error) {
		return []posture.Approval{{Plan: id, Approver: "ana@example.com", Time: plan.Created}, {Plan: id, Approver: "ben@example.com", Time: plan.Created}}, nil
	}
	executor := posture.Executor{Limits: posture.Limits{Irreversible: 1, Cost: true}, Approvals: approvals, Now: func() time.Time { return plan.Created }}
	receipt, err := executor.Apply(ctx, plan)
	fmt.Println(receipt.Outcome, err)
	// Output:
	// guardduty.detector "absent" -> "enabled"
	// The detector that is made stays: undo suspends it, since deleting it would delete its findings.
	// done <nil>
}

// ExampleProtection asks for Lambda Protection only where the region has
// functions. A control is changed by changing its evaluator.
func ExampleProtection() {
	place := posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}
	fake := guarddutytest.New(place)
	fake.Edit(func(s *guarddutytest.State) { s.Detector = guarddutytest.NewDetector() })
	region := guardduty.NewRegion(place, fake)
	region.Inventory = func(context.Context) (map[string][]posture.Resource, error) {
		return map[string][]posture.Resource{"AWS::Lambda::Function": nil}, nil
	}

	lambda := guardduty.Protection{Region: region, Feature: guardduty.LambdaNetworkLogs, Wanted: guardduty.WantedInUse}
	for r := range posture.Scan(context.Background(), []posture.Evaluator{lambda}, nil) {
		fmt.Println(r.Findings[0].Status, r.Findings[0].Detail)
	}
	// Output:
	// not-applicable The region has nothing that feature LAMBDA_NETWORK_LOGS would protect.
}

// ExampleOrganization asks the delegated administrator about its members.
func ExampleOrganization() {
	place := posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}
	fake := guarddutytest.New(place)
	fake.Edit(func(s *guarddutytest.State) {
		s.Detector = guarddutytest.NewDetector(guardduty.S3DataEvents)
		s.Organization = guarddutytest.NewOrganization()
		s.Organization.Members["444455556666"] = guarddutytest.NewMember()
	})
	organization := guardduty.NewOrganization(guardduty.NewRegion(place, fake))
	organization.Accounts = func(context.Context) ([]string, error) {
		return []string{"111122223333", "444455556666", "777788889999"}, nil
	}

	evaluators := []posture.Evaluator{guardduty.Members{Organization: organization}, guardduty.MemberFeatures{Organization: organization}}
	for r := range posture.Scan(context.Background(), evaluators, nil) {
		for _, f := range r.Findings {
			fmt.Println(f.Status, f.Detail)
		}
	}
	// Output:
	// pass Account 444455556666 is a member with status Enabled.
	// fail Account 777788889999 is no member of GuardDuty's administrator.
	// fail Account 444455556666 lacks what its administrator has on: S3_DATA_EVENTS.
}
