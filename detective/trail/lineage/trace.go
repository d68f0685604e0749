package lineage

import (
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
	seen := map[string]bool{}
	shared := e.SharedID()
	for {
		if id.OnBehalfOf.UserID != "" {
			c.Actor = Actor{"Identity Center user", id.OnBehalfOf.UserID, id.Account}
			return c
		}
		if len(c.Hops) >= maxHops {
			c.Incomplete = true
			break
		}
		is, hop, ok := s.back(id, at, shared)
		shared = ""
		if !ok || seen[is.ref.ID+is.ref.Account] {
			break
		}
		seen[is.ref.ID+is.ref.Account] = true
		hop.Kind = is.ref.Name
		if hop.Evidence == sharedEvidence {
			hop.Kind = "shared event"
		}
		hop.Principal, hop.Account, hop.AccessKey = is.caller.Principal(), is.caller.Account, is.caller.AccessKey
		hop.Session, hop.Source, hop.Tags, hop.Event = is.sessionName, is.source, is.tags, is.ref
		c.Hops = append(c.Hops, hop)
		c.Confidence = min(c.Confidence, hop.Confidence)
		if is.service != "" {
			c.Actor = Actor{"workload", is.service + " " + is.sessionName, is.account}
			return c
		}
		if is.subject != "" && is.caller.UserName == "" {
			is.caller.UserName = is.subject
		}
		// A console sign-in is made by the principal itself: what is before it
		// is the sign-in's own history.
		if is.ref.Name == "ConsoleLogin" && is.caller.PrincipalID == id.PrincipalID && is.caller.Session.Created == id.Session.Created {
			id = is.caller
			break
		}
		id, at = is.caller, is.ref.Time
	}
	c.finish(id, s.TrustSourceIdentity)
	return c
}

// finish names the actor at the chain's root.
func (c *Chain) finish(id trail.Identity, trustSource bool) {
	source := id.Session.SourceIdentity
	for _, h := range c.Hops {
		source = first(h.Source, source)
	}
	session := id.Type == "AssumedRole" || id.Type == "FederatedUser" || strings.HasPrefix(id.AccessKey, "ASIA")
	switch {
	case trustSource && source != "":
		c.Actor = Actor{"source identity", source, id.Account}
	case id.Type == "Root":
		c.Actor = Actor{"root", first(id.ARN, id.Account), id.Account}
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
func (s *Store) back(id trail.Identity, at time.Time, shared string) (*issue, Hop, bool) {
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
			if is := g.signIn[id.Session.SignIn]; is != nil && is.ref.Time.Before(at) {
				return is, Hop{Confidence: Proved, Evidence: "sign-in session " + id.Session.SignIn}, true
			}
		}
	}
	if id.Type == "SAMLUser" {
		return s.portal(id, at)
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

// bySession joins on the principal id and the time the session was created.
func (s *Store) bySession(id trail.Identity, at time.Time) (*issue, Hop, bool) {
	created, err := time.Parse(time.RFC3339, id.Session.Created)
	var best *issue
	n := 0
	for _, g := range s.gens() {
		for _, is := range g.sess[id.PrincipalID] {
			console := is.ref.Name == "ConsoleLogin" || is.ref.Name == "SwitchRole"
			switch {
			case err == nil:
				slack := 2 * time.Second
				if console {
					slack = 5 * time.Second
				}
				if d := is.ref.Time.Sub(created).Abs(); d > slack {
					continue
				}
			case id.Type != "AWSAccount" || is.ref.Time.After(at):
				continue
			}
			if id.Account != "" && is.account != "" && id.Account != is.account {
				continue
			}
			n++
			// The nearest in time; of equals the one with the smaller id, so
			// that the answer does not depend on the order of arrival.
			if best == nil || is.ref.Time.After(best.ref.Time) || is.ref.Time.Equal(best.ref.Time) && is.ref.ID < best.ref.ID {
				best = is
			}
		}
	}
	if best == nil {
		return nil, Hop{}, false
	}
	ev := fmt.Sprintf("principal %s, session created %s", id.PrincipalID, id.Session.Created)
	if err != nil {
		ev = "principal " + id.PrincipalID + ", the latest session before the call"
	}
	return best, Hop{Confidence: Candidate, Evidence: ev, Others: n - 1}, true
}

// portal joins a federated role session with the Identity Center portal call
// that asked for it: same user name, within five seconds before it.
func (s *Store) portal(id trail.Identity, at time.Time) (*issue, Hop, bool) {
	var best *issue
	n := 0
	for _, g := range s.gens() {
		for _, is := range g.portal {
			if d := at.Sub(is.ref.Time); d < 0 || d > 5*time.Second {
				continue
			}
			if is.account != "" && id.Account != "" && is.account != id.Account || is.caller.UserName != id.UserName {
				continue
			}
			n++
			if best == nil || is.ref.Time.After(best.ref.Time) {
				best = is
			}
		}
	}
	if best == nil {
		return nil, Hop{}, false
	}
	return best, Hop{Confidence: Candidate, Evidence: "portal call of " + id.UserName + " within five seconds", Others: n - 1}, true
}
