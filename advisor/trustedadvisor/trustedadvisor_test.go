package trustedadvisor_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/advisor/trustedadvisor"
	"github.com/awsposture/posture/advisor/trustedadvisor/trustedadvisortest"
	"github.com/awsposture/posture/internal/awsfake"
)

var (
	place = posture.Place{Partition: "aws", Account: "111122223333"}
	now   = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

// wire answers requests as AWS does, by path. "!Code message" is an error.
type wire struct {
	answers map[string]string
	asked   []*http.Request
	err     error
}

func (w *wire) Do(r *http.Request) (*http.Response, error) {
	w.asked = append(w.asked, r)
	if w.err != nil {
		return nil, w.err
	}
	key := r.URL.Path
	if kind := r.URL.Query().Get("type"); kind != "" {
		key += "?" + kind
	}
	body, status, header := w.answers[key], http.StatusOK, http.Header{"Content-Type": {"application/json"}}
	if refusal, bad := strings.CutPrefix(body, "!"); bad {
		code, message, _ := strings.Cut(refusal, " ")
		body, status = `{"message":"`+message+`"}`, http.StatusForbidden
		header.Set("X-Amzn-Errortype", code)
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(bytes.NewBufferString(body)), Request: r}, nil
}

func (w *wire) config(region string) aws.Config {
	cfg := awsfake.Services{}.Config(region)
	cfg.APIOptions, cfg.HTTPClient = nil, w
	return cfg
}

const rec = "arn:aws:trustedadvisor::111122223333:recommendation/55fa4d2e-bbb7-491a-833b-5773e9589578"

var answers = map[string]string{
	"/v1/checks": `{"checkSummaries":[{"arn":"arn:aws:trustedadvisor:::check/DqdJqYeRm5","id":"DqdJqYeRm5","name":"IAM Access Key Rotation","description":"","awsServices":["IAM"],"pillars":["security"],"source":"ta_check","metadata":{}},
		{"arn":"arn:aws:trustedadvisor:::check/Wxdfp4B1L3","name":"Well-Architected","description":"","awsServices":[],"pillars":["security"],"source":"well_architected","metadata":{}}]}`,
	"/v1/recommendations?standard": `{"recommendationSummaries":[{"arn":"` + rec + `","id":"55fa4d2e","checkArn":"arn:aws:trustedadvisor:::check/DqdJqYeRm5","name":"IAM Access Key Rotation","pillars":["security"],"source":"ta_check","status":"warning","type":"standard","lastUpdatedAt":"2026-06-01T06:00:00Z","resourcesAggregates":{"okCount":2,"warningCount":1,"errorCount":0,"excludedCount":1}},
		{"arn":"` + rec + `9","id":"55fa4d2f","checkArn":"arn:aws:trustedadvisor:::check/Hs4Ma3Gnew","name":"A control of later","pillars":["security"],"source":"security_hub","status":"ok","statusReason":"no_data_ok","type":"standard","lastUpdatedAt":"2026-06-01T06:00:00Z"}]}`,
	"/v1/recommendations/" + rec + "/resources": `{"recommendationResourceSummaries":[{"arn":"` + rec + `/r","id":"r","awsResourceId":"ci","regionCode":"global","status":"warning","exclusionStatus":"included","lastUpdatedAt":"2026-06-01T06:00:00Z","metadata":{"Region":"us-east-1","User":"ci","Key age":"120"},"recommendationArn":"` + rec + `"},
		{"arn":"` + rec + `/s","id":"s","awsResourceId":"arn:aws:iam::111122223333:user/ana","regionCode":"eu-west-1","status":"purple","exclusionStatus":"excluded","lastUpdatedAt":"2026-06-01T06:00:00Z","metadata":{},"recommendationArn":"` + rec + `"}]}`,
	"/v1/recommendations?priority": `{"recommendationSummaries":[{"arn":"` + rec + `p","id":"p","name":"Use two zones","pillars":["fault_tolerance"],"source":"manual","status":"error","type":"priority","lifecycleStage":"pending_response","createdAt":"2026-05-01T00:00:00Z","lastUpdatedAt":"2026-05-02T00:00:00Z"}]}`,
}

func TestWhatAWSSends(t *testing.T) {
	w := &wire{answers: answers}
	source := trustedadvisor.NewSource(trustedadvisor.Client(w.config("eu-west-1"), place))
	got, err := source.Results(t.Context())
	at := time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)
	security := []advisor.Category{advisor.Security}
	want := []advisor.Result{
		{Check: advisor.Check{ID: "DqdJqYeRm5", Name: "IAM Access Key Rotation", Categories: security, Source: "ta_check"}, Colour: advisor.Yellow, At: at, Processed: 4, Flagged: 1, Excluded: 1, ARN: rec},
		{Check: advisor.Check{ID: "Wxdfp4B1L3", Name: "Well-Architected", Categories: security, Source: "well_architected"}, Colour: advisor.NotAvailable},
		{Check: advisor.Check{ID: "Hs4Ma3Gnew", Name: "A control of later", Categories: security, Source: "security_hub"}, Colour: advisor.Green, At: at, NoData: true, ARN: rec + "9"},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	rows, err := source.Resources(t.Context(), got[0])
	wanted := []advisor.Flagged{
		{RowID: "r", RowARN: rec + "/r", ID: "ci", Colour: advisor.Yellow, Meta: map[string]string{"Region": "us-east-1", "User": "ci", "Key age": "120"}},
		{RowID: "s", RowARN: rec + "/s", ID: "arn:aws:iam::111122223333:user/ana", Region: "eu-west-1", Colour: advisor.NotAvailable, Excluded: true, Meta: map[string]string{}},
	}
	if diff := cmp.Diff(wanted, rows); diff != "" || err != nil {
		t.Error(diff, err)
	}
	priorities, err := source.Priorities(t.Context())
	first := []advisor.Priority{{ARN: rec + "p", Name: "Use two zones", Category: advisor.FaultTolerance, Colour: advisor.Red, Stage: advisor.StagePending, Created: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), Updated: time.Date(2026, 5, 2, 0, 0, 0, 0, time.UTC)}}
	if diff := cmp.Diff(first, priorities); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for _, r := range w.asked {
		if r.URL.Host != "trustedadvisor.us-east-1.amazonaws.com" || !strings.Contains(r.Header.Get("Authorization"), "/us-east-1/trustedadvisor/") {
			t.Errorf("asks %s, signed %s", r.URL.Host, r.Header.Get("Authorization"))
		}
		if !strings.Contains(r.URL.RawQuery, "maxResults=200") {
			t.Errorf("%s is not asked for in its largest pages", r.URL.Path)
		}
	}
}

