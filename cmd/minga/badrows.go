package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/minga-commons/minga/node/api"
)

// shownRows is how many rows that were not recorded are shown one by one.
const shownRows = 20

// badRows reports the rows of an import that were not recorded: the first one
// by one, the others counted by what is wrong with them. With --json all are
// shown.
type badRows struct {
	app   *app
	file  string
	shown int
	more  map[badKind]int64
}

// badKind is what rows that are counted together have in common.
type badKind struct {
	outcome api.ImportOutcome
	code    api.Code
	column  string
}

func (b *badRows) add(row api.ImportRow) {
	if b.shown < shownRows || b.app.json {
		b.shown++
		b.app.showRow(b.file, row)
		return
	}
	if b.more == nil {
		b.more = map[badKind]int64{}
	}
	b.more[badKind{row.Outcome, row.Code, row.Column}]++
}

// end reports how many rows were not shown, most frequent kind first.
func (b *badRows) end() {
	kinds := slices.SortedFunc(maps.Keys(b.more), func(x, y badKind) int {
		return cmp.Or(cmp.Compare(b.more[y], b.more[x]), cmp.Compare(x.outcome, y.outcome),
			cmp.Compare(x.code, y.code), cmp.Compare(x.column, y.column))
	})
	for _, kind := range kinds {
		fmt.Fprintln(b.app.err, b.app.countedRows(kind, b.more[kind]))
	}
}

func (a *app) countedRows(kind badKind, n int64) string {
	switch {
	case kind.code == api.CodeNotSteward:
		return a.t("and %d more rows that name agents who do not exist", n)
	case kind.outcome == api.ImportChanged:
		return a.t("and %d more rows that have changed", n)
	case kind.column != "":
		return a.t("and %d more rows with a fault in column %s", n, printable(kind.column))
	}
	return a.t("and %d more rows with a fault as a whole", n)
}
