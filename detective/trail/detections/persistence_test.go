package detections

var persistenceCases = []testCase{
	{"D080", []string{
		`{"userIdentity":{"type":"Root"}}`,
		`{"userIdentity":{"type":"IAMUser","userName":"mira"},"requestParameters":{"userName":"eve"}}`,
		`{"userIdentity":{"type":"AssumedRole"},"requestParameters":{"userName":"x"}}`,
	}, []string{
		`{"userIdentity":{"type":"IAMUser"},"requestParameters":{"userName":"eve"}}`,
		`{"userIdentity":{"type":"IAMUser","userName":"mira"},"requestParameters":{"userName":"mira"}}`,
		`{"userIdentity":{"type":"IAMUser","userName":"mira"},"requestParameters":null}`,
		`{"userIdentity":{"type":"FederatedUser","userName":"mira"},"requestParameters":{"userName":"eve"}}`,
	}},
	{"D081", []string{
		`{}`,
	}, []string{}},
	{"D082", []string{
		`{"userIdentity":{"type":"IAMUser","userName":"mira"},"requestParameters":{"userName":"eve"}}`,
		`{"userIdentity":{"type":"Root"}}`,
		`{"userIdentity":{"type":"Root"},"requestParameters":{"userName":"eve"}}`,
		`{"userIdentity":{"type":"AssumedRole"},"requestParameters":{"userName":"eve"}}`,
	}, []string{
		`{"userIdentity":{"type":"AssumedRole"}}`,
		`{"userIdentity":{"type":"AssumedRole","userName":"eve"},"requestParameters":{"userName":"eve"}}`,
		`{"userIdentity":{"type":"IAMUser"},"requestParameters":{"userName":"eve"}}`,
		`{"userIdentity":{"type":"IAMUser","userName":"mira"},"requestParameters":{"userName":"mira"}}`,
		`{"userIdentity":{"type":"Root","userName":"mira"},"requestParameters":{"userName":"mira"}}`,
		`{"userIdentity":{"type":"IAMUser","userName":"mira"}}`,
	}},
	{"D083", []string{
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"sts:AssumeRole\"}}"}}`,
		`{"requestParameters":{"assumeRolePolicyDocument":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::444455556666:root\"},\"Action\":\"sts:AssumeRole\"}]}"}}`,
		`{"requestParameters":{"policyDocument":"%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%22*%22%7D%5D%7D"}}`,
		`{"requestParameters":{"omitted":true,"reason":"requestParameters too large"}}`,
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::111122223333:saml-provider/other\"},\"Action\":\"sts:AssumeRoleWithSAML\"}}"}}`,
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::111122223333:oidc-provider/accounts.example.com\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{\"StringEquals\":{\"accounts.example.com:aud\":\"x\"}}}}"}}`,
	}, []string{
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::111122223333:saml-provider/accounts.example.com\"},\"Action\":\"sts:AssumeRoleWithSAML\"}}"}}`,
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::111122223333:oidc-provider/accounts.example.com\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{\"StringEquals\":{\"accounts.example.com:sub\":\"x\"}}}}"}}`,
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},\"Action\":\"sts:AssumeRole\"}}"}}`,
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"sts:AssumeRole\"}}"}}`,
		`{"requestParameters":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"}}}"}}`,
	}},
	{"D084", []string{
		`{}`,
	}, []string{}},
	{"D085", []string{
		`{}`,
	}, []string{
		`{"userAgent":"SCIM client"}`,
	}},
	{"D086", []string{
		`{}`,
		`{"requestParameters":{"source":{"sourceType":"AWS_ACM_PCA","sourceData":{"acmPcaArn":"arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/2"}}}}`,
	}, []string{
		`{"requestParameters":{"source":{"sourceType":"AWS_ACM_PCA","sourceData":{"acmPcaArn":"arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/1"}}}}`,
	}},
	{"D087", []string{
		`{"eventName":"DeactivateMFADevice","userIdentity":{"type":"IAMUser","userName":"mira"},"requestParameters":{"userName":"eve"}}`,
		`{"eventName":"EnableMFADevice","userIdentity":{"sessionContext":{"attributes":{"mfaAuthenticated":"false"}}}}`,
		`{"eventName":"EnableMFADevice","userIdentity":{"accessKeyId":"AKIAEXAMPLE"}}`,
		`{"eventName":"DeactivateMFADevice","userIdentity":{"type":"AssumedRole"},"requestParameters":{"userName":"eve"}}`,
	}, []string{
		`{"eventName":"DeactivateMFADevice","userIdentity":{"type":"AssumedRole"}}`,
		`{"eventName":"DeactivateMFADevice","userIdentity":{"type":"AssumedRole","userName":"eve"},"requestParameters":{"userName":"eve"}}`,
		`{"eventName":"ResyncMFADevice","userIdentity":{"type":"AssumedRole"},"requestParameters":{"userName":"eve"}}`,
		`{"eventName":"DeactivateMFADevice","userIdentity":{"type":"IAMUser"},"requestParameters":{"userName":"eve"}}`,
		`{"eventName":"DeactivateMFADevice","userIdentity":{"type":"IAMUser","userName":"mira"}}`,
		`{"eventName":"DeactivateMFADevice","userIdentity":{"type":"IAMUser","userName":"mira"},"requestParameters":{"userName":"mira"}}`,
		`{"eventName":"ResyncMFADevice","userIdentity":{"type":"IAMUser","userName":"mira"},"requestParameters":{"userName":"eve"}}`,
		`{"eventName":"EnableMFADevice","userIdentity":{"sessionContext":{"attributes":{"mfaAuthenticated":"true"}}}}`,
		`{"eventName":"CreateVirtualMFADevice","userIdentity":{"sessionContext":{"attributes":{"mfaAuthenticated":"false"}}}}`,
	}},
	{"D088", []string{
		`{"eventName":"UploadSSHPublicKey"}`,
		`{"eventName":"UpdateAccessKey","requestParameters":{"status":"Active"}}`,
	}, []string{
		`{"eventName":"UpdateAccessKey","requestParameters":{"status":"Inactive"}}`,
	}},
	{"D089.admin", []string{
		`{"requestParameters":{"name":"x","policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}"}}`,
		`{"requestParameters":{"name":"x","policyArns":[{"arn":"arn:aws:iam::aws:policy/ReadOnlyAccess"},{"arn":"arn:aws:iam::aws:policy/AdministratorAccess"}]}}`,
	}, []string{
		`{"requestParameters":{"name":"x","policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\"}}"}}`,
		`{"requestParameters":{"name":"x","policyArns":[{"arn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}]}}`,
		`{"requestParameters":{"name":"x"}}`,
	}},
	{"D090", []string{
		`{"requestParameters":{"principal":"*"}}`,
		`{"requestParameters":{"principal":"444455556666"}}`,
		`{"requestParameters":{"principal":"arn:aws:iam::444455556666:root"}}`,
		`{"eventName":"AddPermission20150331v2","requestParameters":{"principal":"*"}}`,
	}, []string{
		`{"requestParameters":{"principal":"111122223333"}}`,
		`{"requestParameters":{"principal":"s3.amazonaws.com"}}`,
		`{"requestParameters":{"principal":"*","sourceArn":"arn:aws:s3:::b"}}`,
		`{"requestParameters":{"principal":"*","sourceAccount":"111122223333"}}`,
		`{"requestParameters":{"principal":"*","principalOrgID":"o-exampleorgid"}}`,
		`{"requestParameters":{"principal":"*","organizationId":"o-exampleorgid"}}`,
	}},
	{"D091", []string{
		`{}`,
		`{"eventName":"UpdateFunctionCode20150331v2"}`,
		`{"eventName":"CreateFunction20150331","userIdentity":{"arn":"arn:aws:iam::111122223333:role/deploy-x"},"requestParameters":{"layers":["arn:aws:lambda:us-east-1:444455556666:layer:x:1"]}}`,
	}, []string{
		`{"eventName":"CreateFunction20150331","userIdentity":{"arn":"arn:aws:iam::111122223333:role/deploy-x"},"requestParameters":{"layers":["arn:aws:lambda:us-east-1:111122223333:layer:x:1"]}}`,
	}},
	{"D092", []string{
		`{"requestParameters":{"authType":"NONE"}}`,
		`{"eventName":"CreateFunctionUrlConfig20211031","requestParameters":{"authType":"NONE"}}`,
	}, []string{
		`{"requestParameters":{"authType":"AWS_IAM"}}`,
	}},
	{"D093", []string{
		`{"eventSource":"events.amazonaws.com","eventName":"PutRule","requestParameters":{"eventPattern":"{\"source\":[\"aws.iam\"]}"}}`,
	}, []string{
		`{"eventSource":"events.amazonaws.com","eventName":"PutRule","requestParameters":{"eventPattern":"{\"source\":[\"aws.ec2\"]}"}}`,
		`{"eventSource":"events.amazonaws.com","eventName":"PutTargets","requestParameters":{"eventPattern":"aws.iam"}}`,
	}},
	{"D096", []string{
		`{}`,
	}, []string{}},
	{"D097", []string{
		`{"requestParameters":{"capabilities":["CAPABILITY_AUTO_EXPAND","CAPABILITY_IAM"]}}`,
	}, []string{
		`{"requestParameters":{"capabilities":["CAPABILITY_AUTO_EXPAND"]}}`,
	}},
	{"D097.template", []string{
		`{"requestParameters":{"templateURL":"https://elsewhere.s3.amazonaws.com/t.json"}}`,
		`{"requestParameters":{"templateURL":"https://s3.us-east-1.amazonaws.com/elsewhere/example-data/t.json"}}`,
		`{"requestParameters":{"templateURL":"https://example-data.s3.x.s3.amazonaws.com/t.json"}}`,
	}, []string{
		`{"requestParameters":{"stackName":"x"}}`,
		`{"requestParameters":{"templateURL":"https://example-data.s3.amazonaws.com/t.json"}}`,
		`{"requestParameters":{"templateURL":"https://example-data.s3.eu-central-1.amazonaws.com/t.json"}}`,
		`{"requestParameters":{"templateURL":"https://example-data.s3-us-west-2.amazonaws.com/t.json"}}`,
		`{"requestParameters":{"templateURL":"https://example-data.s3.dualstack.us-gov-west-1.amazonaws.com/t.json"}}`,
		`{"requestParameters":{"templateURL":"https://s3.cn-north-1.amazonaws.com.cn/example-data/t.json"}}`,
	}},
	{"D098", []string{
		`{"eventName":"UpdateProjectVisibility","requestParameters":{"projectVisibility":"PUBLIC_READ"}}`,
		`{"eventName":"UpdateProject","requestParameters":{"serviceRole":"x"}}`,
		`{"eventName":"UpdateProject","requestParameters":{"source":{"location":"x"}}}`,
		`{"eventName":"CreateWebhook","requestParameters":{"filterGroups":[[{"type":"EVENT"}]]}}`,
	}, []string{
		`{"eventName":"UpdateProjectVisibility","requestParameters":{"projectVisibility":"PRIVATE"}}`,
		`{"eventName":"UpdateProject","requestParameters":{"name":"x"}}`,
		`{"eventName":"UpdateProject","requestParameters":{"source":{"type":"x"}}}`,
		`{"eventName":"CreateWebhook","requestParameters":{"filterGroups":[[{"type":"ACTOR_ACCOUNT_ID"}]]}}`,
	}},
	{"D099", []string{
		`{"eventName":"PutImage"}`,
	}, []string{
		`{"eventName":"SetRepositoryPolicy"}`,
	}},
	{"D099.policy", []string{
		`{"requestParameters":{"policyText":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"ecr:BatchGetImage\"}}"}}`,
		`{"eventName":"PutRegistryPolicy","requestParameters":{"policyText":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"444455556666\"},\"Action\":\"ecr:ReplicateImage\"}}"}}`,
	}, []string{
		`{"requestParameters":{"policyText":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111122223333\"},\"Action\":\"ecr:BatchGetImage\"}}"}}`,
	}},
	{"D100", []string{
		`{"requestParameters":{"policyArn":"arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"}}`,
		`{"requestParameters":{"kubernetesGroups":["a","system:masters"]}}`,
	}, []string{
		`{"requestParameters":{"policyArn":"arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"}}`,
		`{"requestParameters":{"kubernetesGroups":["viewers"]}}`,
	}},
	{"D102", []string{
		`{}`,
	}, []string{}},
	{"D103", []string{
		`{"requestParameters":{"serviceName":"bedrock.amazonaws.com"}}`,
		`{"requestParameters":{"userName":"BedrockAPIKey-x"}}`,
	}, []string{
		`{"requestParameters":{"serviceName":"codecommit.amazonaws.com"}}`,
		`{"requestParameters":{"userName":"x"}}`,
	}},
	{"D103.used", []string{
		`{"eventSource":"iam.amazonaws.com","userIdentity":{"type":"IAMUser","userName":"BedrockAPIKey-x"}}`,
	}, []string{
		`{"eventSource":"bedrock.amazonaws.com","userIdentity":{"type":"IAMUser","userName":"BedrockAPIKey-x"}}`,
		`{"eventSource":"bedrock-runtime.amazonaws.com","userIdentity":{"type":"IAMUser","userName":"BedrockAPIKey-x"}}`,
		`{"eventSource":"iam.amazonaws.com","userIdentity":{"type":"IAMUser","userName":"mira"}}`,
		`{"eventSource":"iam.amazonaws.com","userIdentity":{"type":"AssumedRole","userName":"BedrockAPIKey-x"}}`,
	}},
}
