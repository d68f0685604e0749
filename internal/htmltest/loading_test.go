//go:build chromium

package htmltest

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/awsposture/posture"
)

// until waits until a script's value is true.
func (b *tab) until(condition string) {
	b.t.Helper()
	if !eval[bool](b, `(async () => { for (let i = 0; i < 1200; i++) { if (%s) return true; await new Promise(r => setTimeout(r, 50)) } return false })()`, condition) {
		b.t.Fatalf("%s is not so after a minute", condition)
	}
}

// slowly opens a page of which the browser gets the rest when more is closed,
// and waits until the script sees what it has.
func slowly(t *testing.T, first, rest []byte, view string) (b *tab, more func()) {
	t.Helper()
	wait := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Path != "/" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		_, _ = w.Write(first)
		_ = http.NewResponseController(w).Flush()
		<-wait
		_, _ = w.Write(rest)
	}))
	closed := false
	more = func() {
		if !closed {
			closed = true
			close(wait)
		}
	}
	t.Cleanup(func() { more(); server.Close() })
	b = newTab(t)
	b.do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, _, _, _, err := page.Navigate(server.URL + "/" + view).Do(ctx)
		return err
	}))
	return b, more
}

// The filters work on what is there while the rest is being read, and on the
// rest when it comes.
func TestWhileLoading(t *testing.T) {
	h, items := estate(400)
	p := render(t, h, items)
	var starts []int
	for at := 0; ; {
		i := bytes.Index(p[at:], []byte(`<details class="f `))
		if i < 0 {
			break
		}
		starts = append(starts, at+i)
		at += i + 1
	}
	// The last finding that is there lacks its text, in which the search must find it.
	const there = 300
	cut := starts[there-1] + bytes.Index(p[starts[there-1]:], []byte("<summary>"))
	b, more := slowly(t, p[:cut], p[cut:], "#?status=fail")
	b.until(fmt.Sprintf(`document.querySelectorAll("#list > .f").length === %d && !document.getElementById("filters").hidden`, there))
	expect := func(what string, n int, ok func(i int) bool) {
		t.Helper()
		want := 0
		for i := range n {
			if ok(i) {
				want++
			}
		}
		if got := eval[[]int](b, visible); len(got) != want {
			t.Errorf("%s: %d findings are seen, not %d", what, len(got), want)
		}
		said := fmt.Sprintf("Showing %d of the %d findings read so far", want, n)
		if n == len(items) {
			said = fmt.Sprintf("Showing %d of %d findings", want, n)
		}
		if got := eval[string](b, `document.getElementById("shown").textContent`); got != said {
			t.Errorf("%s: %q is said, not %q", what, got, said)
		}
	}
	if got := eval[string](b, `document.getElementById("shown").textContent`); got != "Reading the findings" {
		t.Errorf("at first: %q is said", got)
	}
	failing := func(i int) bool { return fits(items[i], nil, "status", "fail") }
	unknown := func(i int) bool { return fits(items[i], nil, "status", "unknown") }
	passing := func(i int) bool { return fits(items[i], nil, "status", "pass") }
	choose(b, "status", 2)
	expect("unknown", there, unknown)
	choose(b, "status", 1)
	expect("fail", there, failing)
	choose(b, "status", 4)
	expect("pass", there, passing)
	if items[there-1].Finding.Status != posture.Pass {
		t.Fatal("the finding that is cut must be one that this filter shows")
	}
	eval[bool](b, `(async () => { const s = document.getElementById("search"); s.value = %q; s.dispatchEvent(new Event("input", {bubbles: true})); return true })()`, items[there-1].Finding.Resource.ID)
	b.until(`location.hash.includes("search=")`)
	more()
	b.until(`document.readyState === "complete"`)
	expect("the one that was cut", len(items), func(i int) bool { return i == there-1 })
	b.do(chromedp.Click("#filters button"))
	b.until(fmt.Sprintf(`document.getElementById("shown").textContent === "Showing all %d findings"`, len(items)))
	choose(b, "status", 1)
	expect("fail, of all", len(items), failing)
	b.noFaults()
}
