package advisor_test

import (
	"strings"
	"testing"

	"github.com/aws/smithy-go"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/advisor/support"
	"github.com/awsposture/posture/advisor/support/supporttest"
	"github.com/awsposture/posture/internal/awsfake"
)

// The partitions differ in nothing but their names, where Trusted Advisor has data.
func TestPartitions(t *testing.T) {
	gov := posture.Place{Partition: "aws-us-gov", Account: place.Account}
	for name, make := range map[string]func() *world{"good": goodWorld, "bad": badWorld} {
		home := make()
		there := newWorld(gov, *home.facts, func(to *advisortest.State) { home.Edit(func(from *advisortest.State) { *to = *from }) })
		want := scan(t, home.suite(home.account()))
		for id, fs := range scan(t, there.suite(there.account())) {
			for i, f := range fs {
				if was := want[id][i]; f.Status != was.Status {
					t.Errorf("%s, %s: %s is %s, in aws %s", name, id, f.Resource, f.Status, was.Status)
				}
				if f.Resource.ARN != "" && !strings.HasPrefix(f.Resource.ARN, "arn:aws-us-gov:") {
					t.Errorf("%s, %s: the resource is %+v", name, id, f.Resource)
				}
			}
		}
	}
}

// In a partition where Trusted Advisor has no data nothing is asked of it, and
// what it would say is not applicable; what was recomputed stands.
func TestPartitionWithoutData(t *testing.T) {
	w := newWorld(posture.Place{Partition: "aws-cn", Account: place.Account}, facts{local: map[string][]advisor.Row{ports: {{Resource: thing("sg-1"), Colour: red, Reason: "It is open."}}}}, func(*advisortest.State) {})
	for id, fs := range scan(t, w.suite(w.account())) {
		for _, f := range fs {
			want := posture.NotApplicable
			if id == "advisor.local.hcp4007jgy" {
				want = posture.Fail
			}
			if f.Status != want || want == posture.NotApplicable && f.Detail == "" {
				t.Errorf("%s is %s: %s", id, f.Status, f.Detail)
			}
		}
	}
	if calls := w.Calls(); len(calls) > 0 {
		t.Errorf("asked for %v", calls)
	}
}

// Not being entitled to a call, whichever it is, makes nothing pass.
func TestNotEntitledToOneCall(t *testing.T) {
	suite := func(w *world) []posture.Evaluator {
		return withoutPriority(w.suite(w.read(support.NewSource(supporttest.New(w.Advisor)))))
	}
	before := map[string]posture.Status{}
	for _, fs := range scan(t, suite(badWorld())) {
		for _, f := range fs {
			before[f.Fingerprint()] = f.Status
		}
	}
	w := badWorld()
	for _, op := range calls(t, w, suite(w)) {
		w := badWorld()
		w.Inject(awsfake.Fault{Operation: op, Err: &smithy.GenericAPIError{Code: "SubscriptionRequiredException", Message: "subscription required"}})
		other := 0
		for id, fs := range scan(t, suite(w)) {
			for _, f := range fs {
				switch {
				case f.Status == posture.Pass && before[f.Fingerprint()] != posture.Pass:
					t.Errorf("%s: %s on %s passes", op, id, f.Resource)
				case f.Status == posture.Unknown && f.Cause.Kind != posture.CauseNotEntitled:
					t.Errorf("%s: %s is unknown because of %v", op, id, f.Cause)
				case f.Status == posture.Unknown, f.Status == posture.NotApplicable:
					other++
				}
			}
		}
		if other == 0 {
			t.Errorf("%s: nothing is different", op)
		}
	}
}
