package refusal

import (
	"errors"
	"strings"
	"testing"

	"github.com/awsposture/posture"
)

func TestUnreadable(t *testing.T) {
	cause := errors.New("no answer")
	err := Unreadable(posture.Resource{Type: "AWS::IAM::Role", ID: "app"}, cause)
	r, ok := errors.AsType[*posture.Refusal](err)
	if !ok || r.Reason != posture.ReasonUnreadable || !errors.Is(err, cause) || !strings.Contains(err.Error(), "app could not be read") {
		t.Errorf("got %v", err)
	}
}
