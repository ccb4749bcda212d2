package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/minga-commons/minga/node/api"
)

// answer prints the data of a command: as one JSON object with --json, else by
// the function for people.
func (a *app) answer(object any, people func()) error {
	if a.json {
		return a.line(object)
	}
	people()
	return nil
}

// line prints one JSON object on a line of its own.
func (a *app) line(object any) error {
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(object)
}

// written prints what became of a write. A void entry is on the log and has no
// effect: that is no success.
func (a *app) written(object any, id, state, reason string) error {
	err := a.answer(object, func() {
		if id != "" {
			fmt.Fprintln(a.out, strings.TrimSpace(id+"  "+a.state(state)+"  "+a.reason(reason)))
		}
	})
	if err == nil && state == "void" {
		return &statusError{exitInvalid, a.t("the entry has no effect: %s", a.reason(reason))}
	}
	return err
}

// reason puts a reason of the rules into words.
func (a *app) reason(reason string) string { return api.ReasonText(a.lang, reason) }

func (a *app) state(state string) string {
	switch state {
	case "waiting":
		return a.t("waiting")
	case "pending":
		return a.t("pending")
	case "settled":
		return a.t("settled")
	case "void":
		return a.t("void")
	case "frozen":
		return a.t("frozen")
	case "cut":
		return a.t("cut")
	}
	return state
}

// table prints rows below a head, without lines and colours. Columns whose
// number is in right are aligned to the right.
func (a *app) table(head []string, rows [][]string, right ...int) {
	w := table.NewWriter()
	w.SetOutputMirror(a.out)
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Format.Header = text.FormatDefault
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	w.SetStyle(style)
	w.SuppressTrailingSpaces()
	var configs []table.ColumnConfig
	for _, number := range right {
		configs = append(configs, table.ColumnConfig{Number: number, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	w.SetColumnConfigs(configs)
	w.AppendHeader(cellsOf(head))
	for _, row := range rows {
		w.AppendRow(cellsOf(row))
	}
	w.Render()
}

func cellsOf(texts []string) table.Row {
	row := make(table.Row, len(texts))
	for i, t := range texts {
		row[i] = printable(t)
	}
	return row
}

// pairs prints names and values, one to a line.
func (a *app) pairs(pairs ...[2]string) {
	width := 0
	for _, p := range pairs {
		width = max(width, text.StringWidthWithoutEscSequences(p[0]))
	}
	for _, p := range pairs {
		if p[1] != "" {
			fmt.Fprintf(a.out, "%s  %s\n", text.Pad(p[0], width, ' '), printable(p[1]))
		}
	}
}

// printable keeps what others wrote from steering the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return ' '
		case r < ' ', r >= 0x7f && r < 0xa0:
			return '\uFFFD'
		}
		return r
	}, s)
}

// brief shortens an identifier to a prefix, which is understood in its place.
func brief(id string) string {
	const most = 20
	return id[:min(most, len(id))]
}

func nameOf(r *api.AgentRef) string {
	if r == nil {
		return ""
	}
	if r.Name == "" {
		return brief(r.ID)
	}
	return r.Name
}

func measure(m *api.Measure) string {
	if m == nil {
		return ""
	}
	return strings.TrimSpace(m.HasNumericalValue + " " + m.HasUnit)
}
