package guardduty

import (
	"maps"

	"github.com/awsposture/posture"
)

// turning works out the order in which features are turned on, one at a time.
type turning struct {
	features map[Feature]bool // as they are after the moves so far
	moves    []move
	agents   bool // some move lets GuardDuty install agents
	copied   bool
}

type move struct {
	feature Feature
	on      bool
}

// on turns a feature on, and first what it needs. What serves already is left.
func (t *turning) on(f Feature) {
	if f.answers(t.features) != "" {
		return
	}
	feature, agent := f.parts()
	switch {
	case feature == RuntimeMonitoring && !t.features[RuntimeMonitoring]:
		t.replaceOlder()
	case f == EKSRuntimeAgent && t.features[RuntimeMonitoring]:
		f, feature = EKSAgent, RuntimeMonitoring
	}
	t.set(feature, true)
	if agent != "" {
		t.set(f, true)
	}
}

// replaceOlder turns the older form of EKS runtime monitoring off, which the
// newer includes and AWS lets nobody enable beside it in one call, and carries the management of its agent
// over. The agent goes first, so that undo, which goes backwards, finds its
// feature on.
func (t *turning) replaceOlder() {
	if !t.features[EKSRuntimeMonitoring] {
		return
	}
	managed := t.features[EKSRuntimeAgent]
	t.set(EKSRuntimeAgent, false)
	t.set(EKSRuntimeMonitoring, false)
	if managed {
		t.set(RuntimeMonitoring, true)
		t.set(EKSAgent, true)
	}
}

func (t *turning) set(f Feature, on bool) {
	if t.features[f] == on {
		return
	}
	if !t.copied {
		t.features, t.copied = maps.Clone(t.features), true
	}
	t.features[f] = on
	t.moves = append(t.moves, move{f, on})
	if _, agent := f.parts(); agent != "" && on {
		t.agents = true
	}
}

// stepsOf makes a step of each move, on the setting of its feature.
func stepsOf(t turning, setting func(Feature) posture.Setting[Switch]) ([]posture.Step, error) {
	var steps []posture.Step
	for _, m := range t.moves {
		s, err := posture.Change(setting(m.feature), switched(!m.on), switched(m.on))
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
	return steps, nil
}

// plan is the plan of the moves' steps.
func (t *turning) plan(r *Region, fs []posture.Finding, steps []posture.Step) posture.Plan {
	p := r.newPlan(fs, steps...)
	if t.agents {
		p.Risk = posture.RiskMedium
		p.Impact.Unknown = []string{"what the agents that GuardDuty installs will take of their hosts' memory and processor"}
	}
	return p
}
