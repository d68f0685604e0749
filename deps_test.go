package posture_test

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// rule is one thing that may not be, and why.
type rule struct {
	name, reason string
	faults       func(all tree, p *pkg) []string
}

// engines stand alone: other programs use them without this library, and what
// they decide is proved without AWS.
var engines = []string{"iam/policy", "detective/trail", "waf/webacl", "infra/reach"}

// engine is the engine that a directory belongs to, "" if none.
func engine(dir string) string {
	for _, e := range engines {
		if under(dir, e) {
			return e
		}
	}
	return ""
}

// domain is the domain that a directory belongs to, "" if none. Each layer of
// infra is a domain.
func domain(dir string) string {
	if dir == "" || engine(dir) != "" || underAny(dir, "internal", "compliance", "examples") {
		return ""
	}
	parts := strings.Split(dir, "/")
	if parts[0] == "infra" && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}

func isExample(p *pkg) bool { return under(p.dir, "examples") }

// isGenerator tells whether p makes a package's data: a program that nobody
// who imports the library gets.
func isGenerator(p *pkg) bool { return strings.HasSuffix(p.dir, "/internal/gen") }

// isTestGround is a package that only tests can import: it needs a *testing.T.
func isTestGround(p *pkg) bool { return under(p.dir, "internal") && p.imports["testing"] != "" }

// isFake is a public package for tests: iamtest, compliancetest.
func isFake(dir string) bool { return dir != "" && strings.HasSuffix(path.Base(dir), "test") }

var rules = []rule{
	{
		"root", "whoever imports the vocabulary gets no AWS client and nothing else with it",
		func(_ tree, p *pkg) []string {
			return imports(p, p.dir == "", func(i string) bool { return !isStandard(i) && !under(i, "golang.org/x/sync") })
		},
	},
	{
		"internal", "what all domains share must not know any of them",
		func(_ tree, p *pkg) []string {
			return imports(p, under(p.dir, "internal"), func(i string) bool { return isLocal(i) && local(i) != "" && !under(local(i), "internal") })
		},
	},
	{
		"engines", "an engine is used and proved without this library and without AWS; a library that its field needs stays in a sub-package that the engine does not import",
		func(all tree, p *pkg) []string {
			e := engine(p.dir)
			strangers := imports(p, e != "", func(i string) bool {
				return isLocal(i) && !under(local(i), e) || underAny(i, "github.com/aws/aws-sdk-go-v2", "github.com/aws/smithy-go")
			})
			if p.dir == e {
				for i := range all.reached(p) {
					if e != "" && !isStandard(i) && !isLocal(i) {
						strangers = append(strangers, "reaches "+i)
					}
				}
			}
			return strangers
		},
	},
	{
		"domains", "a program that takes one domain does not get another with it; what one needs of another it is given as a Fact. Only incident, which contains the resources of others, imports their settings",
		func(_ tree, p *pkg) []string {
			d := domain(p.dir)
			return imports(p, d != "", func(i string) bool {
				if !isLocal(i) || local(i) == "" || engine(local(i)) != "" || under(local(i), "internal") || strings.Contains(local(i), "/internal/") {
					return false
				}
				to := domain(local(i))
				switch {
				case to == d:
					return false
				case to == "": // compliance or an example: above every domain
					return true
				case d == "incident":
					return underAny(to, "infra/network", "infra/compute") && !under(p.dir, "incident/quarantine")
				}
				return true
			})
		},
	},
	{
		"one client", "every AWS client is megabytes in whatever links it; a second service gets a package of its own",
		func(_ tree, p *pkg) []string {
			services := map[string]bool{}
			for i := range p.imports {
				if c := client(i); c != "" {
					services[c] = true
				}
			}
			if len(services) < 2 || isExample(p) || p.dir == "compliance/suite" {
				return nil
			}
			return []string{fmt.Sprintf("imports the clients of %v", slices.Sorted(maps.Keys(services)))}
		},
	},
	{
		"ec2", "its client takes two minutes and 3 GB to compile: only those who cannot do without may reach it",
		func(all tree, p *pkg) []string {
			if isExample(p) || underAny(p.dir, "infra/network", "infra/compute", "incident/quarantine", "compliance/suite") {
				return nil
			}
			for i := range all.reached(p) {
				if client(i) == "ec2" {
					return []string{"reaches " + i}
				}
			}
			return nil
		},
	},
	{
		"compliance", "frameworks, reports and evidence work on findings, whoever made them; the suite alone knows all domains, and only examples know the suite",
		func(_ tree, p *pkg) []string {
			suite := imports(p, !isExample(p) && p.dir != "compliance/suite", func(i string) bool { return isLocal(i) && under(local(i), "compliance/suite") })
			return append(suite, imports(p, under(p.dir, "compliance") && p.dir != "compliance/suite", func(i string) bool { return isLocal(i) && domain(local(i)) != "" })...)
		},
	},
	{
		"examples", "they are the outermost: nobody imports them",
		func(_ tree, p *pkg) []string {
			return imports(p, !isExample(p), func(i string) bool { return isLocal(i) && under(local(i), "examples") })
		},
	},
	{
		"fakes", "fakes and package testing are for tests, not for programs",
		func(_ tree, p *pkg) []string {
			return imports(p, !isExample(p) && !isFake(p.dir) && !under(p.dir, "internal"), func(i string) bool { return under(i, "testing") || isLocal(i) && isFake(local(i)) })
		},
	},
	{
		"linker", "they look methods up by name, which makes the linker keep every method of every AWS client",
		func(_ tree, p *pkg) []string {
			outer := isExample(p) || isTestGround(p)
			found := imports(p, !outer, func(i string) bool { return underAny(i, "html/template", "text/template", "github.com/google/go-cmp") })
			// A fake is served by its methods' names; a test's binary may be large.
			return append(found, uses(p, !outer && p.dir != "internal/awsfake", "any.MethodByName")...)
		},
	},
	{
		"configuration", "the caller's aws.Config rules; loading one reads the environment, files and the network",
		func(_ tree, p *pkg) []string {
			return imports(p, !isExample(p), func(i string) bool {
				return underAny(i, "github.com/aws/aws-sdk-go-v2/config", "github.com/aws/aws-sdk-go-v2/credentials")
			})
		},
	},
	{
		"habits", "the library does nothing by being imported, never speaks, ends or panics, reads no environment, and works in the caller's context",
		func(_ tree, p *pkg) []string {
			lib := !isExample(p) && !isTestGround(p) && !isGenerator(p)
			found := imports(p, lib, func(i string) bool { return underAny(i, "log", "expvar", "flag") })
			found = append(found, uses(p, lib, "init", "panic", "print", "println", "a dot import", "context.Background", "context.TODO",
				"os.Getenv", "os.LookupEnv", "os.Environ", "os.ExpandEnv", "os.Exit", "os.Stdout", "os.Stderr", "fmt.Print", "fmt.Printf", "fmt.Println", "runtime.Goexit")...)
			return append(found, uses(p, lib && p.dir != "" && p.dir != "internal/memo", "context.WithoutCancel")...)
		},
	},
}

