package evidence

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/encoding/cbor"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// describe makes the exchange of a request about to be sent, redacted, without
// what came of it. The recorder and the player both ask it, so that a request
// is known again.
func describe(ctx context.Context, request any, limit int64) (Exchange, *redactor, error) {
	req, ok := request.(*smithyhttp.Request)
	if !ok {
		return Exchange{}, nil, fmt.Errorf("evidence: a request that is %T, not HTTP", request)
	}
	if limit <= 0 || limit > 1<<40 { // what a recording says may be anything
		limit = defaultMaxBody
	}
	e := Exchange{
		Service: cmp.Or(awsmiddleware.GetServiceID(ctx), middleware.GetServiceID(ctx)), Operation: cmp.Or(awsmiddleware.GetOperationName(ctx), middleware.GetOperationName(ctx)), Region: awsmiddleware.GetRegion(ctx),
		Method: req.Method, Attempt: 1,
	}
	r := &redactor{service: e.Service}
	credentials := awsmiddleware.GetSigningCredentials(ctx)
	r.learn(credentials.SecretAccessKey)
	r.learn(credentials.SessionToken)
	for _, part := range strings.Split(req.Header.Get("Amz-Sdk-Request"), "; ") {
		name, value, _ := strings.Cut(part, "=")
		switch n, err := strconv.Atoi(value); {
		case err != nil || n < 1:
		case name == "attempt":
			e.Attempt = n
		case name == "max":
			e.MaxAttempts = n
		}
	}
	e.Header = r.headers(req.Header, requestHeader, "request header")
	e.URL = r.url(req)
	b, err := requestBody(req, limit)
	switch {
	case errors.Is(err, errTooLarge):
		e.Body = r.withhold(ruleTooLarge, "request body")
	case err != nil:
		return Exchange{}, nil, err
	default:
		e.Body = r.body(req.Header.Get("Content-Type"), b, "request body")
	}
	return e, r, nil
}

// headers keeps the headers that the rule lets through.
func (r *redactor) headers(all http.Header, rule func(name string) (bool, string), where string) http.Header {
	kept := http.Header{}
	names := make([]string, 0, len(all))
	for name, values := range all {
		names = append(names, name)
		if keep, by := rule(name); !keep && by == ruleAuthorization {
			for _, v := range values {
				r.learn(v)
				v = strings.TrimRight(v, "=")
				r.learn(v[strings.LastIndexAny(v, " =")+1:]) // the signature, or what stands behind "Bearer"
			}
		}
	}
	slices.Sort(names)
	for _, name := range names {
		keep, by := rule(name)
		if !keep {
			if by != "" {
				r.note(by, where+" "+name)
			}
			continue
		}
		for _, v := range all[name] {
			text, by := r.text(v)
			if by != "" {
				r.note(by, where+" "+name)
			}
			kept[http.CanonicalHeaderKey(name)] = append(kept[http.CanonicalHeaderKey(name)], text)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

func (r *redactor) url(req *smithyhttp.Request) string {
	u := *req.URL
	u.User = nil
	doc, err := parseForm(u.RawQuery)
	switch {
	case err != nil:
		r.note(ruleUnreadable, "request query")
		u.RawQuery = redacted
	case r.document(doc, "request query", 0):
		u.RawQuery = string(doc.write())
	}
	text, by := r.text(u.String())
	if by != "" {
		r.note(by, "request URL")
	}
	return text
}

var errTooLarge = errors.New("too large")

// requestBody reads the body and puts it back.
func requestBody(req *smithyhttp.Request, limit int64) ([]byte, error) {
	stream := req.GetStream()
	if stream == nil {
		return nil, nil
	}
	if !req.IsStreamSeekable() {
		return nil, errTooLarge // a stream that can be sent once only
	}
	b, err := io.ReadAll(io.LimitReader(stream, limit+1))
	if err == nil {
		err = req.RewindStream()
	}
	if err != nil {
		return nil, fmt.Errorf("evidence: reading the request: %w", err)
	}
	if int64(len(b)) > limit {
		return nil, errTooLarge
	}
	return b, nil
}

// key is equal for requests that ask the same.
func (e *Exchange) key() string {
	var body any = string(e.Body.bytes())
	contentType := e.Header.Get("Content-Type")
	switch b := e.Body.bytes(); {
	case strings.HasPrefix(contentType, "application/x-www-form-urlencoded"):
		pairs := strings.Split(string(b), "&")
		slices.Sort(pairs)
		body = pairs
	case strings.HasPrefix(contentType, "application/cbor"):
		if v, err := cbor.Decode(b); err == nil && len(b) > 0 {
			body = cborPlain(v)
		}
	case len(b) > 0 && b[0] == '{':
		body = string(sortedJSON(b))
	}
	return string(canonical([]any{e.Service, e.Region, e.Operation, e.Method, e.URL, e.Header, body, e.Body.Withheld}))
}

// String names what was asked: "IAM ListUsers in us-east-1 (POST https://iam.amazonaws.com/ Action=ListUsers…)".
func (e *Exchange) String() string {
	s := e.Service + " " + e.Operation
	if e.Region != "" {
		s += " in " + e.Region
	}
	return fmt.Sprintf("%s (%s %s %.200q)", s, e.Method, e.URL, e.Body.bytes())
}
