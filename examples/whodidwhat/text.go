package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/lineage"
	"github.com/awsposture/posture/detective/trail/timeline"
)

func writeJSON(out io.Writer, x any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return enc.Encode(x)
}

// plain shows what the logs say in a terminal. Much of it is chosen by the
// caller, who may put control characters into it.
func plain(s string) string {
	q := strconv.Quote(s)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}

func writeChain(out io.Writer, e *trail.Event, c lineage.Chain) error {
	b := bufio.NewWriter(out)
	fmt.Fprintf(b, "%s %s %s\n", e.Time().Format(time.RFC3339), plain(e.Source()), plain(e.Name()))
	fmt.Fprintf(b, "by   %s\n", plain(c.Principal))
	for _, h := range c.Hops {
		fmt.Fprintf(b, "from %s at %s by %s\n     linked by %s (%s)\n", h.Kind, h.Event.Time.Format(time.RFC3339), plain(h.Principal), plain(h.Evidence), h.Confidence)
	}
	fmt.Fprintf(b, "is   %s %s (%s)\n", c.Actor.Kind, plain(c.Actor.Name), c.Confidence)
	if c.Incomplete {
		fmt.Fprintln(b, "     The call that issued the first of the credentials is not in these logs.")
	}
	return b.Flush()
}

const nothing = "Nothing in these logs fits."

func tellTimeline(out io.Writer, es []timeline.Entry) error {
	if len(es) == 0 {
		_, err := fmt.Fprintln(out, nothing)
		return err
	}
	return timeline.WriteText(out, es)
}

func tellChanges(out io.Writer, cs []timeline.Change) error {
	b := bufio.NewWriter(out)
	if len(cs) == 0 {
		fmt.Fprintln(b, nothing)
	}
	for _, c := range cs {
		fmt.Fprintf(b, "%s %s of %s, by %s\n", c.Time.Format(time.RFC3339), c.Aspect, plain(c.Resource), c.Path)
		fmt.Fprintf(b, "    from %s\n    to   %s\n", plain(c.Before), plain(c.After))
		fmt.Fprintf(b, "    %s by %s = %s %s (%s)\n", plain(c.Action), plain(c.Lineage.Principal), c.Lineage.Actor.Kind, plain(c.Lineage.Actor.Name), c.Lineage.Confidence)
	}
	return b.Flush()
}
