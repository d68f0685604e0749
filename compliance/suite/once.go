package suite

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/awsposture/posture"
)

// once sees to it that what judges an organization gives one result an
// organization. An account that does not administer it has none to give, and
// which account administers what, only trying tells: GuardDuty has its own
// administrator. So a result without a verdict is held back until another account
// gives one, and what was left out in every account is unknown in the end.
type once struct {
	judged     map[string]bool
	held       map[string]posture.Result
	spoken     map[string]bool // of controls, in whichever region
	left       map[string]leftOut
	management string // the id of the organization's management account
}

// leftOut stands for an evaluator of an organization that no account was asked for.
// It has nothing of the account's view.
type leftOut struct {
	control posture.Control
	place   posture.Place
	key     string // of the control, in whichever region
}

// Control implements posture.Evaluator.
func (e leftOut) Control() posture.Control { return e.control }

// Place implements posture.Evaluator.
func (e leftOut) Place() posture.Place { return e.place }

// Evaluate gives the reason.
func (e leftOut) Evaluate(context.Context) ([]posture.Finding, error) {
	return nil, &posture.Cause{Kind: posture.CauseNotProvided, Message: "an account that administers the organization was not among those to scan; its management account is " + e.place.Account}
}

func keyOf(group string, c posture.Control, p posture.Place) string {
	return fmt.Sprintf("%s %s %s %q", group, c.ID, p.Region, c.Params)
}

// open leaves out what judges the organization of group where the account does
// not administer it, or another gave the verdict. Without a group nothing is left out.
func (o *once) open(evs []posture.Evaluator, group string, administers bool) []posture.Evaluator {
	return slices.DeleteFunc(slices.Clone(evs), func(e posture.Evaluator) bool {
		c, p := describe(e)
		if group == "" || c.Scope != posture.Organization {
			return false
		}
		key := keyOf(group, c, p)
		if !administers && !o.spoken[keyOf(group, c, posture.Place{})] {
			if o.left == nil {
				o.left = map[string]leftOut{}
			}
			p.Account = o.management
			o.left[key] = leftOut{c, p, keyOf(group, c, posture.Place{})}
		}
		return !administers || o.judged[key]
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
		o.judged, o.held, o.spoken = map[string]bool{}, map[string]posture.Result{}, map[string]bool{}
	}
	key := keyOf(group, r.Control, r.Place)
	o.spoken[keyOf(group, r.Control, posture.Place{})] = true
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

// rest yields what is still held, in the order of its keys, and then what was left
// out.
func (o *once) rest(ctx context.Context, yield func(posture.Result) bool) {
	for _, key := range slices.Sorted(maps.Keys(o.held)) {
		if !yield(o.held[key]) {
			return
		}
	}
	var left []posture.Evaluator
	for _, key := range slices.Sorted(maps.Keys(o.left)) {
		if e := o.left[key]; !o.spoken[e.key] {
			left = append(left, e)
		}
	}
	for r := range posture.Scan(ctx, left, nil) {
		if !yield(r) {
			return
		}
	}
}

func has(r posture.Result, s posture.Status) bool {
	return slices.ContainsFunc(r.Findings, func(f posture.Finding) bool { return f.Status == s })
}
