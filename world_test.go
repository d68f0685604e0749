package posture_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/awsposture/posture"
)

// world is the state of some doors, and all that can go wrong with them.
type world struct {
	doors   map[string]door
	calls   []string // "get a", "set a"
	history []door   // states that are to come back to the next reads, first first

	onGet func(n int) error                      // before the n-th read, counted from 1
	onSet func(n int) (effect bool, err error)   // instead of the n-th write's success
	after func(name string, want door)           // after a write's effect
	hang  func(ctx context.Context, call string) // in a call, before all else
}

// door is a state with everything a state may have.
type door struct {
	Open  bool   `json:"open"`
	Keys  []int  `json:"keys"`
	Note  string `json:"note,omitempty"`
	Seal  string `json:"seal,omitempty"`
	token int
}

func newWorld(names ...string) *world {
	w := &world{doors: map[string]door{}}
	for _, n := range names {
		w.doors[n] = door{Open: true}
	}
	return w
}

func (w *world) count(verb string) (n int) {
	for _, c := range w.calls {
		if c[:4] == verb+" " {
			n++
		}
	}
	return n
}

func (w *world) get(ctx context.Context, name string) (door, error) {
	w.calls = append(w.calls, "get "+name)
	if w.hang != nil {
		w.hang(ctx, "get")
	}
	if err := ctx.Err(); err != nil {
		return door{}, err
	}
	if w.onGet != nil {
		if err := w.onGet(w.count("get")); err != nil {
			return door{}, err
		}
	}
	if len(w.history) > 0 {
		d := w.history[0]
		w.history = w.history[1:]
		return d, nil
	}
	return w.doors[name], nil
}

func (w *world) set(ctx context.Context, name string, want door) error {
	w.calls = append(w.calls, "set "+name)
	if w.hang != nil {
		w.hang(ctx, "set")
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	effect, err := true, error(nil)
	if w.onSet != nil {
		effect, err = w.onSet(w.count("set"))
	}
	if effect {
		want.token = w.doors[name].token + 1
		w.doors[name] = want
		if w.after != nil {
			w.after(name, want)
		}
	}
	return err
}

// plain is a setting with nothing beyond what it must have.
type plain struct {
	World *world        `json:"-"`
	Where posture.Place `json:"-"`
	Name  string        `json:"name"`
}

func (s plain) Kind() posture.Kind {
	return posture.Kind{Name: "test.door", Reads: []string{"test:GetDoor"}, Writes: []string{"test:PutDoor"}}
}

func (s plain) Target() posture.Resource {
	return s.Where.Resource("AWS::Test::Door", s.Name, "")
}
func (s plain) Get(ctx context.Context) (door, error)    { return s.World.get(ctx, s.Name) }
func (s plain) Set(ctx context.Context, want door) error { return s.World.set(ctx, s.Name, want) }

// vault is a door's state of which the note means nothing.
type vault door

func (v vault) Meaning() any { v.Note = ""; return door(v) }

var errConflict = errors.New("the token is not the present one")

// rich is a setting that has all that a setting may have.
type rich struct {
	World *world `json:"-"`
	Name  string `json:"name"`
}

func (s rich) Kind() posture.Kind {
	return posture.Kind{Name: "test.vault", Reads: []string{"test:GetDoor"}, Writes: []string{"test:PutDoor"}, Settle: 2 * time.Second}
}
func (s rich) Target() posture.Resource { return here.Resource("AWS::Test::Vault", s.Name, "") }
func (s rich) Get(ctx context.Context) (vault, error) {
	d, err := s.World.get(ctx, s.Name)
	return vault(d), err
}
func (s rich) Set(context.Context, vault) error { return errors.New("set where it can be swapped") }
func (s rich) Swap(ctx context.Context, have, want vault) error {
	if have.token != s.World.doors[s.Name].token {
		return errConflict
	}
	return s.World.set(ctx, s.Name, door(want))
}

func (s rich) Loss(from, to vault) string {
	if len(to.Keys) < len(from.Keys) {
		return fmt.Sprintf("keys %v", slices.DeleteFunc(slices.Clone(from.Keys), func(k int) bool { return slices.Contains(to.Keys, k) }))
	}
	return ""
}

func (s rich) Cost(_, to vault) string {
	if to.Seal == "gold" {
		return "a gold seal"
	}
	return ""
}

// change is the step of a plain setting from one state to another.
func change(t *testing.T, w *world, name string, from, to door) posture.Step {
	t.Helper()
	s, err := posture.Change(plain{World: w, Where: here, Name: name}, from, to)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var (
	opened = door{Open: true}
	closed = door{}
	sealed = door{Seal: "wax"}
)

// closing is a plan that closes doors in order.
func closing(t *testing.T, w *world, names ...string) posture.Plan {
	t.Helper()
	var steps []posture.Step
	for _, n := range names {
		steps = append(steps, change(t, w, n, opened, closed))
	}
	return plan(steps...)
}

// plan is a plan made now for one finding.
func plan(steps ...posture.Step) posture.Plan {
	return posture.NewPlan(here, time.Now(), []posture.Finding{control("test.door").Fail(thing("a"), nil)}, steps...)
}
