package ledger

import (
	"errors"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// Branches that are kept of one log. A log that has more is frozen for good,
// unless one of them gathers votes: such a one is always taken.
const (
	maxBranches        = 64
	maxWitnessBranches = 1024
)

// path returns where the chain is stored, ascending.
func (r *logRow) path() []stretch {
	if r.Path != nil {
		return r.Path
	}
	return []stretch{{No: r.no}}
}

// at returns the number under which an entry of the chain is stored.
func (r *logRow) at(seq int64) logNo {
	no := r.no
	for _, s := range r.Path {
		if s.From <= seq {
			no = s.No
		}
	}
	return no
}

// tail returns the number under which the newest entries are stored.
func (r *logRow) tail() logNo {
	if len(r.Path) > 0 {
		return r.Path[len(r.Path)-1].No
	}
	return r.no
}

// primary returns the number of the log of which this is a branch, or its own.
func (r *logRow) primary() logNo {
	if r.Of > 0 {
		return logNo(r.Of - 1)
	}
	return r.no
}

// has reports whether the chain holds what is stored at a place.
func (r *logRow) has(no logNo, seq int64) bool {
	return seq >= 0 && seq <= r.Held.Seq && r.at(seq) == no
}

// parts returns the first seq at which two chains of one log differ.
func parts(a, b *logRow) int64 {
	x, y := a.path(), b.path()
	for i := range max(len(x), len(y)) {
		switch {
		case i >= len(x):
			return y[i].From
		case i >= len(y):
			return x[i].From
		case x[i].No != y[i].No || x[i].From != y[i].From:
			return min(x[i].From, y[i].From)
		}
	}
	return min(a.Held.Seq, b.Held.Seq) + 1
}

// lines returns all chains of a log, the one that counts first.
func (b *batch) lines(log *openLog) ([]*openLog, error) {
	all := []*openLog{log}
	for _, no := range log.Branches {
		branch, err := b.openLogNo(no)
		if err != nil {
			return nil, err
		}
		all = append(all, branch)
	}
	return all, nil
}

// place finds where an entry is held, on any branch.
func (b *batch) place(id protocol.EntryID) (no logNo, seq int64, held bool, err error) {
	e, no, err := b.find(id)
	if errors.Is(err, ErrNotFound) {
		return 0, 0, false, nil
	}
	return no, e.Seq, err == nil, err
}

// primaryOf opens the log to which a number belongs.
func (b *batch) primaryOf(no logNo) (*openLog, error) {
	log, err := b.openLogNo(no)
	if err == nil && log.Of > 0 {
		return b.openLogNo(log.primary())
	}
	return log, err
}

// joint is where a segment joins what is held of its log.
type joint struct {
	line *openLog // a chain that holds the entry before
	seq  int64    // place of that entry
	held int      // entries of the segment that are held already
}

// attach finds where a segment joins what is held of its log, on any branch. ok is
// false if the entry before it is not held.
func (b *batch) attach(log *openLog, s protocol.Segment) (j joint, ok bool, err error) {
	lines, err := b.lines(log)
	if err != nil {
		return j, false, err
	}
	no, seq := logNo(0), int64(-1)
	for j.held = len(s.Entries); j.held > 0 && !ok; j.held-- {
		if no, seq, ok, err = b.place(s.Entries[j.held-1].ID()); err != nil {
			return j, false, err
		}
		if ok {
			j.held++
		}
	}
	if !ok {
		if no, seq, ok, err = b.place(s.First().Prev); err != nil || !ok {
			return j, false, err
		}
	}
	for _, line := range lines {
		if line.has(no, seq) && (j.line == nil || line.Held.Seq == seq) {
			j.line, j.seq = line, seq
		}
	}
	return j, j.line != nil, nil
}

// keysAt returns the key set in force after an entry of a chain.
func (b *batch) keysAt(line *openLog, seq int64) (protocol.KeySet, error) {
	last := int64(-1)
	for _, at := range line.Rekeyed {
		if at <= seq {
			last = at
		}
	}
	if len(line.Rekeyed) == 0 || last == line.Rekeyed[len(line.Rekeyed)-1] {
		return line.keySet(), nil
	}
	e, err := b.entryAt(line, max(last, 0))
	switch body := e.Body.(type) {
	case *protocol.Inception:
		return body.KeySet, err
	case *protocol.Keys:
		return body.KeySet, err
	}
	return protocol.KeySet{}, errors.Join(err, ErrDamaged)
}

// grow adds a branch to a log that leaves a chain after a seq.
func (b *batch) grow(log, line *openLog, seq int64, keys protocol.KeySet) (*openLog, error) {
	before, err := b.entryAt(line, seq)
	if err != nil {
		return nil, err
	}
	no := logNo(b.meta.Logs)
	b.meta.Logs++
	branch := &openLog{logRow: logRow{
		ID: log.ID, Commons: log.Commons, no: no, Of: uint32(log.no) + 1,
		Held: head{Seq: seq, CID: before.ID()}, Applied: nowhere, Settled: nowhere, Vote: nowhere,
		Fork: -1, Tip: -1, Stored: seq,
	}, base: seq + 1}
	for _, s := range line.path() {
		if s.From <= seq {
			branch.Path = append(branch.Path, s)
		}
	}
	branch.Path = append(branch.Path, stretch{No: no, From: seq + 1})
	branch.Rekeyed, branch.Sets, branch.Removals = upTo(line.Rekeyed, seq), upTo(line.Sets, seq), upTo(line.Removals, seq)
	branch.setKeys(keys)
	b.logs[no] = branch
	log.Branches = append(slices.Clone(log.Branches), no)
	return branch, nil
}

func upTo(places []int64, seq int64) (kept []int64) {
	for _, at := range places {
		if at <= seq {
			kept = append(kept, at)
		}
	}
	return kept
}

// holdBranch adds an entry at the end of a branch that does not count, now. What
// a witness says in it counts all the same.
func (b *batch) holdBranch(log, branch *openLog, e protocol.Entry) error {
	if err := b.append(branch, e); err != nil {
		return err
	}
	c := b.commons[log.Commons]
	if err := b.heard(c, log, branch, e); err != nil {
		return err
	}
	return b.resolveVotes(c, log, branch, e)
}

// follow makes another branch of a log the one that counts. Nothing of what
// differs may have its effect.
func (b *batch) follow(log, branch *openLog) error {
	c := b.commons[log.Commons]
	from := parts(&log.logRow, &branch.logRow)
	if log.Applied.Seq >= from {
		if err := b.rewind(log, from-1); err != nil {
			return err
		}
	}
	c.row.Waiting += branch.Held.Seq - log.Held.Seq
	x, y := &log.logRow, &branch.logRow
	x.Path, y.Path = slices.Clone(y.path()), slices.Clone(x.path())
	x.Held, y.Held = y.Held, x.Held
	x.Keys, y.Keys = y.Keys, x.Keys
	x.Threshold, y.Threshold = y.Threshold, x.Threshold
	x.Next, y.Next = y.Next, x.Next
	x.Tip, y.Tip = y.Tip, x.Tip
	x.Marks, y.Marks = y.Marks, x.Marks
	x.Stored, y.Stored = y.Stored, x.Stored
	x.Unstored, y.Unstored = y.Unstored, x.Unstored
	x.SinceTip, y.SinceTip = y.SinceTip, x.SinceTip
	x.Rekeyed, y.Rekeyed = y.Rekeyed, x.Rekeyed
	x.Sets, y.Sets = y.Sets, x.Sets
	x.Removals, y.Removals = y.Removals, x.Removals
	log.base, branch.base = branch.base, log.base
	log.pending, branch.pending = branch.pending, log.pending
	for seq := from; seq <= log.Held.Seq; seq++ {
		e, err := b.entryAt(log, seq)
		if err != nil {
			return err
		}
		b.extendRun(log, seq)
		if err := b.indexEntry(c, log, e); err != nil {
			return err
		}
	}
	return nil
}

// refork finds where unsettled histories of a log part, and counts what is
// frozen.
func (b *batch) refork(log *openLog) error {
	was := log.frozen()
	log.Fork = -1
	lines, err := b.lines(log)
	if err != nil {
		return err
	}
	for _, branch := range lines[1:] {
		at := parts(&log.logRow, &branch.logRow)
		if at > log.Settled.Seq && (log.Fork < 0 || at < log.Fork) {
			log.Fork = at
		}
	}
	frozen := &b.commons[log.Commons].row.Frozen
	switch now := log.frozen(); {
	case now && !was:
		*frozen++
	case was && !now:
		*frozen--
	}
	if log.frozen() && log.Applied.Seq >= log.Fork {
		if err := b.rewind(log, log.Fork-1); err != nil {
			return err
		}
	}
	b.later(task{do: doAdvance, log: log.no})
	return nil
}

// roomFor reports whether one more branch of a log is kept: within its bounds,
// or if a quorum of votes asks for it.
func (b *batch) roomFor(c *openCommons, log *openLog, s protocol.Segment) (bool, error) {
	bound := maxBranches
	for _, e := range c.epochs {
		if e.Holds(log.log()) {
			bound = maxWitnessBranches
		}
	}
	if len(log.Branches) < bound {
		return true, nil
	}
	votes, err := b.votes(c, log.log())
	if err != nil || len(c.epochs) == 0 {
		return false, err
	}
	for _, e := range s.Entries {
		id, n := e.ID(), 0
		for _, v := range votes {
			if v.CID == id {
				n++
			}
		}
		if n >= c.epochs[len(c.epochs)-1].Quorum() {
			return true, nil
		}
	}
	return false, nil
}

// splits reports whether a branch of the charter log parts before the first
// witnesses: that would be another commons under the same name, and is never
// followed.
func (b *batch) splits(c *openCommons, log *openLog, seq int64) bool {
	return log.log() == c.id().Charter() && (len(log.Sets) == 0 || seq < log.Sets[0])
}
