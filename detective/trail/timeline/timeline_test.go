package timeline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

func at(minute int) string { return fmt.Sprintf("2026-03-01T10:%02d:00Z", minute) }

func line(id string, minute int, source, name, ui, rp, more string) string {
	return fmt.Sprintf(`{"eventID":%q,"eventTime":%q,"eventSource":"%s.amazonaws.com","eventName":%q,"recipientAccountId":"111122223333","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.7","userIdentity":%s,"requestParameters":%s%s}`, id, at(minute), source, name, ui, rp, more)
}

const (
	mira = `{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/mira","userName":"mira","accessKeyId":"AKIAMIRA","accountId":"111122223333"}`
	sess = `{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/ops/s","accessKeyId":"ASIA1","accountId":"111122223333","principalId":"AROA:s"}`
	bob  = `{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/bob","userName":"bob","accessKeyId":"AKIABOB","accountId":"111122223333"}`
)

var log = []string{
	line("e5", 5, "cloudtrail", "StopLogging", sess, `{"name":"arn:aws:cloudtrail:us-east-1:111122223333:trail/main"}`, ""),
	line("e1", 1, "sts", "AssumeRole", mira, `{"roleArn":"arn:aws:iam::111122223333:role/ops"}`, `,"responseElements":{"credentials":{"accessKeyId":"ASIA1","sessionToken":"FwoGZXIvYXdzEXAMPLE"}}`),
	line("e2", 2, "s3", "GetObject", sess, `{"bucketName":"data","key":"a"}`, `,"readOnly":true`),
	line("e3", 3, "s3", "GetObject", sess, `{"bucketName":"data","key":"b"}`, `,"readOnly":true`),
	line("e4", 3, "iam", "CreateLoginProfile", bob, `{"userName":"eve","password":"hunter2"}`, ""),
	line("e6", 6, "s3", "PutBucketPolicy", bob, `{"bucketName":"data","bucketPolicy":{"v":1}}`, ""),
	line("e7", 7, "s3", "PutBucketPolicy", sess, `{"bucketName":"data","bucketPolicy":{"v":2}}`, ""),
	line("e8", 8, "s3", "DeleteBucketPolicy", sess, `{"bucketName":"data"}`, `,"errorCode":"AccessDenied"`),
	line("e9", 9, "s3", "DeleteBucketPolicy", mira, `{"bucketName":"data"}`, `,"resources":[{"ARN":"arn:aws:s3:::data"}]`),
	line("e7", 7, "s3", "PutBucketPolicy", sess, `{"bucketName":"data","bucketPolicy":{"v":2}}`, ""),
	line("f1", 10, "iam", "AttachUserPolicy", bob, `{"userName":"eve","policyArn":"p1"}`, ""),
	line("f2", 11, "iam", "AttachUserPolicy", bob, `{"userName":"eve","policyArn":"p2"}`, ""),
	line("f3", 12, "iam", "DetachUserPolicy", bob, `{"userName":"eve","policyArn":"p1"}`, ""),
	`broken`,
}

func events(lines []string) Events {
	return func() iter.Seq2[*trail.Event, error] {
		return trail.Lines("log", strings.NewReader(strings.Join(lines, "\n")), 0)
	}
}

func ids(es []Entry) string {
	var out []string
	for _, e := range es {
		out = append(out, e.Events[0].ID)
	}
	return strings.Join(out, " ")
}

func TestQueries(t *testing.T) {
	day := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		q    Query
		want string
	}{
		"all":                      {Query{}, "e1 e2 e3 e4 e5 e6 e7 e8 e9 f1 f2 f3"},
		"mira and what she became": {Query{Principal: "mira"}, "e1 e2 e3 e5 e7 e8 e9"},
		"by ARN":                   {Query{Principal: "arn:aws:iam::111122223333:user/mira"}, "e1 e2 e3 e5 e7 e8 e9"},
		"by her key":               {Query{Principal: "AKIAMIRA"}, "e1 e2 e3 e5 e7 e8 e9"},
		"by the session's key":     {Query{Principal: "ASIA1"}, "e2 e3 e5 e7 e8"},
		"the role":                 {Query{Principal: "ops"}, "e2 e3 e5 e7 e8"},
		"a bucket":                 {Query{Resource: "data", Writes: true}, "e6 e7 e8 e9"},
		"a bucket by ARN":          {Query{Resource: "arn:aws:s3:::data", Writes: true}, "e6 e7 e8 e9"},
		"a trail by name":          {Query{Resource: "main"}, "e5"},
		"an action":                {Query{Action: "s3:put*"}, "e6 e7"},
		"time":                     {Query{From: day.Add(2 * time.Minute), To: day.Add(4 * time.Minute)}, "e2 e3 e4"},
		"address":                  {Query{Address: netip.MustParsePrefix("192.0.2.0/24"), Outcome: "denied"}, "e8"},
		"another address":          {Query{Address: netip.MustParsePrefix("198.51.100.0/24")}, ""},
		"outcome":                  {Query{Outcome: "failure"}, "e8"},
		"another region":           {Query{Region: "eu-west-1"}, ""},
		"another account":          {Query{Account: "444455556666"}, ""},
		"collapsed":                {Query{Principal: "ops", Collapse: true}, "e2 e5 e7 e8"},
	} {
		got, errs := Build(events(log), c.q, nil)
		if ids(got) != c.want || len(errs) != 1 {
			t.Errorf("%s: %s, want %s (errors %v)", name, ids(got), c.want, errs)
		}
	}
}

