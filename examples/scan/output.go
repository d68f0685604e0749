package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/awsposture/posture"
)

// printer gives what prints a result as it comes: nothing for text, which is
// ordered by severity at the end.
func printer(format string, w io.Writer) func(posture.Result) error {
	if format == "text" {
		return func(posture.Result) error { return nil }
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return func(r posture.Result) error {
		for _, f := range r.Findings {
			if err := enc.Encode(f); err != nil {
				return err
			}
		}
		return nil
	}
}

// bar shows progress on a terminal, and nothing elsewhere.
type bar struct{ w io.Writer }

func newBar(w io.Writer) bar {
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return bar{w}
		}
	}
	return bar{io.Discard}
}

func (b bar) show(done, total int, last posture.Result) {
	const width = 30
	full := done * width / total
	fmt.Fprintf(b.w, "\r[%s%s] %d/%d %-40.40s", strings.Repeat("=", full), strings.Repeat(" ", width-full), done, total, last.Control.ID)
}

func (b bar) clear() { fmt.Fprintf(b.w, "\r%80s\r", "") }
