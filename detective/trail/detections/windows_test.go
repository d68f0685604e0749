package detections

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// templates say what the i-th event of a windowed detection needs beside a
// source, a name and an outcome; %d is i.
var templates = map[string]string{
	"D053.hidden": `{"userIdentity":{"userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}}`,
	"D055.center": `{"userIdentity":{"onBehalfOf":{"userId":"user-1"}},"serviceEventDetails":{"CredentialVerification":"Failure"},"additionalEventData":{"CredentialType":"TOTP"}}`,
	"D071.all":    `{"userIdentity":{"arn":"arn:aws:iam::111122223333:user/u%d"},"requestParameters":{"filters":[{"key":"tag-key","values":["!none"]}]}}`,

	"D070": `{"errorCode":"Client.UnauthorizedOperation"}`, "D051": `{"userIdentity":{"type":"Root"}}`, "D053": `{"userIdentity":{"userName":"u%d"}}`, "D055": `{"errorMessage":"Invalid MFA one time pass code"}`,
	"D071": `{"requestParameters":{"secretId":"s%d"}}`, "D072": `{"requestParameters":{"withDecryption":true,"name":"p%d"}}`,
	"D130": `{"eventName":"Get%d","readOnly":true}`, "D134": `{"errorCode":"Client.UnauthorizedOperation"}`, "D135": `{"errorCode":"MalformedPolicyDocumentException","errorMessage":"Invalid principal in policy"}`,
	"D136": `{"requestParameters":{"bucketName":"b%d"}}`, "D137": `{"requestParameters":{"attribute":"userData","instanceId":"i-%d"}}`, "D138": `{"awsRegion":"r%d","requestParameters":{"serviceCode":"ec2"}}`,
	"D139": `{"userIdentity":{"accessKeyId":"AKIAEXAMPLE"}}`, "D150": `{"requestParameters":{"instanceId":"i-%d"}}`, "D151": `{"requestParameters":{"instanceIds":["i-%d"]}}`,
	"D152": `{"requestParameters":{"roleArn":"r%d"}}`, "D182": `{"eventCategory":"NetworkActivity","errorCode":"VpceAccessDenied","vpcEndpointId":"vpce-1"}`,
	"D207": `{"eventName":"DeleteFunction20150331"}`, "D131": `{"userIdentity":{"accessKeyId":"AKIA%d"}}`, "D211": `{"readOnly":false,"awsRegion":"r%d"}`,
	"D060": `{"userIdentity":{"identityProvider":"idp%d"}}`, "D089": `{"userIdentity":{"accessKeyId":"AKIA%d"}}`, "D116": `{"requestParameters":{"roleArn":"r%d"}}`,
	"D077":          `{"userIdentity":{"onBehalfOf":{"userId":"user-1"}},"sourceIPAddress":"203.0.113.%d"}`,
	"D067":          `{"userIdentity":{"onBehalfOf":{"userId":"user-1"}},"sourceIPAddress":"203.0.113.%d"}`,
	"D077.many":     `{"userIdentity":{"onBehalfOf":{"userId":"user-1"}},"serviceEventDetails":{"role_name":"r","account_id":"1111222233%d"}}`,
	"D130.instance": `{"eventName":"Get%d","readOnly":true,"userIdentity":{"sessionContext":{"ec2RoleDelivery":"2.0"}}}`,
	"D131.address":  `{"userIdentity":{"accessKeyId":"AKIA%d"},"sourceIPAddress":"203.0.113.9"}`,
	"D139.regions":  `{"awsRegion":"r%d"}`,
	"D140.refused":  `{"errorCode":"AccessDeniedException","userIdentity":{"arn":"arn:aws:iam::111122223333:user/u%d"}}`,
	"D196":          `{"requestParameters":{"snapshotId":"snap-%d"}}`,
	"D171":          `{"additionalEventData":{"bytesTransferredOut":1},"sourceIPAddress":"203.0.113.9"}`,
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

// TestWindows: the threshold within the window fires once; one event fewer, one
// second more, one event of another group or one value fewer do not.
func TestWindows(t *testing.T) {
	p := testParams()
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, d := range all(&p) {
		if d.Correlate == nil || d.Correlate.Kind == rule.Ordered || d.Correlate.Kind == rule.Temporal || d.Correlate.Kind == rule.FirstSeen {
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
		enough, late, few := spread(n, d.Correlate.Within), spread(n, d.Correlate.Within+time.Second), spread(n-1, time.Minute)
		if got := count(t, d.ID, enough); got != 1 {
			t.Errorf("%s: %d events within the window make %d findings", d.ID, n, got)
		}
		if got := count(t, d.ID, late); got != 0 {
			t.Errorf("%s: %d events a second too far apart make %d findings", d.ID, n, got)
		}
		if got := count(t, d.ID, append(few, few...)); got != 0 {
			t.Errorf("%s: %d events, each twice, make %d findings", d.ID, n-1, got)
		}
		for _, g := range d.Correlate.GroupBy {
			other := append(slices.Clone(enough[:n-1]), with(t, enough[n-1], groupPath(g), "AKIAOTHER"))
			if got := count(t, d.ID, other); got != 0 {
				t.Errorf("%s: with one of %d events in another group by %s there are %d findings", d.ID, n, g, got)
			}
		}
		if d.Correlate.Kind == rule.Distinct {
			var same []string
			for i := range n {
				same = append(same, nthEvent(t, d, 0, start.Add(time.Duration(i)*time.Second), fmt.Sprint("s", i)))
			}
			if got := count(t, d.ID, same); got != 0 {
				t.Errorf("%s: %d events of one value make %d findings", d.ID, n, got)
			}
		}
	}
}

// TestEnumerationBySource: calls of one name to two services are two, of one
// service one.
func TestEnumerationBySource(t *testing.T) {
	p := testParams()
	i := slices.IndexFunc(all(&p), func(d detection) bool { return d.ID == "D130" })
	d, start := all(&p)[i], time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	n := int(d.Correlate.Want[0].N)
	burst := func(sources int) (evs []string) {
		for i := range n {
			ev := nthEvent(t, d, i/2, start.Add(time.Duration(i)*time.Second), fmt.Sprint("e", i))
			evs = append(evs, with(t, ev, "eventSource", fmt.Sprintf("service%d.amazonaws.com", i%sources)))
		}
		return evs
	}
	if got := count(t, d.ID, burst(2)); got != 1 {
		t.Errorf("%d names of two services each make %d findings", n/2, got)
	}
	if got := count(t, d.ID, burst(1)); got != 0 {
		t.Errorf("%d calls of %d names make %d findings", n, n/2, got)
	}
}

func TestFirstSeen(t *testing.T) {
	p := testParams()
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	for _, d := range all(&p) {
		if d.Correlate == nil || d.Correlate.Kind != rule.FirstSeen {
			continue
		}
		evs := []string{nthEvent(t, d, 0, start, "a"), nthEvent(t, d, 1, start.Add(day), "b"), nthEvent(t, d, 3, start.Add(7*day-time.Second), "z"), nthEvent(t, d, 1, start.Add(8*day), "c")}
		if n := count(t, d.ID, evs); n != 0 {
			t.Errorf("%s fires %d times while it learns", d.ID, n)
		}
		evs = append(evs, nthEvent(t, d, 2, start.Add(8*day), "d"), nthEvent(t, d, 2, start.Add(9*day), "e"))
		if n := count(t, d.ID, evs); n != 1 {
			t.Errorf("%s: a newcomer after a week makes %d findings, not 1", d.ID, n)
		}
		back := start.Add(9*day + d.Correlate.Within)
		if n := count(t, d.ID, append(evs[:len(evs):len(evs)], nthEvent(t, d, 2, back, "f"))); n != 1 {
			t.Errorf("%s: one who comes back within the period makes %d findings, not 1", d.ID, n)
		}
		if n := count(t, d.ID, append(evs[:len(evs):len(evs)], nthEvent(t, d, 2, back.Add(time.Second), "f"))); n != 2 {
			t.Errorf("%s: one who comes back after the whole period makes %d findings, not 2", d.ID, n)
		}
		for _, g := range d.Correlate.GroupBy {
			next := with(t, nthEvent(t, d, 2, start.Add(9*day+time.Hour), "g"), groupPath(g), "AKIAOTHER")
			if n := count(t, d.ID, append(evs[:len(evs):len(evs)], next)); d.ID != "D211" && !slices.Contains(names(d), g) && n != 2 {
				t.Errorf("%s: another newcomer by %s makes %d findings, not 2", d.ID, g, n)
			}
		}
	}
}

// names are the group members that a condition restricts to what it lists, so
// that another value does not match at all.
func names(d detection) []string {
	if d.Events != "" {
		return []string{"eventName"}
	}
	return nil
}

// TestWindowedClauses: every test in the condition of a windowed detection, and
// of the rules that feed it, is told by an event that differs in it alone.
func TestWindowedClauses(t *testing.T) {
	p := testParams()
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, d := range all(&p) {
		if d.Correlate == nil {
			continue
		}
		for _, r := range d.rules() {
			if r.Expr == nil {
				continue
			}
			pool := []string{nthEvent(t, d, 0, at, "e")}
			if extra := windowedExtra[r.ID]; extra != nil {
				pool = nil
				for _, x := range extra {
					pool = append(pool, patch(t, plainest(d), x))
				}
			}
			if !fires(t, r, r.Expr, pool[0]) {
				t.Errorf("%s does not match %s", r.ID, pool[0])
			}
			for _, ev := range pool[:len(pool):len(pool)] {
				rule.Walk(r.Expr, func(a *rule.Atom) {
					path := a.Path.String()
					pool = append(pool, with(t, ev, path, nil), with(t, ev, path, "zz-other"))
					for _, text := range a.Texts {
						pool = append(pool, with(t, ev, path, plain.Replace(text)))
					}
				})
			}
			everyClauseMatters(t, r, pool)
		}
	}
}

// plain makes a text that a pattern or a network matches.
var plain = strings.NewReplacer("*", "x", "?", "0", ".0/24", ".7")

// windowedExtra are matching events of rules for which the template is not one,
// or not enough.
var windowedExtra = map[string][]string{
	"D119.lifecycle.stop": {`{"eventName":"StopNotebookInstance"}`}, "D119.lifecycle.start": {`{"eventName":"StartNotebookInstance"}`},
	"D119.lifecycle.change": {`{"eventName":"UpdateNotebookInstance","requestParameters":{"lifecycleConfigName":"x"}}`, `{"eventName":"UpdateNotebookInstanceLifecycleConfig"}`},
	"D093.target.rule":      {`{"eventName":"PutRule","requestParameters":{"eventPattern":"{\"source\":[\"aws.iam\"]}"}}`}, "D093.target.sent": {`{"eventName":"PutTargets","requestParameters":{"targets":[{"id":"1","arn":"arn:aws:lambda:us-east-1:444455556666:function:x"}]}}`},
	"D054.address.failed": {`{"errorMessage":"Failed authentication"}`}, "D054.address.succeeded": {`{}`},
	"D053.hidden": {`{"userIdentity":{"userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}}`, `{"errorCode":null,"errorMessage":"Failed authentication","userIdentity":{"userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}}`},

	"D054.failed": {`{"errorMessage":"Failed authentication"}`}, "D054.succeeded": {`{}`},
	"D095.stop": {`{"eventName":"StopInstances"}`}, "D095.modify": {`{"eventName":"ModifyInstanceAttribute","requestParameters":{"userData":"x"}}`}, "D095.start": {`{"eventName":"StartInstances"}`},
	"D056.in north": {`{"sourceIPAddress":"198.51.100.7"}`}, "D056.in south": {`{"sourceIPAddress":"192.0.2.7"}`, `{"sourceIPAddress":"198.51.100.200"}`},
	"D075.in office": {`{"userIdentity":{"accessKeyId":"AKIAEXAMPLE"},"sourceIPAddress":"198.51.100.7"}`}, "D075.in provider": {`{"userIdentity":{"accessKeyId":"AKIAEXAMPLE"},"sourceIPAddress":"192.0.2.7"}`, `{"userIdentity":{"accessKeyId":"AKIAEXAMPLE"},"sourceIPAddress":"198.51.100.200"}`},
	"D075.elsewhere": {`{"userIdentity":{"accessKeyId":"AKIAEXAMPLE"},"sourceIPAddress":"203.0.113.9"}`},
	"D121.create":    {`{"eventName":"CreateUser"}`}, "D121.right": {`{"eventName":"AttachUserPolicy"}`}, "D121.credential": {`{"eventName":"CreateAccessKey"}`},
	"D140": {`{}`, `{"eventName":"InvokeModel","errorCode":"ValidationException"}`},
	"D051": {`{"userIdentity":{"type":"Root"}}`, `{"errorCode":null,"errorMessage":"Failed authentication","userIdentity":{"type":"Root"}}`},
	"D053": {`{}`, `{"errorCode":null,"errorMessage":"Failed authentication"}`},
	"D055": {
		`{"errorMessage":"Invalid MFA one time pass code"}`, `{"errorCode":null,"errorMessage":"Invalid MFA one time pass code"}`,
		`{"eventName":"CredentialVerification","additionalEventData":{"CredentialType":"TOTP"}}`, `{"eventName":"CheckMfa"}`,
	},
}

func groupPath(g string) string {
	switch g {
	case "session":
		return "userIdentity.accessKeyId"
	case "principal":
		return "userIdentity.arn"
	}
	return g
}

// with is the event with another value at a path; nil removes it.
func with(t *testing.T, event, path string, value any) string {
	t.Helper()
	var e map[string]any
	if err := json.Unmarshal([]byte(event), &e); err != nil {
		t.Fatal(err)
	}
	at := e
	keys := strings.Split(path, ".")
	for _, k := range keys[:len(keys)-1] {
		next, ok := at[k].(map[string]any)
		if !ok {
			next = map[string]any{}
			at[k] = next
		}
		at = next
	}
	last := keys[len(keys)-1]
	if value == nil {
		delete(at, last)
	} else {
		at[last] = value
	}
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
