package lineage

import (
	"slices"
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail"
)

func learn(s *Store, events ...*trail.Event) *Store {
	for _, e := range events {
		s.Add(e)
	}
	return s
}

// bothWays traces after the events arrived in either order.
func bothWays(t *testing.T, s Store, use *trail.Event, events ...*trail.Event) Chain {
	t.Helper()
	a, b := s, s
	first := learn(&a, events...).Trace(use)
	slices.Reverse(events)
	second := learn(&b, events...).Trace(use)
	if first.Actor != second.Actor || first.Confidence != second.Confidence || len(first.Hops) != len(second.Hops) {
		t.Errorf("the order of arrival matters:\n%+v\n%+v", first, second)
	}
	return first
}

var other = strings.NewReplacer("mira", "bob", "MIRA", "BOB").Replace(user)

// TestSessionNameReuse: two people assume one role with one session name.
func TestSessionNameReuse(t *testing.T) {
	mira := assume(t, "1", "2026-03-01T10:00:00Z", user, "r1", "ASIA1")
	bob := assume(t, "2", "2026-03-01T10:00:01Z", other, "r1", "ASIA2")
	at := func(key, created string) *trail.Event {
		return ev(t, event, "9", "2026-03-01T10:05:00Z", "ec2.amazonaws.com", "RunInstances", role("r1", key, created), "{}", "null")
	}
	if c := bothWays(t, Store{}, at("ASIA2", "2026-03-01T10:00:01Z"), mira, bob); !strings.HasSuffix(c.Actor.Name, "user/bob") || c.Confidence != Proved {
		t.Errorf("by the key: %+v", c)
	}
	// The key of a third session: neither of the two, however near.
	if c := bothWays(t, Store{}, at("ASIA3", "2026-03-01T10:00:01Z"), mira, bob); c.Actor.Kind != "role" || !c.Incomplete {
		t.Errorf("another key: %+v", c)
	}
	// Without a key the nearer one is the candidate, and the other is counted.
	for created, want := range map[string]string{"2026-03-01T10:00:00Z": "user/mira", "2026-03-01T10:00:01Z": "user/bob", "2026-03-01T09:59:59Z": "user/mira"} {
		if c := bothWays(t, Store{}, at("", created), mira, bob); !strings.HasSuffix(c.Actor.Name, want) || c.Confidence != Candidate || c.Hops[0].Others != 1 {
			t.Errorf("created %s: %+v", created, c)
		}
	}
	// Delivered twice is one candidate.
	if c := bothWays(t, Store{}, at("", "2026-03-01T10:00:00Z"), mira, mira); c.Hops[0].Others != 0 {
		t.Errorf("twice: %+v", c.Hops)
	}
}

// TestStrangerOfASession: a caller of another account is joined to a session
// that can still be alive.
func TestStrangerOfASession(t *testing.T) {
	issue := assume(t, "1", "2026-03-01T10:00:00Z", user, "r1", "ASIA1")
	for at, want := range map[string]Confidence{"2026-03-01T22:00:00Z": Candidate, "2026-03-01T22:00:01Z": Asserted, "2026-03-01T09:59:59Z": Asserted} {
		use := ev(t, event, "2", at, "s3.amazonaws.com", "GetObject", `{"type":"AWSAccount","principalId":"AROAr1:s","accountId":"111122223333"}`, "{}", "null")
		if c := bothWays(t, Store{}, use, issue); c.Confidence != want {
			t.Errorf("%s: %+v", at, c)
		}
	}
}

// TestCrossAccountTwins: the target's record of AssumeRole names only the
// principal; the caller's account has the rest.
func TestCrossAccountTwins(t *testing.T) {
	mine := assume(t, "1", "2026-03-01T10:00:00Z", user, "r1", "ASIA1")
	theirs := assume(t, "2", "2026-03-01T10:00:00Z", `{"type":"AWSAccount","principalId":"AIDAMIRA","accountId":"111122223333"}`, "r1", "ASIA1")
	for _, key := range []string{"ASIA1", ""} {
		use := ev(t, event, "3", "2026-03-01T10:05:00Z", "s3.amazonaws.com", "GetObject", role("r1", key, "2026-03-01T10:00:00Z"), "{}", "null")
		if c := bothWays(t, Store{}, use, mine, theirs); c.Actor.Kind != "IAM user" || c.Hops[0].Others != 0 {
			t.Errorf("key %q: %+v", key, c)
		}
	}
}

