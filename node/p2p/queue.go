package p2p

import (
	"context"
	"sync"

	"github.com/minga-commons/minga/node/replica"
)

// eventOverhead is what a queued event costs in bytes beside its data.
const eventOverhead = 256

// queued is an event on its way to the one who takes them.
type queued struct {
	event replica.Event
	stale func() bool // if not nil: whether the event has lost its meaning
	done  func()      // if not nil: called when the event was taken or dropped
}

// queue hands events over in order. It never blocks a writer: each source of
// events bounds what it has in the queue, by waiting for done.
type queue struct {
	mu      sync.Mutex
	waiting []queued
	wake    chan struct{}
}

func newQueue() *queue { return &queue{wake: make(chan struct{}, 1)} }

func (q *queue) put(item queued) {
	q.mu.Lock()
	q.waiting = append(q.waiting, item)
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take returns everything that waits.
func (q *queue) take() []queued {
	q.mu.Lock()
	defer q.mu.Unlock()
	items := q.waiting
	q.waiting = nil
	return items
}

// run delivers events until ctx ends.
func (q *queue) run(ctx context.Context, deliver func(replica.Event)) {
	for {
		for _, item := range q.take() {
			if ctx.Err() != nil {
				return
			}
			if item.stale == nil || !item.stale() {
				deliver(item.event)
			}
			if item.done != nil {
				item.done()
			}
		}
		select {
		case <-q.wake:
		case <-ctx.Done():
			return
		}
	}
}
