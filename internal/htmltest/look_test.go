//go:build chromium

package htmltest

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
	"github.com/awsposture/posture/compliance/report"
)

func media(name, scheme string) chromedp.Action {
	return emulation.SetEmulatedMedia().WithMedia(name).WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}})
}

const openAll = `document.querySelectorAll("details").forEach(d => { d.open = true }), true`

// faint are the texts whose colour is too near to that behind them: the ratio
// is less than 4.5, which WCAG 2.2 asks for as level AA.
const faint = `(() => {
  const parse = (c) => {
    const n = c.match(/-?[\d.]+(e-?\d+)?/g).map(Number);
    const [r, g, b, a] = c.startsWith("color(") ? [n[0] * 255, n[1] * 255, n[2] * 255, n[3] ?? 1] : [n[0], n[1], n[2], n[3] ?? 1];
    return [r, g, b, a];
  };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = (c) => {
    const [r, g, b] = c.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (e) => e === null ? [255, 255, 255, 1] : over(parse(getComputedStyle(e).backgroundColor), behind(e.parentElement));
  const bad = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const e = n.parentElement;
    if (!n.textContent.trim() || !e.checkVisibility() || ["SCRIPT", "OPTION"].includes(e.tagName)) continue;
    const back = behind(e);
    const style = getComputedStyle(e);
    const front = over(parse(e instanceof SVGElement ? style.fill : style.color), back);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) bad.add(e.tagName + "." + e.className + " " + ratio.toFixed(2) + " " + n.textContent.trim().slice(0, 30));
  }
  return [...bad];
})()`

func TestLooks(t *testing.T) {
	h, items := estate(600)
	b := open(t, render(t, h, items), media("", "light"))
	b.do(chromedp.EmulateViewport(1280, 900))
	b.shot("light", false)
	eval[bool](b, `document.querySelectorAll("details:not(.f)").forEach(d => { d.open = true }), true`)
	for _, scheme := range []string{"light", "dark"} {
		b.do(media("", scheme))
		for _, c := range eval[[]string](b, faint) {
			t.Errorf("%s: too faint: %s", scheme, c)
		}
	}
	b.shot("dark", false)
	eval[bool](b, `scrollTo({top: 880, behavior: "instant"}), true`)
	b.shot("charts-dark", false)
	eval[bool](b, `document.querySelectorAll("#list > .f").forEach((d, i) => { if (i %% 97 === 0) d.open = true }), document.getElementById("findings").scrollIntoView({behavior: "instant"}), true`)
	for _, scheme := range []string{"dark", "light"} {
		b.do(media("", scheme))
		b.shot("findings-"+scheme, false)
		for _, c := range eval[[]string](b, faint) {
			t.Errorf("%s, opened: too faint: %s", scheme, c)
		}
	}
	b.noFaults()
}

// long are names of the greatest lengths that AWS allows, without a space to break at.
func long() (report.Header, []compliance.Item) {
	h, items := estate(80)
	for i := range items {
		it := &items[i]
		it.Finding.Resource.ID = strings.Repeat("x", 255)
		it.Finding.Resource.ARN = "arn:aws:lambda:eu-west-1:111122223333:function:" + strings.Repeat("y", 400)
		it.Owner = strings.Repeat("team", 40)
		it.Finding.Evidence = map[string]any{strings.Repeat("k", 90): strings.Repeat("v", 900)}
		it.Finding.Tags = map[string]string{strings.Repeat("t", 128): strings.Repeat("u", 256)}
		it.Control.Title = strings.Repeat("Title", 30)
	}
	return h, items
}

// On a phone nothing is wider than the screen.
func TestPhone(t *testing.T) {
	for name, make := range map[string]func() (report.Header, []compliance.Item){"usual": func() (report.Header, []compliance.Item) { return estate(120) }, "long": long} {
		h, items := make()
		b := open(t, render(t, h, items), media("", "light"))
		for _, width := range []int64{390, 320} {
			b.do(chromedp.EmulateViewport(width, 844, chromedp.EmulateMobile))
			for _, state := range []string{"closed", "open"} {
				if state == "open" {
					eval[bool](b, openAll)
				}
				if got := eval[int64](b, `Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)`); got > width {
					wide := eval[[]string](b, `Array.from(document.querySelectorAll("body *")).filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1 && !e.closest("svg, .skip")).slice(0, 5).map(e => e.tagName + "." + e.className)`)
					t.Errorf("%s, %s: the page is %d wide on a screen of %d: %v", name, state, got, width, wide)
				}
			}
		}
		b.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
		if name == "usual" {
			eval[bool](b, `document.querySelectorAll("details").forEach(d => { d.open = false }), scrollTo({top: 0, behavior: "instant"}), true`)
			b.shot("phone", false)
			eval[bool](b, `document.getElementById("findings").scrollIntoView({behavior: "instant"}), document.querySelector("#list > .f").open = true`)
			b.shot("phone-findings", false)
			eval[bool](b, `scrollBy({top: 800, behavior: "instant"}), true`)
			b.shot("phone-findings-2", false)
			eval[bool](b, `scrollTo({top: 700, behavior: "instant"}), true`)
			b.shot("phone-charts", false)
			eval[bool](b, `document.querySelector("figure details").open = true, document.querySelector("figure details").scrollIntoView({behavior: "instant"}), true`)
			b.shot("phone-requirements", false)
		}
		b.noFaults()
	}
}

