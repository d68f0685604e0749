package detections

var evasionServicesCases = []testCase{
	{"D019", []string{
		`{"eventName":"DeleteDetector"}`,
		`{"eventName":"UpdateDetector","requestParameters":{"enable":"false"}}`,
		`{"eventName":"UpdateDetector","requestParameters":{"features":[{"status":"ENABLED"},{"status":"DISABLED"}]}}`,
		`{"eventName":"UpdateDetector","requestParameters":{"autoEnableOrganizationMembers":"NONE"}}`,
		`{"eventName":"UpdateDetector","requestParameters":{"autoEnable":false}}`,
		`{"eventName":"UpdateDetector","requestParameters":{"features":[{"status":"ENABLED","additionalConfiguration":[{"status":"DISABLED"}]}]}}`,
		`{"eventName":"UpdateOrganizationConfiguration","requestParameters":{"features":[{"autoEnable":"NONE"}]}}`,
		`{"eventName":"UpdateOrganizationConfiguration","requestParameters":{"features":[{"autoEnable":"ALL","additionalConfiguration":[{"autoEnable":"NONE"}]}]}}`,
	}, []string{
		`{"eventName":"UpdateDetector","requestParameters":{"enable":true}}`,
		`{"eventName":"UpdateDetector","requestParameters":{"features":[{"status":"ENABLED"}]}}`,
		`{"eventName":"UpdateDetector","requestParameters":{"autoEnableOrganizationMembers":"ALL"}}`,
		`{"eventName":"UpdateDetector","requestParameters":{"autoEnable":true}}`,
		`{"eventName":"UpdateDetector","requestParameters":{"features":[{"status":"ENABLED","additionalConfiguration":[{"status":"ENABLED"}]}]}}`,
		`{"eventName":"UpdateOrganizationConfiguration","requestParameters":{"features":[{"autoEnable":"NEW","additionalConfiguration":[{"autoEnable":"NEW"}]}]}}`,
	}},
	{"D020", []string{
		`{"requestParameters":{"action":"ARCHIVE"}}`,
	}, []string{
		`{"requestParameters":{"action":"NOOP"}}`,
	}},
	{"D021", []string{
		`{"eventName":"CreateIPSet"}`,
		`{"eventName":"UpdateThreatIntelSet","requestParameters":{"activate":false}}`,
	}, []string{
		`{"eventName":"UpdateThreatIntelSet","requestParameters":{"activate":true}}`,
	}},
	{"D022", []string{
		`{}`,
	}, []string{}},
	{"D023", []string{
		`{"eventName":"DeletePublishingDestination"}`,
		`{"eventName":"ArchiveFindings","requestParameters":{"findingIds":["0","1","2","3","4","5","6","7","8","9"]}}`,
		`{"eventName":"UpdateFindingsFeedback","requestParameters":{"feedback":"NOT_USEFUL","findingIds":["0","1","2","3","4","5","6","7","8","9"]}}`,
	}, []string{
		`{"eventName":"ArchiveFindings","requestParameters":{"findingIds":["0","1","2","3","4","5","6","7","8"]}}`,
		`{"eventName":"UpdateFindingsFeedback","requestParameters":{"feedback":"USEFUL","findingIds":["0","1","2","3","4","5","6","7","8","9"]}}`,
	}},
	{"D024", []string{
		`{"eventName":"DisableSecurityHub"}`,
		`{"eventName":"UpdateStandardsControl","requestParameters":{"controlStatus":"DISABLED"}}`,
		`{"eventName":"BatchUpdateStandardsControlAssociations","requestParameters":{"standardsControlAssociationUpdates":[{"associationStatus":"DISABLED"}]}}`,
		`{"eventName":"UpdateStandardsControl","requestParameters":{"ControlStatus":"DISABLED"}}`,
		`{"eventName":"BatchUpdateStandardsControlAssociations","requestParameters":{"StandardsControlAssociationUpdates":[{"AssociationStatus":"ENABLED"},{"AssociationStatus":"DISABLED"}]}}`,
	}, []string{
		`{"eventName":"UpdateStandardsControl","requestParameters":{"ControlStatus":"ENABLED"}}`,
		`{"eventName":"BatchUpdateStandardsControlAssociations","requestParameters":{"StandardsControlAssociationUpdates":[{"AssociationStatus":"ENABLED"}]}}`,
		`{"eventName":"UpdateStandardsControl","requestParameters":{"controlStatus":"ENABLED"}}`,
		`{"eventName":"BatchUpdateStandardsControlAssociations","requestParameters":{"standardsControlAssociationUpdates":[{"associationStatus":"ENABLED"}]}}`,
	}},
	{"D025", []string{
		`{"eventName":"BatchUpdateFindings","requestParameters":{"Workflow":{"Status":"SUPPRESSED"},"FindingIdentifiers":["0","1","2","3","4","5","6","7","8","9"]}}`,
		`{"eventName":"CreateAutomationRule","requestParameters":{"Actions":[{"FindingFieldsUpdate":{"Workflow":{"Status":"SUPPRESSED"}}}]}}`,
		`{"eventName":"CreateAutomationRule","requestParameters":{"Actions":[{"FindingFieldsUpdate":{"Severity":{"Label":"LOW"}}}]}}`,
		`{"eventName":"BatchUpdateAutomationRules","requestParameters":{"UpdateAutomationRulesRequestItems":[{"Actions":[{"FindingFieldsUpdate":{"Severity":{"Label":"INFORMATIONAL"}}}]}]}}`,
	}, []string{
		`{"eventName":"BatchUpdateFindings","requestParameters":{"Workflow":{"Status":"SUPPRESSED"},"FindingIdentifiers":["0","1","2","3","4","5","6","7","8"]}}`,
		`{"eventName":"BatchUpdateFindings","requestParameters":{"Workflow":{"Status":"NOTIFIED"},"FindingIdentifiers":["0","1","2","3","4","5","6","7","8","9"]}}`,
		`{"eventName":"UpdateFindings","requestParameters":{"Workflow":{"Status":"SUPPRESSED"},"FindingIdentifiers":["0","1","2","3","4","5","6","7","8","9"]}}`,
		`{"eventName":"CreateAutomationRule","requestParameters":{"Actions":[]}}`,
		`{"eventName":"CreateAutomationRule","requestParameters":{"Actions":[{"FindingFieldsUpdate":{"Severity":{"Label":"HIGH"}}}]}}`,
		`{"eventName":"BatchUpdateAutomationRules","requestParameters":{"UpdateAutomationRulesRequestItems":[{"Actions":[{"FindingFieldsUpdate":{"Severity":{"Label":"CRITICAL"}}}]}]}}`,
	}},
	{"D026", []string{
		`{"eventName":"DisableMacie"}`,
		`{"eventName":"UpdateMacieSession","requestParameters":{"status":"PAUSED"}}`,
		`{"eventName":"CreateFindingsFilter","requestParameters":{"action":"ARCHIVE"}}`,
	}, []string{
		`{"eventName":"UpdateMacieSession","requestParameters":{"status":"ENABLED"}}`,
		`{"eventName":"CreateFindingsFilter","requestParameters":{"action":"NOOP"}}`,
	}},
	{"D027", []string{
		`{}`,
	}, []string{}},
	{"D028", []string{
		`{"eventName":"Disable"}`,
		`{"eventName":"CreateFilter","requestParameters":{"action":"SUPPRESS"}}`,
	}, []string{
		`{"eventName":"CreateFilter","requestParameters":{"action":"NONE"}}`,
	}},
	{"D029", []string{
		`{}`,
	}, []string{}},
	{"D030", []string{
		`{}`,
	}, []string{}},
	{"D031", []string{
		`{}`,
	}, []string{}},
	{"D032", []string{
		`{}`,
	}, []string{}},
	{"D033", []string{
		`{"requestParameters":{"BucketLoggingStatus":{"xmlns":"x"}}}`,
	}, []string{
		`{"requestParameters":{"BucketLoggingStatus":{"LoggingEnabled":{"TargetBucket":"b"}}}}`,
	}},
	{"D034", []string{
		`{"requestParameters":{"attributes":[{"key":"access_logs.s3.enabled","value":"false"}]}}`,
		`{"requestParameters":{"loadBalancerAttributes":{"accessLog":{"enabled":false}}}}`,
	}, []string{
		`{"requestParameters":{"attributes":[{"key":"access_logs.s3.enabled","value":"true"}]}}`,
		`{"requestParameters":{"attributes":[{"key":"deletion_protection.enabled","value":"false"}]}}`,
		`{"requestParameters":{"loadBalancerAttributes":{"accessLog":{"enabled":true}}}}`,
	}},
	{"D035", []string{
		`{"requestParameters":{"distributionConfig":{"logging":{"enabled":false}}}}`,
		`{"eventName":"UpdateDistribution2020_05_31","requestParameters":{"distributionConfig":{"logging":{"enabled":false}}}}`,
	}, []string{
		`{"requestParameters":{"distributionConfig":{"logging":{"enabled":true}}}}`,
	}},
	{"D036", []string{
		`{"eventName":"DeleteWebACL"}`,
		`{"eventName":"UpdateIPSet","requestParameters":{"addresses":["10.0.0.0/8","0.0.0.0/0"]}}`,
		`{"eventName":"UpdateIPSet","requestParameters":{"addresses":[]}}`,
		`{"eventName":"UpdateWebACL","requestParameters":{"rules":[{"action":{"count":{}}}]}}`,
		`{"eventName":"UpdateWebACL","requestParameters":{"rules":[{"overrideAction":{"count":{}}}]}}`,
		`{"eventName":"UpdateWebACL","requestParameters":{"rules":[{"statement":{"managedRuleGroupStatement":{"ruleActionOverrides":[{"actionToUse":{"count":{}}}]}}}]}}`,
		`{"eventName":"UpdateWebACL","requestParameters":{"rules":[]}}`,
		`{"eventSource":"waf.amazonaws.com","eventName":"UpdateWebACL","requestParameters":{"updates":[{"action":"DELETE"}]}}`,
		`{"eventSource":"waf-regional.amazonaws.com","eventName":"UpdateWebACL","requestParameters":{"updates":[{"action":"INSERT","activatedRule":{"action":{"type":"COUNT"}}}]}}`,
		`{"eventSource":"waf-regional.amazonaws.com","eventName":"UpdateWebACL","requestParameters":{"updates":[{"action":"INSERT","activatedRule":{"overrideAction":{"type":"COUNT"}}}]}}`,
	}, []string{
		`{"eventName":"UpdateWebACL","requestParameters":{"rules":[{"statement":{"managedRuleGroupStatement":{"ruleActionOverrides":[{"actionToUse":{"block":{}}}]}}}]}}`,
		`{"eventSource":"waf.amazonaws.com","eventName":"UpdateWebACL","requestParameters":{"updates":[{"action":"INSERT","activatedRule":{"action":{"type":"BLOCK"},"overrideAction":{"type":"NONE"}}}]}}`,
		`{"eventName":"UpdateIPSet","requestParameters":{"addresses":["10.0.0.0/8"]}}`,
		`{"eventName":"UpdateWebACL","requestParameters":{"rules":[{"action":{"block":{}}}]}}`,
		`{"eventName":"UpdateWebACL","requestParameters":{"rules":[{"overrideAction":{"none":{}}}]}}`,
		`{"eventName":"UpdateIPSet","requestParameters":{"addresses":["10.0.0.0/8"],"rules":[{"action":{"count":{}}}]}}`,
		`{"eventName":"UpdateWebACL","requestParameters":{"addresses":["10.0.0.0/0"],"rules":[{"action":{"block":{}}}]}}`,
	}},
	{"D037", []string{
		`{}`,
	}, []string{}},
	{"D038", []string{
		`{}`,
	}, []string{}},
	{"D039", []string{
		`{"requestParameters":{"logging":{"clusterLogging":[{"types":["audit"],"enabled":false}]}}}`,
		`{"requestParameters":{"resourcesVpcConfig":{"endpointPublicAccess":true,"publicAccessCidrs":["0.0.0.0/0"]}}}`,
	}, []string{
		`{"requestParameters":{"logging":{"clusterLogging":[{"types":["audit"],"enabled":true}]}}}`,
		`{"requestParameters":{"logging":{"clusterLogging":[{"types":["scheduler"],"enabled":false}]}}}`,
		`{"requestParameters":{"resourcesVpcConfig":{"endpointPublicAccess":false,"publicAccessCidrs":["0.0.0.0/0"]}}}`,
		`{"requestParameters":{"resourcesVpcConfig":{"endpointPublicAccess":true,"publicAccessCidrs":["192.0.2.0/24"]}}}`,
	}},
	{"D040", []string{
		`{"eventName":"DeleteModelInvocationLoggingConfiguration","requestParameters":{"loggingConfig":{"textDataDeliveryEnabled":true}}}`,
		`{"eventName":"PutModelInvocationLoggingConfiguration","requestParameters":{"loggingConfig":{"textDataDeliveryEnabled":false}}}`,
		`{"eventName":"PutModelInvocationLoggingConfiguration","requestParameters":{"loggingConfig":{"textDataDeliveryEnabled":true,"s3Config":{"bucketName":"elsewhere"}}}}`,
		`{"eventName":"PutModelInvocationLoggingConfiguration","requestParameters":{"loggingConfig":{"textDataDeliveryEnabled":true,"cloudWatchConfig":{"logGroupName":"elsewhere"}}}}`,
		`{"eventName":"PutModelInvocationLoggingConfiguration","requestParameters":{"loggingConfig":{"textDataDeliveryEnabled":true,"cloudWatchConfig":{"largeDataDeliveryS3Config":{"bucketName":"elsewhere"}}}}}`,
	}, []string{
		`{"eventName":"PutModelInvocationLoggingConfiguration","requestParameters":{"loggingConfig":{"textDataDeliveryEnabled":true}}}`,
		`{"eventName":"PutModelInvocationLoggingConfiguration","requestParameters":{"loggingConfig":{"imageDataDeliveryEnabled":true}}}`,
		`{"eventName":"PutModelInvocationLoggingConfiguration","requestParameters":{"loggingConfig":{"embeddingDataDeliveryEnabled":true}}}`,
		`{"eventName":"PutModelInvocationLoggingConfiguration","requestParameters":{"loggingConfig":{"videoDataDeliveryEnabled":true}}}`,
		`{"eventName":"PutModelInvocationLoggingConfiguration","requestParameters":{"loggingConfig":{"audioDataDeliveryEnabled":true}}}`,
		`{"eventName":"PutModelInvocationLoggingConfiguration","requestParameters":{"loggingConfig":{"textDataDeliveryEnabled":true,"s3Config":{"bucketName":"example-logs"},"cloudWatchConfig":{"logGroupName":"example-group","largeDataDeliveryS3Config":{"bucketName":"example-logs"}}}}}`,
	}},
	{"D041", []string{
		`{"eventName":"DeleteGuardrail"}`,
		`{"eventName":"UpdateGuardrail","requestParameters":{"contentPolicyConfig":{"filtersConfig":[{"inputStrength":"NONE"}]}}}`,
		`{"eventName":"UpdateGuardrail","requestParameters":{"contentPolicyConfig":{"filtersConfig":[{"outputStrength":"NONE"}]}}}`,
	}, []string{
		`{"eventName":"UpdateGuardrail","requestParameters":{"contentPolicyConfig":{"filtersConfig":[{"inputStrength":"HIGH"}]}}}`,
		`{"eventName":"UpdateGuardrail","requestParameters":{"contentPolicyConfig":{"filtersConfig":[{"outputStrength":"HIGH"}]}}}`,
	}},
	{"D042", []string{
		`{}`,
	}, []string{}},
	{"D043", []string{
		`{"requestParameters":{"RegionName":"af-south-1"}}`,
	}, []string{
		`{"requestParameters":{"RegionName":"us-east-1"}}`,
	}},
	{"D044", []string{
		`{"eventSource":"iam.amazonaws.com","readOnly":false,"requestParameters":{"omitted":true}}`,
		`{"eventSource":"s3.amazonaws.com","readOnly":false,"requestParameters":{"reason":"requestParameters too large"}}`,
	}, []string{
		`{"eventSource":"iam.amazonaws.com","readOnly":true,"requestParameters":{"omitted":true}}`,
		`{"eventSource":"ec2.amazonaws.com","readOnly":false,"requestParameters":{"omitted":true}}`,
		`{"eventSource":"iam.amazonaws.com","readOnly":false,"requestParameters":{"omitted":false}}`,
		`{"eventSource":"s3.amazonaws.com","readOnly":false,"requestParameters":{"reason":"x"}}`,
	}},
	{"D045", []string{
		`{}`,
	}, []string{}},
	{"D046", []string{
		`{"requestParameters":{"name":"arn:aws:ssm:us-east-1:111122223333:document/SSM-SessionManagerRunShell"}}`,
		`{"requestParameters":{"settingId":"/ssm/documents/console/public-sharing-permission"}}`,
	}, []string{
		`{"requestParameters":{"name":"other"}}`,
		`{"requestParameters":{"settingId":"/ssm/parameter-store/x"}}`,
	}},
}
