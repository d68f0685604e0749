package policy

import (
	"strings"
	"testing"
)

// The tables name actions that exist, each once.
func TestPowersTable(t *testing.T) {
	table := powers()
	seen := map[string]bool{}
	known := func(list, action string) {
		prefix, name, _ := strings.Cut(action, ":")
		if s := EmbeddedCatalog().Service(prefix); s == nil || s.Action(name) == nil || s.Action(name).Name != name {
			t.Errorf("%s: there is no action %s", list, action)
		}
	}
	for _, w := range table.ways {
		if seen[w.id] || w.gain == "" {
			t.Errorf("%s is there twice, or gains nothing", w.id)
		}
		seen[w.id] = true
		passes := false
		for _, actions := range w.alternatives {
			for _, a := range actions {
				known(w.id, a)
				passes = passes || a == "iam:PassRole"
			}
		}
		if passes != (w.services != nil) {
			t.Errorf("%s passes a role: %v, to %v", w.id, passes, w.services)
		}
	}
	lists := map[string][]string{"credentials": table.credentials, "resource policies": table.resourcePolicy, "roles": table.needRole}
	for name, list := range lists {
		for _, a := range list {
			known(name, a)
			if seen[name+a] {
				t.Errorf("%s: %s is there twice", name, a)
			}
			seen[name+a] = true
		}
	}
	if len(table.ways) != 108 || len(table.credentials) != 14 || len(table.resourcePolicy) != 17 || len(table.needRole) != 31 {
		t.Errorf("%d ways, %d, %d and %d actions", len(table.ways), len(table.credentials), len(table.resourcePolicy), len(table.needRole))
	}
	if !strings.Contains(powersText, PowersDate) {
		t.Error("the date is not that of the table")
	}
}

