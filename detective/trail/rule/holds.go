package rule

import (
	"math"
	"slices"
)

// holds judges the matches of one window and returns the number it computed.
func (w *window) holds(win []entry) (float64, bool) {
	switch w.c.Kind {
	case Temporal:
		return float64(len(win)), w.temporal(win)
	case Ordered:
		return float64(len(win)), w.ordered(win)
	}
	n, ok := w.value(win)
	if !ok {
		return 0, false
	}
	if len(w.c.Want) == 0 {
		return n, n >= 1
	}
	for _, b := range w.c.Want {
		if !b.holds(n) {
			return n, false
		}
	}
	return n, true
}

func (w *window) value(win []entry) (float64, bool) {
	if w.c.Kind == Count {
		// Two rules can match one event; it is still one.
		n := 0
		for i := range win {
			if i == 0 || win[i].Ref.ID == "" || win[i].Ref.ID != win[i-1].Ref.ID || win[i].Ref.Account != win[i-1].Ref.Account {
				n++
			}
		}
		return float64(n), true
	}
	if w.c.Kind == Distinct {
		seen := map[string]struct{}{}
		for i := range win {
			for _, v := range win[i].Values {
				seen[v] = struct{}{}
			}
		}
		return float64(len(seen)), true
	}
	var xs []float64
	sum := 0.0
	for i := range win {
		for _, v := range win[i].Values {
			if x, ok := number(v); ok {
				xs = append(xs, x)
				sum += x
			}
		}
	}
	if len(xs) == 0 {
		return 0, false
	}
	slices.Sort(xs)
	switch w.c.Kind {
	case Sum:
		return sum, true
	case Avg:
		return sum / float64(len(xs)), true
	case Median:
		return (xs[(len(xs)-1)/2] + xs[len(xs)/2]) / 2, true
	}
	// Percentile by the nearest rank.
	i := int(math.Ceil(w.c.Rank/100*float64(len(xs)))) - 1
	return xs[min(max(i, 0), len(xs)-1)], true
}

func (w *window) temporal(win []entry) bool {
	has := func(id string) bool {
		return slices.ContainsFunc(win, func(e entry) bool { return e.Rule == id })
	}
	if w.c.Cond != nil {
		return condHolds(w.c.Cond, has)
	}
	for _, id := range w.c.Rules {
		if !has(id) {
			return false
		}
	}
	return true
}

func condHolds(x Expr, has func(string) bool) bool {
	switch x := x.(type) {
	case And:
		for _, y := range x {
			if !condHolds(y, has) {
				return false
			}
		}
		return true
	case Or:
		for _, y := range x {
			if condHolds(y, has) {
				return true
			}
		}
		return false
	case Not:
		return !condHolds(x.X, has)
	case Const:
		return bool(x)
	case matched:
		return has(string(x))
	}
	return false
}

// ordered takes for each step the earliest matches that are not before the
// step it follows; a tie in time counts as the wanted order.
func (w *window) ordered(win []entry) bool {
	at := win[0].At
	for _, st := range w.c.Steps {
		need := max(st.Min, 1)
		reached := at
		for _, id := range st.All {
			n := 0
			for i := range win {
				if win[i].Rule != id || win[i].At < at {
					continue
				}
				if n++; n == need {
					reached = max(reached, win[i].At)
					break
				}
			}
			if n < need {
				return false
			}
		}
		at = reached
	}
	return true
}
