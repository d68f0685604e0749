package paging_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/paging"
)

// counting reads pages of two of the numbers below n, and page bad so.
func counting(n, bad int, how func(*paging.Page[int]) error) func(context.Context, *string) (paging.Page[int], error) {
	return func(_ context.Context, token *string) (p paging.Page[int], err error) {
		at := 0
		if token != nil {
			at, _ = strconv.Atoi(*token)
		}
		for i := at; i < min(at+2, n); i++ {
			p.Items = append(p.Items, i)
		}
		if at+2 < n {
			next := strconv.Itoa(at + 2)
			p.Next = &next
		}
		if at == 2*bad {
			err = how(&p)
		}
		return p, err
	}
}

func TestAll(t *testing.T) {
	failed := errors.New("throttled")
	back, long, empty := "2", strings.Repeat("x", 500), ""
	for name, tt := range map[string]struct {
		n, bad int
		how    func(*paging.Page[int]) error
		want   []int
		err    error
		kind   posture.CauseKind
	}{
		"none":             {n: 0, bad: -1},
		"one page":         {n: 2, bad: -1, want: []int{0, 1}},
		"three pages":      {n: 5, bad: -1, want: []int{0, 1, 2, 3, 4}},
		"first fails":      {n: 5, bad: 0, how: func(p *paging.Page[int]) error { *p = paging.Page[int]{}; return failed }, err: failed},
		"second fails":     {n: 5, bad: 1, how: func(p *paging.Page[int]) error { *p = paging.Page[int]{}; return failed }, want: []int{0, 1}, err: failed},
		"half a page":      {n: 5, bad: 1, how: func(p *paging.Page[int]) error { p.Items = p.Items[:1]; return failed }, want: []int{0, 1, 2}, err: failed},
		"empty page, more": {n: 5, bad: 1, how: func(p *paging.Page[int]) error { p.Items = nil; return nil }, want: []int{0, 1, 4}},
		"empty token ends": {n: 5, bad: 1, how: func(p *paging.Page[int]) error { p.Next = &empty; return nil }, want: []int{0, 1, 2, 3}},
		"token of before":  {n: 9, bad: 2, how: func(p *paging.Page[int]) error { p.Next = &back; return nil }, want: []int{0, 1, 2, 3, 4, 5}, kind: posture.CauseTruncated},
	} {
		got, err := paging.All(t.Context(), counting(tt.n, tt.bad, tt.how))
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
		switch {
		case tt.kind != "":
			if c := posture.CauseOf(err); c == nil || c.Kind != tt.kind || !strings.Contains(c.Message, `"2"`) {
				t.Errorf("%s: %v", name, err)
			}
		case !errors.Is(err, tt.err):
			t.Errorf("%s: %v", name, err)
		}
	}
	calls := 0
	_, err := paging.All(t.Context(), func(context.Context, *string) (paging.Page[int], error) {
		calls++
		return paging.Page[int]{Next: &long}, nil
	})
	if calls != 2 || posture.CauseOf(err) == nil || len(err.Error()) > 150 {
		t.Errorf("the same long token for ever: %d calls, %v", calls, err)
	}
}
