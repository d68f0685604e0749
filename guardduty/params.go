package guardduty

import (
	"fmt"
	"strconv"
	"time"

	"github.com/awsposture/posture"
)

const day = 24 * time.Hour

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func malformed(operation, format string, args ...any) error {
	return &posture.Cause{Kind: posture.CauseMalformed, Operation: "GuardDuty:" + operation, Message: fmt.Sprintf(format, args...)}
}

// actions gives the IAM actions of GuardDuty operations, which have the same names.
func actions(operations ...string) []string {
	all := make([]string, len(operations))
	for i, op := range operations {
		all[i] = "guardduty:" + op
	}
	return all
}
