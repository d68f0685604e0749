package detections

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// templates say what the i-th event of a windowed detection needs beside a
// source, a name and an outcome; %d is i.
var templates = map[string]string{
	"D070": `{"errorCode":"Client.UnauthorizedOperation"}`, "D051": `{"userIdentity":{"type":"Root"}}`, "D053": `{"userIdentity":{"userName":"u%d"}}`, "D055": `{"errorMessage":"Invalid MFA one time pass code"}`,
	"D071": `{"requestParameters":{"secretId":"s%d"}}`, "D072": `{"requestParameters":{"withDecryption":true,"name":"p%d"}}`,
	"D130": `{"eventName":"Get%d","readOnly":true}`, "D134": `{"errorCode":"Client.UnauthorizedOperation"}`, "D135": `{"errorCode":"MalformedPolicyDocumentException"}`,
	"D136": `{"requestParameters":{"bucketName":"b%d"}}`, "D137": `{"requestParameters":{"attribute":"userData","instanceId":"i-%d"}}`, "D138": `{"awsRegion":"r%d"}`,
	"D139": `{"userIdentity":{"accessKeyId":"AKIAEXAMPLE"}}`, "D150": `{"requestParameters":{"instanceId":"i-%d"}}`, "D151": `{"requestParameters":{"instanceIds":["i-%d"]}}`,
	"D152": `{"requestParameters":{"roleArn":"r%d"}}`, "D182": `{"eventCategory":"NetworkActivity","errorCode":"VpceAccessDenied","vpcEndpointId":"vpce-1"}`,
	"D207": `{"eventName":"DeleteFunction20150331"}`, "D131": `{"userIdentity":{"accessKeyId":"AKIA%d"}}`, "D211": `{"readOnly":false,"awsRegion":"r%d"}`,
	"D060": `{"userIdentity":{"identityProvider":"idp%d"}}`, "D089": `{"userIdentity":{"accessKeyId":"AKIA%d"}}`, "D116": `{"requestParameters":{"roleArn":"r%d"}}`,
}

// byName detections count distinct event names.
var byName = map[string]bool{"D132": true, "D133": true, "D139": true, "D140": true}

func nthEvent(t *testing.T, d detection, i int, at time.Time, id string) string {
	p := templates[d.ID]
	if strings.Contains(p, "%d") {
		p = fmt.Sprintf(p, i)
	}
	patches := []string{fmt.Sprintf(`{"eventTime":%q,"eventID":%q}`, at.Format(time.RFC3339), id)}
	if p != "" {
		patches = append(patches, p)
	}
	if byName[d.ID] {
		names := strings.Fields(d.Events)
		patches = append(patches, fmt.Sprintf(`{"eventName":%q}`, names[i%len(names)]))
	}
	if d.Correlate.Kind == rule.FirstSeen && p == "" {
		patches = append(patches, fmt.Sprintf(`{"userIdentity":{"arn":"arn:aws:iam::111122223333:user/u%d"}}`, i))
	}
	return patch(t, plainest(d), patches...)
}

func count(t *testing.T, id string, events []string) int {
	t.Helper()
	set, err := rule.Compile(Rules(testParams()))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for h, err := range set.Run(trail.Bytes("log", []byte(strings.Join(events, "\n"))), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if h.Rule == id {
			n++
		}
	}
	return n
}

func TestWindows(t *testing.T) {
	p := testParams()
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, d := range all(&p) {
		if d.Correlate == nil || d.Correlate.Kind == rule.Ordered {
			continue
		}
		if d.Correlate.Kind == rule.FirstSeen {
			day := 24 * time.Hour
			evs := []string{nthEvent(t, d, 0, start, "a"), nthEvent(t, d, 1, start.Add(day), "b"), nthEvent(t, d, 1, start.Add(8*day), "c")}
			if n := count(t, d.ID, evs); n != 0 {
				t.Errorf("%s fires %d times while it learns", d.ID, n)
			}
			evs = append(evs, nthEvent(t, d, 2, start.Add(8*day), "d"), nthEvent(t, d, 2, start.Add(9*day), "e"))
			if n := count(t, d.ID, evs); n != 1 {
				t.Errorf("%s: a newcomer after a week makes %d findings, not 1", d.ID, n)
			}
			evs = append(evs, nthEvent(t, d, 2, start.Add(9*day+d.Correlate.Within+time.Second), "f"))
			if n := count(t, d.ID, evs); n != 2 {
				t.Errorf("%s: one who comes back after the whole period makes %d findings, not 2", d.ID, n)
			}
			continue
		}
		n := int(d.Correlate.Want[0].N)
		spread := func(k int, over time.Duration) (evs []string) {
			for i := range k {
				at := start.Add(over * time.Duration(i) / time.Duration(max(k-1, 1))).Truncate(time.Second)
				evs = append(evs, nthEvent(t, d, i, at, fmt.Sprint("e", i)))
			}
			return evs
		}
		if got := count(t, d.ID, spread(n, d.Correlate.Within)); got != 1 {
			t.Errorf("%s: %d events within the window make %d findings", d.ID, n, got)
		}
		if got := count(t, d.ID, spread(n, d.Correlate.Within+time.Second)); got != 0 {
			t.Errorf("%s: %d events a second too far apart make %d findings", d.ID, n, got)
		}
		few := spread(n-1, time.Minute)
		if got := count(t, d.ID, append(few, few...)); got != 0 {
			t.Errorf("%s: %d events, each twice, make %d findings", d.ID, n-1, got)
		}
	}
}

