package posture_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
)

// apiError has the methods of the SDK's API errors and nothing else of them.
type apiError struct{ code, message string }

func (e apiError) Error() string        { return "api error " + e.code + ": " + e.message }
func (e apiError) ErrorCode() string    { return e.code }
func (e apiError) ErrorMessage() string { return e.message }

// opError has the methods of the SDK's operation error.
type opError struct {
	service, operation string
	err                error
}

func (e opError) Error() string     { return "operation error " + e.service + ": " + e.err.Error() }
func (e opError) Unwrap() error     { return e.err }
func (e opError) Service() string   { return e.service }
func (e opError) Operation() string { return e.operation }

// timeoutError is a net.Error as an HTTP client gives it.
type timeoutError struct{}

func (timeoutError) Error() string   { return "i/o timeout" }
func (timeoutError) Timeout() bool   { return true }
func (timeoutError) Temporary() bool { return true }

func TestCauseOfCodes(t *testing.T) {
	codes := map[posture.CauseKind][]string{
		posture.CauseDenied: {
			"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedException", "UnauthorizedAccess", "AuthorizationError",
			"AuthorizationErrorException", "NotAuthorized", "NotAuthorizedException", "Forbidden", "ForbiddenException",
		},
		posture.CauseThrottled: {
			"Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "RequestThrottledException", "RequestThrottled",
			"RequestLimitExceeded", "SlowDown", "BandwidthLimitExceeded", "EC2ThrottledException", "PriorRequestNotComplete",
			"ProvisionedThroughputExceededException", "TransactionInProgressException",
		},
		posture.CauseCredentials: {
			"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "RequestExpired", "AuthFailure", "InvalidAccessKeyId",
			"SignatureDoesNotMatch", "InvalidSignatureException", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
			"IncompleteSignature", "InvalidToken", "UnrecognizedClientException",
		},
		posture.CauseTimeout:      {"RequestTimeout", "RequestTimeoutException"},
		posture.CauseClosedRegion: {"OptInRequired", "RegionDisabledException"},
		posture.CauseNotEntitled:  {"SubscriptionRequiredException"},
		posture.CauseNotReady:     {"ReportInProgress"},
		posture.CauseError:        {"ServiceFailure", "NoSuchEntity", "LimitExceededException", "InternalError", ""},
	}
	for kind, names := range codes {
		for _, code := range names {
			want := &posture.Cause{Kind: kind, Operation: "IAM:ListUsers", Code: code, Message: "no"}
			inner := opError{"IAM", "ListUsers", apiError{code, "no"}}
			for form, err := range map[string]error{
				"bare":    inner,
				"wrapped": fmt.Errorf("iam: users of %d: %w", 1, inner),
				"joined":  errors.Join(errors.New("first"), fmt.Errorf("second: %w", inner)),
			} {
				if diff := cmp.Diff(want, posture.CauseOf(err)); diff != "" {
					t.Errorf("%s, %s (-want +got):\n%s", code, form, diff)
				}
			}
		}
	}
}

func TestCauseOfDenials(t *testing.T) {
	const (
		user   = "User: arn:aws:iam::123456789012:user/scanner is not authorized to perform: "
		on     = " on resource: arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:*"
		action = "codedeploy:ListDeployments"
	)
	for _, tt := range []struct {
		message, action, layer string
	}{
		{user + action + on + " because no identity-based policy allows the " + action + " action", action, "identity-based policy"},
		{user + action + on + " with an explicit deny in an identity-based policy", action, "identity-based policy"},
		{user + action + " because no resource-based policy allows the " + action + " action", action, "resource-based policy"},
		{user + action + on + " with an explicit deny in a resource-based policy", action, "resource-based policy"},
		{user + action + " because no session policy allows the " + action + " action", action, "session policy"},
		{user + action + on + " with an explicit deny in a sessions policy", action, "session policy"},
		{user + action + on + " with an explicit deny in a session policy", action, "session policy"},
		{user + action + on + " because no permissions boundary allows the " + action + " action", action, "permissions boundary"},
		{user + action + " with an explicit deny in a permissions boundary", action, "permissions boundary"},
		{user + action + " with an explicit deny in a permissions boundary: arn:aws:iam::123456789012:policy/edge", action, "permissions boundary"},
		{user + action + on + " with an explicit deny in a resource control policy", action, "resource control policy"},
		{user + action + " because no VPC endpoint policy allows the " + action + " action", action, "VPC endpoint policy"},
		{user + action + on + " with an explicit deny in a VPC endpoint policy", action, "VPC endpoint policy"},
		{user + "sts:AssumeRole because no role trust policy allows the sts:AssumeRole action", "sts:AssumeRole", "role trust policy"},
		{user + "sts:AssumeRole with an explicit deny in the role trust policy", "sts:AssumeRole", "role trust policy"},
		{user + action + " because no service control policy allows the " + action + " action", action, "service control policy"},
		{user + action + on + " with an explicit deny in a service control policy", action, "service control policy"},
		{user + action + on + " with an explicit deny in a service control policy: arn:aws:organizations::111122223333:policy/o-example/service_control_policy/p-example", action, "service control policy"},
		{"User: arn:aws:sts::111122223333:assumed-role/scan/me is not authorized to perform: SNS:Publish on resource: arn:aws:sns:us-east-1:444455556666:alarm\nwith an explicit deny in a VPC endpoint policy transitively through a service control policy", "sns:Publish", "service control policy"},
		{"You are not authorized to perform this operation. " + user + "ec2:RunInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/* with an explicit deny in a service control policy. Encoded authorization failure message: Zm9v", "ec2:RunInstances", "service control policy"},
		// Line breaks stand wherever the service's page width put them.
		{"User: arn:aws:iam::123456789012:user/scanner is not\nauthorized to\nperform: s3:GetObject on resource:\n\"arn:aws:s3:::amzn-s3-demo-bucket/key\" with\nan explicit deny in a VPC endpoint policy", "s3:GetObject", "VPC endpoint policy"},
		// Refused by something that is no policy, or by one that is not named.
		{user + "s3:PutBucketPolicy on resource: \"arn:aws:s3:::amzn-s3-demo-bucket\" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.", "s3:PutBucketPolicy", ""},
		{user + "ec2:RunInstances on resource: arn:aws:ec2:us-east-1:123456789012:volume/* with an explicit deny", "ec2:RunInstances", ""},
		{user + "iam:ListUsers", "iam:ListUsers", ""},
		{"Access Denied", "", ""},
		{"", "", ""},
		{"The caller is not authorized to perform: this", "", ""},
	} {
		want := &posture.Cause{Kind: posture.CauseDenied, Code: "AccessDenied", Message: tt.message, Action: tt.action, Layer: tt.layer}
		if tt.layer == "service control policy" {
			want.Kind = posture.CauseSCP
		}
		if diff := cmp.Diff(want, posture.CauseOf(apiError{"AccessDenied", tt.message})); diff != "" {
			t.Errorf("%s\n(-want +got):\n%s", tt.message, diff)
		}
	}
	// What another code says in the same words is not a refusal.
	if c := posture.CauseOf(apiError{"InvalidInput", user + action}); c.Kind != posture.CauseError || c.Action != "" {
		t.Errorf("InvalidInput: got %+v", c)
	}
}

