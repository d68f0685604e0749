package advisor

import (
	"strconv"
	"time"

	"github.com/awsposture/posture"
)

const day = 24 * time.Hour

func orDefault[T comparable](v, standard T) T {
	var zero T
	if v == zero {
		return standard
	}
	return v
}

// days is a parameter of whole days.
func days(name string, v, standard time.Duration, source string) posture.Param {
	text := func(d time.Duration) string { return strconv.FormatFloat(d.Hours()/24, 'f', -1, 64) }
	return posture.Param{Name: name, Value: text(orDefault(v, standard)), Default: text(standard), Unit: "days", Source: source}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
