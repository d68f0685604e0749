package inspector_test

import (
	"encoding/json"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture/inspector"
)

func stream(err error, fs ...inspector.Finding) iter.Seq2[inspector.Item, error] {
	return func(yield func(inspector.Item, error) bool) {
		for _, f := range fs {
			if !yield(inspector.Rank(f, inspector.Facts{ReachLooked: true}, inspector.Objectives{}, now), nil) {
				return
			}
		}
		if err != nil {
			yield(inspector.Item{}, err)
		}
	}
}

func rated(cve, severity string) inspector.Finding {
	f := vulnerability("arn-"+cve, "i-0web", cve)
	f.Severity, f.Score = severity, 5
	return f
}

func TestGate(t *testing.T) {
	high, medium := rated("CVE-1", "HIGH"), rated("CVE-2", "MEDIUM")
	baseline, err := inspector.NewBaseline(now, stream(nil, high))
	if err != nil {
		t.Fatal(err)
	}
	urgent := medium
	urgent.Exploit, urgent.Score = true, 9 // T3
	allow := inspector.Allowance{Vulnerability: "CVE-1", Reason: "SEC-1: not loaded", Until: now.Add(day)}
	edit := func(change func(*inspector.Allowance)) []inspector.Allowance {
		a := allow
		change(&a)
		return []inspector.Allowance{a}
	}
	inventory, rows := tenInstances()
	partial := inspector.Prove(place, now, inventory, rows, packagesOnly)
	six := nothing()
	six[inspector.TypeInstance] = inventory[inspector.TypeInstance][:6]
	whole := inspector.Prove(place, now, six, rows, packagesOnly)
	unread := inspector.Prove(place, now, nil, nil, packagesOnly, errors.New("throttled"))
	for name, test := range map[string]struct {
		gate inspector.Gate
		in   iter.Seq2[inspector.Item, error]
		pass bool
		says string
	}{
		"nothing found":                {inspector.Gate{}, stream(nil), true, "of 0 findings"},
		"new and high":                 {inspector.Gate{}, stream(nil, high), false, "1 block"},
		"known":                        {inspector.Gate{Baseline: baseline}, stream(nil, high), true, "1 were known"},
		"new beside what is known":     {inspector.Gate{Baseline: baseline}, stream(nil, high, rated("CVE-3", "CRITICAL")), false, "1 were known, 0 are new and below the threshold, 0 are allowed, 1 block"},
		"below the threshold":          {inspector.Gate{}, stream(nil, medium), true, "1 are new and below"},
		"at another threshold":         {inspector.Gate{Severity: "MEDIUM"}, stream(nil, medium), false, "1 block"},
		"critical only":                {inspector.Gate{Severity: "CRITICAL"}, stream(nil, high), true, "1 are new and below"},
		"not rated counts as high":     {inspector.Gate{}, stream(nil, rated("CVE-4", "UNTRIAGED")), false, "1 block"},
		"medium, and urgent":           {inspector.Gate{}, stream(nil, urgent), false, "1 block"},
		"urgent, by another tier":      {inspector.Gate{Tier: inspector.T2}, stream(nil, urgent), true, "1 are new and below"},
		"allowed":                      {inspector.Gate{Allow: edit(func(*inspector.Allowance) {})}, stream(nil, high), true, "1 are allowed"},
		"allowed for the package":      {inspector.Gate{Allow: edit(func(a *inspector.Allowance) { a.Package, a.Resource = "openssl", "i-0web" })}, stream(nil, high), true, "1 are allowed"},
		"allowed for another package":  {inspector.Gate{Allow: edit(func(a *inspector.Allowance) { a.Package = "glibc" })}, stream(nil, high), false, "1 block"},
		"allowed for another resource": {inspector.Gate{Allow: edit(func(a *inspector.Allowance) { a.Resource = "i-0lab" })}, stream(nil, high), false, "1 block"},
		"the allowance has ended":      {inspector.Gate{Allow: edit(func(a *inspector.Allowance) { a.Until = now })}, stream(nil, high), false, "1 block"},
		"an allowance without end": {inspector.Gate{Allow: edit(func(a *inspector.Allowance) {
			a.Until = a.Until.AddDate(-9999, 0, 0)
			a.Until = inspector.Allowance{}.Until
		})}, stream(nil), false, "does not end"},
		"an allowance without reason": {inspector.Gate{Allow: edit(func(a *inspector.Allowance) { a.Reason = "" })}, stream(nil), false, "has no reason"},
		"an allowance of everything":  {inspector.Gate{Allow: edit(func(a *inspector.Allowance) { a.Vulnerability = "" })}, stream(nil), false, "names no vulnerability"},
		"a severity not known":        {inspector.Gate{Severity: "SEVERE"}, stream(nil), false, "SEVERE"},
		"a baseline of another version": {
			inspector.Gate{Baseline: inspector.Baseline{Version: 2, Findings: baseline.Findings}}, stream(nil, high), false, "version 2",
		},
		"an empty baseline of another version": {inspector.Gate{Baseline: inspector.Baseline{Version: 2}}, stream(nil), false, "version 2"},
		"the stream breaks off":                {inspector.Gate{Baseline: baseline}, stream(errors.New("throttled"), high), false, "throttled"},
		"not proven scanned":                   {inspector.Gate{Proof: &partial}, stream(nil), false, "3 scans are not proven"},
		"proven scanned":                       {inspector.Gate{Proof: &whole}, stream(nil), true, "open"},
		"the proof is not whole": {
			inspector.Gate{Proof: &unread}, stream(nil), false, "throttled",
		},
	} {
		t.Run(name, func(t *testing.T) {
			test.gate.Now = now
			d := test.gate.Judge(test.in)
			if d.Pass != test.pass || !strings.Contains(d.String(), test.says) {
				t.Errorf("pass is %v: %s", d.Pass, d)
			}
		})
	}
	d := inspector.Gate{Now: now, Allow: append(edit(func(a *inspector.Allowance) { a.Until = now }), inspector.Allowance{Vulnerability: "CVE-9", Reason: "x", Until: now.Add(day)})}.Judge(stream(nil, high))
	if len(d.Expired) != 1 || d.Expired[0].Vulnerability != "CVE-1" || len(d.Unused) != 1 || d.Unused[0].Vulnerability != "CVE-9" {
		t.Errorf("expired %v, unused %v", d.Expired, d.Unused)
	}
	ended := edit(func(a *inspector.Allowance) { a.Until = time.Now().Add(-time.Hour) })
	if (inspector.Gate{Allow: ended}).Judge(stream(nil, high)).Pass {
		t.Error("without a clock, an allowance that has ended holds")
	}
	if (inspector.Decision{}).Pass {
		t.Error("the zero decision passes")
	}
}

