package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime/debug"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/archive"
	"github.com/minga-commons/minga/ledger/archive/graph"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/protocol"
)

// importer is the archive as the API wants it.
type importer struct {
	ledger interface {
		archive.Ledger
		graph.Ledger
		graph.ExportLedger
	}
}

// Import implements api.Importer.
func (i importer) Import(ctx context.Context, r io.Reader, o api.ImportOptions) iter.Seq2[api.ImportLine, error] {
	if o.Format != api.FormatCSV {
		return i.graph(ctx, r, o)
	}
	options := archive.Options{Commons: o.Commons, Correct: o.Correct, DryRun: o.DryRun}
	return func(yield func(api.ImportLine, error) bool) {
		defer debug.FreeOSMemory() // what a bulk import took is not needed again soon
		for result, err := range archive.Import(ctx, i.ledger, r, options) {
			if errors.Is(err, archive.ErrBadFile) {
				err = fmt.Errorf("%w: %w", ledger.ErrInvalid, err)
			}
			if !yield(importLine(result), err) || err != nil {
				return
			}
		}
	}
}

func importLine(r archive.Result) api.ImportLine {
	line := api.ImportLine{Line: r.Line, Source: r.Key, ID: r.Event, Agents: int64(r.Agents)}
	switch r.Outcome {
	case archive.Added:
		line.Outcome = api.ImportWritten
	case archive.Unchanged:
		line.Outcome = api.ImportRepeated
	case archive.Skipped:
		line.Outcome = api.ImportElsewhere
	case archive.Corrected:
		line.Outcome = api.ImportCorrected
	case archive.Changed:
		line.Outcome = api.ImportChanged
	case archive.Refused:
		line.Outcome, line.Code = api.ImportRefused, api.CodeInvalid
	}
	if r.NeedSteward {
		line.Code = api.CodeNotSteward
	}
	if r.Fault != nil {
		line.Column, line.Reason, line.Args = r.Fault.Column, string(r.Fault.Why), r.Fault.Args
	}
	return line
}

// graph imports a graph of ValueFlows. Its slips come first, by line; then what
// became of each thing.
func (i importer) graph(ctx context.Context, r io.Reader, o api.ImportOptions) iter.Seq2[api.ImportLine, error] {
	options := graph.ImportOptions{Commons: o.Commons, DryRun: o.DryRun, Partial: o.Partial, Format: graph.YAML}
	if o.Format == api.FormatJSON {
		options.Format = graph.JSON
	}
	return func(yield func(api.ImportLine, error) bool) {
		defer debug.FreeOSMemory()
		report, err := graph.Import(ctx, i.ledger, r, options)
		var file *graph.FileError
		if errors.As(err, &file) {
			err = &api.FileFault{Line: int64(file.Line), Reason: string(file.Why), Args: file.Args}
		}
		if err != nil {
			yield(api.ImportLine{}, err)
			return
		}
		for _, slip := range report.Slips {
			line := api.ImportLine{Line: int64(slip.Line), Source: slip.Node, Reason: string(slip.Why), Args: slip.Args, Slip: &api.ImportNote{
				Column: int64(slip.Column), Node: slip.Node, Property: slip.Property, Code: slip.Code(), Fault: slip.Fault,
				Difference: slip.IsDifference(),
			}}
			if !yield(line, nil) {
				return
			}
		}
		for _, result := range report.Results {
			if !yield(graphLine(result, report.NeedSteward), nil) {
				return
			}
		}
	}
}

func graphLine(r graph.Result, needSteward bool) api.ImportLine {
	line := api.ImportLine{Line: int64(r.Line), Source: r.ID, ID: r.Entry, Class: r.Class}
	if r.Opening {
		line.Source = r.Source
	}
	switch r.Outcome {
	case graph.Added:
		line.Outcome = api.ImportWritten
		if r.Kind == protocol.KindAgent {
			line.Agents = 1
		}
	case graph.Unchanged:
		line.Outcome = api.ImportRepeated
	case graph.Changed:
		line.Outcome = api.ImportChanged
	case graph.Left:
		line.Outcome = api.ImportLeft
	case graph.Refused:
		line.Outcome, line.Code = api.ImportRefused, api.CodeInvalid
		if needSteward && r.Kind == protocol.KindAgent {
			line.Code = api.CodeNotSteward
		}
	}
	return line
}

// Export implements api.Exporter.
func (i importer) Export(ctx context.Context, commons protocol.CommonsID, w io.Writer) error {
	return graph.Export(ctx, i.ledger, commons, w)
}
