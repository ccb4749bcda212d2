package ledger

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/settle"
	"github.com/minga-commons/minga/protocol"
)

// Writing says whether this node writes its own logs of a commons.
type Writing string

// The states of writing. A ledger that was not opened with AskFirst writes.
const (
	WritingOpen    Writing = "open"    // it writes
	WritingAsking  Writing = "asking"  // it is asking its peers how far its own logs had come; writers wait
	WritingRefused Writing = "refused" // its files are a copy and no peer has answered yet
)

// doubt is what a node does not know of its own logs, from one start to the
// next. Its values are stored as the first byte of a row; no row is doubtNone.
type doubt byte

const (
	doubtNone  doubt = 0
	doubtVotes doubt = 1 // whether it holds all of its votes
	doubtAll   doubt = 2 // nor any other entry that it wrote
)

// caution is what keeps a node from writing in a commons.
type caution struct {
	writing  Writing
	doubt    doubt
	regained int64 // with doubtVotes: newest own entry that may be from before the copy
}

// Question is what a node has yet to learn from its peers about its own logs in
// a commons.
type Question struct {
	Own       []protocol.LogID // logs that it writes
	Witnesses []protocol.LogID // others who know what its own member voted for
	Enough    int              // how many of their answers make sure that nothing is missing
	Copied    bool             // its files are a copy: without an answer it does not write
	Alone     bool             // it has never held anybody else's log
}

// Question returns what is to be asked about a commons, false if nothing is.
func (l *Ledger) Question(id protocol.CommonsID) (Question, bool) {
	no, c, err := l.state(id)
	if err != nil {
		return Question{}, false
	}
	now := l.cautionOf(no)
	if now.writing == WritingOpen && now.doubt == doubtNone {
		return Question{}, false
	}
	q := Question{Own: []protocol.LogID{c.me()}, Copied: now.doubt == doubtAll}
	if c.owns(id.Charter()) {
		q.Own = append(q.Own, id.Charter())
	}
	q.Alone = c.row.Logs <= int64(len(q.Own))
	own, err := l.logByID(c.me())
	if err != nil {
		return Question{}, false
	}
	q.Witnesses, q.Enough = c.whoKnows(own.no)
	return q, true
}

// whoKnows returns the witnesses who know what the node's member voted for, and
// how many of them make sure: so many that of those in office, and of every
// epoch that the member has yet to close, n - f have answered.
func (c *commonsState) whoKnows(own logNo) (witnesses []protocol.LogID, enough int) {
	spare := -1
	for i, e := range c.epochs {
		if i+1 < len(c.epochs) && !c.owesClose(own, i) {
			continue
		}
		all, needed := others(e, c.me())
		if len(all) == 0 {
			continue
		}
		if more := len(all) - needed; spare < 0 || more < spare {
			spare = more
		}
		for _, w := range all {
			if !slices.Contains(witnesses, w) {
				witnesses = append(witnesses, w)
			}
		}
	}
	return witnesses, len(witnesses) - max(spare, 0)
}

// others returns the witnesses of an epoch but for a log's own, and how many of
// them make sure: n - f, or all if they are fewer.
func others(e settle.Epoch, me protocol.LogID) (witnesses []protocol.LogID, enough int) {
	witnesses = slices.DeleteFunc(slices.Clone(e.Members), func(w protocol.LogID) bool { return w == me })
	return witnesses, min(len(e.Members)-e.F, len(witnesses))
}

// Resume lets the node write in a commons, once it holds what peers hold of its
// own logs, or has nobody to ask. sure says that so many witnesses were asked
// that none of its votes can be missing; otherwise one whose files are a copy
// writes and does not vote. It survives the end of the process.
func (l *Ledger) Resume(ctx context.Context, id protocol.CommonsID, sure bool) error {
	no, _, err := l.state(id)
	if err != nil {
		return err
	}
	next := l.cautionOf(no)
	next.writing = WritingOpen
	if next.doubt != doubtNone && !sure {
		next.doubt = doubtVotes
	} else {
		next.doubt = doubtNone
	}
	return l.beCautious(ctx, no, next)
}

