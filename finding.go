package posture

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Status is a verdict. The zero value is Unknown: a verdict that nobody
// reached is never a pass.
type Status uint8

// The four verdicts.
const (
	Unknown       Status = iota // could not be judged; Finding.Cause says why
	Pass                        // the requirement holds
	Fail                        // the requirement does not hold
	NotApplicable               // there is nothing here that the requirement speaks of
)

var statusWords = []string{"unknown", "pass", "fail", "not-applicable"}

// String gives the status's word as it stands in JSON.
func (s Status) String() string { return word(statusWords, int(s)) }

// MarshalText encodes the status as its word.
func (s Status) MarshalText() ([]byte, error) { return marshalWord("status", statusWords, int(s)) }

// UnmarshalText reads what MarshalText wrote.
func (s *Status) UnmarshalText(b []byte) error { return unmarshalWord("status", statusWords, b, s) }

// Resource is what a finding is about or a setting belongs to.
type Resource struct {
	Partition string `json:"partition"`
	Account   string `json:"account"`
	Region    string `json:"region,omitempty"`
	Type      string `json:"type"` // CloudFormation type name
	ID        string `json:"id,omitempty"`
	ARN       string `json:"arn,omitempty"`
}

// String gives the ARN, or the type and id where there is no ARN.
func (r Resource) String() string {
	switch {
	case r.ARN != "":
		return r.ARN
	case r.ID == "":
		return r.Type
	}
	return r.Type + " " + r.ID
}

// Finding is the verdict of one control on one resource, or on a part of it.
type Finding struct {
	Control  string            `json:"control"`
	Severity Severity          `json:"severity"` // zero: the control's
	Status   Status            `json:"status"`
	Resource Resource          `json:"resource"`
	Sub      string            `json:"sub,omitempty"`      // the part judged: a rule id, a statement id; "" for all of it
	Detail   string            `json:"detail,omitempty"`   // one sentence: what was observed
	Evidence any               `json:"evidence,omitempty"` // the domain's own exported struct; json.RawMessage once decoded
	Cause    *Cause            `json:"cause,omitempty"`    // why Unknown
	Tags     map[string]string `json:"tags,omitempty"`     // of the resource, as read; nil: not read
}

// Pass is this control's passing finding on r. Where evidence is a
// fmt.Stringer, its sentence becomes the finding's Detail.
func (c Control) Pass(r Resource, evidence any) Finding { return c.finding(Pass, r, evidence) }

// Fail is this control's failing finding on r.
func (c Control) Fail(r Resource, evidence any) Finding { return c.finding(Fail, r, evidence) }

// NotApplicable is this control's finding on r, or on a place, where there is
// nothing to judge. why is one sentence.
func (c Control) NotApplicable(r Resource, why string) Finding {
	f := c.finding(NotApplicable, r, nil)
	f.Detail = why
	return f
}

// Unknown is this control's finding on r where err kept it from a verdict. A nil
// err is a fault of the evaluator, and the cause then says so.
func (c Control) Unknown(r Resource, err error) Finding {
	f := c.finding(Unknown, r, nil)
	if f.Cause = CauseOf(err); f.Cause == nil {
		f.Cause = &Cause{Kind: CauseNoVerdict, Message: "the evaluator gave no cause"}
	}
	f.Detail = "Could not be assessed: " + f.Cause.sentence()
	return f
}

func (c Control) finding(s Status, r Resource, evidence any) Finding {
	f := Finding{Control: c.ID, Severity: c.Severity, Status: s, Resource: r, Evidence: evidence}
	if e, ok := evidence.(fmt.Stringer); ok {
		f.Detail = e.String()
	}
	return f
}

// Detailf returns the finding with its Detail set.
func (f Finding) Detailf(format string, args ...any) Finding {
	f.Detail = fmt.Sprintf(format, args...)
	return f
}

// Part returns the finding speaking of a part of its resource only.
func (f Finding) Part(sub string) Finding {
	f.Sub = sub
	return f
}

// Fingerprint identifies what the finding is about, for ever: a version and a
// hash of control, partition, account, region, resource type, resource id and
// Sub, and of nothing else. Title, severity, verdict, tags and evidence may
// change without changing it.
func (f Finding) Fingerprint() string {
	h := sha256.New()
	for _, s := range []string{f.Control, f.Resource.Partition, f.Resource.Account, f.Resource.Region, f.Resource.Type, f.Resource.ID, f.Sub} {
		// The length goes first, so that no two lists of fields hash alike.
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return "1-" + hex.EncodeToString(h.Sum(nil)[:16])
}

// MarshalJSON writes the public form: every field, the format's version and
// the fingerprint.
func (f Finding) MarshalJSON() ([]byte, error) {
	type fields Finding
	return marshal(struct {
		Version     int    `json:"version"`
		Fingerprint string `json:"fingerprint"`
		fields
	}{formatVersion, f.Fingerprint(), fields(f)})
}

// UnmarshalJSON reads what MarshalJSON wrote. Evidence becomes a
// json.RawMessage; EvidenceAs reads it. Another version, or a fingerprint that
// does not belong to the fields, is an error.
func (f *Finding) UnmarshalJSON(b []byte) error {
	if err := checkVersion("finding", b); err != nil {
		return err
	}
	type fields Finding
	var in struct {
		Fingerprint string `json:"fingerprint"`
		fields
		Evidence json.RawMessage `json:"evidence"`
	}
	if err := json.Unmarshal(b, &in); err != nil {
		return fmt.Errorf("posture: finding: %w", err)
	}
	out := Finding(in.fields)
	if out.Evidence = nil; in.Evidence != nil && string(in.Evidence) != "null" {
		out.Evidence = in.Evidence
	}
	if got := out.Fingerprint(); in.Fingerprint != got {
		return fmt.Errorf("posture: finding of %s on %s: fingerprint %q is not %q", out.Control, out.Resource, in.Fingerprint, got)
	}
	*f = out
	return nil
}

// EvidenceAs gives a finding's evidence as E, whether the finding comes from an
// evaluator or was decoded from JSON. Another type, or none, is an error.
func EvidenceAs[E any](f Finding) (E, error) {
	var e E
	switch v := f.Evidence.(type) {
	case E:
		return v, nil
	case json.RawMessage:
		// Into its own variable: what a failed decoding left behind is nobody's evidence.
		var read E
		if err := strictly(v, &read); err != nil {
			return e, fmt.Errorf("posture: evidence of %s is not %T: %w", f.Control, e, err)
		}
		return read, nil
	}
	return e, fmt.Errorf("posture: evidence of %s is %T, not %T", f.Control, f.Evidence, e)
}