// A support plan without the API is told from a missing permission by its words,
// since both have one code.
func TestErrors(t *testing.T) {
	for refusal, kind := range map[string]posture.CauseKind{
		"!AccessDeniedException AWS Premium Support Subscription is required to use this service.":                                                                                                                      posture.CauseNotEntitled,
		"!AccessDeniedException User: arn:aws:iam::111122223333:user/subscription is not authorized to perform: trustedadvisor:ListChecks because no identity-based policy allows the trustedadvisor:ListChecks action": posture.CauseDenied,
		"!AccessDeniedException no": posture.CauseDenied, "!ThrottlingException slower": posture.CauseThrottled,
	} {
		w := &wire{answers: map[string]string{"/v1/checks": refusal}}
		_, err := trustedadvisor.FromConfig(w.config("us-east-1"), place).Results(t.Context())
		if c := posture.CauseOf(err); c == nil || c.Kind != kind || c.Operation != "TrustedAdvisor:ListChecks" {
			t.Errorf("%s is %v", refusal, c)
		}
	}
}

// Where a partition has no such endpoint there is nothing to ask for; in the
// partition aws it is a resolver that does not work.
func TestNoEndpoint(t *testing.T) {
	for partition, want := range map[string]posture.Status{"aws-us-gov": posture.NotApplicable, "aws-iso": posture.NotApplicable, "aws": posture.Unknown} {
		w := &wire{err: &net.DNSError{Err: "no such host", Name: "trustedadvisor", IsNotFound: true}}
		a := trustedadvisor.FromConfig(w.config("us-iso-east-1"), posture.Place{Partition: partition, Account: "111122223333"})
		for r := range posture.Scan(t.Context(), []posture.Evaluator{advisor.Entitled{Account: a}, advisor.Coloured{Account: a, Category: advisor.Security, Colour: advisor.Red}}, nil) {
			if got := r.Findings[0]; got.Status != want {
				t.Errorf("%s: %s is %s: %s", partition, r.Control.ID, got.Status, got.Detail)
			}
		}
	}
}

