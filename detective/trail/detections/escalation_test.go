package detections

var escalationCases = []testCase{
	{"D110", []string{
		`{"requestParameters":{"policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}}`,
		`{"requestParameters":{"policyArn":"arn:aws-cn:iam::aws:policy/IAMFullAccess"}}`,
	}, []string{
		`{"requestParameters":{"policyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}}`,
	}},
	{"D111", []string{
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}"}}`,
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":[\"s3:Get*\",\"iam:PutUserPolicy\"],\"Resource\":[\"*\"]}}"}}`,
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"NotAction\":\"s3:*\",\"Resource\":\"*\"}}"}}`,
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"NotAction\":\"s3:*\",\"Resource\":\"arn:aws:s3:::b\"}}"}}`,
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iam:Put*\",\"Resource\":\"*\"}}"}}`,
		`{"requestParameters":{"policyDocument":"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:PassRole\",\"Resource\":\"*\"},{\"Effect\":\"Allow\",\"Action\":\"ec2:Run*\",\"Resource\":\"*\"}]}"}}`,
		`{"requestParameters":{"policyDocument":"not JSON"}}`,
		`{"requestParameters":{"omitted":true}}`,
	}, []string{
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}}"}}`,
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iam:Get*\",\"Resource\":\"*\"}}"}}`,
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":[\"iam:PassRole\",\"ec2:DescribeInstances\"],\"Resource\":\"*\"}}"}}`,
		`{"requestParameters":{"policyDocument":"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:PassRole\",\"Resource\":\"arn:aws:iam::111122223333:role/app\"},{\"Effect\":\"Allow\",\"Action\":\"ec2:*\",\"Resource\":\"*\"}]}"}}`,
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}}"}}`,
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"arn:aws:s3:::b\"}}"}}`,
	}},
	{"D112", []string{
		`{}`,
	}, []string{}},
	{"D113", []string{
		`{"userIdentity":{"type":"IAMUser","userName":"mira"},"requestParameters":{"userName":"mira","groupName":"devs"}}`,
		`{"requestParameters":{"groupName":"Admins"}}`,
	}, []string{
		`{"userIdentity":{"type":"IAMUser","userName":"mira"},"requestParameters":{"userName":"eve","groupName":"devs"}}`,
	}},
	{"D114", []string{
		`{"eventName":"DeleteUserPermissionsBoundary"}`,
		`{"eventName":"PutUserPermissionsBoundary","requestParameters":{"permissionsBoundary":"arn:aws:iam::aws:policy/AdministratorAccess"}}`,
		`{"eventName":"PutRolePermissionsBoundary","requestParameters":{"permissionsBoundary":"arn:aws:iam::aws:policy/PowerUserAccess"}}`,
	}, []string{
		`{"eventName":"PutUserPermissionsBoundary","requestParameters":{"permissionsBoundary":"arn:aws:iam::111122223333:policy/boundary"}}`,
	}},
	{"D115", []string{
		`{}`,
	}, []string{}},
	{"D116.chained", []string{
		`{"userIdentity":{"type":"AssumedRole"},"requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/admin-role"}}`,
		`{"userIdentity":{"type":"AssumedRole"},"requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/path/admin-role"}}`,
	}, []string{
		`{"userIdentity":{"type":"IAMUser"},"requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/admin-role"}}`,
		`{"userIdentity":{"type":"AssumedRole"},"requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/no-admin-role"}}`,
	}},
	{"D117", []string{
		`{"userIdentity":{"type":"AWSAccount","accountId":"444455556666"}}`,
	}, []string{
		`{"userIdentity":{"type":"AWSAccount","accountId":"111122223333"}}`,
		`{"userIdentity":{"type":"AssumedRole","accountId":"444455556666"}}`,
	}},
	{"D118", []string{
		`{"eventName":"CreateDevEndpoint","userIdentity":{"arn":"arn:aws:iam::111122223333:role/deploy-x"}}`,
		`{"eventName":"CreateJob"}`,
		`{"eventName":"CreateJob","userIdentity":{"arn":"arn:aws:iam::111122223333:role/deploy-x"},"requestParameters":{"role":"admin-role"}}`,
		`{"eventName":"UpdateJob","userIdentity":{"arn":"arn:aws:iam::111122223333:role/deploy-x"},"requestParameters":{"jobUpdate":{"role":"arn:aws:iam::111122223333:role/admin-role"}}}`,
	}, []string{
		`{"eventName":"CreateJob","userIdentity":{"arn":"arn:aws:iam::111122223333:role/deploy-x"},"requestParameters":{"role":"app-role"}}`,
		`{"eventName":"UpdateJob","userIdentity":{"arn":"arn:aws:iam::111122223333:role/deploy-x"},"requestParameters":{"jobUpdate":{"role":"app-role"}}}`,
		`{"eventName":"CreateJob","userIdentity":{"arn":"arn:aws:iam::111122223333:role/deploy-x"}}`,
	}},
	{"D120", []string{
		`{"eventName":"PutKeyPolicy","requestParameters":{"policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"444455556666\"},\"Action\":\"sts:AssumeRole\"}}"}}`,
		`{"eventName":"CreateGrant","requestParameters":{"granteePrincipal":"arn:aws:iam::444455556666:role/x"}}`,
	}, []string{
		`{"eventName":"PutKeyPolicy","requestParameters":{"policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111122223333\"},\"Action\":\"sts:AssumeRole\"}}"}}`,
		`{"eventName":"CreateGrant","requestParameters":{"granteePrincipal":"arn:aws:iam::111122223333:role/x"}}`,
		`{"eventName":"CreateGrant","requestParameters":{"granteePrincipal":"rds.amazonaws.com"}}`,
	}},
}
