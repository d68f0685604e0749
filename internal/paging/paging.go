// Package paging reads listings to their end. It serves operations with and
// without a paginator in the SDK alike, keeps what it read when a page fails,
// and tells a listing that was cut short from one that ended.
package paging

import (
	"context"
	"fmt"

	"github.com/awsposture/posture"
)

// Page is one page: its items, and the token of the next page, nil or "" when
// this is the last.
type Page[T any] struct {
	Items []T
	Next  *string
}

// All reads every page. With an error it gives the items read so far as well,
// those beside the error included. A
// token that comes back a second time is an error of kind CauseTruncated: the
// listing would go round for ever, and its end was not seen.
func All[T any](ctx context.Context, read func(ctx context.Context, token *string) (Page[T], error)) ([]T, error) {
	var (
		all   []T
		token *string
		seen  = map[string]bool{}
	)
	for {
		page, err := read(ctx, token)
		all = append(all, page.Items...)
		if err != nil {
			return all, err
		}
		if page.Next == nil || *page.Next == "" {
			return all, nil
		}
		if seen[*page.Next] {
			return all, &posture.Cause{Kind: posture.CauseTruncated, Message: fmt.Sprintf("the listing gave the page token %.40q twice", *page.Next)}
		}
		seen[*page.Next] = true
		token = page.Next
	}
}
