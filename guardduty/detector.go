package guardduty

import (
	"context"
	"errors"
	"net"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/paging"
)

// DetectorState is whether GuardDuty works in a region.
type DetectorState string

// The states of GuardDuty in a region.
const (
	DetectorEnabled    DetectorState = "enabled"
	DetectorSuspended  DetectorState = "suspended"
	DetectorAbsent     DetectorState = "absent"
	DetectorNotOffered DetectorState = "not-offered" // AWS has no GuardDuty in the region
)

// Detector is GuardDuty in a region. Every region has one detector at most.
type Detector struct {
	ID        string
	State     DetectorState
	Frequency Frequency
	Features  map[Feature]bool // on or off; one that AWS does not list is off, or not offered in the region
	Tags      map[string]string
}

// Detector reads the region's detector. That there is none is a state, not an
// error.
func (r *Region) Detector(ctx context.Context) (Detector, error) {
	return r.detector.Get(ctx, func(ctx context.Context) (Detector, error) { return findDetector(ctx, r.api, r.place) })
}

func findDetector(ctx context.Context, api Reader, p posture.Place) (Detector, error) {
	ids, err := pages(ctx, func(ctx context.Context, token *string) ([]string, *string, error) {
		out, err := api.ListDetectors(ctx, &guardduty.ListDetectorsInput{MaxResults: aws.Int32(pageSize), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.DetectorIds, out.NextToken, nil
	})
	switch {
	case noEndpoint(err) && !slices.Contains(regions, p.Region):
		return Detector{State: DetectorNotOffered}, nil
	case len(ids) > 0: // there is no second one that a lost page could hold
		return getDetector(ctx, api, ids[0])
	case err != nil:
		return Detector{}, err
	}
	return Detector{State: DetectorAbsent}, nil
}

// noEndpoint tells whether the service's name does not resolve. That alone does
// not say that the service is not there: a broken resolver looks the same.
func noEndpoint(err error) bool {
	dns, ok := errors.AsType[*net.DNSError](err)
	return ok && dns.IsNotFound
}

func getDetector(ctx context.Context, api Reader, id string) (Detector, error) {
	out, err := api.GetDetector(ctx, &guardduty.GetDetectorInput{DetectorId: &id})
	if err != nil {
		return Detector{}, err
	}
	d := Detector{ID: id, Frequency: Frequency(out.FindingPublishingFrequency), Features: map[Feature]bool{}, Tags: out.Tags}
	switch out.Status {
	case types.DetectorStatusEnabled:
		d.State = DetectorEnabled
	case types.DetectorStatusDisabled:
		d.State = DetectorSuspended
	default:
		return Detector{}, malformed("GetDetector", "the detector's status is %q", out.Status)
	}
	for _, f := range out.Features {
		on := f.Status == types.FeatureStatusEnabled
		d.Features[Feature(f.Name)] = on
		for _, a := range f.AdditionalConfiguration {
			d.Features[Feature(f.Name).agent(string(a.Name))] = on && a.Status == types.FeatureStatusEnabled
		}
	}
	return d, nil
}

// enabled gives the detector where GuardDuty works. Elsewhere it gives the one
// finding that an evaluator of what lives in a detector returns.
func (r *Region) enabled(ctx context.Context, c posture.Control) (Detector, []posture.Finding, error) {
	d, err := r.Detector(ctx)
	why := "GuardDuty is not enabled in the region; guardduty.enabled judges that."
	switch {
	case err != nil:
		return d, nil, err
	case d.State == DetectorEnabled:
		return d, nil, nil
	case d.State == DetectorNotOffered:
		why = notOffered
	}
	return d, []posture.Finding{c.NotApplicable(r.resource(d), why)}, nil
}

const notOffered = "AWS does not offer GuardDuty in the region."

// Administrator reads the id of the account that administers GuardDuty in this
// one, "" where none does: in a standalone account and in the administrator's own.
func (r *Region) Administrator(ctx context.Context) (string, error) {
	return r.admin.Get(ctx, func(ctx context.Context) (string, error) {
		d, err := r.Detector(ctx)
		if err != nil || d.ID == "" {
			return "", err
		}
		return getAdministrator(ctx, r.api, d.ID)
	})
}

func getAdministrator(ctx context.Context, api Reader, detector string) (string, error) {
	out, err := api.GetAdministratorAccount(ctx, &guardduty.GetAdministratorAccountInput{DetectorId: &detector})
	if err != nil || out.Administrator == nil {
		return "", err
	}
	switch aws.ToString(out.Administrator.RelationshipStatus) {
	case "Created", "Invited", "Removed", "Resigned", "EmailVerificationInProgress", "EmailVerificationFailed":
		return "", nil // not bound yet, or no more
	}
	return aws.ToString(out.Administrator.AccountId), nil
}

// own is enabled for what an administrator sets for its members: in a member
// account it is not applicable, since the administrator's own region is judged.
func (r *Region) own(ctx context.Context, c posture.Control) (Detector, []posture.Finding, error) {
	d, off, err := r.enabled(ctx, c)
	if off != nil || err != nil {
		return d, off, err
	}
	admin, err := r.Administrator(ctx)
	if err != nil || admin == "" {
		return d, nil, err
	}
	f := c.NotApplicable(r.resource(d), "This is set for the account by its GuardDuty administrator, account "+admin+", and judged there.")
	return d, []posture.Finding{f}, nil
}

// pageSize is the most that a page of any GuardDuty listing can hold, and the
// most ids that a batch read takes.
const pageSize = 50

func pages[T any](ctx context.Context, read func(ctx context.Context, token *string) ([]T, *string, error)) ([]T, error) {
	return paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[T], error) {
		items, next, err := read(ctx, token)
		return paging.Page[T]{Items: items, Next: next}, err
	})
}

// regions are the regions where GuardDuty is known to exist: AWS SDK for Go v2,
// service/guardduty v1.78.2, as of November 2026. A region that is not among
// them is asked all the same; only where its endpoint does not resolve either
// does the table decide.
var regions = []string{
	"af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
	"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
	"ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3",
	"il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
	"cn-north-1", "cn-northwest-1", "eusc-de-east-1", "us-gov-east-1", "us-gov-west-1",
	"us-iso-east-1", "us-isob-east-1", "us-isof-east-1", "us-isof-south-1",
}