func TestEntries(t *testing.T) {
	got, _ := Build(events(log), Query{}, nil)
	byID := map[string]Entry{}
	for _, e := range got {
		byID[e.Events[0].ID] = e
	}
	if e := byID["e5"]; e.Lineage.Actor.Name != "arn:aws:iam::111122223333:user/mira" || e.Gap == "" || e.Verb != "change" {
		t.Errorf("%+v", e)
	}
	if e := byID["e4"]; strings.Contains(e.Request, "hunter2") || !strings.Contains(e.Request, "password=(hidden)") || e.Verb != "credential" || !e.Tie || byID["e2"].Tie {
		t.Errorf("%+v", e)
	}
	if e := byID["e8"]; e.Outcome != "denied" || e.Error != "AccessDenied" {
		t.Errorf("%+v", e)
	}
	var text, lines bytes.Buffer
	if err := WriteText(&text, got); err != nil {
		t.Fatal(err)
	}
	if err := WriteJSON(&lines, got); err != nil {
		t.Fatal(err)
	}
	for _, b := range []string{text.String(), lines.String()} {
		if strings.Contains(b, "hunter2") || strings.Contains(b, "FwoGZXIvYXdzEXAMPLE") {
			t.Error("a secret was printed")
		}
	}
	for l := range strings.Lines(lines.String()) {
		if !json.Valid([]byte(l)) {
			t.Errorf("not JSON: %s", l)
		}
	}
}

func TestOneCallInTwoAccounts(t *testing.T) {
	a := strings.Replace(line("a1", 1, "sts", "AssumeRole", mira, "{}", ""), "{", `{"sharedEventID":"sh",`, 1)
	b := strings.Replace(strings.Replace(line("b1", 1, "sts", "AssumeRole", `{"type":"AWSAccount","accountId":"111122223333"}`, "{}", ""), "{", `{"sharedEventID":"sh",`, 1), `"recipientAccountId":"111122223333"`, `"recipientAccountId":"444455556666"`, 1)
	got, _ := Build(events([]string{a, b}), Query{}, nil)
	if len(got) != 1 || len(got[0].Events) != 2 || got[0].Events[1].Account != "444455556666" {
		t.Errorf("%+v", got)
	}
}

func TestSecretsAndControlCharacters(t *testing.T) {
	v, _ := trail.JSON([]byte(`{"a":{"SecretString":"x"},"b":["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],"environment":{"variables":{"K":"v"}},"c":"\u001b[31mred","keyId":"AKIAEXAMPLE"}`))
	if got, want := summary(v), "{a={SecretString=(hidden)} b=[(hidden)] environment={variables={K=(hidden)}} c=?[31mred keyId=AKIAEXAMPLE}"; got != want {
		t.Errorf("%s", got)
	}
	long, _ := trail.JSON([]byte(`{"a":"` + strings.Repeat("é", 500) + `"}`))
	if got := summary(long); len(got) > maxSummary+8 || !strings.HasSuffix(got, "é…") {
		t.Errorf("%q", got)
	}
}

func TestChanges(t *testing.T) {
	for resource, want := range map[string][]string{
		"data": {
			"bucket policy: (unknown) -> {v=1} by arn:aws:iam::111122223333:user/bob",
			"bucket policy: {v=1} -> {v=2} by arn:aws:iam::111122223333:user/mira",
			"bucket policy: {v=2} -> (none) by arn:aws:iam::111122223333:user/mira",
		},
		"eve": {
			"CreateLoginProfile: (unknown) -> {userName=eve password=(hidden)} by arn:aws:iam::111122223333:user/bob",
			"attached policies: (unknown) -> p1 by arn:aws:iam::111122223333:user/bob",
			"attached policies: p1 -> p1, p2 by arn:aws:iam::111122223333:user/bob",
			"attached policies: p1, p2 -> p2 by arn:aws:iam::111122223333:user/bob",
		},
		"main": {"logging: (unknown) -> off by arn:aws:iam::111122223333:user/mira"},
		"none": nil,
	} {
		shuffled := slices.Clone(log)
		slices.Reverse(shuffled)
		for _, l := range [][]string{log, shuffled} {
			cs, _ := Changes(events(l), resource, nil)
			var got []string
			for _, c := range cs {
				got = append(got, fmt.Sprintf("%s: %s -> %s by %s", c.Aspect, c.Before, c.After, c.Lineage.Actor.Name))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s:\n got %q\nwant %q", resource, got, want)
			}
		}
	}
}
