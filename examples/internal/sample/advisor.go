package sample

import (
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/advisor/trustedadvisor"
	"github.com/awsposture/posture/advisor/trustedadvisor/trustedadvisortest"
)

// Advisor is the view of the sample's Trusted Advisor, whose advice nobody reads.
func Advisor() *advisor.Account {
	fake := advisortest.New(Account)
	fake.Now = clock
	fake.Edit(func(s *advisortest.State) {
		s.Checks = []*advisortest.Check{
			{
				ID: "HCP4007jGY", Name: "Security Groups - Specific Ports Unrestricted", Category: advisor.Security, Colour: advisor.Red, At: ago(1),
				Headers: []string{"Region", "Security Group Name", "Security Group ID", "Protocol", "Status", "Ports"},
				Rows: []*advisortest.Row{{
					ID: "r1", Resource: arn("ec2", "security-group/sg-0shopdb"), Region: "eu-west-1", Colour: advisor.Red, Values: []string{"eu-west-1", "shop-db", "sg-0shopdb", "tcp", "Red", "5432"},
				}},
			},
			{
				ID: "Qch7DwouX1", Name: "Low Utilization Amazon EC2 Instances", Category: advisor.CostOptimizing, Colour: advisor.Yellow, At: ago(1), Savings: 41_20,
				Headers: []string{"Region/AZ", "Instance ID", "Instance Name", "Instance Type", "Estimated Monthly Savings"},
				Rows: []*advisortest.Row{{
					ID: "r2", Resource: arn("ec2", "instance/i-0abcdef1234567890"), Region: "eu-west-1", Colour: advisor.Yellow, Values: []string{"eu-west-1a", "i-0abcdef1234567890", "reports", "m5.large", "$41.20"},
				}},
			},
		}
	})
	a := advisor.NewAccount(Account, trustedadvisor.NewSource(trustedadvisortest.New(fake)))
	a.Now = clock
	return a
}
