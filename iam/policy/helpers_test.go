package policy

import (
	"strings"
	"testing"
)

// The world of the rule tables: two accounts of one organization, a user and a
// role in the first, a user in the second, and a bucket of the first.
const (
	accountA = "111111111111"
	accountB = "222222222222"

	aliceARN   = "arn:aws:iam::111111111111:user/alice"
	bobARN     = "arn:aws:iam::222222222222:user/bob"
	appARN     = "arn:aws:iam::111111111111:role/app"
	sessionARN = "arn:aws:sts::111111111111:assumed-role/app/s1"
	fedARN     = "arn:aws:sts::111111111111:federated-user/alice"
	object     = "arn:aws:s3:::b/k"
	key        = "arn:aws:kms:us-east-1:111111111111:key/0000"

	full = `{"Effect":"Allow","Action":"*","Resource":"*"}`
	ec2  = `{"Effect":"Allow","Action":"ec2:*","Resource":"*"}`
)

var ownerA = Account{ID: accountA, OrgID: "o-ex", OrgPath: "o-ex/r-1/ou-a/"}

func alice() Principal {
	return Principal{Kind: IAMUser, ARN: aliceARN, Account: Account{OrgID: "o-ex", OrgPath: "o-ex/r-1/ou-a/"}}
}

func bob() Principal {
	return Principal{Kind: IAMUser, ARN: bobARN, Account: Account{OrgID: "o-ex", OrgPath: "o-ex/r-1/ou-b/"}}
}

// carol is of no organization.
func carol() Principal {
	return Principal{Kind: IAMUser, ARN: "arn:aws:iam::333333333333:user/carol"}
}

func app() Principal {
	return Principal{Kind: RoleSession, ARN: appARN, Session: sessionARN, Account: Account{OrgID: "o-ex"}}
}

func fed() Principal {
	return Principal{Kind: FederatedUser, ARN: fedARN, User: aliceARN}
}

func root() Principal {
	return Principal{Kind: RootUser, ARN: "arn:aws:iam::111111111111:root", Account: Account{OrgID: "o-ex"}}
}
func service(name string) Principal { return Principal{Kind: AWSService, Service: name} }
func anonymous() Principal          { return Principal{Kind: Anonymous} }

// get is s3:GetObject on the object.
func get(p Principal) Request {
	return Request{Principal: p, Action: "s3:GetObject", Resource: object, Owner: ownerA}
}

func do(p Principal, action, resource string) Request {
	return Request{Principal: p, Action: action, Resource: resource, Owner: Account{ID: accountA, OrgID: "o-ex"}}
}

func (r Request) with(key string, values ...string) Request {
	c := Context{}
	for k, v := range r.Context {
		c[k] = v
	}
	c[key] = values
	r.Context = c
	return r
}

// doc parses statements, separated by commas, as a policy of version 2012-10-17.
func doc(k Kind, statements ...string) *Document {
	return parseText(k, `{"Version":"2012-10-17","Statement":[`+strings.Join(statements, ",")+`]}`)
}

// oldDoc is doc without a Version.
func oldDoc(k Kind, statements ...string) *Document {
	return parseText(k, `{"Statement":[`+strings.Join(statements, ",")+`]}`)
}

func parseText(k Kind, text string) *Document {
	d, err := Parse(k, k.String(), []byte(text))
	if err != nil {
		panic(err.Error() + "\n" + text)
	}
	return d
}

func identity(statements ...string) []*Document { return []*Document{doc(Identity, statements...)} }

func level(k Kind, statements ...string) Level {
	return Level{Name: "ou", Policies: []*Document{doc(k, statements...)}}
}

// to is a statement for a resource policy.
func to(principal, effect, action, rest string) string {
	if rest != "" {
		rest = "," + rest
	}
	return `{"Principal":` + principal + `,"Effect":"` + effect + `","Action":"` + action + `"` + rest + `}`
}

func aws(names ...string) string { return `{"AWS":["` + strings.Join(names, `","`) + `"]}` }

// row is one line of a rule table. Its name starts with the rule it is about.
type row struct {
	name string
	p    Policies
	r    Request
	want string // Decision.String
}

func runRows(t *testing.T, rows []row) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			e, err := Compile(row.p)
			if err != nil {
				t.Fatal(err)
			}
			d := e.Decide(&row.r)
			if got := d.String(); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
			crossCheck(t, row.p, &row.r, d)
		})
	}
}

const (
	allow   = "allow"
	byID    = "implicit deny (identity)"
	byPB    = "implicit deny (boundary)"
	bySP    = "implicit deny (session)"
	byRes   = "implicit deny (resource)"
	byEnd   = "implicit deny (endpoint)"
	byBPA   = "implicit deny (public-access-block)"
	denyID  = "explicit deny (identity)"
	denyRes = "explicit deny (resource)"
)

// ifs is full with a condition: the shortest way to see a condition work.
func ifs(conditions string) []*Document {
	return identity(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{` + conditions + `}}`)
}

func tagged(p Principal, tags ...string) Principal {
	p.Tags = map[string]string{}
	for i := 0; i < len(tags); i += 2 {
		p.Tags[tags[i]] = tags[i+1]
	}
	return p
}
