// Package timeline tells who did what, when, from where and with what outcome,
// and who changed a resource from what to what.
package timeline

import (
	"cmp"
	"iter"
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/lineage"
)

// Query selects events. All that is set must hold; the zero Query selects all.
type Query struct {
	// Principal is an ARN, user name, account id, access key or Identity Center
	// user. With everything it became: events of sessions whose lineage leads
	// back to it are selected too.
	Principal string
	Resource  string    // an ARN, or the name or id at its end
	Action    string    // event name, with * as a wildcard, without case; or "source:name"
	From, To  time.Time // To is exclusive; zero: open
	Address   netip.Prefix
	Outcome   string // "success", "failure", "attempt", "denied"
	Account   string
	Region    string
	// Writes leaves out calls that change nothing.
	Writes bool
	// Collapse makes one entry of a run of equal reads of one session.
	Collapse bool
}

// Entry is one thing that was done.
type Entry struct {
	Time      time.Time     `json:"time"`            // to the second
	Until     time.Time     `json:"until,omitzero"`  // of a run
	Count     int           `json:"count,omitempty"` // of a run; absent for one
	Tie       bool          `json:"tie,omitempty"`   // same second as a neighbour: their order is not known
	Principal string        `json:"principal"`
	Lineage   lineage.Chain `json:"lineage"`
	Session   string        `json:"session"`
	Source    string        `json:"source"`
	Action    string        `json:"action"`
	Verb      string        `json:"verb"` // read, create, change, delete, permit, credential, sign-in
	Resources []string      `json:"resources,omitempty"`
	Outcome   string        `json:"outcome"`
	Error     string        `json:"error,omitempty"`
	Request   string        `json:"request,omitempty"` // shortened, secrets removed
	Address   string        `json:"address,omitempty"`
	Endpoint  string        `json:"endpoint,omitempty"`
	UserAgent string        `json:"userAgent,omitempty"`
	Account   string        `json:"account,omitempty"`
	Region    string        `json:"region,omitempty"`
	Events    []lineage.Ref `json:"events"`        // evidence: duplicates of one call in several accounts are one entry
	Gap       string        `json:"gap,omitempty"` // why events after this may be missing

	shared string // joins the records that two accounts get of one call
}

// Events is a log that can be read more than once: lineage needs the issuing
// calls of all files before the first entry is told.
type Events = func() iter.Seq2[*trail.Event, error]

// Build reads the log twice and returns the entries in order of time. Errors of
// the reader are returned beside what was read; each is reported once.
func Build(events Events, q Query, store *lineage.Store) ([]Entry, []error) {
	if store == nil {
		store = &lineage.Store{}
	}
	var errs []error
	for e, err := range events() {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		store.Add(e)
	}
	var out []Entry
	for e, err := range events() {
		if err != nil || !q.cheap(e) {
			continue
		}
		chain := store.Trace(e)
		if q.Principal != "" && !involves(q.Principal, e.Identity(), chain) {
			continue
		}
		out = append(out, entry(e, chain))
	}
	slices.SortStableFunc(out, func(a, b Entry) int {
		return cmp.Or(a.Time.Compare(b.Time), strings.Compare(a.Events[0].ID, b.Events[0].ID), strings.Compare(a.Account, b.Account))
	})
	out = merge(out)
	if q.Collapse {
		out = collapse(out)
	}
	for i := range out {
		out[i].Tie = i > 0 && out[i-1].Time.Equal(out[i].Time) || i+1 < len(out) && out[i+1].Time.Equal(out[i].Time)
	}
	return out, errs
}

// cheap judges what needs no lineage.
func (q *Query) cheap(e *trail.Event) bool {
	t := e.Time()
	switch {
	case !q.From.IsZero() && t.Before(q.From), !q.To.IsZero() && !t.Before(q.To):
		return false
	case q.Account != "" && q.Account != e.Account() && q.Account != e.Identity().Account:
		return false
	case q.Region != "" && q.Region != e.Region():
		return false
	case q.Address.IsValid() && !q.Address.Contains(e.Addr()):
		return false
	}
	switch q.Outcome {
	case "":
	case "denied":
		if !e.Denied() {
			return false
		}
	default:
		if e.Outcome().String() != q.Outcome {
			return false
		}
	}
	if q.Writes && verb(e) == "read" {
		return false
	}
	if q.Action != "" {
		text := e.Name()
		if strings.Contains(q.Action, ":") {
			text = strings.TrimSuffix(e.Source(), ".amazonaws.com") + ":" + text
		}
		if ok, err := path.Match(strings.ToLower(q.Action), strings.ToLower(text)); err != nil || !ok {
			return false
		}
	}
	return q.Resource == "" || slices.ContainsFunc(resources(e), func(r string) bool { return sameResource(r, q.Resource) })
}

