package advisor

import (
	"strconv"
	"time"
)

const day = 24 * time.Hour

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
