// Package awsfake is what the in-memory fakes of the domains share: failures
// that a test injects by operation, a log of the calls, and a way to serve a
// fake under the real SDK clients.
package awsfake

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/aws/smithy-go"
)

// Faults makes a fake fail on demand and remembers what it was asked. The zero
// value fails nothing. A fake embeds it, so that its methods are the fake's.
type Faults struct {
	// PageSize, when it is not 0, is the most items a page has, whatever the caller asks.
	PageSize int

	mu      sync.Mutex
	faults  []*Fault
	calls   []Call
	stale   int
	reads   map[string]any // the last answer to each read, for stale reads
	pending map[string]int // stale answers still to give, by read
}

// Fault is a failure to come.
type Fault struct {
	Operation string               // "ListUsers"; "" is every operation
	Match     func(input any) bool // which inputs; nil is every input
	Skip      int                  // calls that go well first
	Times     int                  // calls that fail then; 0 is every one
	Err       error                // what the call returns; nil only runs Do
	After     bool                 // the operation has its effect all the same, and the caller is told Err
	Hang      bool                 // the call ends with its context
	Do        func()               // runs before the effect: a change behind the caller's back

	met int
}

// Call is one call that a fake got.
type Call struct {
	Operation string
	Write     bool
	Input     any
	Err       error // what the caller was told
	Did       bool  // it had its effect, whatever the caller was told
}

// Inject adds failures to come. The first that fits a call decides.
func (f *Faults) Inject(faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, x := range faults {
		f.faults = append(f.faults, &x)
	}
}

// Deny refuses operations as IAM does when no policy allows them.
func (f *Faults) Deny(operations ...string) {
	for _, op := range operations {
		f.Inject(Fault{Operation: op, Err: ErrDenied})
	}
}

// Throttle refuses the next n calls of an operation as too fast; 0 is every one.
func (f *Faults) Throttle(operation string, n int) {
	f.Inject(Fault{Operation: operation, Times: n, Err: &smithy.GenericAPIError{Code: "ThrottlingException", Message: "Rate exceeded", Fault: smithy.FaultClient}})
}

// Heal takes every injected failure away.
func (f *Faults) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults, f.stale = nil, 0
}

// Stale makes each read, after a write, answer as before that write n times.
func (f *Faults) Stale(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stale = n
}

// Calls gives the calls so far, in order.
func (f *Faults) Calls() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

// Writes gives the writes so far that had their effect, in order.
func (f *Faults) Writes() []Call {
	return slices.DeleteFunc(f.Calls(), func(c Call) bool { return !c.Write || !c.Did })
}

// Forget empties the log of calls.
func (f *Faults) Forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = nil
}

// ErrDenied stands for a refusal; the answer names the action, as AWS's does.
var ErrDenied = errors.New("denied")

// Op names an operation of a fake.
type Op struct {
	Service string // the SDK's service id, "IAM"
	Name    string // "ListUsers"
	Prefix  string // of the IAM action, "iam"
	Denied  string // the service's error code for a refusal
	Account string // whose caller a refusal names; "" is 123456789012
	Write   bool
}

// Do runs one operation of a fake: it logs the call, lets the faults have their
// way, and wraps an error as the SDK's clients do.
func Do[O any](ctx context.Context, f *Faults, op Op, input any, effect func() (O, error)) (O, error) {
	fault := f.meet(op, input)
	out, did, err := attempt(ctx, f, fault, op, input, effect)
	f.log(op, input, err, did)
	if err == nil {
		return out, nil
	}
	if errors.Is(err, ErrDenied) {
		err = op.denial()
	}
	var none O
	return none, &smithy.OperationError{ServiceID: op.Service, OperationName: op.Name, Err: err}
}

// attempt gives the answer, and whether the operation had its effect.
func attempt[O any](ctx context.Context, f *Faults, fault *Fault, op Op, input any, effect func() (O, error)) (out O, did bool, err error) {
	if err := ctx.Err(); err != nil {
		return out, false, err
	}
	if fault != nil && fault.Do != nil {
		fault.Do()
	}
	switch {
	case fault == nil || fault.Err == nil && !fault.Hang:
	case fault.Hang:
		<-ctx.Done()
		return out, false, ctx.Err()
	case fault.After:
		if _, err := effect(); err != nil {
			return out, false, err
		}
		return out, true, fault.Err
	default:
		return out, false, fault.Err
	}
	if old, ok := f.before(op, input); ok {
		return old.(O), true, nil
	}
	if out, err = effect(); err != nil {
		return out, false, err
	}
	f.remember(op, input, out)
	return out, true, nil
}

// meet finds the fault that decides this call.
func (f *Faults) meet(op Op, input any) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, x := range f.faults {
		if x.Operation != "" && x.Operation != op.Name || x.Match != nil && !x.Match(input) {
			continue
		}
		x.met++
		if x.met > x.Skip && (x.Times == 0 || x.met <= x.Skip+x.Times) {
			return x
		}
	}
	return nil
}

func (f *Faults) log(op Op, input any, err error, did bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, Call{Operation: op.Name, Write: op.Write, Input: input, Err: err, Did: did})
	if !did || !op.Write {
		return
	}
	for key := range f.reads {
		f.pending[key] = f.stale
	}
}

// before gives the answer to a read as it was before the last write, while
// reads are stale.
func (f *Faults) before(op Op, input any) (any, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := readKey(op, input)
	if op.Write || f.stale == 0 || f.pending[key] == 0 {
		return nil, false
	}
	f.pending[key]--
	return f.reads[key], true
}

func (f *Faults) remember(op Op, input, output any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if op.Write || f.stale == 0 {
		return
	}
	if f.reads == nil {
		f.reads, f.pending = map[string]any{}, map[string]int{}
	}
	f.reads[readKey(op, input)] = output
}

func readKey(op Op, input any) string {
	b, err := json.Marshal(input)
	if err != nil {
		return op.Name
	}
	return op.Name + string(b)
}

// denial is worded as AWS words it, since the library reads action and layer
// out of the message.
func (op Op) denial() error {
	return &smithy.GenericAPIError{Code: op.Denied, Fault: smithy.FaultClient, Message: fmt.Sprintf(
		"User: arn:aws:iam::%[3]s:user/scanner is not authorized to perform: %[1]s:%[2]s because no identity-based policy allows the %[1]s:%[2]s action",
		op.Prefix, op.Name, cmp.Or(op.Account, "123456789012"))}
}
