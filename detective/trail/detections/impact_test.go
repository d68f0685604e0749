package detections

var impactCases = []testCase{
	{"D191", []string{
		`{"requestParameters":{"VersioningConfiguration":{"Status":"Suspended"}}}`,
		`{"requestParameters":{"VersioningConfiguration":{"MfaDelete":"Disabled","Status":"Enabled"}}}`,
	}, []string{
		`{"requestParameters":{"VersioningConfiguration":{"Status":"Enabled"}}}`,
	}},
	{"D192", []string{
		`{"requestParameters":{"x-amz-server-side-encryption-customer-algorithm":"AES256"}}`,
		`{"requestParameters":{"x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:us-east-1:444455556666:key/x"}}`,
		`{"additionalEventData":{"SSEApplied":"SSE_C"}}`,
	}, []string{
		`{"requestParameters":{"key":"x"}}`,
		`{"requestParameters":{"x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:us-east-1:111122223333:key/x"}}`,
		`{"additionalEventData":{"SSEApplied":"SSE_KMS"}}`,
	}},
	{"D193", []string{
		`{"eventName":"DeleteBucketEncryption"}`,
		`{"eventName":"PutBucketEncryption","requestParameters":{"ServerSideEncryptionConfiguration":{"Rule":{"ApplyServerSideEncryptionByDefault":{"KMSMasterKeyID":"arn:aws:kms:us-east-1:444455556666:key/x"}}}}}`,
	}, []string{
		`{"eventName":"PutBucketEncryption","requestParameters":{"ServerSideEncryptionConfiguration":{"Rule":{"ApplyServerSideEncryptionByDefault":{"KMSMasterKeyID":"arn:aws:kms:us-east-1:111122223333:key/x"}}}}}`,
		`{"eventName":"PutObjectLockConfiguration","requestParameters":{"ServerSideEncryptionConfiguration":{"Rule":{"ApplyServerSideEncryptionByDefault":{"KMSMasterKeyID":"arn:aws:kms:us-east-1:444455556666:key/x"}}}}}`,
	}},
	{"D194", []string{
		`{}`,
	}, []string{}},
	{"D195", []string{
		`{}`,
	}, []string{}},
	{"D197", []string{
		`{"requestParameters":{"skipFinalSnapshot":true}}`,
		`{"requestParameters":{"deleteAutomatedBackups":true}}`,
		`{"requestParameters":{"deletionProtection":false}}`,
		`{"requestParameters":{"backupRetentionPeriod":0}}`,
	}, []string{
		`{"requestParameters":{"skipFinalSnapshot":false}}`,
		`{"requestParameters":{"deleteAutomatedBackups":false}}`,
		`{"requestParameters":{"deletionProtection":true}}`,
		`{"requestParameters":{"backupRetentionPeriod":7}}`,
	}},
	{"D198", []string{
		`{}`,
	}, []string{}},
	{"D199", []string{
		`{}`,
	}, []string{}},
	{"D200", []string{
		`{"requestParameters":{"instanceType":"p4d.24xlarge"}}`,
		`{"requestParameters":{"instanceType":"c5.18xlarge"}}`,
		`{"awsRegion":"af-south-1"}`,
	}, []string{
		`{"requestParameters":{"instanceType":"t3.micro"}}`,
		`{"awsRegion":"us-east-1"}`,
	}},
	{"D201", []string{
		`{"requestParameters":{"containerDefinitions":[{"image":"example/XMRig"}]}}`,
		`{"requestParameters":{"containerDefinitions":[{"command":["-o","stratum+tcp://pool.example.com"]}]}}`,
	}, []string{
		`{"requestParameters":{"containerDefinitions":[{"image":"example/web"}]}}`,
	}},
	{"D202.purchase", []string{
		`{}`,
	}, []string{}},
	{"D202.key", []string{
		`{"additionalEventData":{"callWithBearerToken":true}}`,
		`{"additionalEventData":{"callWithBearerToken":"true"}}`,
	}, []string{
		`{"additionalEventData":{"callWithBearerToken":false}}`,
		`{}`,
	}},
	{"D203.production", []string{
		`{}`,
		`{"requestParameters":{"productionAccessEnabled":true}}`,
	}, []string{
		`{"requestParameters":{"productionAccessEnabled":false}}`,
	}},
	{"D204", []string{
		`{}`,
	}, []string{}},
	{"D205", []string{
		`{"eventName":"DeleteAccountPasswordPolicy"}`,
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"minimumPasswordLength":13}}`,
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"requireSymbols":false}}`,
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"requireNumbers":false}}`,
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"requireUppercaseCharacters":false}}`,
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"requireLowercaseCharacters":false}}`,
	}, []string{
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"minimumPasswordLength":14,"requireSymbols":true,"requireNumbers":true,"requireUppercaseCharacters":true,"requireLowercaseCharacters":true}}`,
	}},
	{"D208", []string{
		`{"eventName":"CreateRoute","requestParameters":{"destinationCidrBlock":"0.0.0.0/0","gatewayId":"igw-1"}}`,
		`{"eventName":"CreateNetworkAclEntry","requestParameters":{"cidrBlock":"0.0.0.0/0","ruleAction":"allow"}}`,
		`{"eventName":"CreateVpcPeeringConnection","requestParameters":{"peerOwnerId":"444455556666"}}`,
	}, []string{
		`{"eventName":"CreateRoute","requestParameters":{"destinationCidrBlock":"10.0.0.0/8","gatewayId":"igw-1"}}`,
		`{"eventName":"CreateRoute","requestParameters":{"destinationCidrBlock":"0.0.0.0/0","gatewayId":"vgw-1"}}`,
		`{"eventName":"CreateNetworkAclEntry","requestParameters":{"cidrBlock":"10.0.0.0/8","ruleAction":"allow"}}`,
		`{"eventName":"CreateNetworkAclEntry","requestParameters":{"cidrBlock":"0.0.0.0/0","ruleAction":"deny"}}`,
		`{"eventName":"CreateVpcPeeringConnection","requestParameters":{"peerOwnerId":"111122223333"}}`,
	}},
	{"D209", []string{
		`{"eventName":"DisableLogging"}`,
		`{"eventName":"ModifyCluster","requestParameters":{"publiclyAccessible":true}}`,
		`{"eventName":"ModifyCluster","requestParameters":{"cIDRIP":"0.0.0.0/0"}}`,
		`{"eventName":"ModifyCluster","requestParameters":{"encrypted":false}}`,
		`{"eventName":"ModifyCluster","requestParameters":{"transitEncryptionEnabled":false}}`,
	}, []string{
		`{"eventName":"ModifyCluster","requestParameters":{"publiclyAccessible":false}}`,
		`{"eventName":"ModifyCluster","requestParameters":{"cIDRIP":"10.0.0.0/8"}}`,
		`{"eventName":"ModifyCluster","requestParameters":{"encrypted":true}}`,
		`{"eventName":"ModifyCluster","requestParameters":{"transitEncryptionEnabled":true}}`,
	}},
}
