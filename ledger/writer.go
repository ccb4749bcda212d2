package ledger

import (
	"context"
	"errors"
	"fmt"
)

// request is something that wants to be in a commit. apply puts it into the
// batch; after an error it has left nothing there.
type request struct {
	apply func(b *batch) error
	size  int // estimate of the bytes that it writes
	err   error
	done  bool
	woken chan struct{} // closed when the request is done, or has to lead
}

// write puts a request into a commit, together with whatever other callers ask
// for at the same time, and returns when that commit is done. Of those who wait
// one leads: it commits until its own request is done, then the first in the
// queue does. So each waits for one wake-up, and the next commit fills while one
// is written.
func (l *Ledger) write(ctx context.Context, size int, apply func(b *batch) error) error {
	if l.readOnly {
		return ErrReadOnly
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	r := &request{apply: apply, size: size, woken: make(chan struct{})}
	l.queueMu.Lock()
	l.queue = append(l.queue, r)
	leads := !l.led
	l.led = true
	l.queueMu.Unlock()

	if !leads {
		<-r.woken
	}
	if !r.done {
		l.lead(r)
	}
	return r.err
}

// lead commits what is in the queue until a request is done that is in there,
// and has somebody else go on.
func (l *Ledger) lead(r *request) {
	defer l.handOver()
	l.writeMu.Lock()
	defer l.writeMu.Unlock()
	for !r.done {
		group := l.take()
		l.commitGroup(group)
		for _, other := range group {
			if other != r {
				close(other.woken)
			}
		}
	}
}

// handOver has the first in the queue lead.
func (l *Ledger) handOver() {
	l.queueMu.Lock()
	defer l.queueMu.Unlock()
	if l.led = len(l.queue) > 0; l.led {
		close(l.queue[0].woken)
	}
}

// take returns the requests that fit into one batch, in the order in which they
// were made; at least one.
func (l *Ledger) take() []*request {
	l.queueMu.Lock()
	defer l.queueMu.Unlock()
	size, n := 0, 0
	for n < len(l.queue) && (n == 0 || size+l.queue[n].size <= l.maxBytes) {
		size += l.queue[n].size
		n++
	}
	group := l.queue[:n:n]
	l.queue = l.queue[n:]
	return group
}

func (l *Ledger) commitGroup(group []*request) {
	b := l.newBatch()
	for _, r := range group {
		if r.err = errors.Join(l.failed, b.broken); r.err == nil {
			r.err = r.apply(b)
		}
		r.done = true
	}
	err := errors.Join(l.failed, b.broken)
	if err == nil {
		err = b.finish()
	}
	for _, r := range group {
		if r.err == nil {
			r.err = err
		}
	}
}

// flushIfFull commits what the batch holds when it has grown to its bounds. It
// is called between entries, where the state is whole.
func (b *batch) flushIfFull() error {
	if !b.full() {
		return nil
	}
	return b.finish()
}

// finish signs and endorses what is the node's own, commits the batch,
// publishes it, and leaves it empty for more.
func (b *batch) finish() error {
	err := b.broken
	if err == nil {
		err = b.seal()
	}
	if err == nil {
		err = b.commit()
	}
	*b = *b.l.newBatch()
	if err == nil {
		return nil
	}
	if !errors.Is(err, ErrDiskFull) {
		b.l.fail(err)
	}
	b.broken = fmt.Errorf("commit: %w", err)
	return b.broken
}

// seal has a witness endorse what own entries of this batch made new, and signs
// the tips of own logs.
func (b *batch) seal() error {
	if b.own {
		for _, c := range b.commonsInOrder() {
			if _, err := b.endorse(c); err != nil {
				return err
			}
		}
	}
	for _, log := range b.logsInOrder() {
		if !log.unsigned {
			continue
		}
		if err := b.sign(log); err != nil {
			return err
		}
	}
	return nil
}
