package posture_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with a file under testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

var here = posture.Place{Partition: "aws", Account: "123456789012", Region: "eu-west-1"}

// control is a control without faults.
func control(id string) posture.Control {
	return posture.Control{ID: id, Title: "It is so", Doc: "Make it so.", Severity: posture.Medium, Resource: "AWS::Test::Thing", Requires: []string{"test:GetThing"}}
}

// evaluator is an evaluator of which the parts are the test's.
type evaluator struct {
	control  posture.Control
	evaluate func(context.Context) ([]posture.Finding, error)
}

func (e evaluator) Control() posture.Control { return e.control }
func (e evaluator) Place() posture.Place     { return here }
func (e evaluator) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	return e.evaluate(ctx)
}

// passes gives one passing finding at once.
func passes(id string) evaluator {
	c := control(id)
	return evaluator{c, func(context.Context) ([]posture.Finding, error) {
		return []posture.Finding{c.Pass(thing("a"), nil)}, nil
	}}
}

func thing(id string) posture.Resource { return here.Resource("AWS::Test::Thing", id, "") }

// panics panics in each of its methods that is named.
type panics struct {
	evaluator
	inControl, inPlace bool
}

func (p panics) Control() posture.Control {
	if p.inControl {
		panic("no control")
	}
	return p.control
}

func (p panics) Place() posture.Place {
	if p.inPlace {
		panic("no place")
	}
	return here
}

// executor does within limits what anybody approves.
func executor(l posture.Limits) *posture.Executor {
	if l.Targets == 0 {
		l.Targets = 25
	}
	l.Pace = 1
	x := &posture.Executor{Limits: l}
	x.Approvals = func(_ context.Context, plan string) ([]posture.Approval, error) {
		now := time.Now()
		if x.Now != nil {
			now = x.Now()
		}
		return []posture.Approval{{Plan: plan, Approver: "ana@example.com", Time: now}, {Plan: plan, Approver: "ben@example.com", Time: now}}, nil
	}
	return x
}
