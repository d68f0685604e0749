package posture

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// Kind is to a setting what Control is to an evaluator: constant data, the same
// on every account.
type Kind struct {
	Name   string        `json:"name"`                       // "iam.access-key-status": stable, never reused
	Reads  []string      `json:"reads,omitempty"`            // IAM actions Get calls
	Writes []string      `json:"writes,omitempty"`           // IAM actions Set may call
	Access bool          `json:"access,omitempty"`           // it changes who may do what: Executor.Lockout is asked
	Settle time.Duration `json:"settleNanoseconds,omitzero"` // how long a write may take to show; default 60 s
}

// Setting is one piece of AWS state that can be read and set: an access key's
// status, one security group rule, a bucket's public access block. S is the
// domain's own type with JSON tags, never an SDK type, and holds integers, not
// floats. A setting is a value with value receivers; its clients are tagged
// json:"-", so that its JSON says which piece of state it is.
//
// A setting, or S, may have more to say:
//
//	Swap(ctx context.Context, have, want S) error // on the setting: a write that AWS refuses unless the state is still have
//	Loss(from, to S) string                       // on the setting: what going from one to the other cannot bring back
//	Cost(from, to S) string                       // on the setting: what going from one to the other will cost
//	Touches() []Resource                          // on the setting: what shares the change, or owns the target
//	Meaning() any                                 // on S: what is compared and hashed; S itself is what undo writes back
type Setting[S any] interface {
	Kind() Kind
	Target() Resource
	// Get reads the state afresh, past any memo. "There is none" is a state, not an error.
	Get(ctx context.Context) (S, error)
	// Set makes the state so. Setting it again changes nothing.
	Set(ctx context.Context, want S) error
}

// Step is one setting with its state before and the state wanted after. A step
// that was decoded from JSON is unbound: it prints, compares and has its
// hashes, but it cannot act until Plan.Bind gives it clients.
type Step struct {
	Kind    Kind            `json:"kind"`
	Target  Resource        `json:"target"`
	Setting json.RawMessage `json:"setting"`           // which piece of state: the setting's own JSON
	Before  json.RawMessage `json:"before"`            // as read
	After   json.RawMessage `json:"after"`             // as wanted
	Pre     string          `json:"pre"`               // hash of Before's meaning
	Post    string          `json:"post"`              // hash of After's meaning
	Touches []Resource      `json:"touches,omitempty"` // what shares the change, or owns the target
	Loss    string          `json:"loss,omitempty"`    // what undo cannot bring back; "" nothing
	Cost    string          `json:"cost,omitempty"`    // what it will cost; "" nothing
	Until   time.Time       `json:"until,omitzero"`    // an emergency control is to be lifted by then; zero: no such control

	act actor
}

// Bound tells whether the step can act.
func (s Step) Bound() bool { return s.act != nil }

// Change makes the step that takes a setting from before to after. It is an
// error where the setting or either state would carry a secret, since plans and
// journals are kept and shown.
func Change[S any](s Setting[S], before, after S) (Step, error) {
	b := binding[S]{setting: s}
	step, err := b.step(before, after)
	if err != nil {
		return Step{}, fmt.Errorf("posture: %s on %s: %w", s.Kind().Name, s.Target(), err)
	}
	return step, nil
}

// Binding lets decoded steps of one kind act again. See Bind.
type Binding struct {
	kind string
	bind func(Step) (Step, error)
}

// Bind makes a Binding from a setting that has its clients: a decoded step's
// fields are read into a copy of like, which must be a value: a pointer would
// make one setting of all the steps, and binds nothing.
func Bind[S any, T Setting[S]](like T) Binding {
	return Binding{kind: like.Kind().Name, bind: func(s Step) (Step, error) {
		if reflect.TypeFor[T]().Kind() == reflect.Pointer {
			return Step{}, fmt.Errorf("the setting %T is a pointer", like)
		}
		setting := like
		if err := strictly(s.Setting, &setting); err != nil {
			return Step{}, fmt.Errorf("setting: %w", err)
		}
		var before, after S
		if err := strictly(s.Before, &before); err != nil {
			return Step{}, fmt.Errorf("before: %w", err)
		}
		if err := strictly(s.After, &after); err != nil {
			return Step{}, fmt.Errorf("after: %w", err)
		}
		bound, err := binding[S]{setting: setting}.step(before, after)
		bound.Until = s.Until
		return bound, err
	}}
}

// actor is a setting whose state type is erased.
type actor interface {
	observe(ctx context.Context) (observation, error)
	write(ctx context.Context, have observation, want json.RawMessage) error
	reverse(s Step) (Step, error)
}

// observation is a state as read: encoded, hashed, and as the setting gave it,
// with the lock tokens that do not encode.
type observation struct {
	state json.RawMessage
	hash  string
	value any
}

type binding[S any] struct{ setting Setting[S] }

func (b binding[S]) step(before, after S) (Step, error) {
	s := Step{Kind: b.setting.Kind(), Target: b.setting.Target(), act: b}
	var err error
	if s.Setting, err = marshal(b.setting); err != nil {
		return Step{}, err
	}
	if name := secretIn(s.Setting); name != "" {
		return Step{}, fmt.Errorf("the setting holds a secret in member %q", name)
	}
	from, err := b.observed(before)
	if err != nil {
		return Step{}, err
	}
	to, err := b.observed(after)
	if err != nil {
		return Step{}, err
	}
	s.Before, s.Pre, s.After, s.Post = from.state, from.hash, to.state, to.hash
	if t, ok := b.setting.(interface{ Touches() []Resource }); ok {
		s.Touches = t.Touches()
	}
	if l, ok := b.setting.(interface{ Loss(from, to S) string }); ok {
		s.Loss = l.Loss(before, after)
	}
	if c, ok := b.setting.(interface{ Cost(from, to S) string }); ok {
		s.Cost = c.Cost(before, after)
	}
	return s, nil
}

func (b binding[S]) observed(v S) (observation, error) {
	state, err := marshal(v)
	if err != nil {
		return observation{}, err
	}
	if name := secretIn(state); name != "" {
		return observation{}, fmt.Errorf("the state holds a secret in member %q", name)
	}
	var meaning any = v
	if m, ok := any(v).(interface{ Meaning() any }); ok {
		meaning = m.Meaning()
	}
	hash, err := hashOf(meaning)
	return observation{state: state, hash: hash, value: v}, err
}

func (b binding[S]) observe(ctx context.Context) (o observation, err error) {
	defer recovered(&err)
	v, err := b.setting.Get(ctx)
	if err != nil {
		return observation{}, err
	}
	return b.observed(v)
}

func (b binding[S]) write(ctx context.Context, have observation, want json.RawMessage) (err error) {
	defer recovered(&err)
	var to S
	if err := strictly(want, &to); err != nil {
		return err
	}
	if swap, ok := b.setting.(interface {
		Swap(ctx context.Context, have, want S) error
	}); ok {
		return swap.Swap(ctx, have.value.(S), to)
	}
	return b.setting.Set(ctx, to)
}

func (b binding[S]) reverse(s Step) (Step, error) {
	var before, after S
	if err := strictly(s.Before, &before); err != nil {
		return Step{}, err
	}
	if err := strictly(s.After, &after); err != nil {
		return Step{}, err
	}
	return b.step(after, before)
}
