package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/advisor/trustedadvisor"
	"github.com/awsposture/posture/advisor/trustedadvisor/trustedadvisortest"
	"github.com/awsposture/posture/examples/internal/sample"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/guardduty/guarddutytest"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
)

var update = flag.Bool("update", false, "write the golden file anew")

func TestRun(t *testing.T) {
	var out, errs bytes.Buffer
	const off = "triage: not looked at: GuardDuty in eu-central-1 is suspended\ntriage: not looked at: GuardDuty in us-east-1 is absent\n"
	if code := run(t.Context(), nil, &out, &errs); code != 0 || errs.String() != off {
		t.Fatalf("exit status %d: %s", code, errs.String())
	}
	if *update {
		if err := os.WriteFile("testdata/output.txt", out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/output.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Each source has its say, and the list is in order.
func TestJSON(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"-json", "-most", "0"}, &out, &errs); code != 0 {
		t.Fatalf("exit status %d: %s", code, errs.String())
	}
	var all []matter
	told := map[string]bool{}
	for decoder := json.NewDecoder(&out); decoder.More(); {
		var m matter
		if err := decoder.Decode(&m); err != nil {
			t.Fatal(err)
		}
		if m.Title == "" || m.Resource == "" || m.Reason == "" || m.Urgency == 0 {
			t.Errorf("something is not said: %+v", m)
		}
		all, told[m.Source] = append(all, m), true
	}
	if len(told) != len(sources) {
		t.Errorf("told by %v", told)
	}
	if !slices.IsSortedFunc(all, func(x, y matter) int { return int(y.Urgency) - int(x.Urgency) }) {
		t.Errorf("not in order: %+v", all)
	}
}

// What could not be read is named, and what could is told.
func TestUnread(t *testing.T) {
	at := sample.Account
	at.Region = "eu-west-1"
	broken := inspectortest.New(at)
	broken.Deny("ListFindings")
	broken.Edit(func(s *inspectortest.State) { s.Account = *inspectortest.NewAccount(inspector.EC2) })
	silent := advisortest.New(sample.Account)
	silent.Deny("ListRecommendations")
	regions := sample.GuardDuty()
	regions[0].Deny("ListDetectors")
	all, _, unread := gather(t.Context(), []*guardduty.Region{sample.GuardDutyRegion(regions[0]), sample.GuardDutyRegion(regions[1])}, inspector.NewRegion(at, broken), advisor.NewAccount(sample.Account, trustedadvisor.NewSource(trustedadvisortest.New(silent))))
	if len(all) != 1 || all[0].Source != "GuardDuty" {
		t.Errorf("told: %+v", all)
	}
	text := errors.Join(unread...).Error()
	for _, source := range []string{"GuardDuty in eu-central-1", "Inspector in eu-west-1", "Trusted Advisor, advisor.red"} {
		if !strings.Contains(text, source) {
			t.Errorf("%s is not named: %s", source, text)
		}
	}
}

// A source that is off has nothing to say, which is not that nothing is wrong.
func TestSourcesThatAreOff(t *testing.T) {
	at := sample.Account
	at.Region = "eu-west-1"
	plain := advisortest.New(sample.Account)
	plain.Edit(func(s *advisortest.State) { s.NotEntitled = true })
	absent, suspended := guarddutytest.New(at), guarddutytest.New(at)
	suspended.Edit(func(s *guarddutytest.State) {
		s.Detector = guarddutytest.NewDetector()
		s.Detector.Suspended = true
	})
	all, got, unread := gather(t.Context(), []*guardduty.Region{sample.GuardDutyRegion(absent), sample.GuardDutyRegion(suspended)}, inspector.NewRegion(at, inspectortest.New(at)), advisor.NewAccount(sample.Account, trustedadvisor.NewSource(trustedadvisortest.New(plain))))
	if len(all) != 0 || len(unread) != 0 {
		t.Errorf("told: %+v, not read: %v", all, unread)
	}
	want := []string{
		"GuardDuty in eu-west-1 is absent", "GuardDuty in eu-west-1 is suspended", "Inspector in eu-west-1 scans nothing",
		"Trusted Advisor: The account's support plan does not include Trusted Advisor's API; what can be recomputed is judged by the advisor.local controls.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("not read (-want +got):\n%s", diff)
	}
}

func TestUrgency(t *testing.T) {
	last := posture.Critical
	for _, tier := range inspector.Tiers() {
		if u := urgencyOf(tier); u > last || u < posture.Informational {
			t.Errorf("tier %s is %s", tier, u)
		} else {
			last = u
		}
	}
	if m := seen(sample.Account, guardduty.OpenFinding{Severity: 9.3}); m.Urgency != posture.Critical {
		t.Errorf("severity 9.3 is %s", m.Urgency)
	}
}

func TestExitStatus(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"-h"}, &out, &errs); code != 0 {
		t.Errorf("help: %d", code)
	}
	if code := run(t.Context(), []string{"-none"}, &out, &errs); code != 2 {
		t.Errorf("an unknown flag: %d", code)
	}
	out.Reset()
	if code := run(t.Context(), []string{"-most", "1"}, &out, &errs); code != 0 || !strings.Contains(out.String(), "more\n") {
		t.Errorf("%d: %s", code, out.String())
	}
}
