package organization

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/awsposture/posture/internal/gate"
	"github.com/awsposture/posture/internal/paging"
)

// PolicyType is a type of organization policy, as AWS names it. The set is open;
// those that the package judges have constants.
type PolicyType string

// The policy types that this package judges.
const (
	SCP            PolicyType = "SERVICE_CONTROL_POLICY"
	RCP            PolicyType = "RESOURCE_CONTROL_POLICY"
	DeclarativeEC2 PolicyType = "DECLARATIVE_POLICY_EC2"
)

// TypeStatus is whether policies of a type can be attached.
type TypeStatus string

// The statuses of a policy type.
const (
	TypeEnabled        TypeStatus = "ENABLED"
	TypePendingEnable  TypeStatus = "PENDING_ENABLE"
	TypePendingDisable TypeStatus = "PENDING_DISABLE"
	TypeDisabled       TypeStatus = "DISABLED" // AWS says so by not listing the type
)

// fullRCP is the AWS managed policy that is attached to every root, unit and
// account while RCPs are enabled, and cannot be detached. See "RCP evaluation" in
// the AWS Organizations User Guide.
const fullRCP = "p-RCPFullAWSAccess"

// Policy is an organization policy.
type Policy struct {
	ID, Name, ARN string
	Type          PolicyType
	AWSManaged    bool
	Document      string
	Targets       []string // ids of the root, the units and accounts that it is attached to
	Everywhere    bool     // attached to all of them, and Targets is empty
}

// Policies gives the policies of a type, with their documents and what they are
// attached to. A type that is not enabled is in force nowhere and has none. A
// policy that could not be read to the end is missing, and the error names it.
func (o *Organization) Policies(ctx context.Context, t PolicyType) ([]Policy, error) {
	return o.policies.Get(ctx, t, func(ctx context.Context) ([]Policy, error) {
		root, err := o.Root(ctx)
		if err != nil || !root.enabled(t) {
			return nil, err
		}
		listed, err := o.listPolicies(ctx, t)
		read, broken := parallel(ctx, listed, o.readPolicy)
		return slices.DeleteFunc(read, func(p Policy) bool { return p.ID == "" }), errors.Join(err, broken)
	})
}

// enabled tells whether policies of a type are in force. They are until the type
// is disabled to the end.
func (r Root) enabled(t PolicyType) bool {
	return r.Types[t] == TypeEnabled || r.Types[t] == TypePendingDisable
}

func (o *Organization) listPolicies(ctx context.Context, t PolicyType) ([]Policy, error) {
	var broken []error
	all, err := paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[Policy], error) {
		out, err := gate.Do(ctx, &o.gate, func(ctx context.Context) (*organizations.ListPoliciesOutput, error) {
			return o.api.ListPolicies(ctx, &organizations.ListPoliciesInput{Filter: types.PolicyType(t), MaxResults: aws.Int32(pageSize), NextToken: token})
		})
		if err != nil {
			return paging.Page[Policy]{}, err
		}
		page := paging.Page[Policy]{Next: out.NextToken}
		for _, p := range out.Policies {
			if aws.ToString(p.Id) == "" {
				broken = append(broken, malformed("ListPolicies", fmt.Sprintf("a policy came without an id (name %q)", aws.ToString(p.Name))))
				continue
			}
			page.Items = append(page.Items, Policy{ID: *p.Id, Name: aws.ToString(p.Name), ARN: aws.ToString(p.Arn), Type: t, AWSManaged: p.AwsManaged})
		}
		return page, nil
	})
	return all, errors.Join(append(broken, err)...)
}

// readPolicy reads a listed policy's document and targets.
func (o *Organization) readPolicy(ctx context.Context, p Policy) (Policy, error) {
	var err error
	if p.Document, err = o.readDocument(ctx, p.ID); err != nil {
		return Policy{}, fmt.Errorf("policy %s: %w", p.ID, err)
	}
	if p.ID == fullRCP {
		p.Everywhere = true
		return p, nil
	}
	if p.Targets, err = o.listTargets(ctx, p.ID); err != nil {
		return Policy{}, fmt.Errorf("targets of policy %s: %w", p.ID, err)
	}
	return p, nil
}

func (o *Organization) readDocument(ctx context.Context, id string) (string, error) {
	out, err := gate.Do(ctx, &o.gate, func(ctx context.Context) (*organizations.DescribePolicyOutput, error) {
		return o.api.DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: &id})
	})
	if err != nil {
		return "", err
	}
	if out.Policy == nil || out.Policy.Content == nil {
		return "", malformed("DescribePolicy", "policy "+id+" came without its document")
	}
	return *out.Policy.Content, nil
}

func (o *Organization) listTargets(ctx context.Context, id string) ([]string, error) {
	return paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[string], error) {
		out, err := gate.Do(ctx, &o.gate, func(ctx context.Context) (*organizations.ListTargetsForPolicyOutput, error) {
			return o.api.ListTargetsForPolicy(ctx, &organizations.ListTargetsForPolicyInput{PolicyId: &id, MaxResults: aws.Int32(pageSize), NextToken: token})
		})
		if err != nil {
			return paging.Page[string]{}, err
		}
		page := paging.Page[string]{Next: out.NextToken}
		for _, t := range out.Targets {
			page.Items = append(page.Items, aws.ToString(t.TargetId))
		}
		return page, nil
	})
}

// DeclarativePolicies gives the policies of every enabled type that is neither
// SCP nor RCP: those that AWS calls declarative or management policies, for EC2,
// backup, tags and others. They are inherited by rules of their own, which this
// package does not follow.
func (o *Organization) DeclarativePolicies(ctx context.Context) ([]Policy, error) {
	root, err := o.Root(ctx)
	if err != nil {
		return nil, err
	}
	var (
		all    []Policy
		broken []error
	)
	for _, t := range slices.Sorted(maps.Keys(root.Types)) {
		if t == SCP || t == RCP {
			continue
		}
		list, err := o.Policies(ctx, t)
		all, broken = append(all, list...), append(broken, err)
	}
	return all, errors.Join(broken...)
}
