package evidence_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/evidence"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
	"github.com/awsposture/posture/internal/awsfake"
)

// findings is what a scan said, without when.
func findings(t testing.TB, results []posture.Result) []byte {
	t.Helper()
	var all []byte
	for _, r := range results {
		for _, f := range r.Findings {
			b, err := json.Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			all = append(append(all, b...), '\n')
		}
	}
	return all
}

// written writes a recording and reads it again.
func written(t testing.TB, r evidence.Recording) (evidence.Recording, []byte) {
	t.Helper()
	var b bytes.Buffer
	if _, err := r.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	text := bytes.Clone(b.Bytes())
	again, err := evidence.ReadRecording(&b)
	if err != nil {
		t.Fatal(err)
	}
	return again, text
}

// quick is a retryer that does not wait long.
func quick() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
}

func TestReplayGivesTheSameVerdicts(t *testing.T) {
	for name, tt := range map[string]struct {
		prepare func(*iamtest.IAM)
		kinds   []posture.CauseKind // of Unknown that must be among the verdicts
	}{
		"healthy": {func(*iamtest.IAM) {}, nil},
		"denied":  {func(f *iamtest.IAM) { f.Deny("ListAccessKeys", "GetAccountSummary") }, []posture.CauseKind{posture.CauseDenied}},
		"throttled, then answered": {func(f *iamtest.IAM) {
			f.Throttle("GetAccountAuthorizationDetails", 2)
			f.Throttle("GetAccountPasswordPolicy", 1)
		}, nil},
		"throttled for ever": {func(f *iamtest.IAM) { f.Throttle("ListSAMLProviders", 0) }, []posture.CauseKind{posture.CauseThrottled}},
		"second page refused": {func(f *iamtest.IAM) {
			f.Inject(awsfake.Fault{Operation: "GetAccountAuthorizationDetails", Skip: 1, Err: awsfake.ErrDenied})
		}, []posture.CauseKind{posture.CauseDenied}},
		"report asked for twice": {func(f *iamtest.IAM) { f.ReportPolls = 1 }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			fake := account()
			tt.prepare(fake)
			server := serve(t, fake)
			cfg := server.config()
			cfg.Retryer = quick
			plain := findings(t, scan(t, cfg))

			again := account()
			tt.prepare(again)
			server.fake = again
			recorder := &evidence.Recorder{Account: place.Account, Now: clock}
			recordedResults := scan(t, recorder.Config(cfg))
			live := findings(t, recordedResults)
			if !bytes.Equal(plain, live) {
				t.Error("recording changed the verdicts")
			}
			asked := len(server.requests)

			recording, _ := written(t, recorder.Recording())
			player := evidence.NewPlayer(recording)
			replayed := findings(t, scan(t, player.Config()))
			if !bytes.Equal(live, replayed) {
				t.Errorf("verdicts differ:\nlive\n%s\nreplayed\n%s", live, replayed)
			}
			if len(server.requests) != asked {
				t.Error("the replay asked the server")
			}
			if left := player.Unused(); len(left) > 0 {
				t.Errorf("not asked for: %q", left)
			}
			if len(recording.Exchanges) != asked/2 {
				t.Errorf("%d exchanges recorded of %d requests", len(recording.Exchanges), asked/2)
			}
			pages, statuses := 0, map[posture.Status]int{}
			for _, e := range recording.Exchanges {
				if e.Operation == "GetAccountAuthorizationDetails" {
					pages++
				}
				if e.RequestID == "" || e.Status == 0 || e.Time.IsZero() || e.Service != "IAM" || e.Region != "us-east-1" {
					t.Errorf("incomplete: %+v", e)
				}
			}
			for _, r := range recordedResults {
				for _, f := range r.Findings {
					statuses[f.Status]++
				}
			}
			if pages < 2 || statuses[posture.Pass] < 5 || statuses[posture.Fail] < 5 {
				t.Errorf("the scan says too little: %d pages, %v", pages, statuses)
			}
			for _, k := range tt.kinds {
				if !bytes.Contains(replayed, []byte(`"kind":"`+string(k)+`"`)) {
					t.Errorf("nothing is unknown as %s", k)
				}
			}
		})
	}
}

