package posture_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture"
)

type analyzer func(context.Context, posture.Plan) (posture.Impact, error)

func (a analyzer) Impact(ctx context.Context, p posture.Plan) (posture.Impact, error) {
	return a(ctx, p)
}

func TestAssessed(t *testing.T) {
	w := newWorld("a")
	p := closing(t, w, "a")
	p.Impact.Unknown = []string{"who else has a key"}
	found := p.Assessed(t.Context(), analyzer(func(context.Context, posture.Plan) (posture.Impact, error) {
		return posture.Impact{Broken: []posture.Use{{Principal: "arn:aws:iam::111122223333:user/ana", Action: "test:Enter", Count: 3}}, Window: 24 * time.Hour, Coverage: 80}, nil
	}))
	if found.ID() == p.ID() || len(found.Impact.Broken) != 1 || found.Impact.Coverage != 80 || len(found.Impact.Unknown) != 1 || len(p.Impact.Broken) != 0 {
		t.Errorf("got %+v", found.Impact)
	}
	// Observed use that would stop working is above the limit until asked for.
	r, err := executor(posture.Limits{}).Apply(t.Context(), found)
	var refusal *posture.Refusal
	if !errors.As(err, &refusal) || refusal.Reason != posture.ReasonLimit || r.Outcome != posture.OutcomeRefused || w.count("set") != 0 {
		t.Errorf("applied over broken use: %s, %v", r.Outcome, err)
	}
	failed := p.Assessed(t.Context(), analyzer(func(context.Context, posture.Plan) (posture.Impact, error) {
		return posture.Impact{}, errors.New("no trail")
	}))
	if len(failed.Impact.Unknown) != 2 || !strings.Contains(failed.Impact.Unknown[1], "no trail") || failed.Impact.Coverage != 0 {
		t.Errorf("got %+v", failed.Impact)
	}
}
