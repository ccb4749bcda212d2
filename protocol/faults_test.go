package protocol

import (
	"go/ast"
	goparser "go/parser"
	"go/token"
	"strconv"
	"testing"
)

// faults reads the names of all faults from fault.go.
func faults(t *testing.T) []Fault {
	t.Helper()
	file, err := goparser.ParseFile(token.NewFileSet(), "fault.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []Fault
	ast.Inspect(file, func(n ast.Node) bool {
		spec, is := n.(*ast.ValueSpec)
		if !is {
			return true
		}
		if name, typed := spec.Type.(*ast.Ident); typed && name.Name == "Fault" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, Fault(text))
		}
		return true
	})
	if len(all) < 30 {
		t.Fatalf("only %d faults", len(all))
	}
	return all
}
