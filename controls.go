package posture

import (
	"context"
	"slices"
	"time"
)

// OpenControl is an emergency control that is still in force: a step with an
// Until that was made and not undone.
type OpenControl struct {
	Receipt Receipt // of that step alone, for Receipt.Bind and Executor.Undo
	Case    string
	Owner   string // whose credentials made it
	Made    time.Time
	Until   time.Time
}

// Overdue tells whether the control should have been lifted.
func (o OpenControl) Overdue(now time.Time) bool { return now.After(o.Until) }

// OpenControls lists the emergency controls that, by the journal, are still in
// force, oldest first. Undo of a control's receipt lifts it.
func OpenControls(ctx context.Context, j Journal) ([]OpenControl, error) {
	open := map[stepKey]OpenControl{}
	bodies := map[stepKey]Step{}
	var order []stepKey
	for e, err := range j.Read(ctx) {
		if err != nil {
			return nil, err
		}
		key := stepKey{e.Plan, e.Step}
		switch {
		case e.Phase == PhaseIntent && !e.Undo && e.Body != nil:
			bodies[key] = *e.Body
		case e.Phase == PhaseDone && e.Undo:
			delete(open, key)
		case e.Phase == PhaseDone && !bodies[key].Until.IsZero():
			step := bodies[key]
			open[key] = OpenControl{
				Receipt: Receipt{Plan: e.Plan, Outcome: OutcomeDone, Started: e.Time, Finished: e.Time, Steps: []StepReceipt{{Step: step, Index: e.Step, Outcome: OutcomeDone}}},
				Case:    e.Case, Owner: e.Caller, Made: e.Time, Until: step.Until,
			}
			order = append(order, key)
		}
	}
	var list []OpenControl
	for _, key := range order {
		if c, ok := open[key]; ok && !slices.ContainsFunc(list, func(o OpenControl) bool { return o.Receipt.Plan == key.plan && o.Receipt.Steps[0].Index == key.step }) {
			list = append(list, c)
		}
	}
	return list, nil
}