// A new build of an image, and a new version of a function, are what they were.
func TestIdentity(t *testing.T) {
	old := vulnerability("f", image, "CVE-1")
	old.Resource.Type, old.Repository, old.Image = inspector.TypeImage, "shop", "sha256:aaaa"
	built := old
	built.ARN, built.Resource.ID, built.Image, built.Packages = "g", image+"b", "sha256:bbbb", []inspector.Package{{Name: "openssl", Version: "3.0.8"}}
	if old.Identity() != built.Identity() {
		t.Errorf("%s and %s", old.Identity(), built.Identity())
	}
	for name, change := range map[string]func(*inspector.Finding){
		"another vulnerability": func(f *inspector.Finding) { f.Vulnerability = "CVE-2" },
		"another repository":    func(f *inspector.Finding) { f.Repository = "lab" },
		"another package":       func(f *inspector.Finding) { f.Packages = []inspector.Package{{Name: "glibc"}} },
		"another account":       func(f *inspector.Finding) { f.Resource.Account = "444455556666" },
	} {
		f := old
		if change(&f); f.Identity() == old.Identity() {
			t.Errorf("%s has the same identity", name)
		}
	}
	if a, b := open("f", "i-0", 22, 22), open("f", "i-0", 23, 23); a.Identity() == b.Identity() {
		t.Error("two ports have one identity")
	}
}

func TestBaseline(t *testing.T) {
	b, err := inspector.NewBaseline(now, stream(nil, rated("CVE-2", "LOW"), rated("CVE-1", "HIGH"), rated("CVE-1", "HIGH")))
	if err != nil || len(b.Findings) != 2 {
		t.Fatalf("%v, %v", b, err)
	}
	text, err := json.Marshal(b)
	var back inspector.Baseline
	if err != nil || json.Unmarshal(text, &back) != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b, back); diff != "" {
		t.Error(diff)
	}
	if _, err := inspector.NewBaseline(now, stream(errors.New("denied"), rated("CVE-1", "HIGH"))); err == nil {
		t.Error("half the findings are a baseline")
	}
}
