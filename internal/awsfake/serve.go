package awsfake

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Services are fakes by the SDK's service id, "IAM", or by id and region,
// "GuardDuty/eu-west-1", which goes first.
type Services map[string]any

// Middleware is the name of the middleware that serves the fakes, at the very
// end of the finalize step: what must see a call before its answer goes before it.
const Middleware = "awsfake"

// Config gives an aws.Config whose clients ask the fakes: the SDK validates,
// pages, signs and wraps errors as ever, and nothing leaves the process. The
// credentials are the example pair of AWS's documentation.
func (s Services) Config(region string) aws.Config {
	return Serve(region, func(string) (Services, error) { return s, nil })
}

// Serve gives an aws.Config as Services.Config does, whose every call asks the
// fakes that choose has for the access key it is signed with: many accounts can
// stand behind one configuration. An error of choose is the answer.
func Serve(region string, choose func(accessKey string) (Services, error)) aws.Config {
	serve := func(ctx context.Context, in middleware.FinalizeInput, _ middleware.FinalizeHandler) (out middleware.FinalizeOutput, meta middleware.Metadata, err error) {
		services, err := choose(accessKey(in.Request))
		if err == nil {
			out.Result, err = services.answer(ctx, middleware.GetStackValue(ctx, input{}))
		}
		return out, meta, err
	}
	return aws.Config{
		Region: region,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, nil
		}),
		Retryer:    func() aws.Retryer { return aws.NopRetryer{} },
		HTTPClient: closed{},
		APIOptions: []func(*middleware.Stack) error{func(stack *middleware.Stack) error {
			return errors.Join(
				stack.Serialize.Add(middleware.SerializeMiddlewareFunc("awsfakeInput", keepInput), middleware.Before),
				stack.Finalize.Add(middleware.FinalizeMiddlewareFunc(Middleware, serve), middleware.After))
		}},
	}
}

// input is the key of an operation's input, which the later steps do not have.
type input struct{}

func keepInput(ctx context.Context, in middleware.SerializeInput, next middleware.SerializeHandler) (middleware.SerializeOutput, middleware.Metadata, error) {
	return next.HandleSerialize(middleware.WithStackValue(ctx, input{}, in.Parameters), in)
}

// accessKey is the key that a request is signed with, "" where it is not signed.
func accessKey(request any) string {
	r, ok := request.(*smithyhttp.Request)
	if !ok {
		return ""
	}
	_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	key, _, _ := strings.Cut(scope, "/")
	return key
}

func (s Services) answer(ctx context.Context, in any) (any, error) {
	id, name := awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx)
	fake, ok := s[id+"/"+awsmiddleware.GetRegion(ctx)]
	if !ok {
		fake, ok = s[id]
	}
	if !ok {
		return nil, fmt.Errorf("awsfake: no fake for %s in %q", id, awsmiddleware.GetRegion(ctx))
	}
	method := reflect.ValueOf(fake).MethodByName(name)
	if !method.IsValid() {
		return nil, fmt.Errorf("awsfake: %T does not have %s", fake, name)
	}
	got := method.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(in)})
	if failed, _ := got[1].Interface().(error); failed != nil {
		if op, ok := errors.AsType[*smithy.OperationError](failed); ok {
			failed = op.Err // the client wraps it once more
		}
		return nil, failed
	}
	return got[0].Interface(), nil
}

// closed refuses every request: a call that got this far escaped the fakes.
type closed struct{}

func (closed) Do(r *http.Request) (*http.Response, error) {
	return nil, errors.New("awsfake: a request to " + r.URL.Host + " was about to leave the process")
}
