package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/settle"
	"github.com/minga-commons/minga/protocol"
)

// accountInvite is how long the founders of a shared account have to sign it.
const accountInvite = 30 * 24 * time.Hour

// Proposals returns the proposals of a commons, ordered by the log and the place
// for which they are. A distribution is one, that of its part 0, so that a page
// may be shorter than asked for.
func (l *Ledger) Proposals(_ context.Context, id protocol.CommonsID, p Page) ([]Proposal, string, error) {
	no, c, err := l.state(id)
	if err != nil {
		return nil, "", err
	}
	rows, next, err := l.pageRows(stateKey(no, rules.Proposals, nil), p)
	all := []Proposal{}
	for _, r := range rows {
		proposal, err := l.proposal(no, c, r[0], r[1], false)
		if err != nil {
			return nil, "", err
		}
		if !proposal.ID.IsZero() {
			all = append(all, proposal)
		}
	}
	return all, next, err
}

// Proposal returns one proposal by the identifier of the proposed entry or of
// the entry that proposes it.
func (l *Ledger) Proposal(_ context.Context, id protocol.CommonsID, entry protocol.EntryID) (Proposal, error) {
	no, c, err := l.state(id)
	if err != nil {
		return Proposal{}, err
	}
	at, _, err := l.find(entry)
	if err == nil {
		if body, is := at.Body.(*protocol.Propose); is {
			wanted, err := protocol.Parse(body.Block)
			if err != nil {
				return Proposal{}, fmt.Errorf("%w: what %v proposes is no entry", ErrInvalid, entry)
			}
			entry = wanted.ID()
		}
	} else if !errors.Is(err, ErrNotFound) {
		return Proposal{}, err
	}
	prefix := stateKey(no, rules.Proposals, nil)
	var k, v []byte
	err = l.scan(prefix, nil, func(key, value []byte) bool {
		if bytes.HasSuffix(key, entry[:]) {
			k, v = bytes.Clone(key[len(prefix):]), bytes.Clone(value)
		}
		return k == nil
	})
	if err != nil {
		return Proposal{}, err
	}
	if k == nil {
		return Proposal{}, fmt.Errorf("%w: proposal %v", ErrNotFound, entry)
	}
	return l.proposal(no, c, k, v, true)
}

// FindProposal returns the proposal whose identifier is given whole or by a
// unique prefix.
func (l *Ledger) FindProposal(ctx context.Context, id protocol.CommonsID, text string) (Proposal, error) {
	if full, err := protocol.ParseID(text); err == nil {
		return l.Proposal(ctx, id, full)
	}
	if len(text) < minPrefix {
		return Proposal{}, fmt.Errorf("%w: proposal %q; give %d or more characters of its identifier", ErrNotFound, text, minPrefix)
	}
	var found []Proposal
	for after := ""; ; {
		page, next, err := l.Proposals(ctx, id, Page{After: after, Limit: maxPage})
		if err != nil {
			return Proposal{}, err
		}
		for _, p := range page {
			if hasPrefix(p.ID, text) {
				found = append(found, p)
			}
		}
		if after = next; after == "" {
			break
		}
	}
	switch len(found) {
	case 0:
		entry, err := l.FindEntry(ctx, id, text)
		if err != nil {
			return Proposal{}, fmt.Errorf("%w: proposal %q", ErrNotFound, text)
		}
		return l.Proposal(ctx, id, entry)
	case 1:
		return found[0], nil
	}
	return Proposal{}, fmt.Errorf("%w: %q fits %d proposals, give more of it", ErrInvalid, text, len(found))
}

func hasPrefix(id protocol.EntryID, text string) bool {
	return len(text) > 0 && len(id.String()) >= len(text) && id.String()[:len(text)] == text
}

// proposal returns a proposal by its row; the zero one for a later part of a
// distribution, unless that is asked for.
func (l *Ledger) proposal(no commonsNo, c *commonsState, k, places []byte, later bool) (Proposal, error) {
	at, _, err := l.find(idFrom(places))
	if err != nil {
		return Proposal{}, err
	}
	body, is := at.Body.(*protocol.Propose)
	if !is || len(k) != 72 {
		return Proposal{}, fmt.Errorf("%w: proposal %x", ErrDamaged, k)
	}
	wanted, err := protocol.Parse(body.Block)
	if err != nil {
		return Proposal{}, fmt.Errorf("%w: proposal %x: %v", ErrDamaged, k, err)
	}
	if part := partOf(wanted); part != nil && part.Part > 0 && !later {
		return Proposal{}, nil
	}
	p := Proposal{ID: wanted.ID(), Entry: wanted, Time: at.Time, State: ProposalOpen}
	if p.By, err = l.knownAgent(no, c, at.Log.Agent()); err != nil {
		return p, err
	}
	return p, l.fillProposal(no, c, &p)
}

