package detections

import (
	"slices"
	"testing"

	"github.com/awsposture/posture/detective/trail"
)

// TestRaises: what of an event gives its finding another level, and what does
// not; "" is the detection's own.
func TestRaises(t *testing.T) {
	p := testParams()
	criterion := func(severity string) string {
		return `{"requestParameters":{"action":"ARCHIVE","findingCriteria":{"criterion":{"type":{"eq":["x"]},"severity":` + severity + `}}}}`
	}
	deploy := `"userIdentity":{"arn":"arn:aws:iam::111122223333:role/deploy-x"}`
	for _, c := range []struct{ id, patch, want string }{
		{"D020", `{"requestParameters":{"findingCriteria":{"criterion":{"type":{"eq":["x"]}}}}}`, ""},
		{"D020", `{"requestParameters":{"findingCriteria":{"criterion":{"region":{"eq":["us-east-1"]}}}}}`, "high"},
		{"D020", `{"requestParameters":{}}`, "high"},
		{"D020", criterion(`{"gte":4}`), "high"},
		{"D020", criterion(`{"gte":4,"lte":6}`), ""},
		{"D020", criterion(`{"lte":7}`), "high"},
		{"D020", criterion(`{"lessThanOrEqual":6}`), ""},
		{"D020", criterion(`{"lessThanOrEqual":8}`), "high"},
		{"D020", criterion(`{"lt":7}`), ""},
		{"D020", criterion(`{"lt":8}`), "high"},
		{"D020", criterion(`{"lessThan":7}`), ""},
		{"D020", criterion(`{"lessThan":9}`), "high"},
		{"D020", criterion(`{"eq":["2","5"]}`), ""},
		{"D020", criterion(`{"eq":["2","8"]}`), "high"},
		{"D020", criterion(`{"equals":["2","5"]}`), ""},
		{"D020", criterion(`{"equals":["7"]}`), "high"},
		{"D038", `{"eventName":"DisableAWSServiceAccess","requestParameters":{"servicePrincipal":"guardduty.amazonaws.com"}}`, "critical"},
		{"D038", `{"eventName":"DisableAWSServiceAccess","requestParameters":{"servicePrincipal":"ram.amazonaws.com"}}`, ""},
		{"D038", `{"eventName":"DetachPolicy","requestParameters":{"servicePrincipal":"guardduty.amazonaws.com"}}`, ""},
		{"D057", `{"eventName":"PasswordRecoveryCompleted","userIdentity":{"type":"Root"}}`, "critical"},
		{"D057", `{"eventName":"PasswordRecoveryCompleted","userIdentity":{"type":"IAMUser"}}`, ""},
		{"D057", `{"eventName":"PasswordRecoveryRequested","userIdentity":{"type":"Root"}}`, ""},
		{"D069", `{}`, "high"},
		{"D069", `{` + deploy + `}`, ""},
		{"D085", `{"requestParameters":{"groupId":"admin-role"}}`, "high"},
		{"D085", `{"requestParameters":{"permissionSetArn":"admin-role"}}`, "high"},
		{"D085", `{"requestParameters":{"principalId":"admin-role"}}`, "high"},
		{"D085", `{"requestParameters":{"groupId":"other","permissionSetArn":"other","principalId":"other"}}`, ""},
		{"D103", `{"eventName":"CreateAccessKey"}`, "critical"},
		{"D103", `{"eventName":"CreateLoginProfile"}`, "critical"},
		{"D103", `{"eventName":"CreateUser"}`, ""},
		{"D117", `{}`, "high"},
		{"D117", `{"requestParameters":{"externalId":"x"}}`, ""},
	} {
		i := slices.IndexFunc(all(&p), func(d detection) bool { return d.ID == c.id })
		d := all(&p)[i]
		text := patch(t, plainest(d), c.patch)
		var e trail.Event
		if err := e.Parse([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if got := d.Raise(&e); got != c.want {
			t.Errorf("%s: level %q, want %q: %s", c.id, got, c.want, text)
		}
	}
}