func TestCauseOfOtherErrors(t *testing.T) {
	own := &posture.Cause{Kind: posture.CauseStale, Message: "the report is old"}
	for _, tt := range []struct {
		name string
		err  error
		want posture.Cause
	}{
		{"plain", errors.New("boom"), posture.Cause{Kind: posture.CauseError, Message: "boom"}},
		{"canceled", fmt.Errorf("users: %w", context.Canceled), posture.Cause{Kind: posture.CauseCanceled, Message: "users: context canceled"}},
		{"deadline", context.DeadlineExceeded, posture.Cause{Kind: posture.CauseTimeout, Message: "context deadline exceeded"}},
		{"net timeout", opError{"S3", "ListBuckets", timeoutError{}}, posture.Cause{Kind: posture.CauseTimeout, Operation: "S3:ListBuckets", Message: "operation error S3: i/o timeout"}},
		{
			"no such host", &url.Error{Op: "Get", URL: "https://example.com", Err: &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "iam.xx-test-1.example.com", IsNotFound: true}}},
			posture.Cause{Kind: posture.CauseClosedRegion, Message: `Get "https://example.com": dial: lookup iam.xx-test-1.example.com: no such host`},
		},
		{
			"DNS timeout", &net.DNSError{Err: "timeout", Name: "example.com", IsTimeout: true},
			posture.Cause{Kind: posture.CauseTimeout, Message: "lookup example.com: timeout"},
		},
		{
			"no credentials",
			opError{"IAM", "ListUsers", errors.New("get identity: get credentials: failed to refresh cached credentials, none found")},
			posture.Cause{Kind: posture.CauseCredentials, Operation: "IAM:ListUsers", Message: "operation error IAM: get identity: get credentials: failed to refresh cached credentials, none found"},
		},
		{"own", fmt.Errorf("report: %w", own), *own},
		{"own under an operation", opError{"IAM", "GetCredentialReport", own}, posture.Cause{Kind: posture.CauseStale, Operation: "IAM:GetCredentialReport", Message: "the report is old"}},
		{"own beside an API error", errors.Join(apiError{"InternalFailure", "later"}, own), *own},
	} {
		got := posture.CauseOf(tt.err)
		if diff := cmp.Diff(&tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if got == own {
			t.Errorf("%s: the cause itself is handed out, not a copy", tt.name)
		}
	}
	if c := posture.CauseOf(nil); c != nil {
		t.Errorf("nil: got %v", c)
	}
}

func TestCauseIsAnError(t *testing.T) {
	for want, c := range map[string]*posture.Cause{
		"posture: denied: IAM:ListUsers: no":     {Kind: posture.CauseDenied, Operation: "IAM:ListUsers", Message: "no"},
		"posture: timeout: timeout":              {Kind: posture.CauseTimeout},
		"posture: stale: IAM:GetReport: stale":   {Kind: posture.CauseStale, Operation: "IAM:GetReport"},
		"posture: truncated: one page is absent": {Kind: posture.CauseTruncated, Message: "one page is absent"},
	} {
		if got := c.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