// TestAssumeRoot: who takes a member's root is the one who asked, not the
// member's owner.
func TestAssumeRoot(t *testing.T) {
	root := func(key string) string {
		return `{"type":"Root","principalId":"444455556666","arn":"arn:aws:iam::444455556666:root","accountId":"444455556666","accessKeyId":"` + key + `","sessionContext":{"assumedRoot":"true","attributes":{"creationDate":"2026-03-01T10:00:00Z"}}}`
	}
	for _, target := range []string{"444455556666", "arn:aws:iam::444455556666:root"} {
		issue := ev(t, event, "1", "2026-03-01T10:00:00Z", "sts.amazonaws.com", "AssumeRoot", user, `{"targetPrincipal":"`+target+`"}`, `{"credentials":{"accessKeyId":"ASIAROOT"}}`)
		use := ev(t, event, "2", "2026-03-01T10:05:00Z", "s3.amazonaws.com", "DeleteBucketPolicy", root("ASIAROOT"), "{}", "null")
		if c := bothWays(t, Store{}, use, issue); c.Actor.Kind != "IAM user" || c.Confidence != Proved || c.Incomplete || c.Hops[0].Kind != "AssumeRoot" {
			t.Errorf("%+v", c)
		}
	}
	use := ev(t, event, "2", "2026-03-01T10:05:00Z", "s3.amazonaws.com", "DeleteBucketPolicy", root("ASIAROOT"), "{}", "null")
	if c := (&Store{}).Trace(use); !c.Incomplete || c.Confidence != Unknown {
		t.Errorf("without the call that issued it, the owner is named as %s: %+v", c.Confidence, c)
	}
	owner := ev(t, event, "2", "2026-03-01T10:05:00Z", "s3.amazonaws.com", "DeleteBucketPolicy", strings.Replace(root(""), `"assumedRoot":"true",`, "", 1), "{}", "null")
	if c := (&Store{}).Trace(owner); c.Incomplete || c.Actor.Kind != "root" || c.Confidence != Proved {
		t.Errorf("the owner: %+v", c)
	}
}

// TestFederationToken: the record itself names the user whose key asked.
func TestFederationToken(t *testing.T) {
	federated := func(key string) string {
		return `{"type":"FederatedUser","principalId":"111122223333:guest","arn":"arn:aws:sts::111122223333:federated-user/guest","accountId":"111122223333","accessKeyId":"` + key +
			`","sessionContext":{"sessionIssuer":{"type":"IAMUser","principalId":"AIDAMIRA","arn":"arn:aws:iam::111122223333:user/mira","accountId":"111122223333"},"attributes":{"creationDate":"2026-03-01T10:00:00Z"}}}`
	}
	issue := ev(t, event, "1", "2026-03-01T10:00:00Z", "sts.amazonaws.com", "GetFederationToken", user, `{"name":"guest"}`,
		`{"credentials":{"accessKeyId":"ASIAF"},"federatedUser":{"federatedUserId":"111122223333:guest","arn":"arn:aws:sts::111122223333:federated-user/guest"}}`)
	for key, want := range map[string]Confidence{"ASIAF": Proved, "": Candidate} {
		use := ev(t, event, "2", "2026-03-01T10:05:00Z", "s3.amazonaws.com", "GetObject", federated(key), "{}", "null")
		if c := bothWays(t, Store{}, use, issue); c.Actor.Kind != "IAM user" || c.Confidence != want || c.Incomplete || len(c.Hops) != 1 {
			t.Errorf("key %q: %+v", key, c)
		}
		if c := (&Store{}).Trace(use); c.Actor != (Actor{"IAM user", "arn:aws:iam::111122223333:user/mira", "111122223333"}) || !c.Incomplete {
			t.Errorf("key %q alone: %+v", key, c)
		}
	}
}

