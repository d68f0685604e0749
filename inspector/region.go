package inspector

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/memo"
)

// Region is the view of Inspector in one region of one account: a snapshot
// whose every AWS call is made once, when first asked for, however many
// evaluators ask. Failures are remembered too; a second look is a second Region.
// Findings alone are streamed and not kept: of them it keeps a Ranking. It is
// safe for concurrent use. What its methods return is shared and must not be
// changed.
type Region struct {
	// Now is the clock. Default time.Now.
	Now func() time.Time

	// Inventory is what there is to scan in the region, by CloudFormation type,
	// with an entry for every type that was looked for, also where there is none
	// of it. It must not come from Inspector: see Prove.
	Inventory posture.Fact[map[string][]Asset]
	// Reach, Weigh and Privilege are facts for ranking: see Ranker. Each may be nil.
	Reach     func(ctx context.Context, r posture.Resource) (how string, reachable bool, err error)
	Weigh     func(r posture.Resource, tags map[string]string) Criticality
	Privilege func(ctx context.Context, roleOrProfileARN string) (Privilege, error)
	// Objectives are the times within which findings are to be closed. Default
	// DefaultObjectives.
	Objectives Objectives
	// Keep is how many of the most urgent findings a Ranking keeps. Default 1000.
	Keep int

	place posture.Place
	api   Reader

	account  memo.Value[AccountStatus]
	admin    memo.Value[string]
	config   memo.Value[Configuration]
	deep     memo.Value[DeepInspection]
	coverage memo.Value[[]Row]
	filters  memo.Value[[]Filter]
	scans    memo.Value[[]CISScan]
	cis      memo.Value[[]CISSchedule]
	targets  memo.Map[string, []CISTarget]
	paths    memo.Value[[]Path]
	ranking  memo.Value[Ranking]
}

// NewRegion makes the view of Inspector at p, read with api.
func NewRegion(p posture.Place, api Reader) *Region { return &Region{place: p, api: api} }

// FromConfig makes the view of Inspector at p, read with a client of cfg in p's
// region, whatever region cfg has.
func FromConfig(cfg aws.Config, p posture.Place) *Region { return NewRegion(p, Client(cfg, p)) }

// Client makes the Inspector client that FromConfig reads with. It fits Writer too.
func Client(cfg aws.Config, p posture.Place) *inspector2.Client {
	return inspector2.NewFromConfig(cfg, func(o *inspector2.Options) { o.Region = p.Region })
}

// Place is the account and region looked at. A nil Region, which makes a
// catalogue, has none.
func (r *Region) Place() posture.Place {
	if r == nil {
		return posture.Place{}
	}
	return r.place
}

func (r *Region) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}

// accountType stands for Inspector in one region of an account, which has no
// CloudFormation type of its own.
const accountType = "AWS::InspectorV2::Account"

// resource is Inspector in the region of the account. Its id is the region's
// name, since Inspector has no id there.
func (r *Region) resource() posture.Resource {
	return r.place.Resource(accountType, r.place.Region, "")
}

// noEndpoint tells whether the service's name does not resolve. That alone does
// not say that the service is not there: a broken resolver looks the same.
func noEndpoint(err error) bool {
	dns, ok := errors.AsType[*net.DNSError](err)
	return ok && dns.IsNotFound
}

// regions are the regions where Inspector is known to exist: AWS SDK for Go v2,
// service/inspector2 v1.48.2, and "Regions and endpoints" in the Inspector User
// Guide, as of November 2026. A region that is not among them is asked all the
// same; only where its endpoint does not resolve either does the table decide.
var regions = []string{
	"af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
	"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-7",
	"ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3",
	"il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
	"cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1",
}

const notOffered = "AWS does not offer Inspector in the region."
