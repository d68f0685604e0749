package posture

import (
	"context"
	"errors"
	"net"
	"regexp"
	"strings"
	"sync"
)

// CauseKind says why a verdict could not be reached. The set is open: a reader
// must bear kinds that it does not know.
type CauseKind string

// The kinds that CauseOf and Scan give.
const (
	CauseDenied       CauseKind = "denied"        // no permission; Cause.Layer says which policy where AWS does
	CauseSCP          CauseKind = "denied-by-scp" // an organization's service control policy refused
	CauseThrottled    CauseKind = "throttled"
	CauseCredentials  CauseKind = "credentials"   // expired, invalid or missing
	CauseClosedRegion CauseKind = "closed-region" // not opted in, or no endpoint there
	CauseNotEntitled  CauseKind = "not-entitled"  // the account has no subscription, or support plan, that includes it
	CauseTruncated    CauseKind = "truncated"     // a listing did not come to its end
	CauseTimeout      CauseKind = "timeout"
	CauseCanceled     CauseKind = "canceled"
	CausePanic        CauseKind = "panic"        // a fault of an evaluator
	CauseNotProvided  CauseKind = "not-provided" // a Fact that the caller did not give
	CauseStale        CauseKind = "stale"        // older than asked
	CauseNotReady     CauseKind = "not-ready"    // AWS is still preparing the answer
	CauseMalformed    CauseKind = "malformed"    // AWS's answer, or a document in it, does not parse
	CauseNoVerdict    CauseKind = "no-verdict"   // an evaluator answered nothing
	CauseNotVisible   CauseKind = "not-visible"  // a write that did not show within its settle time
	CauseError        CauseKind = "error"        // anything else
)

// Cause is why a finding is Unknown. It is an error as well, so that a view can
// return one where no AWS error exists.
type Cause struct {
	Kind      CauseKind `json:"kind"`
	Operation string    `json:"operation,omitempty"` // "IAM:ListUsers": service id and operation as the SDK names them
	Action    string    `json:"action,omitempty"`    // the IAM action refused, where AWS names it
	Layer     string    `json:"layer,omitempty"`     // the policy kind that refused, where AWS names it
	Code      string    `json:"code,omitempty"`      // AWS's error code
	Message   string    `json:"message,omitempty"`
}

// Error gives kind, operation and message in one line.
func (c *Cause) Error() string { return "posture: " + string(c.Kind) + ": " + c.sentence() }

func (c *Cause) sentence() string {
	s := c.Message
	if s == "" {
		s = string(c.Kind)
	}
	if c.Operation != "" {
		s = c.Operation + ": " + s
	}
	return s
}

var causeByCode = map[string]CauseKind{
	"AccessDenied": CauseDenied, "AccessDeniedException": CauseDenied, "UnauthorizedOperation": CauseDenied, "UnauthorizedException": CauseDenied,
	"UnauthorizedAccess": CauseDenied, "AuthorizationError": CauseDenied, "AuthorizationErrorException": CauseDenied, "NotAuthorized": CauseDenied,
	"NotAuthorizedException": CauseDenied, "Forbidden": CauseDenied, "ForbiddenException": CauseDenied, // the SDK's code for a HEAD that S3 answers with 403

	// The codes that the SDK's retryer takes for throttling, but for LimitExceededException: most services mean a quota by it.
	"Throttling": CauseThrottled, "ThrottlingException": CauseThrottled, "ThrottledException": CauseThrottled, "TooManyRequestsException": CauseThrottled,
	"RequestThrottledException": CauseThrottled, "RequestThrottled": CauseThrottled, "RequestLimitExceeded": CauseThrottled, "SlowDown": CauseThrottled,
	"BandwidthLimitExceeded": CauseThrottled, "EC2ThrottledException": CauseThrottled, "PriorRequestNotComplete": CauseThrottled,
	"ProvisionedThroughputExceededException": CauseThrottled, "TransactionInProgressException": CauseThrottled,

	"ExpiredToken": CauseCredentials, "ExpiredTokenException": CauseCredentials, "InvalidClientTokenId": CauseCredentials, "RequestExpired": CauseCredentials,
	"AuthFailure": CauseCredentials, "InvalidAccessKeyId": CauseCredentials, "SignatureDoesNotMatch": CauseCredentials, "InvalidSignatureException": CauseCredentials,
	"MissingAuthenticationToken": CauseCredentials, "MissingAuthenticationTokenException": CauseCredentials, "IncompleteSignature": CauseCredentials,
	"InvalidToken": CauseCredentials,
	// AWS answers with this code where a session is used in a region that is not opted in as well as for
	// a broken token; either way the credentials do not work there.
	"UnrecognizedClientException": CauseCredentials,

	"RequestTimeout": CauseTimeout, "RequestTimeoutException": CauseTimeout,
	"OptInRequired": CauseClosedRegion, "RegionDisabledException": CauseClosedRegion,
	"SubscriptionRequiredException": CauseNotEntitled,
	"ReportInProgress":              CauseNotReady,
}

