package awsfake

import (
	"fmt"
	"strconv"
)

// Page cuts one page out of items. marker is the token of the page before, most
// is what the caller asked for, standard what the service gives unasked.
func Page[T any](f *Faults, items []T, marker *string, most *int32, standard int) (page []T, next *string, err error) {
	start := 0
	if marker != nil {
		if start, err = strconv.Atoi(*marker); err != nil || start < 0 || start > len(items) {
			return nil, nil, fmt.Errorf("awsfake: page token %q is not one of this listing's", *marker)
		}
	}
	size := standard
	if most != nil && *most > 0 {
		size = int(*most)
	}
	if f.PageSize > 0 {
		size = min(size, f.PageSize)
	}
	end := min(start+size, len(items))
	if end < len(items) {
		token := strconv.Itoa(end)
		next = &token
	}
	return items[start:end], next, nil
}
