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
		`{"requestParameters":{"policyDocument":"not JSON"}}`,
		`{"requestParameters":{"omitted":true}}`,
	}, []string{
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}}"}}`,
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
	}, []string{
		`{"eventName":"PutUserPermissionsBoundary","requestParameters":{"permissionsBoundary":"arn:aws:iam::111122223333:policy/boundary"}}`,
	}},
	{"D115", []string{
		`{}`,
	}, []string{}},
	{"D117", []string{
		`{"userIdentity":{"type":"AWSAccount","accountId":"444455556666"}}`,
	}, []string{
		`{"userIdentity":{"type":"AWSAccount","accountId":"111122223333"}}`,
		`{"userIdentity":{"type":"AssumedRole","accountId":"444455556666"}}`,
	}},
	{"D118", []string{
		`{"eventName":"CreateDevEndpoint","userIdentity":{"arn":"arn:aws:iam::111122223333:role/deploy-x"}}`,
		`{"eventName":"CreateJob"}`,
	}, []string{
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
