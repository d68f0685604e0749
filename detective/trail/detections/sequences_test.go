package detections

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

func TestSequences(t *testing.T) {
	at := func(minute int, patch string, id int) string {
		return fmt.Sprintf(`{"eventTime":"2026-03-01T10:%02d:00Z","eventID":"%d","recipientAccountId":"111122223333",%s}`, minute, id, patch)
	}
	fail, ok := `"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","userIdentity":{"userName":"mira"},"errorMessage":"Failed authentication"`, `"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","userIdentity":{"userName":"mira"}`
	five := []string{at(0, fail, 1), at(1, fail, 2), at(2, fail, 3), at(3, fail, 4), at(4, fail, 5)}
	from := `,"sourceIPAddress":"203.0.113.9"`
	fromOne := []string{at(0, fail+from, 1), at(1, fail+from, 2), at(2, fail+from, 3), at(3, fail+from, 4), at(4, fail+from, 5)}
	event := func(name, rp string) string {
		return fmt.Sprintf(`"awsRegion":"us-east-1","eventSource":"events.amazonaws.com","eventName":%q,"requestParameters":%s`, name, rp)
	}
	put, send := event("PutRule", `{"name":"a","eventPattern":"{\"source\":[\"aws.iam\"]}"}`), event("PutTargets", `{"rule":"a","targets":[{"arn":"arn:aws:sqs:us-east-1:444455556666:q"}]}`)
	notebook := func(name, rp string) string {
		return fmt.Sprintf(`"eventSource":"sagemaker.amazonaws.com","eventName":%q,"requestParameters":%s,"userIdentity":{"arn":"arn:aws:iam::111122223333:user/mira"}`, name, rp)
	}
	halt, script, run := notebook("StopNotebookInstance", `{}`), notebook("UpdateNotebookInstanceLifecycleConfig", `{}`), notebook("StartNotebookInstance", `{}`)
	ec2 := func(name, rp string) string {
		return fmt.Sprintf(`"eventSource":"ec2.amazonaws.com","eventName":%q,"requestParameters":%s`, name, rp)
	}
	set := `{"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"i-2"}]}}`
	iam := func(name, user string) string {
		return fmt.Sprintf(`"eventSource":"iam.amazonaws.com","eventName":%q,"requestParameters":{"userName":%q},"userIdentity":{"arn":"arn:aws:iam::111122223333:user/mira"}`, name, user)
	}
	second := func(event string) string { return strings.Replace(event, ":00Z", ":01Z", 1) } // a second later
	// D095: stop, modify, start, of which each test changes one thing.
	at11 := func(event string) string { return strings.Replace(event, "T10:00", "T11:00", 1) }
	data, one := `{"instanceId":"i-2","userData":"x"}`, `{"instancesSet":{"items":[{"instanceId":"i-1"}]}}`
	stop, modify, start := at(0, ec2("StopInstances", set), 1), at(5, ec2("ModifyInstanceAttribute", data), 2), at11(at(0, ec2("StartInstances", set), 3))
	for _, c := range []struct {
		id   string
		evs  []string
		want int
	}{
		{"D054", append(five[:5:5], at(5, ok, 6)), 1},
		{"D054", append(five[:4:4], at(5, ok, 6)), 0},
		{"D054", append(five[:5:5], at(30, ok, 6)), 1},
		{"D054", append(five[:5:5], second(at(30, ok, 6))), 0},
		{"D054", append(five[:5:5], at(5, strings.Replace(ok, "mira", "bob", 1), 6)), 0},
		{"D054", append(five[1:5:5], at(0, ok, 6), at(5, fail, 7)), 0},
		{"D054.address", append(fromOne[:5:5], at(5, ok+from, 6)), 1},
		{"D054.address", append(fromOne[:5:5], at(5, strings.Replace(ok, "mira", "bob", 1)+from, 6)), 1},
		{"D054.address", append(fromOne[:4:4], at(5, ok+from, 6)), 0},
		{"D054.address", append(fromOne[:5:5], at(30, ok+from, 6)), 1},
		{"D054.address", append(fromOne[:5:5], second(at(30, ok+from, 6))), 0},
		{"D054.address", append(fromOne[:5:5], at(5, ok+strings.Replace(from, ".9", ".8", 1), 6)), 0},
		{"D054.address", append(fromOne[1:5:5], at(0, ok+from, 6), at(5, fail+from, 7)), 0},
		{"D095", []string{at(0, ec2("StopInstances", set), 1), at(5, ec2("ModifyInstanceAttribute", `{"instanceId":"i-2","userData":"x"}`), 2), at(9, ec2("StartInstances", set), 3)}, 1},
		{"D095", []string{at(0, ec2("StopInstances", set), 1), at(5, ec2("ModifyInstanceAttribute", `{"instanceId":"i-3","userData":"x"}`), 2), at(9, ec2("StartInstances", set), 3)}, 0},
		{"D095", []string{at(0, ec2("StopInstances", set), 1), at(5, ec2("ModifyInstanceAttribute", `{"instanceId":"i-2","instanceType":"x"}`), 2), at(9, ec2("StartInstances", set), 3)}, 0},
		{"D095", []string{at(9, ec2("StopInstances", set), 1), at(5, ec2("ModifyInstanceAttribute", `{"instanceId":"i-2","userData":"x"}`), 2), at(0, ec2("StartInstances", set), 3)}, 0},
		{"D093.target", []string{at(0, put, 1), at(1, send, 2)}, 1},
		{"D093.target", []string{at(0, send, 1), at(1, put, 2)}, 1},
		{"D093.target", []string{at(0, put, 1), at(1, strings.Replace(send, `"rule":"a"`, `"rule":"b"`, 1), 2)}, 0},
		{"D093.target", []string{at(0, put, 1), at(1, strings.Replace(send, "us-east-1", "eu-west-1", 1), 2)}, 0},
		{"D093.target", []string{at(0, put, 1), at(1, strings.Replace(send, "arn:aws:sqs:us-east-1:444455556666:q", "arn:aws:sns:us-east-1:111122223333:alerts", 1), 2)}, 0},
		{"D093.target", []string{at(0, put, 1), at11(at(0, send, 2))}, 1},
		{"D093.target", []string{at(0, put, 1), second(at11(at(0, send, 2)))}, 0},
		{"D093.target", []string{at(0, put, 1)}, 0},
		{"D095", []string{stop, modify, start}, 1}, // an hour, to the second
		{"D095", []string{stop, modify, second(start)}, 0},
		{"D095", []string{second(stop), modify, second(start)}, 1},
		{"D095", []string{stop, at(0, ec2("ModifyInstanceAttribute", data), 2), at(0, ec2("StartInstances", set), 3)}, 1}, // one second has no order
		{"D095", []string{second(stop), at(0, ec2("ModifyInstanceAttribute", data), 2), start}, 0},
		{"D095", []string{at(0, ec2("StopInstances", one), 1), modify, start}, 0},
		{"D095", []string{stop, modify, at(9, ec2("StartInstances", one), 3)}, 0},
		{"D095", []string{stop, modify}, 0},
		{"D095", []string{modify, start}, 0},
		{"D095", []string{stop, at(5, `"errorCode":"Client.UnauthorizedOperation",`+ec2("ModifyInstanceAttribute", data), 2), start}, 0},
		{"D095", []string{stop, strings.Replace(modify, "ec2.amazonaws.com", "example.amazonaws.com", 1), start}, 0},
		{"D095", []string{stop, strings.Replace(modify, "ModifyInstanceAttribute", "ResetInstanceAttribute", 1), start}, 0},
		{"D119.lifecycle", []string{at(0, halt, 1), at(1, script, 2), at(2, run, 3)}, 1},
		{"D119.lifecycle", []string{at(0, halt, 1), at(1, notebook("UpdateNotebookInstance", `{"lifecycleConfigName":"x"}`), 2), at(2, run, 3)}, 1},
		{"D119.lifecycle", []string{at(0, halt, 1), at(1, notebook("UpdateNotebookInstance", `{"instanceType":"x"}`), 2), at(2, run, 3)}, 0},
		{"D119.lifecycle", []string{at(0, halt, 1), at(1, strings.Replace(script, "user/mira", "user/bob", 1), 2), at(2, run, 3)}, 0},
		{"D119.lifecycle", []string{at(0, halt, 1), at(2, script, 2), at(1, run, 3)}, 0},
		{"D119.lifecycle", []string{at(0, halt, 1), at(1, script, 2), at11(at(0, run, 3))}, 1},
		{"D119.lifecycle", []string{at(0, halt, 1), at(1, script, 2), second(at11(at(0, run, 3)))}, 0},
		{"D121", []string{at(0, iam("CreateUser", "eve"), 1), at(2, iam("CreateAccessKey", "eve"), 2), at(1, iam("AttachUserPolicy", "eve"), 3)}, 1},
		{"D121", []string{at(0, iam("CreateUser", "eve"), 1), at(2, iam("CreateAccessKey", "eve"), 2), at(1, iam("AttachUserPolicy", "bob"), 3)}, 0},
		{"D121", []string{at(0, iam("CreateUser", "eve"), 1), at(15, iam("CreateAccessKey", "eve"), 2), at(1, iam("AttachUserPolicy", "eve"), 3)}, 1},
		{"D121", []string{at(0, iam("CreateUser", "eve"), 1), second(at(15, iam("CreateAccessKey", "eve"), 2)), at(1, iam("AttachUserPolicy", "eve"), 3)}, 0},
		{"D121", []string{at(0, iam("CreateUser", "eve"), 1), at(2, iam("CreateAccessKey", "eve"), 2)}, 0},
		{"D121", []string{at(3, iam("CreateUser", "eve"), 1), at(2, iam("CreateAccessKey", "eve"), 2), at(1, iam("AttachUserPolicy", "eve"), 3)}, 0},
	} {
		if got := count(t, c.id, c.evs); got != c.want {
			t.Errorf("%s: %d findings, want %d: %s", c.id, got, c.want, strings.Join(c.evs, "\n"))
		}
	}
}

