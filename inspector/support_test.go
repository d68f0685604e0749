package inspector_test

import (
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
)

func scan(t *testing.T, evs []posture.Evaluator) map[string][]posture.Finding {
	t.Helper()
	all := map[string][]posture.Finding{}
	for r := range posture.Scan(t.Context(), evs, nil) {
		all[r.Control.ID] = r.Findings
	}
	return all
}

func scanAll(t *testing.T, r *inspector.Region) map[string][]posture.Finding {
	t.Helper()
	return scan(t, inspector.Evaluators(r))
}

func one(t *testing.T, fs []posture.Finding) posture.Finding {
	t.Helper()
	if len(fs) != 1 {
		t.Fatalf("want one finding, got %v", fs)
	}
	return fs[0]
}

// failing gives a finding as an evaluator would, of a control on a resource.
func failing(control, typ, id string) posture.Finding {
	return posture.Finding{Control: control, Status: posture.Fail, Resource: place.Resource(typ, id, "")}
}

const account = "AWS::InspectorV2::Account"
