package suite

import (
	"fmt"
	"maps"
	"slices"

	"github.com/awsposture/posture"
)

// once sees to it that what judges an organization gives one result an
// organization. An account that does not administer it has none to give, and
// which account administers what, only trying tells: GuardDuty has its own
// administrator. So a result without a verdict is held back until another account
// gives one.
type once struct {
	judged map[string]bool
	held   map[string]posture.Result
}

func keyOf(group string, c posture.Control, p posture.Place) string {
	return fmt.Sprintf("%s %s %s %q", group, c.ID, p.Region, c.Params)
}

// open leaves out what judges the organization of group where the account does
// not administer it, or another gave the verdict. Without a group nothing is left out.
func (o *once) open(evs []posture.Evaluator, group string, administers bool) []posture.Evaluator {
	return slices.DeleteFunc(slices.Clone(evs), func(e posture.Evaluator) bool {
		c, p := describe(e)
		return group != "" && c.Scope == posture.Organization && (!administers || o.judged[keyOf(group, c, p)])
	})
}

// describe gives an evaluator's control and place, or nothing where it panics:
// the scan says so.
func describe(e posture.Evaluator) (c posture.Control, p posture.Place) {
	defer func() { _ = recover() }()
	return e.Control(), e.Place()
}

// settle yields a result, or holds it back.
func (o *once) settle(r posture.Result, group string, yield func(posture.Result) bool) bool {
	if group == "" || r.Control.Scope != posture.Organization {
		return yield(r)
	}
	if o.judged == nil {
		o.judged, o.held = map[string]bool{}, map[string]posture.Result{}
	}
	key := keyOf(group, r.Control, r.Place)
	if has(r, posture.Pass) || has(r, posture.Fail) {
		// One region's verdict is more than the word of an account whose regions are
		// not known.
		for _, k := range []string{key, keyOf(group, r.Control, posture.Place{})} {
			o.judged[k] = true
			delete(o.held, k)
		}
		return yield(r)
	}
	// What could not be judged says more than that there was nothing to judge.
	if before, ok := o.held[key]; !ok || has(r, posture.Unknown) && !has(before, posture.Unknown) {
		o.held[key] = r
	}
	return true
}

// rest yields what is still held, in the order of its keys.
func (o *once) rest(yield func(posture.Result) bool) {
	for _, key := range slices.Sorted(maps.Keys(o.held)) {
		if !yield(o.held[key]) {
			return
		}
	}
}

func has(r posture.Result, s posture.Status) bool {
	return slices.ContainsFunc(r.Findings, func(f posture.Finding) bool { return f.Status == s })
}