// TestNoAnswer records what the network did.
func TestNoAnswer(t *testing.T) {
	server := serve(t, account())
	for name, tt := range map[string]struct {
		client aws.HTTPClient
		kind   posture.CauseKind
	}{
		"refused": {doer(func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }), posture.CauseError},
		"body cut": {doer(func(r *http.Request) (*http.Response, error) {
			resp, err := http.DefaultTransport.RoundTrip(r)
			if err == nil {
				resp.Body = cut{resp.Body}
			}
			return resp, err
		}), posture.CauseError},
		"timeout":      {doer(func(*http.Request) (*http.Response, error) { return nil, timeout{} }), posture.CauseTimeout},
		"no such host": {doer(func(*http.Request) (*http.Response, error) { return nil, noHost() }), posture.CauseClosedRegion},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := server.config()
			cfg.Retryer, cfg.HTTPClient = quick, tt.client
			recorder := &evidence.Recorder{Account: place.Account, Now: clock}
			live := scan(t, recorder.Config(cfg))
			recording, _ := written(t, recorder.Recording())
			replayed := scan(t, evidence.NewPlayer(recording).Config())
			if name == "body cut" { // the answer's first half is not kept, so the message may differ
				if !bytes.Equal(statuses(live), statuses(replayed)) {
					t.Errorf("live\n%s\nreplayed\n%s", statuses(live), statuses(replayed))
				}
			} else if a, b := findings(t, live), findings(t, replayed); !bytes.Equal(a, b) {
				t.Errorf("live\n%s\nreplayed\n%s", a, b)
			}
			if !bytes.Contains(findings(t, replayed), []byte(`"kind":"`+string(tt.kind)+`"`)) {
				t.Errorf("nothing is unknown as %s", tt.kind)
			}
		})
	}
}

func statuses(results []posture.Result) (all []byte) {
	for _, r := range results {
		for _, f := range r.Findings {
			all = append(all, f.Fingerprint()+" "+f.Status.String()+"\n"...)
		}
	}
	return all
}

// TestSameScanSameRecording scans twice, with calls that overtake each other.
func TestSameScanSameRecording(t *testing.T) {
	server := serve(t, account())
	var texts [][]byte
	for range 4 {
		server.fake = account()
		recorder := &evidence.Recorder{Account: place.Account, Now: clock}
		scan(t, recorder.Config(server.config()))
		_, text := written(t, recorder.Recording())
		texts = append(texts, text)
		from, to := recorder.Recording().Period()
		if !from.Equal(now) || !to.Equal(now) {
			t.Errorf("the answers are of %s to %s", from, to)
		}
	}
	for _, text := range texts[1:] {
		if !bytes.Equal(texts[0], text) {
			t.Errorf("differ:\n%s\n%s", texts[0], text)
		}
	}
}

func TestNotRecorded(t *testing.T) {
	server := serve(t, account())
	recorder := &evidence.Recorder{Account: place.Account}
	ctx := t.Context()
	if _, err := iam.Client(recorder.Config(server.config()), place).ListAccessKeys(ctx, &sdk.ListAccessKeysInput{UserName: aws.String("ana")}); err != nil {
		t.Fatal(err)
	}
	client := iam.Client(evidence.NewPlayer(recorder.Recording()).Config(), place)
	_, err := client.ListAccessKeys(ctx, &sdk.ListAccessKeysInput{UserName: aws.String("bob")})
	if !errors.Is(err, evidence.ErrNotRecorded) || !strings.Contains(err.Error(), "IAM ListAccessKeys in us-east-1") || !strings.Contains(err.Error(), "UserName=bob") {
		t.Errorf("another user: %v", err)
	}
	if _, err := client.ListAccessKeys(ctx, &sdk.ListAccessKeysInput{UserName: aws.String("ana")}); err != nil {
		t.Errorf("as recorded: %v", err)
	}
	_, err = client.ListAccessKeys(ctx, &sdk.ListAccessKeysInput{UserName: aws.String("ana")})
	if !errors.Is(err, evidence.ErrNotRecorded) || !strings.Contains(err.Error(), "more than the 1 times") || !strings.Contains(err.Error(), "UserName=ana") {
		t.Errorf("once more: %v", err)
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		t.Errorf("looks like an answer of AWS: %v", api)
	}
	if _, err := iam.Client(new(evidence.Player).Config(), place).GetAccountSummary(ctx, &sdk.GetAccountSummaryInput{}); !errors.Is(err, evidence.ErrNotRecorded) {
		t.Errorf("zero player: %v", err)
	}
}

// TestRepeatedCalls asks the same thing while the answer changes.
func TestRepeatedCalls(t *testing.T) {
	fake := account()
	recorder := &evidence.Recorder{Account: place.Account}
	client := iam.Client(recorder.Config(serve(t, fake).config()), place)
	ask := func(client *sdk.Client) string {
		t.Helper()
		out, err := client.ListAccessKeys(t.Context(), &sdk.ListAccessKeysInput{UserName: aws.String("ana")})
		if err != nil {
			t.Fatal(err)
		}
		return aws.ToString(out.AccessKeyMetadata[0].AccessKeyId)
	}
	var live []string
	for _, id := range []string{"AKIAEXAMPLEFIRST0000", "AKIAEXAMPLESECOND000", "AKIAEXAMPLETHIRD0000"} {
		fake.Edit(func(s *iamtest.State) { s.Users["ana"].Keys[0].ID = id })
		live = append(live, ask(client))
	}
	again := iam.Client(evidence.NewPlayer(recorder.Recording()).Config(), place)
	for i, want := range live {
		if got := ask(again); got != want {
			t.Errorf("call %d: %s, want %s", i+1, got, want)
		}
	}
}
