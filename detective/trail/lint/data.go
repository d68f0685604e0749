package lint

import (
	"slices"
	"strings"
)

// dataEvents are the events that a trail records only when its selectors name
// the type of resource, by source. Where a service has several types, the one
// is given that stands for most. See
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
// and, for S3,
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
var dataEvents = map[string][]struct{ typ, names string }{
	"s3.amazonaws.com": {{"AWS::S3::Object", "GetObject PutObject DeleteObject DeleteObjects CopyObject HeadObject HeadBucket ListObjects ListObjectVersions ListParts ListMultipartUploads " +
		"GetObjectAcl PutObjectAcl GetObjectTagging PutObjectTagging DeleteObjectTagging GetObjectTorrent GetObjectAttributes GetObjectLegalHold PutObjectLegalHold GetObjectRetention PutObjectRetention " +
		"RestoreObject SelectObjectContent CreateMultipartUpload UploadPart UploadPartCopy CompleteMultipartUpload AbortMultipartUpload"}},
	"lambda.amazonaws.com": {{"AWS::Lambda::Function", "Invoke"}},
	"dynamodb.amazonaws.com": {
		{"AWS::DynamoDB::Table", "GetItem PutItem UpdateItem DeleteItem Query Scan BatchGetItem BatchWriteItem TransactGetItems TransactWriteItems ExecuteStatement BatchExecuteStatement ExecuteTransaction"},
		{"AWS::DynamoDB::Stream", "GetRecords GetShardIterator"},
	},
	"sns.amazonaws.com":              {{"AWS::SNS::Topic", "Publish PublishBatch"}},
	"sqs.amazonaws.com":              {{"AWS::SQS::Queue", "SendMessage SendMessageBatch ReceiveMessage DeleteMessage DeleteMessageBatch ChangeMessageVisibility ChangeMessageVisibilityBatch"}},
	"kinesis.amazonaws.com":          {{"AWS::Kinesis::Stream", "GetRecords GetShardIterator PutRecord PutRecords SubscribeToShard"}},
	"ebs.amazonaws.com":              {{"AWS::EC2::Snapshot", "GetSnapshotBlock PutSnapshotBlock ListSnapshotBlocks ListChangedBlocks"}},
	"ses.amazonaws.com":              {{"AWS::SES::EmailIdentity", "SendEmail SendRawEmail SendBulkEmail SendTemplatedEmail SendBulkTemplatedEmail"}},
	"cognito-identity.amazonaws.com": {{"AWS::Cognito::IdentityPool", "GetId GetCredentialsForIdentity GetOpenIdToken GetOpenIdTokenForDeveloperIdentity UnlinkIdentity"}},
	"rdsdata.amazonaws.com":          {{"AWS::RDS::DBCluster", "ExecuteStatement BatchExecuteStatement BeginTransaction CommitTransaction RollbackTransaction"}},
	"bedrock.amazonaws.com": {
		{"AWS::Bedrock::AgentAlias", "InvokeAgent InvokeInlineAgent"},
		{"AWS::Bedrock::KnowledgeBase", "Retrieve RetrieveAndGenerate"},
		{"AWS::Bedrock::Guardrail", "ApplyGuardrail"},
		{"AWS::Bedrock::FlowAlias", "InvokeFlow"},
	},
	"cloudtrail-data.amazonaws.com": {{"AWS::CloudTrail::Channel", "PutAuditEvents"}},
}

// dataType is the type of resource whose data events hold the event, or "".
func dataType(source, name string) string {
	for _, d := range dataEvents[source] {
		if slices.Contains(strings.Fields(d.names), name) {
			return d.typ
		}
	}
	return ""
}
