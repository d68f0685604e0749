package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Player answers requests with what was recorded. Make one with NewPlayer, and
// a new one for each replay: every recorded call is answered once, calls that
// ask the same in the order in which they were recorded. It is safe for
// concurrent use.
type Player struct {
	recording Recording
	max       int // attempts that the recorded clients were willing to make

	mu      sync.Mutex
	calls   map[string]*calls
	running map[string]*call // by invocation
}

// calls are the recorded calls that ask the same.
type calls struct {
	list []*call
	next int
}

// call is the attempts of one call.
type call struct {
	attempts []*Exchange
}

// ErrNotRecorded is in the error of a request that was not recorded, or not as
// often. The error names the request.
var ErrNotRecorded = errors.New("not recorded")

// NewPlayer makes a player of a recording, which it does not change.
func NewPlayer(r Recording) *Player {
	p := &Player{recording: r, max: 1, calls: map[string]*calls{}, running: map[string]*call{}}
	r.Exchanges = slices.Clone(r.Exchanges)
	r.sort()
	p.recording = r
	for i := range r.Exchanges {
		e := &r.Exchanges[i]
		p.max = max(p.max, e.MaxAttempts)
		key := e.key()
		c := p.calls[key]
		if c == nil {
			c = &calls{}
			p.calls[key] = c
		}
		if n := len(c.list); n == 0 || c.list[n-1].attempts[0].Call != e.Call {
			c.list = append(c.list, &call{})
		}
		last := c.list[len(c.list)-1]
		last.attempts = append(last.attempts, e)
	}
	return p
}

// Config gives an aws.Config whose clients are answered from the recording. It
// has the recorded region and endpoint; nothing leaves the process, and no
// credentials are needed. Whatever else decided endpoints, such as the use of
// FIPS ones, is to be set on it as it was. A call is retried where it was when it was recorded,
// without waiting.
func (p *Player) Config() aws.Config {
	cfg := aws.Config{
		Region: p.recording.Region,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "REPLAY", SecretAccessKey: "REPLAY", Source: "evidence"}, nil
		}),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.MaxAttempts, o.RateLimiter = p.max, ratelimit.None
				o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
			})
		},
		HTTPClient: closed{},
		// The recorded dates lie in the past, which is no fault of the clock.
		DisableClockSkewCorrection: true,
		APIOptions: []func(*middleware.Stack) error{func(stack *middleware.Stack) error {
			if err := stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("EvidenceRetry", p.find), middleware.Before); err != nil {
				return err
			}
			return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("EvidencePlayer", play), middleware.After)
		}},
	}
	if p.recording.BaseEndpoint != "" {
		cfg.BaseEndpoint = aws.String(p.recording.BaseEndpoint)
	}
	return cfg
}

// Unused lists the recorded calls that were not asked for, "IAM ListUsers in us-east-1 (…)".
func (p *Player) Unused() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var names []string
	for _, c := range p.calls {
		for _, left := range c.list[c.next:] {
			names = append(names, left.attempts[0].String())
		}
	}
	slices.Sort(names)
	return names
}

type exchangeKey struct{}

// find looks the recorded attempt up, and tells the retryer what became of it.
// It stands outermost, where the error is the one that the retryer sees.
func (p *Player) find(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
	e, again, err := p.take(ctx, in.Request)
	if err != nil {
		return middleware.DeserializeOutput{}, middleware.Metadata{}, &decided{err, false}
	}
	out, meta, err := next.HandleDeserialize(context.WithValue(ctx, exchangeKey{}, e), in)
	// What the last allowed attempt failed with is the retryer's own to classify.
	if err != nil && (again || e.Attempt < e.MaxAttempts) {
		err = &decided{err, again}
	}
	return out, meta, err
}

// take gives the recorded exchange that answers the request, and whether
// another attempt followed.
func (p *Player) take(ctx context.Context, request any) (*Exchange, bool, error) {
	asked, _, err := describe(ctx, request, p.recording.MaxBody)
	if err != nil {
		return nil, false, err
	}
	key, id := asked.key(), invocation(request)
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.running[id]
	if asked.Attempt == 1 || c == nil || id == "" {
		same := p.calls[key]
		switch {
		case same == nil:
			return nil, false, fmt.Errorf("evidence: %s: %w", &asked, ErrNotRecorded)
		case same.next >= len(same.list):
			return nil, false, fmt.Errorf("evidence: %s: asked for more than the %d times it was recorded: %w", &asked, len(same.list), ErrNotRecorded)
		}
		c = same.list[same.next]
		same.next++
		p.running[id] = c
	}
	i := asked.Attempt - 1
	if i >= len(c.attempts) {
		return nil, false, fmt.Errorf("evidence: %s: attempt %d: %w", &asked, asked.Attempt, ErrNotRecorded)
	}
	return c.attempts[i], i+1 < len(c.attempts), nil
}

// play answers instead of the HTTP client.
func play(ctx context.Context, _ middleware.DeserializeInput, _ middleware.DeserializeHandler) (out middleware.DeserializeOutput, meta middleware.Metadata, err error) {
	e, ok := ctx.Value(exchangeKey{}).(*Exchange)
	if !ok {
		return out, meta, ErrNotRecorded
	}
	resp := &http.Response{StatusCode: e.Status, Status: http.StatusText(e.Status), ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: http.NoBody}
	if e.AnswerHeader != nil {
		resp.Header = e.AnswerHeader.Clone()
	}
	b := e.Answer.bytes()
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
	out.RawResponse = &smithyhttp.Response{Response: resp}
	switch f := e.Failure; {
	case f != nil && e.Status != 0:
		resp.Body, resp.ContentLength = io.NopCloser(failing{&recorded{*f}}), -1
	case f != nil && f.Sent:
		return out, meta, &smithyhttp.RequestSendError{Err: &recorded{*f}}
	case f != nil:
		return out, meta, &recorded{*f}
	case e.Answer.Withheld != "":
		return out, meta, &smithy.OperationError{ServiceID: e.Service, OperationName: e.Operation, Err: fmt.Errorf("evidence: the answer was withheld by the rule %q", e.Answer.Withheld)}
	}
	return out, meta, nil
}

// closed refuses every request: one that got this far was not looked up.
type closed struct{}

func (closed) Do(r *http.Request) (*http.Response, error) {
	return nil, errors.New("evidence: a request to " + r.URL.Host + " was about to leave the process")
}
