package inspector_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
)

// reasonVerdicts is what each status reason must come to, on an instance with an
// inactive row but for the two that are good.
var reasonVerdicts = map[string]inspector.Verdict{
	"SUCCESSFUL": inspector.Proven, "SCAN_IN_PROGRESS": inspector.Proven,
	"UNMANAGED_EC2_INSTANCE": inspector.Blind, "NO_INVENTORY": inspector.Blind, "STALE_INVENTORY": inspector.Blind, "ACCESS_DENIED": inspector.Blind, "ACCESS_DENIED_TO_ENCRYPTION_KEY": inspector.Blind,
	"AGENTLESS_INSTANCE_STORAGE_LIMIT_EXCEEDED": inspector.Blind, "AGENTLESS_INSTANCE_COLLECTION_TIME_LIMIT_EXCEEDED": inspector.Blind, "SCAN_FREQUENCY_MANUAL": inspector.Blind,
	"DEEP_INSPECTION_PACKAGE_COLLECTION_LIMIT_EXCEEDED": inspector.Blind, "DEEP_INSPECTION_DAILY_SSM_INVENTORY_LIMIT_EXCEEDED": inspector.Blind, "DEEP_INSPECTION_COLLECTION_TIME_LIMIT_EXCEEDED": inspector.Blind,
	"DEEP_INSPECTION_NO_INVENTORY": inspector.Blind, "INTEGRATION_CONNECTION_LOST": inspector.Blind, "NO_SCAN_CONFIGURATION_ASSOCIATED": inspector.Blind, "RESOURCE_UNMANAGED": inspector.Blind,
	"UNSUPPORTED_OS": inspector.Blind, "UNSUPPORTED_RUNTIME": inspector.Blind, "UNSUPPORTED_MEDIA_TYPE": inspector.Blind, "UNSUPPORTED_LANGUAGE": inspector.Blind, "UNSUPPORTED_CODE_ARTIFACTS": inspector.Blind,
	"UNSUPPORTED_CONFIG_FILE": inspector.Blind, "IMAGE_SIZE_EXCEEDED": inspector.Blind, "EXCLUDED_BY_TAG": inspector.Blind,
	"EC2_INSTANCE_STOPPED": inspector.NotRunning, "RESOURCE_STOPPED": inspector.NotRunning, "RESOURCE_TERMINATED": inspector.NotRunning, "IMAGE_ARCHIVED": inspector.NotRunning,
	"SCAN_ELIGIBILITY_EXPIRED": inspector.Lapsed, "SCAN_FREQUENCY_SCAN_ON_PUSH": inspector.Lapsed,
	"PENDING_INITIAL_SCAN": inspector.Undecided, "PENDING_REVIVAL_SCAN": inspector.Undecided, "PENDING_DISABLE": inspector.Undecided, "INTERNAL_ERROR": inspector.Undecided,
	"NO_RESOURCES_FOUND": inspector.Empty,
	"A_NEW_REASON":       inspector.Undecided, "": inspector.Undecided,
}

var packagesOnly = inspector.Limits{Scans: map[string][]inspector.Scan{inspector.TypeInstance: {inspector.PackageScan}, inspector.TypeImage: {inspector.PackageScan}, inspector.TypeFunction: {inspector.PackageScan}}}

func TestEveryReason(t *testing.T) {
	for _, reason := range types.ScanStatusReason("").Values() {
		if _, known := reasonVerdicts[string(reason)]; !known || !slices.Contains(inspector.Reasons(), string(reason)) {
			t.Errorf("the SDK's reason %s has no verdict", reason)
		}
	}
	if n := len(inspector.Reasons()); n != 36 {
		t.Errorf("%d reasons are explained", n)
	}
	inventory := map[string][]inspector.Asset{inspector.TypeInstance: {asset(inspector.TypeInstance, "i-0web")}}
	for reason, want := range reasonVerdicts {
		r := row(inspector.TypeInstance, "i-0web", inspector.PackageScan)
		r.Reason, r.Active = reason, want == inspector.Proven
		got := inspector.Prove(place, now, inventory, []inspector.Row{r}, packagesOnly).Records[0]
		if got.Verdict != want || got.Why == "" {
			t.Errorf("%s is %s: %s", reason, got.Verdict, got.Why)
		}
		if e := inspector.Explain(reason); e.Reason != reason || e.Fixable && e.Do == "" {
			t.Errorf("%s is explained as %+v", reason, e)
		}
	}
}

