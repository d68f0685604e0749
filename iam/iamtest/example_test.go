package iamtest_test

import (
	"context"
	"fmt"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
)

// One user's keys may not be listed: that user is unknown, the other is judged.
func ExampleFault() {
	fake := iamtest.New(posture.Place{Partition: "aws", Account: "111122223333"})
	now := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	fake.Now = func() time.Time { return now }
	fake.Edit(func(s *iamtest.State) {
		for _, name := range []string{"ana", "ben"} {
			s.Users[name] = &iamtest.User{Created: now.AddDate(-1, 0, 0), Keys: []*iamtest.Key{{ID: "AKIA" + name, Created: now.AddDate(0, 0, -10)}}}
		}
	})
	fake.Inject(iamtest.Fault{
		Operation: "ListAccessKeys",
		Match:     func(in any) bool { return *in.(*sdk.ListAccessKeysInput).UserName == "ben" },
		Err:       iamtest.ErrDenied,
	})
	account := iam.NewAccount(fake.Place(), fake)
	account.Now = fake.Now
	for r := range posture.Scan(context.Background(), []posture.Evaluator{iam.AccessKeyAge{Account: account}}, nil) {
		for _, f := range r.Findings {
			fmt.Println(f.Resource.ID, f.Status)
			if f.Cause != nil {
				fmt.Println(f.Cause.Kind, f.Cause.Action)
			}
		}
	}
	// Output:
	// AKIAana pass
	// ben unknown
	// denied iam:ListAccessKeys
}
