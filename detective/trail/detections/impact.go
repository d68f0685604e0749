package detections

import "github.com/awsposture/posture/detective/trail/rule"

// impact: what an attacker does who destroys, extorts or burns money.
func impact(p *Params) []detection {
	return []detection{
		{
			ID: "D190", Title: "Objects or buckets deleted in bulk", Level: "high", Attack: "T1485",
			Outcome: whatever, Source: "s3", Events: "DeleteObject DeleteObjects DeleteBucket",
			When:           rule.Absent("userIdentity.invokedBy"),
			Correlate:      counted("session requestParameters.bucketName", 10, 100),
			FalsePositives: "clean-up job",
			Look:           "the bucket and its data; who else may read it now; what the same session read or wrote since",
		},
		{
			ID: "D191", Title: "Versioning or MFA delete off", Level: "high", Attack: "T1490",
			Source: "s3", Events: "PutBucketVersioning",
			When:           rule.AnyOf(rule.Eq(rp("VersioningConfiguration.Status"), "Suspended"), rule.Eq(rp("VersioningConfiguration.MfaDelete"), "Disabled")),
			FalsePositives: "cost tuning",
			Look:           "the bucket and its data; who else may read it now; what the same session read or wrote since",
		},
		{
			ID: "D192", Title: "Objects encrypted with a foreign key", Level: "high", Attack: "T1486",
			Source: "s3", Events: "PutObject CopyObject CreateMultipartUpload UploadPartCopy",
			When: rule.AnyOf(rule.Has(rp("x-amz-server-side-encryption-customer-algorithm")), rule.Eq("additionalEventData.SSEApplied", "SSE_C"),
				p.outside(rp("x-amz-server-side-encryption-aws-kms-key-id"))),
			FalsePositives: "client that uses customer keys",
			Look:           "the bucket and its data; who else may read it now; what the same session read or wrote since",
		},
		{
			ID: "D193", Title: "Bucket protection removed", Level: "medium", Attack: "T1490",
			Source: "s3", Events: "DeleteBucketEncryption PutBucketEncryption DeleteBucketLifecycle DeleteBucketReplication DeleteBucketCors PutObjectLockConfiguration",
			When: rule.AnyOf(rule.Like("eventName", "Delete*"), rule.All(called("PutBucketEncryption"),
				p.outside(rp("ServerSideEncryptionConfiguration.Rule.ApplyServerSideEncryptionByDefault.KMSMasterKeyID")))),
			FalsePositives: "bucket redesign",
			Look:           "the bucket and its data; who else may read it now; what the same session read or wrote since",
		},
		{
			ID: "D194", Title: "Key disabled or material removed", Level: "high", Attack: "T1486 T1485",
			Source: "kms", Events: "ScheduleKeyDeletion DisableKey DeleteImportedKeyMaterial ImportKeyMaterial DisableKeyRotation",
			Raise:          raiseIf("low", called("DisableKeyRotation")),
			FalsePositives: "key retirement",
			Look:           "which key and what it protects; cancel the deletion or enable the key first, then ask why",
		},
		{
			ID: "D195", Title: "EBS encryption by default off", Level: "medium", Attack: "T1562.001",
			Source: "ec2", Events: "DisableEbsEncryptionByDefault",
			FalsePositives: "none expected",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D196", Title: "Compute or backups destroyed", Level: "high", Attack: "T1485 T1490",
			Outcome: whatever, Source: "ec2", Events: "DeleteSnapshot DeregisterImage DeleteVolume TerminateInstances StopInstances",
			When:           rule.Absent("userIdentity.invokedBy"),
			Correlate:      counted("session", 10, 20),
			FalsePositives: "auto scaling, image clean-up",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D197", Title: "Database destroyed or protection off", Level: "high", Attack: "T1485 T1490",
			Source: "rds", Events: "DeleteDBInstance DeleteDBCluster DeleteGlobalCluster DeleteDBSnapshot DeleteDBClusterSnapshot ModifyDBInstance ModifyDBCluster DeleteDBInstanceAutomatedBackup",
			When:           rule.AnyOf(on(rp("skipFinalSnapshot"), rp("deleteAutomatedBackups")), off(rp("deletionProtection")), rule.Eq(rp("backupRetentionPeriod"), "0")),
			FalsePositives: "environment teardown",
			Look:           "the database and its snapshots: who can read them now",
		},
		{
			ID: "D198", Title: "Backups destroyed", Level: "high", Attack: "T1490",
			Outcome: whatever, Source: "backup", Events: "DeleteBackupVault DeleteRecoveryPoint DisassociateRecoveryPoint DeleteBackupVaultLockConfiguration DeleteBackupPlan DeleteBackupSelection UpdateRecoveryPointLifecycle DeleteBackupVaultAccessPolicy",
			FalsePositives: "retention job",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D199", Title: "File system deleted", Level: "medium", Attack: "T1485",
			Source: "elasticfilesystem fsx", Events: "DeleteFileSystem DeleteMountTarget DeleteBackup DeleteFileSystemPolicy",
			Raise:          raiseIf("low", called("DeleteMountTarget")),
			FalsePositives: "environment teardown",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D200", Title: "Unusual compute launched", Level: "high", Attack: "T1496.001 T1578.002",
			Outcome: whatever, Source: "ec2", Events: "RunInstances CreateFleet RequestSpotInstances RequestSpotFleet CreateLaunchTemplate",
			When: rule.AnyOf(rule.Regexp(rp("instanceType"), `^(p[0-9]|g[0-9]|inf|trn|dl)`, `\.(8|9|12|16|18|24|32|48|56|96|112)xlarge$|\.metal`),
				foreign("awsRegion", p.AllowedRegions)),
			FalsePositives: "training job",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D201", Title: "Container job looks like a miner", Level: "high", Attack: "T1496.001",
			Source: "ecs eks batch", Events: "RegisterTaskDefinition CreateCluster RunTask CreateService RegisterJobDefinition",
			When:           rule.ContainsFold("requestParameters", "miner", "xmrig", "stratum+tcp", "--algo", "pool."),
			FalsePositives: "test image with such a name",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			// Weaker than a comparison with the hourly mean: a newcomer, or a new
			// region.
			ID: "D202", Title: "Model invocations by a newcomer", Level: "medium", Attack: "T1496.004",
			Outcome: whatever, Source: "bedrock", Events: "InvokeModel InvokeModelWithResponseStream Converse ConverseStream",
			Correlate:      firstSeen("principal awsRegion", 90),
			FalsePositives: "load test",
			Look:           "the principal's other calls, the regions, and the bill",
		},
		{
			ID: "D202.purchase", Title: "Model throughput bought", Level: "medium", Attack: "T1496.004",
			Outcome: whatever, Source: "bedrock", Events: "CreateProvisionedModelThroughput",
			FalsePositives: "planned capacity",
			Look:           "the term and the price; whether the purchase can still be undone",
		},
		{
			ID: "D202.key", Title: "Model called with an API key by a stranger", Level: "medium", Attack: "T1496.004",
			Outcome: whatever, Source: "bedrock", Events: "InvokeModel InvokeModelWithResponseStream Converse ConverseStream",
			When:           rule.All(on("additionalEventData.callWithBearerToken"), notBy(p.BedrockKeyUsers)),
			Needs:          needs("BedrockKeyUsers", p.BedrockKeyUsers),
			FalsePositives: "new application",
			Look:           "whose key it is and who made it",
		},
		{
			// Weaker than a rate of sending, which needs data events and a mean.
			ID: "D203", Title: "Mail identity made by a newcomer", Level: "medium", Attack: "T1496.004",
			Source: "ses", Events: "VerifyEmailIdentity CreateEmailIdentity DeleteIdentity CreateConfigurationSet",
			Correlate:      firstSeen("principal", 90),
			FalsePositives: "marketing campaign",
			Look:           "the identity, the sending statistics and the reputation of the account",
		},
		{
			ID: "D203.production", Title: "Mail production access asked for", Level: "medium", Attack: "T1496.004",
			Source: "ses", Events: "PutAccountDetails",
			When:           rule.AnyOf(on(rp("productionAccessEnabled")), rule.Absent(rp("productionAccessEnabled"))),
			FalsePositives: "first use of mail",
			Look:           "what is said to be sent, and by whom",
		},
		{
			ID: "D204", Title: "Account closed", Level: "critical", Attack: "T1531 T1485",
			Outcome: whatever, Source: "organizations account", Events: "CloseAccount CloseAccountResult",
			FalsePositives: "planned closure",
			Look:           "the account's policies before and after; who in the management account did it",
		},
		{
			ID: "D205", Title: "Password policy weakened", Level: "medium", Attack: "T1556",
			Source: "iam", Events: "DeleteAccountPasswordPolicy UpdateAccountPasswordPolicy",
			When: rule.AnyOf(called("DeleteAccountPasswordPolicy"), rule.Less(rp("minimumPasswordLength"), 14), off(rp("requireSymbols"), rp("requireNumbers"),
				rp("requireUppercaseCharacters"), rp("requireLowercaseCharacters"))),
			FalsePositives: "policy redesign",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			ID: "D206", Title: "Principals removed in bulk", Level: "medium", Attack: "T1531",
			Outcome: whatever, Source: "iam", Events: "DeleteUser DeleteRole DeleteGroup DeletePolicy DeleteLoginProfile DeleteAccessKey DetachUserPolicy DetachRolePolicy",
			Correlate:      counted("session", 10, 10),
			FalsePositives: "environment teardown",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			ID: "D207", Title: "Functions deleted or driven hard", Level: "medium", Attack: "T1489 T1496",
			Outcome: whatever, Source: "lambda", Events: "DeleteFunction~ Invoke~ PutFunctionConcurrency~",
			When:           rule.Prefix("eventName", "DeleteFunction"),
			Correlate:      counted("session", 10, 5),
			FalsePositives: "deployment",
			Look:           "the function's code, role and triggers; its invocations since",
		},
		{
			ID: "D208", Title: "Network path changed", Level: "medium", Attack: "T1562.007 T1578.005",
			Source: "ec2", Events: "CreateDefaultVpc CreateVpc DeleteVpc CreateRoute ReplaceRoute DeleteRoute DeleteRouteTable CreateInternetGateway AttachInternetGateway DetachInternetGateway DeleteNetworkAcl CreateNetworkAclEntry ReplaceNetworkAclEntry CreateCustomerGateway CreateVpcPeeringConnection AcceptVpcPeeringConnection CreateTransitGatewayVpcAttachment",
			When: rule.AnyOf(rule.All(rule.Eq(rp("destinationCidrBlock"), "0.0.0.0/0"), rule.Prefix(rp("gatewayId"), "igw-")),
				rule.All(rule.Suffix(rp("cidrBlock"), "/0"), rule.Eq(rp("ruleAction"), "allow")), p.outside(rp("peerOwnerId"))),
			FalsePositives: "network roll-out",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D209", Title: "Warehouse or cache exposed", Level: "medium", Attack: "T1562.007 T1190",
			Source: "redshift elasticache", Events: "CreateCluster ModifyCluster AuthorizeClusterSecurityGroupIngress CreateCacheSecurityGroup AuthorizeCacheSecurityGroupIngress ModifyReplicationGroup DisableLogging",
			When:           rule.AnyOf(called("DisableLogging"), on(rp("publiclyAccessible")), rule.Suffix(rp("cIDRIP"), "/0"), off(rp("encrypted"), rp("transitEncryptionEnabled"))),
			FalsePositives: "BI tool access",
			Look:           "the caller's lineage and everything else the session did",
		},
	}
}
