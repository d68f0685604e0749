package posture_test

import (
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// made is a file that imports the given paths, the module's own by directory.
func made(imported ...string) string {
	var b strings.Builder
	b.WriteString("package p\n")
	for _, i := range imported {
		if strings.HasPrefix(i, "./") {
			i = strings.TrimSuffix(module+"/"+i[2:], "/")
		}
		fmt.Fprintf(&b, "import %q\n", i)
	}
	return b.String()
}

const aws = "github.com/aws/aws-sdk-go-v2/"

// Each rule must be able to fail: what breaks it is found, by that rule and no
// other.
func TestDependenciesCanFail(t *testing.T) {
	breaks := map[string][]map[string]string{
		"root": {
			{"a.go": made("github.com/aws/smithy-go")},
			{"a.go": made(aws + "aws")},
			{"a.go": made("./iam")},
			{"a.go": made("./internal/memo")},
			{"a.go": made("golang.org/x/syncopation")},
		},
		"internal": {
			{"internal/memo/a.go": made("./iam")},
			{"internal/x/y/a.go": made("context", "./", "./infra/edge")},
			{"internal/x/a.go": made("./iam/policy")},
		},
		"engines": {
			{"iam/policy/a.go": made("./")},
			{"iam/policy/lint/a.go": made("./internal/memo")},
			{"iam/policy/a.go": made("./waf/webacl")},
			{"iam/policy/a.go": made("example.com/parser")},
			{"waf/webacl/a.go": made(aws + "aws")},
			{"waf/webacl/a.go": made("./waf/webacl/regex"), "waf/webacl/regex/a.go": made("example.com/regex")},
			{"detective/trail/lake/a.go": made("github.com/aws/smithy-go")},
			{"infra/reach/a.go": made("golang.org/x/sync/errgroup")},
		},
		"domains": {
			{"iam/a.go": made("./guardduty")},
			{"newdomain/part/a.go": made("./iam")},
			{"infra/edge/a.go": made("./infra/storage")},
			{"iam/a.go": made("./compliance")},
			{"incident/a.go": made("./infra/network")},
			{"incident/playbook/a.go": made("./infra/compute")},
			{"iam/a.go": made("./incident")},
		},
		"one client": {
			{"iam/a.go": made(aws+"service/iam", aws+"service/sts")},
			{"newdomain/a.go": made(aws + "service/one/types"), "newdomain/b.go": made(aws + "service/two")},
			{"internal/x/a.go": made(aws+"service/one", aws+"service/two")},
		},
		"ec2": {
			{"infra/edge/a.go": made(aws + "service/ec2")},
			{"infra/edge/a.go": made(aws + "service/ec2/types")},
			{"iam/a.go": made("./internal/x"), "internal/x/a.go": made("./internal/y"), "internal/y/a.go": made(aws + "service/ec2")},
			{"incident/a.go": made(aws + "service/ec2")},
		},
		"compliance": {
			{"compliance/a.go": made("./iam")},
			{"compliance/report/a.go": made("./guardduty")},
			{"compliance/report/a.go": made("./compliance/suite")},
		},
		"examples": {
			{"compliance/suite/a.go": made("./examples/scan")},
			{"compliance/a.go": made("./examples/scan/sample")},
		},
		"fakes": {
			{"iam/a.go": made("./iam/iamtest")},
			{"iam/a.go": made("testing")},
			{"compliance/suite/a.go": made("testing/fstest")},
		},
		"linker": {
			{"compliance/report/a.go": made("html/template")},
			{"iam/iamtest/a.go": made("github.com/google/go-cmp/cmp")},
			{"a.go": made("text/template/parse")},
			{"iam/a.go": made("reflect") + "var _ = reflect.ValueOf(1).MethodByName"},
		},
		"configuration": {
			{"iam/a.go": made(aws + "config")},
			{"compliance/suite/a.go": made(aws + "credentials/stscreds")},
		},
		"habits": {
			{"iam/a.go": "package p\nfunc init() {}"},
			{"iam/iamtest/a.go": "package p\nfunc f() { panic(1) }"},
			{"a.go": made("log/slog")},
			{"a.go": "package p\nimport c \"context\"\nvar _ = c.Background()"},
			{"iam/policy/a.go": made("context") + "var _ = context.TODO"},
			{"waf/a.go": made("context") + "var _ = context.WithoutCancel"},
			{"waf/a.go": made("os") + "func f() { os.Exit(1) }"},
			{"waf/a.go": made("os") + "var _, _ = os.LookupEnv(\"AWS_REGION\")"},
			{"waf/a.go": made("fmt") + "func f() { fmt.Println() }"},
			{"waf/a.go": "package p\nimport . \"os\"\nfunc f() { Exit(1) }"},
		},
	}
	for want, trees := range breaks {
		for _, files := range trees {
			if found := brokenBy(t, files); !slices.Equal(slices.Collect(maps.Keys(found)), []string{want}) {
				t.Errorf("%v must break %q, breaks %v", files, want, found)
			}
		}
	}
	for _, r := range rules {
		if breaks[r.name] == nil {
			t.Errorf("nothing here breaks %q", r.name)
		}
	}
}

// What the design allows breaks nothing.
func TestDependenciesThatMayBe(t *testing.T) {
	for _, files := range []map[string]string{
		{"a.go": made("context", "go/ast", "golang.org/x/sync/errgroup") + "var _ = context.WithoutCancel"},
		{"internal/memo/a.go": made("./", "./internal/gate", aws+"aws")},
		{"internal/harness/a.go": made("testing", "os", "./internal/awsfake") + "var _ = os.Getenv"},
		{"iam/a.go": made("./", "./internal/memo", "./iam/policy", "./infra/reach", aws+"aws", aws+"service/iam", aws+"service/iam/types", "github.com/aws/smithy-go")},
		{"iam/analyzer/a.go": made("./", "./iam", aws+"service/accessanalyzer")},
		{"iam/iamtest/a.go": made("./iam", "./internal/awsfake", aws+"service/iam", "testing")},
		{"iam/policy/a.go": made("strings", "./iam/policy/glob"), "iam/policy/glob/a.go": made("regexp")},
		{"detective/trail/lake/a.go": made("./detective/trail", "example.com/columns")},
		{"infra/edge/a.go": made("./infra/internal/tags", "./infra/reach")},
		{"infra/network/a.go": made(aws + "service/ec2"), "incident/quarantine/a.go": made("./infra/network", "./incident")},
		{"incident/a.go": made("./iam", "./infra/storage", "./guardduty")},
		{"compliance/a.go": made("./", "./iam/policy"), "compliance/compliancetest/a.go": made("testing", "./compliance")},
		{"compliance/suite/a.go": made("./iam", "./infra/network", "./compliance", aws+"service/ec2", aws+"service/iam")},
		{"examples/scan/a.go": made("os", "context", "log", "html/template", "./compliance/suite", "./iam/iamtest", aws+"config", aws+"service/iam", aws+"service/sts") + "func init() { os.Exit(1) }\nvar _ = context.Background()"},
		{"iam/gen.go": "//go:build ignore\n\npackage main\nimport \"os\"\nfunc main() { os.Exit(1) }"},
		{"iam/a.go": "package p\ntype t struct{}\nfunc (t) init() {}\nfunc (t) panic() { t{}.panic() }"},
	} {
		if found := brokenBy(t, files); len(found) > 0 {
			t.Errorf("%v breaks %v", files, found)
		}
	}
}

// The tree is the module's own packages, without tests and without what is a
// module of its own.
func TestDependenciesReadTheModuleOnly(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{
		"go.mod", "a.go", "a_test.go", "iam/a.go", "iam/a_test.go", "iam/testdata/a.go", "internal/bench/go.mod", "internal/bench/a.go", "internal/bench/deep/a.go",
		".hidden/a.go", "_off/a.go", "vendor/x/a.go", "docs/readme.md",
	} {
		if err := os.MkdirAll(path.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("package p\nimport \"log\"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	all := readTree(t)
	if got := slices.Sorted(maps.Keys(all)); !slices.Equal(got, []string{"", "iam"}) {
		t.Errorf("read %q", got)
	}
	want := []string{"a.go imports log", "iam/a.go imports log"}
	if got := all.broken()["habits"]; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func brokenBy(t *testing.T, files map[string]string) map[string][]string {
	t.Helper()
	all := tree{}
	for name, src := range files {
		if err := all.add(name, []byte(src)); err != nil {
			t.Fatal(err)
		}
	}
	return all.broken()
}