// TestPortal: a portal call stands for the role it asked for only.
func TestPortal(t *testing.T) {
	saml := func(role string) *trail.Event {
		return ev(t, event, "1", "2026-03-01T10:00:00Z", "sts.amazonaws.com", "AssumeRoleWithSAML", `{"type":"SAMLUser","userName":"ann@example.com"}`,
			`{"roleArn":"arn:aws:iam::111122223333:role/`+role+`","roleSessionName":"ann@example.com"}`, `{"credentials":{"accessKeyId":"ASIAF"}}`)
	}
	portal := func(id, at, user, rp string) *trail.Event {
		return ev(t, event, id, at, "sso.amazonaws.com", "GetRoleCredentials", `{"type":"IdentityCenterUser",`+user+`"onBehalfOf":{"userId":"`+id+`","identityStoreArn":"x"}}`, rp, "null")
	}
	const ann, rp = `"userName":"ann@example.com",`, `{"accountId":"111122223333","roleName":"Admin"}`
	reserved := "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"
	use := ev(t, event, "9", "2026-03-01T10:05:00Z", "s3.amazonaws.com", "GetObject", role("fed", "ASIAF", "2026-03-01T10:00:00Z"), "{}", "null")
	details := strings.Replace(event, `"eventID"`, `"serviceEventDetails":{"role_name":"Admin","account_id":"111122223333"},"eventID"`, 1)
	for what, c := range map[string]struct {
		events []*trail.Event
		want   string
	}{
		"it ends after the session began": {[]*trail.Event{saml(reserved), portal("u-1", "2026-03-01T10:00:01Z", ann, rp)}, "u-1"},
		"five seconds":                    {[]*trail.Event{saml(reserved), portal("u-1", "2026-03-01T09:59:55Z", ann, rp)}, "u-1"},
		"six seconds":                     {[]*trail.Event{saml(reserved), portal("u-1", "2026-03-01T09:59:54Z", ann, rp)}, "ann@example.com"},
		"another role":                    {[]*trail.Event{saml(reserved), portal("u-1", "2026-03-01T10:00:00Z", ann, `{"accountId":"111122223333","roleName":"ReadOnly"}`)}, "ann@example.com"},
		"another account":                 {[]*trail.Event{saml(reserved), portal("u-1", "2026-03-01T10:00:00Z", ann, `{"accountId":"444455556666","roleName":"Admin"}`)}, "ann@example.com"},
		"another user":                    {[]*trail.Event{saml(reserved), portal("u-1", "2026-03-01T10:00:00Z", `"userName":"bea@example.com",`, rp)}, "ann@example.com"},
		"a role of another provider":      {[]*trail.Event{saml("Admin"), portal("u-1", "2026-03-01T10:00:00Z", ann, rp)}, "ann@example.com"},
		"no user name":                    {[]*trail.Event{saml(reserved), portal("u-1", "2026-03-01T10:00:00Z", "", rp)}, "u-1"},
		"the nearest":                     {[]*trail.Event{saml(reserved), portal("u-2", "2026-03-01T09:59:57Z", ann, rp), portal("u-1", "2026-03-01T09:59:59Z", ann, rp)}, "u-1"},
		"equally near":                    {[]*trail.Event{saml(reserved), portal("u-2", "2026-03-01T09:59:59Z", ann, rp), portal("u-1", "2026-03-01T09:59:59Z", ann, rp)}, "u-1"},
		"in the service's details": {[]*trail.Event{saml(reserved), ev(t, details, "u-1", "2026-03-01T10:00:00Z", "sso.amazonaws.com", "GetRoleCredentials",
			`{"type":"Unknown",`+ann+`"onBehalfOf":{"userId":"u-1"}}`, "null", "null")}, "u-1"},
	} {
		got := bothWays(t, Store{}, use, c.events...)
		if got.Actor.Name != c.want || c.want == "u-1" && got.Confidence != Candidate {
			t.Errorf("%s: %+v", what, got)
		}
	}
}

