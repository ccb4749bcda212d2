package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// Ledger is what an import needs of the ledger; *ledger.Ledger is one.
type Ledger interface {
	// Commons returns every commons that the node holds.
	Commons(ctx context.Context) ([]ledger.Commons, error)
	// FindAgent finds an agent by name or identifier: ledger.ErrNotFound if
	// there is none, *ledger.AmbiguousError if there are several.
	FindAgent(ctx context.Context, id protocol.CommonsID, nameOrID string) (ledger.Agent, error)
	// Source finds the event of an importer's key in one log, or in any log if
	// log is zero. Of several in one log it is the newest.
	Source(ctx context.Context, id protocol.CommonsID, log protocol.LogID, key string) (protocol.EntryID, bool, error)
	// FindEntry finds an entry by its identifier or by at least eight characters
	// of it: ledger.ErrNotFound if there is none, ledger.ErrInvalid if there are
	// several.
	FindEntry(ctx context.Context, id protocol.CommonsID, idOrPrefix string) (protocol.EntryID, error)
	// Event returns an event with what became of it.
	Event(ctx context.Context, id protocol.EntryID) (ledger.Event, error)
	// SubmitBatch writes the drafts in order; they are durable when it returns.
	// It stops at the first that cannot be written, and returns those that were
	// together with the error.
	SubmitBatch(ctx context.Context, drafts []ledger.Draft) ([]ledger.Written, error)
}

// Options say how a file is imported. Commons is needed.
type Options struct {
	Commons protocol.CommonsID
	Correct bool // correct events whose rows have changed, instead of refusing the rows
	DryRun  bool // write nothing, say what would become of each row
}

// Outcome is what became of a row.
type Outcome int

// The outcomes of a row. In a dry run they say what would become of it.
const (
	Added     Outcome = iota + 1 // an event was recorded
	Unchanged                    // this member had recorded it before, with the same content
	Skipped                      // another member had recorded it under the same key
	Corrected                    // recorded again, with a correction of what stood there before
	Changed                      // recorded before with other content, and corrections were not asked for
	Refused                      // the row is not good
)

// Result is what became of one row.
type Result struct {
	Line        int64 // where the row begins in the file, from 1
	Key         string
	Outcome     Outcome
	Event       protocol.EntryID // that stands for the row now, zero if none does or in a dry run
	Agents      int              // agents created since this row names them
	Fault       *Fault           // of a row that is changed or refused
	NeedSteward bool             // refused because only a steward may create the agent that it names
}

const batchRows = 1000

// rememberedRows is how many rows a run keeps a mark of, to tell a key that
// comes twice in the file from one recorded before. Beyond it, a key that comes
// again with other content counts as a changed row.
const rememberedRows = 1 << 20

// Import records the rows of a file and yields what became of each, in their
// order. It works in batches: a row that was yielded is durable, and an import
// that breaks off is simply run again. An error ends the import; it wraps
// ErrBadFile if the file as a whole cannot be read, and ledger.ErrNotMember if
// the node has no log in the commons. Rows that are refused are no error.
func Import(ctx context.Context, l Ledger, file io.Reader, o Options) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		run, rows, err := start(ctx, l, file, o)
		for ended := err != nil; !ended; {
			var batch []*task
			batch, err = run.read(rows)
			if ended = err != nil; errors.Is(err, io.EOF) {
				err = nil
			}
			if err == nil {
				err = run.record(ctx, batch)
			}
			if err != nil {
				break
			}
			for _, t := range batch {
				if !yield(t.result, nil) {
					return
				}
			}
		}
		if err != nil {
			yield(Result{}, err)
		}
	}
}

// importer is one run of Import.
type importer struct {
	ledger  Ledger
	options Options
	me      protocol.LogID
	steward bool

	agents map[string]protocol.AgentID // found or created by this run
	seen   map[mark]content            // rows of this run
}

// task is one row on its way: what is to be written for it, unless it has its
// outcome already. The first draft is the event that stands for the row.
type task struct {
	row    Row
	drafts []ledger.Draft
	result Result
}

func (t *task) done() bool { return t.result.Outcome != 0 }

func (t *task) refuse(outcome Outcome, column string, why Why, args ...any) {
	t.result.Outcome = outcome
	t.result.Fault = why.fault(t.row.Line, column, t.row.SourceKey, args...)
}

