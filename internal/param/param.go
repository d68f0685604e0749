// Package param writes down the parameters that controls of several domains
// have alike.
package param

import (
	"cmp"
	"strconv"
	"time"

	"github.com/awsposture/posture"
)

// Days is a parameter of days; a zero v is the standard.
func Days(name string, v, standard time.Duration, source string) posture.Param {
	text := func(d time.Duration) string { return strconv.FormatFloat(d.Hours()/24, 'f', -1, 64) }
	return posture.Param{Name: name, Value: text(cmp.Or(v, standard)), Default: text(standard), Unit: "days", Source: source}
}
