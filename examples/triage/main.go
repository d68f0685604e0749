// Command triage puts what Amazon GuardDuty saw, what Amazon Inspector found and
// what AWS Trusted Advisor advises about the sample account into one list, the
// most urgent first, with the reason for each place. Below it stands which service
// looks at nothing, and what could not be read, which makes the exit status 2.
//
//	triage [-json] [-most N]
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/awsposture/posture/examples/internal/sample"
	"github.com/awsposture/posture/guardduty"
)

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) }

func run(ctx context.Context, args []string, w, errs io.Writer) int {
	flags := flag.NewFlagSet("triage", flag.ContinueOnError)
	flags.SetOutput(errs)
	asJSON := flags.Bool("json", false, "write JSON Lines")
	most := flags.Int("most", 20, "how many to write; 0 is all")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	var regions []*guardduty.Region
	for _, fake := range sample.GuardDuty() {
		regions = append(regions, sample.GuardDutyRegion(fake))
	}
	all, off, unread := gather(ctx, regions, sample.Inspector(), sample.Advisor())
	if err := write(w, all, *most, *asJSON); err != nil {
		fmt.Fprintln(errs, "triage:", err)
		return 2
	}
	for _, what := range off {
		fmt.Fprintln(errs, "triage: not looked at:", what)
	}
	for _, err := range unread {
		fmt.Fprintln(errs, "triage: not read:", err)
	}
	if len(unread) > 0 {
		return 2
	}
	return 0
}

func write(w io.Writer, all []matter, most int, asJSON bool) error {
	left := len(all)
	if most > 0 && most < left {
		left = most
	}
	encoder := json.NewEncoder(w)
	for i, m := range all[:left] {
		var err error
		if asJSON {
			err = encoder.Encode(m)
		} else {
			_, err = fmt.Fprintf(w, "%2d. %-8s %s\n    %s: %s\n    %s\n\n", i+1, m.Urgency, m.Title, m.Source, m.Resource, m.Reason)
		}
		if err != nil {
			return err
		}
	}
	if rest := len(all) - left; rest > 0 && !asJSON {
		if _, err := fmt.Fprintf(w, "and %d more\n", rest); err != nil {
			return err
		}
	}
	return nil
}