// Refuse ends the asking without an answer: whoever waits to write in the
// commons is told so. A later Resume lets them.
func (l *Ledger) Refuse(ctx context.Context, id protocol.CommonsID) error {
	no, _, err := l.state(id)
	if err != nil {
		return err
	}
	now := l.cautionOf(no)
	if now.writing == WritingAsking {
		now.writing = WritingRefused
	}
	return l.beCautious(ctx, no, now)
}

// WriteUnasked lets the node write and vote in every commons, whatever is
// missing: its operator has been told the risk.
func (l *Ledger) WriteUnasked(ctx context.Context) error {
	all, err := l.Commons(ctx)
	for _, c := range all {
		if err == nil {
			err = l.Resume(ctx, c.ID, true)
		}
	}
	return err
}

// Reconsidered returns a channel that is closed once a node may write where it
// might not, or the other way round.
func (l *Ledger) Reconsidered() <-chan struct{} {
	l.cautionMu.Lock()
	defer l.cautionMu.Unlock()
	return l.reconsidered
}

func (l *Ledger) cautionOf(no commonsNo) caution {
	l.cautionMu.Lock()
	defer l.cautionMu.Unlock()
	if c, is := l.cautions[no]; is {
		return c
	}
	return caution{writing: WritingOpen}
}

// beCautious takes a state of writing over, and keeps the doubt in it.
func (l *Ledger) beCautious(ctx context.Context, no commonsNo, next caution) error {
	was := l.cautionOf(no)
	if was == next {
		return nil
	}
	if was.doubt != next.doubt {
		err := l.write(ctx, 64, func(b *batch) (err error) {
			if next.doubt == doubtNone {
				next.regained = 0
				err = b.recallGrants(ctx, no)
			} else {
				next.regained, err = b.ownSeq(no)
			}
			b.put(doubtKey(no), next.row())
			return err
		})
		if err != nil {
			return err
		}
	}
	l.cautionMu.Lock()
	defer l.cautionMu.Unlock()
	l.cautions[no] = next
	close(l.reconsidered)
	l.reconsidered = make(chan struct{})
	return nil
}

// ownSeq returns the newest own entry that is held in a commons.
func (b *batch) ownSeq(no commonsNo) (int64, error) {
	c, err := b.openCommonsNo(no)
	if err != nil {
		return 0, err
	}
	own, err := b.openLog(c.me())
	if err != nil || own == nil {
		return -1, err
	}
	return own.Held.Seq, nil
}

// regain notes that own entries came back from a peer: up to there the member
// may have voted before its files were copied.
func (b *batch) regain(log *openLog, seq int64) {
	if log.log() != b.commons[log.Commons].me() {
		return
	}
	b.l.cautionMu.Lock()
	defer b.l.cautionMu.Unlock()
	now, is := b.l.cautions[log.Commons]
	if !is || now.doubt != doubtVotes || now.regained >= seq {
		return
	}
	now.regained = seq
	b.l.cautions[log.Commons] = now
	b.put(doubtKey(log.Commons), now.row())
}

// votesIn reports whether the node may vote in a commons, as far as it knows its
// own logs: it has no reason to doubt that it holds its votes, or none of them
// can be missing.
func (l *Ledger) votesIn(x rules.Rows, no commonsNo, c *commonsState) (bool, error) {
	now := l.cautionOf(no)
	if now.writing != WritingOpen || now.doubt == doubtNone {
		return now.writing == WritingOpen, nil
	}
	return c.agreedAfter(x, now.regained)
}

// agreedAfter reports whether the node's member agreed to be a witness, for the
// first time, in an own entry after a place: before it, it had no vote. The
// witnesses of the first epoch did not have to agree.
func (c *commonsState) agreedAfter(x rules.Rows, seq int64) (bool, error) {
	first := slices.IndexFunc(c.epochs, func(e settle.Epoch) bool { return e.Holds(c.me()) })
	if first < 1 {
		return first < 0, nil
	}
	row, err := x.Get(rules.Voices, flow.VoiceKey(c.epochs[first].ID, c.me()))
	said := flow.VoicesFrom(c.me(), row)
	return len(said) > 0 && said[0].Seq > seq, err
}

