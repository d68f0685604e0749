package support_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/advisor/support"
	"github.com/awsposture/posture/advisor/support/supporttest"
	"github.com/awsposture/posture/internal/awsfake"
)

var (
	place = posture.Place{Partition: "aws", Account: "111122223333"}
	now   = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

// wire answers requests as AWS does, by the operation that they name.
type wire struct {
	answers map[string]string // operation to body; "!Code" is an error of that code
	asked   []*http.Request
	inputs  []string
}

func (w *wire) Do(r *http.Request) (*http.Response, error) {
	_, op, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	in, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	w.asked, w.inputs = append(w.asked, r), append(w.inputs, string(in))
	body, status := w.answers[op], http.StatusOK
	if code, bad := strings.CutPrefix(body, "!"); bad {
		body, status = `{"__type":"`+code+`","message":"not today"}`, http.StatusBadRequest
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}}, Body: io.NopCloser(bytes.NewBufferString(body)), Request: r}, nil
}

func (w *wire) config(region string) aws.Config {
	cfg := awsfake.Services{}.Config(region)
	cfg.APIOptions, cfg.HTTPClient = nil, w
	return cfg
}

// rows is what AWS sends: headers by position, nulls, and fewer values than
// headers.
var rows = map[string]string{
	"DescribeTrustedAdvisorChecks": `{"checks":[{"id":"DqdJqYeRm5","name":"IAM Access Key Rotation","category":"security","description":"","metadata":["Status","IAM User","Access Key","Key Last Rotated"]},
		{"id":"DAvU99Dc4C","name":"Underutilized Amazon EBS Volumes","category":"cost_optimizing","description":"","metadata":["Region","Volume ID","Monthly Savings"]}]}`,
	"DescribeTrustedAdvisorCheckSummaries": `{"summaries":[{"checkId":"DqdJqYeRm5","status":"error","timestamp":"2026-06-01T06:00:00Z","hasFlaggedResources":true,"resourcesSummary":{"resourcesFlagged":2,"resourcesIgnored":0,"resourcesProcessed":5,"resourcesSuppressed":1}},
		{"checkId":"DAvU99Dc4C","status":"warning","timestamp":"2026-06-01T06:00:00Z","hasFlaggedResources":true,"resourcesSummary":{"resourcesFlagged":1,"resourcesProcessed":9},"categorySpecificSummary":{"costOptimizing":{"estimatedMonthlySavings":1204.505,"estimatedPercentMonthlySavings":0.5}}}]}`,
	"DescribeTrustedAdvisorCheckResult": `{"result":{"checkId":"DqdJqYeRm5","status":"error","timestamp":"2026-06-01T06:00:00Z","flaggedResources":[
		{"resourceId":"r1","status":"error","isSuppressed":false,"metadata":["Red","ci",null,"2023-01-01"]},{"resourceId":"r2","status":"warning","isSuppressed":true,"metadata":["Yellow","ana"]}]}}`,
}

