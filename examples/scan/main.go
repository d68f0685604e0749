// Command scan judges an AWS account and prints what it found.
//
// Without flags it scans a sample account that it carries: no credentials, no
// network. With -live it scans the account of the default AWS credential chain,
// reading only.
//
//	scan [-live] [-regions a,b] [-endpoint URL] [-framework NAME@VERSION,...] [-format FORMAT] [-fail-on SEVERITY]
//
// The format is text or one of asff, csv, html, jsonl, junit, md, ocsf,
// ocsf-detection, oscal and sarif. With -framework, such as cis-aws@5.0.0, the
// findings are assessed against it.
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
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// scope is what one scan looks at.
type scope struct {
	name        string
	account     posture.Place
	evaluators  []posture.Evaluator
	calls       func() int
	notAssessed []string // places that were not looked at, and why, a sentence each
	unlisted    bool     // the account did not say which regions it has
}

// declared is what an assessment must speak of: where was looked and, where the
// regions are not known, a region that nothing can be of, so that no requirement
// is met that asks for every region.
func (s scope) declared(looked []posture.Place) []posture.Place {
	if s.unlisted {
		others := s.account
		others.Region = "not-listed"
		looked = append(looked, others)
	}
	return looked
}

type options struct {
	live     bool
	regions  []string
	endpoint string
	format   string
	against  []*compliance.Framework
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
	assessor := compliance.Assessor{Frameworks: o.against, Scope: s.declared(places(s.evaluators)), Owner: compliance.Owners{}.Of}
	assessing, err := assessor.Start()
	if err != nil {
		fmt.Fprintln(errs, "scan:", err)
		return 2
	}
	sum := summary{scope: s}
	bar := newBar(errs)
	items := slices.Collect(assessing.Items(func(yield func(posture.Result) bool) {
		for r := range posture.Scan(ctx, s.evaluators, &posture.ScanOptions{Progress: bar.show}) {
			if sum.add(r); !yield(r) {
				return
			}
		}
	}))
	bar.clear()
	sum.took = time.Since(began)
	sum.assessment = assessing.Assessment()
	if o.format == "text" {
		sum.write(out)
	} else if err := write(out, o.format, header(&sum, began), items); err != nil {
		fmt.Fprintln(errs, "scan:", err)
		return 2
	}
	return sum.status(o.failOn)
}

func parse(args []string, errs io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("scan", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.BoolVar(&o.live, "live", false, "scan the account of the default AWS credential chain")
	regions := flags.String("regions", "", "comma-separated regions; default: those enabled for the account")
	flags.StringVar(&o.endpoint, "endpoint", "", "address of an AWS emulator, with -live")
	names := strings.Join(append([]string{"text"}, slices.Sorted(maps.Keys(formats))...), ", ")
	flags.StringVar(&o.format, "format", "text", "one of "+names)
	frameworks := flags.String("framework", "", "comma-separated frameworks to assess against, such as cis-aws@5.0.0,aws-fsbp@1.0.0")
	failOn := flags.String("fail-on", "", "least severity of a failing finding that makes the exit status 1")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *regions != "" {
		o.regions = strings.FieldsFunc(*regions, func(r rune) bool { return r == ',' || r == ' ' })
	}
	if o.format != "text" && formats[o.format] == nil {
		return o, fmt.Errorf("-format %q is none of %s", o.format, names)
	}
	if *frameworks != "" {
		for name := range strings.SplitSeq(*frameworks, ",") {
			key, version, _ := strings.Cut(name, "@")
			f, err := compliance.Load(key, version)
			if err != nil {
				return o, fmt.Errorf("-framework: %w", err)
			}
			o.against = append(o.against, f)
		}
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
