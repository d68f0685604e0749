package main

import (
	"github.com/awsposture/posture/examples/internal/sample"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/iam"
)

// openSample looks at the account that the program carries.
func openSample() scope {
	identities := sample.IAM()
	s := scope{name: "Sample account " + sample.Account.Account + " (a company that does not exist)", account: sample.Account}
	s.evaluators = iam.Evaluators(sample.IAMAccount(identities))
	regions := sample.GuardDuty()
	for _, f := range regions {
		s.evaluators = append(s.evaluators, guardduty.Evaluators(sample.GuardDutyRegion(f))...)
		s.evaluators = append(s.evaluators, guardduty.OrganizationEvaluators(sample.GuardDutyOrganization(f))...)
	}
	s.calls = func() int {
		n := len(identities.Calls())
		for _, f := range regions {
			n += len(f.Calls())
		}
		return n
	}
	return s
}