func TestSequences(t *testing.T) {
	at := func(minute int, patch string, id int) string {
		return fmt.Sprintf(`{"eventTime":"2026-03-01T10:%02d:00Z","eventID":"%d","recipientAccountId":"111122223333",%s}`, minute, id, patch)
	}
	fail, ok := `"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","userIdentity":{"userName":"mira"},"errorMessage":"Failed authentication"`, `"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","userIdentity":{"userName":"mira"}`
	five := []string{at(0, fail, 1), at(1, fail, 2), at(2, fail, 3), at(3, fail, 4), at(4, fail, 5)}
	ec2 := func(name, rp string) string {
		return fmt.Sprintf(`"eventSource":"ec2.amazonaws.com","eventName":%q,"requestParameters":%s`, name, rp)
	}
	set := `{"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"i-2"}]}}`
	iam := func(name, user string) string {
		return fmt.Sprintf(`"eventSource":"iam.amazonaws.com","eventName":%q,"requestParameters":{"userName":%q},"userIdentity":{"arn":"arn:aws:iam::111122223333:user/mira"}`, name, user)
	}
	for _, c := range []struct {
		id   string
		evs  []string
		want int
	}{
		{"D054", append(five[:5:5], at(5, ok, 6)), 1},
		{"D054", append(five[:4:4], at(5, ok, 6)), 0},
		{"D054", append(five[:5:5], at(35, ok, 6)), 0},
		{"D054", append(five[1:5:5], at(0, ok, 6), at(5, fail, 7)), 0},
		{"D095", []string{at(0, ec2("StopInstances", set), 1), at(5, ec2("ModifyInstanceAttribute", `{"instanceId":"i-2","userData":"x"}`), 2), at(9, ec2("StartInstances", set), 3)}, 1},
		{"D095", []string{at(0, ec2("StopInstances", set), 1), at(5, ec2("ModifyInstanceAttribute", `{"instanceId":"i-3","userData":"x"}`), 2), at(9, ec2("StartInstances", set), 3)}, 0},
		{"D095", []string{at(0, ec2("StopInstances", set), 1), at(5, ec2("ModifyInstanceAttribute", `{"instanceId":"i-2","instanceType":"x"}`), 2), at(9, ec2("StartInstances", set), 3)}, 0},
		{"D095", []string{at(9, ec2("StopInstances", set), 1), at(5, ec2("ModifyInstanceAttribute", `{"instanceId":"i-2","userData":"x"}`), 2), at(0, ec2("StartInstances", set), 3)}, 0},
		{"D121", []string{at(0, iam("CreateUser", "eve"), 1), at(2, iam("CreateAccessKey", "eve"), 2), at(1, iam("AttachUserPolicy", "eve"), 3)}, 1},
		{"D121", []string{at(0, iam("CreateUser", "eve"), 1), at(2, iam("CreateAccessKey", "eve"), 2), at(1, iam("AttachUserPolicy", "bob"), 3)}, 0},
		{"D121", []string{at(3, iam("CreateUser", "eve"), 1), at(2, iam("CreateAccessKey", "eve"), 2), at(1, iam("AttachUserPolicy", "eve"), 3)}, 0},
	} {
		if got := count(t, c.id, c.evs); got != c.want {
			t.Errorf("%s: %d findings, want %d: %s", c.id, got, c.want, strings.Join(c.evs, "\n"))
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
