package lineage

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

// maxHops bounds a chain. Roles may assume each other in a circle; sessions
// cannot, but a log can be forged.
const maxHops = 32

// Trace finds the lineage of an event.
func (s *Store) Trace(e *trail.Event) Chain {
	id := e.Identity()
	c := Chain{Principal: id.Principal(), Confidence: Proved}
	if id.Type != "AWSService" {
		c.Through = id.InvokedBy
	}
	at := e.Time()
	seen := map[string]bool{e.ID() + e.Account(): true} // a sign-in is not its own origin
	shared, asked := e.SharedID(), ""
	for {
		if id.OnBehalfOf.UserID != "" {
			c.Actor = Actor{"Identity Center user", id.OnBehalfOf.UserID, id.Account}
			return c
		}
		if len(c.Hops) >= maxHops {
			c.Incomplete = true
			break
		}
		is, hop, ok := s.back(id, at, shared, asked)
		shared = ""
		if !ok || seen[is.ref.ID+is.ref.Account] {
			break
		}
		seen[is.ref.ID+is.ref.Account] = true
		hop.Kind = is.ref.Name
		if hop.Evidence == sharedEvidence {
			hop.Kind = "shared event"
		}
		caller := is.caller()
		hop.Principal, hop.Account, hop.AccessKey = caller.Principal(), caller.Account, caller.AccessKey
		hop.Session, hop.Source, hop.Tags, hop.Event = is.sessionName, is.source, is.tags, is.ref
		c.Hops = append(c.Hops, hop)
		c.Confidence = min(c.Confidence, hop.Confidence)
		if is.service != "" {
			if !c.bySource(s.TrustSourceIdentity, e.Identity(), is.account) {
				c.Actor = Actor{"workload", strings.TrimSpace(is.service + " " + is.sessionName), is.account}
			}
			return c
		}
		if is.subject != "" && caller.UserName == "" {
			caller.UserName = is.subject
		}
		// A console sign-in is made by the principal itself: what is before it
		// is the sign-in's own history.
		if is.ref.Name == "ConsoleLogin" && caller.PrincipalID == id.PrincipalID && caller.Session.Created == id.Session.Created {
			id = caller
			break
		}
		id, at, asked = caller, is.ref.Time, is.role
	}
	if !c.bySource(s.TrustSourceIdentity, e.Identity(), id.Account) {
		c.finish(id)
	}
	return c
}

// bySource names the actor by the source identity. Once set it stays through
// all further roles, so any hop may be the one that shows it.
func (c *Chain) bySource(trusted bool, id trail.Identity, account string) bool {
	source := id.Session.SourceIdentity
	for _, h := range c.Hops {
		source = first(source, h.Source)
	}
	if !trusted || source == "" {
		return false
	}
	c.Actor = Actor{"source identity", source, account}
	return true
}

// finish names the actor at the chain's root.
func (c *Chain) finish(id trail.Identity) {
	session := strings.HasPrefix(id.AccessKey, "ASIA")
	issuer := id.Session.IssuerARN
	switch {
	case id.Type == "Root" && id.Session.AssumedRoot:
		// Central root access: somebody of another account, by AssumeRoot.
		c.Actor, c.Incomplete, c.Confidence = Actor{"root", first(id.ARN, id.Account), id.Account}, true, Unknown
	case id.Type == "Root":
		c.Actor = Actor{"root", first(id.ARN, id.Account), id.Account}
	case id.Type == "FederatedUser" && issuer != "":
		// CloudTrail names the user, or root, whose key asked for the token.
		kind := "IAM user"
		if id.Session.IssuerType == "Root" {
			kind = "root"
		}
		c.Actor, c.Incomplete = Actor{kind, issuer, first(id.Session.IssuerAccount, id.Account)}, true
	case id.Type == "SAMLUser":
		c.Actor = Actor{"SAML user", id.UserName, id.Account}
	case id.Type == "WebIdentityUser":
		c.Actor = Actor{"web identity", id.UserName, id.Account}
	case id.Type == "IAMUser":
		// A session token of a user is still the user's, whichever key asked.
		c.Actor = Actor{"IAM user", first(id.ARN, id.UserName), id.Account}
		c.Incomplete = c.Incomplete || session
	case id.Type == "AWSService" || id.Type == "" && id.InvokedBy != "":
		c.Actor = Actor{"workload", id.InvokedBy, id.Account}
	case id.Session.RoleDelivery != "":
		c.Actor = Actor{"workload", "ec2.amazonaws.com " + id.SessionName(), id.Account}
	case id.Type == "AssumedRole":
		c.Actor, c.Incomplete, c.Confidence = Actor{"role", id.Role(), id.Account}, true, Unknown
	default:
		c.Actor, c.Incomplete, c.Confidence = Actor{"unknown", "from account " + id.Account, id.Account}, true, Unknown
		if name := id.SessionName(); name != "" {
			c.Actor.Name = name + ", from account " + id.Account
			c.Confidence = Asserted
		}
	}
}

const sharedEvidence = "the same call, recorded in the caller's own account"

