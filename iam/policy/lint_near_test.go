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
		{Resource, "sqs", to(`"*"`, "Deny", "SQS:SendMessage", `"Resource":"*"`), "action-not-in-policy-type", false},
		{Resource, "sqs", to(`"*"`, "Deny", "sns:Publish", `"Resource":"*"`), "action-not-in-policy-type", true},
		{Resource, "", to(`"*"`, "Deny", "sns:Publish", `"Resource":"*"`), "action-not-in-policy-type", false},
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
