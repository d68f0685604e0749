package trail

import (
	"slices"
	"strings"
)

// Identity is the record's userIdentity: who called, as the service saw it.
// Every member can be empty, even Type. See
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
type Identity struct {
	Type             string // an open set; unknown types are kept as written
	PrincipalID      string
	ARN              string
	Account          string
	AccessKey        string
	UserName         string
	InvokedBy        string // the service that called for this identity
	IdentityProvider string
	Session          Session
	OnBehalfOf       OnBehalfOf
	CredentialID     string
}

// Session is what is known of temporary credentials.
type Session struct {
	Created        string // creationDate as written: a join key, not only a time
	MFA            bool
	IssuerType     string
	IssuerARN      string
	IssuerName     string
	IssuerID       string // the role's or user's unique id
	IssuerAccount  string
	SourceIdentity string
	AssumedRoot    bool
	RoleDelivery   string // "1.0" or "2.0": credentials of an EC2 instance, by that version of IMDS
	SignIn         string // signInSessionArn
	Provider       string // webIdFederationData.federatedProvider
}

// OnBehalfOf is the Identity Center user behind the call.
type OnBehalfOf struct{ UserID, IdentityStore string }

// HiddenUser is what CloudTrail writes for a user name that does not exist: the
// caller may have typed a password there. It is no user.
const HiddenUser = "HIDDEN_DUE_TO_SECURITY_REASONS"

// Identity decodes userIdentity.
func (e *Event) Identity() Identity {
	var t identityTexts
	for _, h := range [...]Hot{hUIType, hUIPrincipal, hUIARN, hUIAccount, hUIKey, hUIName, hUIInvokedBy, hUIProvider} {
		t.next(e.appendText1(t.buf, h))
	}
	session := e.at(hUISession)
	if session.Kind() == KindObject {
		for _, h := range [...]Hot{hCreated, hIssuerType, hIssuerARN, hIssuerName, hIssuerPrincipal, hIssuerAccount, hSourceIdentity, hRoleDelivery} {
			t.next(e.appendMember1(t.buf, h))
		}
	}
	cut := t.cut()
	id := Identity{
		Type: cut(), PrincipalID: cut(), ARN: cut(), Account: cut(), AccessKey: cut(), UserName: cut(),
		InvokedBy: cut(), IdentityProvider: cut(),
	}
	if session.Kind() == KindObject {
		id.Session = Session{
			Created: cut(), IssuerType: cut(), IssuerARN: cut(), IssuerName: cut(), IssuerID: cut(), IssuerAccount: cut(),
			SourceIdentity: cut(), RoleDelivery: cut(),
			MFA: e.at(hMFA).Is("true"), AssumedRoot: session.Member("assumedRoot").Is("true"),
			SignIn:   session.Member("signInSessionArn").Text(),
			Provider: session.Member("webIdFederationData").Member("federatedProvider").Text(),
		}
	}
	if o := e.at(hUIOnBehalf); o.Kind() == KindObject {
		id.OnBehalfOf = OnBehalfOf{o.Member("userId").Text(), o.Member("identityStoreArn").Text()}
	}
	if ui := e.at(hUserIdentity); id.Session.SignIn == "" {
		id.Session.SignIn = ui.Member("signInSessionArn").Text()
		id.CredentialID = ui.Member("credentialId").Text()
	}
	return id
}

// IdentityJSON is userIdentity as written in the record, nil when absent. Who
// keeps identities that are seldom looked at keeps a copy of it, which
// [ParseIdentity] decodes: that takes less time and memory than to decode all.
func (e *Event) IdentityJSON() []byte { return e.at(hUserIdentity).raw }

// ParseIdentity decodes what [Event.IdentityJSON] returned; of anything else it
// makes the zero identity.
func ParseIdentity(text []byte) Identity {
	var e Event
	if len(text) == 0 || e.Parse(slices.Concat([]byte(`{"userIdentity":`), text, []byte("}"))) != nil {
		return Identity{}
	}
	return e.Identity()
}

// identityTexts makes one string of the texts of an identity, of which there
// would otherwise be a dozen.
type identityTexts struct {
	buf  []byte
	ends [16]int
	n    int
}

func (t *identityTexts) next(buf []byte) {
	t.buf = buf
	t.ends[t.n] = len(buf)
	t.n++
}

// cut returns a function that returns the texts one after the other.
func (t *identityTexts) cut() func() string {
	all, i, from := string(t.buf), 0, 0
	return func() string {
		text := all[from:t.ends[i]]
		i, from = i+1, t.ends[i]
		return text
	}
}

// SessionName is the part of the principal id after the colon: the role session
// name, chosen by whoever assumed the role. It proves nothing.
func (id Identity) SessionName() string {
	_, name, _ := strings.Cut(id.PrincipalID, ":")
	return name
}

// Role is the ARN of the role that a session belongs to: the session issuer, or
// the role that an assumed-role ARN names; "" for anything else. Without the
// issuer a role's path is not known.
func (id Identity) Role() string {
	if id.Session.IssuerType == "Role" && id.Session.IssuerARN != "" {
		return id.Session.IssuerARN
	}
	return RoleOf(id.ARN)
}

// RoleOf turns the ARN of a role session into the ARN of its role; "" when arn
// is no role session.
func RoleOf(arn string) string {
	f := strings.SplitN(arn, ":", 6)
	if len(f) != 6 || f[2] != "sts" || !strings.HasPrefix(f[5], "assumed-role/") {
		return ""
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(f[5], "assumed-role/"), "/")
	return f[0] + ":" + f[1] + ":iam::" + f[4] + ":role/" + name
}

// Principal is the IAM principal: the role of a session, else the ARN, else
// the best name there is.
func (id Identity) Principal() string {
	switch {
	case id.Role() != "":
		return id.Role()
	case id.ARN != "":
		return id.ARN
	case id.OnBehalfOf.UserID != "":
		return id.OnBehalfOf.UserID
	case id.Type == "AWSService" || id.Account == "" && id.InvokedBy != "":
		return id.InvokedBy
	case id.PrincipalID != "":
		return id.PrincipalID
	case id.UserName != "" && id.UserName != HiddenUser:
		return id.UserName
	}
	return id.Account
}
