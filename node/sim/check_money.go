package sim

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// accounts checks that what somebody has somebody else owes, and that nobody is
// below the limit.
func (c *checker) accounts(n *node) {
	audit, err := n.ledger.AuditAccounts(c.w.commons)
	if err != nil || len(audit.Faults) > 0 {
		c.w.fail("%s: accounts: %v %w", string(n.id), audit.Faults, err)
	}
}

// settlement checks what a node shows of one log: what is settled stays settled
// as long as the node runs, and is settled on no node otherwise; whether an
// entry has its effect is the same everywhere and for ever.
func (c *checker) settlement(n *node, h *held, log protocol.LogID) {
	status, err := n.ledger.Log(context.Background(), log)
	if err != nil {
		c.w.fail("%s: log %v: %w", string(n.id), log, err)
		return
	}
	before, had := h.reached[log]
	if !had {
		before = reached{-1, -1}
	}
	if status.Settled < before.settled {
		c.w.fail("%s took back what was settled of %v: %d, and was %d", string(n.id), log, status.Settled, before.settled)
	}
	h.reached[log] = reached{settled: status.Settled, applied: status.Applied}
	from := min(before.settled, before.applied, status.Applied) + 1
	to := max(status.Settled, status.Applied)
	if !c.liars[log] {
		from = min(before.settled, before.applied) + 1
	}
	if from > to {
		return
	}
	for e, err := range n.ledger.Entries(context.Background(), protocol.Range{Log: log, First: from, Last: to}) {
		if err != nil {
			c.w.fail("%s: log %v: %w", string(n.id), log, err)
			return
		}
		if e.Seq <= status.Settled {
			at := place{log, e.Seq}
			if known, ok := c.settledAs[at]; ok && known != e.ID() {
				c.w.fail("%s has settled %v at %d of log %v, where %v was settled", string(n.id), e.ID(), e.Seq, log, known)
			}
			c.settledAs[at] = e.ID()
		}
		if body, is := e.Body.(*protocol.Event); is && body.Currency != "" || log == c.w.commons.Charter() {
			c.verdict(n, e)
		}
	}
}

// verdict checks that an entry is void everywhere or nowhere.
func (c *checker) verdict(n *node, e protocol.Entry) {
	status, err := n.ledger.Entry(context.Background(), e.ID())
	if err != nil {
		c.w.fail("%s: entry %d of %v: %w", string(n.id), e.Seq, e.Log, err)
		return
	}
	var void bool
	switch status.State {
	case ledger.Void:
		void = true
	case ledger.Pending, ledger.Settled:
	default:
		return
	}
	if known, ok := c.void[e.ID()]; ok && known != void {
		c.w.fail("%s says %s (%s) of entry %d of %v, which was otherwise before", string(n.id), status.State, status.Reason, e.Seq, e.Log)
	}
	if void && !c.liars[e.Log] && e.Log != c.w.commons.Charter() {
		c.w.fail("%s says that entry %d of honest %v is void: %s", string(n.id), e.Seq, e.Log, status.Reason)
	}
	c.void[e.ID()] = void
}

// forks checks that no honest author has two histories, and returns the ends of
// the others' that do not count.
func (c *checker) forks(n *node) (tips []protocol.EntryID) {
	parents := map[protocol.EntryID]bool{}
	for s, err := range n.ledger.Branches(context.Background(), c.w.commons) {
		if err != nil {
			c.w.fail("%s: branches: %w", string(n.id), err)
			return nil
		}
		if !c.liars[s.Log()] {
			c.w.fail("%s knows of a fork of %v at %d", string(n.id), s.Log(), s.First().Seq)
		}
		parents[s.First().Prev] = true
		tips = append(tips, s.Tip().ID())
	}
	return slices.DeleteFunc(tips, func(id protocol.EntryID) bool { return parents[id] })
}

// setOf identifies the set of entries that a node holds.
func setOf(heads []protocol.Head, tips []protocol.EntryID) [32]byte {
	all := slices.Clone(tips)
	for _, head := range heads {
		all = append(all, head.CID)
	}
	slices.SortFunc(all, func(a, b protocol.EntryID) int { return bytes.Compare(a[:], b[:]) })
	sum := sha256.New()
	sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(all))))
	for _, id := range all {
		sum.Write(id[:])
	}
	return [32]byte(sum.Sum(nil))
}

// unsettled says what of the honest logs still waits for its effect or for
// votes, empty if nothing does.
func (c *checker) unsettled(n *node) string {
	ctx := context.Background()
	for head, err := range n.ledger.Heads(ctx, c.w.commons) {
		if err != nil {
			return err.Error()
		}
		if c.liars[head.Log] {
			continue
		}
		status, err := n.ledger.Log(ctx, head.Log)
		if err != nil {
			return err.Error()
		}
		if status.Applied < status.Held.Seq && status.WaitingFor != "awaits-witnesses" {
			return fmt.Sprintf("entry %d of %v waits: %s", status.Applied+1, head.Log, status.WaitingFor)
		}
		for e, err := range n.ledger.Entries(ctx, protocol.Range{Log: head.Log, First: status.Settled + 1, Last: -1}) {
			if err != nil {
				return err.Error()
			}
			if e.Kind == protocol.KindWitnesses && c.onlyLiarsMissing(n) {
				break // a set that names a liar, who does not confirm it
			}
			if e.Kind != protocol.KindEndorse {
				return fmt.Sprintf("entry %d of %v, %s, is not settled", e.Seq, head.Log, e.Kind)
			}
		}
	}
	return ""
}

// onlyLiarsMissing reports whether a set of witnesses is not settled since liars
// have not confirmed it.
func (c *checker) onlyLiarsMissing(n *node) bool {
	status, err := n.ledger.Witnesses(context.Background(), c.w.commons)
	if err != nil || status.Next == nil || len(status.Missing) == 0 {
		return false
	}
	return !slices.ContainsFunc(status.Missing, func(a ledger.Agent) bool { return !c.liars[protocol.LogID(a.ID)] })
}

// count adds what came of the money, the things and the liars to a result, as the
// first node shows it.
func (c *checker) count(r *Result) {
	n, ctx := c.w.nodes[0], context.Background()
	r.Refused = c.w.refused
	r.Shared = c.shared(n)
	things, contested := c.stocks(n)
	r.Things, r.Contested = len(things), contested
	for id, void := range c.void {
		if status, err := n.ledger.Entry(ctx, id); err == nil && !void && status.State == ledger.Settled && status.Entry.Kind == protocol.KindEvent {
			r.Paid++
		}
	}
	for head := range n.ledger.Heads(ctx, c.w.commons) {
		status, err := n.ledger.Log(ctx, head.Log)
		if err == nil && status.Forked {
			r.Forks++
		}
		if err == nil && status.Frozen {
			r.Frozen++
		}
	}
	for e := range n.ledger.Entries(ctx, protocol.Range{Log: c.w.commons.Charter(), Last: -1}) {
		status, err := n.ledger.Entry(ctx, e.ID())
		switch {
		case err != nil || status.State != ledger.Settled:
		case e.Kind == protocol.KindWitnesses:
			r.Sets++
		case e.Kind == protocol.KindCharter:
			r.Charter++
		}
	}
}