func TestMalformed(t *testing.T) {
	for name, test := range map[string]struct{ path, answer string }{
		"check without id":              {"/v1/checks", `{"checkSummaries":[{"name":"nameless"}]}`},
		"recommendation without check":  {"/v1/recommendations?standard", `{"recommendationSummaries":[{"arn":"` + rec + `"}]}`},
		"recommendation without counts": {"/v1/recommendations?standard", `{"recommendationSummaries":[{"arn":"` + rec + `","checkArn":"arn:aws:trustedadvisor:::check/DqdJqYeRm5","status":"ok","lastUpdatedAt":"2026-06-01T06:00:00Z"}]}`},
		"recommendation without an ARN": {"/v1/recommendations?standard", `{"recommendationSummaries":[{"checkArn":"arn:aws:trustedadvisor:::check/DqdJqYeRm5"}]}`},
	} {
		w := &wire{answers: map[string]string{"/v1/checks": answers["/v1/checks"], test.path: test.answer}}
		got, err := trustedadvisor.FromConfig(w.config("us-east-1"), place).Results(t.Context())
		if c := posture.CauseOf(err); c == nil || c.Kind != posture.CauseMalformed || len(got) != 0 {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	w := &wire{answers: map[string]string{"/v1/recommendations/" + rec: `{}`}}
	source := trustedadvisor.NewSource(trustedadvisor.Client(w.config("us-east-1"), place))
	if _, _, err := source.Priority(t.Context(), rec); posture.CauseOf(err).Kind != posture.CauseMalformed {
		t.Errorf("no recommendation: %v", err)
	}
}

func fake() *advisortest.Advisor {
	f := advisortest.New(place)
	f.Edit(func(s *advisortest.State) {
		s.Checks = []*advisortest.Check{{ID: "HCP4007jGY", Name: "ports", Category: advisor.Security, Colour: advisor.Red, At: now, Rows: []*advisortest.Row{{ID: "r1", Colour: advisor.Red}}}}
		s.Priorities = []*advisortest.Priority{{ID: "p-example-priority", Name: "Use two zones", Stage: advisor.StagePending, Created: now}}
	})
	return f
}

const (
	standardARN = "arn:aws:trustedadvisor::111122223333:recommendation/rec-HCP4007jGY"
	rowARN      = "arn:aws:trustedadvisor::111122223333:recommendation-resource/rec-HCP4007jGY/r1"
	priorityARN = "arn:aws:trustedadvisor::111122223333:recommendation/p-example-priority"
)

// Writes pass the real client's validation, and what AWS refuses is an error,
// within a good answer as well.
func TestWriter(t *testing.T) {
	f := fake()
	cfg := awsfake.Services{"TrustedAdvisor": trustedadvisortest.New(f)}.Config("us-east-1")
	client := trustedadvisor.Client(cfg, place)
	w, source := trustedadvisor.NewWriter(client), trustedadvisor.NewSource(client)
	if err := w.Exclude(t.Context(), rowARN, true); err != nil {
		t.Fatal(err)
	}
	if rs, err := source.Results(t.Context()); err != nil || rs[0].Excluded != 1 || rs[0].Flagged != 0 {
		t.Errorf("excluded: %+v, %v", rs, err)
	}
	if err := w.Exclude(t.Context(), rowARN+"9", true); posture.CauseOf(err).Code != "ResourceNotFoundException" || !strings.Contains(err.Error(), rowARN+"9") {
		t.Errorf("a row that is not: %v", err)
	}
	if err := w.Move(t.Context(), priorityARN, advisor.StageDismissed, advisor.Reason{Code: "low_priority", Text: "some time next year"}); err != nil {
		t.Error(err)
	}
	if p, ok, err := source.Priority(t.Context(), priorityARN); err != nil || !ok || p.Stage != advisor.StageDismissed {
		t.Errorf("dismissed: %v, %v, %v", p, ok, err)
	}
	if _, ok, err := source.Priority(t.Context(), priorityARN+"9"); ok || err != nil {
		t.Errorf("a recommendation that is not: %v, %v", ok, err)
	}
	for what, err := range map[string]error{
		"dismissed without reason":   w.Move(t.Context(), priorityARN, advisor.StageDismissed, advisor.Reason{}),
		"words that are too few":     w.Move(t.Context(), priorityARN, advisor.StageDismissed, advisor.Reason{Code: "low_priority", Text: "later"}),
		"a stage that is none":       w.Move(t.Context(), priorityARN, "escalated", advisor.Reason{}),
		"other without words":        w.Move(t.Context(), priorityARN, advisor.StageResolved, advisor.Reason{Code: "other"}),
		"a standard recommendation":  w.Move(t.Context(), standardARN, advisor.StageInProgress, advisor.Reason{}),
		"a recommendation not there": w.Move(t.Context(), priorityARN+"9", advisor.StageInProgress, advisor.Reason{}),
	} {
		if err == nil {
			t.Errorf("%s is accepted", what)
		}
	}
	f.Edit(func(s *advisortest.State) { s.NotEntitled = true })
	for what, err := range map[string]error{"exclude": w.Exclude(t.Context(), rowARN, true), "move": w.Move(t.Context(), priorityARN, advisor.StageInProgress, advisor.Reason{})} {
		if posture.CauseOf(err).Kind != posture.CauseNotEntitled {
			t.Errorf("%s without entitlement: %v", what, err)
		}
	}
}