func TestWhatAWSSends(t *testing.T) {
	w := &wire{answers: rows}
	a := support.FromConfig(w.config("eu-west-1"), place)
	got, err := a.Results(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)
	want := []advisor.Result{
		{Check: advisor.Check{ID: "DqdJqYeRm5", Name: "IAM Access Key Rotation", Categories: []advisor.Category{advisor.Security}, Headers: []string{"Status", "IAM User", "Access Key", "Key Last Rotated"}}, Colour: advisor.Red, At: at, Processed: 5, Flagged: 2, Excluded: 1},
		{Check: advisor.Check{ID: "DAvU99Dc4C", Name: "Underutilized Amazon EBS Volumes", Categories: []advisor.Category{advisor.CostOptimizing}, Headers: []string{"Region", "Volume ID", "Monthly Savings"}}, Colour: advisor.Yellow, At: at, Processed: 9, Flagged: 1, Savings: 1204_51},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	flagged, err := a.Resources(t.Context(), got[0])
	wanted := []advisor.Flagged{
		{RowID: "r1", ID: "ci", Colour: advisor.Red, Meta: map[string]string{"Status": "Red", "IAM User": "ci", "Key Last Rotated": "2023-01-01"}},
		{RowID: "r2", ID: "ana", Colour: advisor.Yellow, Excluded: true, Meta: map[string]string{"Status": "Yellow", "IAM User": "ana"}},
	}
	if diff := cmp.Diff(wanted, flagged); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for i, want := range []string{`{"language":"en"}`, `{"checkIds":["DqdJqYeRm5","DAvU99Dc4C"]}`, `{"checkId":"DqdJqYeRm5","language":"en"}`} {
		if w.inputs[i] != want {
			t.Errorf("call %d asks %s, want %s", i, w.inputs[i], want)
		}
	}
}

// The SDK sends every call to the partition's one endpoint, signed for its region,
// whatever region the configuration has.
func TestEndpoints(t *testing.T) {
	for _, test := range []struct{ partition, region, host, signed string }{
		{"aws", "eu-west-1", "support.us-east-1.amazonaws.com", "us-east-1"},
		{"aws", "us-east-1", "support.us-east-1.amazonaws.com", "us-east-1"},
		{"aws", "", "support.us-east-1.amazonaws.com", "us-east-1"},
		{"aws-us-gov", "us-gov-east-1", "support.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
		{"aws-us-gov", "", "support.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
	} {
		w := &wire{answers: rows}
		p := posture.Place{Partition: test.partition, Account: "111122223333"}
		if _, err := support.FromConfig(w.config(test.region), p).Results(t.Context()); err != nil {
			t.Errorf("%s from %q: %v", test.partition, test.region, err)
		}
		for _, r := range w.asked {
			if r.URL.Host != test.host || !strings.Contains(r.Header.Get("Authorization"), "/"+test.signed+"/support/") {
				t.Errorf("%s from %q: asks %s, signed %s", test.partition, test.region, r.URL.Host, r.Header.Get("Authorization"))
			}
		}
	}
}

func TestErrors(t *testing.T) {
	for code, kind := range map[string]posture.CauseKind{
		"SubscriptionRequiredException": posture.CauseNotEntitled, "AccessDeniedException": posture.CauseDenied, "ThrottlingException": posture.CauseThrottled, "InternalServerError": posture.CauseError,
	} {
		w := &wire{answers: map[string]string{"DescribeTrustedAdvisorChecks": "!" + code}}
		_, err := support.FromConfig(w.config("us-east-1"), place).Results(t.Context())
		if c := posture.CauseOf(err); c == nil || c.Kind != kind || c.Operation != "Support:DescribeTrustedAdvisorChecks" {
			t.Errorf("%s is %v", code, c)
		}
	}
}

// What does not parse is an error that names the check, and the others stand.
func TestMalformed(t *testing.T) {
	for name, test := range map[string]struct {
		op, answer, says string
		kept             int
	}{
		"no id":           {"DescribeTrustedAdvisorChecks", `{"checks":[{"name":"nameless"}]}`, "nameless", 0},
		"no timestamp":    {"DescribeTrustedAdvisorCheckSummaries", `{"summaries":[{"checkId":"DqdJqYeRm5","status":"ok","timestamp":"yesterday"},{"checkId":"DAvU99Dc4C","status":"ok","timestamp":"2026-06-01T06:00:00Z","resourcesSummary":{"resourcesProcessed":1}}]}`, "DqdJqYeRm5", 1},
		"good, no counts": {"DescribeTrustedAdvisorCheckSummaries", `{"summaries":[{"checkId":"DqdJqYeRm5","status":"ok","timestamp":"2026-06-01T06:00:00Z"}]}`, "DqdJqYeRm5", 1},
		"bad, no counts":  {"DescribeTrustedAdvisorCheckSummaries", `{"summaries":[{"checkId":"DqdJqYeRm5","status":"warning","timestamp":"2026-06-01T06:00:00Z"}]}`, "DqdJqYeRm5", 1},
		"summary missing": {"DescribeTrustedAdvisorCheckSummaries", `{"summaries":[{"checkId":"DAvU99Dc4C","status":"purple"}]}`, "", 2},
		"no counts":       {"DescribeTrustedAdvisorCheckSummaries", `{"summaries":[{"checkId":"DAvU99Dc4C","status":"error","timestamp":"2026-06-01T06:00:00Z","hasFlaggedResources":true}]}`, "", 2},
	} {
		w := &wire{answers: map[string]string{}}
		for op, body := range rows {
			w.answers[op] = body
		}
		w.answers[test.op] = test.answer
		got, err := support.FromConfig(w.config("us-east-1"), place).Results(t.Context())
		if (err != nil) != (test.says != "") || err != nil && !strings.Contains(err.Error(), test.says) || len(got) != test.kept {
			t.Errorf("%s: %d results, %v", name, len(got), err)
		}
		if name == "no counts" && got[1].Flagged == 0 {
			t.Error("flagged resources without counts are not asked for")
		}
		if name == "summary missing" && (got[0].Colour != advisor.NotAvailable || got[1].Colour != advisor.NotAvailable) {
			t.Errorf("colours are %s and %s", got[0].Colour, got[1].Colour)
		}
	}
	w := &wire{answers: map[string]string{"DescribeTrustedAdvisorCheckResult": `{}`}}
	if _, err := support.NewSource(support.Client(w.config("us-east-1"), place)).Resources(t.Context(), advisor.Result{Check: advisor.Check{ID: "a"}}); posture.CauseOf(err).Kind != posture.CauseMalformed {
		t.Errorf("an answer without result: %v", err)
	}
}

// refreshable is an account with a check of each way of being refreshed, all old.
func refreshable() *advisortest.Advisor {
	f := advisortest.New(place)
	f.Now = func() time.Time { return now }
	f.Edit(func(s *advisortest.State) {
		for _, c := range []*advisortest.Check{{ID: "HCP4007jGY"}, {ID: "1iG5NDGVre", Next: time.Minute}, {ID: "a2sEc6ILx", ByAWS: true}, {ID: "xSqX82fQu", Refresh: advisor.RefreshProcessing}, {ID: "L4dfs2Q4C5", ByAWS: true}} {
			c.Name, c.Category, c.Colour, c.At = "check "+c.ID, advisor.Security, advisor.Green, now.Add(-24*9*time.Hour)
			s.Checks = append(s.Checks, c)
		}
	})
	return f
}

// Only what may be refreshed is asked for, and its result is fresh afterwards.
func TestRefreshStale(t *testing.T) {
	f := refreshable()
	cfg := awsfake.Services{"Support": supporttest.New(f)}.Config("us-east-1")
	view := func() advisor.Fresh {
		a := support.FromConfig(cfg, place)
		a.Now = f.Now
		return advisor.Fresh{Account: a}
	}
	refresher := support.NewRefresher(support.Client(cfg, place))
	got, err := advisor.RefreshStale(t.Context(), view(), refresher)
	want := []advisor.Refresh{
		{Check: "HCP4007jGY", State: advisor.RefreshEnqueued, Next: 5 * time.Minute},
		{Check: "1iG5NDGVre", State: advisor.RefreshNone, Next: time.Minute},
		{Check: "a2sEc6ILx", State: advisor.RefreshByAWS},
		{Check: "xSqX82fQu", State: advisor.RefreshProcessing},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if writes := f.Writes(); len(writes) != 1 {
		t.Errorf("%d refreshes were asked for", len(writes))
	}
	if states, err := refresher.Refreshes(t.Context(), []string{"HCP4007jGY"}); err != nil || states[0].State != advisor.RefreshSuccess {
		t.Errorf("afterwards: %v, %v", states, err)
	}
	fs, err := view().Evaluate(t.Context())
	if err != nil || fs[0].Status != posture.Pass || fs[1].Status != posture.Fail {
		t.Errorf("afterwards: %v, %v", fs, err)
	}
	if again, err := refresher.Refresh(t.Context(), "L4dfs2Q4C5"); err != nil || again.State != advisor.RefreshByAWS {
		t.Errorf("a check of AWS's own: %v, %v", again, err)
	}
}

// A check of which AWS does not say how its refresh is stands in the error.
func TestRefreshUntold(t *testing.T) {
	f := refreshable()
	a := advisor.NewAccount(place, support.NewSource(supporttest.New(f)))
	a.Now = f.Now
	w := &wire{answers: map[string]string{
		"DescribeTrustedAdvisorCheckRefreshStatuses": `{"statuses":[{"checkId":"HCP4007jGY","status":"none","millisUntilNextRefreshable":60000}]}`,
	}}
	got, err := advisor.RefreshStale(t.Context(), advisor.Fresh{Account: a}, support.NewRefresher(support.Client(w.config("us-east-1"), place)))
	if len(got) != 1 || err == nil || !strings.Contains(err.Error(), "1iG5NDGVre") || strings.Contains(err.Error(), "HCP4007jGY") {
		t.Errorf("got %v, %v", got, err)
	}
}

// One refresh that fails does not keep the others from being asked for; a look
// that fails asks for nothing.
func TestRefreshFaults(t *testing.T) {
	f := refreshable()
	f.Edit(func(s *advisortest.State) { s.Checks[1].Next = 0 })
	a := advisor.NewAccount(place, support.NewSource(supporttest.New(f)))
	a.Now = f.Now
	refresher := support.NewRefresher(supporttest.New(f))
	f.Throttle("RefreshTrustedAdvisorCheck", 1)
	got, err := advisor.RefreshStale(t.Context(), advisor.Fresh{Account: a}, refresher)
	if posture.CauseOf(err).Kind != posture.CauseThrottled || !strings.Contains(err.Error(), "HCP4007jGY") || len(got) != 3 || got[0].State != advisor.RefreshEnqueued {
		t.Errorf("got %v, %v", got, err)
	}
	for _, op := range []string{"DescribeTrustedAdvisorChecks", "DescribeTrustedAdvisorCheckRefreshStatuses"} {
		f := refreshable()
		a := advisor.NewAccount(place, support.NewSource(supporttest.New(f)))
		a.Now = f.Now
		f.Deny(op)
		if got, err := advisor.RefreshStale(t.Context(), advisor.Fresh{Account: a}, support.NewRefresher(supporttest.New(f))); posture.CauseOf(err).Kind != posture.CauseDenied || got != nil || len(f.Writes()) > 0 {
			t.Errorf("denied %s: %v, %v", op, got, err)
		}
	}
}

func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := support.FromConfig((&wire{answers: rows}).config("us-east-1"), place).Results(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