// recallGrants counts again whom this witness has let in by which invitation:
// the votes that came back with its log do not say so.
func (b *batch) recallGrants(ctx context.Context, no commonsNo) error {
	c, err := b.openCommonsNo(no)
	if err != nil {
		return err
	}
	x := b.context(c)
	for row, err := range b.l.logRows(ctx, c.id()) {
		if err != nil {
			return err
		}
		if vote, err := x.Get(rules.LastVotes, row.ID[:]); err != nil || vote == nil {
			if err != nil {
				return err
			}
			continue
		}
		first, err := b.l.entryAt(row.at(0), 0)
		if err != nil {
			return err
		}
		if body, is := first.Body.(*protocol.Inception); is && body.Grant != nil {
			if _, err := b.spend(x, body.Grant.Invite, row.ID, math.MaxInt64); err != nil {
				return err
			}
		}
	}
	return nil
}

func doubtKey(no commonsNo) []byte { return key(keyDoubt, no.bytes()) }

// row returns what is stored of a doubt, nil if there is none.
func (c caution) row() []byte {
	switch c.doubt {
	case doubtNone:
		return nil
	case doubtVotes:
		return append([]byte{byte(doubtVotes)}, u64(uint64(c.regained))...)
	}
	return []byte{byte(c.doubt)}
}

// cautionFrom reads a row of doubt; the node has yet to ask.
func cautionFrom(row []byte) (caution, error) {
	c := caution{writing: WritingAsking}
	switch {
	case len(row) == 0:
	case len(row) == 1 && doubt(row[0]) == doubtAll:
		c.doubt = doubtAll
	case len(row) == 1+8 && doubt(row[0]) == doubtVotes:
		c.doubt, c.regained = doubtVotes, seqFrom(row[1:])
	default:
		return c, fmt.Errorf("%w: a row about what may be missing has %d bytes", ErrDamaged, len(row))
	}
	return c, nil
}

// doubts returns the rows by which a node whose files are a copy remembers that
// it may lack what it wrote: one a commons in which it has a log.
func (l *Ledger) doubts() []Write {
	var rows []Write
	for no, c := range l.commons {
		if !c.row.Me.IsZero() {
			rows = append(rows, Write{Key: doubtKey(no), Value: caution{doubt: doubtAll}.row()})
		}
	}
	return rows
}

// loadCautions begins with what the node does not know. Without asking it
// writes, and what it does not know stays written down.
func (l *Ledger) loadCautions(ask bool) error {
	if l.readOnly || !ask {
		return nil
	}
	for no, c := range l.commons {
		if c.row.Me.IsZero() {
			continue
		}
		row, err := l.read(doubtKey(no))
		if err != nil {
			return err
		}
		if l.cautions[no], err = cautionFrom(row); err != nil {
			return err
		}
	}
	return nil
}

// whenAsked waits until the node knows whether it may write in a commons, or
// until ctx ends.
func (l *Ledger) whenAsked(ctx context.Context, id protocol.CommonsID) error {
	no, _, err := l.state(id)
	if err != nil {
		return nil // the writer says so
	}
	for {
		changed := l.Reconsidered()
		if l.cautionOf(no).writing != WritingAsking {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// mayWrite returns an error that wraps ErrCopied unless the node may write in a
// commons now.
func (l *Ledger) mayWrite(no commonsNo) error {
	switch l.cautionOf(no).writing {
	case WritingOpen:
		return nil
	case WritingAsking:
		return fmt.Errorf("%w: its peers are being asked", ErrCopied)
	}
	return fmt.Errorf("%w, and no peer has answered", ErrCopied)
}

// cautious completes a commons with what keeps the node from writing there.
func (l *Ledger) cautious(no commonsNo, state *commonsState) (Commons, error) {
	c := state.public()
	c.Writing = l.cautionOf(no).writing
	if !state.inOfficeHere() {
		return c, nil
	}
	votes, err := l.votesIn(stored{l, no}, no, state)
	c.Silent = !votes
	return c, err
}
