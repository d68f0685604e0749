// Command policy decides one request under policies read from files, and says
// why in words that do not ask for knowledge of IAM.
//
//	policy -identity identity.json -resource-policy bucket.json \
//	  -user arn:aws:iam::111122223333:user/ana -action s3:GetObject \
//	  -resource arn:aws:s3:::example-reports/ana/may.pdf -owner 111122223333 \
//	  aws:SourceIp=198.51.100.7
//
// It exits with 0 when the request is allowed, 1 when it is refused, and 2
// when it could not be decided. With -json the explanation is printed as JSON.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/awsposture/posture/iam/policy"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, out, errs io.Writer) int {
	var p policy.Policies
	var r policy.Request
	flags := flag.NewFlagSet("policy", flag.ContinueOnError)
	flags.SetOutput(errs)
	add := func(kind policy.Kind, use func(*policy.Document)) func(string) error {
		return func(name string) error {
			d, err := read(kind, name)
			if err == nil {
				use(d)
			}
			return err
		}
	}
	flags.Func("identity", "`file` with an identity policy; may be repeated", add(policy.Identity, func(d *policy.Document) { p.Identity = append(p.Identity, d) }))
	flags.Func("boundary", "`file` with the permissions boundary", add(policy.Boundary, func(d *policy.Document) { p.Boundary = d }))
	flags.Func("scp", "`file` with a service control policy, a level each, from the root down", add(policy.SCP, func(d *policy.Document) {
		p.SCPs = append(p.SCPs, policy.Level{Name: d.Name, Policies: []*policy.Document{d}})
	}))
	flags.Func("resource-policy", "`file` with the policy of the resource", add(policy.Resource, func(d *policy.Document) { p.Resource = d }))
	user := flags.String("user", "", "`ARN` of the IAM user; no user is an anonymous caller")
	flags.StringVar(&r.Action, "action", "", "`action`, such as s3:GetObject")
	flags.StringVar(&r.Resource, "resource", "*", "`ARN` of the resource")
	flags.StringVar(&r.Owner.ID, "owner", "", "`account` that owns the resource, where its ARN does not say")
	asJSON := flags.Bool("json", false, "print JSON")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	r.Principal = policy.Principal{Kind: policy.Anonymous}
	if *user != "" {
		r.Principal = policy.Principal{Kind: policy.IAMUser, ARN: *user}
	}
	r.Context = policy.Context{}
	for _, arg := range flags.Args() {
		key, value, ok := strings.Cut(arg, "=")
		if !ok {
			fmt.Fprintf(errs, "%q is not of the form key=value\n", arg)
			return 2
		}
		r.Context[key] = append(r.Context[key], value)
	}
	engine, err := policy.Compile(p)
	if err != nil {
		fmt.Fprintln(errs, err)
		return 2
	}
	x := engine.Explain(&r)
	if *asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		err = enc.Encode(x)
	} else {
		_, err = io.WriteString(out, x.Text())
	}
	switch {
	case err != nil:
		fmt.Fprintln(errs, err)
		return 2
	case x.Err != nil:
		return 2
	case x.Allowed():
		return 0
	}
	return 1
}

func read(kind policy.Kind, name string) (*policy.Document, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return policy.Parse(kind, name, text)
}
