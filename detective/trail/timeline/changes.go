package timeline

import (
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/lineage"
	"github.com/awsposture/posture/detective/trail/schema"
)

// UnknownBefore stands for a state that no earlier event tells.
const UnknownBefore = "(unknown)"

// Change is one write to a resource: who, and from what to what.
type Change struct {
	Time     time.Time     `json:"time"`
	Resource string        `json:"resource"`
	Aspect   string        `json:"aspect"` // what of it was changed
	Before   string        `json:"before"` // as far as earlier events tell
	After    string        `json:"after"`
	Action   string        `json:"action"`
	Lineage  lineage.Chain `json:"lineage"`
	Path     string        `json:"path"` // how: console, CLI, SDK, IaC, service
	Event    lineage.Ref   `json:"event"`
}

// effect says what a call sets: an aspect of the resource named at resource to
// the value at value, or to nothing when value is "".
type effect struct {
	aspect, resource, value string
	member                  bool // the value is one of a set: keep the others
}

const q = "requestParameters."

// effects is the table of calls whose outcome is known from their request.
// Others are shown with their raw parameters.
var effects = map[string]effect{
	"PutBucketPolicy":               {"bucket policy", q + "bucketName", q + "bucketPolicy", false},
	"DeleteBucketPolicy":            {"bucket policy", q + "bucketName", "", false},
	"PutBucketAcl":                  {"ACL", q + "bucketName", q + "AccessControlPolicy", false},
	"PutBucketPublicAccessBlock":    {"public access block", q + "bucketName", q + "PublicAccessBlockConfiguration", false},
	"DeleteBucketPublicAccessBlock": {"public access block", q + "bucketName", "", false},
	"PutBucketVersioning":           {"versioning", q + "bucketName", q + "VersioningConfiguration", false},
	"PutBucketEncryption":           {"encryption", q + "bucketName", q + "ServerSideEncryptionConfiguration", false},
	"DeleteBucketEncryption":        {"encryption", q + "bucketName", "", false},
	"PutBucketLogging":              {"access logging", q + "bucketName", q + "BucketLoggingStatus", false},
	"PutBucketLifecycle":            {"lifecycle", q + "bucketName", q + "LifecycleConfiguration", false},
	"DeleteBucketLifecycle":         {"lifecycle", q + "bucketName", "", false},
	"PutBucketReplication":          {"replication", q + "bucketName", q + "ReplicationConfiguration", false},
	"DeleteBucketReplication":       {"replication", q + "bucketName", "", false},
	"UpdateAssumeRolePolicy":        {"trust policy", q + "roleName", q + "policyDocument", false},
	"CreateRole":                    {"trust policy", q + "roleName", q + "assumeRolePolicyDocument", false},
	"PutRolePolicy":                 {"inline policies", q + "roleName", q + "policyName", true},
	"DeleteRolePolicy":              {"inline policies", q + "roleName", q + "policyName", true},
	"AttachRolePolicy":              {"attached policies", q + "roleName", q + "policyArn", true},
	"DetachRolePolicy":              {"attached policies", q + "roleName", q + "policyArn", true},
	"PutUserPolicy":                 {"inline policies", q + "userName", q + "policyName", true},
	"DeleteUserPolicy":              {"inline policies", q + "userName", q + "policyName", true},
	"AttachUserPolicy":              {"attached policies", q + "userName", q + "policyArn", true},
	"DetachUserPolicy":              {"attached policies", q + "userName", q + "policyArn", true},
	"AttachGroupPolicy":             {"attached policies", q + "groupName", q + "policyArn", true},
	"DetachGroupPolicy":             {"attached policies", q + "groupName", q + "policyArn", true},
	"AddUserToGroup":                {"groups", q + "userName", q + "groupName", true},
	"RemoveUserFromGroup":           {"groups", q + "userName", q + "groupName", true},
	"CreateAccessKey":               {"access keys", "responseElements.accessKey.userName", "responseElements.accessKey.accessKeyId", true},
	"DeleteAccessKey":               {"access keys", q + "userName", q + "accessKeyId", true},
	"PutUserPermissionsBoundary":    {"permissions boundary", q + "userName", q + "permissionsBoundary", false},
	"DeleteUserPermissionsBoundary": {"permissions boundary", q + "userName", "", false},
	"PutRolePermissionsBoundary":    {"permissions boundary", q + "roleName", q + "permissionsBoundary", false},
	"DeleteRolePermissionsBoundary": {"permissions boundary", q + "roleName", "", false},
	"PutKeyPolicy":                  {"key policy", q + "keyId", q + "policy", false},
	"PutEventSelectors":             {"event selectors", q + "trailName", q + "eventSelectors", false},
	"PutRetentionPolicy":            {"retention", q + "logGroupName", q + "retentionInDays", false},
	"DeleteRetentionPolicy":         {"retention", q + "logGroupName", "", false},
	"PutMetricAlarm":                {"alarm", q + "alarmName", q + "threshold", false},
	"ModifyDBInstance":              {"public access", q + "dBInstanceIdentifier", q + "publiclyAccessible", false},
	"AuthorizeSecurityGroupIngress": {"ingress rules", q + "groupId", q + "ipPermissions.items", true},
	"RevokeSecurityGroupIngress":    {"ingress rules", q + "groupId", q + "ipPermissions.items", true},
	"ModifySnapshotAttribute":       {"volume permission", q + "snapshotId", q + "createVolumePermission", false},
	"UpdateDetector":                {"enabled", q + "detectorId", q + "enable", false},
	"SetDefaultPolicyVersion":       {"default version", q + "policyArn", q + "versionId", false},
}

