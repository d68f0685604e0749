// Command whodidwhat tells from CloudTrail logs who did what, and who is behind
// it: it follows role sessions and keys back to whoever got them first.
//
//	whodidwhat -who build-bot         all that it did, and all that it became
//	whodidwhat -changes orchard-data  who changed it, from what to what
//	whodidwhat -event 0000001e        how the caller came by its credentials
//
// "by A = B (proved)" reads: the call was made as A, and B is behind it; the
// word says how well that is known. A change "from (unknown)" is of something
// that was set before the logs begin.
//
// With -json it prints JSON, one object a line, which holds the ids of the
// events. It exits with 1 when something could not be read, after telling all
// the rest, and with 2 when it was asked wrongly.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/lineage"
	"github.com/awsposture/posture/detective/trail/timeline"
	"github.com/awsposture/posture/examples/internal/orchard"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, out, errs io.Writer) int {
	var q timeline.Query
	flags := flag.NewFlagSet("whodidwhat", flag.ContinueOnError)
	flags.SetOutput(errs)
	logs := flags.String("logs", "", "`directory` of CloudTrail log files; default the sample's")
	flags.StringVar(&q.Principal, "who", "", "ARN, name, account or access `key`; what it became is told too")
	flags.StringVar(&q.Resource, "resource", "", "only what was done to this `ARN` or name")
	flags.StringVar(&q.Action, "action", "", "only this `event`, such as Put* or s3:Get*")
	flags.StringVar(&q.Outcome, "outcome", "", "only this `outcome`: success, failure, attempt or denied")
	flags.BoolVar(&q.Writes, "writes", false, "leave out what changes nothing")
	flags.Func("from", "only from this `time` on, 2026-03-02T08:00:00Z", parseTime(&q.From))
	flags.Func("to", "only before this `time`", parseTime(&q.To))
	changes := flags.String("changes", "", "tell what this `resource` was changed from and to, instead")
	event := flags.String("event", "", "tell the lineage of the event with this `id`, or the only one whose id begins so, instead")
	asJSON := flags.Bool("json", false, "print JSON, one object a line")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintln(errs, "whodidwhat: give flags only")
		return 2
	}
	if !slices.Contains([]string{"", "success", "failure", "attempt", "denied"}, q.Outcome) {
		fmt.Fprintf(errs, "whodidwhat: -outcome %s is not success, failure, attempt or denied\n", plain(q.Outcome))
		return 2
	}
	source, err := orchard.Logs(*logs)
	if err != nil {
		fmt.Fprintln(errs, err)
		return 2
	}
	// The log is read twice: who issued a key may stand in a later file.
	events := func() iter.Seq2[*trail.Event, error] {
		return trail.Read(ctx, trail.Files(source), &trail.ReadOptions{Dedupe: &trail.Dedupe{}})
	}
	var lost []error
	switch {
	case *event != "":
		lost, err = tellLineage(out, events, *event, *asJSON)
	case *changes != "":
		var cs []timeline.Change
		if cs, lost = timeline.Changes(events, *changes, nil); *asJSON {
			err = timeline.WriteJSON(out, cs)
		} else {
			err = tellChanges(out, cs)
		}
	default:
		q.Collapse = true
		var es []timeline.Entry
		if es, lost = timeline.Build(events, q, nil); *asJSON {
			err = timeline.WriteJSON(out, es)
		} else {
			err = tellTimeline(out, es)
		}
	}
	for _, e := range lost {
		fmt.Fprintln(errs, e)
	}
	if err != nil {
		fmt.Fprintln(errs, err)
		return 2
	}
	if len(lost) > 0 {
		return 1
	}
	return 0
}

func parseTime(t *time.Time) func(string) error {
	return func(s string) (err error) {
		*t, err = time.Parse(time.RFC3339, s)
		return err
	}
}

// tellLineage says how the caller of one event came by its credentials.
func tellLineage(out io.Writer, events timeline.Events, id string, asJSON bool) ([]error, error) {
	var store lineage.Store
	var found *trail.Event
	others := 0 // whose ids begin alike
	var lost []error
	for e, err := range events() {
		if err != nil {
			lost = append(lost, err)
			continue
		}
		store.Add(e)
		switch {
		case e.ID() == id:
			found, others = e.Clone(), 0
		case !strings.HasPrefix(e.ID(), id) || found != nil && found.ID() == id:
		case found == nil:
			found = e.Clone()
		default:
			others++
		}
	}
	if found == nil {
		return lost, fmt.Errorf("whodidwhat: no event %s", plain(id))
	}
	if others > 0 {
		return lost, fmt.Errorf("whodidwhat: the ids of %d events begin with %s: give more of it", others+1, plain(id))
	}
	chain := store.Trace(found)
	if asJSON {
		return lost, writeJSON(out, chain)
	}
	return lost, writeChain(out, found, chain)
}
