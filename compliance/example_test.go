package compliance_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
)

var account = posture.Place{Partition: "aws", Account: "111122223333"}

// sampleIAM holds an account with a root user in order and one person whose
// access key is old.
func sampleIAM() *iamtest.IAM {
	fake := iamtest.New(account)
	fake.Edit(func(s *iamtest.State) {
		s.Root = iamtest.Root{MFA: true}
		s.PasswordPolicy = &iamtest.PasswordPolicy{MinLength: 14, Remembered: 24}
		s.Users["ana"] = &iamtest.User{
			Created: time.Now().AddDate(-1, 0, 0), Tags: map[string]string{"owner": "team blue"},
			Keys: []*iamtest.Key{{ID: "AKIAIOSFODNN7EXAMPLE", Created: time.Now().AddDate(0, -6, 0), Used: time.Now()}},
		}
	})
	return fake
}

// An account is assessed against a benchmark while it is scanned.
func Example() {
	cis, err := compliance.Load("cis-aws", "5.0.0")
	if err != nil {
		log.Fatal(err)
	}
	run, err := compliance.Assessor{
		Frameworks: []*compliance.Framework{cis},
		Scope:      []posture.Place{account},
		Owner:      compliance.Owners{Default: "nobody yet"}.Of,
	}.Start()
	if err != nil {
		log.Fatal(err)
	}
	suite := iam.Evaluators(iam.NewAccount(account, sampleIAM()))
	for item := range run.Items(posture.Scan(context.Background(), suite, nil)) {
		if item.Finding.Status == posture.Fail && item.Finding.Control == "iam.access-key-age" {
			fmt.Println(item.Group(), item.Requirements)
		}
	}
	assessment := run.Assessment()
	fmt.Println(assessment.Frameworks[0].Summary())
	for _, r := range assessment.Frameworks[0].Requirements {
		if r.ID == "1.3" || r.ID == "1.13" || r.ID == "2.1.1" {
			fmt.Println(r.ID, r.Outcome, r.Controls, r.Planned)
		}
	}
	// Output:
	// iam.access-key-age 111122223333 team blue [cis-aws@5.0.0:1.13]
	// cis-aws 5.0.0: 10 met, 5 partly, 2 not met, 45 not assessed, 1 manual, of 63
	// 1.3 met [{iam.root-access-key pass}] []
	// 1.13 not-met [{iam.access-key-age fail}] []
	// 2.1.1 not-assessed [] [s3.tls-only]
}

// A waiver is read from a file, covers one key until a day, and changes no
// verdict.
func ExampleReadWaivers() {
	waivers, err := compliance.ReadWaivers(strings.NewReader(`{"version": 1, "waivers": [{
		"control": "iam.access-key-age", "resource": "AKIAIOSFODNN7EXAMPLE",
		"owner": "ana@example.com", "reason": "The supplier rotates in March.", "expires": "2027-03-31"}]}`))
	if err != nil {
		log.Fatal(err)
	}
	january := func() time.Time { return time.Date(2027, time.January, 15, 9, 0, 0, 0, time.UTC) }
	run, err := compliance.Assessor{Scope: []posture.Place{account}, Waivers: waivers, Now: january}.Start()
	if err != nil {
		log.Fatal(err)
	}
	suite := []posture.Evaluator{iam.AccessKeyAge{Account: iam.NewAccount(account, sampleIAM())}}
	for item := range run.Items(posture.Scan(context.Background(), suite, nil)) {
		fmt.Println(item.Finding.Status, item.Finding.Resource, "waived:", item.Waiver.Reason)
	}
	// Output:
	// fail AWS::IAM::AccessKey AKIAIOSFODNN7EXAMPLE waived: The supplier rotates in March.
}

// Two scans are compared: what a person put right in between is fixed.
func ExampleCompare() {
	fake := sampleIAM()
	scan := func() *compliance.Snapshot {
		run, err := compliance.Assessor{Scope: []posture.Place{account}, Keep: true}.Start()
		if err != nil {
			log.Fatal(err)
		}
		suite := []posture.Evaluator{iam.AccessKeyAge{Account: iam.NewAccount(account, fake)}, iam.PasswordRule{Account: iam.NewAccount(account, fake), Rule: iam.PasswordLength}}
		for range run.Items(posture.Scan(context.Background(), suite, nil)) { // the snapshot is what is wanted
		}
		return run.Snapshot()
	}
	var file bytes.Buffer // kept until the next scan
	if err := compliance.WriteSnapshot(&file, scan()); err != nil {
		log.Fatal(err)
	}
	fake.Edit(func(s *iamtest.State) {
		s.Users["ana"].Keys = nil
		s.PasswordPolicy.MinLength = 8
	})
	before, err := compliance.ReadSnapshot(&file)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range compliance.Compare(before, scan()).Changes {
		fmt.Println(c.Change, c.Control)
	}
	// Output:
	// regressed iam.password-length
	// gone iam.access-key-age
}

// What AWS does of patching a database, and what is left to the customer.
func ExampleResponsibilityOf() {
	for _, domain := range []string{"guest-os", "platform", "identity"} {
		r := compliance.ResponsibilityOf("RDS", "", domain)
		fmt.Println(domain, r.Owner)
	}
	// Output:
	// guest-os aws
	// platform shared
	// identity customer
}
