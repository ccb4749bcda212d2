package ledger

import (
	"context"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// namer is called for an entry that names an identifier. It returns whether it
// wants more.
type namer = func(e protocol.Entry, effective bool) (bool, error)

// Naming calls fn for each entry held, stored or pending, that names an
// identifier by a relation, or by any if that is empty.
func (x view) Naming(id protocol.EntryID, relation string, fn namer) error {
	return x.naming(id, relation, func(e protocol.Entry, no logNo) (bool, error) {
		effective, err := x.effective(e, no)
		if err != nil {
			return false, err
		}
		return fn(e, effective)
	})
}

// naming is Naming for who asks for the place of each entry instead.
func (x view) naming(id protocol.EntryID, relation string, fn func(e protocol.Entry, no logNo) (bool, error)) error {
	more := true
	visit := func(no logNo, seqs []int64) error {
		for _, seq := range seqs {
			e, err := x.b.stored(no, seq)
			if err != nil {
				return err
			}
			if !rules.LinksTo(e.Body, id, relation) {
				continue
			}
			if more, err = fn(e, no); err != nil || !more {
				return err
			}
		}
		return nil
	}
	for at, err := range x.b.l.runsOf(context.Background(), x.c.no, id, 0) {
		if err == nil {
			err = visit(at.log, at.seqs)
		}
		if err != nil || !more {
			return err
		}
	}
	for _, p := range x.b.posted(id) {
		if p.commons != x.c.no {
			continue
		}
		if err := visit(x.b.runs[p.run].Log, postings(x.b.postings[p].seqs)); err != nil || !more {
			return err
		}
	}
	return nil
}

// posted returns the pending postings of an identifier. They are put in order
// when somebody first asks: most batches are never asked.
func (b *batch) posted(id protocol.EntryID) []posting {
	if b.postedIn == nil {
		b.postedIn = map[protocol.EntryID][]posting{}
		for p := range b.postings {
			b.postedIn[p.id] = append(b.postedIn[p.id], p)
		}
		for _, list := range b.postedIn {
			slices.SortFunc(list, func(p, q posting) int { return p.run - q.run })
		}
	}
	return b.postedIn[id]
}

// effective reports whether an entry that is held at a place has its effect.
func (x view) effective(e protocol.Entry, no logNo) (bool, error) {
	if judged, err := x.judged(e, no); err != nil || !judged {
		return false, err
	}
	void, err := x.Get(rules.Voids, idKey(e))
	return void == nil, err
}

// judged reports whether an entry that is held at a place waits for nothing: it
// has its effect, or is void.
func (x view) judged(e protocol.Entry, no logNo) (bool, error) {
	log, err := x.b.primaryOf(no)
	return err == nil && log.Commons == x.c.no && e.Seq <= log.Applied.Seq && log.at(e.Seq) == no, err
}

// Naming calls fn for each stored entry that names an identifier by a relation,
// or by any if that is empty.
func (x readContext) Naming(id protocol.EntryID, relation string, fn namer) error {
	for at, err := range x.l.runsOf(context.Background(), x.no, id, 0) {
		if err != nil {
			return err
		}
		for _, seq := range at.seqs {
			e, err := x.l.entryAt(at.log, seq)
			if err != nil {
				return err
			}
			if !rules.LinksTo(e.Body, id, relation) {
				continue
			}
			status, err := x.l.status(e, at.log)
			if err != nil {
				return err
			}
			if more, err := fn(e, status.State == Pending || status.State == Settled); err != nil || !more {
				return err
			}
		}
	}
	return nil
}
