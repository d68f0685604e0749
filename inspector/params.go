package inspector

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/paging"
)

const day = 24 * time.Hour

func date(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func malformed(operation, format string, args ...any) error {
	return &posture.Cause{Kind: posture.CauseMalformed, Operation: "Inspector2:" + operation, Message: fmt.Sprintf(format, args...)}
}

// actions gives the IAM actions of Inspector operations, which have the same names.
func actions(operations ...string) []string {
	all := make([]string, len(operations))
	for i, op := range operations {
		all[i] = "inspector2:" + op
	}
	return all
}

func sameCode(err error, code string) bool {
	c := posture.CauseOf(err)
	return c != nil && c.Code == code
}

// notFound is the code with which Inspector says that something is not there.
const notFound = "ResourceNotFoundException"

func pages[T any](ctx context.Context, read func(ctx context.Context, token *string) ([]T, *string, error)) ([]T, error) {
	return paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[T], error) {
		items, next, err := read(ctx, token)
		return paging.Page[T]{Items: items, Next: next}, err
	})
}

// sortedKeys gives a map's keys in order.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
