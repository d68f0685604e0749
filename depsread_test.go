package posture_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/awsposture/posture"

// pkg is what a package's own files (no _test.go) import and use.
type pkg struct {
	dir     string            // "" is the root
	imports map[string]string // import path to the file that has it
	uses    map[string]string // "os.Getenv", "init", "panic", to where it stands
}

// tree is the packages of the module by directory. Modules nested in it are not
// of it.
type tree map[string]*pkg

// readTree reads the module in the present directory.
func readTree(t *testing.T) tree {
	t.Helper()
	all := tree{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch base := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && name != ".":
			_, nested := os.Stat(filepath.Join(name, "go.mod"))
			if nested == nil || base == "testdata" || base == "vendor" || base[0] == '.' || base[0] == '_' {
				return fs.SkipDir
			}
		case !d.IsDir() && strings.HasSuffix(base, ".go") && !strings.HasSuffix(base, "_test.go"):
			src, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			return all.add(filepath.ToSlash(name), src)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// add reads one file. One that is built only when it is named, as generators
// are, is passed over.
func (all tree) add(name string, src []byte) error {
	if bytes.Contains(src, []byte("//go:build ignore\n")) {
		return nil
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, 0)
	if err != nil {
		return err
	}
	dir := path.Dir(name)
	if dir == "." {
		dir = ""
	}
	p := all[dir]
	if p == nil {
		p = &pkg{dir: dir, imports: map[string]string{}, uses: map[string]string{}}
		all[dir] = p
	}
	named := map[string]string{} // as the file calls it, to import path
	for _, s := range file.Imports {
		imported, err := strconv.Unquote(s.Path.Value)
		if err != nil {
			return err
		}
		p.imports[imported] = name
		named[path.Base(imported)] = imported
		if s.Name != nil {
			delete(named, path.Base(imported))
			named[s.Name.Name] = imported
		}
		if s.Name != nil && s.Name.Name == "." {
			p.uses["a dot import"] = fset.Position(s.Pos()).String()
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				p.uses["init"] = fset.Position(n.Pos()).String()
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "panic" || f.Name == "print" || f.Name == "println") {
				p.uses[f.Name] = fset.Position(n.Pos()).String()
			}
		case *ast.SelectorExpr:
			use := "any." + n.Sel.Name // of a value
			if x, ok := n.X.(*ast.Ident); ok && named[x.Name] != "" {
				use = named[x.Name] + "." + n.Sel.Name
			}
			p.uses[use] = fset.Position(n.Pos()).String()
		}
		return true
	})
	return nil
}

// reached is every import path that p reaches, through packages of the module.
func (all tree) reached(p *pkg) map[string]bool {
	paths, todo := map[string]bool{}, []*pkg{p}
	for len(todo) > 0 {
		next := todo[0]
		todo = todo[1:]
		for imported := range next.imports {
			if paths[imported] {
				continue
			}
			paths[imported] = true
			if q := all[local(imported)]; isLocal(imported) && q != nil {
				todo = append(todo, q)
			}
		}
	}
	return paths
}

func isLocal(imported string) bool { return under(imported, module) }

// local is the directory of a package of the module.
func local(imported string) string {
	return strings.TrimPrefix(strings.TrimPrefix(imported, module), "/")
}

// isStandard tells the standard library by its want of a dot in the first element.
func isStandard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// client is the AWS service whose client an import path belongs to, "" if none.
func client(imported string) string {
	rest, ok := strings.CutPrefix(imported, "github.com/aws/aws-sdk-go-v2/service/")
	if !ok {
		return ""
	}
	service, _, _ := strings.Cut(rest, "/")
	return service
}

func under(name, dir string) bool { return name == dir || strings.HasPrefix(name, dir+"/") }

func underAny(name string, dirs ...string) bool {
	for _, d := range dirs {
		if under(name, d) {
			return true
		}
	}
	return false
}
