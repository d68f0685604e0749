package timeline

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// WriteText writes entries for reading, one line each and one more for what is
// behind them.
func WriteText(w io.Writer, entries []Entry) error {
	b := bufio.NewWriter(w)
	for _, e := range entries {
		mark := " "
		if e.Tie {
			mark = "~" // order within the second is not known
		}
		fmt.Fprintf(b, "%s%s %-10s %s", e.Time.Format(time.RFC3339), mark, e.Verb, e.Action)
		if e.Count > 1 {
			fmt.Fprintf(b, " x%d until %s", e.Count, e.Until.Format("15:04:05"))
		}
		if e.Outcome != "success" {
			fmt.Fprintf(b, " (%s %s)", e.Outcome, printable(e.Error))
		}
		if len(e.Resources) > 0 {
			fmt.Fprintf(b, " %s", printable(strings.Join(e.Resources, ", ")))
		}
		fmt.Fprintf(b, "\n    by %s", printable(e.Principal))
		if a := e.Lineage.Actor; a.Name != "" && a.Name != e.Principal {
			fmt.Fprintf(b, " = %s %s (%s)", a.Kind, printable(a.Name), e.Lineage.Confidence)
		}
		fmt.Fprintf(b, " from %s in %s %s\n", printable(e.Address), e.Account, e.Region)
		if e.Gap != "" {
			fmt.Fprintf(b, "    -- %s\n", e.Gap)
		}
	}
	return b.Flush()
}

// WriteJSON writes one JSON object a line.
func WriteJSON[T Entry | Change](w io.Writer, items []T) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, it := range items {
		if err := enc.Encode(it); err != nil {
			return err
		}
	}
	return nil
}
