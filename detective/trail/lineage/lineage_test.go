package lineage

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail"
)

func ev(t *testing.T, text string, args ...any) *trail.Event {
	t.Helper()
	e := &trail.Event{}
	if err := e.Parse([]byte(fmt.Sprintf(text, args...))); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return e
}

const (
	user  = `{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/mira","userName":"mira","accountId":"111122223333","accessKeyId":"AKIAMIRA","principalId":"AIDAMIRA"}`
	event = `{"eventID":%q,"eventTime":%q,"eventSource":%q,"eventName":%q,"recipientAccountId":"111122223333","userIdentity":%s,"requestParameters":%s,"responseElements":%s}`
)

func role(name, key, created string) string {
	k := ""
	if key != "" {
		k = `"accessKeyId":"` + key + `",`
	}
	return `{"type":"AssumedRole","principalId":"AROA` + name + `:s","arn":"arn:aws:sts::111122223333:assumed-role/` + name + `/s",` + k + `"accountId":"111122223333","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/` + name + `"},"attributes":{"creationDate":"` + created + `"}}}`
}

func assume(t *testing.T, id, at, caller, to, key string) *trail.Event {
	return ev(t, event, id, at, "sts.amazonaws.com", "AssumeRole", caller,
		`{"roleArn":"arn:aws:iam::111122223333:role/`+to+`","roleSessionName":"s","tags":[{"key":"team","value":"red"}]}`,
		`{"credentials":{"accessKeyId":"`+key+`"},"assumedRoleUser":{"assumedRoleId":"AROA`+to+`:s","arn":"arn:aws:sts::111122223333:assumed-role/`+to+`/s"}}`)
}

func TestRoleChainNamesTheUser(t *testing.T) {
	a := assume(t, "1", "2026-03-01T10:00:00Z", user, "r1", "ASIA1")
	b := assume(t, "2", "2026-03-01T10:01:00Z", role("r1", "ASIA1", "2026-03-01T10:00:00Z"), "r2", "ASIA2")
	use := ev(t, event, "3", "2026-03-01T10:05:00Z", "cloudtrail.amazonaws.com", "DeleteTrail", role("r2", "ASIA2", "2026-03-01T10:01:00Z"), "{}", "null")
	for _, order := range [][]*trail.Event{{a, b}, {b, a}, {b, a, a, b}} {
		s := &Store{}
		for _, e := range order {
			s.Add(e)
		}
		c := s.Trace(use)
		if c.Actor != (Actor{"IAM user", "arn:aws:iam::111122223333:user/mira", "111122223333"}) || c.Confidence != Proved || c.Incomplete || len(c.Hops) != 2 {
			t.Errorf("%+v", c)
		}
		if c.Hops[0].Principal != "arn:aws:iam::111122223333:role/r1" || c.Hops[1].AccessKey != "AKIAMIRA" || c.Hops[0].Tags["team"] != "red" || c.Hops[0].Event.ID != "2" {
			t.Errorf("hops %+v", c.Hops)
		}
	}
	// The middle hop is missing: the chain says so, and names no user.
	s := &Store{}
	s.Add(b)
	if c := s.Trace(use); !c.Incomplete || c.Actor.Kind != "role" || c.Confidence != Unknown || len(c.Hops) != 1 {
		t.Errorf("%+v", c)
	}
	// It comes late.
	s.Add(a)
	if c := s.Trace(use); c.Incomplete || c.Actor.Kind != "IAM user" {
		t.Errorf("%+v", c)
	}
}

