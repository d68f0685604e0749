// Command custom judges an account by a control of its own, UserEMail in
// email.go, together with the controls of package iam, and prints what they say.
// The account is in memory; nothing reaches AWS. Run it with
//
//	go run ./examples/custom
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var place = posture.Place{Partition: "aws", Account: "111122223333"}

// today keeps the output the same for ever. A program that looks at a real account
// leaves the clock out.
func today() time.Time { return time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC) }

func fakeAccount() *iamtest.IAM {
	f := iamtest.New(place)
	f.Now = today
	f.Edit(func(s *iamtest.State) {
		s.Root = iamtest.Root{Key: true}
		s.Users["mira"] = &iamtest.User{Created: today().AddDate(-1, 0, 0), Tags: map[string]string{"email": "mira@example.com"}}
		s.Users["otto"] = &iamtest.User{Created: today().AddDate(-2, 0, 0), Tags: map[string]string{"email": "ask the front desk"}}
		s.Users["robot"] = &iamtest.User{
			Created: today().AddDate(0, -8, 0),
			Keys:    []*iamtest.Key{{ID: "AKIAEXAMPLEROBOT0001", Created: today().AddDate(0, -8, 0)}},
		}
	})
	return f
}

// run scans the account and writes one line a finding, with the evidence where
// it fails and the cause where it is unknown.
func run(ctx context.Context, w io.Writer) error {
	account := iam.NewAccount(place, fakeAccount())
	account.Now = today

	suite := slices.Concat(iam.Evaluators(account), []posture.Evaluator{UserEMail{Account: account}})
	if err := posture.Validate(suite); err != nil {
		return err
	}
	count := map[posture.Status]int{}
	for r := range posture.Scan(ctx, suite, nil) {
		for _, f := range r.Findings {
			count[f.Status]++
			if _, err := fmt.Fprintf(w, "%-14v %-13v %s on %v: %s\n", f.Status, f.Severity, f.Control, f.Resource, f.Detail); err != nil {
				return err
			}
		}
	}
	_, err := fmt.Fprintf(w, "%d controls: %d fail, %d unknown, %d pass, %d not applicable\n",
		len(suite), count[posture.Fail], count[posture.Unknown], count[posture.Pass], count[posture.NotApplicable])
	return err
}
