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
	"github.com/minga-commons/minga/node/api"
)

// importer is the archive as the API wants it.
type importer struct{ ledger archive.Ledger }

// Import implements api.Importer.
func (i importer) Import(ctx context.Context, r io.Reader, o api.ImportOptions) iter.Seq2[api.ImportLine, error] {
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
