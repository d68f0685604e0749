// Command detect runs detection rules over CloudTrail logs: the built-in ones,
// Sigma rules and EventBridge event patterns.
//
//	detect -sigma testdata/rules.yml -pattern testdata/customers.json
//	detect -logs DIR -own ACCOUNT
//
// Before it runs rules it says which of the files' rules can never match, and
// why, and which built-in ones do not run for want of a list, such as that of
// the own buckets. A program that embeds them hands the lists in. It exits
// with 0 when nothing was found, 1 when something was, and 2 when it was asked
// wrongly or could not read everything.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/detections"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/examples/internal/orchard"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

var levels = []string{"informational", "low", "medium", "high", "critical"}

func run(ctx context.Context, args []string, out, errs io.Writer) int {
	var c collection
	var p detections.Params
	flags := flag.NewFlagSet("detect", flag.ContinueOnError)
	flags.SetOutput(errs)
	logs := flags.String("logs", "", "`directory` of CloudTrail log files; default the sample's")
	least := flags.String("level", "low", "leave out what is below this `level`")
	asJSON := flags.Bool("json", false, "print JSON, one finding a line")
	flags.Func("own", "an `account` of ours; may be repeated", func(a string) error {
		p.OwnAccounts = append(p.OwnAccounts, a)
		return nil
	})
	flags.Func("sigma", "`file` of Sigma rules; may be repeated", c.addSigma)
	flags.Func("pattern", "`file` with an EventBridge event pattern; may be repeated", c.addPattern)
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() > 0 || !slices.Contains(levels, *least) {
		fmt.Fprintln(errs, "detect: give a level of "+strings.Join(levels, ", ")+", and flags only")
		return 2
	}
	source, err := orchard.Logs(*logs)
	if err != nil {
		fmt.Fprintln(errs, err)
		return 2
	}
	if *logs == "" && len(p.OwnAccounts) == 0 {
		p.OwnAccounts = []string{orchard.Account}
	}
	if skipped := detections.NotConfigured(p); len(skipped) > 0 {
		var ids []string
		for _, s := range skipped {
			ids = append(ids, s.ID+" "+s.Reason)
		}
		fmt.Fprintf(errs, "note: %d built-in detections do not run: %s\n", len(skipped), strings.Join(ids, ", "))
	}
	rules, failed := c.rules(detections.Rules(p), errs)
	set, err := rule.Compile(rules)
	if err != nil {
		fmt.Fprintln(errs, err)
		failed = true
	}
	var hits []rule.Hit
	events := trail.Read(ctx, trail.Files(source), &trail.ReadOptions{Dedupe: &trail.Dedupe{}})
	for h, err := range set.Run(events, nil) {
		if err != nil {
			fmt.Fprintln(errs, err)
			failed = true
		} else if slices.Index(levels, h.Level) >= slices.Index(levels, *least) {
			hits = append(hits, h)
		}
	}
	// Hits of windows come when the windows close; people read by time.
	slices.SortStableFunc(hits, func(a, b rule.Hit) int {
		return cmp.Or(a.First.Compare(b.First), strings.Compare(a.Rule, b.Rule), strings.Compare(a.ID, b.ID))
	})
	if *asJSON {
		err = writeJSON(out, hits)
	} else {
		err = writeText(out, hits, set.Rules())
	}
	if err != nil {
		fmt.Fprintln(errs, err)
		failed = true
	}
	switch {
	case failed:
		return 2
	case len(hits) > 0:
		return 1
	}
	return 0
}
