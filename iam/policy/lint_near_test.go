package policy

import (
	"strings"
	"testing"
)

// Things that look wrong and are right.
func TestLintNearMisses(t *testing.T) {
	when := func(action, resource, condition string) string {
		return `{"Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `","Condition":{` + condition + `}}`
	}
	on := func(action, resource string) string {
		return `{"Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `"}`
	}
	for _, row := range []struct {
		k          Kind
		service    string
		text, code string
		bad        bool
	}{
		{Identity, "", when("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:a", `"StringEquals":{"secretsmanager:ResourceTag/team":"a"}`), "condition-key-unknown", false},
		{Identity, "", when("kms:Decrypt", "*", `"ArnLike":{"kms:EncryptionContext:aws:sns:topicArn":"arn:aws:sns:*:*:t"}`), "operator-type-mismatch", false},
		{Identity, "", when("kms:Decrypt", "*", `"ArnLike":{"aws:SecureTransport":"arn:aws:sns:*:*:t"}`), "operator-type-mismatch", true},
		{Identity, "", on("ssm:SendCommand", "arn:aws:ssm:us-east-1::document/AWS-RunShellScript"), "arn-account-not-allowed", false},
		{Identity, "", on("ec2:RunInstances", "arn:aws:ec2:us-east-1::image/ami-1"), "arn-account-not-allowed", false},
		{Identity, "", on("ec2:RunInstances", "arn:aws:ec2:us-east-1:111111111111:image/ami-1"), "arn-account-not-allowed", true},
		{Identity, "", on("iam:GetPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess"), "arn-resource-shape", false},
		{Identity, "", on("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:111111111111:function:f:live"), "arn-resource-shape", false},
		{Identity, "", on("rds-data:ExecuteStatement", "arn:aws:rds:us-east-1:111111111111:cluster:c"), "arn-resource-shape", false},
		{Identity, "", on("rds:*", "arn:aws:rds:us-east-1:111111111111:clusters:c"), "arn-resource-shape", true},
		{Identity, "", on("iam:*", "arn:aws:iam*:x:111111111111:role/app"), "arn-resource-shape", false},
		{Identity, "", on("dynamodb:*", "arn:aws:dynamodb:*:table/t:x:y"), "arn-resource-shape", false}, // if the star runs over a colon
		{Identity, "", on("dynamodb:*", "arn:aws:dynamodb:us-east-1:table/t:x:y"), "arn-resource-shape", true},
		{Identity, "", on("nosuch:*", "arn:aws:nosuch:::x"), "arn-resource-shape", false},
		{Identity, "", on("sns:Publish", "arn:aws:sns:*:111111111111:t"), "arn-region-missing", false},
		{Trust, "", to(aws("*"), "Allow", "sts:AssumeRole", ""), "trust-wildcard", true},
		{Trust, "", to(`{"Federated":"arn:aws:iam::111111111111:saml-provider/p"}`, "Allow", "sts:AssumeRoleWithWebIdentity", ""), "trust-action-mismatch", true},
		{Trust, "", to(`{"Federated":"arn:aws:iam::111111111111:saml-provider/p"}`, "Allow", "sts:AssumeRoleWithSAML", ""), "trust-action-mismatch", false},
		{Trust, "", to(`{"Federated":"arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"}`, "Allow", "sts:AssumeRoleWithWebIdentity", `"Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:ex*/app:ref:refs/heads/main"}}`), "trust-github-unscoped", true},
		{Resource, "", to(aws("arn:aws:iam::111:user/x"), "Allow", "s3:GetObject", `"Resource":"*"`), "principal-shape", true},
		{Resource, "", to(aws("arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E"), "Allow", "s3:GetObject", `"Resource":"*"`), "principal-shape", false},
		{Resource, "", to(aws("arn:aws:iam::111111111111:user/${aws:username}"), "Allow", "s3:GetObject", `"Resource":"*"`), "variable-in-wrong-element", true},
		{Identity, "", on("s3:${aws:username}", "*"), "variable-in-wrong-element", true},
		{Identity, "", when("s3:GetObject", "*", `"StringEquals":{"aws:PrincipalTag/${aws:username}":"x"}`), "variable-in-wrong-element", true},
		{Identity, "", when("s3:GetObject", "*", `"StringEquals":{"s3:NoSuchKey":"x"}`), "condition-key-unknown", true},
		{Identity, "", when("*", "*", `"StringEquals":{"s3:prefix":"x"}`), "condition-key-not-for-action", false},
		{Identity, "", when("s3:GetObject", "*", `"StringEqualsIgnoreCase":{"aws:PrincipalTag/t":"\u212a"},"StringEquals":{"aws:PrincipalTag/t":"k"}`), "statement-never-applies", false}, // the Kelvin sign folds to k
		{Identity, "", when("s3:GetObject", "*", `"IpAddress":{"aws:SourceIp":"203.0.113.0/25"},"IpAddressIfExists":{"aws:SourceIp":"203.0.113.128/25"}`), "statement-never-applies", true},
		{Identity, "", when("s3:GetObject", "*", `"StringEquals":{"aws:SourceIp":"203.0.113.1"},"IpAddress":{"aws:SourceIp":"198.51.100.0/24"}`), "statement-never-applies", false},
		{Resource, "sqs", to(`"*"`, "Deny", "SQS:SendMessage", `"Resource":"*"`), "action-not-in-policy-type", false},
		{Resource, "sqs", to(`"*"`, "Deny", "sns:Publish", `"Resource":"*"`), "action-not-in-policy-type", true},
		{Resource, "", to(`"*"`, "Deny", "sns:Publish", `"Resource":"*"`), "action-not-in-policy-type", false},
		{Resource, "s3", to(`"*"`, "Deny", "s3:GetObject", `"Resource":"arn:aws:sqs:us-east-1:111111111111:q"`), "arn-not-in-policy-type", true},
		{Resource, "s3", to(`"*"`, "Deny", "s3:GetObject", `"Resource":["arn:aws:s3:::b/*","*"]`), "arn-not-in-policy-type", false},
		{Resource, "", to(`"*"`, "Deny", "s3:GetObject", `"Resource":"arn:aws:sqs:us-east-1:111111111111:q"`), "arn-not-in-policy-type", false},
		{Resource, "apigateway", to(`"*"`, "Deny", "execute-api:Invoke", `"Resource":"*"`), "action-not-in-policy-type", false},
	} {
		f, found := codesOf(Lint(lintDoc(row.k, row.text), &LintOptions{Service: row.service}))[row.code]
		if found != row.bad {
			t.Errorf("%s\n%s: %v, %v", row.text, row.code, found, f)
		}
	}
}

func TestLintNearestNames(t *testing.T) {
	for bad, want := range map[string]string{
		"s3:GetObjet":            "s3:GetObject",
		"dynamobd:GetItem":       "dynamodb",
		"iam:CreatPolicyVersion": "iam:CreatePolicyVersion",
	} {
		fs := Lint(lintDoc(Identity, `{"Effect":"Allow","Action":"`+bad+`","Resource":"*"}`), nil)
		if len(fs) == 0 || !strings.Contains(fs[0].Fix, `"`+want+`"`) {
			t.Errorf("%s: got %v", bad, fs)
		}
	}
}