func TestProof(t *testing.T) {
	instance, img, fn := asset(inspector.TypeInstance, "i-0web"), asset(inspector.TypeImage, image), asset(inspector.TypeFunction, function)
	at := func(r inspector.Row, change func(*inspector.Row)) inspector.Row { change(&r); return r }
	web := row(inspector.TypeInstance, "i-0web", inspector.PackageScan)
	pushed := img
	pushed.Changed = now.Add(-30 * time.Minute)
	accepted := instance
	accepted.Accepted = "SEC-9: an appliance that its vendor scans."
	named := asset(inspector.TypeFunction, "thumbnails")
	named.ARN = ""
	for name, test := range map[string]struct {
		asset inspector.Asset
		row   inspector.Row
		want  inspector.Verdict
	}{
		"within the limit":             {instance, at(web, func(r *inspector.Row) { r.LastScanned = now.Add(-24 * time.Hour) }), inspector.Proven},
		"past the limit":               {instance, at(web, func(r *inspector.Row) { r.LastScanned = now.Add(-24*time.Hour - 1) }), inspector.Blind},
		"without agent, a week":        {instance, at(web, func(r *inspector.Row) { r.Mode, r.LastScanned = "EC2_AGENTLESS", daysAgo(7) }), inspector.Proven},
		"without agent, eight days":    {instance, at(web, func(r *inspector.Row) { r.Mode, r.LastScanned = "EC2_AGENTLESS", daysAgo(8) }), inspector.Blind},
		"a scan runs, the last is old": {instance, at(web, func(r *inspector.Row) { r.Reason, r.LastScanned = "SCAN_IN_PROGRESS", daysAgo(3) }), inspector.Blind},
		"successful and inactive":      {instance, at(web, func(r *inspector.Row) { r.Active = false }), inspector.Undecided},
		"never scanned":                {instance, at(web, func(r *inspector.Row) { r.LastScanned = time.Time{} }), inspector.Undecided},
		"an image has no limit":        {img, at(row(inspector.TypeImage, image, inspector.PackageScan), func(r *inspector.Row) { r.LastScanned = daysAgo(90) }), inspector.Proven},
		"an image pushed since":        {pushed, row(inspector.TypeImage, image, inspector.PackageScan), inspector.Blind},
		"an image in use that lapsed":  {img, at(row(inspector.TypeImage, image, inspector.PackageScan), func(r *inspector.Row) { r.Reason, r.InUse = "SCAN_ELIGIBILITY_EXPIRED", 2 }), inspector.Blind},
		"an image out of use":          {img, at(row(inspector.TypeImage, image, inspector.PackageScan), func(r *inspector.Row) { r.Reason = "SCAN_ELIGIBILITY_EXPIRED" }), inspector.Lapsed},
		"an accepted exclusion":        {accepted, with(web, "EXCLUDED_BY_TAG"), inspector.Excluded},
		"an exclusion nobody accepted": {instance, with(web, "EXCLUDED_BY_TAG"), inspector.Blind},
		"accepted for exclusion only":  {accepted, with(web, "STALE_INVENTORY"), inspector.Blind},
		"$LATEST is the function":      {fn, row(inspector.TypeFunction, function+":$LATEST", inspector.PackageScan), inspector.Proven},
		"a function by its name":       {named, row(inspector.TypeFunction, function+":$LATEST", inspector.PackageScan), inspector.Proven},
		"in another partition": {
			inspector.Asset{Resource: posture.Resource{Partition: "aws-cn", Account: place.Account, Region: "cn-north-1", Type: inspector.TypeFunction, ID: "thumbnails"}},
			row(inspector.TypeFunction, "arn:aws-cn:lambda:cn-north-1:111122223333:function:thumbnails:$LATEST", inspector.PackageScan), inspector.Proven,
		},
		"another version of it is not":   {fn, row(inspector.TypeFunction, function+":7", inspector.PackageScan), inspector.Missing},
		"another account's":              {instance, at(web, func(r *inspector.Row) { r.Account = "444455556666" }), inspector.Missing},
		"the network row does not do":    {instance, row(inspector.TypeInstance, "i-0web", inspector.NetworkScan), inspector.Missing},
		"the repository is not an image": {img, row(inspector.TypeRepository, image, inspector.PackageScan), inspector.Missing},
	} {
		t.Run(name, func(t *testing.T) {
			p := inspector.Prove(place, now, map[string][]inspector.Asset{test.asset.Type: {test.asset}}, []inspector.Row{test.row}, packagesOnly)
			if r := p.Records[0]; r.Verdict != test.want {
				t.Errorf("%s: %s", r.Verdict, r.Why)
			}
			if err := p.Verify(); err != nil {
				t.Error(err)
			}
		})
	}
}

