package guardduty

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/gate"
	"github.com/awsposture/posture/internal/memo"
)

// Region is the view of GuardDuty in one region of one account: a snapshot
// whose every AWS call is made once, when first asked for, however many
// evaluators ask. Failures are remembered too; a second look is a second Region.
// It is safe for concurrent use. What its methods return is shared and must not
// be changed.
type Region struct {
	// Now is the clock. Default time.Now.
	Now func() time.Time

	// Inventory is the region's resources by CloudFormation type, with an entry
	// for every type that was looked for, also where there is none of it. It tells
	// what a feature would protect and what its agents should cover. An instance's
	// ID is its instance id, a cluster's its name.
	Inventory posture.Fact[map[string][]posture.Resource]
	// Rules are the region's EventBridge rules on the bus that GuardDuty sends to.
	Rules posture.Fact[[]Rule]
	// Stops are the calls that stopped or weakened GuardDuty in the region lately,
	// as the account's trail has them.
	Stops posture.Fact[[]Stop]
	// SensitiveBuckets are the names of the region's buckets whose objects must be
	// scanned for malware.
	SensitiveBuckets posture.Fact[[]string]
	// ListObject reads the S3 object that an IP list or entity list was made of.
	// location is as GuardDuty gives it.
	ListObject func(ctx context.Context, location string) (ListObject, error)

	place posture.Place
	api   Reader

	detector     memo.Value[Detector]
	admin        memo.Value[string]
	findings     memo.Value[[]OpenFinding]
	coverage     memo.Value[[]Covered]
	destinations memo.Value[[]Destination]
	plans        memo.Value[[]string]
	plan         memo.Map[string, MalwarePlan]
	filterNames  memo.Value[[]string]
	filter       memo.Map[string, Filter]
	listIDs      memo.Map[ListKind, []string]
	list         memo.Map[listKey, List]
	gate         gate.Gate
}

// NewRegion makes the view of GuardDuty at p, read with api.
func NewRegion(p posture.Place, api Reader) *Region { return &Region{place: p, api: api} }

// FromConfig makes the view of GuardDuty at p, read with a client of cfg in p's
// region, whatever region cfg has.
func FromConfig(cfg aws.Config, p posture.Place) *Region { return NewRegion(p, Client(cfg, p)) }

// Client makes the GuardDuty client that FromConfig reads with. It fits Writer too.
func Client(cfg aws.Config, p posture.Place) *guardduty.Client {
	return guardduty.NewFromConfig(cfg, func(o *guardduty.Options) { o.Region = p.Region })
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

// resource is the region's detector. There is at most one, so its id is the
// region's name: what is found about it stays the same finding when a detector
// is made where there was none, or made anew.
func (r *Region) resource(d Detector) posture.Resource {
	return r.place.Resource("AWS::GuardDuty::Detector", r.place.Region, r.arn(d, ""))
}

// arn is the ARN of something that belongs to the detector, or of the detector.
func (r *Region) arn(d Detector, what string) string {
	if d.ID == "" {
		return ""
	}
	return r.place.ARN("guardduty", "detector/"+d.ID+what)
}

func sameCode(err error, code string) bool {
	c := posture.CauseOf(err)
	return c != nil && c.Code == code
}

// badRequest is the one code with which GuardDuty says that what was asked for
// does not exist, is not this account's, or is not this account's to ask.
const badRequest = "BadRequestException"
