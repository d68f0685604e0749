package detections

import (
	"testing"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

var evasionTrailsCases = []testCase{
	{"D001", []string{
		`{}`,
	}, []string{}},
	{"D002", []string{
		`{}`,
	}, []string{}},
	{"D003", []string{
		`{"requestParameters":{"isMultiRegionTrail":false}}`,
		`{"requestParameters":{"includeGlobalServiceEvents":"false"}}`,
		`{"requestParameters":{"enableLogFileValidation":false}}`,
		`{"requestParameters":{"isOrganizationTrail":false}}`,
		`{"requestParameters":{"s3BucketName":""}}`,
		`{"requestParameters":{"kmsKeyId":""}}`,
		`{"requestParameters":{"cloudWatchLogsLogGroupArn":""}}`,
		`{"requestParameters":{"s3BucketName":"elsewhere"}}`,
		`{"requestParameters":{"kmsKeyId":"other-key"}}`,
		`{"requestParameters":{"s3KeyPrefix":""}}`,
		`{"requestParameters":{"cloudWatchLogsLogGroupArn":"arn:aws:logs:us-east-1:111122223333:log-group:x"}}`,
	}, []string{
		`{"requestParameters":{"isMultiRegionTrail":true}}`,
		`{"requestParameters":{"includeGlobalServiceEvents":true}}`,
		`{"requestParameters":{"enableLogFileValidation":true}}`,
		`{"requestParameters":{"isOrganizationTrail":true}}`,
		`{"requestParameters":{"s3BucketName":"example-trail"}}`,
		`{"requestParameters":{"kmsKeyId":"trail-key"}}`,
		`{"requestParameters":{"s3KeyPrefix":"logs"}}`,
		`{"requestParameters":{"cloudWatchLogsLogGroupArn":"arn:aws:logs:us-east-1:111122223333:log-group:example-group:*"}}`,
		`{"requestParameters":{"cloudWatchLogsLogGroupArn":"arn:aws:logs:us-east-1:111122223333:log-group:example-group"}}`,
	}},
	{"D004", []string{
		`{"requestParameters":{"eventSelectors":[{"readWriteType":"WriteOnly"}]}}`,
		`{"requestParameters":{"eventSelectors":[{"includeManagementEvents":false}]}}`,
		`{"requestParameters":{"eventSelectors":[{"excludeManagementEventSources":["kms.amazonaws.com"]}]}}`,
		`{"requestParameters":{"advancedEventSelectors":[{"fieldSelectors":[{"field":"eventCategory","equals":["Data"]}]}]}}`,
		`{"requestParameters":{"advancedEventSelectors":[{"fieldSelectors":[{"field":"eventCategory","equals":["Management"]},{"field":"readOnly","equals":["false"]}]}]}}`,
	}, []string{
		`{"requestParameters":{"eventSelectors":[{"readWriteType":"All"}]}}`,
		`{"requestParameters":{"eventSelectors":[{"includeManagementEvents":true}]}}`,
		`{"requestParameters":{"eventSelectors":[{"excludeManagementEventSources":[]}]}}`,
		`{"requestParameters":{"advancedEventSelectors":[{"fieldSelectors":[{"field":"eventCategory","equals":["Management"]}]}]}}`,
		`{"requestParameters":{"advancedEventSelectors":[{"fieldSelectors":[{"field":"eventCategory","equals":["Management"]}]},{"fieldSelectors":[{"field":"eventCategory","equals":["Data"]},{"field":"resources.type","equals":["AWS::S3::Object"]}]}]}}`,
	}},
	{"D005", []string{
		`{"requestParameters":{"insightSelectors":[]}}`,
		`{"requestParameters":{"insightSelectors":[{"insightType":"ApiCallRateInsight"}]}}`,
		`{"requestParameters":{"insightSelectors":[{"insightType":"ApiErrorRateInsight"}]}}`,
	}, []string{
		`{"requestParameters":{"insightSelectors":[{"insightType":"ApiCallRateInsight"},{"insightType":"ApiErrorRateInsight"}]}}`,
	}},
	{"D006", []string{
		`{"eventName":"DeleteEventDataStore"}`,
		`{"eventName":"UpdateEventDataStore","requestParameters":{"terminationProtectionEnabled":false}}`,
		`{"eventName":"UpdateEventDataStore","requestParameters":{"retentionPeriod":7}}`,
		`{"eventName":"UpdateEventDataStore","requestParameters":{"advancedEventSelectors":[{"fieldSelectors":[{"field":"eventCategory","equals":["Data"]}]}]}}`,
		`{"eventName":"UpdateEventDataStore","requestParameters":{"advancedEventSelectors":[{"fieldSelectors":[{"field":"eventCategory","equals":["Management"]},{"field":"readOnly","equals":["true"]}]}]}}`,
	}, []string{
		`{"eventName":"UpdateEventDataStore","requestParameters":{"terminationProtectionEnabled":true}}`,
		`{"eventName":"UpdateEventDataStore","requestParameters":{"retentionPeriod":90}}`,
		`{"eventName":"UpdateEventDataStore","requestParameters":{"advancedEventSelectors":[{"fieldSelectors":[{"field":"eventCategory","equals":["Management"]}]}]}}`,
	}},
	{"D007", []string{
		`{"requestParameters":{"bucketName":"example-trail","LifecycleConfiguration":{"Rule":{"Status":"Enabled","Expiration":{"Days":1}}}}}`,
		`{"requestParameters":{"bucketName":"example-trail","LifecycleConfiguration":{"Rule":[{"Status":"Disabled","Expiration":{"Days":1}},{"Status":"Enabled","NoncurrentVersionExpiration":{"NoncurrentDays":"89"}}]}}}`,
		`{"requestParameters":{"bucketName":"example-trail","LifecycleConfiguration":{"Rule":{"Status":"Enabled","Expiration":{"Date":"2026-04-01T00:00:00Z"}}}}}`,
	}, []string{
		`{"requestParameters":{"bucketName":"example-trail","LifecycleConfiguration":{"Rule":{"Status":"Enabled","Expiration":{"ExpiredObjectDeleteMarker":true}}}}}`,
		`{"requestParameters":{"bucketName":"other","LifecycleConfiguration":{"Rule":{"Status":"Enabled","Expiration":{"Days":1}}}}}`,
		`{"requestParameters":{"bucketName":"example-trail","LifecycleConfiguration":{"Rule":{"Status":"Disabled","Expiration":{"Days":1}}}}}`,
		`{"requestParameters":{"bucketName":"example-trail","LifecycleConfiguration":{"Rule":{"Status":"Enabled","Expiration":{"Days":90}}}}}`,
		`{"requestParameters":{"bucketName":"example-trail","LifecycleConfiguration":{"Rule":{"Status":"Enabled","NoncurrentVersionExpiration":{"NoncurrentDays":400}}}}}`,
	}},
	{"D008", []string{
		`{"eventName":"DeleteObject","requestParameters":{"bucketName":"example-logs"}}`,
		`{"eventName":"PutObject","requestParameters":{"bucketName":"example-logs"}}`,
		`{"eventName":"DeleteObject","requestParameters":{"bucketName":"example-logs"},"userIdentity":{"invokedBy":"backup.amazonaws.com"}}`,
	}, []string{
		`{"eventName":"DeleteObject","requestParameters":{"bucketName":"other"}}`,
		`{"eventName":"PutObject","requestParameters":{"bucketName":"example-logs"},"userIdentity":{"invokedBy":"cloudtrail.amazonaws.com"}}`,
	}},
	{"D009", []string{
		`{"eventName":"DisableKey","requestParameters":{"keyId":"trail-key"}}`,
		`{"eventName":"ScheduleKeyDeletion","requestParameters":{"keyId":"arn:aws:kms:us-east-1:111122223333:key/trail-key"}}`,
		`{"eventName":"PutKeyPolicy","requestParameters":{"keyId":"trail-key","policy":"{}"}}`,
		`{"eventName":"PutKeyPolicy","requestParameters":{"keyId":"trail-key","policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"cloudtrail.amazonaws.com\"},\"Action\":\"kms:DescribeKey\"}}"}}`,
		`{"eventName":"PutKeyPolicy","requestParameters":{"keyId":"trail-key","omitted":true}}`,
		`{"eventName":"DisableKey","requestParameters":{"keyId":"trail-key","policy":"cloudtrail.amazonaws.com"}}`,
	}, []string{
		`{"eventName":"DisableKey","requestParameters":{"keyId":"other"}}`,
		`{"eventName":"PutKeyPolicy","requestParameters":{"keyId":"trail-key","policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"cloudtrail.amazonaws.com\"},\"Action\":\"kms:GenerateDataKey*\"}}"}}`,
	}},
	{"D011", []string{
		`{"requestParameters":{"logGroupName":"example-group"}}`,
		`{"requestParameters":{"logGroupName":"/aws/VPCFlowLogs"}}`,
	}, []string{
		`{"requestParameters":{"logGroupName":"/app"}}`,
		`{"requestParameters":{"logGroupName":"example-group"},"userIdentity":{"sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::111122223333:role/aws-service-role/x"}}}}`,
	}},
	{"D012", []string{
		`{"eventName":"PutRetentionPolicy","requestParameters":{"retentionInDays":89}}`,
	}, []string{
		`{"eventName":"DeleteRetentionPolicy","requestParameters":{"retentionInDays":1}}`,
		`{"eventName":"PutRetentionPolicy","requestParameters":{"retentionInDays":90}}`,
	}},
	{"D013", []string{
		`{"requestParameters":{"logGroupName":"example-group"}}`,
		`{"eventName":"DeleteDestination"}`,
		`{"eventName":"DisassociateKmsKey","requestParameters":{"resourceIdentifier":"arn:aws:logs:us-east-1:111122223333:log-group:example-group:*"}}`,
	}, []string{
		`{"requestParameters":{"logGroupName":"other"}}`,
		`{"eventName":"DisassociateKmsKey","requestParameters":{"resourceIdentifier":"arn:aws:logs:us-east-1:111122223333:log-group:other:*"}}`,
	}},
	{"D047", []string{
		`{"requestParameters":{"filterName":"trail-changes","filterPattern":"{$.eventName = StopLogging}"}}`,
		`{"requestParameters":{"filterName":"trail-changes","filterPattern":"{($.eventName = StopLogging || $.eventName = DeleteTrail) && $.userIdentity.userName != eve}"}}`,
		`{"requestParameters":{"filterName":"trail-changes","filterPattern":"ERROR"}}`, // undecided is not clean
		`{"requestParameters":{"filterName":"trail-changes"}}`,
	}, []string{
		`{"requestParameters":{"filterName":"trail-changes","filterPattern":"{$.eventName = DeleteTrail || $.eventName = StopLogging}"}}`,
		`{"requestParameters":{"filterName":"trail-changes","filterPattern":"{$.eventSource = cloudtrail.amazonaws.com && $.eventName = *}"}}`,
		`{"requestParameters":{"filterName":"other","filterPattern":"{$.eventName = StopLogging}"}}`,
	}},
	{"D014", []string{
		`{"eventName":"DeleteAlarms","requestParameters":{"alarmNames":["x","example-alarm"]}}`,
		`{"eventName":"SetAlarmState","requestParameters":{"alarmName":"example-alarm"}}`,
		`{"eventName":"PutMetricAlarm","requestParameters":{"alarmName":"example-alarm","actionsEnabled":false,"alarmActions":["arn:aws:sns:us-east-1:111122223333:alerts"]}}`,
		`{"eventName":"PutMetricAlarm","requestParameters":{"alarmName":"example-alarm","alarmActions":["arn:aws:sns:us-east-1:111122223333:elsewhere"]}}`,
		`{"eventName":"PutMetricAlarm","requestParameters":{"alarmName":"example-alarm","alarmActions":["arn:aws:sns:us-east-1:111122223333:alerts"],"statistic":"Average"}}`,
		`{"eventName":"PutMetricAlarm","requestParameters":{"alarmName":"example-alarm","alarmActions":["arn:aws:sns:us-east-1:111122223333:alerts"],"extendedStatistic":"p99"}}`,
		`{"eventName":"PutMetricAlarm","requestParameters":{"alarmName":"example-alarm","alarmActions":["arn:aws:sns:us-east-1:111122223333:alerts"],"comparisonOperator":"GreaterThanOrEqualToThreshold","threshold":2}}`,
		`{"eventName":"PutMetricAlarm","requestParameters":{"alarmName":"example-alarm","alarmActions":["arn:aws:sns:us-east-1:111122223333:alerts"],"comparisonOperator":"GreaterThanThreshold","threshold":1}}`,
		`{"eventName":"PutMetricAlarm","requestParameters":{"alarmName":"example-alarm","alarmActions":["arn:aws:sns:us-east-1:111122223333:alerts"],"comparisonOperator":"LessThanThreshold","threshold":0}}`,
		`{"eventName":"PutMetricAlarm","requestParameters":{"alarmName":"example-alarm","alarmActions":["arn:aws:sns:us-east-1:111122223333:alerts"],"period":301}}`,
		`{"eventName":"PutMetricAlarm","requestParameters":{"alarmName":"example-alarm","alarmActions":["arn:aws:sns:us-east-1:111122223333:alerts"],"datapointsToAlarm":2}}`,
		`{"eventName":"PutMetricAlarm","requestParameters":{"alarmName":"example-alarm","alarmActions":["arn:aws:sns:us-east-1:111122223333:alerts"],"evaluationPeriods":2}}`,
	}, []string{
		`{"eventName":"DeleteAlarms","requestParameters":{"alarmNames":["x"]}}`,
		`{"eventName":"SetAlarmState","requestParameters":{"alarmName":"x"}}`,
		`{"eventName":"PutMetricAlarm","requestParameters":{"alarmName":"example-alarm","actionsEnabled":true,"alarmActions":["arn:aws:sns:us-east-1:111122223333:alerts"],"statistic":"Sum","comparisonOperator":"GreaterThanOrEqualToThreshold","threshold":1,"period":300,"evaluationPeriods":1}}`,
		`{"eventName":"PutMetricAlarm","requestParameters":{"alarmName":"example-alarm","alarmActions":["arn:aws:sns:us-east-1:111122223333:alerts"],"comparisonOperator":"GreaterThanThreshold","threshold":0,"datapointsToAlarm":1,"evaluationPeriods":3}}`,
		`{"eventName":"PutMetricAlarm","requestParameters":{"alarmName":"example-alarm","alarmActions":["arn:aws:sns:us-east-1:111122223333:alerts"]}}`,
	}},
	{"D015", []string{
		`{"eventName":"DeleteRule","requestParameters":{"name":"example-rule"}}`,
		`{"eventName":"RemoveTargets","requestParameters":{"rule":"example-rule"}}`,
		`{"eventName":"PutRule","requestParameters":{"name":"example-rule","state":"DISABLED"}}`,
		`{"eventName":"PutTargets","requestParameters":{"rule":"example-rule","targets":[{"id":"1","arn":"arn:aws:sns:us-east-1:111122223333:elsewhere"}]}}`,
	}, []string{
		`{"eventName":"PutTargets","requestParameters":{"rule":"example-rule","targets":[{"id":"1","arn":"arn:aws:sns:us-east-1:111122223333:alerts"}]}}`,
		`{"eventName":"DeleteRule","requestParameters":{"name":"x"}}`,
		`{"eventName":"RemoveTargets","requestParameters":{"rule":"x"}}`,
		`{"eventName":"PutRule","requestParameters":{"name":"example-rule","state":"ENABLED"}}`,
	}},
	{"D015.pattern", []string{
		`{"requestParameters":{"name":"trail-rule","eventPattern":"{\"detail\":{\"eventName\":[\"StopLogging\"]}}"}}`,
		`{"requestParameters":{"name":"trail-rule","scheduleExpression":"rate(1 day)"}}`,
		`{"requestParameters":{"name":"trail-rule","eventPattern":"{"}}`, // undecided is not clean
		`{"requestParameters":{"name":"trail-rule","omitted":true}}`,
	}, []string{
		`{"requestParameters":{"name":"trail-rule","eventPattern":"{\"detail\":{\"eventName\":[\"StopLogging\",\"DeleteTrail\",\"UpdateTrail\"]}}"}}`,
		`{"requestParameters":{"name":"other","eventPattern":"{\"detail\":{\"eventName\":[\"StopLogging\"]}}"}}`,
	}},
	{"D016", []string{
		`{"eventName":"DeleteTopic","requestParameters":{"topicArn":"arn:aws:sns:us-east-1:111122223333:alerts"}}`,
		`{"eventName":"Unsubscribe","requestParameters":{"subscriptionArn":"arn:aws:sns:us-east-1:111122223333:alerts:1-2"}}`,
		`{"eventName":"SetTopicAttributes","requestParameters":{"topicArn":"arn:aws:sns:us-east-1:111122223333:alerts","attributeName":"KmsMasterKeyId","attributeValue":"alias/aws/sns"}}`,
		`{"eventName":"SetTopicAttributes","requestParameters":{"topicArn":"arn:aws:sns:us-east-1:111122223333:alerts","attributeName":"Policy","attributeValue":"{}"}}`,
		`{"eventName":"SetSubscriptionAttributes","requestParameters":{"subscriptionArn":"arn:aws:sns:us-east-1:111122223333:alerts:1-2","attributeName":"FilterPolicy","attributeValue":"{}"}}`,
	}, []string{
		`{"eventName":"DeleteTopic","requestParameters":{"topicArn":"x"}}`,
		`{"eventName":"Unsubscribe","requestParameters":{"subscriptionArn":"x"}}`,
		`{"eventName":"SetTopicAttributes","requestParameters":{"topicArn":"arn:aws:sns:us-east-1:111122223333:alerts","attributeName":"KmsMasterKeyId","attributeValue":"key"}}`,
		`{"eventName":"SetTopicAttributes","requestParameters":{"topicArn":"arn:aws:sns:us-east-1:111122223333:alerts","attributeName":"DisplayName","attributeValue":"alias/aws/sns"}}`,
		`{"eventName":"SetTopicAttributes","requestParameters":{"topicArn":"arn:aws:sns:us-east-1:111122223333:alerts","attributeName":"Policy","attributeValue":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"cloudwatch.amazonaws.com\"},\"Action\":\"sns:Publish\"}}"}}`,
		`{"eventName":"SetTopicAttributes","requestParameters":{"topicArn":"arn:aws:sns:us-east-1:111122223333:alerts","attributeName":"DisplayName","attributeValue":"{}"}}`,
		`{"eventName":"SetTopicAttributes","requestParameters":{"topicArn":"arn:aws:sns:us-east-1:111122223333:alerts","attributeName":"FilterPolicy","attributeValue":"{}"}}`,
		`{"eventName":"SetSubscriptionAttributes","requestParameters":{"subscriptionArn":"arn:aws:sns:us-east-1:111122223333:alerts:1-2","attributeName":"RawMessageDelivery","attributeValue":"{}"}}`,
	}},
	{"D017", []string{
		`{}`,
	}, []string{}},
	{"D018", []string{
		`{"eventName":"DeleteConfigRule"}`,
		`{"eventName":"PutConfigurationRecorder","requestParameters":{"configurationRecorder":{"recordingGroup":{"allSupported":false}}}}`,
		`{"eventName":"PutConfigurationRecorder","requestParameters":{"configurationRecorder":{"recordingGroup":{"exclusionByResourceTypes":{"resourceTypes":["AWS::EC2::Instance"]}}}}}`,
		`{"eventName":"PutConfigurationRecorder","requestParameters":{"configurationRecorder":{"recordingMode":{"recordingFrequency":"DAILY"}}}}`,
		`{"eventName":"PutConfigurationRecorder","requestParameters":{"configurationRecorder":{"recordingMode":{"recordingFrequency":"CONTINUOUS","recordingModeOverrides":[{"recordingFrequency":"DAILY"}]}}}}`,
	}, []string{
		`{"eventName":"PutConfigurationRecorder","requestParameters":{"configurationRecorder":{"recordingGroup":{"allSupported":true}}}}`,
		`{"eventName":"PutConfigurationRecorder","requestParameters":{"configurationRecorder":{"recordingGroup":{"exclusionByResourceTypes":{"resourceTypes":[]}}}}}`,
		`{"eventName":"PutConfigurationRecorder","requestParameters":{"configurationRecorder":{"recordingMode":{"recordingFrequency":"CONTINUOUS"}}}}`,
		`{"eventName":"PutConfigurationRecorder","requestParameters":{"configurationRecorder":{"recordingMode":{"recordingFrequency":"CONTINUOUS","recordingModeOverrides":[{"recordingFrequency":"CONTINUOUS"}]}}}}`,
	}},
}

// TestUncovered: a pattern that leaves something out, one that does not, and
// those of which it cannot be said.
func TestUncovered(t *testing.T) {
	judge := uncovered(map[string]string{"f": `{$.eventName = StopLogging || $.eventName = DeleteTrail}`, "bad": `{`})
	for _, c := range []struct {
		request string
		want    rule.Verdict
	}{
		{`{"filterName":"f","filterPattern":"{$.eventName = StopLogging}"}`, rule.Yes},
		{`{"filterName":"f","filterPattern":"{$.eventName = StopLogging || $.eventName = DeleteTrail || $.eventName = X}"}`, rule.Clean},
		{`{"filterName":"f","filterPattern":"ERROR"}`, rule.Undecided},
		{`{"filterName":"f","filterPattern":""}`, rule.Undecided},
		{`{"filterName":"bad","filterPattern":"{$.eventName = StopLogging}"}`, rule.Undecided},
		{`{"omitted":true,"originalSize":200000,"reason":"requestParameters too large"}`, rule.Undecided},
	} {
		var e trail.Event
		if err := e.Parse([]byte(`{"eventName":"PutMetricFilter","requestParameters":` + c.request + `}`)); err != nil {
			t.Fatal(err)
		}
		if got := judge(&e); got != c.want {
			t.Errorf("%s: verdict %d, want %d", c.request, got, c.want)
		}
	}
}
