package organization

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/gate"
	"github.com/awsposture/posture/internal/memo"
)

// Organization is the view of the organization that one account belongs to: a
// snapshot whose every AWS call is made once, when first asked for, however many
// evaluators ask. Failures are remembered too; a second look is a second
// Organization. It is safe for concurrent use, and keeps at most four calls under
// way, since the quotas of AWS Organizations are narrow and shared with all that
// manages it. What its methods return is shared and must not be changed.
type Organization struct {
	// Now is the clock. Default time.Now.
	Now func() time.Time
	// ManagementResources are the resources in the management account, for
	// judging that it runs no workload.
	ManagementResources posture.Fact[[]posture.Resource]

	place posture.Place
	api   Reader
	gate  gate.Gate

	identity    memo.Value[Identity]
	root        memo.Value[Root]
	list        memo.Value[[]Account]
	accounts    memo.Value[[]Account]
	units       memo.Value[[]Unit]
	policies    memo.Map[PolicyType, []Policy]
	attachments memo.Map[PolicyType, map[string][]Policy]
	admins      memo.Value[[]DelegatedAdministrator]
	trusted     memo.Value[[]Service]
	delegation  memo.Value[string]
	inventory   memo.Value[[]posture.Resource]
}

// NewOrganization makes the view of the organization of the account at p, read
// with api. Organizations is global: the view's place has no region.
func NewOrganization(p posture.Place, api Reader) *Organization {
	p.Region = ""
	return &Organization{place: p, api: api}
}

// FromConfig makes the view of the organization of the account at p, read with a
// client of cfg.
func FromConfig(cfg aws.Config, p posture.Place) *Organization {
	return NewOrganization(p, Client(cfg, p))
}

// Client makes the client that FromConfig reads with. It fits Writer too.
// Organizations has one endpoint a partition; a partition that is not known keeps
// the region of cfg. See "AWS Organizations endpoints and quotas" in the AWS
// General Reference.
func Client(cfg aws.Config, p posture.Place) *organizations.Client {
	return organizations.NewFromConfig(cfg, func(o *organizations.Options) {
		switch p.Partition {
		case "aws-cn":
			o.Region = "cn-northwest-1"
		case "aws-us-gov":
			o.Region = "us-gov-west-1"
		case "aws", "":
			o.Region = "us-east-1"
		}
	})
}

// Place is the account looked from. A nil Organization, which makes a catalogue,
// has none.
func (o *Organization) Place() posture.Place {
	if o == nil {
		return posture.Place{}
	}
	return o.place
}

func (o *Organization) now() time.Time {
	if o.Now != nil {
		return o.Now()
	}
	return time.Now()
}

func sameCode(err error, code string) bool {
	c := posture.CauseOf(err)
	return c != nil && c.Code == code
}
