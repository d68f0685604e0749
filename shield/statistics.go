package shield

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"
)

// Statistics are the attacks on the account's resources of the last year, as
// Shield counts them in every account. The unit is one volume's.
type Statistics struct {
	From, To time.Time
	Volumes  []Volume
}

// Volume is how many attacks there were by one unit of their volume.
type Volume struct {
	Unit  string // "bits/s", "packets/s", "requests/s"; "" without a volume
	Count int64
	Max   float64 // of the largest
}

// Statistics gives the attacks of the last year. It needs no subscription.
func (a *Account) Statistics(ctx context.Context) (Statistics, error) {
	return a.statistics.Get(ctx, func(ctx context.Context) (Statistics, error) {
		out, err := a.api.DescribeAttackStatistics(ctx, &shield.DescribeAttackStatisticsInput{})
		if err != nil {
			return Statistics{}, err
		}
		s := Statistics{Volumes: []Volume{}}
		if r := out.TimeRange; r != nil {
			s.From, s.To = aws.ToTime(r.FromInclusive), aws.ToTime(r.ToExclusive)
		}
		for _, item := range out.DataItems {
			s.Volumes = append(s.Volumes, volumeOf(item))
		}
		return s, nil
	})
}

func volumeOf(item types.AttackStatisticsDataItem) Volume {
	v := Volume{Count: item.AttackCount}
	if item.AttackVolume == nil {
		return v
	}
	for _, one := range []struct {
		unit string
		of   *types.AttackVolumeStatistics
	}{
		{"bits/s", item.AttackVolume.BitsPerSecond}, {"packets/s", item.AttackVolume.PacketsPerSecond}, {"requests/s", item.AttackVolume.RequestsPerSecond},
	} {
		if one.of != nil {
			v.Unit, v.Max = one.unit, one.of.Max
		}
	}
	return v
}

// Attacks is how many there were, by the unit with the most.
func (s Statistics) Attacks() (n int64) {
	for _, v := range s.Volumes {
		n = max(n, v.Count)
	}
	return n
}
