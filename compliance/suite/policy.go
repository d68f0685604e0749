package suite

import "encoding/json"

// Policy is the least IAM policy, as JSON, under which the suite can read all
// that it judges: attach it to the identity that scans.
func (a Account) Policy() ([]byte, error) {
	type statement struct {
		Sid, Effect string
		Action      []string
		Resource    string
	}
	return json.MarshalIndent(struct {
		Version   string
		Statement []statement
	}{"2012-10-17", []statement{{"PostureReads", "Allow", a.Actions(), "*"}}}, "", "  ")
}
