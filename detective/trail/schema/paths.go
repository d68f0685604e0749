package schema

import (
	"slices"
	"strings"
)

// topLevel are the members of a record, and what may be below them.
var topLevel = map[string]bool{ // true: anything may be below
	"eventVersion": false, "eventTime": false, "eventSource": false, "eventName": false, "awsRegion": false,
	"sourceIPAddress": false, "userAgent": false, "errorCode": false, "errorMessage": false,
	"requestParameters": true, "responseElements": true, "additionalEventData": true, "serviceEventDetails": true,
	"requestID": false, "eventID": false, "readOnly": false, "eventType": false, "apiVersion": false,
	"recipientAccountId": false, "sharedEventID": false, "vpcEndpointId": false, "vpcEndpointAccountId": false,
	"managementEvent": false, "eventCategory": false, "sessionCredentialFromConsole": false,
	"edgeDeviceDetails": true, "insightDetails": true, "eventContext": true, "userIdentity": true,
	"resources": true, "tlsDetails": true, "addendum": true,
}

var below = map[string][]string{
	"userIdentity": {
		"type", "userName", "principalId", "arn", "accountId", "accessKeyId", "sessionContext", "invokedBy", "sourceIdentity", "onBehalfOf",
		"inScopeOf", "credentialId", "identityProvider", "invokedByDelegate", "signInSessionArn", "webIdFederationData", "identityStoreArn", "userId",
	},
	"userIdentity.sessionContext": {"sessionIssuer", "attributes", "webIdFederationData", "sourceIdentity", "ec2RoleDelivery", "assumedRoot", "signInSessionArn", "attributes"},
	"resources":                   {"ARN", "arn", "accountId", "type", "ARNPrefix"},
	"tlsDetails":                  {"tlsVersion", "cipherSuite", "clientProvidedHostHeader", "keyExchange"},
	"addendum":                    {"reason", "updatedFields", "originalRequestID", "originalEventID", "originalUID"},
}

// KnownPath reports whether a dotted path can lead anywhere in a record.
func KnownPath(path string) bool {
	keys := strings.Split(path, ".")
	more, ok := topLevel[keys[0]]
	if !ok || !more && len(keys) > 1 {
		return false
	}
	for i := 1; i < len(keys); i++ {
		if kids := below[strings.Join(keys[:i], ".")]; kids != nil && !slices.Contains(kids, keys[i]) {
			return false
		}
	}
	return true
}

// Paths lists the dotted paths that are known by name, sorted. Anything may
// follow below requestParameters and the like.
func Paths() []string {
	var out []string
	for p := range topLevel {
		out = append(out, p)
	}
	for p, kids := range below {
		for _, k := range kids {
			out = append(out, p+"."+k)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// words are the values of the members that take few. An unknown type of
// identity is kept as it is, so that a word which is not here is unusual, not
// impossible.
var words = map[string][]string{
	"eventType":         {"AwsApiCall", "AwsServiceEvent", "AwsConsoleAction", "AwsConsoleSignIn", "AwsVpceEvents", "AwsCloudTrailInsight", "AwsAggregatedEvent"},
	"eventCategory":     {"Management", "Data", "NetworkActivity", "Insight", "Aggregated"},
	"readOnly":          {"true", "false"},
	"managementEvent":   {"true", "false"},
	"userIdentity.type": {"Root", "IAMUser", "AssumedRole", "Role", "FederatedUser", "Directory", "AWSAccount", "AWSService", "Unknown", "SAMLUser", "WebIdentityUser", "IdentityCenterUser"},
}

// Words lists the values that CloudTrail writes at a path, nil when they are
// not a fixed few. Do not change the list.
func Words(path string) []string { return words[path] }
