package suite_test

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/suite"
	"github.com/awsposture/posture/iam"
)

// sample stands for the configuration that a real program loads: of a user in
// the management account of a small organization. One of the accounts does not
// let the scan in.
func sample() aws.Config {
	e := newEstate(baseUser)
	e.state, e.trust = guarded, noTrust(shop)
	return e.config()
}

// An account and its enabled regions, from one configuration.
func Example() {
	ctx, cfg := context.Background(), sample()
	here, err := suite.Caller(ctx, cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	regions, err := suite.EnabledRegions(ctx, suite.AccountClient(cfg, here.Partition))
	if err != nil {
		fmt.Println(err)
		return
	}
	fast := &suite.Pace{Rates: []suite.Rate{{PerSecond: math.Inf(1)}}} // this account has no production
	account := suite.Account{Config: cfg, Place: here, Regions: regions, Pace: fast}
	found := map[posture.Status]int{}
	for r := range posture.Scan(ctx, account.Evaluators(), nil) {
		if r.Control.ID == "guardduty.enabled" || r.Control.ID == "iam.organization-all-features" {
			fmt.Println(r.Place, r.Control.ID, r.Findings[0].Status)
		}
		for _, f := range r.Findings {
			found[f.Status]++
		}
	}
	fmt.Println(found[posture.Pass] > 0, found[posture.Fail] > 0)
	// Output:
	// aws/111122223333 iam.organization-all-features pass
	// aws/111122223333/eu-west-1 guardduty.enabled pass
	// aws/111122223333/us-east-1 guardduty.enabled pass
	// true true
}

// The accounts of a unit of the organization, through the role that each has for
// the auditors. What does not let the scan in is Unknown, and says why.
func ExampleAccounts_Scan() {
	ctx := context.Background()
	accounts := suite.Accounts{
		Config: sample(),
		Role:   suite.Role{Name: "audit/posture", ExternalID: "example-42", SessionName: "weekly", SourceIdentity: "ana"},
		Rates:  []suite.Rate{{PerSecond: math.Inf(1)}}, // leave it out, to be a guest
	}
	var err error
	if accounts.IDs, err = (suite.Choice{Units: []string{"ou-ab12-11111111"}}).Accounts(ctx, accounts.Config); err != nil {
		fmt.Println(err)
		return
	}
	for r := range accounts.Scan(ctx, nil) {
		if r.Control.ID != "guardduty.enabled" {
			continue
		}
		fmt.Println(r.Place, r.Findings[0].Status)
		if c := r.Findings[0].Cause; c != nil {
			fmt.Println(c.Kind, c.Action)
		}
	}
	// Output:
	// aws/777788889999/eu-west-1 pass
	// aws/777788889999/us-east-1 pass
	// aws/444455556666 unknown
	// denied sts:AssumeRole
}

// A suite of one's own in every account: one control, with a parameter edited.
func ExampleAccounts_evaluators() {
	accounts := suite.Accounts{
		Config: sample(), Role: suite.Role{Name: "audit/posture"}, IDs: []string{"777788889999", "111122223333"}, Rates: []suite.Rate{{PerSecond: math.Inf(1)}},
		Evaluators: func(a suite.Account) (evs []posture.Evaluator) {
			for _, e := range a.Evaluators() {
				if e, ok := e.(iam.AccessKeyAge); ok {
					e.Max = 30 * 24 * time.Hour
					evs = append(evs, e)
				}
			}
			return evs
		},
	}
	for r := range accounts.Scan(context.Background(), nil) {
		fmt.Println(r.Place, r.Control.ID, r.Control.Params[0].Value)
	}
	// Output:
	// aws/111122223333 iam.access-key-age 30
	// aws/777788889999 iam.access-key-age 30
}

// What the base identity needs. RolePolicy gives what the role needs.
func ExampleAccounts_BasePolicy() {
	accounts := suite.Accounts{Role: suite.Role{Name: "audit/posture"}}
	document, err := accounts.BasePolicy(suite.Choice{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(document))
	// Output:
	// {
	//   "Version": "2012-10-17",
	//   "Statement": [
	//     {
	//       "Sid": "PostureAssumes",
	//       "Effect": "Allow",
	//       "Action": [
	//         "sts:AssumeRole"
	//       ],
	//       "Resource": "arn:*:iam::*:role/audit/posture"
	//     },
	//     {
	//       "Sid": "PostureReads",
	//       "Effect": "Allow",
	//       "Action": [
	//         "organizations:DescribeOrganization",
	//         "organizations:ListAccounts",
	//         "organizations:ListAccountsForParent",
	//         "organizations:ListDelegatedAdministrators",
	//         "organizations:ListDelegatedServicesForAccount",
	//         "organizations:ListOrganizationalUnitsForParent",
	//         "organizations:ListRoots"
	//       ],
	//       "Resource": "*"
	//     }
	//   ]
	// }
}

// A program that looks at an account with several tools paces them together.
func ExamplePace() {
	pace := &suite.Pace{Rates: []suite.Rate{{Service: "IAM", PerSecond: 5}}} // as agreed for this account
	cfg := pace.Config(sample())
	here, err := suite.Caller(context.Background(), cfg)
	fmt.Println(here, err)
	// Output: aws/111122223333 <nil>
}
