package rule

import (
	"math"
	"slices"
	"strconv"
)

// holds judges the matches [i, j) of a group as one window, and returns the
// number it computed.
func (w *window) holds(es []entry, i, j int) (float64, bool) {
	win := es[i:j]
	n := float64(len(win))
	ok := true
	switch w.c.Kind {
	case Temporal:
		return n, w.temporal(win)
	case Ordered:
		return n, w.ordered(win)
	case Count:
		if len(win) < w.need {
			return 0, false
		}
		// Two rules can match one event; it is still one.
		w.moved(es, i, j)
		n = float64(len(win) - w.slide.same)
	case Distinct:
		if len(win) < w.need && !w.lists {
			return 0, false
		}
		w.moved(es, i, j)
		n = float64(w.slide.seen.distinct)
	default:
		n, ok = w.number(win)
	}
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

func number(s string) (float64, bool) {
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

// number computes a number of the values.
func (w *window) number(win []entry) (float64, bool) {
	var xs []float64
	sum := 0.0
	for i := range win {
		for _, v := range texts(win[i].vals) {
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
		k, ok := w.g.set.byID[id]
		return ok && slices.ContainsFunc(win, func(e entry) bool { return int(e.rule) == k })
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
	at := win[0].at
	for _, st := range w.c.Steps {
		need := max(st.Min, 1)
		reached := at
		for _, id := range st.All {
			n := 0
			k, ok := w.g.set.byID[id]
			for i := range win {
				if !ok || int(win[i].rule) != k || win[i].at < at {
					continue
				}
				if n++; n == need {
					reached = max(reached, win[i].at)
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
