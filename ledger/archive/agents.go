package archive

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// mark and content stand for the key and the content of a row of this run.
type (
	mark    [16]byte
	content struct {
		line int64
		sum  uint64
	}
)

// remember notes a row. repeated says that the same row came before, the fault
// that its key came with other content.
func (i *importer) remember(row Row) (repeated bool, fault *Fault) {
	sum := sha256.Sum256([]byte(row.SourceKey))
	key := mark(sum[:])
	now := content{line: row.Line, sum: row.sum()}
	before, again := i.seen[key]
	switch {
	case !again && len(i.seen) < rememberedRows:
		i.seen[key] = now
	case again && before.sum != now.sum:
		return false, keyTwice.fault(row.Line, "source_key", row.SourceKey, before.line)
	}
	return again, nil
}

// sum is a digest of what the row says, its line and key apart.
func (r Row) sum() uint64 {
	whole := sha256.Sum256(fmt.Appendf(nil, "%q", []string{
		r.Time, r.Agent, r.Action, r.Quantity.Amount().String(), r.Quantity.Unit,
		r.Resource, r.note(), r.Process.String() + r.ProcessPrefix, r.Receiver,
	}))
	return binary.BigEndian.Uint64(whole[:])
}

// rememberedAgents is of how many agents a run keeps the identifiers.
const rememberedAgents = 1 << 14

// resolveAgents finds the agents that the rows name and creates those that do
// not exist. Rows whose agents cannot be had are refused.
func (i *importer) resolveAgents(ctx context.Context, batch []*task) error {
	if len(i.agents) > rememberedAgents && !i.options.DryRun { // a dry run creates none, and has to remember them
		clear(i.agents)
	}
	unknown := strangers{owner: map[string]*task{}, index: map[string]int{}}
	for _, t := range batch {
		for _, at := range []struct{ column, name string }{{"agent", t.row.Agent}, {"receiver", t.row.Receiver}} {
			if t.done() || at.name == "" {
				continue
			}
			if err := i.resolveAgent(ctx, t, at.column, at.name, &unknown); err != nil {
				return err
			}
		}
	}
	return i.createAgents(ctx, unknown)
}

func (i *importer) resolveAgent(ctx context.Context, t *task, column, name string, unknown *strangers) error {
	if _, known := i.agents[name]; known {
		return nil
	}
	if _, known := unknown.owner[name]; known {
		return nil
	}
	agent, err := i.ledger.FindAgent(ctx, i.options.Commons, name)
	_, noID := protocol.ParseID(name)
	var several *ledger.AmbiguousError
	switch {
	case err == nil:
		i.agents[name] = agent.ID
	case errors.Is(err, ledger.ErrNotFound) && noID == nil:
		t.refuse(Refused, column, noAgent, quote(name))
	case errors.Is(err, ledger.ErrNotFound) && !i.steward:
		t.refuse(Refused, column, onlySteward, quote(name))
		t.result.NeedSteward = true
	case errors.Is(err, ledger.ErrNotFound):
		unknown.add(name, t)
	case errors.As(err, &several):
		t.refuse(Refused, column, manyAgents, quote(name), several.Names())
	case errors.Is(err, ledger.ErrInvalid):
		t.refuse(Refused, column, notRecorded, err)
	default:
		return err
	}
	return nil
}

// strangers are the names of a batch that no agent has. Names that differ only
// in case are one agent's, as they would be in two batches.
type strangers struct {
	names []string         // of agents to create, as written first
	index map[string]int   // into names, by the name in lower case
	owner map[string]*task // the row that was first to use this very name
}

func (s *strangers) add(name string, t *task) {
	s.owner[name] = t
	key := strings.ToLower(name)
	if _, there := s.index[key]; !there {
		s.index[key] = len(s.names)
		s.names = append(s.names, name)
	}
}

func (i *importer) createAgents(ctx context.Context, s strangers) error {
	ids := make([]protocol.AgentID, len(s.names))
	drafts := make([]ledger.Draft, len(s.names))
	for at, name := range s.names {
		s.owner[name].result.Agents++
		drafts[at] = ledger.Draft{Commons: i.options.Commons, Body: &protocol.Agent{
			Card: protocol.AgentCard{Name: protocol.PlainText(name), Type: protocol.Person},
		}}
	}
	if !i.options.DryRun && len(drafts) > 0 {
		written, err := i.ledger.SubmitBatch(ctx, drafts)
		if err != nil {
			return fmt.Errorf("create agents: %w", err)
		}
		for at, w := range written {
			ids[at] = protocol.AgentID{EntryID: w.Entry.ID()}
		}
	}
	for name := range s.owner {
		i.agents[name] = ids[s.index[strings.ToLower(name)]]
	}
	return nil
}
