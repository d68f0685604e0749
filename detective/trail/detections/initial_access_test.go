package detections

var initialAccessCases = []testCase{
	{"D050", []string{
		`{"userIdentity":{"type":"Root"}}`,
	}, []string{
		`{"userIdentity":{"type":"IAMUser"}}`,
	}},
	{"D052", []string{
		`{"userIdentity":{"type":"IAMUser"},"additionalEventData":{"MFAUsed":"No"}}`,
		`{"userIdentity":{"type":"IAMUser"}}`,
	}, []string{
		`{"userIdentity":{"type":"IAMUser"},"additionalEventData":{"MFAUsed":"YES"}}`,
		`{"userIdentity":{"type":"AssumedRole"},"additionalEventData":{"MFAUsed":"No"}}`,
	}},
	{"D057", []string{
		`{}`,
	}, []string{}},
	{"D058", []string{
		`{"userAgent":"python-requests/2"}`,
	}, []string{
		`{"userAgent":"Mozilla/5.0"}`,
	}},
	{"D059", []string{
		`{"userIdentity":{"principalId":"AROAEXAMPLE:i-0123456789abcdef0"}}`,
		`{"userIdentity":{"principalId":"AROAEXAMPLE:i-01234567"}}`,
	}, []string{
		`{"userIdentity":{"principalId":"AROAEXAMPLE:i-0123456"}}`,
		`{"userIdentity":{"principalId":"AROAEXAMPLE:mira"}}`,
	}},
	{"D060.provider", []string{
		`{"userIdentity":{"identityProvider":"other"},"requestParameters":{"principalArn":"arn:aws:iam::111122223333:saml-provider/other"}}`,
	}, []string{
		`{"userIdentity":{"identityProvider":"accounts.example.com"},"requestParameters":{"principalArn":"arn:aws:iam::111122223333:saml-provider/other"}}`,
		`{"userIdentity":{"identityProvider":"other"},"requestParameters":{"principalArn":"accounts.example.com"}}`,
		`{"userIdentity":{"identityProvider":"other"}}`,
	}},
	{"D061", []string{
		`{"userIdentity":{"identityProvider":"accounts.example.net"}}`,
		`{"userIdentity":{"userName":"system:serviceaccount:app:default"},"sourceIPAddress":"203.0.113.9"}`,
		`{"userIdentity":{"userName":"repo:example/other:ref:refs/heads/main"}}`,
		`{"userIdentity":{"userName":"project_path:example/app:ref_type:branch:ref:main"}}`,
	}, []string{
		`{"userIdentity":{"userName":"system:serviceaccount:app:default"},"sourceIPAddress":"198.51.100.9"}`,
		`{"userIdentity":{"userName":"system:serviceaccount:app:default"},"sourceIPAddress":"AWS Internal"}`,
		`{"userIdentity":{"userName":"mira"},"sourceIPAddress":"203.0.113.9"}`,
		`{"userIdentity":{"userName":"repo:example/app:ref:refs/heads/main"}}`,
		`{"userIdentity":{"identityProvider":"accounts.example.com"}}`,
	}},
	{"D062", []string{
		`{"userIdentity":{"type":"Root"}}`,
	}, []string{
		`{"userIdentity":{"type":"IAMUser"}}`,
		`{"userIdentity":{"type":"Root","invokedBy":"support.amazonaws.com"}}`,
		`{"userIdentity":{"type":"Root"},"eventType":"AwsServiceEvent"}`,
		`{"userIdentity":{"type":"Root","sessionContext":{"assumedRoot":"true"}}}`,
	}},
	{"D063", []string{
		`{"sourceIPAddress":"203.0.113.7"}`,
	}, []string{
		`{"sourceIPAddress":"192.0.2.1"}`,
		`{"sourceIPAddress":"ec2.amazonaws.com"}`,
	}},
	{"D064", []string{
		`{"userAgent":"Boto3/1 md/Botocore ua/2 os/linux Kali"}`,
		`{"userAgent":"TruffleHog"}`,
	}, []string{
		`{"userAgent":"aws-cli/2"}`,
	}},
	{"D065", []string{
		`{"requestParameters":{"policyArn":"arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"}}`,
		`{"requestParameters":{"policyName":"AWSCompromisedKeyQuarantine"}}`,
	}, []string{
		`{"requestParameters":{"policyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}}`,
		`{"requestParameters":{"policyName":"x"}}`,
	}},
	{"D068", []string{
		`{"userIdentity":{"type":null}}`,
		`{"userIdentity":{"type":"Unknown"}}`,
	}, []string{
		`{"userIdentity":{"type":"IAMUser"}}`,
		`{"userIdentity":{"type":"Unknown"},"requestParameters":{"logins":{"x":"y"}}}`,
	}},
	{"D069", []string{
		`{}`,
	}, []string{}},
}
