package trail

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

type fakeLookup struct {
	calls []LookupInput
	fail  int
}

func (f *fakeLookup) LookupEvents(_ context.Context, in LookupInput) (LookupOutput, error) {
	f.calls = append(f.calls, in)
	if len(f.calls) == f.fail {
		return LookupOutput{}, errors.New("ThrottlingException")
	}
	if in.Token == "" {
		return LookupOutput{Events: []string{rec(len(f.calls))}, Token: "t"}, nil
	}
	return LookupOutput{Events: []string{rec(len(f.calls)), "{"}}, nil
}

func TestLookupKeepsItsWindowAndPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeLookup{fail: 3}
		start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		begun := time.Now()
		n, bad := 0, 0
		for _, err := range (Lookup{Start: start, End: start.Add(72 * time.Hour)}).Events(t.Context(), f) {
			if err != nil {
				bad++
			} else {
				n++
			}
		}
		// Chunk 1: two pages; chunk 2 fails on its first page; chunk 3: two
		// pages. Each second page holds one record that does not parse. The
		// records are of the first day and belong to no later chunk's window.
		if len(f.calls) != 5 || bad != 3 || n != 4 {
			t.Errorf("%d calls, %d events, %d errors", len(f.calls), n, bad)
		}
		if f.calls[1].Start != f.calls[0].Start || f.calls[1].End != f.calls[0].End || f.calls[1].Token != "t" || f.calls[0].MaxResults != 50 {
			t.Errorf("the window moved between pages: %+v", f.calls[:2])
		}
		if took := time.Since(begun); took != 2*time.Second {
			t.Errorf("five calls at two a second took %v", took)
		}
	})
}

func TestEnvelopes(t *testing.T) {
	e := parse(t, record)
	env, err := ParseEnvelope(Wrap(e))
	if err != nil || env.Event.Name() != "StopLogging" || env.DetailType != "AWS API Call via CloudTrail" || env.Source != "aws.cloudtrail" || env.Account != "111122223333" {
		t.Errorf("%+v %v", env, err)
	}
	for _, bad := range []string{``, `{}`, `{"detail":3}`, `{"detail":{"eventVersion":"9.1"}}`} {
		if _, err := ParseEnvelope([]byte(bad)); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
	for _, body := range []string{
		`{"s3Bucket":"b","s3ObjectKey":["a=1/x y"]}`,
		`{"Message":"{\"s3Bucket\":\"b\",\"s3ObjectKey\":[\"a=1/x y\"]}"}`,
		`{"Records":[{"s3":{"bucket":{"name":"b"},"object":{"key":"a%3D1/x+y"}}}]}`,
	} {
		refs, err := Notified([]byte(body))
		if err != nil || len(refs) != 1 || refs[0] != (ObjectRef{"b", "a=1/x y"}) {
			t.Errorf("%s: %v %v", body, refs, err)
		}
	}
	events, err := Subscription(zip(`{"messageType":"DATA_MESSAGE","logEvents":[{"id":"1","message":` + quote(record) + `},{"id":"2","message":"x"}]}`))
	if len(events) != 1 || err == nil || !strings.Contains(err.Error(), "log event 2") {
		t.Errorf("%v %v", events, err)
	}
}
