package organization_test

import (
	"context"
	"fmt"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
	"github.com/awsposture/posture/iam/organization"
)

// Scan an organization from its management account.
func ExampleEvaluators() {
	o := organization.NewOrganization(posture.Place{Partition: "aws", Account: management}, badWorld())
	for r := range posture.Scan(context.Background(), organization.Evaluators(o), nil) {
		for _, f := range r.Findings {
			if f.Status == posture.Fail && f.Severity == posture.High {
				fmt.Println(f.Control, f.Detail)
			}
		}
	}
	// Output:
	// iam.organization-guardrails Account 444455556666 (shop) is under no SCP that takes anything away.
	// iam.organization-guardrails Account 555566667777 (security) is under no SCP that takes anything away.
	// iam.organization-leave-denied Account 444455556666 (shop) can leave the organization: no SCP denies it.
	// iam.organization-leave-denied Account 555566667777 (security) can leave the organization: no SCP denies it.
	// iam.organization-delegated-administrator Management account 111122223333 (management), whose state is ACTIVE, administers guardduty.amazonaws.com.
}

// Take the service control policies of an account, level by level, for a policy engine.
func ExampleOrganization_Levels() {
	o := organization.NewOrganization(posture.Place{Partition: "aws", Account: management}, goodWorld())
	levels, err := o.Levels(context.Background(), security, organization.SCP)
	if err != nil {
		fmt.Println(err)
		return
	}
	documents := organization.Documents(levels)
	for i, l := range levels {
		fmt.Println(l.Target, len(documents[i]))
	}
	// Output:
	// r-ab12 2
	// ou-ab12-11111111 1
	// 555566667777 1
}

// Give the view of an account's IAM the facts that it needs from the organization.
func ExampleOrganization_Members() {
	p := posture.Place{Partition: "aws", Account: management}
	o := organization.NewOrganization(p, goodWorld())
	a := iam.NewAccount(p, iamtest.New(p))
	a.Members, a.InOrganization = o.Members, o.InOrganization
	for r := range posture.Scan(context.Background(), []posture.Evaluator{iam.OrganizationMember{Account: a}}, nil) {
		fmt.Println(r.Findings[0].Status, r.Findings[0].Detail)
	}
	// Output: pass The account belongs to an organization.
}
