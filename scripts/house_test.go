package scripts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module is the import path of the repository.
const module = "github.com/minga-commons/minga"

// source is one parsed Go file of the repository.
type source struct {
	path      string // from the root, with slashes
	dir       string // the package's directory, with slashes
	lines     int
	test      bool
	generated bool
	file      *ast.File
	fset      *token.FileSet
}

// at names a place in the file as an editor understands it.
func (s source) at(pos token.Pos) string {
	p := s.fset.Position(pos)
	return p.String()
}

// sources parses every Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	var all []source
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return enter(root, path, d.Name())
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		s, err := parse(root, path)
		all = append(all, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no Go files below ..: the test looks in the wrong place")
	}
	return all
}

// enter says whether a directory holds code of this module.
func enter(root, path, name string) error {
	if path == root {
		return nil
	}
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" {
		return fs.SkipDir
	}
	if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil {
		return fs.SkipDir // a module of its own
	}
	return nil
}

// parse reads one Go file.
func parse(root, path string) (source, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return source{}, err
	}
	rel, err := filepath.Rel(root, path)
	if err != nil {
		return source{}, err
	}
	rel = filepath.ToSlash(rel)
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, rel, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	return source{
		path:      rel,
		dir:       filepath.ToSlash(filepath.Dir(rel)),
		lines:     strings.Count(string(text), "\n"),
		test:      strings.HasSuffix(rel, "_test.go"),
		generated: ast.IsGenerated(file),
		file:      file,
		fset:      fset,
	}, nil
}

func TestRoomsOfTheHouse(t *testing.T) {
	rooms := []string{"cmd", "ledger", "node", "proto", "protocol", "scripts"}
	for _, s := range sources(t) {
		top, _, _ := strings.Cut(s.dir, "/")
		if !slices.Contains(rooms, top) {
			t.Errorf("%s: code lives in %s and nowhere else, so that one sentence says where everything is (ARCHITECTURE.md)",
				s.path, strings.Join(rooms, ", "))
		}
	}
}

func TestFilesStaySmall(t *testing.T) {
	const most, mostOfMain = 500, 80
	for _, s := range sources(t) {
		if s.generated {
			continue
		}
		if s.lines > most {
			t.Errorf("%s has %d lines, more than %d: a file says one thing; split it by what it says", s.path, s.lines, most)
		}
		if s.path == "cmd/minga/main.go" && s.lines >= mostOfMain {
			t.Errorf("%s has %d lines, not under %d: main wires and nothing else; each subcommand has a file", s.path, s.lines, mostOfMain)
		}
	}
}

func TestPackageNamesSaySomething(t *testing.T) {
	empty := []string{"util", "utils", "common", "helper", "helpers", "misc"}
	for _, s := range sources(t) {
		name := strings.TrimSuffix(s.file.Name.Name, "_test")
		if slices.Contains(empty, name) {
			t.Errorf("%s: package %s says nothing of what it does; name it after that, or put the code where it is used", s.path, name)
		}
	}
}

func TestNoInit(t *testing.T) {
	for _, s := range sources(t) {
		if s.generated {
			continue
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: an init runs before anybody can hand something in or see it fail; build the value where it is needed", s.at(f.Pos()))
			}
		}
	}
}
