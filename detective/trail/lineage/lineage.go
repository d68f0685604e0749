// Package lineage leads from any event back to the human or the workload behind
// it: through role chains, session tokens, keys made for others, and the
// services that acted on somebody's behalf.
//
// The link is the access key that an STS call issued and a later call used; it
// is proved. Weaker joins (a session without a key, a console sign-in, a caller
// of another account) are candidates and say what they rest on. A role session
// name is never evidence: the caller chooses it.
//
// A [Store] learns from all events of all accounts and regions, because a
// session may be issued in one and used in another.
package lineage

import (
	"bytes"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

// Confidence is how well a link is known.
type Confidence uint8

// The confidences, weakest first.
const (
	Unknown   Confidence = iota
	Asserted             // said by the caller
	Candidate            // fits in name and time, but others could too
	Proved
)

func (c Confidence) String() string {
	return [...]string{"unknown", "asserted", "candidate", "proved"}[min(c, 3)]
}

// MarshalText writes the confidence as its word.
func (c Confidence) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Ref names the event that is a hop's evidence.
type Ref struct {
	ID      string    `json:"id"`
	Account string    `json:"account,omitempty"`
	Name    string    `json:"name"`
	Time    time.Time `json:"time"`
}

// Hop is one step back: how the credentials of the step before came to be.
type Hop struct {
	Kind       string            `json:"kind"` // "AssumeRole", "CreateAccessKey", "ConsoleLogin", "shared event" …
	Principal  string            `json:"principal"`
	Account    string            `json:"account,omitempty"`
	AccessKey  string            `json:"accessKey,omitempty"` // of the caller of Event
	Session    string            `json:"session,omitempty"`   // the session name that was asked for
	Source     string            `json:"sourceIdentity,omitempty"`
	Tags       map[string]string `json:"tags,omitempty"`
	Event      Ref               `json:"event"`
	Confidence Confidence        `json:"confidence"`
	Evidence   string            `json:"evidence"`         // what the link rests on
	Others     int               `json:"others,omitempty"` // further events that would fit as well
}

// Actor is who is behind an event.
type Actor struct {
	Kind    string `json:"kind"` // "Identity Center user", "source identity", "IAM user", "root", "SAML user", "web identity", "workload", "role", "unknown"
	Name    string `json:"name"`
	Account string `json:"account,omitempty"`
}

// Chain is the lineage of one event.
type Chain struct {
	Principal  string     `json:"principal"`         // of the event itself
	Through    string     `json:"through,omitempty"` // the service that called on the principal's behalf
	Hops       []Hop      `json:"hops,omitempty"`
	Actor      Actor      `json:"actor"`
	Confidence Confidence `json:"confidence"` // of the weakest hop
	// Incomplete: the credentials were issued by a call that is not in the
	// store. It may still come; ask again then.
	Incomplete bool `json:"incomplete,omitempty"`
}

// Store remembers the calls that issued credentials. The zero value uses the
// defaults. It is not for concurrent use.
type Store struct {
	Keep time.Duration // of event time, for sessions; default 48 h, longer than any session lives
	Max  int           // issuing calls kept, beyond which the oldest go; default 1 million
	// TrustSourceIdentity says that the trust policies enforce source
	// identities, so that one names the actor.
	TrustSourceIdentity bool

	Evicted int64 // issuing calls dropped because of Max

	gen    [2]*generation // the older one and the current one
	start  time.Time
	newest time.Time
}

// issue is one call that issued credentials.
type issue struct {
	ref         Ref
	identity    []byte // of the caller, as written
	foreign     bool   // the caller is known by its account alone
	user        string // the caller's user name, of portal calls
	service     string // the service that called in its own name
	sessionName string
	source      string
	tags        map[string]string
	role        string // the role assumed, or the user the key is for
	key         string // the access key issued
	account     string // of the session
	subject     string // of a federated caller
}

func (is *issue) caller() trail.Identity { return trail.ParseIdentity(is.identity) }

// Add learns from an event; most have nothing to teach.
func (s *Store) Add(e *trail.Event) {
	if !teaches(e) || e.Outcome() != trail.Success {
		return
	}
	kind, name := text(e, &typePath), e.Name()
	is := &issue{ref: Ref{e.ID(), e.Account(), name, e.Time()}, identity: bytes.Clone(e.IdentityJSON()), foreign: kind == "AWSAccount"}
	if kind == "AWSService" {
		is.service = text(e, &invokedByPath)
	}
	var keys []indexed
	switch e.Source() {
	case "sts.amazonaws.com":
		re := e.Response()
		key := re.Member("credentials").Member("accessKeyId").Text()
		if key == "" {
			break
		}
		is.key = key
		is.sessionName = first(e.Request().Member("roleSessionName").Text(), e.Request().Member("name").Text())
		if is.role = first(e.Request().Member("roleArn").Text(), e.Request().Member("targetPrincipal").Text()); is.role == "" {
			is.role = string(e.AppendPrincipal(nil))
		}
		is.source = first(re.Member("sourceIdentity").Text(), e.Request().Member("sourceIdentity").Text(), text(e, &sourceIdentityPath))
		is.subject = first(re.Member("subject").Text(), re.Member("subjectFromWebIdentityToken").Text())
		is.tags = tags(e.Request().Member("tags"))
		assumed, federated := re.Member("assumedRoleUser"), re.Member("federatedUser")
		id := first(assumed.Member("assumedRoleId").Text(), federated.Member("federatedUserId").Text())
		arn := first(assumed.Member("arn").Text(), federated.Member("arn").Text())
		is.account = first(accountOf(arn), accountOf(is.role), text(e, &accountPath))
		if name == "AssumeRoot" && !strings.Contains(is.role, ":") {
			is.account = is.role // the target may be given by its account id alone
		}
		keys = append(keys, indexed{byKey, key})
		if id != "" {
			keys = append(keys, indexed{bySession, id})
		}
	case "iam.amazonaws.com":
		if key := e.Response().Member("accessKey").Member("accessKeyId").Text(); key != "" && name == "CreateAccessKey" {
			is.role = e.Response().Member("accessKey").Member("userName").Text()
			is.account = text(e, &accountPath)
			keys = append(keys, indexed{byKey, key})
		}
	case "signin.amazonaws.com":
		if name == "ConsoleLogin" || name == "SwitchRole" {
			caller := is.caller()
			is.account = caller.Account
			if caller.PrincipalID != "" {
				keys = append(keys, indexed{bySession, caller.PrincipalID})
			}
			if caller.Session.SignIn != "" {
				keys = append(keys, indexed{bySignIn, caller.Session.SignIn})
			}
		}
	case "sso.amazonaws.com":
		if name == "GetRoleCredentials" {
			is.role = e.Request().Member("roleName").Text()
			is.account = first(e.Request().Member("accountId").Text(), e.Response().Member("accountId").Text())
			if d := e.Value().Member("serviceEventDetails"); is.role == "" {
				is.role, is.account = d.Member("role_name").Text(), first(d.Member("account_id").Text(), is.account)
			}
			is.user = is.caller().UserName
			keys = append(keys, indexed{byPortal, ""})
		}
	}
	if id := e.SharedID(); id != "" && !is.foreign && kind != "" {
		keys = append(keys, indexed{byShared, id})
	}
	if keys != nil {
		s.put(is, keys)
	}
}

var (
	sourcePath = trail.P("eventSource")
	sharedPath = trail.P("sharedEventID")

	typePath           = trail.P("userIdentity.type")
	accountPath        = trail.P("userIdentity.accountId")
	invokedByPath      = trail.P("userIdentity.invokedBy")
	sourceIdentityPath = trail.P("userIdentity.sessionContext.sourceIdentity")
)

// teaches is false of most events of which it can be said at a glance that they
// issue no credentials and are not shared with another account.
func teaches(e *trail.Event) bool {
	source, ok := e.Plain(&sourcePath)
	if !ok {
		return true
	}
	switch string(source) {
	case "sts.amazonaws.com", "iam.amazonaws.com", "signin.amazonaws.com", "sso.amazonaws.com":
		return true
	}
	shared, ok := e.Scalar(&sharedPath)
	return !ok || shared.Kind() != trail.KindAbsent
}

// text is the text at a path of the caller.
func text(e *trail.Event, p *trail.Path) string { return string(e.AppendText(nil, p)) }

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func accountOf(arn string) string {
	if f := strings.SplitN(arn, ":", 6); len(f) == 6 {
		return f[4]
	}
	return ""
}

func tags(v trail.Value) map[string]string {
	var m map[string]string
	for t := range v.Elements {
		if k := t.Member("key").Text(); k != "" {
			if m == nil {
				m = map[string]string{}
			}
			m[k] = t.Member("value").Text()
		}
	}
	return m
}