func start(ctx context.Context, l Ledger, file io.Reader, o Options) (*importer, *Reader, error) {
	me, steward, err := member(ctx, l, o.Commons)
	if err != nil {
		return nil, nil, err
	}
	rows, err := NewReader(file)
	return &importer{
		ledger: l, options: o, me: me, steward: steward,
		agents: map[string]protocol.AgentID{}, seen: map[mark]content{},
	}, rows, err
}

func member(ctx context.Context, l Ledger, id protocol.CommonsID) (me protocol.LogID, steward bool, err error) {
	all, err := l.Commons(ctx)
	if err != nil {
		return me, false, err
	}
	for _, c := range all {
		if c.ID != id {
			continue
		}
		if c.Me.IsZero() {
			return me, false, ledger.ErrNotMember
		}
		agent, err := l.FindAgent(ctx, id, c.Me.String())
		return c.Me, agent.Steward, err
	}
	return me, false, fmt.Errorf("commons %v: %w", id, ledger.ErrNotFound)
}

// read returns the next rows, at most a batch; the error is io.EOF with the
// last of them.
func (i *importer) read(rows *Reader) ([]*task, error) {
	var batch []*task
	for len(batch) < batchRows {
		row, fault, err := rows.Next()
		if err != nil {
			return batch, err
		}
		repeated := false
		if fault == nil {
			repeated, fault = i.remember(row)
		}
		t := &task{row: row, result: Result{Line: row.Line, Key: row.SourceKey}}
		switch {
		case fault != nil:
			t.result = Result{Line: fault.Line, Key: fault.Key, Outcome: Refused, Fault: fault}
		case repeated:
			t.result.Outcome = Unchanged
		}
		batch = append(batch, t)
	}
	return batch, nil
}

// record writes what is new in a batch: first the agents, then the events.
func (i *importer) record(ctx context.Context, batch []*task) error {
	if err := i.resolveAgents(ctx, batch); err != nil {
		return err
	}
	var open []*task
	for _, t := range batch {
		if err := i.resolveProcess(ctx, t); err != nil {
			return err
		}
		if t.done() {
			continue
		}
		if err := i.plan(ctx, t); err != nil {
			return err
		}
		if !t.done() {
			open = append(open, t)
		}
	}
	return i.write(ctx, open)
}

// resolveProcess finds the process that a row names by the beginning of its
// identifier.
func (i *importer) resolveProcess(ctx context.Context, t *task) error {
	prefix := t.row.ProcessPrefix
	if t.done() || prefix == "" {
		return nil
	}
	id, err := i.ledger.FindEntry(ctx, i.options.Commons, prefix)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		t.refuse(Refused, "process", unknownProcess, quote(prefix))
	case errors.Is(err, ledger.ErrInvalid):
		t.refuse(Refused, "process", severalFit, quote(prefix))
	case err != nil:
		return err
	}
	t.row.Process = id
	return nil
}

// plan compares a row with what is recorded under its key.
func (i *importer) plan(ctx context.Context, t *task) error {
	event := t.row.event(i.agents[t.row.Agent], i.receiver(t.row))
	id, held, err := i.ledger.Source(ctx, i.options.Commons, i.me, t.row.SourceKey)
	if err != nil {
		return err
	}
	if !held {
		other, elsewhere, err := i.ledger.Source(ctx, i.options.Commons, protocol.LogID{}, t.row.SourceKey)
		if elsewhere {
			t.result.Outcome, t.result.Event = Skipped, other
		} else {
			t.drafts = i.draft(event)
		}
		return err
	}
	recorded, err := i.ledger.Event(ctx, id)
	if err != nil {
		return err
	}
	t.result.Event = id
	switch {
	case same(recorded.Body, event):
		t.result.Outcome = Unchanged
	case !i.options.Correct:
		t.refuse(Changed, "source_key", keyChanged, id.String())
	default:
		t.drafts = i.draft(event, correction(id, recorded.Body))
	}
	return nil
}

func (i *importer) draft(events ...*protocol.Event) []ledger.Draft {
	drafts := make([]ledger.Draft, len(events))
	for n, event := range events {
		drafts[n] = ledger.Draft{Commons: i.options.Commons, Body: event}
	}
	return drafts
}

func (i *importer) receiver(row Row) protocol.AgentID {
	if row.Receiver == "" {
		return i.options.Commons.Charter().Agent()
	}
	return i.agents[row.Receiver]
}
