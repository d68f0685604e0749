package posture_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"testing"

	"github.com/awsposture/posture"
)

var mismatch = regexp.MustCompile(`(?:fingerprint "|id )(1-[0-9a-f]+).*(1-[0-9a-f]+)`)

// rehashed is b with the hash that err says it ought to have, so that what the
// fuzzer changed gets past the hash.
func rehashed(b []byte, err error) []byte {
	if m := mismatch.FindSubmatch([]byte(err.Error())); m != nil {
		return bytes.ReplaceAll(b, m[1], m[2])
	}
	return b
}

// What is read is written as something that reads as the same.
func FuzzFindingUnmarshalJSON(f *testing.F) {
	for name, v := range samples(&testing.T{}) {
		if b, err := json.Marshal(v); err == nil && name[:4] == "find" {
			f.Add(b)
		}
	}
	f.Add([]byte(`{"version":1,"fingerprint":"1-6db2d5a4b4209856d3249ada2dd5cebd","evidence":null}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var x, y posture.Finding
		if err := json.Unmarshal(b, &x); err != nil && json.Unmarshal(rehashed(b, err), &x) != nil {
			return
		}
		once := encode(t, x)
		if err := json.Unmarshal(once, &y); err != nil {
			t.Fatalf("%s is written as %s: %v", b, once, err)
		}
		if twice := encode(t, y); !bytes.Equal(once, twice) {
			t.Errorf("%s\n%s", once, twice)
		}
		if x.Fingerprint() != y.Fingerprint() {
			t.Error("another fingerprint")
		}
	})
}

// The id that is written is the id of what is read.
func FuzzPlanUnmarshalJSON(f *testing.F) {
	for name, v := range samples(&testing.T{}) {
		if b, err := json.Marshal(v); err == nil && name == "plan.json" {
			f.Add(b)
		}
	}
	if b, err := json.Marshal(plan()); err == nil {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var x, y posture.Plan
		if err := json.Unmarshal(b, &x); err != nil && json.Unmarshal(rehashed(b, err), &x) != nil {
			return
		}
		once := encode(t, x)
		if err := json.Unmarshal(once, &y); err != nil {
			t.Fatalf("%s is written as %s: %v", b, once, err)
		}
		if twice := encode(t, y); !bytes.Equal(once, twice) || x.ID() != y.ID() {
			t.Errorf("%s\n%s", once, twice)
		}
		if _, err := x.Bind(); (err == nil) != (len(x.Steps) == 0) {
			t.Errorf("bound to nothing: %v", err)
		}
	})
}