// CauseOf says what kind of failure err is. It knows AWS errors by the methods
// that the SDK's error types have (ErrorCode, ErrorMessage, Service, Operation).
// A Cause that err wraps goes before what else err wraps. CauseOf(nil) is nil.
func CauseOf(err error) *Cause {
	if err == nil {
		return nil
	}
	c := &Cause{Kind: CauseError, Message: err.Error()}
	own, isOwn := errors.AsType[*Cause](err)
	if isOwn {
		copied := *own
		c = &copied
	}
	if op, ok := errors.AsType[interface {
		error
		Service() string
		Operation() string
	}](err); ok && c.Operation == "" {
		c.Operation = op.Service() + ":" + op.Operation()
	}
	if isOwn {
		return c
	}
	if api, ok := errors.AsType[interface {
		error
		ErrorCode() string
		ErrorMessage() string
	}](err); ok {
		c.Code, c.Message = api.ErrorCode(), api.ErrorMessage()
		if kind, known := causeByCode[c.Code]; known {
			c.Kind = kind
		}
		c.readDenial()
		return c
	}
	var netErr net.Error
	switch dns, isDNS := errors.AsType[*net.DNSError](err); {
	case errors.Is(err, context.Canceled):
		c.Kind = CauseCanceled
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		c.Kind = CauseTimeout
	case isDNS && dns.IsNotFound:
		c.Kind = CauseClosedRegion
	case strings.Contains(c.Message, noCredentials):
		c.Kind = CauseCredentials
	}
	return c
}

// noCredentials is how the SDK words that no provider gave credentials. The
// error has no type to know it by.
const noCredentials = "get credentials: "

// AWS says who was refused what, and often by which kind of policy: "User: … is
// not authorized to perform: iam:ListUsers on resource: … because no
// identity-based policy allows the iam:ListUsers action", or "… with an explicit
// deny in a service control policy", at times with the policy's ARN behind it.
// "… in a VPC endpoint policy transitively through a service control policy"
// means the latter. See "Troubleshoot access denied error messages" in the IAM
// User Guide, from which the odd words are: "a sessions policy", "the role trust
// policy", "SNS:Publish".
var denial = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`not authorized to perform:\s+([A-Za-z0-9-]+):([A-Za-z0-9]+)(?:.*?\s(?:because no|explicit deny in (?:an?|the)) ([A-Za-z -]+? policy|permissions boundary)(?: transitively through an? ([a-z -]+? policy))?)?`)
})

func (c *Cause) readDenial() {
	if c.Kind != CauseDenied {
		return
	}
	m := denial().FindStringSubmatch(strings.Join(strings.Fields(c.Message), " "))
	if m == nil {
		return
	}
	c.Action = strings.ToLower(m[1]) + ":" + m[2]
	if c.Layer = m[3]; m[4] != "" {
		c.Layer = m[4]
	}
	if c.Layer == "sessions policy" {
		c.Layer = "session policy"
	}
	if c.Layer == "service control policy" {
		c.Kind = CauseSCP
	}
}