// TestSourceIdentity: it is set once, stays through further roles, and names
// the actor only for those who say that it is enforced.
func TestSourceIdentity(t *testing.T) {
	with := func(e string) string {
		return strings.Replace(e, `"sessionContext":{`, `"sessionContext":{"sourceIdentity":"ann",`, 1)
	}
	service := ev(t, event, "1", "2026-03-01T10:00:00Z", "sts.amazonaws.com", "AssumeRole", `{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}`, `{"roleArn":"arn:aws:iam::111122223333:role/r1","roleSessionName":"i-0abc"}`, `{"credentials":{"accessKeyId":"ASIA1"}}`)
	set := ev(t, event, "2", "2026-03-01T10:01:00Z", "sts.amazonaws.com", "AssumeRole", role("r1", "ASIA1", "2026-03-01T10:00:00Z"), `{"roleArn":"arn:aws:iam::111122223333:role/r2","sourceIdentity":"ann"}`, `{"credentials":{"accessKeyId":"ASIA2"},"sourceIdentity":"ann"}`)
	further := ev(t, event, "3", "2026-03-01T10:02:00Z", "sts.amazonaws.com", "AssumeRole", with(role("r2", "ASIA2", "2026-03-01T10:01:00Z")), `{"roleArn":"arn:aws:iam::111122223333:role/r3"}`, `{"credentials":{"accessKeyId":"ASIA3"}}`)
	use := ev(t, event, "4", "2026-03-01T10:03:00Z", "s3.amazonaws.com", "GetObject", with(role("r3", "ASIA3", "2026-03-01T10:02:00Z")), "{}", "null")
	c := bothWays(t, Store{TrustSourceIdentity: true}, use, service, set, further)
	if c.Actor.Kind != "source identity" || c.Actor.Name != "ann" || len(c.Hops) != 3 || c.Hops[0].Source != "ann" || c.Hops[2].Source != "" {
		t.Errorf("trusted: %+v", c)
	}
	if c := bothWays(t, Store{}, use, service, set, further); c.Actor.Kind != "workload" {
		t.Errorf("not trusted: %+v", c)
	}
	// No hop is known: the event itself shows it.
	if c := (&Store{TrustSourceIdentity: true}).Trace(use); c.Actor.Name != "ann" {
		t.Errorf("alone: %+v", c)
	}
	// An Identity Center user is named before any source identity.
	on := ev(t, event, "5", "2026-03-01T10:03:00Z", "s3.amazonaws.com", "GetObject", strings.Replace(with(role("r3", "ASIA3", "x")), `{"type"`, `{"onBehalfOf":{"userId":"u-1"},"type"`, 1), "{}", "null")
	if c := bothWays(t, Store{TrustSourceIdentity: true}, on, service, set, further); c.Actor.Kind != "Identity Center user" {
		t.Errorf("%+v", c)
	}
}

// TestSignInSession: a call in the second of the sign-in belongs to it, and the
// sign-in does not come from itself.
func TestSignInSession(t *testing.T) {
	const session = `{"type":"IAMUser","principalId":"AIDAMIRA","userName":"mira","accountId":"111122223333","arn":"arn:aws:iam::111122223333:user/mira","signInSessionArn":"arn:aws:signin:us-east-1:111122223333:session/1"}`
	login := ev(t, event, "1", "2026-03-01T10:00:00Z", "signin.amazonaws.com", "ConsoleLogin", session, "null", `{"ConsoleLogin":"Success"}`)
	use := ev(t, event, "2", "2026-03-01T10:00:00Z", "s3.amazonaws.com", "ListBuckets", session, "{}", "null")
	if c := bothWays(t, Store{}, use, login); len(c.Hops) != 1 || c.Confidence != Proved {
		t.Errorf("%+v", c)
	}
	if c := bothWays(t, Store{}, login, login); len(c.Hops) != 0 || c.Actor.Kind != "IAM user" {
		t.Errorf("the sign-in: %+v", c)
	}
}
