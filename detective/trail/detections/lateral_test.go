package detections

var lateralCases = []testCase{
	{"D150.serial", []string{
		`{}`,
	}, []string{
		`{"eventName":"SendSSHPublicKey"}`,
	}},
	{"D151.tags", []string{
		`{"requestParameters":{"targets":[{"key":"InstanceIds","values":["i-1"]},{"key":"tag:team","values":["web"]}]}}`,
		`{"requestParameters":{"targets":[{"key":"tag-key","values":["team"]}]}}`,
		`{"requestParameters":{"targets":[{"key":"resource-groups:Name","values":["fleet"]}]}}`,
		`{"requestParameters":{"targets":[{"key":"InstanceIds","values":["*"]}]}}`,
	}, []string{
		`{"requestParameters":{"targets":[{"key":"InstanceIds","values":["i-1"]}]}}`,
		`{"requestParameters":{"instanceIds":["i-1"]}}`,
	}},
	{"D151.document", []string{
		`{"eventName":"SendCommand","requestParameters":{"documentName":"AWS-RunShellScript"}}`,
		`{"eventName":"SendCommand","requestParameters":{"documentName":"AWS-RunPowerShellScript"}}`,
		`{"eventName":"SendCommand","requestParameters":{"documentName":"arn:aws:ssm:us-east-1::document/AWS-RunShellScript"}}`,
		`{"requestParameters":{"documentName":"arn:aws:ssm:us-east-1:444455556666:document/example"}}`,
	}, []string{
		`{"eventName":"SendCommand","requestParameters":{"documentName":"AWS-RunPatchBaseline"}}`,
		`{"eventName":"SendCommand","requestParameters":{"documentName":"arn:aws:ssm:us-east-1::document/AWS-RunPatchBaseline"}}`,
		`{"requestParameters":{"documentName":"arn:aws:ssm:us-east-1:111122223333:document/example"}}`,
		`{"requestParameters":{"target":"i-1"}}`,
	}},
	{"D153", []string{
		`{"additionalEventData":{"SwitchTo":"https://signin.example.com/switchrole?roleName=admin-role"}}`,
		`{"userIdentity":{"arn":"arn:aws:sts::111122223333:assumed-role/admin-role/x"}}`,
	}, []string{
		`{"additionalEventData":{"SwitchTo":"x"}}`,
		`{"userIdentity":{"arn":"arn:aws:sts::111122223333:assumed-role/viewer/x"}}`,
	}},
}
