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
		`{"requestParameters":{"x-amz-server-side-encryption-aws-kms-key-id":"1234abcd-12ab-34cd-56ef-1234567890ab"}}`,
		`{"requestParameters":{"x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:us-east-1:111122223333:key/x"}}`,
		`{"additionalEventData":{"SSEApplied":"SSE_KMS"}}`,
	}},
	{"D193", []string{
		`{"eventName":"DeleteBucketEncryption"}`,
		`{"eventName":"PutBucketEncryption","requestParameters":{"ServerSideEncryptionConfiguration":{"Rule":{"ApplyServerSideEncryptionByDefault":{"KMSMasterKeyID":"arn:aws:kms:us-east-1:444455556666:key/x"}}}}}`,
		`{"eventName":"PutObjectLockConfiguration","requestParameters":{"ObjectLockConfiguration":{"ObjectLockEnabled":"Enabled"}}}`,
	}, []string{
		`{"eventName":"PutBucketEncryption","requestParameters":{"ServerSideEncryptionConfiguration":{"Rule":{"ApplyServerSideEncryptionByDefault":{"KMSMasterKeyID":"alias/example"}}}}}`,
		`{"eventName":"PutObjectLockConfiguration","requestParameters":{"ObjectLockConfiguration":{"ObjectLockEnabled":"Enabled","Rule":{"DefaultRetention":{"Days":30,"Mode":"COMPLIANCE"}}}}}`,
		`{"eventName":"PutObjectLockConfiguration","requestParameters":{"bucketName":"example"}}`,
		`{"eventName":"PutBucketEncryption","requestParameters":{"ObjectLockConfiguration":{"ObjectLockEnabled":"Enabled"}}}`,
		`{"eventName":"PutBucketEncryption","requestParameters":{"ServerSideEncryptionConfiguration":{"Rule":{"ApplyServerSideEncryptionByDefault":{"KMSMasterKeyID":"arn:aws:kms:us-east-1:111122223333:key/x"}}}}}`,
		`{"eventName":"PutObjectLockConfiguration","requestParameters":{"ServerSideEncryptionConfiguration":{"Rule":{"ApplyServerSideEncryptionByDefault":{"KMSMasterKeyID":"arn:aws:kms:us-east-1:444455556666:key/x"}}}}}`,
	}},
	{"D194", []string{
		`{}`,
	}, []string{}},
	{"D195", []string{
		`{}`,
	}, []string{}},
	{"D196.image", []string{
		`{}`,
	}, []string{
		`{"userIdentity":{"invokedBy":"example.amazonaws.com"}}`,
		`{"eventName":"DeleteSnapshot"}`,
	}},
	{"D197", []string{
		`{"requestParameters":{"skipFinalSnapshot":true}}`,
		`{"requestParameters":{"deleteAutomatedBackups":true}}`,
		`{"requestParameters":{"deletionProtection":false}}`,
		`{"requestParameters":{"backupRetentionPeriod":0}}`,
		`{"eventName":"DeleteDBInstanceAutomatedBackup"}`,
	}, []string{
		`{"eventName":"DeleteDBInstance"}`,
		`{"requestParameters":{"skipFinalSnapshot":false}}`,
		`{"requestParameters":{"deleteAutomatedBackups":false}}`,
		`{"requestParameters":{"deletionProtection":true}}`,
		`{"requestParameters":{"backupRetentionPeriod":7}}`,
	}},
	{"D198", []string{
		`{}`,
		`{"userIdentity":{"invokedBy":"example.amazonaws.com"}}`,
	}, []string{
		`{"userIdentity":{"invokedBy":"backup.amazonaws.com"}}`,
		`{"eventType":"AwsServiceEvent"}`,
	}},
	{"D199", []string{
		`{}`,
	}, []string{}},
	{"D200", []string{
		`{"requestParameters":{"instanceType":"p4d.24xlarge"}}`,
		`{"requestParameters":{"instanceType":"c5.18xlarge"}}`,
		`{"requestParameters":{"instanceType":"m4.10xlarge"}}`,
		`{"requestParameters":{"instanceType":"c7g.metal"}}`,
		`{"requestParameters":{"instanceType":"gr6.4xlarge"}}`,
		`{"requestParameters":{"instanceType":"f2.6xlarge"}}`,
		`{"requestParameters":{"instanceType":"vt1.3xlarge"}}`,
		`{"eventName":"RequestSpotInstances","requestParameters":{"launchSpecification":{"instanceType":"g4dn.xlarge"}}}`,
		`{"eventName":"CreateFleet","requestParameters":{"CreateFleetRequest":{"LaunchTemplateConfigs":{"Overrides":[{"InstanceType":"t3.micro"},{"InstanceType":"inf2.xlarge"}]}}}}`,
		`{"eventName":"CreateLaunchTemplate","requestParameters":{"CreateLaunchTemplateRequest":{"LaunchTemplateData":{"InstanceType":"trn1.2xlarge"}}}}`,
		`{"awsRegion":"af-south-1"}`,
	}, []string{
		`{"requestParameters":{"instanceType":"t3.micro"}}`,
		`{"requestParameters":{"instanceType":"c5.4xlarge"}}`,
		`{"requestParameters":{"instanceType":"m5.large"}}`,
		`{"eventName":"RequestSpotInstances","requestParameters":{"launchSpecification":{"instanceType":"t3.micro"}}}`,
		`{"eventName":"CreateFleet","requestParameters":{"CreateFleetRequest":{"LaunchTemplateConfigs":{"Overrides":[{"InstanceType":"t3.micro"}]}}}}`,
		`{"eventName":"CreateLaunchTemplate","requestParameters":{"CreateLaunchTemplateRequest":{"LaunchTemplateData":{"InstanceType":"t3.micro"}}}}`,
		`{"awsRegion":"us-east-1"}`,
	}},
	{"D201", []string{
		`{"requestParameters":{"containerDefinitions":[{"image":"example/XMRig"}]}}`,
		`{"requestParameters":{"containerDefinitions":[{"command":["-o","stratum+tcp://pool.example.com"]}]}}`,
		`{"eventName":"CreateCluster","awsRegion":"af-south-1"}`,
		`{"eventName":"CreateCluster","eventSource":"eks.amazonaws.com","awsRegion":"af-south-1"}`,
	}, []string{
		`{"eventName":"CreateCluster","awsRegion":"us-east-1"}`,
		`{"eventName":"RunTask","awsRegion":"af-south-1"}`,
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
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"minimumPasswordLength":13,"requireSymbols":true,"requireNumbers":true,"requireUppercaseCharacters":true,"requireLowercaseCharacters":true}}`,
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"requireSymbols":true,"requireNumbers":true,"requireUppercaseCharacters":true,"requireLowercaseCharacters":true}}`,
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"minimumPasswordLength":14,"requireSymbols":false,"requireNumbers":true,"requireUppercaseCharacters":true,"requireLowercaseCharacters":true}}`,
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"minimumPasswordLength":14,"requireNumbers":true,"requireUppercaseCharacters":true,"requireLowercaseCharacters":true}}`,
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"minimumPasswordLength":14,"requireSymbols":true,"requireNumbers":false,"requireUppercaseCharacters":true,"requireLowercaseCharacters":true}}`,
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"minimumPasswordLength":14,"requireSymbols":true,"requireUppercaseCharacters":true,"requireLowercaseCharacters":true}}`,
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"minimumPasswordLength":14,"requireSymbols":true,"requireNumbers":true,"requireUppercaseCharacters":false,"requireLowercaseCharacters":true}}`,
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"minimumPasswordLength":14,"requireSymbols":true,"requireNumbers":true,"requireLowercaseCharacters":true}}`,
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"minimumPasswordLength":14,"requireSymbols":true,"requireNumbers":true,"requireUppercaseCharacters":true,"requireLowercaseCharacters":false}}`,
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"minimumPasswordLength":14,"requireSymbols":true,"requireNumbers":true,"requireUppercaseCharacters":true}}`,
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"minimumPasswordLength":14,"requireSymbols":"false","requireNumbers":true,"requireUppercaseCharacters":true,"requireLowercaseCharacters":true}}`,
	}, []string{
		`{"eventName":"UpdateAccountPasswordPolicy","requestParameters":{"minimumPasswordLength":14,"requireSymbols":true,"requireNumbers":true,"requireUppercaseCharacters":true,"requireLowercaseCharacters":true}}`,
	}},
	{"D206.administrator", []string{
		`{"requestParameters":{"userName":"mira","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"},"userIdentity":{"userName":"eve"}}`,
		`{"eventName":"DetachRolePolicy","requestParameters":{"roleName":"breakglass","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"},"userIdentity":{"sessionContext":{"sessionIssuer":{"userName":"example"}}}}`,
		`{"eventName":"DeleteRole","requestParameters":{"roleName":"admin-role"}}`,
	}, []string{
		`{"requestParameters":{"userName":"mira","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"},"userIdentity":{"userName":"mira"}}`,
		`{"requestParameters":{"userName":"mira","policyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"},"userIdentity":{"userName":"eve"}}`,
		`{"eventName":"DetachRolePolicy","requestParameters":{"roleName":"example","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"},"userIdentity":{"sessionContext":{"sessionIssuer":{"userName":"example"}}}}`,
		`{"eventName":"DeleteRole","requestParameters":{"roleName":"viewer"}}`,
	}},
	{"D207.stopped", []string{
		`{"requestParameters":{"reservedConcurrentExecutions":0}}`,
		`{"eventName":"PutFunctionConcurrency20171031","requestParameters":{"reservedConcurrentExecutions":0}}`,
	}, []string{
		`{"requestParameters":{"reservedConcurrentExecutions":10}}`,
		`{"eventName":"DeleteFunction20150331","requestParameters":{"reservedConcurrentExecutions":0}}`,
	}},
	{"D208.stranger", []string{
		`{}`,
		`{"eventName":"DeleteRouteTable"}`,
	}, []string{
		`{"userIdentity":{"invokedBy":"example.amazonaws.com"}}`,
	}},
	{"D208", []string{
		`{"eventName":"CreateRoute","requestParameters":{"destinationCidrBlock":"0.0.0.0/0","gatewayId":"igw-1"}}`,
		`{"eventName":"CreateNetworkAclEntry","requestParameters":{"cidrBlock":"0.0.0.0/0","ruleAction":"allow"}}`,
		`{"eventName":"CreateRoute","requestParameters":{"destinationIpv6CidrBlock":"::/0","gatewayId":"igw-1"}}`,
		`{"eventName":"CreateNetworkAclEntry","requestParameters":{"ipv6CidrBlock":"::/0","ruleAction":"allow"}}`,
		`{"eventName":"CreateVpcPeeringConnection","requestParameters":{"peerOwnerId":"444455556666"}}`,
		`{"eventName":"AcceptVpcPeeringConnection","responseElements":{"vpcPeeringConnection":{"requesterVpcInfo":{"ownerId":"444455556666"},"accepterVpcInfo":{"ownerId":"111122223333"}}}}`,
		`{"eventName":"AcceptVpcPeeringConnection","responseElements":{"vpcPeeringConnection":{"requesterVpcInfo":{"ownerId":"111122223333"},"accepterVpcInfo":{"ownerId":"444455556666"}}}}`,
	}, []string{
		`{"eventName":"CreateRoute","requestParameters":{"destinationCidrBlock":"10.0.0.0/8","gatewayId":"igw-1"}}`,
		`{"eventName":"CreateRoute","requestParameters":{"destinationIpv6CidrBlock":"2001:db8::/32","gatewayId":"igw-1"}}`,
		`{"eventName":"CreateNetworkAclEntry","requestParameters":{"ipv6CidrBlock":"2001:db8::/32","ruleAction":"allow"}}`,
		`{"eventName":"AcceptVpcPeeringConnection","responseElements":{"vpcPeeringConnection":{"requesterVpcInfo":{"ownerId":"111122223333"},"accepterVpcInfo":{"ownerId":"111122223333"}}}}`,
		`{"eventName":"DeleteRoute","responseElements":{"vpcPeeringConnection":{"requesterVpcInfo":{"ownerId":"444455556666"}}}}`,
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
