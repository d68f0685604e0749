package iam

import (
	"time"
)

const day = 24 * time.Hour

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func lastUsed(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return "at " + stamp(t)
}
