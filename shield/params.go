package shield

import (
	"maps"
	"slices"
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

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// actions gives the IAM actions of Shield operations, which have the same names.
func actions(operations ...string) []string {
	all := make([]string, len(operations))
	for i, op := range operations {
		all[i] = "shield:" + op
	}
	return all
}

// inside are the actions of a control that first asks for the subscription.
func inside(operations ...string) []string {
	return actions(append([]string{"GetSubscriptionState"}, operations...)...)
}

func malformed(operation, message string) error {
	return &posture.Cause{Kind: posture.CauseMalformed, Operation: "Shield:" + operation, Message: message}
}

func sameCode(err error, code string) bool {
	c := posture.CauseOf(err)
	return c != nil && c.Code == code
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
