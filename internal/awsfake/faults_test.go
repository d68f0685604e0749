package awsfake_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/awsfake"
)

// lamp is the smallest fake: one thing to read and to write.
type lamp struct {
	awsfake.Faults
	on bool
}

func op(name string, write bool) awsfake.Op {
	return awsfake.Op{Service: "Lamp", Name: name, Prefix: "lamp", Denied: "AccessDenied", Write: write}
}

func (l *lamp) get(ctx context.Context, room string) (bool, error) {
	return awsfake.Do(ctx, &l.Faults, op("GetLamp", false), room, func() (bool, error) { return l.on, nil })
}

func (l *lamp) put(ctx context.Context, on bool) error {
	_, err := awsfake.Do(ctx, &l.Faults, op("PutLamp", true), on, func() (struct{}, error) { l.on = on; return struct{}{}, nil })
	return err
}

var broken = &smithy.GenericAPIError{Code: "ServiceFailure", Message: "an internal error"}

func TestFaults(t *testing.T) {
	ctx := t.Context()
	var l lamp
	if on, err := l.get(ctx, ""); on || err != nil {
		t.Fatalf("no fault: %v, %v", on, err)
	}

	l.Deny("GetLamp")
	_, err := l.get(ctx, "")
	want := &posture.Cause{
		Kind: posture.CauseDenied, Operation: "Lamp:GetLamp", Action: "lamp:GetLamp", Layer: "identity-based policy", Code: "AccessDenied",
		Message: "User: arn:aws:iam::123456789012:user/scanner is not authorized to perform: lamp:GetLamp because no identity-based policy allows the lamp:GetLamp action",
	}
	if diff := cmp.Diff(want, posture.CauseOf(err)); diff != "" {
		t.Errorf("denied (-want +got):\n%s", diff)
	}
	if err := l.put(ctx, true); err != nil || !l.on {
		t.Errorf("another operation is denied as well: %v", err)
	}
	l.Heal()
	if _, err := l.get(ctx, ""); err != nil {
		t.Errorf("healed: %v", err)
	}

	l.Throttle("GetLamp", 2)
	for i := range 3 {
		_, err := l.get(ctx, "")
		if throttled := posture.CauseOf(err) != nil && posture.CauseOf(err).Kind == posture.CauseThrottled; throttled != (i < 2) {
			t.Errorf("throttled twice, call %d: %v", i, err)
		}
	}
	l.Heal()

	l.Inject(awsfake.Fault{Operation: "PutLamp", Skip: 1, Times: 1, Err: broken}, awsfake.Fault{Operation: "PutLamp", Skip: 1, Times: 1, Err: broken, After: true})
	l.Forget()
	for i, on := range []bool{false, true, true} {
		err := l.put(ctx, on)
		if (err != nil) != (i > 0) || i == 2 && !l.on || i == 1 && l.on {
			t.Errorf("write %d: %v, lamp %v", i, err, l.on)
		}
	}
	var did []bool
	for _, c := range l.Calls() {
		did = append(did, c.Did)
	}
	if diff := cmp.Diff([]bool{true, false, true}, did); diff != "" || len(l.Writes()) != 2 {
		t.Errorf("writes that had their effect (-want +got):\n%s", diff)
	}
	l.Heal()

	l.Inject(awsfake.Fault{Operation: "GetLamp", Match: func(in any) bool { return in == "cellar" }, Err: broken})
	if _, err := l.get(ctx, "attic"); err != nil {
		t.Errorf("attic: %v", err)
	}
	if _, err := l.get(ctx, "cellar"); !errors.Is(err, broken) {
		t.Errorf("cellar: %v", err)
	}
	l.Heal()

	l.Inject(awsfake.Fault{Times: 1, Do: func() { l.on = false }})
	l.on = true
	if on, err := l.get(ctx, ""); on || err != nil {
		t.Errorf("changed behind our back: %v, %v", on, err)
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	if err := l.put(over, true); !errors.Is(err, context.Canceled) || l.on {
		t.Errorf("canceled: %v, lamp %v", err, l.on)
	}
}

func TestHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l lamp
		l.Inject(awsfake.Fault{Operation: "PutLamp", Hang: true})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		if err := l.put(ctx, true); !errors.Is(err, context.DeadlineExceeded) || l.on || time.Since(start) != time.Minute {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestStale(t *testing.T) {
	ctx := t.Context()
	var l lamp
	l.Stale(2)
	read := func(room string) bool {
		t.Helper()
		on, err := l.get(ctx, room)
		if err != nil {
			t.Fatal(err)
		}
		return on
	}
	seen := []bool{read("a"), read("b")}
	if err := l.put(ctx, true); err != nil {
		t.Fatal(err)
	}
	seen = append(seen, read("a"), read("b"), read("a"), read("a"), read("b"), read("b"))
	l.Inject(awsfake.Fault{Operation: "PutLamp", Err: broken})
	if err := l.put(ctx, false); err == nil {
		t.Fatal("the write went well")
	}
	seen = append(seen, read("a")) // what had no effect makes nothing stale
	if diff := cmp.Diff([]bool{false, false, false, false, false, true, false, true, true}, seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	l.Heal()
	if err := l.put(ctx, false); err != nil {
		t.Fatal(err)
	}
	if read("a") {
		t.Error("stale after Heal")
	}
}

func TestCallLog(t *testing.T) {
	var l lamp
	l.Deny("PutLamp")
	if _, err := l.get(t.Context(), "attic"); err != nil {
		t.Fatal(err)
	}
	if err := l.put(t.Context(), true); err == nil {
		t.Fatal("not denied")
	}
	calls := l.Calls()
	if len(calls) != 2 || calls[0].Operation != "GetLamp" || calls[0].Input != "attic" || calls[0].Write || !calls[0].Did ||
		calls[1].Operation != "PutLamp" || !calls[1].Write || calls[1].Did || !errors.Is(calls[1].Err, awsfake.ErrDenied) {
		t.Errorf("%+v", calls)
	}
	if l.Forget(); len(l.Calls()) != 0 {
		t.Error("not forgotten")
	}
}

func TestPage(t *testing.T) {
	items := []int{0, 1, 2, 3, 4, 5, 6}
	most := int32(3)
	for name, tt := range map[string]struct {
		size  int
		most  *int32
		pages int
	}{"unasked": {0, nil, 2}, "asked for three": {0, &most, 3}, "small pages": {2, &most, 4}, "large pages": {100, &most, 3}} {
		f := &awsfake.Faults{PageSize: tt.size}
		var all []int
		var next *string
		for n := 1; ; n++ {
			page, after, err := awsfake.Page(f, items, next, tt.most, 5)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, page...)
			if next = after; next == nil {
				if n != tt.pages {
					t.Errorf("%s: %d pages", name, n)
				}
				break
			}
		}
		if diff := cmp.Diff(items, all); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, bad := range []string{"x", "-1", "8", ""} {
		if _, _, err := awsfake.Page(new(awsfake.Faults), items, &bad, nil, 5); err == nil || !strings.Contains(err.Error(), "page token") {
			t.Errorf("token %q: %v", bad, err)
		}
	}
}