// TestRolesOfOneAccount: the roles of one account are as many as they are.
func TestRolesOfOneAccount(t *testing.T) {
	p := testParams()
	i := slices.IndexFunc(all(&p), func(d detection) bool { return d.ID == "D077.many" })
	d, start := all(&p)[i], time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, path := range []string{"serviceEventDetails.role_name", "requestParameters.roleName"} {
		var evs []string
		for i := range int(d.Correlate.Want[0].N) {
			evs = append(evs, with(t, nthEvent(t, d, 0, start.Add(time.Duration(i)*time.Second), fmt.Sprint("e", i)), path, fmt.Sprint("role-", i)))
		}
		if got := count(t, d.ID, evs); got != 1 {
			t.Errorf("%d roles by %s make %d findings", len(evs), path, got)
		}
	}
}

func ExampleRules() {
	set, err := rule.Compile(Rules(Params{OwnAccounts: []string{"111122223333"}}))
	if err != nil {
		fmt.Println(err)
	}
	log := `{"eventTime":"2026-03-01T10:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","eventID":"1","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/mira"}}`
	for h, err := range set.Run(trail.Bytes("log", []byte(log)), nil) {
		if err != nil {
			fmt.Println(err)
		}
		fmt.Println(h.Rule, h.Title, h.Level, h.Principal)
	}
	// Output: D001 Trail logging stopped high arn:aws:iam::111122223333:user/mira
}