// Ten instances: six proven, one without agent, one stopped, one pending, one
// that Inspector does not know.
func tenInstances() (map[string][]inspector.Asset, []inspector.Row) {
	inventory, rows := nothing(), []inspector.Row(nil)
	for i := range 10 {
		id := fmt.Sprintf("i-%d", i)
		inventory[inspector.TypeInstance] = append(inventory[inspector.TypeInstance], asset(inspector.TypeInstance, id))
		r := row(inspector.TypeInstance, id, inspector.PackageScan)
		switch i {
		case 6:
			r = with(r, "UNMANAGED_EC2_INSTANCE")
		case 7:
			r = with(r, "EC2_INSTANCE_STOPPED")
		case 8:
			r = with(r, "PENDING_INITIAL_SCAN")
		case 9:
			continue
		}
		rows = append(rows, r)
	}
	return inventory, append(rows, row(inspector.TypeInstance, "i-gone", inspector.PackageScan))
}

func TestProofOfTen(t *testing.T) {
	inventory, rows := tenInstances()
	p := inspector.Prove(place, now, inventory, rows, packagesOnly)
	proven, of := p.Ratio()
	want := map[inspector.Verdict]int{inspector.Proven: 6, inspector.Blind: 1, inspector.Missing: 1, inspector.Undecided: 1, inspector.NotRunning: 1, inspector.Ghost: 1}
	if diff := cmp.Diff(want, p.Counts); diff != "" || proven != 6 || of != 9 {
		t.Errorf("%d of %d: (-want +got):\n%s", proven, of, diff)
	}
	if s := p.String(); s != "6 of 9 scans proven: 1 blind, 1 missing, 1 unknown; out of the count 1 not running, 0 excluded, 0 lapsed, 0 empty, 1 without inventory." {
		t.Error(s)
	}

	// It can be stored, and what is stored is the same.
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back inspector.Proof
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, back); diff != "" || back.Verify() != nil {
		t.Errorf("stored (-want +got):\n%s%v", diff, back.Verify())
	}
	back.Records = back.Records[1:]
	if back.Verify() == nil {
		t.Error("a proof without one of its records verifies")
	}
	if other := inspector.Prove(place, now, inventory, rows[1:], packagesOnly); other.Rows == p.Rows || other.Inventory != p.Inventory {
		t.Error("the hashes do not tell which rows were looked at")
	}
}

// Of two rows of one scan the active one counts, then the later; the other is
// no ghost.
func TestTwoRowsOfOneScan(t *testing.T) {
	inventory := map[string][]inspector.Asset{inspector.TypeInstance: {asset(inspector.TypeInstance, "i-0web")}}
	fresh := row(inspector.TypeInstance, "i-0web", inspector.PackageScan)
	old, off := fresh, with(fresh, "UNMANAGED_EC2_INSTANCE")
	old.LastScanned = daysAgo(3)
	for _, rows := range [][]inspector.Row{{fresh, old}, {old, fresh}, {off, fresh}, {fresh, off}, {off, old, fresh}} {
		p := inspector.Prove(place, now, inventory, rows, packagesOnly)
		if len(p.Records) != 1 || p.Records[0].Verdict != inspector.Proven {
			t.Errorf("%+v", p.Records)
		}
	}
}

