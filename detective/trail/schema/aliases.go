package schema

import "strings"

// notEvents are names of APIs and IAM actions, by service, that are no event
// names of it, and what is recorded instead; "" when nothing is. The API names
// that S3 records under others are listed in
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
var notEvents = map[string]map[string]string{
	"iam": {"PassRole": ""},
	"sts": {"TagSession": "", "SetSourceIdentity": "", "SetContext": ""},
	"kms": {"ReEncryptFrom": "ReEncrypt", "ReEncryptTo": "ReEncrypt"},
	"lambda": {
		"InvokeFunction": "Invoke", "InvokeFunctionUrl": "Invoke",
	},
	"dynamodb": {
		"PartiQLSelect": "ExecuteStatement", "PartiQLInsert": "ExecuteStatement", "PartiQLUpdate": "ExecuteStatement", "PartiQLDelete": "ExecuteStatement",
	},
	"s3": {
		"PutLifecycleConfiguration":          "PutBucketLifecycle",
		"PutBucketLifecycleConfiguration":    "PutBucketLifecycle",
		"GetBucketLifecycleConfiguration":    "GetBucketLifecycle",
		"GetLifecycleConfiguration":          "GetBucketLifecycle",
		"PutEncryptionConfiguration":         "PutBucketEncryption",
		"GetEncryptionConfiguration":         "GetBucketEncryption",
		"PutReplicationConfiguration":        "PutBucketReplication",
		"GetReplicationConfiguration":        "GetBucketReplication",
		"PutBucketNotificationConfiguration": "PutBucketNotification",
		"GetBucketNotificationConfiguration": "GetBucketNotification",
		"PutBucketCORS":                      "PutBucketCors",
		"GetBucketCORS":                      "GetBucketCors",
		"PutBucketAccelerateConfiguration":   "PutAccelerateConfiguration",
		"ListBucket":                         "ListObjects",
		"ListObjectsV2":                      "ListObjects",
		"ListAllMyBuckets":                   "ListBuckets",
		"ListBucketVersions":                 "ListObjectVersions",
		"ListBucketMultipartUploads":         "ListMultipartUploads",
		"ListMultipartUploadParts":           "ListParts",
		"GetObjectVersion":                   "GetObject",
		"DeleteObjectVersion":                "DeleteObject",
		"PutObjectVersionAcl":                "PutObjectAcl",
		"GetObjectVersionAcl":                "GetObjectAcl",
		"BypassGovernanceRetention":          "",
		"ObjectOwnerOverrideToBucketOwner":   "",
	},
}

// NotEvent reports that name is an API or action name that CloudTrail does not
// write for the source, and the name it writes instead, if any. Without a
// source ("") it is asked of all; the name may still be an event of a service
// that is not in the table.
func NotEvent(source, name string) (instead string, isNot bool) {
	if source != "" {
		if _, known := load().names[source][name]; known {
			return "", false
		}
		instead, isNot = notEvents[strings.TrimSuffix(source, ".amazonaws.com")][name]
		return instead, isNot
	}
	if len(Sources(name)) > 0 {
		return "", false
	}
	for _, names := range notEvents {
		if instead, isNot = names[name]; isNot {
			return instead, true
		}
	}
	return "", false
}
