package detections

import (
	"slices"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// exfiltration: what an attacker does who takes data out.
func exfiltration(p *Params) []detection {
	return []detection{
		{
			ID: "D160", Title: "EBS snapshot shared", Level: "high", Attack: "T1537",
			Source: "ec2", Events: "ModifySnapshotAttribute",
			When:           rule.AnyOf(rule.Eq(rp("createVolumePermission.add.items.group"), "all"), p.outside(rp("createVolumePermission.add.items.userId"))),
			Raise:          raiseIf("critical", rule.Eq(rp("createVolumePermission.add.items.group"), "all")),
			FalsePositives: "partner hand-over",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D161", Title: "Image shared", Level: "high", Attack: "T1537",
			Source: "ec2", Events: "ModifyImageAttribute",
			When: rule.AnyOf(rule.Eq(rp("launchPermission.add.items.group"), "all"), p.outside(rp("launchPermission.add.items.userId")),
				p.otherOrganization(rp("launchPermission.add.items.organizationArn"), rp("launchPermission.add.items.organizationalUnitArn"))),
			FalsePositives: "published image",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D162", Title: "Database snapshot shared", Level: "high", Attack: "T1537",
			Source: "rds", Events: "ModifyDBSnapshotAttribute ModifyDBClusterSnapshotAttribute",
			When:           rule.All(rule.Eq(rp("attributeName"), "restore"), rule.AnyOf(rule.Eq(rp("valuesToAdd"), "all"), p.outside(rp("valuesToAdd")))),
			FalsePositives: "partner hand-over",
			Look:           "the database and its snapshots: who can read them now",
		},
		{
			ID: "D163", Title: "Shared snapshot was taken", Level: "critical", Attack: "T1537",
			Outcome: whatever, Source: "ec2", Events: "SharedSnapshotCopyInitiated SharedSnapshotVolumeCreated",
			When:           rule.Eq("eventType", "AwsServiceEvent"),
			FalsePositives: "intended hand-over",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D164", Title: "Database copied out", Level: "medium", Attack: "T1537 T1578.001",
			Source: "rds", Events: "StartExportTask RestoreDBInstanceFromDBSnapshot RestoreDBClusterFromSnapshot CopyDBSnapshot CopyDBClusterSnapshot",
			When: rule.AnyOf(foreign(rp("s3BucketName"), p.OwnBuckets), on(rp("publiclyAccessible")),
				rule.All(called("CopyDBSnapshot", "CopyDBClusterSnapshot"), rule.AnyOf(rule.Has(rp("sourceRegion")), fromElsewhere(rp("sourceDBSnapshotIdentifier")), fromElsewhere(rp("sourceDBClusterSnapshotIdentifier"))), foreign("awsRegion", p.AllowedRegions))),
			FalsePositives: "analytics export",
			Look:           "the database and its snapshots: who can read them now",
		},
		{
			ID: "D165", Title: "Database exposed or password reset", Level: "high", Attack: "T1190 T1098",
			Source: "rds", Events: "ModifyDBInstance CreateDBInstance ModifyDBCluster",
			When:           rule.AnyOf(on(rp("publiclyAccessible")), rule.Has(rp("masterUserPassword")), off(rp("enableIAMDatabaseAuthentication"))),
			FalsePositives: "planned rotation",
			Look:           "the database and its snapshots: who can read them now",
		},
		{
			ID: "D166", Title: "Database logs downloaded", Level: "medium", Attack: "T1005",
			Source: "rds", Events: "DownloadDBLogFilePortion DownloadCompleteDBLogFile",
			Correlate:      firstSeen("principal eventName", 30),
			FalsePositives: "DBA",
			Look:           "the database and its snapshots: who can read them now",
		},
		{
			ID: "D167", Title: "Bucket policy opened", Level: "high", Attack: "T1537 T1530",
			Source: "s3", Events: "PutBucketPolicy",
			Refine:         judge(either(p.public(), p.external()), rp("bucketPolicy")),
			FalsePositives: "website or partner bucket",
			Look:           "the bucket and its data; who else may read it now; what the same session read or wrote since",
		},
		{
			ID: "D168", Title: "ACL opened", Level: "high", Attack: "T1537 T1530",
			Source: "s3", Events: "PutBucketAcl PutObjectAcl CreateBucket",
			When: rule.AnyOf(rule.ContainsFold("requestParameters", "acs.amazonaws.com/groups/global/allusers", "acs.amazonaws.com/groups/global/authenticatedusers"),
				rule.Prefix(rp("x-amz-acl"), "public-")),
			FalsePositives: "website assets",
			Look:           "the bucket and its data; who else may read it now; what the same session read or wrote since",
		},
		{
			ID: "D168.other", Title: "ACL opened to another account", Level: "high", Attack: "T1537 T1530",
			Source: "s3", Events: "PutBucketAcl PutObjectAcl",
			When:           differs(rp("AccessControlPolicy.AccessControlList.Grant.Grantee.ID"), rp("AccessControlPolicy.Owner.ID")),
			FalsePositives: "another account of yours",
			Look:           "whose canonical id it is; the bucket and its data",
		},
		{
			ID: "D169", Title: "Public access block removed", Level: "high", Attack: "T1562.007",
			Source: "s3", Events: "PutBucketPublicAccessBlock DeleteBucketPublicAccessBlock PutAccountPublicAccessBlock DeleteAccountPublicAccessBlock PutPublicAccessBlock DeletePublicAccessBlock",
			When: rule.AnyOf(rule.Like("eventName", "Delete*"), off(rp("PublicAccessBlockConfiguration.BlockPublicAcls"), rp("PublicAccessBlockConfiguration.IgnorePublicAcls"),
				rp("PublicAccessBlockConfiguration.BlockPublicPolicy"), rp("PublicAccessBlockConfiguration.RestrictPublicBuckets"))),
			Raise:          raiseIf("critical", called("PutAccountPublicAccessBlock", "DeleteAccountPublicAccessBlock")),
			FalsePositives: "website bucket",
			Look:           "the bucket and its data; who else may read it now; what the same session read or wrote since",
		},
		{
			ID: "D170", Title: "Replication to outsiders", Level: "high", Attack: "T1537",
			Source: "s3", Events: "PutBucketReplication",
			When: rule.AnyOf(p.outside(rp("ReplicationConfiguration.Rule.Destination.Account")),
				foreign(rp("ReplicationConfiguration.Rule.Destination.Bucket"), bucketARNs(p.OwnBuckets))),
			Needs:          needs("OwnAccounts or OwnBuckets", slices.Concat(p.accounts(), p.OwnBuckets)),
			FalsePositives: "partner replication",
			Look:           "the bucket and its data; who else may read it now; what the same session read or wrote since",
		},
		{
			// Weaker than a comparison with the session's past: any gigabyte.
			ID: "D171", Title: "Large object download", Level: "high", Attack: "T1530",
			Source: "s3", Events: "GetObject",
			When: rule.All(rule.Absent("userIdentity.invokedBy"), rule.No(rule.InNetwork("sourceIPAddress", p.ApprovedNetworks...))),
			Correlate: &rule.Correlation{
				Kind: rule.Sum, Fields: []string{"additionalEventData.bytesTransferredOut"}, GroupBy: []string{"session"},
				Within: minutes(60).duration(), Want: rule.AtLeast(p.largeDownload()),
			},
			Needs:          needs("ApprovedNetworks", p.ApprovedNetworks),
			FalsePositives: "restore test",
			Look:           "the bucket and its data; where the address is; what the same session read or wrote since",
		},
		{
			ID: "D172", Title: "Objects copied outside", Level: "high", Attack: "T1537",
			Source: "s3", Events: "CopyObject PutObject UploadPartCopy",
			When:           rule.All(listed("userIdentity.accountId", p.OwnAccounts), p.outside("resources.accountId")),
			Needs:          needs("OwnAccounts", p.OwnAccounts),
			FalsePositives: "partner delivery",
			Look:           "the bucket and its data; who else may read it now; what the same session read or wrote since",
		},
		{
			ID: "D173", Title: "DataSync to outsiders", Level: "high", Attack: "T1537",
			Source: "datasync", Events: "CreateLocationS3 CreateLocationObjectStorage CreateTask StartTaskExecution",
			When:           rule.AnyOf(foreign(rp("s3BucketArn"), bucketARNs(p.OwnBuckets)), rule.All(called("CreateLocationObjectStorage"), foreign(rp("bucketName"), p.OwnBuckets))),
			Needs:          needs("OwnBuckets", p.OwnBuckets),
			FalsePositives: "migration project",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			// S3 records the creation of a job as an event of the service, without
			// who asked for it.
			ID: "D174", Title: "Bulk job over objects", Level: "medium", Attack: "T1537 T1486",
			Source: "s3", Events: "CreateJob JobCreated",
			Correlate:      firstSeen("recipientAccountId principal", 90),
			FalsePositives: "storage team",
			Look:           "the job's manifest, operation, role and report; where its copies go",
		},
		{
			ID: "D174.function", Title: "Bulk job that runs a function on objects", Level: "medium", Attack: "T1537 T1486",
			Source: "s3", Events: "CreateJob",
			When:           rule.All(rule.ContainsFold("requestParameters", "lambdainvoke"), notBy(p.Pipelines)),
			FalsePositives: "storage team",
			Look:           "the function's code, the job's manifest and role",
		},
		{
			ID: "D174.override", Title: "Batch job with a command of the caller's", Level: "medium", Attack: "T1537 T1486",
			Source: "batch", Events: "SubmitJob",
			When:           rule.All(rule.Has(rp("containerOverrides.command")), notBy(p.Pipelines)),
			FalsePositives: "storage team",
			Look:           "the command, the job's role and what it read",
		},
		{
			ID: "D175", Title: "Packet capture set up", Level: "high", Attack: "T1040",
			Source: "ec2", Events: "CreateTrafficMirrorSession CreateTrafficMirrorTarget CreateTrafficMirrorFilter CreateTrafficMirrorFilterRule",
			FalsePositives: "network monitoring project",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D176", Title: "Machine exported", Level: "high", Attack: "T1537",
			Source: "ec2", Events: "CreateInstanceExportTask ExportImage CreateStoreImageTask",
			Raise:          p.toOtherBucket,
			FalsePositives: "migration",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D177", Title: "Container registry opened", Level: "high", Attack: "T1537",
			Source: "ecr ecr-public", Events: "SetRepositoryPolicy PutRegistryPolicy PutReplicationConfiguration",
			When:           rule.AnyOf(called("SetRepositoryPolicy", "PutRegistryPolicy"), p.outside(rp("replicationConfiguration.rules.destinations.registryId"))),
			Refine:         unless(func(e *trail.Event) bool { return e.Name() == "PutReplicationConfiguration" }, judge(either(p.public(), p.external()), rp("policyText"))),
			FalsePositives: "shared images",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D178", Title: "Messages sent outside", Level: "medium", Attack: "T1567",
			Source: "sns sqs", Events: "AddPermission SetTopicAttributes SetQueueAttributes Subscribe CreateQueue CreateTopic",
			When: rule.AnyOf(rule.Eq(rp("protocol"), "http", "sms"), rule.Has(rp("attributes.Policy")), rule.Eq(rp("attributeName"), "Policy"), p.outside(rp("aWSAccountId"), rp("aWSAccountIds")),
				rule.All(called("Subscribe"), rule.Prefix(rp("endpoint"), "arn:"), p.outside(rp("endpoint")))),
			Refine:         unless(func(e *trail.Event) bool { return e.Name() == "Subscribe" || e.Name() == "AddPermission" }, judge(either(p.public(), p.external()), rp("attributes.Policy"), rp("attributeValue"))),
			FalsePositives: "alerts to a SaaS",
			Look:           "who receives the topic's messages now, and who no longer does",
		},
		{
			ID: "D179", Title: "Table exported or scanned", Level: "medium", Attack: "T1530",
			Source: "dynamodb", Events: "ExportTableToPointInTime",
			When:           foreign(rp("s3Bucket"), p.OwnBuckets),
			Needs:          needs("OwnBuckets", p.OwnBuckets),
			FalsePositives: "backfill",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D179.scan", Title: "Table scanned by a newcomer", Level: "medium", Attack: "T1530",
			Source: "dynamodb", Events: "Scan",
			Correlate:      firstSeen("principal", 30),
			FalsePositives: "backfill",
			Look:           "the table and how much of it was read; what the session did with it",
		},
		{
			ID: "D180", Title: "SSM document shared with all", Level: "high", Attack: "T1537",
			Source: "ssm", Events: "ModifyDocumentPermission",
			When:           rule.AnyOf(rule.EqFold(rp("accountIdsToAdd"), "all"), p.outside(rp("accountIdsToAdd"))),
			FalsePositives: "published document",
			Look:           "the document and the instances it ran on; what the session typed",
		},
		{
			ID: "D181", Title: "Security group opened", Level: "high", Attack: "T1562.007",
			Source: "ec2", Events: "AuthorizeSecurityGroupIngress ModifySecurityGroupRules",
			When: rule.AnyOf(
				rule.Each(rp("ipPermissions.items"), rule.All(rule.AnyOf(rule.Suffix("ipRanges.items.cidrIp", "/0"), rule.Suffix("ipv6Ranges.items.cidrIpv6", "/0")), rule.AnyOf(adminPorts("fromPort", "toPort"), rule.Eq("ipProtocol", "-1")))),
				rule.All(rule.Suffix(rp("cidrIp"), "/0"), rule.AnyOf(adminPorts(rp("fromPort"), rp("toPort")), rule.Eq(rp("ipProtocol"), "-1"))),
				rule.Each(rp("ModifySecurityGroupRulesRequest.SecurityGroupRule"), rule.Each("SecurityGroupRule", rule.All(rule.AnyOf(rule.Suffix("CidrIpv4", "/0"), rule.Suffix("CidrIpv6", "/0")), rule.AnyOf(adminPorts("FromPort", "ToPort"), rule.Eq("IpProtocol", "-1")))))),
			FalsePositives: "public web server on 443",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D182", Title: "Denied at a VPC endpoint", Level: "medium", Attack: "T1537",
			Outcome: whatever, Source: "", Events: "",
			When:           rule.All(rule.Eq("eventCategory", "NetworkActivity"), rule.Eq("errorCode", "VpceAccessDenied")),
			Correlate:      counted("vpcEndpointId", 60, 10),
			FalsePositives: "endpoint policy roll-out",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D182.outside", Title: "Outsider denied at a VPC endpoint", Level: "medium", Attack: "T1537",
			Outcome: whatever, Source: "", Events: "",
			When:           rule.All(rule.Eq("eventCategory", "NetworkActivity"), rule.Eq("errorCode", "VpceAccessDenied"), p.outside("userIdentity.accountId")),
			Needs:          needs("OwnAccounts", p.OwnAccounts),
			FalsePositives: "a partner's credentials on your hosts",
			Look:           "which host used credentials of another account, and whose they are",
		},
	}
}
