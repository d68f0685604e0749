package trail_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/trailtest"
)

// TestReusedEvent: what an Event learned from the records before it, the order
// of members, changes nothing of what it finds.
func TestReusedEvent(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 3))
	var paths []trail.Path
	for _, p := range []string{
		"eventSource", "eventName", "eventType", "errorCode", "readOnly", "sourceIPAddress", "userAgent", "eventTime", "odd", "requestParameters", "resources",
		"userIdentity", "userIdentity.type", "userIdentity.invokedBy", "userIdentity.arn", "userIdentity.sessionContext", "userIdentity.sessionContext.sessionIssuer",
		"userIdentity.sessionContext.sourceIdentity", "userIdentity.sessionContext.sessionIssuer.arn", "userIdentity.sessionContext.sessionIssuer.type", "userIdentity.sessionContext.attributes.creationDate",
	} {
		paths = append(paths, trail.P(p))
	}
	var used trail.Event
	present := 0
	for range 20_000 {
		text := trailtest.Event(r)
		if r.IntN(10) == 0 {
			text = text[:r.IntN(len(text))]
		}
		var fresh trail.Event
		err1, err2 := used.Parse(text), fresh.Parse(text)
		if (err1 == nil) != (err2 == nil) {
			t.Fatalf("%s: %v, then %v", text, err2, err1)
		}
		if err1 != nil {
			continue
		}
		if used.Duplicate() != fresh.Duplicate() || !bytes.Equal(used.JSON(), fresh.JSON()) {
			t.Fatalf("%s: duplicate %q, then %q", text, fresh.Duplicate(), used.Duplicate())
		}
		for _, p := range paths {
			a, b := used.Get(p).Raw(), fresh.Get(p).Raw()
			if !bytes.Equal(a, b) {
				t.Fatalf("%s: %s is %q, then %q", text, p, b, a)
			}
			if a != nil {
				present++
			}
		}
	}
	if present < 100_000 {
		t.Errorf("only %d values: the test says little", present)
	}
}
