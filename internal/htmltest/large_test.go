//go:build chromium

package htmltest

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// painted waits until the browser has drawn.
const painted = settle + `await new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)));`

// watch notes when the form is shown and the longest time for which nobody could use it.
const watch = `
  window.filtersAt = NaN; window.longest = 0;
  const look = () => { const f = document.getElementById("filters"); if (f && !f.hidden) window.filtersAt = performance.now(); else requestAnimationFrame(look) };
  look();
  new PerformanceObserver((l) => l.getEntries().forEach((e) => { window.longest = Math.max(window.longest, e.duration) })).observe({type: "longtask", buffered: true});
`

// TestLarge prints how long a browser takes for 20,000 findings: it asserts
// that they are all there, not how fast.
func TestLarge(t *testing.T) {
	const n = 20_000
	h, items := estate(n)
	p := render(t, h, items)
	start := time.Now()
	b := open(t, p, chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(watch).Do(ctx)
		return err
	}))
	loaded := time.Since(start)
	eval[bool](b, `new Promise(r => { const look = () => performance.getEntriesByName("first-contentful-paint").length ? r(true) : setTimeout(look, 20); look() })`)
	t.Logf("%d findings, %.1f MB", n, float64(len(p))/1e6)
	t.Logf("first contentful paint %4.0f ms", eval[float64](b, `performance.getEntriesByName("first-contentful-paint")[0].startTime`))
	t.Logf("filters usable         %4.0f ms, the main thread never busy for more than %.0f ms", eval[float64](b, `filtersAt`), eval[float64](b, `longest`))
	t.Logf("all findings there     %4.0f ms, opened from outside %v", eval[float64](b, `performance.getEntriesByType("navigation")[0].domInteractive`), loaded.Round(time.Millisecond))
	if got := eval[[]int](b, visible); len(got) != n {
		t.Errorf("%d findings are seen", len(got))
	}
	for _, f := range []struct {
		field  string
		option int
	}{{"status", 1}, {"severity", 1}, {"framework", 1}, {"framework", 0}, {"account", 2}, {"status", 0}, {"account", 0}} {
		ms := eval[float64](b, `(async () => { const t = performance.now(); const s = document.getElementById(%q); s.selectedIndex = %d; s.dispatchEvent(new Event("input", {bubbles: true})); %s return performance.now() - t })()`, f.field, f.option, painted)
		t.Logf("filter %-9s option %d: %4.0f ms to the painted list", f.field, f.option, ms)
	}
	for _, words := range []string{"example-777", "bucket", ""} {
		ms := eval[float64](b, `(async () => { const t = performance.now(); const s = document.getElementById("search"); s.value = %q; s.dispatchEvent(new Event("input", {bubbles: true})); await new Promise(r => setTimeout(r, 151)); %s return performance.now() - t })()`, words, painted)
		t.Logf("search %-12q %4.0f ms, 150 of them waiting for the next key", words, ms)
	}
	b.noFaults()
}