func TestLinks(t *testing.T) {
	const created = "2026-03-01T10:00:00Z"
	for name, c := range map[string]struct {
		learn []*trail.Event
		use   *trail.Event
		actor string // kind: name
		conf  Confidence
		kinds string
	}{
		"session token of a user": {
			[]*trail.Event{ev(t, event, "1", created, "sts.amazonaws.com", "GetSessionToken", user, "{}", `{"credentials":{"accessKeyId":"ASIA9"}}`)},
			ev(t, event, "2", "2026-03-01T11:00:00Z", "s3.amazonaws.com", "ListBuckets", strings.Replace(user, "AKIAMIRA", "ASIA9", 1), "{}", "null"),
			"IAM user: arn:aws:iam::111122223333:user/mira", Proved, "GetSessionToken",
		},
		"key made for another user": {
			[]*trail.Event{ev(t, event, "1", created, "iam.amazonaws.com", "CreateAccessKey", user, `{"userName":"backup"}`, `{"accessKey":{"accessKeyId":"AKIABACKUP","userName":"backup"}}`)},
			ev(t, event, "2", "2026-05-01T11:00:00Z", "s3.amazonaws.com", "GetObject", `{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/backup","accessKeyId":"AKIABACKUP","accountId":"111122223333"}`, "{}", "null"),
			"IAM user: arn:aws:iam::111122223333:user/mira", Proved, "CreateAccessKey",
		},
		"no key in the event": {
			[]*trail.Event{assume(t, "1", "2026-03-01T10:00:02Z", user, "r1", "ASIA1")},
			ev(t, event, "2", "2026-03-01T10:05:00Z", "ec2.amazonaws.com", "RunInstances", role("r1", "", created), "{}", "null"),
			"IAM user: arn:aws:iam::111122223333:user/mira", Candidate, "AssumeRole",
		},
		"no key, created at another time": {
			[]*trail.Event{assume(t, "1", "2026-03-01T10:00:03Z", user, "r1", "ASIA1")},
			ev(t, event, "2", "2026-03-01T10:05:00Z", "ec2.amazonaws.com", "RunInstances", role("r1", "", created), "{}", "null"),
			"role: arn:aws:iam::111122223333:role/r1", Unknown, "",
		},
		"instance": {
			[]*trail.Event{ev(t, event, "1", created, "sts.amazonaws.com", "AssumeRole", `{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}`, `{"roleArn":"arn:aws:iam::111122223333:role/app","roleSessionName":"i-0abc"}`, `{"credentials":{"accessKeyId":"ASIAI"}}`)},
			ev(t, event, "2", "2026-03-01T10:05:00Z", "s3.amazonaws.com", "GetObject", role("app", "ASIAI", created), "{}", "null"),
			"workload: ec2.amazonaws.com i-0abc", Proved, "AssumeRole",
		},
		"a session name is no evidence": {
			nil,
			ev(t, event, "2", "2026-03-01T10:05:00Z", "s3.amazonaws.com", "GetObject", strings.ReplaceAll(role("app", "ASIAI", created), ":s\"", ":i-0abc\""), "{}", "null"),
			"role: arn:aws:iam::111122223333:role/app", Unknown, "",
		},
		"SAML": {
			[]*trail.Event{ev(t, event, "1", created, "sts.amazonaws.com", "AssumeRoleWithSAML", `{"type":"SAMLUser","userName":"ann@example.com","identityProvider":"x"}`, `{"roleArn":"arn:aws:iam::111122223333:role/fed","roleSessionName":"ann"}`, `{"credentials":{"accessKeyId":"ASIAF"}}`)},
			ev(t, event, "2", "2026-03-01T10:05:00Z", "s3.amazonaws.com", "GetObject", role("fed", "ASIAF", created), "{}", "null"),
			"SAML user: ann@example.com", Proved, "AssumeRoleWithSAML",
		},
		"Identity Center through the portal": {
			[]*trail.Event{
				ev(t, event, "1", created, "sts.amazonaws.com", "AssumeRoleWithSAML", `{"type":"SAMLUser","userName":"ann@example.com"}`, `{"roleArn":"arn:aws:iam::111122223333:role/AWSReservedSSO_Admin_1","roleSessionName":"ann@example.com"}`, `{"credentials":{"accessKeyId":"ASIAF"}}`),
				ev(t, event, "0", "2026-03-01T09:59:58Z", "sso.amazonaws.com", "GetRoleCredentials", `{"type":"IdentityCenterUser","userName":"ann@example.com","onBehalfOf":{"userId":"u-1","identityStoreArn":"x"}}`, `{"accountId":"111122223333","roleName":"Admin"}`, "null"),
			},
			ev(t, event, "2", "2026-03-01T10:05:00Z", "s3.amazonaws.com", "GetObject", role("fed", "ASIAF", created), "{}", "null"),
			"Identity Center user: u-1", Candidate, "AssumeRoleWithSAML GetRoleCredentials",
		},
		"on behalf of, in the event itself": {
			nil, ev(t, event, "2", "2026-03-01T10:05:00Z", "s3.amazonaws.com", "GetObject", `{"type":"IdentityCenterUser","onBehalfOf":{"userId":"u-1"}}`, "{}", "null"),
			"Identity Center user: u-1", Proved, "",
		},
		"console": {
			[]*trail.Event{ev(t, event, "1", "2026-03-01T10:00:04Z", "signin.amazonaws.com", "ConsoleLogin", `{"type":"IAMUser","principalId":"AIDAMIRA","userName":"mira","accountId":"111122223333","arn":"arn:aws:iam::111122223333:user/mira"}`, "null", `{"ConsoleLogin":"Success"}`)},
			ev(t, event, "2", "2026-03-01T10:05:00Z", "s3.amazonaws.com", "GetObject", `{"type":"IAMUser","principalId":"AIDAMIRA","userName":"mira","accountId":"111122223333","arn":"arn:aws:iam::111122223333:user/mira","sessionContext":{"attributes":{"creationDate":"2026-03-01T10:00:00Z"}}}`, "{}", "null"),
			"IAM user: arn:aws:iam::111122223333:user/mira", Candidate, "ConsoleLogin",
		},
		"the same call in two accounts": {
			[]*trail.Event{ev(t, `{"sharedEventID":"sh1",`+event[1:], "1", created, "sts.amazonaws.com", "AssumeRole", user, "{}", "null")},
			ev(t, `{"sharedEventID":"sh1",`+event[1:], "2", created, "sts.amazonaws.com", "AssumeRole", `{"type":"AWSAccount","principalId":"AIDAMIRA","accountId":"111122223333"}`, "{}", "null"),
			"IAM user: arn:aws:iam::111122223333:user/mira", Proved, "shared event",
		},
		"a stranger": {
			nil, ev(t, event, "2", created, "sts.amazonaws.com", "AssumeRole", `{"type":"AWSAccount","principalId":"AROAX:alice","accountId":"444455556666"}`, "{}", "null"),
			"unknown: alice, from account 444455556666", Asserted, "",
		},
		"nothing known": {
			nil, ev(t, `{"eventType":"AwsServiceEvent","userIdentity":{"accountId":"111122223333","invokedBy":"x.amazonaws.com"}}`),
			"workload: x.amazonaws.com", Proved, "",
		},
		"empty": {nil, ev(t, `{}`), "unknown: from account ", Unknown, ""},
		"a failed call issues nothing": {
			[]*trail.Event{ev(t, `{"errorCode":"AccessDenied",`+event[1:], "1", created, "sts.amazonaws.com", "GetSessionToken", user, "{}", `{"credentials":{"accessKeyId":"ASIA9"}}`)},
			ev(t, event, "2", created, "s3.amazonaws.com", "ListBuckets", role("r1", "ASIA9", created), "{}", "null"),
			"role: arn:aws:iam::111122223333:role/r1", Unknown, "",
		},
	} {
		s := &Store{}
		for _, e := range c.learn {
			s.Add(e)
		}
		got := s.Trace(c.use)
		var kinds []string
		for _, h := range got.Hops {
			kinds = append(kinds, h.Kind)
			if h.Evidence == "" || h.Event.ID == "" {
				t.Errorf("%s: a hop without evidence: %+v", name, h)
			}
		}
		if a := got.Actor.Kind + ": " + got.Actor.Name; a != c.actor || got.Confidence != c.conf || strings.Join(kinds, " ") != c.kinds {
			t.Errorf("%s: actor %q (%s) through %v", name, a, got.Confidence, kinds)
		}
	}
}

