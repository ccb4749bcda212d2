package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"strings"
)

// row is one unit of OM2 as the file has it.
type row struct{ kind, id, label, symbol, definition, quantity string }

// readRows reads the units. A unit that stands there twice, with two symbols, is
// one row for each.
func readRows(path string) ([]row, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comment = '#'
	r.FieldsPerRecord = 6
	records, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	rows := make([]row, 0, len(records))
	for _, f := range records {
		rows = append(rows, row{f[0], f[1], strings.TrimSpace(f[2]), f[3], strings.TrimSpace(f[4]), f[5]})
	}
	return rows, nil
}

// ruling is one line of names.txt or factors.txt: a verb, what it is about, and a
// list.
type ruling struct {
	line  int
	verb  string
	about string
	list  []string
}

func readRulings(path string) ([]ruling, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var out []ruling
	for i, line := range strings.Split(string(text), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		head, tail, ok := strings.Cut(line, ":")
		if !ok || strings.TrimSpace(tail) == "" {
			return nil, fmt.Errorf("%s:%d: no colon, or nothing after it", path, i+1)
		}
		r := ruling{line: i + 1}
		r.verb, r.about, _ = strings.Cut(head, " ")
		for _, item := range strings.Split(tail, ",") {
			r.list = append(r.list, strings.TrimSpace(item))
		}
		out = append(out, r)
	}
	return out, nil
}