// switches are calls that turn something on or off.
var switches = map[string][2]string{
	"StartLogging": {"logging", "on"}, "StopLogging": {"logging", "off"}, "DeleteTrail": {"logging", "deleted"},
	"EnableKey": {"key state", "enabled"}, "DisableKey": {"key state", "disabled"}, "ScheduleKeyDeletion": {"key state", "deletion scheduled"}, "CancelKeyDeletion": {"key state", "disabled"},
	"EnableKeyRotation": {"key rotation", "on"}, "DisableKeyRotation": {"key rotation", "off"},
	"DeleteDetector": {"enabled", "deleted"}, "EnableAlarmActions": {"alarm actions", "on"}, "DisableAlarmActions": {"alarm actions", "off"},
	"EnableRule": {"rule state", "ENABLED"}, "DisableRule": {"rule state", "DISABLED"},
}

// removes tells the calls that take a member out of a set.
func removes(name string) bool {
	for _, p := range []string{"Delete", "Detach", "Remove", "Revoke"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// Changes lists the writes to a resource ("" for all) in order of time. What
// an earlier event set is the state before a later one; nothing else is
// assumed.
func Changes(events Events, resource string, store *lineage.Store) ([]Change, []error) {
	if store == nil {
		store = &lineage.Store{}
	}
	type write struct {
		e  *trail.Event
		at time.Time
	}
	var writes []write
	var errs []error
	for e, err := range events() {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		store.Add(e)
		if e.Outcome() != trail.Success || verb(e) == "read" || e.Source() == "sts.amazonaws.com" || e.Source() == "signin.amazonaws.com" {
			continue
		}
		if resource == "" || slices.ContainsFunc(targets(e), func(r string) bool { return sameResource(r, resource) }) {
			writes = append(writes, write{e.Clone(), e.Time()})
		}
	}
	slices.SortStableFunc(writes, func(a, b write) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return strings.Compare(a.e.ID(), b.e.ID())
	})
	state := map[string]string{}
	seen := map[string]bool{}
	var out []Change
	for _, w := range writes {
		if id := w.e.ID(); id != "" && seen[id] {
			continue
		}
		seen[w.e.ID()] = true
		out = append(out, change(w.e, state, store))
	}
	return out, errs
}

func targets(e *trail.Event) []string {
	ts := resources(e)
	if ef, ok := effects[schema.Normalize(e.Name())]; ok {
		if v := e.Get(trail.P(ef.resource)); v.Kind() == trail.KindString {
			ts = append(ts, v.Text())
		}
	}
	return ts
}

func change(e *trail.Event, state map[string]string, store *lineage.Store) Change {
	name := schema.Normalize(e.Name())
	c := Change{
		Time: e.Time(), Action: e.Name(), Lineage: store.Trace(e), Path: changePath(e),
		Event: lineage.Ref{ID: e.ID(), Account: e.Account(), Name: e.Name(), Time: e.Time()}, Before: UnknownBefore,
	}
	if ts := targets(e); len(ts) > 0 {
		c.Resource = ts[0]
	}
	ef, known := effects[name]
	sw, isSwitch := switches[name]
	switch {
	case isSwitch:
		c.Aspect, c.After = sw[0], sw[1]
	case known:
		c.Aspect = ef.aspect
		if v := e.Get(trail.P(ef.resource)); v.Kind() == trail.KindString {
			c.Resource = v.Text()
		}
		if ef.value != "" {
			c.After = show(e.Get(trail.P(ef.value)))
		}
	default:
		c.Aspect, c.After = name, summary(e.Request())
		return c
	}
	key := e.Account() + " " + e.Source() + " " + lastPart(c.Resource) + " " + c.Aspect
	before, ok := state[key]
	if ok {
		c.Before = before
	}
	if known && ef.member {
		c.After = withMember(before, ok, c.After, removes(name))
	}
	if c.After == "" {
		c.After = "(none)"
	}
	state[key] = c.After
	return c
}

// withMember adds to or removes from a set that is written as its members. Of
// a set that was not known before, only this member is known after.
func withMember(before string, known bool, member string, remove bool) string {
	var set []string
	if known && before != "(none)" {
		set = strings.Split(before, ", ")
	}
	set = slices.DeleteFunc(set, func(m string) bool { return m == member || m == "without "+member })
	switch {
	case !remove:
		set = append(set, member)
	case !known || slices.ContainsFunc(set, func(m string) bool { return strings.HasPrefix(m, "without ") }):
		set = append(set, "without "+member)
	}
	return strings.Join(set, ", ")
}

func lastPart(s string) string {
	if !strings.HasPrefix(s, "arn:") {
		return s
	}
	return s[strings.LastIndexAny(s, ":/")+1:]
}

func show(v trail.Value) string {
	switch v.Kind() {
	case trail.KindAbsent, trail.KindNull:
		return ""
	case trail.KindObject, trail.KindArray:
		return string(redact(nil, v, false))
	}
	return printable(v.Text())
}

// changePath tells how a change was made.
func changePath(e *trail.Event) string {
	ua := e.UserAgent()
	switch {
	case strings.HasPrefix(e.Identity().InvokedBy, "cloudformation.") || strings.Contains(ua, "Terraform") || strings.Contains(ua, "Pulumi"):
		return "IaC"
	case e.ByService():
		return "service"
	case strings.HasPrefix(ua, "Mozilla/") || strings.HasPrefix(ua, "signin.") || strings.Contains(ua, "console.amazonaws.com") || e.Get(trail.P("sessionCredentialFromConsole")).Is("true"):
		return "console"
	case strings.HasPrefix(ua, "aws-cli/"):
		return "CLI"
	}
	return "SDK"
}