// fillProposal finds out who has said what, and how the proposal stands.
func (l *Ledger) fillProposal(no commonsNo, c *commonsState, p *Proposal) error {
	l.writeMu.Lock()
	defer l.writeMu.Unlock()
	b := l.newBatch()
	open, err := b.openCommonsNo(no)
	if err != nil {
		return err
	}
	log, err := b.openLog(p.Entry.Log)
	if err != nil {
		return err
	}
	if log != nil && log.Held.Seq >= p.Entry.Seq {
		p.State = ProposalSuperseded
		if held, err := b.holds(log, p.Entry.Seq, p.ID); err != nil || held {
			p.State = ProposalDone
			if err != nil {
				return err
			}
		}
	}
	s, err := b.signersOf(p.Entry)
	if err != nil {
		return err
	}
	p.Needs = int(s.present.Threshold)
	if s.successor != nil {
		p.Needs = max(p.Needs, int(s.successor.Threshold)) // old and new keys sign
	}
	approved, _, err := b.opinions(open, rules.Approvals, p.ID)
	if err != nil {
		return err
	}
	refused, _, err := b.opinions(open, rules.Refusals, p.ID)
	if err != nil {
		return err
	}
	if p.State == ProposalOpen {
		if dead, err := b.dead(open, p.ID, s); err != nil || dead {
			if p.State = ProposalRefused; err != nil {
				return err
			}
		}
	}
	for _, list := range []struct {
		from []protocol.LogID
		to   *[]Agent
	}{{approved, &p.Approvals}, {refused, &p.Rejections}} {
		for _, by := range list.from {
			a, err := l.knownAgent(no, c, by.Agent())
			if err != nil {
				return err
			}
			*list.to = append(*list.to, a)
		}
	}
	return l.mine(open, s, p, slices.Concat(approved, refused))
}

// mine finds out whether a proposal waits for the node's own member.
func (l *Ledger) mine(c *openCommons, s signers, p *Proposal, said []protocol.LogID) error {
	keys, err := l.keys(c.commonsState)
	if err != nil || p.State != ProposalOpen || slices.Contains(said, c.me()) {
		return err
	}
	for _, k := range keys {
		if _, may := s.has([]protocol.PublicKey{k.Public()}); may {
			p.Mine = true
		}
	}
	return nil
}

// knownAgent returns an agent, with no more than its identifier if nothing else
// is known of it yet.
func (l *Ledger) knownAgent(no commonsNo, c *commonsState, id protocol.AgentID) (Agent, error) {
	a, err := l.agent(no, c, id)
	if errors.Is(err, ErrNotFound) {
		return Agent{ID: id}, nil
	}
	return a, err
}

// holderOf returns the member whose key it is, as far as that is known.
func (l *Ledger) holderOf(no commonsNo, c *commonsState, key protocol.PublicKey) (Agent, error) {
	for _, s := range c.currentTerms().Stewards {
		if s.Key == key {
			return l.knownAgent(no, c, s.Log.Agent())
		}
	}
	row, err := l.read(stateKey(no, rules.Holders, key[:]))
	if err != nil || row == nil {
		return Agent{}, err
	}
	return l.knownAgent(no, c, protocol.AgentID{EntryID: idFrom(row)})
}