func TestLintPowers(t *testing.T) {
	allow := func(action, resource string, condition ...string) string {
		s := `{"Effect":"Allow","Action":[` + action + `],"Resource":` + resource
		if len(condition) > 0 {
			s += `,"Condition":{` + condition[0] + `}`
		}
		return s + `}`
	}
	const all = `"*"`
	for _, row := range []struct{ name, text, code, path, want string }{
		{"own user", allow(`"iam:PutUserPolicy"`, `"arn:aws:iam::111111111111:user/${aws:username}"`), "escalation", "Statement[0].Action", "iam-007"},
		{"any user of the account", allow(`"s3:GetObject","iam:PutUserPolicy"`, `"arn:aws:iam::111111111111:user/*"`), "escalation", "Statement[0].Action[1]", "iam-007"},
		{"one user", allow(`"iam:PutUserPolicy"`, `"arn:aws:iam::111111111111:user/app"`), "escalation", "", ""},
		{"under a condition", allow(`"iam:PutUserPolicy"`, all, `"ArnEquals":{"iam:PermissionsBoundary":"arn:aws:iam::111111111111:policy/b"}`), "escalation", "", ""},
		{"denied", allow(`"iam:PutUserPolicy"`, all) + `,{"Effect":"Deny","Action":"iam:Put*","Resource":"*"}`, "escalation", "", ""},
		{"denied under a condition", allow(`"iam:PutUserPolicy"`, all) + `,{"Effect":"Deny","Action":"iam:Put*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`, "escalation", "", ""},
		{"one of two actions", allow(`"iam:CreateUser","iam:AttachUserPolicy"`, `"arn:aws:iam::*:user/app"`), "escalation", "", ""},
		{"both, in two statements", allow(`"iam:CreateRole"`, all) + "," + allow(`"iam:AttachRole*"`, all), "escalation", "Statement[0].Action", "iam-newrole"},
		{"a role for a function", allow(`"lambda:*"`, all) + "," + allow(`"iam:PassRole"`, all), "escalation", "Statement[1].Action", "lambda-001"},
		{"a role passed to the service", allow(`"lambda:*"`, all) + "," + allow(`"iam:PassRole"`, all, `"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}`), "escalation", "Statement[1].Action", "lambda-001"},
		{"a role passed to another service", allow(`"lambda:*"`, all) + "," + allow(`"iam:PassRole"`, all, `"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}`), "escalation", "", ""},
		{"one role", allow(`"lambda:*"`, all) + "," + allow(`"iam:PassRole"`, `"arn:aws:iam::111111111111:role/app"`), "escalation", "", ""},
		{"in the region of the policy", allow(`"lambda:*"`, `"arn:aws-cn:lambda:cn-north-1:111111111111:function:*"`) + "," + allow(`"iam:PassRole"`, all), "escalation", "Statement[1].Action", "lambda-001"},
		{"an instance, on all that it needs", allow(`"ec2:RunInstances","iam:PassRole"`, all), "escalation", "Statement[0].Action[1]", "ec2-001"},
		{"an instance, on some of it", allow(`"ec2:RunInstances"`, `"arn:aws:ec2:*:*:instance/*"`) + "," + allow(`"iam:PassRole"`, all), "escalation", "", ""},
		{"by leaving out", `{"Effect":"Allow","NotAction":"s3:*","Resource":"*","Condition":{"Null":{"a:b":"true"}}},` + allow(`"iam:PutGroupPolicy"`, all), "escalation", "Statement[1].Action", "iam-011"},
		{"NotAction", `{"Effect":"Allow","NotAction":["sts:*","iam:*User*"],"Resource":"arn:aws:iam::*:*"}`, "escalation", "Statement[0].NotAction", "iam-001"},
		{"of an administrator", full, "escalation", "", ""},
		{"of everybody but S3", `{"Effect":"Allow","NotAction":"s3:*","Resource":"*"}`, "escalation", "", ""},
		{"other kinds", `{"Effect":"Deny","Action":"iam:PutUserPolicy","Resource":"*"}`, "escalation", "", ""},

		{"a store", allow(`"secretsmanager:*"`, all), "credential-read", "Statement[0].Action", "secretsmanager:GetSecretValue"},
		{"parameters", allow(`"ssm:Get*"`, `"arn:aws:ssm:eu-west-1:111111111111:parameter/*"`), "credential-read", "Statement[0].Action", "and 3 more"},
		{"parameters below a path", allow(`"ssm:Get*"`, `"arn:aws:ssm:eu-west-1:111111111111:parameter/app/*"`), "credential-read", "", ""},
		{"descriptions", allow(`"ec2:Describe*","ec2:Get*Url"`, all), "credential-read", "", ""},

		{"of a bucket", allow(`"s3:PutBucketPolicy"`, `"arn:aws:s3:::*"`), "resource-policy-write", "Statement[0].Action", "s3:PutBucketPolicy"},
		{"all but IAM", `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`, "resource-policy-write", "Statement[0].NotAction", "dynamodb:PutResourcePolicy"},
		{"of one bucket", allow(`"s3:PutBucketPolicy"`, `"arn:aws:s3:::b"`), "resource-policy-write", "", ""},
		{"of a key, for services", allow(`"kms:CreateGrant"`, all, `"Bool":{"kms:GrantIsForAWSResource":"true"}`), "resource-policy-write", "", ""},

		{"a role that may not be passed", allow(`"glue:CreateJob"`, all), "dependent-action-missing", "Statement[0].Action", "glue:CreateJob"},
		{"by a pattern", allow(`"glue:Create*"`, all), "dependent-action-missing", "", ""},
		{"all but what passes roles", `{"Effect":"Allow","NotAction":"s3:*","Resource":"*","Condition":{"Null":{"aws:TokenIssueTime":"true"}}},` + allow(`"glue:CreateJob"`, all), "dependent-action-missing", "", ""},
		{"forbidden", `{"Effect":"Deny","Action":["glue:CreateJob"],"Resource":"*"}`, "dependent-action-missing", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := codesOf(Lint(lintDoc(Identity, row.text), nil))[row.code]
			if f.Path != row.path || !strings.Contains(f.Message, row.want) || (f.Fix == "") != (row.want == "") {
				t.Errorf("got %v, want %s at %q", f, row.want, row.path)
			}
		})
	}
	if fs := codesOf(Lint(lintDoc(SCP, allow(`"iam:PutUserPolicy"`, all)), nil)); fs["escalation"].Code != "" {
		t.Error("a policy that only limits was found to give")
	}
}
