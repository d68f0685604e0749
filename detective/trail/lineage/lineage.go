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

// generation holds what was learned in one span of event time.
type generation struct {
	keys   map[string]*issue   // by the access key issued
	sess   map[string][]*issue // by account and principal id of the session
	shared map[string]*issue   // by shared event id: the caller in its own account
	signIn map[string]*issue   // by sign-in session
	portal []*issue            // Identity Center's GetRoleCredentials
	n      int
}

func newGeneration() *generation {
	return &generation{keys: map[string]*issue{}, sess: map[string][]*issue{}, shared: map[string]*issue{}, signIn: map[string]*issue{}}
}

// issue is one call that issued credentials.
type issue struct {
	ref         Ref
	caller      trail.Identity
	service     string // the service that called in its own name
	sessionName string
	source      string
	tags        map[string]string
	role        string // the role assumed, or the user the key is for
	key         string // the access key issued
	account     string // of the session
	subject     string // of a federated caller
}

// Add learns from an event; most have nothing to teach.
func (s *Store) Add(e *trail.Event) {
	if e.Outcome() != trail.Success {
		return
	}
	is := newIssue(e)
	name := e.Name()
	var keys []string // index keys by kind
	switch e.Source() {
	case "sts.amazonaws.com":
		re := e.Response()
		key := re.Member("credentials").Member("accessKeyId").Text()
		if key == "" {
			break
		}
		is.key = key
		is.sessionName = first(e.Request().Member("roleSessionName").Text(), e.Request().Member("name").Text())
		is.role = first(e.Request().Member("roleArn").Text(), e.Request().Member("targetPrincipal").Text(), is.caller.Principal())
		is.source = first(re.Member("sourceIdentity").Text(), e.Request().Member("sourceIdentity").Text(), is.caller.Session.SourceIdentity)
		is.subject = first(re.Member("subject").Text(), re.Member("subjectFromWebIdentityToken").Text())
		is.tags = tags(e.Request().Member("tags"))
		assumed, federated := re.Member("assumedRoleUser"), re.Member("federatedUser")
		id := first(assumed.Member("assumedRoleId").Text(), federated.Member("federatedUserId").Text())
		arn := first(assumed.Member("arn").Text(), federated.Member("arn").Text())
		is.account = first(accountOf(arn), accountOf(is.role), is.caller.Account)
		if name == "AssumeRoot" && !strings.Contains(is.role, ":") {
			is.account = is.role // the target may be given by its account id alone
		}
		keys = append(keys, "key "+key)
		if id != "" {
			keys = append(keys, "session "+id)
		}
	case "iam.amazonaws.com":
		if key := e.Response().Member("accessKey").Member("accessKeyId").Text(); key != "" && name == "CreateAccessKey" {
			is.role = e.Response().Member("accessKey").Member("userName").Text()
			is.account = is.caller.Account
			keys = append(keys, "key "+key)
		}
	case "signin.amazonaws.com":
		if name == "ConsoleLogin" || name == "SwitchRole" {
			is.account = is.caller.Account
			if is.caller.PrincipalID != "" {
				keys = append(keys, "session "+is.caller.PrincipalID)
			}
			if is.caller.Session.SignIn != "" {
				keys = append(keys, "signin "+is.caller.Session.SignIn)
			}
		}
	case "sso.amazonaws.com":
		if name == "GetRoleCredentials" {
			is.role = e.Request().Member("roleName").Text()
			is.account = first(e.Request().Member("accountId").Text(), e.Response().Member("accountId").Text())
			if d := e.Value().Member("serviceEventDetails"); is.role == "" {
				is.role, is.account = d.Member("role_name").Text(), first(d.Member("account_id").Text(), is.account)
			}
			keys = append(keys, "portal")
		}
	}
	if id := e.SharedID(); id != "" && is.caller.Type != "AWSAccount" && is.caller.Type != "" {
		keys = append(keys, "shared "+id)
	}
	if keys != nil {
		s.put(is, keys)
	}
}

func newIssue(e *trail.Event) *issue {
	id := e.Identity()
	is := &issue{ref: Ref{e.ID(), e.Account(), e.Name(), e.Time()}, caller: id}
	if id.Type == "AWSService" {
		is.service = id.InvokedBy
	}
	return is
}

func (s *Store) put(is *issue, keys []string) {
	keep, limit := s.Keep, s.Max
	if keep <= 0 {
		keep = 48 * time.Hour
	}
	if limit <= 0 {
		limit = 1_000_000
	}
	t := is.ref.Time
	if s.gen[1] == nil {
		s.gen[0], s.gen[1], s.start = newGeneration(), newGeneration(), t
	}
	if t.After(s.newest) {
		s.newest = t
	}
	full := s.gen[1].n >= max(limit/2, 1)
	if full || s.newest.Sub(s.start) > keep {
		if full {
			s.Evicted += int64(s.gen[0].n)
		}
		// Keys of IAM users do not expire: they move on, unless memory is short.
		next := newGeneration()
		if !full {
			for k, v := range s.gen[0].keys {
				if strings.HasPrefix(k, "AKIA") {
					s.gen[1].keys[k] = v
				}
			}
		}
		s.gen[0], s.gen[1], s.start = s.gen[1], next, s.newest
	}
	g := s.gen[1]
	g.n++
	for _, k := range keys {
		kind, v, _ := strings.Cut(k, " ")
		switch kind {
		case "key":
			// The same call seen twice, or in two accounts: the first with a
			// full caller stays.
			if old := g.keys[v]; old == nil || old.caller.Type == "AWSAccount" {
				g.keys[v] = is
			}
		case "session":
			g.sess[v] = append(g.sess[v], is)
		case "signin":
			g.signIn[v] = is
		case "shared":
			g.shared[v] = is
		case "portal":
			g.portal = append(g.portal, is)
		}
	}
}

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
