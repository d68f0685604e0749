package iam_test

import (
	"strings"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
)

const denyAll = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`

// TestLockout asks of plans whether their operator could still look and undo.
func TestLockout(t *testing.T) {
	step := func(s posture.Step, err error) posture.Step {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	w := goodWorld()
	w.Edit(func(s *iamtest.State) {
		s.Policies["operate"] = &iamtest.Policy{Document: policy("iam:*", "*")}
		s.Groups["operators"] = &iamtest.Group{Attached: []string{w.ARN("policy/operate")}}
		s.Users["olga"] = &iamtest.User{Groups: []string{"operators"}}
		s.Roles["operator"] = &iamtest.Role{Attached: []string{"arn:aws:iam::aws:policy/AdministratorAccess"}, Trust: trust(`{"AWS":"111122223333"}`, "")}
		s.Roles["reader"] = &iamtest.Role{Attached: []string{"arn:aws:iam::aws:policy/IAMFullAccess"}, Trust: trust(`{"AWS":"111122223333"}`, "")}
		s.Roles["bounded"] = &iamtest.Role{Attached: []string{"arn:aws:iam::aws:policy/AdministratorAccess"}, Boundary: w.ARN("policy/operate"), Trust: trust(`{"AWS":"111122223333"}`, "")}
	})
	a := w.account()
	inline := func(kind iam.PrincipalKind, name, doc string) posture.Step {
		s := iam.PrincipalInlinePolicy{Account: a, Writer: w, Principal: kind, Name: name, Policy: "p"}
		return step(posture.Change(s, iam.InlineDocument{}, iam.InlineDocument{Exists: true, Document: doc}))
	}
	detach := func(kind iam.PrincipalKind, name, arn string) posture.Step {
		s := iam.PolicyAttachment{Account: a, Writer: w, Principal: kind, Name: name, Policy: arn}
		return step(posture.Change(s, iam.Attachment{Attached: true}, iam.Attachment{}))
	}
	trusting := step(posture.Change(iam.RoleTrustPolicy{Account: a, Writer: w, Role: "operator"}, iam.TrustDocument{Document: "{}"}, iam.TrustDocument{Document: denyAll}))
	const admin = "arn:aws:iam::aws:policy/AdministratorAccess"
	for name, tt := range map[string]struct {
		operator string
		step     posture.Step
		refused  string
	}{
		"denied all":                       {"role/operator", inline(iam.KindRole, "operator", denyAll), "could no longer call"},
		"somebody else denied all":         {"role/operator", inline(iam.KindRole, "reader", denyAll), ""},
		"denied something else":            {"role/operator", inline(iam.KindRole, "operator", strings.Replace(denyAll, `"Action":"*"`, `"Action":"s3:*"`, 1)), ""},
		"denied without MFA":               {"role/operator", inline(iam.KindRole, "operator", strings.Replace(denyAll, `"Resource":"*"`, `"Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}`, 1)), "could no longer call"},
		"its only policy":                  {"role/operator", detach(iam.KindRole, "operator", admin), "could no longer call"},
		"its group's only policy":          {"user/olga", detach(iam.KindGroup, "operators", "arn:aws:iam::111122223333:policy/operate"), "could no longer call"},
		"its group denied":                 {"user/olga", inline(iam.KindGroup, "operators", denyAll), "could no longer call"},
		"another group denied":             {"user/olga", inline(iam.KindGroup, "staff", denyAll), ""},
		"what its policy says is not read": {"role/reader", inline(iam.KindRole, "reader", strings.Replace(denyAll, `"Action":"*"`, `"Action":"s3:*"`, 1)), "was not read"},
		"its trust":                        {"role/operator", trusting, "not known whether it still can be assumed"},
		"somebody else's trust":            {"role/reader", trusting, ""},
		"within its boundary":              {"role/bounded", inline(iam.KindRole, "bounded", strings.Replace(denyAll, `"Action":"*"`, `"Action":"iam:GetRolePolicy"`, 1)), "could no longer call iam:GetRolePolicy"},
		"nobody known":                     {"role/nobody", inline(iam.KindRole, "operator", denyAll), "no user or role of the account"},
	} {
		t.Run(name, func(t *testing.T) {
			p := posture.NewPlan(place, now, nil, tt.step)
			err := iam.Lockout(a, w.ARN(tt.operator))(t.Context(), p)
			if tt.refused == "" && err != nil || tt.refused != "" && (err == nil || !strings.Contains(err.Error(), tt.refused)) {
				t.Errorf("got %v, want %q", err, tt.refused)
			}
		})
	}
}

// TestAdminUnlessMFA is everything but for a condition: nobody can tell.
func TestAdminUnlessMFA(t *testing.T) {
	w := goodWorld()
	w.Edit(func(s *iamtest.State) {
		s.Policies["read"].Document = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}}`
	})
	for _, f := range judge(t, iam.PolicyFullAdmin{Account: w.account()}) {
		if f.Resource.ID == w.ARN("policy/read") && (f.Status != posture.Unknown || f.Cause.Kind != iam.CauseUndecided) {
			t.Errorf("got %+v, %v", f, f.Cause)
		}
	}
}
