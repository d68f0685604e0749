package trail

import (
	"bytes"
	"fmt"
	"testing"
	"time"
)

func dedupeEvent(t *testing.T, i int) *Event {
	t.Helper()
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute)
	e := &Event{}
	if err := e.Parse(fmt.Appendf(nil, `{"eventID":"%08x-0000-4000-8000-000000000000","eventTime":%q,"recipientAccountId":"111122223333"}`, i, at.Format(time.RFC3339))); err != nil {
		t.Fatal(err)
	}
	return e
}

// TestDedupeStateAnywhere: saved and loaded after any event, the answers stay.
func TestDedupeStateAnywhere(t *testing.T) {
	feed := func(i int) int { return i * 7 % 50 } // with repeats
	for stop := range 100 {
		whole, parted := &Dedupe{Max: 20}, &Dedupe{Max: 20}
		for i := range 100 {
			if i == stop {
				var b, again bytes.Buffer
				if err := parted.Save(&b); err != nil {
					t.Fatal(err)
				}
				next := &Dedupe{Max: 20}
				if err := next.Load(bytes.NewReader(b.Bytes())); err != nil {
					t.Fatal(err)
				}
				if err := next.Save(&again); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
					t.Fatalf("saved again it differs: %v", err)
				}
				parted = next
			}
			e := dedupeEvent(t, feed(i))
			if w, p := whole.Seen(e), parted.Seen(e); w != p {
				t.Fatalf("restarted at %d: event %d is %v, not %v", stop, i, p, w)
			}
		}
		if whole.Dropped != parted.Dropped || whole.Evicted != parted.Evicted || whole.Len() != parted.Len() {
			t.Fatalf("restarted at %d: %+v", stop, parted)
		}
	}
}

func TestDedupeStateDamaged(t *testing.T) {
	d := &Dedupe{}
	d.Seen(dedupeEvent(t, 1))
	var b bytes.Buffer
	if err := d.Save(&b); err != nil {
		t.Fatal(err)
	}
	for n := range b.Len() {
		into := &Dedupe{}
		into.Seen(dedupeEvent(t, 2))
		if err := into.Load(bytes.NewReader(b.Bytes()[:n])); err == nil {
			t.Errorf("%d of %d bytes were accepted", n, b.Len())
		}
		if !into.Seen(dedupeEvent(t, 2)) || into.Seen(dedupeEvent(t, 1)) {
			t.Errorf("a failed load changed the state")
		}
	}
	if err := new(Dedupe).Load(bytes.NewReader(bytes.Repeat([]byte("x"), 100))); err == nil {
		t.Error("noise was accepted")
	}
}
