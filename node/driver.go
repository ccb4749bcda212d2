package node

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/minga-commons/minga/node/replica"
	"github.com/minga-commons/minga/protocol"
)

// tickEvery is how often the replica is told the time.
const tickEvery = 250 * time.Millisecond

// driver hands events to the replica, one at a time, from one goroutine: those
// of the network, the clock, and the ledger's changes.
type driver struct {
	events  chan replica.Event
	changed chan struct{} // holds at most one note of a change
	stopped chan struct{} // closed when events are no longer taken
	check   atomic.Pointer[replica.Validator]
}

func newDriver() *driver {
	return &driver{
		events:  make(chan replica.Event, 64),
		changed: make(chan struct{}, 1),
		stopped: make(chan struct{}),
	}
}

// deliver takes an event of the network. It waits while the replica is behind.
func (d *driver) deliver(e replica.Event) {
	select {
	case d.events <- e:
	case <-d.stopped:
	}
}

// validate asks the replica's validator. The network needs one before there is
// a replica; until then it ignores what comes.
func (d *driver) validate(commons protocol.CommonsID, from replica.PeerID, data []byte) (protocol.Segment, replica.Verdict) {
	check := d.check.Load()
	if check == nil {
		return protocol.Segment{}, replica.Ignore
	}
	return (*check)(commons, from, data)
}

// poke says that the ledger holds something new. It never waits.
func (d *driver) poke() { note(d.changed) }

// run drives the replica until ctx ends. after is called when the replica has
// heard the time.
func (d *driver) run(ctx context.Context, r *replica.Replica, now func() time.Time, after func()) {
	defer close(d.stopped)
	check := r.Validator()
	d.check.Store(&check)
	ticks := time.NewTicker(tickEvery)
	defer ticks.Stop()
	tick := func() {
		r.Handle(replica.Tick{Now: now()})
		after()
	}
	tick()
	for {
		select {
		case e := <-d.events:
			r.Handle(e)
		case <-d.changed:
			r.Handle(replica.LedgerChanged{})
		case <-ticks.C:
			tick()
		case <-ctx.Done():
			return
		}
	}
}

// note leaves a mark in a channel that holds one.
func note(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
