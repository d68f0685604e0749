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
		r := sample.GuardDutyRegion(f)
		s.evaluators = append(s.evaluators, guardduty.Evaluators(r)...)
		s.evaluators = append(s.evaluators, guardduty.OrganizationEvaluators(sample.GuardDutyOrganization(r))...)
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
