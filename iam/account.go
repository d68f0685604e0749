package iam

import (
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/gate"
	"github.com/awsposture/posture/internal/memo"
)

// Account is the view of one account's IAM: a snapshot whose every AWS call is
// made once, when first asked for, however many evaluators ask. Failures are
// remembered too; a second look is a second Account. It is safe for concurrent
// use. What its methods return is shared and must not be changed.
type Account struct {
	// Now is the clock. Default time.Now.
	Now func() time.Time
	// MaxReportAge is the age from which the credential report is too old to
	// judge by. AWS makes a new one at most every four hours. Default 4 hours.
	MaxReportAge time.Duration
	// ReportWait is how long to wait for AWS to make the report. Default 1 minute.
	ReportWait time.Duration

	// Members are the ids of the accounts of this account's organization, for
	// judging whom a role trusts.
	Members posture.Fact[[]string]
	// Organization is the id of the organization that the account belongs to; ""
	// is none.
	Organization posture.Fact[string]
	// SecurityContact is the alternate contact of type SECURITY; nil is none.
	SecurityContact posture.Fact[*Contact]
	// Analyzers are the account's IAM Access Analyzer analyzers by region, with an
	// entry for every region that was looked at.
	Analyzers posture.Fact[map[string][]Analyzer]

	place posture.Place
	api   Reader

	details      memo.Value[details]
	report       memo.Value[Report]
	summary      memo.Value[Summary]
	password     memo.Value[PasswordPolicy]
	virtualMFA   memo.Value[[]VirtualMFADevice]
	certificates memo.Value[[]ServerCertificate]
	credentials  memo.Value[[]ServiceCredential]
	saml         memo.Value[[]SAMLProvider]
	oidc         memo.Value[[]OIDCProvider]
	features     memo.Value[[]string]
	keys         memo.Map[string, []AccessKey]
	keyUse       memo.Map[string, time.Time]
	logins       memo.Map[string, LoginProfile]
	devices      memo.Map[string, []string]
	passwordUse  memo.Map[string, time.Time]
	gate         gate.Gate

	members       memo.Value[[]string]
	organization  memo.Value[string]
	contact       memo.Value[*Contact]
	analyzerLists memo.Value[map[string][]Analyzer]
}

// NewAccount makes the view of the account at p, read with api. IAM is global:
// the view's place has no region.
func NewAccount(p posture.Place, api Reader) *Account {
	p.Region = ""
	return &Account{place: p, api: api}
}

// FromConfig makes the view of the account at p, read with a client of cfg. IAM
// has one endpoint a partition, in a home region that cfg must not override; a
// cfg without a region gets the partition's.
func FromConfig(cfg aws.Config, p posture.Place) *Account {
	return NewAccount(p, Client(cfg, p))
}

// Client makes the IAM client that FromConfig reads with. It fits Writer too.
func Client(cfg aws.Config, p posture.Place) *iam.Client {
	return iam.NewFromConfig(cfg, func(o *iam.Options) {
		switch p.Partition {
		case "aws-cn":
			o.Region = "cn-north-1"
		case "aws-us-gov":
			o.Region = "us-gov-west-1"
		case "aws", "":
			o.Region = "us-east-1"
		}
	})
}

// Place is the account looked at. A nil Account, which makes a catalogue, has none.
func (a *Account) Place() posture.Place {
	if a == nil {
		return posture.Place{}
	}
	return a.place
}

func (a *Account) now() time.Time {
	if a.Now != nil {
		return a.Now()
	}
	return time.Now()
}

// account is the resource of a control that judges the account itself.
func (a *Account) account() posture.Resource {
	return a.place.Resource("AWS::IAM::Account", a.place.Account, "arn:"+a.place.Partition+":iam::"+a.place.Account+":root")
}

// document gives a policy document as text. IAM encodes documents for URLs;
// emulators do not.
func document(s *string) string {
	text := aws.ToString(s)
	if !strings.HasPrefix(text, "%") {
		return text
	}
	if decoded, err := url.PathUnescape(text); err == nil {
		return decoded
	}
	return text
}

func sameCode(err error, code string) bool {
	c := posture.CauseOf(err)
	return c != nil && c.Code == code
}
