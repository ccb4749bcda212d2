// Units writes the table of package ledger/rules/unit: it reads the units of OM2
// with their definitions in prose, what is ruled about their names and numbers,
// and works out of which units each is made and by which exact factor. Whatever it
// does not understand, or finds said twice in two ways, ends it with an error.
//
//	go run ./scripts/units          write ledger/rules/unit/table_gen.go
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	dir := "ledger/rules/unit"
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	text, err := generate(dir)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "table_gen.go"), text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "units:", err)
		os.Exit(1)
	}
}

// generate returns the table for the three files of a directory.
func generate(dir string) ([]byte, error) {
	rows, err := readRows(filepath.Join(dir, "om2.csv"))
	if err != nil {
		return nil, err
	}
	factors, err := readRulings(filepath.Join(dir, "factors.txt"))
	if err != nil {
		return nil, err
	}
	names, err := readRulings(filepath.Join(dir, "names.txt"))
	if err != nil {
		return nil, err
	}
	s, err := newSystem(rows, factors)
	if err != nil {
		return nil, err
	}
	if err := s.resolveAll(); err != nil {
		return nil, err
	}
	if err := s.checkWays(); err != nil {
		return nil, err
	}
	x, err := newIndex(s, names)
	if err != nil {
		return nil, err
	}
	if err := s.checkSymbols(x); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	return write(&b, s, x)
}
