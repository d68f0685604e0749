package compliancetest_test

import (
	"flag"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/compliancetest"
)

var (
	_ compliancetest.T[*testing.T] = (*testing.T)(nil)
	_ compliancetest.T[*testing.B] = (*testing.B)(nil)
)

// A failing assertion on a real *testing.T fails its test, so that it runs in a
// process of its own: this test's binary with this flag.
var assertOpenDoor = flag.Bool("assert-open-door", false, "let TestOpenDoor fail")

func TestOpenDoor(t *testing.T) {
	results := []posture.Result{doors(locked("a"))}
	if *assertOpenDoor {
		results = append(results, doors(open("b")))
	}
	compliancetest.Assert(t, slices.Values(results), compliancetest.Rule{MustRun: []string{"house.door"}})
}

// TestFailingTest wants the failure on the caller's line and in the control's
// subtest, as "go test" prints it.
func TestFailingTest(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string {
		out, err := exec.CommandContext(t.Context(), self, append(args, "-test.run=^TestOpenDoor$/^house.door$")...).CombinedOutput()
		if (err != nil) != slices.Contains(args, "-assert-open-door") {
			t.Fatalf("%v ended with %v:\n%s", args, err, out)
		}
		return string(out)
	}
	run()
	out := run("-assert-open-door")
	for _, want := range []string{
		`--- FAIL: TestOpenDoor/house\.door `,
		`\n +testing_test\.go:\d+: house\.door fails once: "Doors are locked" is not so\.\n`,
		`\n +aws/111122223333/eu-west-1/b \(high\): Door b stands open\.\n`,
	} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("the failing run printed\n%s\nwithout %s", out, want)
		}
	}
}
