package guardduty

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/gate"
)

// ListKind is a kind of list that customizes detection, as it stands in ARNs.
type ListKind string

// The kinds of lists. A trusted list keeps findings from being made, a threat
// list has them made.
const (
	IPSet            ListKind = "ipset" // trusted addresses
	TrustedEntitySet ListKind = "trustedentityset"
	ThreatIntelSet   ListKind = "threatintelset"
	ThreatEntitySet  ListKind = "threatentityset"
)

var listTypes = map[ListKind]string{
	IPSet: "AWS::GuardDuty::IPSet", TrustedEntitySet: "AWS::GuardDuty::TrustedEntitySet",
	ThreatIntelSet: "AWS::GuardDuty::ThreatIntelSet", ThreatEntitySet: "AWS::GuardDuty::ThreatEntitySet",
}

// List is an IP list or entity list.
type List struct {
	Kind             ListKind
	ID, Name, Format string
	Location         string // of the S3 object that it was made of
	Status           string // ACTIVE, INACTIVE, ACTIVATING, DEACTIVATING, ERROR …
	Problem          string // why the status is ERROR, where AWS says
	Tags             map[string]string
}

// InUse tells whether GuardDuty goes by the list. One that is being deactivated
// is still gone by, one that is being activated not yet.
func (l List) InUse() bool { return l.Status == "ACTIVE" || l.Status == "DEACTIVATING" }

type listKey struct {
	kind ListKind
	id   string
}

// ListIDs lists the ids of the region's lists of one kind.
func (r *Region) ListIDs(ctx context.Context, kind ListKind) ([]string, error) {
	return r.listIDs.Get(ctx, kind, func(ctx context.Context) ([]string, error) {
		d, err := r.Detector(ctx)
		if err != nil || d.ID == "" {
			return nil, err
		}
		return pages(ctx, func(ctx context.Context, token *string) ([]string, *string, error) {
			return listPage(ctx, r.api, d.ID, kind, token)
		})
	})
}

func listPage(ctx context.Context, api Reader, detector string, kind ListKind, token *string) ([]string, *string, error) {
	most := aws.Int32(pageSize)
	switch kind {
	case IPSet:
		out, err := api.ListIPSets(ctx, &guardduty.ListIPSetsInput{DetectorId: &detector, MaxResults: most, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.IpSetIds, out.NextToken, nil
	case TrustedEntitySet:
		out, err := api.ListTrustedEntitySets(ctx, &guardduty.ListTrustedEntitySetsInput{DetectorId: &detector, MaxResults: most, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.TrustedEntitySetIds, out.NextToken, nil
	case ThreatIntelSet:
		out, err := api.ListThreatIntelSets(ctx, &guardduty.ListThreatIntelSetsInput{DetectorId: &detector, MaxResults: most, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.ThreatIntelSetIds, out.NextToken, nil
	case ThreatEntitySet:
		out, err := api.ListThreatEntitySets(ctx, &guardduty.ListThreatEntitySetsInput{DetectorId: &detector, MaxResults: most, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.ThreatEntitySetIds, out.NextToken, nil
	}
	return nil, nil, fmt.Errorf("guardduty: %q is no kind of list", kind)
}

// List reads one list.
func (r *Region) List(ctx context.Context, kind ListKind, id string) (List, error) {
	return r.list.Get(ctx, listKey{kind, id}, func(ctx context.Context) (List, error) {
		d, err := r.Detector(ctx)
		if err != nil {
			return List{}, err
		}
		return gate.Do(ctx, &r.gate, func(ctx context.Context) (List, error) { return getList(ctx, r.api, d.ID, kind, id) })
	})
}

func getList(ctx context.Context, api Reader, detector string, kind ListKind, id string) (List, error) {
	l := List{Kind: kind, ID: id}
	switch kind {
	case IPSet:
		out, err := api.GetIPSet(ctx, &guardduty.GetIPSetInput{DetectorId: &detector, IpSetId: &id})
		if err != nil {
			return List{}, err
		}
		l.Name, l.Format, l.Location, l.Status, l.Tags = aws.ToString(out.Name), string(out.Format), aws.ToString(out.Location), string(out.Status), out.Tags
	case TrustedEntitySet:
		out, err := api.GetTrustedEntitySet(ctx, &guardduty.GetTrustedEntitySetInput{DetectorId: &detector, TrustedEntitySetId: &id})
		if err != nil {
			return List{}, err
		}
		l.Name, l.Format, l.Location, l.Status, l.Tags = aws.ToString(out.Name), string(out.Format), aws.ToString(out.Location), string(out.Status), out.Tags
		l.Problem = aws.ToString(out.ErrorDetails)
	case ThreatIntelSet:
		out, err := api.GetThreatIntelSet(ctx, &guardduty.GetThreatIntelSetInput{DetectorId: &detector, ThreatIntelSetId: &id})
		if err != nil {
			return List{}, err
		}
		l.Name, l.Format, l.Location, l.Status, l.Tags = aws.ToString(out.Name), string(out.Format), aws.ToString(out.Location), string(out.Status), out.Tags
	case ThreatEntitySet:
		out, err := api.GetThreatEntitySet(ctx, &guardduty.GetThreatEntitySetInput{DetectorId: &detector, ThreatEntitySetId: &id})
		if err != nil {
			return List{}, err
		}
		l.Name, l.Format, l.Location, l.Status, l.Tags = aws.ToString(out.Name), string(out.Format), aws.ToString(out.Location), string(out.Status), out.Tags
		l.Problem = aws.ToString(out.ErrorDetails)
	}
	if l.Status == "" {
		return List{}, malformed("Get"+string(kind), "list %s has no status", id)
	}
	return l, nil
}

func (r *Region) listResource(d Detector, kind ListKind, id string) posture.Resource {
	return r.place.Resource(listTypes[kind], id, r.arn(d, "/"+string(kind)+"/"+id))
}

// eachList judges every list of some kinds. A kind that cannot be listed is in
// the error, the others stand.
func (r *Region) eachList(ctx context.Context, c posture.Control, d Detector, kinds []ListKind, judge func(context.Context, posture.Resource, List) posture.Finding) ([]posture.Finding, error) {
	var (
		keys []listKey
		errs []error
	)
	for _, kind := range kinds {
		ids, err := r.ListIDs(ctx, kind)
		for _, id := range ids {
			keys = append(keys, listKey{kind, id})
		}
		errs = append(errs, err)
	}
	return posture.Each(ctx, keys, func(ctx context.Context, k listKey) []posture.Finding {
		here := r.listResource(d, k.kind, k.id)
		l, err := r.List(ctx, k.kind, k.id)
		if err != nil {
			return []posture.Finding{c.Unknown(here, err)}
		}
		f := judge(ctx, here, l)
		f.Tags = l.Tags
		return []posture.Finding{f}
	}), errors.Join(errs...)
}
