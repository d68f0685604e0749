package detections

import (
	"fmt"
	"testing"

	"github.com/awsposture/posture/detective/trail"
)

var discoveryCases = []testCase{
	{"D132.details", []string{
		`{}`,
	}, []string{
		`{"eventName":"ListUsers"}`,
	}},
	{"D145.public", []string{
		`{"requestParameters":{"includePublic":true}}`,
		`{"eventName":"DescribeDBClusterSnapshots","requestParameters":{"includePublic":"true"}}`,
	}, []string{
		`{"requestParameters":{"includePublic":false}}`,
		`{"eventName":"DescribeDBInstances","requestParameters":{"includePublic":true}}`,
	}},
}

// TestDenied: the condition and the function of package trail agree on every
// form of every family.
func TestDenied(t *testing.T) {
	p := testParams()
	r := discovery(&p)[0].rules()[0]
	for _, prefix := range []string{"", "Client.", "Server."} {
		for _, code := range []string{
			"AccessDenied", "AccessDeniedException", "AccessDeniedFault", "UnauthorizedOperation", "UnauthorizedAccessException", "UnauthorizedClientException",
			"AuthorizationError", "AuthorizationErrorException", "NotAuthorized", "NotAuthorizedException", "VpceAccessDenied", "RequestDeniedByPolicy",
			"ExpiredToken", "ThrottlingException", "UnauthorizedThing", "NoSuchBucketPolicy",
		} {
			code = prefix + code
			if got, want := fires(t, r, denied, fmt.Sprintf(`{"errorCode":%q}`, code)), trail.DeniedCode(code); got != want {
				t.Errorf("%s: denied %v, want %v", code, got, want)
			}
		}
	}
}
