// Command policy compares the decisions of iam/policy with those of cedar-go
// and of MinIO's policy package on equivalent cases, and prints the ratios.
//
// The languages differ, so the cases hold only what all three can say: Allow
// statements about actions and resource patterns, one network condition, and
// requests of a user for an object. Every engine decides the same 1,024
// requests in turn. What an explanation costs is printed for posture alone.
package main

import (
	"fmt"
	"os"
	"testing"
)

func main() {
	testing.Init()
	for _, c := range cases() {
		ours := rate(c.posture)
		fmt.Printf("%-6s posture   %12.0f decisions/s\n", c.name, ours)
		fmt.Printf("%-6s explained %12.0f explanations/s\n", c.name, rate(c.explained))
		for _, other := range []struct {
			name string
			run  func(*testing.B)
		}{{"cedar-go", c.cedar}, {"minio/pkg", c.minio}} {
			theirs := rate(other.run)
			fmt.Printf("%-6s %-9s %12.0f decisions/s   posture is %.1f times as fast\n", c.name, other.name, theirs, ours/theirs)
		}
	}
}

func rate(run func(*testing.B)) float64 {
	r := testing.Benchmark(run)
	if r.N == 0 {
		fmt.Fprintln(os.Stderr, "a benchmark failed: an engine refused what the others allow")
		os.Exit(1)
	}
	return float64(r.N) / r.T.Seconds()
}
