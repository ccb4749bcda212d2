package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) eventImport() *cobra.Command {
	query := client.ImportQuery{}
	c := &cobra.Command{
		Use:   "import FILE",
		Short: a.t("Record what a file says: contributions in CSV, or a graph of ValueFlows"),
		Long: a.t("Record what a file says (- for standard input): contributions in CSV, or a graph of\nValueFlows in YAML, JSON or JSON-LD.") + "\n\n" +
			a.t("CSV columns: source_key,time,agent,action,quantity,unit,resource,note and if wanted\nprocess,receiver,confirmed_by. A row that is there already changes nothing.\nA bad row is reported with its line, and the good ones go in (exit 8).") + "\n\n" +
			a.t("A graph goes in whole or not at all (exit 4), or in part with --partial (exit 8).\nWhat it says in another way than ValueFlows is reported with its line. A resource\nthat states other quantities than its events come to ends in exit 9."),
		Args: a.exactly(1, a.t("a file")),
		RunE: func(c *cobra.Command, args []string) error {
			query.Commons = a.commons
			return a.importFile(c.Context(), args[0], query)
		},
	}
	c.Flags().BoolVar(&query.DryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	c.Flags().BoolVar(&query.Correct, "correct", false, a.t("correct events whose rows have changed"))
	c.Flags().BoolVar(&query.Partial, "partial", false, a.t("write what is good of a graph, also where something else is not"))
	return c
}

func (a *app) importFile(ctx context.Context, name string, query client.ImportQuery) error {
	file, size, err := a.open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	source, media := mediaOf(name, file)
	query.Media = media
	progress := &progressReader{from: source, size: size}
	if term.IsTerminal(int(a.err.Fd())) && !a.quiet {
		progress.to = a.err
	}
	return a.ask(ctx, 0, func(ctx context.Context, node *client.Client) error {
		needSteward := false
		var slips []api.ImportSlip
		bad := badRows{app: a, file: name}
		for message, err := range node.Import(ctx, progress, query) {
			if err != nil {
				bad.end()
				return err
			}
			switch {
			case message.Slip != nil:
				progress.clear()
				a.showSlip(name, *message.Slip)
				if a.json && len(slips) < keptSlips {
					slips = append(slips, *message.Slip)
				}
			case message.Row != nil:
				needSteward = needSteward || message.Row.Code == api.CodeNotSteward
				progress.clear()
				switch row := *message.Row; {
				case media != api.MediaCSV:
					a.showThing(name, row)
				case row.Outcome == api.ImportRefused || row.Outcome == api.ImportChanged:
					bad.add(row)
				default:
					a.showRow(name, row)
				}
			case message.Summary != nil:
				progress.clear()
				bad.end()
				if media != api.MediaCSV {
					return a.importedGraph(*message.Summary, slips, needSteward, query.Partial)
				}
				return a.imported(*message.Summary, needSteward)
			}
		}
		return nil
	})
}

func (a *app) open(name string) (*os.File, int64, error) {
	if name == "-" {
		return a.in, -1, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = &fs.PathError{Op: "read", Path: name, Err: syscall.EISDIR}
	}
	if err != nil {
		file.Close()
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return file, -1, nil
	}
	return file, info.Size(), nil
}

// showRow reports a row that was not recorded, or on a dry run any row.
func (a *app) showRow(file string, row api.ImportRow) {
	text := row.Reason
	switch row.Outcome {
	case api.ImportWritten:
		text = a.t("would be recorded")
	case api.ImportRepeated:
		text = a.t("is there already")
	case api.ImportElsewhere:
		text = a.t("another member has imported it: skipped")
	case api.ImportCorrected:
		text = a.t("has changed and is corrected")
	case api.ImportChanged:
		text = a.t("%s; with --correct it is replaced by a correction", row.Reason)
	}
	if row.Outcome == api.ImportRefused || row.Outcome == api.ImportChanged || !a.quiet {
		fmt.Fprintf(a.err, "%s:%d: %s\n", file, row.Line, printable(text))
	}
}

// imported prints the summary of an import, and says by its status whether all
// rows are in.
func (a *app) imported(s api.ImportSummary, needSteward bool) error {
	err := a.answer(s, func() { fmt.Fprintln(a.out, a.summary(s)) })
	switch {
	case err != nil:
		return err
	case s.Problem != nil:
		return s.Problem
	case needSteward:
		return &statusError{exitForbidden, a.t("some rows name agents that do not exist, and only a steward may create them")}
	case !s.Complete():
		return &statusError{exitPartial, a.t("%d of %d rows were not recorded", s.Refused+s.Changed, s.Lines)}
	}
	return nil
}

func (a *app) summary(s api.ImportSummary) string {
	there := s.Repeated + s.Elsewhere
	switch {
	case s.Lines == 0 && s.Problem == nil:
		return a.t("the file has no rows")
	case there == s.Lines && s.Problem == nil:
		return a.t("nothing new: %d of %d rows were there already", there, s.Lines)
	}
	text := a.t("%d of %d rows recorded", s.Written+s.Corrected, s.Lines)
	if s.DryRun {
		text = a.t("dry run: %d of %d rows would be recorded", s.Written+s.Corrected, s.Lines)
	}
	for _, part := range []struct {
		n    int64
		text string
	}{
		{s.Corrected, "%d of them as corrections"}, {s.Repeated, "%d there already"},
		{s.Elsewhere, "%d imported by others"}, {s.Changed, "%d changed and left alone"},
		{s.Refused, "%d refused"}, {s.Agents, "%d agents created"},
	} {
		if part.n > 0 {
			text += ", " + a.t(part.text, part.n)
		}
	}
	return text
}

// progressReader shows on a terminal how much of a file is read, once that has
// taken more than a second.
type progressReader struct {
	from  io.Reader
	to    io.Writer // nil: shows nothing
	size  int64     // -1: not known
	read  int64
	begun time.Time
	bar   *progressbar.ProgressBar
}

func (p *progressReader) Read(b []byte) (int, error) {
	n, err := p.from.Read(b)
	p.read += int64(n)
	if p.to == nil {
		return n, err
	}
	now := time.Now()
	if p.begun.IsZero() {
		p.begun = now
	}
	if p.bar == nil && now.Sub(p.begun) > time.Second {
		p.bar = progressbar.NewOptions64(p.size, progressbar.OptionSetWriter(p.to), progressbar.OptionShowBytes(true),
			progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	if p.bar != nil {
		_ = p.bar.Set64(p.read)
	}
	return n, err
}

// clear makes room for a line of text.
func (p *progressReader) clear() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
