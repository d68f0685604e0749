package inspector_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
	"github.com/awsposture/posture/internal/awsfake"
)

func TestFixes(t *testing.T) {
	on := func(typ, id string, change func(*inspector.Finding)) inspector.Finding {
		f := vulnerability("f", id, "CVE-2026-1")
		f.Resource.Type = typ
		if change != nil {
			change(&f)
		}
		return f
	}
	for name, test := range map[string]struct {
		f    inspector.Finding
		want []string
	}{
		"instance": {on(inspector.TypeInstance, "i-0", nil), []string{"Upgrade to openssl 3.0.13 (OS)", "Rebuild the AMI ami-0example and replace its instances"}},
		"two packages": {on(inspector.TypeInstance, "i-0", func(f *inspector.Finding) {
			f.Image, f.Packages = "", []inspector.Package{{Name: "libssl", Fixed: "3", Manager: "OS"}, {Name: "crypto", Fixed: "2", Manager: "OS"}}
		}), []string{"Upgrade to crypto 2, libssl 3 (OS)"}},
		"image": {on(inspector.TypeImage, image, func(f *inspector.Finding) {
			f.Repository, f.Image, f.Packages[0].Layer = "shop", "sha256:aaaa", "sha256:base"
		}), []string{"Rebuild the images of shop on a mended layer sha256:base"}},
		"image without layer": {on(inspector.TypeImage, image, func(f *inspector.Finding) { f.Repository, f.Image = "shop", "sha256:aaaa" }), []string{"Rebuild the images of shop on a mended layer sha256:aaaa"}},
		"function":            {on(inspector.TypeFunction, function, func(f *inspector.Finding) { f.Function = "thumbnails" }), []string{"Update the dependencies of function thumbnails"}},
		"function's layer":    {on(inspector.TypeFunction, function, func(f *inspector.Finding) { f.Packages[0].Layer = "arn:layer" }), []string{"Update the Lambda layer arn:layer"}},
		"repository":          {on(inspector.TypeCodeRepository, "shop", nil), []string{"Update the dependencies of repository shop"}},
		"network":             {open("f", "i-0web", 22, 25), []string{"Close ports 22 to 25 (TCP) of i-0web to other networks"}},
		"code": {on(inspector.TypeFunction, function, func(f *inspector.Finding) {
			f.Type, f.Function, f.Code = inspector.CodeVulnerability, "thumbnails", &inspector.Code{Detector: "SQL injection"}
		}), []string{"Change the code of thumbnails: SQL injection"}},
		"no fix":      {on(inspector.TypeInstance, "i-0", func(f *inspector.Finding) { f.Fix = "NO" }), nil},
		"half a fix":  {on(inspector.TypeInstance, "i-0", func(f *inspector.Finding) { f.Fix = "PARTIAL" }), nil},
		"other types": {on("", "x", nil), nil},
	} {
		var got []string
		for _, k := range test.f.Fixes() {
			got = append(got, k.String())
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// One upgrade closes many findings; the fixes chosen for what is exploited are
// few.
func TestRankingGroups(t *testing.T) {
	r := &inspector.Ranker{Now: now}
	known := inspector.Facts{Exploitation: &inspector.Exploitation{Known: true}, ReachLooked: true}
	for _, id := range []string{"i-1", "i-2", "i-3"} {
		for _, cve := range []string{"CVE-1", "CVE-2"} {
			f := vulnerability(id+cve, id, cve)
			f.Image = "ami-" + id
			r.Add(f, known)
		}
	}
	other := vulnerability("x", "i-1", "CVE-3")
	other.Image, other.Packages = "ami-i-1", []inspector.Package{{Name: "glibc", Fixed: "2.40", Manager: "OS"}}
	r.Add(other, known)
	k := r.Ranking()
	if f := k.Fixes[0]; f.Closes != 6 || f.Urgent != 6 || f.Resources != 3 || f.Key.What != "openssl 3.0.13" || f.Tiers[inspector.T1] != 6 {
		t.Errorf("first fix %+v", f)
	}
	var chosen []string
	for _, f := range k.Smallest {
		chosen = append(chosen, f.Do)
	}
	// Of two fixes that close what is left, the first by its key.
	if diff := cmp.Diff([]string{"Upgrade to openssl 3.0.13 (OS)", "Rebuild the AMI ami-i-1 and replace its instances"}, chosen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if v := k.Risks[0]; v.Resource.ID != "i-1" || v.Findings != 3 {
		t.Errorf("first resource %+v", v)
	}
}

// An image under two names is one thing to mend, counted by its most urgent
// finding; in each repository's fix it counts.
func TestSameImageTwice(t *testing.T) {
	of := func(repository string) inspector.Finding {
		f := vulnerability("arn-"+repository, image+repository, "CVE-2026-1")
		f.Resource.Type, f.Repository, f.Image, f.Packages[0].Layer = inspector.TypeImage, repository, "sha256:aaaa", "sha256:base"
		return f
	}
	r := &inspector.Ranker{Now: now}
	r.Add(of("copy"), inspector.Facts{})
	r.Add(of("shop"), inspector.Facts{Reach: "public load balancer", Exploitation: &inspector.Exploitation{Known: true}})
	k := r.Ranking()
	if k.Read != 2 || k.Distinct != 1 || k.Tiers[inspector.T0] != 1 || len(k.Items) != 1 || k.Items[0].Finding.Repository != "shop" || len(k.Fixes) != 2 {
		t.Errorf("%+v", k)
	}
}

// Of a region: what is reachable makes findings on the same instance urgent,
// wherever it stands in the list, and details are asked once a vulnerability.
func TestRankingOfRegion(t *testing.T) {
	w := bad().Fake.(*world)
	w.PageSize = 1
	r := w.facts.region(place, w.Inspector)
	k, err := r.Ranking(t.Context())
	if err != nil || k.Read != 3 || k.Items[0].Tier != inspector.T0 || !strings.Contains(k.Items[0].Reason, "reachable through igw-0example") {
		t.Errorf("%+v, %v", k, err)
	}
	var details int
	for _, c := range w.Calls() {
		if c.Operation == "BatchGetFindingDetails" {
			details++
		}
	}
	if details != 1 {
		t.Errorf("%d calls for details", details)
	}
	n := len(w.Calls())
	if _, err := r.Ranking(t.Context()); err != nil || len(w.Calls()) != n {
		t.Errorf("the ranking was read twice: %v", err)
	}
}

// The stream ends early when asked, keeps nothing, and tells of an error last.
func TestStream(t *testing.T) {
	w := bad().Fake.(*world)
	w.PageSize = 1
	r := w.facts.region(place, w.Inspector)
	for _, err := range r.Findings(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if n := len(w.Calls()); n != 1 {
		t.Errorf("broke off after one, and %d calls were made", n)
	}
	w.Inject(awsfake.Fault{Operation: "ListFindings", Skip: 1, Err: &smithy.GenericAPIError{Code: "InternalServerException", Message: "internal"}})
	var arns []string
	var last error
	for f, err := range r.Findings(t.Context()) {
		if arns, last = append(arns, f.ARN), err; err != nil && f.ARN != "" {
			t.Errorf("an error beside finding %s", f.ARN)
		}
	}
	if len(arns) != 2 || last == nil {
		t.Errorf("got %v, %v", arns, last)
	}
	w.Heal()
	w.Inject(awsfake.Fault{Operation: "ListFindings", Skip: 2, Err: &smithy.GenericAPIError{Code: "InternalServerException", Message: "internal"}})
	k, err := r.Ranking(t.Context()) // the first call lists the path, the second a finding
	if err == nil || k.Read != 1 {
		t.Errorf("ranked %d of the half that was read, %v", k.Read, err)
	}
	w.Heal()
	var all []string
	for f, err := range r.Query(t.Context(), inspector.Query{Statuses: []string{"ACTIVE", "SUPPRESSED"}, Types: []inspector.FindingType{inspector.PackageVulnerability}, AllAccounts: true}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f.ARN)
	}
	if !slices.Equal(all, []string{"f1", "f2", "f4"}) {
		t.Errorf("got %v", all)
	}
	var items int
	for _, err := range r.Items(t.Context()) {
		if items++; err != nil {
			t.Fatal(err)
		}
	}
	if items != 3 {
		t.Errorf("%d items", items)
	}
	for _, err := range r.Items(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
}

// What was ranked without a fact says so, and no control passes on it.
func TestRankingWithoutFacts(t *testing.T) {
	w := good().Fake.(*world)
	w.Edit(func(s *inspectortest.State) {
		f := vulnerability("f9", image, "CVE-2026-9")
		f.Resource.Type, f.Exploit = inspector.TypeImage, true
		s.Findings = append(s.Findings, f)
	})
	r := inspector.NewRegion(place, w)
	r.Now = clock
	fs, err := inspector.ExploitReachable{Region: r}.Evaluate(t.Context())
	if c := posture.CauseOf(err); len(fs) != 0 || c == nil || c.Kind != posture.CauseNotProvided {
		t.Errorf("got %v, %v", fs, err)
	}
	k, err := r.Ranking(t.Context())
	if err != nil || len(k.Unknown) != 2 {
		t.Errorf("%v, %v", k.Unknown, err)
	}

	r = w.facts.region(place, w.Inspector)
	r.Reach = func(_ context.Context, _ posture.Resource) (string, bool, error) {
		return "", false, errors.New("no model")
	}
	k, err = r.Ranking(t.Context())
	if err != nil || !slices.ContainsFunc(k.Unknown, func(s string) bool { return strings.Contains(s, "no model") }) {
		t.Errorf("%v, %v", k.Unknown, err)
	}
}

// A CVE of which Inspector has no details may be a known exploited one: nothing
// passes on it. Another finding of it may have them.
func TestDetailsThatAreGone(t *testing.T) {
	w := good().Fake.(*world)
	w.Edit(func(s *inspectortest.State) { s.Gone = []string{"f1"} })
	all := scanAll(t, w.facts.region(place, w.Inspector))
	for _, id := range []string{"inspector.kev-open", "inspector.exploit-reachable", "inspector.sla"} {
		if f := one(t, all[id]); f.Status != posture.Unknown || f.Cause.Kind != posture.CauseNotReady {
			t.Errorf("%s is %s because of %v", id, f.Status, f.Cause)
		}
	}
	w.Edit(func(s *inspectortest.State) {
		for n := range 1000 {
			s.Findings = append(s.Findings, open(fmt.Sprintf("n%d", n), "i-0web", 443, 443))
		}
		again := s.Findings[0]
		again.ARN = "z"
		s.Findings = append(s.Findings, again)
	})
	k, err := w.facts.region(place, w.Inspector).Ranking(t.Context())
	if err != nil || k.Read != 1003 || k.Items[0].Facts.Exploitation == nil && k.Items[1].Facts.Exploitation == nil {
		t.Errorf("read %d, %v", k.Read, err)
	}
	// What is no CVE is not on the list.
	w.Edit(func(s *inspectortest.State) { s.Findings = s.Findings[:1]; s.Findings[0].Vulnerability = "GHSA-aaaa" })
	if f := one(t, scanAll(t, w.facts.region(place, w.Inspector))["inspector.kev-open"]); f.Status != posture.Pass {
		t.Errorf("%s because of %v", f.Status, f.Cause)
	}
}

// The administrator ranks what it sees of every account; a region ranks its own.
func TestRankingOfOrganization(t *testing.T) {
	w := orgGood().Fake.(*orgWorld)
	w.Edit(func(s *inspectortest.State) {
		own, theirs, path := vulnerability("a", "i-0own", "CVE-2026-1"), vulnerability("b", "i-0shop", "CVE-2026-1"), open("c", "i-0shop", 443, 443)
		theirs.Resource.Account, path.Resource.Account, theirs.Exploit = "444455556666", "444455556666", true
		s.Findings = []inspector.Finding{own, theirs, path}
	})
	o := w.facts.at(place, w.Inspector)
	k, err := o.Ranking(t.Context())
	if err != nil || k.Read != 3 || k.Items[0].Resource.Account != "444455556666" || k.Items[0].Tier != inspector.T2 {
		t.Errorf("%+v, %v", k.Items, err)
	}
	n := 0
	for i, err := range o.Items(t.Context()) {
		if n++; err != nil || i.Reason == "" {
			t.Error(i, err)
		}
	}
	one, err := inspector.NewRegion(place, w).Ranking(t.Context())
	if err != nil || one.Read != 1 || n != 3 {
		t.Errorf("the region read %d, %d items, %v", one.Read, n, err)
	}
}