// CharterHistory returns the versions of the charter, oldest first.
func (l *Ledger) CharterHistory(ctx context.Context, id protocol.CommonsID) ([]CharterVersion, error) {
	no, c, err := l.state(id)
	if err != nil {
		return nil, err
	}
	row, err := l.logByID(id.Charter())
	if err != nil {
		return nil, err
	}
	all := []CharterVersion{}
	for e, err := range l.Entries(ctx, protocol.Range{Log: id.Charter(), Last: -1}) {
		if err != nil {
			return nil, err
		}
		body, is := e.Body.(*protocol.Charter)
		if !is {
			continue
		}
		status, err := l.status(e, row.at(e.Seq))
		if err != nil {
			return nil, err
		}
		v := CharterVersion{Seq: e.Seq, ID: e.ID(), Time: e.Time, Doc: body.Doc, State: status.State, Reason: status.Reason}
		if v.Signers, err = l.signersAt(no, c, row, e); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// signersAt returns who signed the segment that ends with an entry, as far as
// this node holds that.
func (l *Ledger) signersAt(no commonsNo, c *commonsState, row *logRow, e protocol.Entry) ([]Agent, error) {
	var marks signatures
	err := l.storage.View(func(s Snapshot) (err error) {
		_, marks, err = signedAt(s, row, e.Seq)
		return err
	})
	if err != nil {
		return nil, storeError(err)
	}
	terms := c.termsAt(e.Seq - 1)
	var all []Agent
	for _, m := range marks.Present {
		for _, s := range terms.Stewards {
			if len(terms.Stewards) > m.Key && terms.Stewards[m.Key].Log == s.Log {
				a, err := l.knownAgent(no, c, s.Log.Agent())
				if err != nil {
					return nil, err
				}
				all = append(all, a)
			}
		}
	}
	return all, nil
}

// Witnesses says who settles entries, and how a change of them stands.
func (l *Ledger) Witnesses(_ context.Context, id protocol.CommonsID) (WitnessStatus, error) {
	no, c, err := l.state(id)
	if err != nil {
		return WitnessStatus{}, err
	}
	var s WitnessStatus
	office, is := c.inOffice()
	if !is {
		return s, nil
	}
	if s.Current, err = l.witnessSet(no, c, office); err != nil {
		return s, err
	}
	l.writeMu.Lock()
	defer l.writeMu.Unlock()
	b := l.newBatch()
	open, err := b.openCommonsNo(no)
	if err != nil {
		return s, err
	}
	log, err := b.openLog(id.Charter())
	if err != nil || log == nil {
		return s, err
	}
	if err := l.nextWitnesses(b, open, log, &s); err != nil {
		return s, err
	}
	return s, l.closing(b, open, &s)
}

func (l *Ledger) witnessSet(no commonsNo, c *commonsState, e settle.Epoch) (WitnessSet, error) {
	set := WitnessSet{ID: e.ID, Seq: e.Seq, F: e.F, Quorum: e.Quorum()}
	for _, m := range e.Members {
		a, err := l.knownAgent(no, c, m.Agent())
		if err != nil {
			return set, err
		}
		set.Members = append(set.Members, a)
	}
	return set, nil
}

// nextWitnesses finds the first set that is not settled yet, and who has not
// confirmed it.
func (l *Ledger) nextWitnesses(b *batch, c *openCommons, charterLog *openLog, s *WitnessStatus) error {
	for _, seq := range charterLog.Sets {
		if seq <= s.Current.Seq {
			continue
		}
		e, err := b.entryAt(charterLog, seq)
		if err != nil {
			return err
		}
		body, is := e.Body.(*protocol.Witnesses)
		if !is {
			return ErrDamaged
		}
		next, err := l.witnessSet(c.no, c.commonsState, settle.Epoch{Seq: seq, ID: e.ID(), Members: body.Members, F: int(body.F)})
		if err != nil {
			return err
		}
		s.Next = &next
		missing, err := unconfirmed(b.context(c), c.epochs, e)
		for _, m := range missing {
			a, err := l.knownAgent(c.no, c.commonsState, m.Agent())
			if err != nil {
				return err
			}
			s.Missing = append(s.Missing, a)
		}
		return err
	}
	return nil
}

// closing finds out whether the votes of the former witnesses are all in.
func (l *Ledger) closing(b *batch, c *openCommons, s *WitnessStatus) error {
	last := len(c.epochs) - 2
	if last < 0 {
		return nil
	}
	closes, err := b.closesOf(c, last)
	if err != nil {
		return err
	}
	s.Closed, s.Needed = len(closes), c.epochs[last].Quorum()
	s.Closing = s.Closed < s.Needed
	for _, m := range c.epochs[last].Members {
		log, err := b.openLog(m)
		if err != nil {
			return err
		}
		if log != nil && slices.ContainsFunc(closes, func(x closed) bool { return x.witness == log.no }) {
			continue
		}
		a, err := l.knownAgent(c.no, c.commonsState, m.Agent())
		if err != nil {
			return err
		}
		s.Silent = append(s.Silent, a)
	}
	return nil
}
