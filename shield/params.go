package shield

import (
	"context"
	"fmt"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/paging"
)

const day = 24 * time.Hour

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func malformed(operation, format string, args ...any) error {
	return &posture.Cause{Kind: posture.CauseMalformed, Operation: "Shield:" + operation, Message: fmt.Sprintf(format, args...)}
}

func notProvided(format string, args ...any) error {
	return &posture.Cause{Kind: posture.CauseNotProvided, Message: fmt.Sprintf(format, args...)}
}

// actions gives the IAM actions of Shield operations, which have the same names.
func actions(operations ...string) []string {
	all := make([]string, len(operations))
	for i, op := range operations {
		all[i] = "shield:" + op
	}
	return all
}

// sameCode tells whether err is the service's own word of a code. An answer of
// that status without a message may come from anything on the way.
func sameCode(err error, code string) bool {
	c := posture.CauseOf(err)
	return c != nil && c.Code == code && c.Message != ""
}

// The codes with which Shield says what is no failure.
const (
	codeNotFound = "ResourceNotFoundException"
	codeExists   = "ResourceAlreadyExistsException"
	codeNoChange = "InvalidOperationException"
)

// changed is the error of a write. That it would change nothing is none: what is
// there is read back after every write, and that decides.
func changed(err error) error {
	if sameCode(err, codeNoChange) {
		return nil
	}
	return err
}

// pageSize is how many items are asked for; Shield gives 20 unasked.
const pageSize = 1000

func pages[T any](ctx context.Context, read func(ctx context.Context, token *string) ([]T, *string, error)) ([]T, error) {
	return paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[T], error) {
		items, next, err := read(ctx, token)
		return paging.Page[T]{Items: items, Next: next}, err
	})
}
