package awsfake

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// Services are fakes by the SDK's service id, "IAM", or by id and region,
// "GuardDuty/eu-west-1", which goes first.
type Services map[string]any

// Config gives an aws.Config whose clients ask the fakes: the SDK validates,
// pages and wraps errors as ever, and nothing leaves the process. The
// credentials are the example pair of AWS's documentation.
func (s Services) Config(region string) aws.Config {
	return aws.Config{
		Region: region,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, nil
		}),
		Retryer:    func() aws.Retryer { return aws.NopRetryer{} },
		HTTPClient: closed{},
		APIOptions: []func(*middleware.Stack) error{func(stack *middleware.Stack) error {
			// Before serialization: validation has run, nothing was encoded yet.
			return stack.Serialize.Add(middleware.SerializeMiddlewareFunc("awsfake", s.serve), middleware.Before)
		}},
	}
}

func (s Services) serve(ctx context.Context, in middleware.SerializeInput, _ middleware.SerializeHandler) (out middleware.SerializeOutput, meta middleware.Metadata, err error) {
	id, name := awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx)
	fake, ok := s[id+"/"+awsmiddleware.GetRegion(ctx)]
	if !ok {
		fake, ok = s[id]
	}
	if !ok {
		return out, meta, fmt.Errorf("awsfake: no fake for %s in %q", id, awsmiddleware.GetRegion(ctx))
	}
	method := reflect.ValueOf(fake).MethodByName(name)
	if !method.IsValid() {
		return out, meta, fmt.Errorf("awsfake: %T does not have %s", fake, name)
	}
	got := method.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(in.Parameters)})
	if failed, _ := got[1].Interface().(error); failed != nil {
		if op, ok := errors.AsType[*smithy.OperationError](failed); ok {
			failed = op.Err // the client wraps it once more
		}
		return out, meta, failed
	}
	out.Result = got[0].Interface()
	return out, meta, nil
}

// closed refuses every request: a call that got this far escaped the fakes.
type closed struct{}

func (closed) Do(r *http.Request) (*http.Response, error) {
	return nil, errors.New("awsfake: a request to " + r.URL.Host + " was about to leave the process")
}
