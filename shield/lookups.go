package shield

import (
	"context"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/memo"
)

func fact[T any](ctx context.Context, kept *memo.Value[T], f posture.Fact[T], name string) (T, error) {
	return kept.Get(ctx, func(ctx context.Context) (T, error) { return f.Get(ctx, "shield.Account."+name) })
}

func (a *Account) edge(ctx context.Context) ([]Edge, error) {
	return fact(ctx, &a.edges, a.Edges, "Edges")
}

func (a *Account) exists(ctx context.Context) ([]string, error) {
	return fact(ctx, &a.existing, a.Existing, "Existing")
}

func (a *Account) healthChecks(ctx context.Context) (map[string]HealthCheck, error) {
	return fact(ctx, &a.health, a.HealthChecks, "HealthChecks")
}

func (a *Account) alarmed(ctx context.Context) ([]Alarm, error) {
	return fact(ctx, &a.alarms, a.Alarms, "Alarms")
}

func (a *Account) logBuckets(ctx context.Context) ([]string, error) {
	return fact(ctx, &a.buckets, a.LogBuckets, "LogBuckets")
}

func (a *Account) responseTeam(ctx context.Context) (bool, error) {
	return fact(ctx, &a.team, a.ResponseTeam, "ResponseTeam")
}

func (a *Account) countingSince(ctx context.Context) (map[string]time.Time, error) {
	return fact(ctx, &a.counts, a.CountingSince, "CountingSince")
}

// eachEdge judges the resources that face the internet. judge gives false for one
// that the control does not speak of.
func (a *Account) eachEdge(ctx context.Context, c posture.Control, none string, judge func(Edge) (posture.Finding, bool)) ([]posture.Finding, error) {
	all, err := a.edge(ctx)
	var fs []posture.Finding
	for _, e := range all {
		if f, ok := judge(e); ok {
			f.Tags = e.Tags
			fs = append(fs, f)
		}
	}
	return c.Judged(fs, err, a.account(), none)
}

// eachProtection judges the protections, those read before an error too.
func (a *Account) eachProtection(ctx context.Context, c posture.Control, none string, judge func(Protection) (posture.Finding, bool)) ([]posture.Finding, error) {
	all, err := a.Protections(ctx)
	var fs []posture.Finding
	for _, p := range all {
		if f, ok := judge(p); ok {
			fs = append(fs, f)
		}
	}
	return c.Judged(fs, err, a.account(), none)
}