// imports are the imports of p that are bad, where the rule speaks of p at all.
func imports(p *pkg, speaks bool, bad func(string) bool) (found []string) {
	for _, i := range slices.Sorted(maps.Keys(p.imports)) {
		if speaks && bad(i) {
			found = append(found, fmt.Sprintf("%s imports %s", p.imports[i], i))
		}
	}
	return found
}

func uses(p *pkg, speaks bool, bad ...string) (found []string) {
	for _, u := range bad {
		if at := p.uses[u]; speaks && at != "" {
			found = append(found, fmt.Sprintf("%s: %s", at, strings.TrimPrefix(u, "any.")))
		}
	}
	return found
}

// broken gives what breaks a rule, by the rule's name.
func (all tree) broken() map[string][]string {
	found := map[string][]string{}
	for _, dir := range slices.Sorted(maps.Keys(all)) {
		for _, r := range rules {
			if faults := r.faults(all, all[dir]); len(faults) > 0 {
				found[r.name] = append(found[r.name], faults...)
			}
		}
	}
	return found
}

func TestDependencies(t *testing.T) {
	all := readTree(t)
	for _, dir := range []string{"", "iam", "iam/iamtest", "internal/memo"} {
		if all[dir] == nil || len(all[dir].imports) == 0 {
			t.Fatalf("package %q was not read", dir)
		}
	}
	found := all.broken()
	for _, r := range rules {
		for _, fault := range found[r.name] {
			t.Errorf("%s\n\tagainst %q: %s", fault, r.name, r.reason)
		}
	}
}
