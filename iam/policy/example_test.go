package policy_test

import (
	"fmt"

	"github.com/awsposture/posture/iam/policy"
)

const readReports = `{
  "Version": "2012-10-17",
  "Statement": [{
    "Sid": "Reports",
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::example-reports/${aws:username}/*"
  }]
}`

func Example() {
	doc, err := policy.Parse(policy.Identity, "reports", []byte(readReports))
	if err != nil {
		fmt.Println(err)
		return
	}
	engine, err := policy.Compile(policy.Policies{Identity: []*policy.Document{doc}})
	if err != nil {
		fmt.Println(err)
		return
	}
	request := &policy.Request{
		Principal: policy.Principal{Kind: policy.IAMUser, ARN: "arn:aws:iam::111122223333:user/ana"},
		Action:    "s3:GetObject",
		Resource:  "arn:aws:s3:::example-reports/ana/may.pdf",
		Owner:     policy.Account{ID: "111122223333"},
	}
	fmt.Println(engine.Decide(request))
	request.Resource = "arn:aws:s3:::example-reports/ben/may.pdf"
	fmt.Println(engine.Decide(request))
	// Output:
	// allow
	// implicit deny (identity)
}

func ExampleParse() {
	_, err := policy.Parse(policy.Identity, "p.json", []byte(`{
  "Version": "2012-10-17",
  "Statement": {"Effect": "Allow", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}
}`))
	fmt.Println(err)
	// Output:
	// p.json:3:36: Statement.Effect: the same member twice
}

func ExampleEngine_Explain() {
	doc, _ := policy.Parse(policy.Identity, "reports", []byte(readReports))
	engine, _ := policy.Compile(policy.Policies{Identity: []*policy.Document{doc}})
	x := engine.Explain(&policy.Request{
		Principal: policy.Principal{Kind: policy.IAMUser, ARN: "arn:aws:iam::111122223333:user/ana"},
		Action:    "s3:GetObject",
		Resource:  "arn:aws:s3:::example-reports/ben/may.pdf",
		Owner:     policy.Account{ID: "111122223333"},
	})
	fmt.Print(x.Text())
	// Output:
	// arn:aws:iam::111122223333:user/ana may not s3:GetObject on arn:aws:s3:::example-reports/ben/may.pdf.
	// No policy of the caller allows it.
	// - identity policy of the caller: silent
	//     statement "Reports" of reports (line 3) would allow it, but its Resource is arn:aws:s3:::example-reports/ana/*, not arn:aws:s3:::example-reports/ben/may.pdf
	// To allow it: add to the identity policy of the caller: {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::example-reports/ben/may.pdf"}
}

func ExampleLint() {
	doc, _ := policy.Parse(policy.Identity, "p.json", []byte(`{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["s3:GetObjet", "iam:PassRole"],
    "Resource": "*"
  }
}`))
	for _, f := range policy.Lint(doc, nil) {
		fmt.Println(f)
	}
	// Output:
	// error action-unknown: p.json:5:16: Statement[0].Action[0]: the service s3 has no action "GetObjet" (did you mean "s3:GetObject"?)
	// security passrole-unscoped: p.json:5:31: Statement[0]: any role of the account, also the most powerful one, may be handed to any service (name the roles under Resource and add a condition on iam:PassedToService)
}

// A change that would lock its author out is found before it is made.
func ExampleLost() {
	full := []policy.Statement{{Effect: policy.EffectAllow, Action: policy.Values("*"), Resource: policy.Values("*")}}
	noUsers := append(full, policy.Statement{
		Effect: policy.EffectDeny, Action: policy.Values("iam:*"), Resource: policy.Values("*"),
		Conditions: []policy.Condition{{Operator: "StringEquals", Key: "aws:PrincipalType", Values: policy.Values("User")}},
	})
	engine := func(statements []policy.Statement) *policy.Engine {
		e, err := policy.Compile(policy.Policies{Identity: []*policy.Document{{Kind: policy.Identity, Version: policy.Version2012, Statements: statements}}})
		if err != nil {
			fmt.Println(err)
		}
		return e
	}
	undo := &policy.Request{
		Principal: policy.Principal{Kind: policy.IAMUser, ARN: "arn:aws:iam::111122223333:user/ana"},
		Action:    "iam:PutUserPolicy",
		Resource:  "arn:aws:iam::111122223333:user/ana",
	}
	for _, loss := range policy.Lost(engine(full), engine(noUsers), undo) {
		fmt.Println("would lose", undo.Action+":", loss.After)
	}
	// Output:
	// would lose iam:PutUserPolicy: explicit deny (identity)
}

// A trust policy that checks the audience of GitHub's tokens but not their
// subject lets every repository in the world assume the role.
func ExampleOutsiders() {
	trust, _ := policy.Parse(policy.Trust, "deploy", []byte(`{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}
  }
}`))
	answer, err := policy.Outsiders(trust, "arn:aws:iam::111122223333:role/deploy", policy.Account{ID: "111122223333"}, policy.Zone{}, policy.Semantics{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(answer.Result)
	fmt.Println(answer.Witness.Context)
	// Output:
	// yes
	// map[token.actions.githubusercontent.com:aud:[sts.amazonaws.com]]
}
