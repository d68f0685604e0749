//go:build chromium

package htmltest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// fits tells whether an item has a value in a field, written apart from the page.
func fits(it compliance.Item, changes map[string]string, field, value string) bool {
	switch field {
	case "status":
		state := it.Finding.Status.String()
		if it.Finding.Status == posture.Fail && it.Waiver != nil && !it.Waiver.Expired(finished) {
			state = "waived"
		}
		return state == value
	case "severity":
		return it.Finding.Severity.String() == value
	case "domain":
		return strings.HasPrefix(it.Control.ID, value+".")
	case "framework":
		return slices.ContainsFunc(it.Requirements, func(r compliance.Ref) bool { return r.Framework+"@"+r.Version == value })
	case "owner":
		return it.Owner == value
	case "account":
		return it.Finding.Resource.Account == value
	case "change":
		return changes[it.Finding.Fingerprint()] == value
	}
	return false
}

// visible are the indexes of the findings that can be seen.
const visible = `Array.from(document.querySelectorAll("#list > .f"), (e, i) => e.checkVisibility() ? i : -1).filter(i => i >= 0)`

// settle waits for what the page does after the event.
const settle = `await new Promise(r => setTimeout(r, 1));`

// still waits until the page has not scrolled for a quarter of a second: a click
// needs its target to stand.
const still = `await (async () => { let at = NaN; for (let same = 0, i = 0; same < 5 && i < 300; i++) { await new Promise(r => setTimeout(r, 50)); same = scrollY === at ? same + 1 : 0; at = scrollY } })();`

func choose(b *tab, field string, option int) {
	b.t.Helper()
	eval[bool](b, `(async () => { const s = document.getElementById(%q); s.selectedIndex = %d; s.dispatchEvent(new Event("input", {bubbles: true})); %s return true })()`, field, option, settle)
}

func TestFilters(t *testing.T) {
	h, items := estate(600)
	b := open(t, render(t, h, items))
	changes := map[string]string{}
	for _, c := range h.Comparison.Changes {
		changes[c.Fingerprint] = c.Change.String()
	}
	expect := func(what string, ok func(compliance.Item) bool) {
		t.Helper()
		want := []int{}
		for i, it := range items {
			if ok(it) {
				want = append(want, i)
			}
		}
		if got := eval[[]int](b, visible); !slices.Equal(got, want) {
			t.Errorf("%s: %d findings are seen, not %d", what, len(got), len(want))
		}
		said, wanted := eval[string](b, `document.getElementById("shown").textContent`), fmt.Sprintf("Showing %d of %d findings", len(want), len(items))
		if len(want) == len(items) {
			wanted = fmt.Sprintf("Showing all %d findings", len(items))
		}
		if said != wanted {
			t.Errorf("%s: %q is said, not %q", what, said, wanted)
		}
	}
	all := func(compliance.Item) bool { return true }
	expect("at first", all)
	options := map[string][]string{}
	for _, field := range []string{"status", "severity", "domain", "framework", "owner", "account", "change"} {
		options[field] = eval[[]string](b, `Array.from(document.getElementById(%q).options, o => o.value)`, field)
		for i, value := range options[field] {
			choose(b, field, i)
			if i == 0 {
				expect(field+" any", all)
				continue
			}
			expect(field+" "+value, func(it compliance.Item) bool { return fits(it, changes, field, value) })
		}
		choose(b, field, 0)
		if n := len(options[field]); n < 4 {
			t.Errorf("%s offers %d choices", field, n)
		}
	}
	expect("after all", all)
	index := func(field, value string) int { return slices.Index(options[field], value) }
	choose(b, "status", index("status", "fail"))
	choose(b, "framework", index("framework", "pci-dss@4.0.1"))
	choose(b, "owner", 1)
	three := func(it compliance.Item) bool {
		return fits(it, changes, "status", "fail") && fits(it, changes, "framework", "pci-dss@4.0.1") && it.Owner == options["owner"][1]
	}
	expect("three at once", three)
	// The address holds the view, so that it can be sent to somebody.
	b.do(chromedp.Reload(), chromedp.WaitReady("footer"))
	expect("after reloading", three)
	b.do(chromedp.Click("#filters button"))
	eval[bool](b, `(async () => { %s return true })()`, settle)
	expect("after the reset", all)
	b.do(chromedp.SendKeys("#search", "EXAMPLE-17 bucket"))
	b.until(`location.hash.includes("search=EXAMPLE-17+bucket")`)
	expect("search", func(it compliance.Item) bool {
		return it.Control.ID == "infra.bucket-public-access" && strings.HasPrefix(it.Finding.Resource.ID, "example-17")
	})
	b.do(chromedp.Click("#filters button"))
	// A chart leads to its findings.
	eval[bool](b, `(async () => { %s window.scrollTo({top: 0, behavior: "instant"}); %s return true })()`, settle, still)
	b.do(chromedp.Click(".tile.unknown"))
	b.until(`location.hash.includes("unknown") && document.getElementById("status").value === "unknown"`)
	expect("tile", func(it compliance.Item) bool { return it.Finding.Status == posture.Unknown })
	eval[bool](b, `(async () => { %s return true })()`, still) // the page scrolls to the form
	b.do(chromedp.Click("#list .f.unknown > summary"))
	if !eval[bool](b, `document.querySelector("#list .f.unknown .b").checkVisibility() && document.querySelector("#list .f.unknown").open`) {
		t.Error("a finding does not open")
	}
	b.noFaults()
}

// The form must be usable from a keyboard and named for a screen reader.
func TestFormIsNamed(t *testing.T) {
	h, items := estate(40)
	b := open(t, render(t, h, items))
	for _, name := range eval[[]string](b, `Array.from(document.querySelectorAll("select, input, button"), e => (e.labels?.[0]?.firstChild.textContent ?? e.textContent).trim())`) {
		if name == "" {
			t.Error("a field has no label")
		}
	}
	if got := eval[[]string](b, `Array.from(document.querySelectorAll("svg[role=img]"), e => e.getAttribute("aria-label") ?? "")`); len(got) != 1 || !strings.HasPrefix(got[0], "40 findings: ") {
		t.Errorf("the ring is read as %q", got)
	}
	if got := eval[int](b, `document.querySelectorAll("svg:not([role=img]):not([aria-hidden=true])").length`); got != 0 {
		t.Errorf("%d charts are neither named nor hidden", got)
	}
	levels := eval[[]int](b, `Array.from(document.querySelectorAll("h1, h2, h3, h4, h5"), e => +e.tagName[1])`)
	for i := 1; i < len(levels); i++ {
		if levels[i] > levels[i-1]+1 {
			t.Errorf("heading %d of level %d comes after one of level %d", i, levels[i], levels[i-1])
			break
		}
	}
	if eval[int](b, `document.querySelectorAll("h1").length`) != 1 || eval[string](b, `document.documentElement.lang`) != "en" {
		t.Error("one first heading and a language are asked for")
	}
}
