package detections

var credentialAccessCases = []testCase{
	{"D073", []string{
		`{"userIdentity":{"sessionContext":{"ec2RoleDelivery":"2.0"}},"sourceIPAddress":"203.0.113.9"}`,
		`{"userIdentity":{"principalId":"AROAEXAMPLE:i-0123456789abcdef0"},"sourceIPAddress":"203.0.113.9"}`,
		`{"userIdentity":{"sessionContext":{"ec2RoleDelivery":"2.0"}},"sourceIPAddress":"203.0.113.9","vpcEndpointId":"vpce-1"}`,
		`{"userIdentity":{"sessionContext":{"ec2RoleDelivery":"2.0"}},"sourceIPAddress":"10.1.2.3"}`,
		`{"userIdentity":{"sessionContext":{"ec2RoleDelivery":"2.0"}},"sourceIPAddress":"10.1.2.3","vpcEndpointId":"vpce-1","vpcEndpointAccountId":"444455556666"}`,
	}, []string{
		`{"sourceIPAddress":"203.0.113.9"}`,
		`{"userIdentity":{"principalId":"AROAEXAMPLE:mira"},"sourceIPAddress":"203.0.113.9"}`,
		`{"userIdentity":{"sessionContext":{"ec2RoleDelivery":"2.0"}},"sourceIPAddress":"ssm.amazonaws.com"}`,
		`{"userIdentity":{"sessionContext":{"ec2RoleDelivery":"2.0"}},"sourceIPAddress":"198.51.100.1"}`,
		`{"userIdentity":{"sessionContext":{"ec2RoleDelivery":"2.0"}},"sourceIPAddress":"10.1.2.3","vpcEndpointId":"vpce-1"}`,
		`{"userIdentity":{"sessionContext":{"ec2RoleDelivery":"2.0"}},"sourceIPAddress":"10.1.2.3","vpcEndpointId":"vpce-1","vpcEndpointAccountId":"111122223333"}`,
	}},
	{"D074", []string{
		`{"requestParameters":{"ModifyInstanceMetadataOptionsRequest":{"HttpTokens":"optional"}}}`,
		`{"requestParameters":{"httpTokens":"optional"}}`,
	}, []string{
		`{"requestParameters":{"httpTokens":"required"}}`,
	}},
	{"D076", []string{
		`{"requestParameters":{"overrides":{"containerOverrides":[{"command":["curl 169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]}]}}}`,
	}, []string{
		`{"requestParameters":{"overrides":{}}}`,
	}},
}
