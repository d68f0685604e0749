package shield

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
)

// Kind is what a protected resource is, as Shield names it.
type Kind string

// What Shield protects, and what only its elastic IP addresses can be protected of.
const (
	Distribution Kind = "CLOUDFRONT_DISTRIBUTION"
	HostedZone   Kind = "ROUTE_53_HOSTED_ZONE"
	Accelerator  Kind = "GLOBAL_ACCELERATOR"
	EIP          Kind = "ELASTIC_IP_ALLOCATION"
	ALB          Kind = "APPLICATION_LOAD_BALANCER"
	CLB          Kind = "CLASSIC_LOAD_BALANCER"

	Instance          Kind = "INSTANCE"                   // by its elastic IP addresses
	NLB               Kind = "NETWORK_LOAD_BALANCER"      // by its elastic IP addresses
	CustomAccelerator Kind = "CUSTOM_ROUTING_ACCELERATOR" // not at all
	Gateway           Kind = "NAT_GATEWAY"                // not at all, and it takes no traffic from outside
)

// Kinds are the kinds that Shield protects.
func Kinds() []Kind { return []Kind{Distribution, HostedZone, Accelerator, EIP, ALB, CLB} }

// KindOf tells what an ARN, written as Shield wants it, is of; "" nothing that
// Shield protects. See "CreateProtection" in the Shield Advanced API Reference.
func KindOf(arn string) Kind {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" {
		return ""
	}
	service, what := parts[2], parts[5]
	kind, name, _ := strings.Cut(what, "/")
	switch {
	case name == "":
		return ""
	case service == "cloudfront" && kind == "distribution":
		return Distribution
	case service == "route53" && kind == "hostedzone":
		return HostedZone
	case service == "globalaccelerator" && kind == "accelerator":
		return Accelerator
	case service == "ec2" && kind == "eip-allocation":
		return EIP
	case service == "elasticloadbalancing" && kind == "loadbalancer":
		switch {
		case strings.HasPrefix(name, "app/"):
			return ALB
		case !strings.Contains(name, "/"):
			return CLB
		}
	}
	return ""
}

// webACLs tells whether AWS WAF stands in front of a kind that Shield mitigates by it.
func (k Kind) webACLs() bool { return k == Distribution || k == ALB }

// Response is what the automatic application layer response does.
type Response string

// What the automatic response does.
const (
	ResponseOff   Response = "off"
	ResponseCount Response = "count"
	ResponseBlock Response = "block"
)

// Protection is Shield Advanced on one resource.
type Protection struct {
	ID, Name     string
	ResourceARN  string
	Kind         Kind
	HealthChecks []string // ids, in order
	Response     Response
}

// Protections reads the protections.
func (a *Account) Protections(ctx context.Context) ([]Protection, error) {
	return a.protections.Get(ctx, func(ctx context.Context) ([]Protection, error) { return listProtections(ctx, a.api) })
}

func listProtections(ctx context.Context, api Reader) ([]Protection, error) {
	all, err := pages(ctx, func(ctx context.Context, token *string) ([]types.Protection, *string, error) {
		out, err := api.ListProtections(ctx, &shield.ListProtectionsInput{MaxResults: aws.Int32(pageSize), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Protections, out.NextToken, nil
	})
	ps := make([]Protection, 0, len(all))
	for _, p := range all {
		if aws.ToString(p.ResourceArn) == "" {
			return ps, malformed("ListProtections", "protection %q names no resource", aws.ToString(p.Id))
		}
		ps = append(ps, protectionOf(p))
	}
	return ps, err
}

func protectionOf(p types.Protection) Protection {
	ours := Protection{ID: aws.ToString(p.Id), Name: aws.ToString(p.Name), ResourceARN: aws.ToString(p.ResourceArn), Response: ResponseOff}
	ours.Kind = KindOf(ours.ResourceARN)
	ours.HealthChecks = slices.Sorted(slices.Values(p.HealthCheckIds))
	if r := p.ApplicationLayerAutomaticResponseConfiguration; r != nil && r.Status == types.ApplicationLayerAutomaticResponseStatusEnabled {
		if ours.Response = ResponseCount; r.Action != nil && r.Action.Block != nil {
			ours.Response = ResponseBlock
		}
	}
	return ours
}

// getProtection reads the protection of one resource afresh; one without an ID is none.
func getProtection(ctx context.Context, api Reader, arn string) (Protection, error) {
	out, err := api.DescribeProtection(ctx, &shield.DescribeProtectionInput{ResourceArn: &arn})
	switch {
	case sameCode(err, codeNotFound):
		return Protection{}, nil
	case err != nil:
		return Protection{}, err
	case out.Protection == nil || aws.ToString(out.Protection.Id) == "":
		return Protection{}, malformed("DescribeProtection", "the answer for %s has no protection", arn)
	}
	return protectionOf(*out.Protection), nil
}

// eachProtection judges the protections that a control is about, where the
// account is subscribed. judge gives nothing for one that it is not about.
func (a *Account) eachProtection(ctx context.Context, c posture.Control, none string, judge func(context.Context, posture.Resource, Protection) []posture.Finding) ([]posture.Finding, error) {
	off, err := a.subscribed(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	all, err := a.Protections(ctx)
	fs := posture.Each(ctx, all, func(ctx context.Context, p Protection) []posture.Finding {
		return judge(ctx, a.protection(p.ResourceARN), p)
	})
	return c.Judged(fs, err, a.own(typeSubscription), none)
}

// find gives the protection of an ARN.
func find(all []Protection, arn string) (Protection, bool) {
	i := slices.IndexFunc(all, func(p Protection) bool { return p.ResourceARN == arn })
	if i < 0 {
		return Protection{}, false
	}
	return all[i], true
}
