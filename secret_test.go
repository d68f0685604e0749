package posture_test

import (
	"context"
	"strings"
	"testing"

	"github.com/awsposture/posture"
)

// anything is a setting of which the state is any JSON there may be.
type anything struct {
	Name     string `json:"name"`
	Password string `json:"password,omitempty"`
	read     any
}

func (anything) Kind() posture.Kind                      { return posture.Kind{Name: "test.anything"} }
func (anything) Target() posture.Resource                { return thing("a") }
func (s anything) Get(context.Context) (any, error)      { return s.read, nil }
func (anything) Set(ctx context.Context, want any) error { return nil }

const privateKey = "-----BEGIN RSA PRIVATE KEY-----\nexample\n-----END RSA PRIVATE KEY-----"

func TestSecretsAreRefused(t *testing.T) {
	const canary = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	for member, secret := range map[string]any{
		"password":           map[string]any{"password": canary},
		"Password":           map[string]any{"user": map[string]any{"Password": canary}},
		"secret_access_key":  []any{1, map[string]any{"secret_access_key": canary}},
		"SecretString":       map[string]any{"SecretString": canary},
		"masterUserPassword": map[string]any{"masterUserPassword": canary},
		"smtp-password":      map[string]any{"smtp-password": canary},
		"session_token":      map[string]any{"session_token": canary},
		"clientSecret":       map[string]any{"clientSecret": canary},
		"passphrase":         map[string]any{"passphrase": []any{"", canary}},
		"body":               map[string]any{"body": privateKey},
		"itself":             privateKey,
	} {
		for _, ends := range [][2]any{{secret, nil}, {nil, secret}} {
			_, err := posture.Change(anything{}, ends[0], ends[1])
			if err == nil || !strings.Contains(err.Error(), `secret in member "`+member+`"`) || !strings.Contains(err.Error(), "test.anything on AWS::Test::Thing a") {
				t.Errorf("%s: %v", member, err)
			}
			if err != nil && strings.Contains(err.Error(), canary) {
				t.Errorf("%s: the error tells the secret: %v", member, err)
			}
		}
	}
	for _, plain := range []any{
		nil, "", "password", 3,
		map[string]any{"password": ""},
		map[string]any{"password": true, "requirePassword": false, "passwordLength": 14},
		map[string]any{"secretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a"},
		map[string]any{"passwordPolicy": "strict"},
		map[string]any{"publicKey": "-----BEGIN PUBLIC KEY-----"},
	} {
		if _, err := posture.Change(anything{}, plain, nil); err != nil {
			t.Errorf("%v: %v", plain, err)
		}
	}
	if _, err := posture.Change(anything{Password: canary}, nil, nil); err == nil || strings.Contains(err.Error(), canary) {
		t.Errorf("in the setting itself: %v", err)
	}
	// A secret that shows up only when the state is read is in no receipt either.
	s, err := posture.Change(anything{read: map[string]any{"secret": canary}}, "a", "b")
	if err != nil {
		t.Fatal(err)
	}
	r, err := executor(posture.Limits{}).Apply(t.Context(), plan(s))
	if err == nil || strings.Contains(err.Error()+string(encode(t, r)), canary) || r.Outcome != posture.OutcomeRefused {
		t.Errorf("%s, %v", r.Outcome, err)
	}
}
