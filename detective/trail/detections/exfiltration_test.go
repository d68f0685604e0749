package detections

var exfiltrationCases = append(exposureCases, []testCase{
	{"D160", []string{
		`{"requestParameters":{"createVolumePermission":{"add":{"items":[{"group":"all"}]}}}}`,
		`{"requestParameters":{"createVolumePermission":{"add":{"items":[{"userId":"111122223333"},{"userId":"444455556666"}]}}}}`,
	}, []string{
		`{"requestParameters":{"createVolumePermission":{"add":{"items":[{"userId":"111122223333"}]}}}}`,
		`{"requestParameters":{"createVolumePermission":{"remove":{"items":[{"group":"all"}]}}}}`,
		`{"requestParameters":{"createVolumePermission":{"add":{"items":[{"group":"x"}]}}}}`,
	}},
	{"D161", []string{
		`{"requestParameters":{"launchPermission":{"add":{"items":[{"group":"all"}]}}}}`,
		`{"requestParameters":{"launchPermission":{"add":{"items":[{"userId":"111122223333"},{"userId":"444455556666"}]}}}}`,
		`{"requestParameters":{"launchPermission":{"add":{"items":[{"organizationArn":"arn:aws:organizations::444455556666:organization/o-exampleorgid"}]}}}}`,
		`{"requestParameters":{"launchPermission":{"add":{"items":[{"organizationalUnitArn":"arn:aws:organizations::444455556666:ou/o-exampleorgid/ou-exampleunit"}]}}}}`,
	}, []string{
		`{"requestParameters":{"launchPermission":{"add":{"items":[{"organizationArn":"arn:aws:organizations::111122223333:organization/o-exampleorgid"}]}}}}`,
		`{"requestParameters":{"launchPermission":{"add":{"items":[{"organizationalUnitArn":"arn:aws:organizations::111122223333:ou/o-exampleorgid/ou-exampleunit"}]}}}}`,
		`{"requestParameters":{"launchPermission":{"add":{"items":[{"userId":"111122223333"}]}}}}`,
		`{"requestParameters":{"launchPermission":{"remove":{"items":[{"group":"all"}]}}}}`,
		`{"requestParameters":{"launchPermission":{"add":{"items":[{"group":"x"}]}}}}`,
	}},
	{"D162", []string{
		`{"requestParameters":{"attributeName":"restore","valuesToAdd":["all"]}}`,
		`{"requestParameters":{"attributeName":"restore","valuesToAdd":["111122223333","444455556666"]}}`,
	}, []string{
		`{"requestParameters":{"attributeName":"restore","valuesToAdd":["111122223333"]}}`,
		`{"requestParameters":{"attributeName":"other","valuesToAdd":["all"]}}`,
		`{"requestParameters":{"attributeName":"other","valuesToAdd":["444455556666"]}}`,
	}},
	{"D163", []string{
		`{"eventType":"AwsServiceEvent"}`,
	}, []string{
		`{"eventType":"AwsApiCall"}`,
	}},
	{"D164", []string{
		`{"eventName":"StartExportTask","requestParameters":{"s3BucketName":"elsewhere"}}`,
		`{"eventName":"RestoreDBInstanceFromDBSnapshot","requestParameters":{"publiclyAccessible":true}}`,
		`{"eventName":"CopyDBSnapshot","awsRegion":"af-south-1","requestParameters":{"sourceRegion":"us-east-1"}}`,
		`{"eventName":"CopyDBSnapshot","awsRegion":"af-south-1","requestParameters":{"sourceDBSnapshotIdentifier":"arn:aws:rds:us-east-1:111122223333:snapshot:example"}}`,
		`{"eventName":"CopyDBClusterSnapshot","awsRegion":"af-south-1","requestParameters":{"sourceDBClusterSnapshotIdentifier":"arn:aws:rds:us-east-1:111122223333:cluster-snapshot:example"}}`,
	}, []string{
		`{"eventName":"StartExportTask","requestParameters":{"s3BucketName":"example-data"}}`,
		`{"eventName":"RestoreDBInstanceFromDBSnapshot","requestParameters":{"publiclyAccessible":false}}`,
		`{"eventName":"CopyDBSnapshot","awsRegion":"us-east-1","requestParameters":{"sourceRegion":"us-east-1"}}`,
		`{"eventName":"CopyDBSnapshot","awsRegion":"af-south-1","requestParameters":{"sourceDBSnapshotIdentifier":"arn:aws:rds:af-south-1:111122223333:snapshot:example"}}`,
		`{"eventName":"CopyDBSnapshot","awsRegion":"af-south-1","requestParameters":{"sourceDBSnapshotIdentifier":"example"}}`,
		`{"eventName":"CopyDBClusterSnapshot","awsRegion":"af-south-1","requestParameters":{"sourceDBClusterSnapshotIdentifier":"arn:aws:rds:af-south-1:111122223333:cluster-snapshot:example"}}`,
		`{"eventName":"CopyDBClusterSnapshot","awsRegion":"af-south-1","requestParameters":{"sourceDBClusterSnapshotIdentifier":"example"}}`,
		`{"eventName":"CopyDBSnapshot","awsRegion":"af-south-1"}`,
		`{"eventName":"StartExportTask","awsRegion":"af-south-1","requestParameters":{"sourceRegion":"us-east-1"}}`,
	}},
	{"D165", []string{
		`{"requestParameters":{"publiclyAccessible":true}}`,
		`{"requestParameters":{"masterUserPassword":"****"}}`,
		`{"requestParameters":{"enableIAMDatabaseAuthentication":false}}`,
	}, []string{
		`{"requestParameters":{"publiclyAccessible":false}}`,
		`{"requestParameters":{"dBInstanceIdentifier":"x"}}`,
		`{"requestParameters":{"enableIAMDatabaseAuthentication":true}}`,
	}},
	{"D167", []string{
		`{"requestParameters":{"bucketPolicy":{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}]}}}`,
		`{"requestParameters":{"bucketPolicy":{"Statement":[{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole"}]}}}`,
	}, []string{
		`{"requestParameters":{"bucketPolicy":{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}]}}}`,
	}},
	{"D168", []string{
		`{"requestParameters":{"AccessControlPolicy":{"AccessControlList":{"Grant":[{"Grantee":{"URI":"http://acs.amazonaws.com/groups/global/AllUsers"}}]}}}}`,
		`{"requestParameters":{"x-amz-acl":["public-read"]}}`,
		`{"requestParameters":{"x-amz-grant-read":"uri=http://acs.amazonaws.com/groups/global/AuthenticatedUsers"}}`,
	}, []string{
		`{"requestParameters":{"AccessControlPolicy":{"AccessControlList":{"Grant":[{"Grantee":{"ID":"1"}}]}}}}`,
		`{"requestParameters":{"x-amz-acl":["private"]}}`,
	}},
	{"D168.other", []string{
		`{"requestParameters":{"AccessControlPolicy":{"Owner":{"ID":"a1"},"AccessControlList":{"Grant":[{"Grantee":{"ID":"a1"}},{"Grantee":{"ID":"b2"}}]}}}}`,
		`{"eventName":"PutObjectAcl","requestParameters":{"AccessControlPolicy":{"Owner":{"ID":"a1"},"AccessControlList":{"Grant":{"Grantee":{"ID":"b2"}}}}}}`,
	}, []string{
		`{"requestParameters":{"AccessControlPolicy":{"Owner":{"ID":"a1"},"AccessControlList":{"Grant":[{"Grantee":{"ID":"a1"}}]}}}}`,
		`{"requestParameters":{"AccessControlPolicy":{"Owner":{"ID":"a1"},"AccessControlList":{"Grant":[{"Grantee":{"URI":"http://acs.amazonaws.com/groups/s3/LogDelivery"}}]}}}}`,
		`{"requestParameters":{"AccessControlPolicy":{"Owner":{"ID":"a1"},"AccessControlList":null}}}`,
	}},
	{"D169", []string{
		`{"eventName":"DeleteBucketPublicAccessBlock"}`,
		`{"eventName":"PutBucketPublicAccessBlock","requestParameters":{"PublicAccessBlockConfiguration":{"BlockPublicAcls":false}}}`,
		`{"eventName":"PutBucketPublicAccessBlock","requestParameters":{"PublicAccessBlockConfiguration":{"IgnorePublicAcls":"false"}}}`,
		`{"eventName":"PutBucketPublicAccessBlock","requestParameters":{"PublicAccessBlockConfiguration":{"BlockPublicPolicy":"False"}}}`,
		`{"eventName":"PutBucketPublicAccessBlock","requestParameters":{"PublicAccessBlockConfiguration":{"RestrictPublicBuckets":false}}}`,
	}, []string{
		`{"eventName":"PutBucketPublicAccessBlock","requestParameters":{"PublicAccessBlockConfiguration":{"BlockPublicAcls":true}}}`,
		`{"eventName":"PutBucketPublicAccessBlock","requestParameters":{"PublicAccessBlockConfiguration":{"IgnorePublicAcls":true}}}`,
		`{"eventName":"PutBucketPublicAccessBlock","requestParameters":{"PublicAccessBlockConfiguration":{"BlockPublicPolicy":true}}}`,
		`{"eventName":"PutBucketPublicAccessBlock","requestParameters":{"PublicAccessBlockConfiguration":{"RestrictPublicBuckets":true}}}`,
	}},
	{"D170", []string{
		`{"requestParameters":{"ReplicationConfiguration":{"Rule":{"Destination":{"Account":"444455556666"}}}}}`,
		`{"requestParameters":{"ReplicationConfiguration":{"Rule":[{"Destination":{"Bucket":"arn:aws:s3:::elsewhere"}}]}}}`,
	}, []string{
		`{"requestParameters":{"ReplicationConfiguration":{"Rule":{"Destination":{"Account":"111122223333","Bucket":"arn:aws:s3:::example-data"}}}}}`,
	}},
	{"D172", []string{
		`{"userIdentity":{"accountId":"111122223333"},"resources":[{"type":"AWS::S3::Bucket","accountId":"444455556666"}]}`,
	}, []string{
		`{"userIdentity":{"accountId":"111122223333"},"resources":[{"type":"AWS::S3::Bucket","accountId":"111122223333"}]}`,
		`{"userIdentity":{"accountId":"444455556666"},"resources":[{"type":"AWS::S3::Bucket","accountId":"444455556666"}]}`,
	}},
	{"D173", []string{
		`{"requestParameters":{"s3BucketArn":"arn:aws:s3:::elsewhere"}}`,
		`{"eventName":"CreateLocationObjectStorage","requestParameters":{"serverHostname":"objects.example.com","bucketName":"elsewhere"}}`,
	}, []string{
		`{"eventName":"CreateLocationObjectStorage","requestParameters":{"serverHostname":"objects.example.com","bucketName":"example-data"}}`,
		`{"eventName":"CreateLocationS3","requestParameters":{"bucketName":"elsewhere"}}`,
		`{"requestParameters":{"s3BucketArn":"arn:aws:s3:::example-data"}}`,
	}},
	{"D174.function", []string{
		`{"requestParameters":{"createJobRequest":{"operation":{"lambdaInvoke":{"functionArn":"arn:aws:lambda:us-east-1:111122223333:function:example"}}}}}`,
		`{"requestParameters":{"operation":{"LambdaInvoke":{}}}}`,
	}, []string{
		`{"requestParameters":{"operation":{"s3PutObjectCopy":{"targetResource":"arn:aws:s3:::example"}}}}`,
		`{"requestParameters":{"operation":{"lambdaInvoke":{}}},"userIdentity":{"arn":"arn:aws:iam::111122223333:role/deploy-x"}}`,
		`{"requestParameters":null}`,
	}},
	{"D174.override", []string{
		`{"requestParameters":{"containerOverrides":{"command":["sh","-c","curl example.com"]}}}`,
	}, []string{
		`{"requestParameters":{"containerOverrides":{"vcpus":1}}}`,
	}},
	{"D175", []string{
		`{}`,
	}, []string{}},
	{"D176", []string{
		`{}`,
	}, []string{}},
	{"D177", []string{
		`{"eventName":"SetRepositoryPolicy","requestParameters":{"policyText":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"sts:AssumeRole\"}}"}}`,
		`{"eventName":"PutReplicationConfiguration","requestParameters":{"replicationConfiguration":{"rules":[{"destinations":[{"registryId":"444455556666"}]}]}}}`,
	}, []string{
		`{"eventName":"SetRepositoryPolicy","requestParameters":{"policyText":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111122223333\"},\"Action\":\"sts:AssumeRole\"}}"}}`,
		`{"eventName":"PutReplicationConfiguration","requestParameters":{"replicationConfiguration":{"rules":[{"destinations":[{"registryId":"111122223333"}]}]}}}`,
	}},
	{"D178", []string{
		`{"eventName":"Subscribe","requestParameters":{"protocol":"http"}}`,
		`{"eventName":"SetQueueAttributes","eventSource":"sqs.amazonaws.com","requestParameters":{"attributes":{"Policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"sts:AssumeRole\"}}"}}}`,
		`{"eventName":"SetTopicAttributes","requestParameters":{"attributeName":"Policy","attributeValue":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"444455556666\"},\"Action\":\"sts:AssumeRole\"}}"}}`,
		`{"eventName":"Subscribe","requestParameters":{"protocol":"sqs","endpoint":"arn:aws:sqs:us-east-1:444455556666:example"}}`,
		`{"eventName":"AddPermission","requestParameters":{"aWSAccountId":["444455556666"]}}`,
		`{"eventName":"AddPermission","eventSource":"sqs.amazonaws.com","requestParameters":{"aWSAccountIds":["444455556666"]}}`,
	}, []string{
		`{"eventName":"Subscribe","requestParameters":{"protocol":"https"}}`,
		`{"eventName":"Subscribe","requestParameters":{"protocol":"sqs","endpoint":"arn:aws:sqs:us-east-1:111122223333:example"}}`,
		`{"eventName":"Subscribe","requestParameters":{"protocol":"https","endpoint":"https://example.com/"}}`,
		`{"eventName":"CreateTopic","requestParameters":{"endpoint":"arn:aws:sqs:us-east-1:444455556666:example"}}`,
		`{"eventName":"SetTopicAttributes","requestParameters":{"attributeName":"Policy","attributeValue":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111122223333\"},\"Action\":\"sts:AssumeRole\"}}"}}`,
		`{"eventName":"SetTopicAttributes","requestParameters":{"attributeName":"DisplayName","attributeValue":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"sts:AssumeRole\"}}"}}`,
		`{"eventName":"CreateQueue","requestParameters":{"attributes":{"DelaySeconds":"1"}}}`,
		`{"eventName":"AddPermission","requestParameters":{"aWSAccountId":["111122223333"]}}`,
		`{"eventName":"AddPermission","eventSource":"sqs.amazonaws.com","requestParameters":{"aWSAccountIds":["111122223333"]}}`,
		`{"eventName":"CreateTopic","requestParameters":{"protocol":"http"}}`,
	}},
	{"D179", []string{
		`{"eventName":"ExportTableToPointInTime","requestParameters":{"s3Bucket":"elsewhere"}}`,
	}, []string{
		`{"eventName":"ExportTableToPointInTime","requestParameters":{"s3Bucket":"example-data"}}`,
		`{"eventName":"Scan","requestParameters":{"s3Bucket":"elsewhere"}}`,
	}},
	{"D180", []string{
		`{"requestParameters":{"accountIdsToAdd":["All"]}}`,
		`{"requestParameters":{"accountIdsToAdd":["444455556666"]}}`,
		`{"requestParameters":{"accountIdsToAdd":["all"]}}`,
	}, []string{
		`{"requestParameters":{"accountIdsToAdd":["111122223333"]}}`,
	}},
}...)
