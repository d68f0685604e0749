package detections

var lateralCases = []testCase{
	{"D153", []string{
		`{"additionalEventData":{"SwitchTo":"https://signin.example.com/switchrole?roleName=admin-role"}}`,
		`{"userIdentity":{"arn":"arn:aws:sts::111122223333:assumed-role/admin-role/x"}}`,
	}, []string{
		`{"additionalEventData":{"SwitchTo":"x"}}`,
		`{"userIdentity":{"arn":"arn:aws:sts::111122223333:assumed-role/viewer/x"}}`,
	}},
}