func TestForwardAccessSession(t *testing.T) {
	s := &Store{}
	c := s.Trace(ev(t, event, "1", "2026-03-01T10:00:00Z", "s3.amazonaws.com", "CreateBucket", strings.Replace(user, `"type"`, `"invokedBy":"cloudformation.amazonaws.com","type"`, 1), "{}", "null"))
	if c.Through != "cloudformation.amazonaws.com" || c.Actor.Kind != "IAM user" {
		t.Errorf("%+v", c)
	}
}

func TestCirclesEnd(t *testing.T) {
	s := &Store{}
	// Forged: two calls that each issue the other's key.
	s.Add(assume(t, "1", "2026-03-01T10:00:00Z", role("a", "ASIAB", "2026-03-01T10:00:00Z"), "b", "ASIAA"))
	s.Add(assume(t, "2", "2026-03-01T10:00:00Z", role("b", "ASIAA", "2026-03-01T10:00:00Z"), "a", "ASIAB"))
	if c := s.Trace(ev(t, event, "3", "2026-03-01T10:05:00Z", "s3.amazonaws.com", "GetObject", role("a", "ASIAB", "x"), "{}", "null")); len(c.Hops) > maxHops || c.Actor.Kind != "role" {
		t.Errorf("%+v", c)
	}
	// Legal: roles in turn, a new session each time, longer than the bound.
	s = &Store{}
	caller := user
	for i := range 40 {
		key := fmt.Sprintf("ASIA%d", i)
		s.Add(assume(t, fmt.Sprint("e", i), "2026-03-01T10:00:00Z", caller, "r", key))
		caller = role("r", key, "2026-03-01T10:00:00Z")
	}
	if c := s.Trace(ev(t, event, "z", "2026-03-01T10:05:00Z", "s3.amazonaws.com", "GetObject", caller, "{}", "null")); len(c.Hops) != maxHops || !c.Incomplete {
		t.Errorf("%d hops, incomplete %v", len(c.Hops), c.Incomplete)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	s := &Store{Max: 100}
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 2000 {
		s.Add(assume(t, fmt.Sprint(i), "2026-03-01T10:00:00Z", user, "r1", fmt.Sprintf("ASIA%d%d", i, r.IntN(10))))
	}
	if n := s.gen[0].n + s.gen[1].n; n > 100 || s.Evicted == 0 {
		t.Errorf("%d calls kept, %d counted as evicted", n, s.Evicted)
	}
}
