package shield

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"
)

// Attack is an attack on one resource, as Shield Advanced saw it.
type Attack struct {
	ID          string
	ResourceARN string
	Vectors     []string // SYN_FLOOD, REQUEST_FLOOD …
	Start       time.Time
	End         time.Time // zero: it goes on
}

// attackWindow is how far back attacks are read.
const attackWindow = 365 * day

// Attacks reads the attacks that began within a year, oldest first. It gives only
// a range for their start: one for their end would hide those that go on.
func (a *Account) Attacks(ctx context.Context) ([]Attack, error) {
	return a.attacks.Get(ctx, func(ctx context.Context) ([]Attack, error) {
		to := a.now().UTC()
		from := to.Add(-attackWindow)
		all, err := pages(ctx, func(ctx context.Context, token *string) ([]types.AttackSummary, *string, error) {
			out, err := a.api.ListAttacks(ctx, &shield.ListAttacksInput{
				StartTime: &types.TimeRange{FromInclusive: &from, ToExclusive: &to}, MaxResults: aws.Int32(pageSize), NextToken: token,
			})
			if err != nil {
				return nil, nil, err
			}
			return out.AttackSummaries, out.NextToken, nil
		})
		attacks := make([]Attack, 0, len(all))
		for _, s := range all {
			if aws.ToString(s.AttackId) == "" || s.StartTime == nil {
				return attacks, malformed("ListAttacks", "an attack has no id or no start")
			}
			x := Attack{ID: *s.AttackId, ResourceARN: aws.ToString(s.ResourceArn), Start: *s.StartTime, End: aws.ToTime(s.EndTime)}
			for _, v := range s.AttackVectors {
				x.Vectors = append(x.Vectors, aws.ToString(v.VectorType))
			}
			attacks = append(attacks, x)
		}
		slices.SortStableFunc(attacks, func(x, y Attack) int { return x.Start.Compare(y.Start) })
		return attacks, err
	})
}

// AttackDetail is all that Shield Advanced tells of an attack.
type AttackDetail struct {
	Attack
	Counters    []Counter
	Properties  []Property
	Mitigations []string
	Parts       []AttackedPart
}

// Counter is how much of something an attack had.
type Counter struct {
	Name, Unit             string
	Most, Average, Sum, Of float64 // Of is how many samples
}

// Property is the largest contributors to an attack by one of their traits.
type Property struct {
	Layer        string // NETWORK, APPLICATION
	Trait        string // SOURCE_IP_ADDRESS, SOURCE_COUNTRY …
	Unit         string
	Total        int64
	Contributors []Contributor
}

// Contributor is one of the largest contributors.
type Contributor struct {
	Name  string
	Value int64
}

// AttackedPart is an address or URL of the resource that was attacked.
type AttackedPart struct {
	ID, Type string // Type is IP or URL
	Vectors  []string
	Counters []Counter
}

// Attack reads one attack. AWS refuses an id that does not exist in the same
// words as one that the caller may not see: the error is then an access denied.
func (a *Account) Attack(ctx context.Context, id string) (AttackDetail, error) {
	return a.attack.Get(ctx, id, func(ctx context.Context) (AttackDetail, error) {
		out, err := a.api.DescribeAttack(ctx, &shield.DescribeAttackInput{AttackId: &id})
		switch {
		case err != nil:
			return AttackDetail{}, err
		case out.Attack == nil || out.Attack.StartTime == nil:
			return AttackDetail{}, malformed("DescribeAttack", "the answer for %s has no attack with a start", id)
		}
		return detailOf(out.Attack), nil
	})
}

func detailOf(x *types.AttackDetail) AttackDetail {
	d := AttackDetail{
		Attack:   Attack{ID: aws.ToString(x.AttackId), ResourceARN: aws.ToString(x.ResourceArn), Start: *x.StartTime, End: aws.ToTime(x.EndTime)},
		Counters: countersOf(x.AttackCounters),
	}
	for _, m := range x.Mitigations {
		d.Mitigations = append(d.Mitigations, aws.ToString(m.MitigationName))
	}
	for _, p := range x.AttackProperties {
		ours := Property{Layer: string(p.AttackLayer), Trait: string(p.AttackPropertyIdentifier), Unit: string(p.Unit), Total: p.Total}
		for _, c := range p.TopContributors {
			ours.Contributors = append(ours.Contributors, Contributor{aws.ToString(c.Name), c.Value})
		}
		d.Properties = append(d.Properties, ours)
	}
	for _, s := range x.SubResources {
		part := AttackedPart{ID: aws.ToString(s.Id), Type: string(s.Type), Counters: countersOf(s.Counters)}
		for _, v := range s.AttackVectors {
			vector := aws.ToString(v.VectorType)
			part.Vectors = append(part.Vectors, vector)
			if !slices.Contains(d.Vectors, vector) {
				d.Vectors = append(d.Vectors, vector)
			}
		}
		d.Parts = append(d.Parts, part)
	}
	return d
}

func countersOf(all []types.SummarizedCounter) (cs []Counter) {
	for _, c := range all {
		cs = append(cs, Counter{aws.ToString(c.Name), aws.ToString(c.Unit), c.Max, c.Average, c.Sum, float64(c.N)})
	}
	return cs
}

// Moment is an attack's beginning or end.
type Moment struct {
	Time    time.Time
	Attack  Attack
	Began   bool // false: it ended
	Ongoing int  // attacks under way after it
}

// Timeline puts the beginnings and ends of attacks in order. At one time ends
// come first, so that Ongoing counts no attack that was over.
func Timeline(attacks []Attack) []Moment {
	var all []Moment
	for _, x := range attacks {
		all = append(all, Moment{Time: x.Start, Attack: x, Began: true})
		if !x.End.IsZero() {
			all = append(all, Moment{Time: x.End, Attack: x})
		}
	}
	slices.SortStableFunc(all, func(x, y Moment) int {
		if c := x.Time.Compare(y.Time); c != 0 {
			return c
		}
		return order(x) - order(y)
	})
	n := 0
	for i := range all {
		if n--; all[i].Began {
			n += 2
		}
		all[i].Ongoing = n
	}
	return all
}

// order is where a moment stands among others of the same time. The end of an
// attack that took no time comes after its own beginning.
func order(m Moment) int {
	switch {
	case m.Began:
		return 1
	case m.Attack.Start.Equal(m.Attack.End):
		return 2
	}
	return 0
}
