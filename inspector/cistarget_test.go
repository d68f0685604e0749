package inspector_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
)

// A completed scan says nothing of instances that it did not look at: each
// instance of the inventory is judged, and none that is gone.
func TestCISOfEveryInstance(t *testing.T) {
	completed := func(id string) inspector.CISTarget {
		return inspector.CISTarget{Instance: id, Status: "COMPLETED", Passed: 200}
	}
	scan := func(arn string, days int, targets ...inspector.CISTarget) inspectortest.Scan {
		return inspectortest.Scan{
			CISScan: inspector.CISScan{ARN: arn, Name: arn, Level: 1, Status: "COMPLETED", Time: daysAgo(days), Accounts: []string{"SELF"}},
			Targets: targets,
		}
	}
	f := newFake(place)
	f.Edit(func(s *inspectortest.State) {
		s.Account = *inspectortest.NewAccount(inspector.EC2)
		failed := completed("i-0web")
		failed.Failed = 9
		s.Scans = []inspectortest.Scan{
			scan("web", 2, completed("i-0web"), completed("i-0gone"), inspector.CISTarget{Instance: "i-0empty", Status: "COMPLETED"}, inspector.CISTarget{Instance: "i-0bsd", Status: "CANCELLED", Why: "UNSUPPORTED_OS"}),
			scan("db", 9, failed, completed("i-0db")),
			scan("old", 31, completed("i-0unseen")),
		}
		s.Coverage = []inspector.Row{with(row(inspector.TypeInstance, "i-0off", inspector.PackageScan), "EC2_INSTANCE_STOPPED")}
	})
	k := facts{inventory: instances("i-0web", "i-0db", "i-0empty", "i-0bsd", "i-0off", "i-0unseen")}
	verdicts := func() map[string]posture.Finding {
		got := map[string]posture.Finding{}
		for r := range posture.Scan(t.Context(), []posture.Evaluator{inspector.CISScanned{Region: k.region(place, f)}}, nil) {
			for _, f := range r.Findings {
				got[f.Resource.ID] = f
			}
		}
		return got
	}
	want := map[string]posture.Status{
		place.Region: posture.Pass, "i-0web": posture.Pass, "i-0db": posture.Pass, "i-0empty": posture.Unknown, "i-0bsd": posture.NotApplicable, "i-0off": posture.NotApplicable, "i-0unseen": posture.Fail,
	}
	got := verdicts()
	for id, status := range want {
		if got[id].Status != status {
			t.Errorf("%s is %s: %s", id, got[id].Status, got[id].Detail)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d findings, want %d", len(got), len(want))
	}
	if s := got["i-0unseen"].Detail; !strings.Contains(s, "tags") {
		t.Errorf("no word of what to do: %s", s)
	}

	// Whether the others run is not known where coverage cannot be read.
	f.Deny("ListCoverage")
	got = verdicts()
	if got["i-0web"].Status != posture.Pass || got["i-0unseen"].Control != "" || got["i-0off"].Control != "" {
		t.Errorf("without coverage: %v", got)
	}
	if !slices.ContainsFunc(slices.Collect(maps.Values(got)), func(f posture.Finding) bool { return f.Cause != nil && f.Cause.Kind == posture.CauseDenied }) {
		t.Error("nothing says that coverage was denied")
	}
}
