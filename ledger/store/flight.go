package store

import "fmt"

// flight is a commit that is not to be synced: it is written in the background
// while its caller goes on, since most of the time of a commit is Badger's,
// which works through it in a goroutine of its own.
//
// Store.mu goes with the flight: Commit takes it, and the flight gives it back
// when it is done. So there is one flight at a time, and the next commit, Sync,
// Close and whatever else takes the mutex wait for its end. Readers wait only
// until Badger has written, not for a sync that may follow.
type flight struct {
	landed chan struct{} // closed when readers see the commit, or it failed
	err    error         // why it failed, to be read when landed is closed
}

// launch commits in the background. The caller holds the mutex, and gives it up.
func (s *Store) launch(writes []Write) {
	f := &flight{landed: make(chan struct{})}
	s.last.Store(f)
	go func() {
		defer s.mu.Unlock()
		set := s.seal(writes)
		defer s.release(set)
		err := s.put(set)
		if err != nil {
			f.err = fmt.Errorf("%w, close the store and open it again: %w", ErrFailed, err)
		}
		close(f.landed)
		if err == nil && s.wal.due() {
			err = s.sync()
		}
		s.failed = err
	}()
}

// wait returns when the latest flight can be read. If it failed, what its caller
// took for stored is not there, and wait returns why.
func (s *Store) wait() error {
	f := s.last.Load()
	if f == nil {
		return nil
	}
	<-f.landed
	return f.err
}
