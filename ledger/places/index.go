package places

import (
	"errors"
	"fmt"
	"math"
	"sync/atomic"

	"github.com/minga-commons/minga/ledger/store"
)

// View calls a function with a snapshot of what is committed, as store.View.
type View func(func(store.Snapshot) error) error

// Index is the places of one database, in the rows whose keys begin with one
// byte. Any number of goroutines may look; plans are made and adopted by the
// writer.
type Index struct {
	view   View
	prefix byte
	room   int // bytes that a plan may add to a commit beside what is new
	now    atomic.Pointer[version]
	writer writer
}

// writer is what only the writer needs to know. It may be forgotten.
type writer struct {
	next   uint64   // number of the next run or row of new postings
	recent [][]byte // keys of the rows of what is not in a run yet
	gone   [][]byte // keys of rows that the next commit is to remove
	merges []*merge
}

// Open reads the index, of which it keeps three bytes a posting for a moment and
// little more than one from then on. room is how many bytes a commit takes
// beside what a caller puts into it.
func Open(view View, prefix byte, room int) (*Index, error) {
	ix := &Index{view: view, prefix: prefix, room: room}
	l := loader{ix: ix, now: &version{}}
	err := view(func(snap store.Snapshot) error {
		var failed error
		err := snap.Scan([]byte{prefix}, nil, false, func(key, value []byte) bool {
			failed = l.take(key, value)
			return failed == nil
		})
		return errors.Join(failed, err)
	})
	if err != nil {
		return nil, fmt.Errorf("read the index of places: %w", err)
	}
	l.endStretch()
	l.endRun()
	ix.now.Store(l.now)
	return ix, nil
}

// Find returns where what has a digest may stand, in order: others may share
// the bytes of it that the index keeps.
func (ix *Index) Find(of []byte) ([]Place, error) {
	d := digestFrom(of)
	return ix.collect(span{d, d}, math.MaxInt)
}

// Between returns where what has a digest from least to most may stand: the
// first ones in order of digests, at most limit. Both have at least DigestSize
// bytes.
func (ix *Index) Between(least, most []byte, limit int) ([]Place, error) {
	all, err := ix.collect(span{digestFrom(least), digestFrom(most)}, limit)
	return all[:min(len(all), limit)], err
}

var errStale = errors.New("a page of the index is not there")

// collect looks in what was published last. While it looks, commits may go on: a
// page that was merged stays until the commit after the next one is made. If
// that is too short, what was published has changed.
func (ix *Index) collect(s span, limit int) ([]Place, error) {
	for {
		now := ix.now.Load()
		var found []posting
		err := ix.view(func(snap store.Snapshot) (err error) {
			found, err = now.collect(snap, ix.prefix, s, limit)
			return err
		})
		if errors.Is(err, errStale) {
			if ix.now.Load() != now {
				continue
			}
			err = fmt.Errorf("%w: %w", store.ErrDamaged, err)
		}
		if err != nil {
			return nil, err
		}
		places := make([]Place, len(found))
		for i, p := range found {
			places[i] = Place{p.no, p.seq}
		}
		return places, nil
	}
}