// On paper every finding stands with its evidence, and no form.
func TestPrint(t *testing.T) {
	h, items := estate(60)
	b := open(t, render(t, h, items), media("print", "dark"))
	if got := eval[int](b, `Array.from(document.querySelectorAll("#list .b")).filter(e => e.checkVisibility() && e.getBoundingClientRect().height > 20).length`); got != len(items) {
		t.Errorf("%d of %d findings show what they hold", got, len(items))
	}
	if eval[bool](b, `document.querySelector("#filters .fields").checkVisibility()`) {
		t.Error("the form is printed")
	}
	if got := eval[string](b, `getComputedStyle(document.body).backgroundColor`); got != "rgb(255, 255, 255)" {
		t.Errorf("the paper is %s", got)
	}
	b.do(chromedp.EmulateViewport(794, 1123))
	b.shot("print", false)
	b.do(media("", "light"), chromedp.ActionFunc(func(ctx context.Context) error {
		pdf, _, err := page.PrintToPDF().WithPrintBackground(true).Do(ctx)
		pages := bytes.Count(pdf, []byte("/Type /Page\n"))
		if err == nil && pages < 15 {
			t.Errorf("%d opened findings fit on %d pages of PDF", len(items), pages)
		}
		return err
	}))
	b.noFaults()
}

// Without script the report is whole, only without filters.
func TestWithoutScript(t *testing.T) {
	h, items := estate(60)
	b := open(t, render(t, h, items), emulation.SetScriptExecutionDisabled(true))
	b.do(emulation.SetScriptExecutionDisabled(false))
	if got := eval[[]int](b, visible); len(got) != len(items) {
		t.Errorf("%d of %d findings are seen", len(got), len(items))
	}
	if eval[bool](b, `document.getElementById("filters").checkVisibility()`) {
		t.Error("a form that does nothing is shown")
	}
}

// What comes from AWS is text: nothing of it runs, loads or breaks the page.
func TestHostile(t *testing.T) {
	h, items := estate(80)
	bad := []string{"<script>window.hacked=1</script>", "\"><img src=x onerror=window.hacked=1>", "' autofocus onfocus='window.hacked=1", "</pre></details></main><h1>x", "&#10;&lt;", "\u202e\x00\xff", "javascript:window.hacked=1"}
	for i := range items {
		s := bad[i%len(bad)]
		it := &items[i]
		it.Finding.Detail, it.Owner, it.Control.Title, it.Control.Doc = s, s, s, s
		it.Finding.Resource.ID, it.Finding.Resource.Account, it.Finding.Evidence = s, s, map[string]string{s: s}
		it.Finding.Tags = map[string]string{s: s}
		it.Requirements = []compliance.Ref{{Framework: s, Version: "1", ID: s}}
		if it.Finding.Cause != nil {
			it.Finding.Cause = &posture.Cause{Kind: posture.CauseDenied, Message: s}
		}
	}
	h.Title, h.Notes, h.Comparison = bad[0], bad, nil
	b := open(t, render(t, h, items))
	eval[bool](b, openAll)
	for i := range len(bad) {
		choose(b, "owner", i+1)
		if got := eval[[]int](b, visible); len(got) == 0 || len(got) > len(items)/2 {
			t.Errorf("owner %q: %d findings", bad[i], len(got))
		}
	}
	if eval[bool](b, `"hacked" in window`) {
		t.Error("something of it ran")
	}
	if got := eval[int](b, `document.querySelectorAll("h1").length + document.querySelectorAll("img, script:not(:last-of-type)").length`); got != 1 {
		t.Errorf("the page has elements that are not its own")
	}
	b.noFaults()
}

// An error on the page must be seen by these tests.
func TestFaultsAreSeen(t *testing.T) {
	h, items := estate(8)
	p := bytes.Replace(render(t, h, items), []byte(`"use strict";`), []byte(`"use strict"; undefinedThing();`), 1)
	b := open(t, p)
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.faults) == 0 || !strings.Contains(strings.Join(b.faults, " "), "Content Security Policy") {
		t.Errorf("a script that is not the page's own is not refused: %v", b.faults)
	}
}
