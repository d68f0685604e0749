// Command scan judges an AWS account and prints what it found.
//
// Without flags it scans a sample account that it carries: no credentials, no
// network. With -live it scans the account of the default AWS credential chain,
// reading only.
//
//	scan [-live] [-regions a,b] [-endpoint URL] [-format text|jsonl] [-fail-on SEVERITY]
//
// With -fail-on the exit status is 0 when nothing of that severity or above
// fails, 1 when something does, and 2 when nothing does but something could not be
// assessed. It is 2, too, when the scan could not run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// scope is what one scan looks at.
type scope struct {
	name        string
	account     posture.Place
	evaluators  []posture.Evaluator
	calls       func() int
	notAssessed []string // places that were not looked at, and why, a sentence each
}

type options struct {
	live     bool
	regions  []string
	endpoint string
	format   string
	failOn   posture.Severity
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, out, errs io.Writer) int {
	o, err := parse(args, errs)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(errs, "scan:", err)
		return 2
	}
	s, err := open(ctx, o)
	if err != nil {
		fmt.Fprintln(errs, "scan:", err)
		return 2
	}
	if err := posture.Validate(s.evaluators); err != nil {
		fmt.Fprintln(errs, "scan:", err)
		return 2
	}
	began := time.Now()
	sum := summary{scope: s}
	bar := newBar(errs)
	print := printer(o.format, out)
	for r := range posture.Scan(ctx, s.evaluators, &posture.ScanOptions{Progress: bar.show}) {
		sum.add(r)
		if err := print(r); err != nil {
			fmt.Fprintln(errs, "scan:", err)
			return 2
		}
	}
	bar.clear()
	sum.took = time.Since(began)
	if o.format == "text" {
		sum.write(out)
	}
	return sum.status(o.failOn)
}

func parse(args []string, errs io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("scan", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.BoolVar(&o.live, "live", false, "scan the account of the default AWS credential chain")
	regions := flags.String("regions", "", "comma-separated regions; default: those enabled for the account")
	flags.StringVar(&o.endpoint, "endpoint", "", "address of an AWS emulator, with -live")
	flags.StringVar(&o.format, "format", "text", "text or jsonl")
	failOn := flags.String("fail-on", "", "least severity of a failing finding that makes the exit status 1")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *regions != "" {
		o.regions = strings.Split(*regions, ",")
	}
	if o.format != "text" && o.format != "jsonl" {
		return o, fmt.Errorf("-format %q is neither text nor jsonl", o.format)
	}
	if !o.live && (o.endpoint != "" || *regions != "") {
		return o, errors.New("-regions and -endpoint go with -live")
	}
	return o, o.failOn.UnmarshalText([]byte(*failOn))
}

func open(ctx context.Context, o options) (scope, error) {
	if o.live {
		return openLive(ctx, o)
	}
	return openSample(), nil
}