// involves reports whether the event's caller, or anybody it came from, is who.
func involves(who string, id trail.Identity, c lineage.Chain) bool {
	is := func(texts ...string) bool {
		return slices.ContainsFunc(texts, func(t string) bool {
			return t == who || t != "" && strings.HasSuffix(t, "/"+who)
		})
	}
	if is(id.ARN, id.UserName, id.AccessKey, id.Account, id.PrincipalID, id.OnBehalfOf.UserID, id.Role(), c.Principal, c.Actor.Name) {
		return true
	}
	for _, h := range c.Hops {
		if is(h.Principal, h.AccessKey, h.Account, h.Source) {
			return true
		}
	}
	return false
}

func entry(e *trail.Event, c lineage.Chain) Entry {
	en := Entry{
		Time: e.Time(), Principal: c.Principal, Lineage: c, Session: e.SessionKey(), Source: e.Source(), Action: e.Name(), Verb: verb(e),
		Resources: resources(e), Outcome: e.Outcome().String(), Error: e.ErrorCode(), Request: summary(e.Request()), Address: e.SourceIP(),
		shared: e.SharedID(), Endpoint: e.VPCEndpoint(), UserAgent: e.UserAgent(), Account: e.Account(), Region: e.Region(),
		Events: []lineage.Ref{{ID: e.ID(), Account: e.Account(), Name: e.Name(), Time: e.Time()}},
	}
	if e.Denied() {
		en.Outcome = "denied"
	}
	if e.Source() == "cloudtrail.amazonaws.com" && en.Outcome == "success" {
		switch e.Name() {
		case "StopLogging", "DeleteTrail":
			en.Gap = "the trail records nothing from here until logging is started again"
		case "PutEventSelectors", "UpdateTrail":
			en.Gap = "the trail may record less from here on"
		}
	}
	return en
}

// merge makes one entry of the records that describe one call.
func merge(in []Entry) []Entry {
	var out []Entry
	at := map[string]int{}
	for _, en := range in {
		ref := en.Events[0]
		key := cmp.Or(en.shared, ref.ID)
		if i, ok := at[key]; ok && key != "" {
			if !slices.Contains(out[i].Events, ref) {
				out[i].Events = append(out[i].Events, ref)
			}
			continue
		}
		at[key] = len(out)
		out = append(out, en)
	}
	return out
}

// collapse joins neighbouring equal reads of one session.
func collapse(in []Entry) []Entry {
	var out []Entry
	for _, en := range in {
		if n := len(out); n > 0 && en.Verb == "read" {
			if l := &out[n-1]; l.Action == en.Action && l.Source == en.Source && l.Session == en.Session && l.Outcome == en.Outcome {
				l.Count = max(l.Count, 1) + 1
				l.Until = en.Time
				l.Events = append(l.Events, en.Events...)
				l.Request = ""
				for _, r := range en.Resources {
					if !slices.Contains(l.Resources, r) && len(l.Resources) < 20 {
						l.Resources = append(l.Resources, r)
					}
				}
				continue
			}
		}
		out = append(out, en)
	}
	return out
}

var verbs = []struct{ prefix, verb string }{
	{"Delete", "delete"},
	{"Terminate", "delete"},
	{"Remove", "delete"},
	{"Deregister", "delete"},
	{"ScheduleKeyDeletion", "delete"},
	{"CreateAccessKey", "credential"},
	{"CreateLoginProfile", "credential"},
	{"UpdateLoginProfile", "credential"},
	{"AssumeRole", "credential"},
	{"AssumeRoot", "credential"},
	{"GetSessionToken", "credential"},
	{"GetFederationToken", "credential"},
	{"UploadSSHPublicKey", "credential"},
	{"PutUserPolicy", "permit"},
	{"PutRolePolicy", "permit"},
	{"PutGroupPolicy", "permit"},
	{"Attach", "permit"},
	{"UpdateAssumeRolePolicy", "permit"},
	{"PutBucketPolicy", "permit"},
	{"PutKeyPolicy", "permit"},
	{"AddPermission", "permit"},
	{"AuthorizeSecurityGroup", "permit"},
	{"AddUserToGroup", "permit"},
	{"CreateGrant", "permit"},
	{"ConsoleLogin", "sign-in"},
	{"SwitchRole", "sign-in"},
	{"CheckMfa", "sign-in"},
	{"GetSigninToken", "sign-in"},
	{"UserAuthentication", "sign-in"},
	{"Create", "create"},
	{"Run", "create"},
	{"Allocate", "create"},
	{"Import", "create"},
	{"Copy", "create"},
	{"Get", "read"},
	{"List", "read"},
	{"Describe", "read"},
	{"Head", "read"},
	{"Lookup", "read"},
	{"Search", "read"},
	{"BatchGet", "read"},
	{"Query", "read"},
	{"Scan", "read"},
	{"Decrypt", "read"},
}

func verb(e *trail.Event) string {
	for _, v := range verbs {
		if strings.HasPrefix(e.Name(), v.prefix) {
			return v.verb
		}
	}
	if ro, known := e.ReadOnly(); known && ro {
		return "read"
	}
	return "change"
}
