package evidence_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/encoding/cbor"

	"github.com/awsposture/posture/compliance/evidence"
)

// TestRequestsThatAskTheSame replays requests that are written otherwise than
// when they were recorded.
func TestRequestsThatAskTheSame(t *testing.T) {
	// {"a": 1, "b": 2} in CBOR, whose maps have no order.
	const ab, ba = "\xa2\x61a\x01\x61b\x02", "\xa2\x61b\x02\x61a\x01"
	for name, tt := range map[string]struct {
		recorded, asked call
		same            bool
	}{
		"JSON members":      {call{contentType: jsonType, body: `{"a":1,"b":[1,2]}`}, call{contentType: jsonType, body: `{"b":[1,2], "a":1}`}, true},
		"JSON lists":        {call{contentType: jsonType, body: `{"b":[1,2]}`}, call{contentType: jsonType, body: `{"b":[2,1]}`}, false},
		"large numbers":     {call{contentType: jsonType, body: `{"n":9007199254740993}`}, call{contentType: jsonType, body: `{"n":9007199254740992}`}, false},
		"form":              {call{contentType: formType, body: "a=1&b=2"}, call{contentType: formType, body: "b=2&a=1"}, true},
		"another form":      {call{contentType: formType, body: "a=1&b=2"}, call{contentType: formType, body: "a=2&b=1"}, false},
		"CBOR members":      {call{contentType: "application/cbor", body: ab}, call{contentType: "application/cbor", body: ba}, true},
		"another CBOR":      {call{contentType: "application/cbor", body: ab}, call{contentType: "application/cbor", body: "\xa1\x61a\x01"}, false},
		"CBOR types":        {call{contentType: "application/cbor", body: string(cbor.Encode(cbor.List{cbor.String("1"), &cbor.Tag{ID: 1, Value: cbor.Uint(1)}}))}, call{contentType: "application/cbor", body: string(cbor.Encode(cbor.List{cbor.Slice("1"), &cbor.Tag{ID: 1, Value: cbor.Uint(1)}}))}, false},
		"volatile headers":  {call{header: http.Header{"X-Amz-Date": {"1"}, "User-Agent": {"a"}, "Amz-Sdk-Invocation-Id": {"1"}}}, call{header: http.Header{"X-Amz-Date": {"2"}, "User-Agent": {"b"}, "Amz-Sdk-Invocation-Id": {"2"}}}, true},
		"telling headers":   {call{header: http.Header{"X-Amz-Target": {"A"}}}, call{header: http.Header{"X-Amz-Target": {"B"}}}, false},
		"range":             {call{header: http.Header{"Range": {"bytes=0-1"}}}, call{header: http.Header{"Range": {"bytes=0-2"}}}, false},
		"path":              {call{target: "/a"}, call{target: "/b"}, false},
		"query":             {call{target: "/a?x=1"}, call{target: "/a?x=2"}, false},
		"signature":         {call{target: "/a?X-Amz-Signature=1"}, call{target: "/a?X-Amz-Signature=2"}, true},
		"broken query":      {call{target: "/a?%zz=1"}, call{target: "/a?%zz=2"}, true},
		"another service":   {call{service: "IAM"}, call{service: "STS"}, false},
		"another operation": {call{operation: "A"}, call{operation: "B"}, false},
	} {
		recorder := &evidence.Recorder{Account: place.Account}
		server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		t.Cleanup(server.Close)
		if _, err := tt.recorded.send(t.Context(), recorder.Config(aws.Config{}), server.URL); err != nil {
			t.Fatal(err)
		}
		recording, _ := written(t, recorder.Recording())
		_, err := tt.asked.send(t.Context(), evidence.NewPlayer(recording).Config(), server.URL)
		if tt.same != (err == nil) || err != nil && !errors.Is(err, evidence.ErrNotRecorded) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestEndedCalls records calls that their caller ends.
func TestEndedCalls(t *testing.T) {
	hang := doer(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	late, stop := context.WithTimeout(t.Context(), time.Millisecond)
	t.Cleanup(stop)
	for want, ctx := range map[error]context.Context{context.Canceled: canceled, context.DeadlineExceeded: late} {
		recorder := &evidence.Recorder{Account: place.Account}
		_, live := call{}.send(ctx, recorder.Config(aws.Config{HTTPClient: hang}), "http://iam.example.com")
		recording, _ := written(t, recorder.Recording())
		_, replayed := call{}.send(t.Context(), evidence.NewPlayer(recording).Config(), "http://iam.example.com")
		if !errors.Is(live, want) || !errors.Is(replayed, want) || live.Error() != replayed.Error() {
			t.Errorf("%v: live %v, replayed %v", want, live, replayed)
		}
	}
}

// TestNothingLeaves asks the HTTP client of a replay itself.
func TestNothingLeaves(t *testing.T) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://iam.example.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := new(evidence.Player).Config().HTTPClient.Do(req)
	if err == nil {
		_ = resp.Body.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "iam.example.com was about to leave the process") {
		t.Errorf("%v", err)
	}
}
