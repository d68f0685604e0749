package trail

import "strings"

// Outcome is what came of a call.
type Outcome uint8

// The outcomes. Attempt is a dry run that would have succeeded.
const (
	Success Outcome = iota
	Failure
	Attempt
)

func (o Outcome) String() string { return [...]string{"success", "failure", "attempt"}[min(o, 2)] }

// Outcome reads the error code and, for sign-ins, the result: a failed sign-in
// has no error code.
func (e *Event) Outcome() Outcome {
	code := e.ErrorCode()
	switch {
	case strings.HasSuffix(code, "DryRunOperation"):
		return Attempt
	case code != "":
		return Failure
	}
	if e.Source() == "signin.amazonaws.com" || e.Type() == "AwsConsoleSignIn" {
		for _, m := range e.Response().Members {
			if m.Is("Failure") {
				return Failure
			}
		}
		if e.ErrorMessage() != "" {
			return Failure
		}
	}
	return Success
}

// Denied reports whether the call failed for lack of permission, by the
// families of codes that AWS services use.
func (e *Event) Denied() bool { return DeniedCode(e.ErrorCode()) }

// DeniedCode reports whether an error code means denied. Codes that only sound
// like it (an OAuth client that is not authorised) are not.
func DeniedCode(code string) bool {
	code = strings.TrimPrefix(strings.TrimPrefix(code, "Client."), "Server.")
	switch {
	case code == "" || code == "UnauthorizedClientException" || code == "UnauthorizedClient":
		return false
	case strings.HasPrefix(code, "AccessDenied"),
		strings.HasSuffix(code, "UnauthorizedOperation"),
		strings.HasPrefix(code, "Unauthorized") && strings.HasSuffix(code, "Exception"),
		strings.HasPrefix(code, "AuthorizationError"):
		return true
	}
	// NotAuthorized…, VpceAccessDenied, and what services invent next.
	return strings.Contains(code, "NotAuthorized") || strings.Contains(code, "Denied")
}
