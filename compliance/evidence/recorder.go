package evidence

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Recorder remembers what AWS answers to clients of its Config. It is safe for
// concurrent use, and belongs to one account: the same request means something
// else under other credentials.
//
// It stands in the SDK's middleware, next to the HTTP client, so the caller's
// HTTP client with its proxies, certificates and timeouts is used as it is, and every
// attempt is seen with its service, operation and region. Clients get the
// answers unchanged; only what is kept is redacted.
//
// An answer is read to its end, or to MaxBody, before the client gets it, so
// operations that stream events for as long as they are listened to are not to
// be recorded. A call that fails before a request is made, for want of credentials or of an
// endpoint, leaves no trace. Roles are to be assumed before recording, with the
// role's credentials in the config given to Config.
type Recorder struct {
	Account string // 12 digits: whose credentials the calls are made with
	// Now is the clock. Default time.Now.
	Now func() time.Time
	// MaxBody is the size in bytes from which a body is not kept; the client
	// gets it all the same. Default 32 MiB.
	MaxBody int64

	mu        sync.Mutex
	config    Recording
	exchanges []*Exchange
	calls     map[string]int // calls so far by key
	running   map[string]int // of an invocation: which call it is
}

const defaultMaxBody = 32 << 20

// Config gives a copy of cfg whose clients are recorded. The last cfg given is
// the one whose region and endpoint a Player starts from.
func (r *Recorder) Config(cfg aws.Config) aws.Config {
	r.mu.Lock()
	r.config = Recording{Region: cfg.Region, BaseEndpoint: aws.ToString(cfg.BaseEndpoint)}
	r.mu.Unlock()
	out := cfg.Copy()
	out.APIOptions = append(slices.Clone(cfg.APIOptions), func(stack *middleware.Stack) error {
		return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("EvidenceRecorder", r.record), middleware.After)
	})
	return out
}

// Recording gives what was recorded so far, in an order that does not depend on
// which of several concurrent calls was faster.
func (r *Recorder) Recording() Recording {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.config
	out.Account, out.MaxBody, out.Rules = r.Account, r.maxBody(), RulesHash()
	for _, e := range r.exchanges {
		out.Exchanges = append(out.Exchanges, *e)
	}
	out.sort()
	return out
}

func (r *Recorder) record(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
	limit := r.maxBody()
	e, red, err := describe(ctx, in.Request, limit)
	if err != nil {
		return middleware.DeserializeOutput{}, middleware.Metadata{}, err
	}
	r.number(&e, in.Request)
	start := r.now()
	out, meta, err := next.HandleDeserialize(ctx, in)
	e.Time, e.Elapsed = start.UTC(), r.now().Sub(start)
	if err != nil {
		e.Failure = red.failure(err)
	} else if resp, ok := out.RawResponse.(*smithyhttp.Response); ok {
		red.answer(&e, resp, limit)
	}
	e.Redactions = red.notes
	r.mu.Lock()
	defer r.mu.Unlock()
	r.exchanges = append(r.exchanges, &e)
	return out, meta, err
}

// number says which of the calls that ask the same this is. The attempts of one
// call share its invocation id.
func (r *Recorder) number(e *Exchange, request any) {
	key, id := e.key(), invocation(request)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.calls == nil {
		r.calls, r.running = map[string]int{}, map[string]int{}
	}
	if n, ok := r.running[id]; ok && id != "" && e.Attempt > 1 {
		e.Call = n
		return
	}
	r.calls[key]++
	e.Call = r.calls[key]
	r.running[id] = e.Call
}

func invocation(request any) string {
	if req, ok := request.(*smithyhttp.Request); ok {
		return req.Header.Get("Amz-Sdk-Invocation-Id")
	}
	return ""
}

func (r *Recorder) maxBody() int64 {
	if r.MaxBody > 0 && r.MaxBody <= 1<<40 {
		return r.MaxBody
	}
	return defaultMaxBody
}

func (r *Recorder) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}

// answer keeps what came back, and puts the body back for the client.
func (r *redactor) answer(e *Exchange, resp *smithyhttp.Response, limit int64) {
	e.Status = resp.StatusCode
	e.AnswerHeader = r.headers(resp.Header, answerHeader, "answer header")
	for _, name := range []string{"X-Amzn-Requestid", "X-Amz-Request-Id", "X-Amz-Requestid"} {
		if e.RequestID == "" {
			e.RequestID = resp.Header.Get(name)
		}
	}
	if resp.Body == nil {
		return
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	whole := io.MultiReader(bytes.NewReader(b), resp.Body)
	if err != nil {
		whole = io.MultiReader(bytes.NewReader(b), failing{err})
	}
	resp.Body = readCloser{whole, resp.Body}
	switch {
	case err != nil:
		// Half a body tells half of what no rule can judge.
		e.Failure = r.failure(err)
	case int64(len(b)) > limit:
		e.Answer = r.withhold(ruleTooLarge, "answer body")
	default:
		if resp.Header.Get("Content-Encoding") == "gzip" {
			b = unzipped(b, limit)
		}
		e.Answer = r.body(resp.Header.Get("Content-Type"), b, "answer body")
	}
}

// unzipped gives what a rule can look into, or b, into which none can.
func unzipped(b []byte, limit int64) []byte {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return b
	}
	out, err := io.ReadAll(io.LimitReader(z, limit+1))
	if err != nil || int64(len(out)) > limit {
		return b
	}
	return out
}

type readCloser struct {
	io.Reader
	io.Closer
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// failure keeps of an error what verdicts and retries depend on.
func (r *redactor) failure(err error) *Failure {
	f := &Failure{Kind: "error"}
	sent, isSent := errors.AsType[*smithyhttp.RequestSendError](err)
	if isSent {
		err = sent.Err
	}
	var (
		timeout net.Error
		dns     *net.DNSError
	)
	switch {
	case errors.Is(err, context.Canceled):
		f.Kind = "canceled"
	case errors.Is(err, context.DeadlineExceeded):
		f.Kind = "deadline"
	case errors.As(err, &dns) && dns.IsNotFound:
		f.Kind = "no-such-host"
	case errors.As(err, &timeout) && timeout.Timeout():
		f.Kind = "timeout"
	}
	f.Sent = isSent
	var by string
	if f.Message, by = r.text(fmt.Sprint(err)); by != "" {
		r.note(by, "failure")
	}
	return f
}