// back finds the call that issued the credentials of an identity.
// asked is the role that a federated caller assumed.
func (s *Store) back(id trail.Identity, at time.Time, shared, asked string) (*issue, Hop, bool) {
	if shared != "" && id.Type == "AWSAccount" {
		for _, g := range s.gens() {
			if is := g.shared[shared]; is != nil {
				return is, Hop{Confidence: Proved, Evidence: sharedEvidence}, true
			}
		}
	}
	if id.AccessKey != "" {
		for _, g := range s.gens() {
			if is := g.keys[id.AccessKey]; is != nil {
				return is, Hop{Confidence: Proved, Evidence: "access key " + id.AccessKey}, true
			}
		}
	}
	if id.Session.SignIn != "" {
		for _, g := range s.gens() {
			if is := g.signIn[id.Session.SignIn]; is != nil && !is.ref.Time.After(at) {
				return is, Hop{Confidence: Proved, Evidence: "sign-in session " + id.Session.SignIn}, true
			}
		}
	}
	if id.Type == "SAMLUser" {
		return s.portal(id, at, asked)
	}
	if id.PrincipalID == "" || id.Type == "IAMUser" && strings.HasPrefix(id.AccessKey, "AKIA") {
		return nil, Hop{}, false
	}
	return s.bySession(id, at)
}

func (s *Store) gens() []*generation {
	if s.gen[1] == nil {
		return nil
	}
	return []*generation{s.gen[1], s.gen[0]}
}

// longest is how long a role session lives at most.
const longest = 12 * time.Hour

// bySession joins on the principal id and the time the session was created. The
// session name is part of the principal id and may be used again: a session
// whose key is known, and is another one, is another session.
func (s *Store) bySession(id trail.Identity, at time.Time) (*issue, Hop, bool) {
	created, err := time.Parse(time.RFC3339, id.Session.Created)
	found := candidates{}
	for _, g := range s.gens() {
		for _, is := range g.sess[id.PrincipalID] {
			console := is.ref.Name == "ConsoleLogin" || is.ref.Name == "SwitchRole"
			off := at.Sub(is.ref.Time)
			switch {
			case err == nil:
				slack := 2 * time.Second
				if console {
					slack = 5 * time.Second
				}
				if off = is.ref.Time.Sub(created).Abs(); off > slack {
					continue
				}
			case id.Type != "AWSAccount" || off < 0 || off > longest:
				continue
			}
			if id.AccessKey != "" && is.key != "" && id.AccessKey != is.key || id.Account != "" && is.account != "" && id.Account != is.account {
				continue
			}
			found.add(is, off)
		}
	}
	ev := fmt.Sprintf("principal %s, session created %s", id.PrincipalID, id.Session.Created)
	if err != nil {
		ev = "principal " + id.PrincipalID + ", the latest session before the call"
	}
	return found.hop(ev)
}

// candidates are the calls that fit, by the key they issued. A call that was
// delivered twice, or recorded in both accounts, is one, and the record with a
// full caller stands for it.
type candidates map[string]candidate

type candidate struct {
	*issue
	off time.Duration // how far it is away
}

func (c candidates) add(is *issue, off time.Duration) {
	id := first(is.key, is.ref.Account+" "+is.ref.ID)
	old, ok := c[id]
	full := func(is *issue) int {
		if is.foreign {
			return 1
		}
		return 0
	}
	if !ok || cmp.Or(cmp.Compare(full(is), full(old.issue)), cmp.Compare(off, old.off), strings.Compare(is.ref.ID, old.ref.ID)) < 0 {
		c[id] = candidate{is, off}
	}
}

// hop takes the nearest in time; of equals the one with the smaller id, so that
// the answer does not depend on the order of arrival.
func (c candidates) hop(evidence string) (*issue, Hop, bool) {
	var best candidate
	for _, x := range c {
		if best.issue == nil || cmp.Or(cmp.Compare(x.off, best.off), strings.Compare(x.ref.ID, best.ref.ID), strings.Compare(x.ref.Account, best.ref.Account)) < 0 {
			best = x
		}
	}
	if best.issue == nil {
		return nil, Hop{}, false
	}
	return best.issue, Hop{Confidence: Candidate, Evidence: evidence, Others: len(c) - 1}, true
}

// portal joins a federated role session with the Identity Center portal call
// that asked for it: the permission set's role in the same account, the same
// user name, within five seconds. The call's own time is that of its end, which
// may be after the session was issued. Newer records do not name the user.
func (s *Store) portal(id trail.Identity, at time.Time, asked string) (*issue, Hop, bool) {
	_, set, ok := strings.Cut(asked, "/AWSReservedSSO_")
	if !ok {
		return nil, Hop{}, false // assumed by another provider's users
	}
	if i := strings.LastIndexByte(set, '_'); i >= 0 {
		set = set[:i]
	}
	found := candidates{}
	named := true
	for _, g := range s.gens() {
		for _, is := range g.portal {
			off := at.Sub(is.ref.Time).Abs()
			account := first(accountOf(asked), id.Account)
			if off > 5*time.Second || is.account != "" && account != "" && is.account != account || is.role != "" && is.role != set ||
				is.user != "" && is.user != id.UserName {
				continue
			}
			named = named && is.user != ""
			found.add(is, off)
		}
	}
	if !named {
		return found.hop("a portal call for the permission set " + set + " within five seconds")
	}
	return found.hop("portal call of " + id.UserName + " within five seconds")
}
