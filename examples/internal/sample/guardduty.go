package sample

import (
	"github.com/awsposture/posture"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/guardduty/guarddutytest"
)

// GuardDuty makes the sample's GuardDuty: looked after in eu-west-1, switched
// off by somebody in eu-central-1, never enabled in us-east-1.
func GuardDuty() []*guarddutytest.GuardDuty {
	at := func(region string) *guarddutytest.GuardDuty {
		p := Account
		p.Region = region
		f := guarddutytest.New(p)
		return f
	}
	ireland, frankfurt, virginia := at("eu-west-1"), at("eu-central-1"), at("us-east-1")
	ireland.Edit(func(s *guarddutytest.State) {
		s.Detector = guarddutytest.NewDetector(guardduty.S3DataEvents, guardduty.RDSLoginEvents, guardduty.LambdaNetworkLogs)
		// Somebody was tired of findings about the office's scanner.
		s.Detector.Filters["office-noise"] = &guarddutytest.Filter{
			Archive: true, Description: "noise", Rank: 1,
			Criteria: map[string]guardduty.Criterion{"accountId": {Equals: []string{Account.Account}}},
		}
		s.Detector.Findings["f1"] = &guarddutytest.Finding{Type: "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS", Severity: 8, Created: ago(9), Updated: ago(1), Title: "Credentials of an instance are used outside AWS"}
		s.Detector.Findings["f2"] = &guarddutytest.Finding{Type: "Recon:EC2/PortProbeUnprotectedPort", Severity: 2, Created: ago(40), Updated: ago(2), Title: "A port is probed"}
	})
	frankfurt.Edit(func(s *guarddutytest.State) {
		s.Detector = guarddutytest.NewDetector(guardduty.S3DataEvents)
		s.Detector.Suspended = true
	})
	return []*guarddutytest.GuardDuty{frankfurt, ireland, virginia}
}

// GuardDutyRegion is the view of one region of the sample, with what other
// services know.
func GuardDutyRegion(f *guarddutytest.GuardDuty) *guardduty.Region {
	r := guardduty.NewRegion(f.Place(), f)
	r.Now = clock
	r.Inventory = fact(inventory(f.Place()))
	r.Rules = fact([]guardduty.Rule(nil)) // nobody is told of a finding
	r.Stops = fact([]guardduty.Stop(nil))
	r.SensitiveBuckets = fact([]string(nil))
	return r
}

// GuardDutyOrganization is the view of the organization's GuardDuty from the
// sample account, which does not administer it.
func GuardDutyOrganization(r *guardduty.Region) *guardduty.Organization {
	o := guardduty.NewOrganization(r)
	o.Accounts = fact([]string{"111122223333", "444455556666"})
	return o
}

// inventory is what runs in a region: all of it in eu-west-1.
func inventory(p posture.Place) map[string][]posture.Resource {
	all := map[string][]posture.Resource{
		"AWS::Bedrock::Agent": nil, "AWS::Bedrock::Guardrail": nil, "AWS::SageMaker::Endpoint": nil, "AWS::SageMaker::NotebookInstance": nil,
		"AWS::S3::Bucket": nil, "AWS::EKS::Cluster": nil, "AWS::ECS::Cluster": nil, "AWS::RDS::DBCluster": nil, "AWS::Lambda::Function": nil, "AWS::EC2::Instance": nil,
	}
	if p.Region == "eu-west-1" {
		all["AWS::S3::Bucket"] = []posture.Resource{p.Resource("AWS::S3::Bucket", "example-reports", "arn:aws:s3:::example-reports")}
		all["AWS::EC2::Instance"] = []posture.Resource{p.Resource("AWS::EC2::Instance", "i-0abcdef1234567890", p.ARN("ec2", "instance/i-0abcdef1234567890"))}
		all["AWS::Lambda::Function"] = []posture.Resource{p.Resource("AWS::Lambda::Function", "thumbnails", p.ARN("lambda", "function:thumbnails"))}
	}
	return all
}
