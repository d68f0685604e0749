package posture_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
)

type ageEvidence struct {
	Key string `json:"key"`
	Age int    `json:"ageDays"`
}

func (e ageEvidence) String() string { return fmt.Sprintf("Key %s is %d days old.", e.Key, e.Age) }

func TestFindingsOfAControl(t *testing.T) {
	c, r, e := control("test.age"), thing("a"), ageEvidence{"k", 91}
	denied := apiError{"AccessDenied", "no"}
	for name, tt := range map[string]struct{ got, want posture.Finding }{
		"pass":        {c.Pass(r, e), posture.Finding{Control: "test.age", Severity: posture.Medium, Status: posture.Pass, Resource: r, Evidence: e, Detail: "Key k is 91 days old."}},
		"fail, mute":  {c.Fail(r, 3), posture.Finding{Control: "test.age", Severity: posture.Medium, Status: posture.Fail, Resource: r, Evidence: 3}},
		"formatted":   {c.Fail(r, e).Detailf("%d!", 91).Part("key 2"), posture.Finding{Control: "test.age", Severity: posture.Medium, Status: posture.Fail, Resource: r, Evidence: e, Detail: "91!", Sub: "key 2"}},
		"n/a":         {c.NotApplicable(r, "There is none."), posture.Finding{Control: "test.age", Severity: posture.Medium, Status: posture.NotApplicable, Resource: r, Detail: "There is none."}},
		"unknown":     {c.Unknown(r, denied), posture.Finding{Control: "test.age", Severity: posture.Medium, Resource: r, Detail: "Could not be assessed: no", Cause: posture.CauseOf(denied)}},
		"unknown nil": {c.Unknown(r, nil), posture.Finding{Control: "test.age", Severity: posture.Medium, Resource: r, Detail: "Could not be assessed: the evaluator gave no cause", Cause: &posture.Cause{Kind: posture.CauseNoVerdict, Message: "the evaluator gave no cause"}}},
	} {
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if zero := (posture.Finding{}); zero.Status != posture.Unknown {
		t.Error("a zero finding is not Unknown")
	}
}

func TestEvidenceAs(t *testing.T) {
	want := ageEvidence{"k", 91}
	live := control("test.age").Fail(thing("a"), want)
	var decoded posture.Finding
	if err := json.Unmarshal(encode(t, live), &decoded); err != nil {
		t.Fatal(err)
	}
	if _, raw := decoded.Evidence.(json.RawMessage); !raw {
		t.Errorf("decoded evidence is %T", decoded.Evidence)
	}
	for _, f := range []posture.Finding{live, decoded} {
		got, err := posture.EvidenceAs[ageEvidence](f)
		if err != nil || got != want {
			t.Errorf("%T: %v, %v", f.Evidence, got, err)
		}
		type other struct {
			Key string `json:"key"`
		}
		if e, err := posture.EvidenceAs[other](f); err == nil || e != (other{}) || !strings.Contains(err.Error(), "test.age") || !strings.Contains(err.Error(), "other") {
			t.Errorf("%T as another type: %v, %v", f.Evidence, e, err)
		}
	}
	none := control("test.age").Unknown(thing("a"), errors.New("no"))
	null := none
	null.Evidence = (*ageEvidence)(nil)
	var back posture.Finding
	if err := json.Unmarshal(encode(t, null), &back); err != nil {
		t.Fatal(err)
	}
	for _, f := range []posture.Finding{none, back} {
		if e, err := posture.EvidenceAs[ageEvidence](f); err == nil {
			t.Errorf("no evidence (%T) was read as %v", f.Evidence, e)
		}
	}
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	return append(b, '\n')
}

func TestResourceAndPlaceInWords(t *testing.T) {
	global := posture.Place{Partition: "aws-cn", Account: "123456789012"}
	for want, got := range map[string]string{
		"aws/123456789012/eu-west-1":                         here.String(),
		"aws-cn/123456789012":                                global.String(),
		"arn:aws-cn:iam::123456789012:user/ana":              global.ARN("iam", "user/ana"),
		"arn:aws:test:eu-west-1:123456789012:thing/a":        here.ARN("test", "thing/a"),
		"arn:aws:iam::123456789012:root":                     posture.Place{Account: "123456789012"}.ARN("iam", "root"),
		"AWS::Test::Thing":                                   thing("").String(),
		"AWS::Test::Thing a":                                 thing("a").String(),
		"arn:aws:test:eu-west-1:123456789012:thing/with-arn": here.Resource("AWS::Test::Thing", "a", here.ARN("test", "thing/with-arn")).String(),
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