// What was not read to its end makes nothing missing.
func TestProofOfHalf(t *testing.T) {
	inventory, rows := tenInstances()
	denied := &posture.Cause{Kind: posture.CauseDenied, Operation: "Inspector2:ListCoverage", Message: "no"}
	p := inspector.Prove(place, now, inventory, rows[:3], packagesOnly, nil, denied)
	if p.Complete || len(p.Failed) != 1 || p.Counts[inspector.Missing] != 0 || p.Counts[inspector.Undecided] != 7 || p.Counts[inspector.Proven] != 3 {
		t.Errorf("%+v, %v", p.Counts, p.Failed)
	}
	if !strings.Contains(p.String(), "not everything could be read") {
		t.Error(p)
	}
	if q := p; q.Verify() != nil {
		t.Error(q.Verify())
	} else if q.Complete = true; q.Verify() == nil {
		t.Error("a proof that says both verifies")
	}
	if q := (inspector.Proof{Version: 9}); q.Verify() == nil {
		t.Error("a proof of another version verifies")
	}
	if got := posture.CauseOf(errors.Join(denied)); got == nil {
		t.Error("no cause")
	}
}

// The order of pages and of the inventory changes nothing, and the numbers add
// up to the inventory.
func TestProofProperties(t *testing.T) {
	reasons := append(inspector.Reasons(), "A_NEW_REASON")
	rapid.Check(t, func(t *rapid.T) {
		inventory, rows := nothing(), []inspector.Row(nil)
		n := rapid.IntRange(0, 30).Draw(t, "n")
		for i := range n {
			id := fmt.Sprintf("i-%d", i)
			inventory[inspector.TypeInstance] = append(inventory[inspector.TypeInstance], asset(inspector.TypeInstance, id))
			if rapid.Bool().Draw(t, "covered") {
				r := row(inspector.TypeInstance, id, inspector.PackageScan)
				r.Reason, r.Active = rapid.SampledFrom(reasons).Draw(t, "reason"), rapid.Bool().Draw(t, "active")
				r.LastScanned = now.Add(-time.Duration(rapid.IntRange(0, 50).Draw(t, "hours")) * time.Hour)
				rows = append(rows, r)
			}
		}
		p := inspector.Prove(place, now, inventory, rows, packagesOnly)
		shuffle := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		again := slices.Clone(rows)
		shuffle.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		q := inspector.Prove(place, now, inventory, again, packagesOnly)
		q.Rows = p.Rows
		if diff := cmp.Diff(p, q); diff != "" {
			t.Fatalf("the order of rows matters:\n%s", diff)
		}
		total := 0
		for _, count := range p.Counts {
			total += count
		}
		if total != n || len(p.Records) != n || p.Verify() != nil {
			t.Fatalf("%d records of %d, %v", total, n, p.Verify())
		}
	})
}

func TestAssets(t *testing.T) {
	r := place.Resource(inspector.TypeInstance, "i-0web", "")
	got := inspector.Assets(map[string][]posture.Resource{inspector.TypeInstance: {r}, inspector.TypeImage: nil})
	if diff := cmp.Diff(map[string][]inspector.Asset{inspector.TypeInstance: {{Resource: r}}, inspector.TypeImage: {}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What is proved on the view is what the control says.
func TestProofOfRegion(t *testing.T) {
	w := bad().Fake.(*world)
	p, err := w.facts.region(place, w.Inspector).Proof(t.Context(), inspector.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]inspector.Verdict{}
	for _, r := range p.Records {
		got[r.Resource.ID+" "+string(r.Scan)] = r.Verdict
	}
	want := map[string]inspector.Verdict{
		"i-0web PACKAGE": inspector.Blind, "i-0web NETWORK": inspector.Proven, "i-0off PACKAGE": inspector.NotRunning, "i-0off NETWORK": inspector.NotRunning,
		"i-0unseen PACKAGE": inspector.Missing, "i-0unseen NETWORK": inspector.Missing,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := inspector.NewRegion(place, w).Proof(t.Context(), inspector.Limits{}); posture.CauseOf(err) == nil || posture.CauseOf(err).Kind != posture.CauseNotProvided {
		t.Errorf("without an inventory: %v", err)
	}
}
