package param

import (
	"testing"
	"time"

	"github.com/awsposture/posture"
)

func TestDays(t *testing.T) {
	const day = 24 * time.Hour
	for v, want := range map[time.Duration]string{0: "90", 45 * day: "45", 12 * time.Hour: "0.5"} {
		if got := Days("max", v, 90*day, "a page"); got != (posture.Param{Name: "max", Value: want, Default: "90", Unit: "days", Source: "a page"}) {
			t.Errorf("%v: %+v", v, got)
		}
	}
}
