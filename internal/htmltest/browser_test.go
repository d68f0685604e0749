//go:build chromium

package htmltest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/awsposture/posture/compliance"
	"github.com/awsposture/posture/compliance/report"
)

// browser starts Chromium once for all tests.
var browser = sync.OnceValues(func() (context.Context, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("disable-dev-shm-usage", true))
	allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(allocator)
	return ctx, chromedp.Run(ctx)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if ctx, err := browser(); err == nil {
		_ = chromedp.Cancel(ctx)
	}
	os.Exit(code)
}

// tab is an open page, and the errors that it made.
type tab struct {
	context.Context
	t    *testing.T
	file string

	mu     sync.Mutex
	faults []string
}

// open writes the text of a page to a file and opens it in a tab of its own after the
// actions of before.
func open(t *testing.T, text []byte, before ...chromedp.Action) *tab {
	t.Helper()
	b := newTab(t)
	if err := os.WriteFile(b.file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	b.do(before...)
	b.do(chromedp.Navigate("file://"+b.file), chromedp.WaitReady("footer"))
	return b
}

// newTab is a tab with nothing in it.
func newTab(t *testing.T) *tab {
	t.Helper()
	parent, err := browser()
	if err != nil {
		t.Fatalf("chromium: %v", err)
	}
	ctx, cancel := chromedp.NewContext(parent)
	ctx, timeout := context.WithTimeout(ctx, 4*time.Minute) // a busy machine is no fault of the page
	t.Cleanup(func() { timeout(); cancel() })
	b := &tab{Context: ctx, t: t, file: filepath.Join(t.TempDir(), "report.html")}
	chromedp.ListenTarget(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			b.fault(e.ExceptionDetails.Error())
		case *runtime.EventConsoleAPICalled:
			b.fault("console: " + string(e.Type))
		case *log.EventEntryAdded:
			b.fault(string(e.Entry.Level) + ": " + e.Entry.Text)
		}
	})
	b.do(log.Enable(), page.BringToFront())
	return b
}

func (b *tab) fault(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = append(b.faults, text)
}

func (b *tab) noFaults() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.faults {
		b.t.Errorf("the page made an error: %s", f)
	}
}

func (b *tab) do(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// eval gives the value of a script, waiting where it is a promise.
func eval[T any](b *tab, format string, args ...any) (v T) {
	b.t.Helper()
	script := fmt.Sprintf(format, args...)
	err := chromedp.Run(b, chromedp.Evaluate(script, &v, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return v
}

// shot keeps a picture of the page in the folder that SHOTS names.
func (b *tab) shot(name string, whole bool) {
	b.t.Helper()
	dir := os.Getenv("SHOTS")
	if dir == "" {
		return
	}
	var png []byte
	if whole {
		b.do(chromedp.FullScreenshot(&png, 100))
	} else {
		b.do(chromedp.CaptureScreenshot(&png))
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func render(t *testing.T, h report.Header, items []compliance.Item) []byte {
	t.Helper()
	slices.SortStableFunc(items, report.Urgency(h.Finished))
	var b bytes.Buffer
	if err := (report.HTML{}).Write(&b, h, slices.Values(items)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
