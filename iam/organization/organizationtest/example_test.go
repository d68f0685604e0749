package organizationtest_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/organization"
	"github.com/awsposture/posture/iam/organization/organizationtest"
)

// A page in the middle of a listing fails: what was read is kept beside the error.
func ExampleFault() {
	place := posture.Place{Partition: "aws", Account: "111122223333"}
	fake := organizationtest.New(place)
	fake.PageSize = 1
	fake.Edit(func(s *organizationtest.State) {
		s.Accounts["444455556666"] = &organizationtest.Account{Name: "shop", Parent: s.Root}
	})
	fake.Inject(organizationtest.Fault{Operation: "ListAccounts", Skip: 1, Err: errors.New("the connection was reset")})
	members, err := organization.NewOrganization(place, fake).Members(context.Background())
	fmt.Println(members, posture.CauseOf(err).Kind)
	// Output:
	// [111122223333] error
}
