package scripts

import (
	"go/ast"
	"go/token"
	"regexp"
	"testing"
)

func TestExportedNamesAreExplained(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || s.generated || s.file.Name.Name == "main" {
			continue
		}
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && receiverIsExported(d) {
					unexplained(t, s, d.Name)
				}
			case *ast.GenDecl:
				checkDeclaration(t, s, d)
			}
		}
	}
}

func TestPackagesAreExplained(t *testing.T) {
	explained := map[string]bool{}
	for _, s := range sources(t) {
		if s.test || s.generated {
			continue
		}
		explained[s.dir] = explained[s.dir] || s.file.Doc != nil
	}
	for dir, ok := range explained {
		if !ok {
			t.Errorf("%s: no file has a package comment; say what the package is for, what it promises and what it leaves to others", dir)
		}
	}
}

// checkDeclaration looks at types, constants and variables. One comment over a
// group of constants or variables speaks for all of them.
func checkDeclaration(t *testing.T, s source, d *ast.GenDecl) {
	t.Helper()
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.IsExported() && d.Doc == nil && spec.Doc == nil {
				unexplained(t, s, spec.Name)
			}
			face, ok := spec.Type.(*ast.InterfaceType)
			if ok && spec.Name.IsExported() && !elsewhere.MatchString(d.Doc.Text()+spec.Doc.Text()) {
				checkMethods(t, s, face)
			}
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				if name.IsExported() && d.Doc == nil && spec.Doc == nil && spec.Comment == nil {
					unexplained(t, s, name)
				}
			}
		}
	}
}

// elsewhere finds the name of a type of another package. An interface whose
// comment names one, "*ledger.Ledger is one", lists a part of its methods, and
// they are explained there.
var elsewhere = regexp.MustCompile(`\b[a-z]\w*\.[A-Z]\w+`)

// checkMethods looks at the methods of an interface, whose comments are the
// contract of everybody who implements it.
func checkMethods(t *testing.T, s source, face *ast.InterfaceType) {
	t.Helper()
	for _, m := range face.Methods.List {
		for _, name := range m.Names {
			if name.IsExported() && m.Doc == nil && m.Comment == nil {
				unexplained(t, s, name)
			}
		}
	}
}

// unexplained reports a name without a comment.
func unexplained(t *testing.T, s source, name *ast.Ident) {
	t.Helper()
	t.Errorf("%s: %s is for others to use and has no comment: say what it does, its units, errors and what survives a crash",
		s.at(name.Pos()), name.Name)
}

// receiverIsExported says whether a function is one, or a method of a type, that
// other packages can name.
func receiverIsExported(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	kind := d.Recv.List[0].Type
	for {
		switch k := kind.(type) {
		case *ast.StarExpr:
			kind = k.X
		case *ast.IndexExpr:
			kind = k.X
		case *ast.IndexListExpr:
			kind = k.X
		case *ast.Ident:
			return k.IsExported()
		default:
			return true
		}
	}
}

// calls lists the calls of the form pkg.Name or value.Name in a file.
func calls(s source, report func(left, name string, pos token.Pos)) {
	ast.Inspect(s.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if left, ok := sel.X.(*ast.Ident); ok {
			report(left.Name, sel.Sel.Name, sel.Pos())
		}
		return true
	})
}

func TestNobodyReadsTheClock(t *testing.T) {
	handed := []string{"protocol", "ledger/...", "node/replica", "node/sim"}
	clock := map[string]bool{"Now": true, "Since": true, "Until": true, "Sleep": true}
	for _, s := range sources(t) {
		if s.test || !matchAny(handed, s.dir) {
			continue
		}
		calls(s, func(left, name string, pos token.Pos) {
			if left == "time" && clock[name] {
				t.Errorf("%s: time.%s: the clock is handed in here, so that a simulation can turn it; the real one is in node and cmd", s.at(pos), name)
			}
		})
	}
}

func TestTestsNeitherSleepNorSkip(t *testing.T) {
	skips := map[string]bool{"Skip": true, "Skipf": true, "SkipNow": true}
	for _, s := range sources(t) {
		if !s.test {
			continue
		}
		calls(s, func(left, name string, pos token.Pos) {
			if left == "time" && name == "Sleep" {
				t.Errorf("%s: a test that sleeps is slow on one machine and fails on another; wait for the event, or use testing/synctest", s.at(pos))
			}
			if (left == "t" || left == "b" || left == "f") && skips[name] {
				t.Errorf("%s: a skipped test is green and checks nothing", s.at(pos))
			}
		})
	}
}
