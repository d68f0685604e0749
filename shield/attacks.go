package shield

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture/internal/paging"
)

// Attack is an attack on a resource of a subscribed account.
type Attack struct {
	ID          string
	ResourceARN string
	Vectors     []string // SYN_FLOOD, REQUEST_FLOOD …
	Start       time.Time
	End         time.Time // zero: it goes on
}

// Open tells whether the attack goes on.
func (a Attack) Open() bool { return a.End.IsZero() }

// attackWindow is how far back attacks are listed: what Shield keeps.
const attackWindow = 365 * day

// Attacks lists the attacks that began within the last year, the earliest first.
// Only the time of their start is asked for: a range of ends would hide those that go on.
func (a *Account) Attacks(ctx context.Context) ([]Attack, error) {
	return a.attacks.Get(ctx, func(ctx context.Context) ([]Attack, error) {
		since := a.now().Add(-attackWindow)
		all, err := paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[types.AttackSummary], error) {
			out, err := a.api.ListAttacks(ctx, &shield.ListAttacksInput{StartTime: &types.TimeRange{FromInclusive: &since}, NextToken: token, MaxResults: aws.Int32(largestPage)})
			if err != nil {
				return paging.Page[types.AttackSummary]{}, err
			}
			return paging.Page[types.AttackSummary]{Items: out.AttackSummaries, Next: out.NextToken}, nil
		})
		list := make([]Attack, len(all))
		for i, s := range all {
			list[i] = Attack{ID: aws.ToString(s.AttackId), ResourceARN: aws.ToString(s.ResourceArn), Start: aws.ToTime(s.StartTime), End: aws.ToTime(s.EndTime)}
			for _, v := range s.AttackVectors {
				list[i].Vectors = append(list[i].Vectors, aws.ToString(v.VectorType))
			}
		}
		slices.SortFunc(list, func(x, y Attack) int { return x.Start.Compare(y.Start) })
		return list, err
	})
}

// Detail is what Shield knows of one attack.
type Detail struct {
	Attack
	Counters    []Counter
	Sources     []Source // where it came from, and what it went for
	Mitigations []string
}

// Counter is one measure of an attack.
type Counter struct {
	Name, Unit        string
	Max, Average, Sum float64
	N                 int32
}

// Source is what stood out among an attack's traffic, by one property of it.
type Source struct {
	Layer    string // NETWORK or APPLICATION
	Property string // SOURCE_COUNTRY, DESTINATION_URL …
	Unit     string
	Total    int64
	Top      []Share
}

// Share is a value of a property, and how much of the traffic had it.
type Share struct {
	Name  string
	Value int64
}

// Detail reads one attack afresh: details move on while an attack does.
func (a *Account) Detail(ctx context.Context, id string) (Detail, error) {
	out, err := a.api.DescribeAttack(ctx, &shield.DescribeAttackInput{AttackId: &id})
	if err != nil {
		return Detail{}, err
	}
	if out.Attack == nil {
		return Detail{}, malformed("DescribeAttack", "the answer has no attack")
	}
	in := out.Attack
	d := Detail{Attack: Attack{ID: id, ResourceARN: aws.ToString(in.ResourceArn), Start: aws.ToTime(in.StartTime), End: aws.ToTime(in.EndTime)}}
	for _, s := range in.SubResources {
		for _, v := range s.AttackVectors {
			if name := aws.ToString(v.VectorType); !slices.Contains(d.Vectors, name) {
				d.Vectors = append(d.Vectors, name)
			}
		}
	}
	for _, c := range in.AttackCounters {
		d.Counters = append(d.Counters, Counter{aws.ToString(c.Name), aws.ToString(c.Unit), c.Max, c.Average, c.Sum, c.N})
	}
	for _, p := range in.AttackProperties {
		s := Source{Layer: string(p.AttackLayer), Property: string(p.AttackPropertyIdentifier), Unit: string(p.Unit), Total: p.Total}
		for _, top := range p.TopContributors {
			s.Top = append(s.Top, Share{aws.ToString(top.Name), top.Value})
		}
		d.Sources = append(d.Sources, s)
	}
	for _, m := range in.Mitigations {
		d.Mitigations = append(d.Mitigations, aws.ToString(m.MitigationName))
	}
	return d, nil
}

// Moment is when an attack began or ended.
type Moment struct {
	Time   time.Time
	Began  bool
	Attack Attack
}

// Timeline puts attacks in the order in which they began and ended.
func Timeline(attacks []Attack) (all []Moment) {
	for _, a := range attacks {
		all = append(all, Moment{a.Start, true, a})
		if !a.Open() {
			all = append(all, Moment{a.End, false, a})
		}
	}
	slices.SortStableFunc(all, func(x, y Moment) int { return x.Time.Compare(y.Time) })
	return all
}
