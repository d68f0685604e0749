package cover

import (
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/schema"
)

// Field is what a domain knows of the values at a path.
type Field struct {
	Kinds  rule.Kinds
	Always bool     // every event has it
	Values []string // the only texts it takes; nil: any that are not empty
}

// Domain is what is known of the events that can occur, so that a gap is an
// event that AWS can record and not only a piece of JSON. Without it a filter
// that adds the right event source would be called narrower.
type Domain struct {
	Fields  map[string]Field
	Sources func(name string) []string // the sources that record a name; nil result: not known
}

// CloudTrail is the domain of CloudTrail's records: the documented types of
// the members that filters use, the known identity and event types, and the
// sources of the event names that package schema knows.
func CloudTrail() *Domain {
	str := rule.Strings
	always := Field{Kinds: str, Always: true}
	text := Field{Kinds: str}
	obj := Field{Kinds: rule.Of(trail.KindObject, trail.KindNull)}
	return &Domain{
		Sources: schema.Sources,
		Fields: map[string]Field{
			"eventName": always, "eventSource": always, "eventTime": always, "awsRegion": always,
			"eventID": always, "sourceIPAddress": text, "userAgent": text, "errorCode": text, "errorMessage": text,
			"recipientAccountId": text, "vpcEndpointId": text, "sharedEventID": text,
			"eventType":              {Kinds: str, Always: true, Values: []string{"AwsApiCall", "AwsServiceEvent", "AwsConsoleAction", "AwsConsoleSignIn", "AwsVpceEvents", "AwsCloudTrailInsight"}},
			"eventCategory":          {Kinds: str, Values: []string{"Management", "Data", "NetworkActivity", "Insight"}},
			"userIdentity":           {Kinds: rule.Of(trail.KindObject)},
			"userIdentity.type":      {Kinds: str, Values: []string{"IAMUser", "AssumedRole", "Root", "AWSService", "AWSAccount", "FederatedUser", "SAMLUser", "WebIdentityUser", "IdentityCenterUser", "Role", "Directory", "Unknown"}},
			"userIdentity.invokedBy": text, "userIdentity.arn": text, "userIdentity.userName": text,
			"userIdentity.principalId": text, "userIdentity.accountId": text, "userIdentity.accessKeyId": text,
			"requestParameters": obj, "responseElements": obj, "additionalEventData": obj,
			"additionalEventData.MFAUsed": text,
		},
	}
}

// facts are what an event's name says of its other members.
func (d *Domain) facts(name string) []goal {
	var gs []goal
	if d.Sources != nil {
		if src := d.Sources(name); len(src) > 0 {
			gs = append(gs, goal{rule.Eq("eventSource", src...), true})
		}
	}
	if name == "ConsoleLogin" {
		gs = append(gs, goal{rule.Eq("eventType", "AwsConsoleSignIn"), true})
	}
	for _, verb := range []string{"Create", "Delete", "Put", "Update", "Attach", "Detach", "Start", "Stop", "Modify", "Disable", "Enable", "Authorize", "Revoke", "Replace"} {
		if strings.HasPrefix(name, verb) {
			gs = append(gs, goal{rule.Eq("readOnly", "true"), false})
			break
		}
	}
	return gs
}
