package guarddutytest_test

import (
	"context"
	"fmt"

	"github.com/aws/smithy-go"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/guardduty/guarddutytest"
)

// The first call fails inside of GuardDuty; a second look, which is a second
// view, goes well.
func ExampleFault() {
	place := posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}
	fake := guarddutytest.New(place)
	fake.Edit(func(s *guarddutytest.State) { s.Detector = guarddutytest.NewDetector() })
	fake.Inject(guarddutytest.Fault{Operation: "ListDetectors", Times: 1, Err: &smithy.GenericAPIError{Code: "InternalServerErrorException", Message: "An internal error."}})
	for range 2 {
		for r := range posture.Scan(context.Background(), []posture.Evaluator{guardduty.Enabled{Region: guardduty.NewRegion(place, fake)}}, nil) {
			for _, f := range r.Findings {
				fmt.Println(f.Status, f.Cause)
			}
		}
	}
	for _, c := range fake.Calls() {
		fmt.Println(c.Operation, c.Err != nil)
	}
	// Output:
	// unknown posture: error: GuardDuty:ListDetectors: An internal error.
	// pass <nil>
	// ListDetectors true
	// ListDetectors false
	// GetDetector false
}
