package replica

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/minga-commons/minga/protocol"
)

// Options are the settings of a Replica. The zero value works.
type Options struct {
	Seed     uint64        // of the jitter between sessions and dials
	Logger   *slog.Logger  // nil: silent
	Known    []KnownPeer   // peers to dial from the start
	Every    time.Duration // between sessions with one peer about one commons; 0: five seconds
	Software string        // said to peers, for people; at most 64 bytes
}

// Bounds on what peers can make a replica do and hold.
const (
	maxSessions     = 64       // in all
	maxPeerSessions = 4        // with one peer
	maxOpenSessions = 2        // begun here, with one peer
	maxPeers        = 1024     // remembered
	window          = 4 << 20  // bytes of segments that a peer may have under way
	maxCredit       = 64 << 20 // bytes of credit taken up, whatever a peer offers
	markEvery       = 8 << 20  // bytes received between two bookmarks
)

// Intervals. All are measured by Tick.
const (
	defaultEvery  = 5 * time.Second
	soon          = time.Second
	redialEvery   = 8 * time.Second // and up to two more by chance
	progressLimit = 30 * time.Second
	repairFirst   = 30 * time.Second // between two repairs that did not help
	repairLast    = time.Hour
	auditEvery    = 5 * time.Minute
	refusedEvery  = 15 * time.Second
	frontierEvery = 2 * time.Second // a comparison for each peer, on average
)

// Replica keeps this node's ledger in step with those of its peers. Handle is
// called from one goroutine at a time; Peers, KnownPeers, AddPeer and the
// Validator may be called from any.
type Replica struct {
	ledger    Ledger
	transport Transport
	log       *slog.Logger
	every     time.Duration
	software  string

	// owned by Handle
	now       time.Time
	rng       *rand.Rand
	commons   []protocol.CommonsID // sorted
	follow    map[protocol.CommonsID]*follower
	peers     map[PeerID]*peer
	order     []PeerID // keys of peers, sorted
	sessions  map[SessionID]*session
	gathering int // sessions that gather a frontier
	early     early
	unsynced  bool // something was ingested since the last Sync
	due       bool // a session may be due before the next Tick
	changed   bool // the published status is out of date

	asking  bool      // this node may have to ask how far its own logs had come
	askedAt time.Time // since when
	heard   bool      // something that may be an answer

	mu     sync.Mutex
	known  map[string]*knownPeer
	status []PeerStatus
}

// New returns a replica of ledger over transport. The first event handed to it
// should be a Tick.
func New(o Options, ledger Ledger, transport Transport) *Replica {
	r := &Replica{
		ledger:    ledger,
		transport: transport,
		log:       o.Logger,
		every:     o.Every,
		software:  o.Software,
		rng:       rand.New(rand.NewPCG(o.Seed, 0x6d696e6761)),
		follow:    map[protocol.CommonsID]*follower{},
		peers:     map[PeerID]*peer{},
		sessions:  map[SessionID]*session{},
		known:     map[string]*knownPeer{},
		asking:    true,
	}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	if r.every <= 0 {
		r.every = defaultEvery
	}
	for _, k := range o.Known {
		r.remember(k)
	}
	return r
}

// Handle takes the next event. It never blocks on the network; it may wait for
// the ledger's disk.
func (r *Replica) Handle(ev Event) {
	switch ev := ev.(type) {
	case Tick:
		r.tick(ev.Now)
	case LedgerChanged:
		r.refresh()
		r.publish()
	case PeerUp:
		r.peerUp(ev)
	case PeerDown:
		r.peerDown(ev.Peer)
	case Opened:
		r.opened(ev)
	case FrameIn:
		if s := r.sessions[ev.Session]; s != nil {
			r.frame(s, ev.Data)
		}
	case Drained:
		if s := r.sessions[ev.Session]; s != nil {
			r.advance(s)
		}
	case Closed:
		if s := r.sessions[ev.Session]; s != nil {
			r.closed(s, ev.Reason)
		}
	case GossipIn:
		r.gossipIn(ev)
	}
	if r.heard {
		r.consider()
	}
	if r.due {
		r.due = false
		r.schedule()
	}
	if r.changed {
		r.changed = false
		r.publishStatus()
	}
}

func (r *Replica) tick(now time.Time) {
	first := r.now.IsZero()
	r.now = now
	for _, id := range r.sessionIDs() {
		s := r.sessions[id]
		switch {
		case first:
			s.progressAt = now
		case now.Sub(s.progressAt) >= progressLimit:
			r.stalled(s)
		}
	}
	r.refresh()
	r.publish()
	r.redial()
	r.consider()
	r.due = true
}

// refresh learns which commons the ledger holds, and joins the topics of new
// ones.
func (r *Replica) refresh() {
	ids, err := r.ledger.CommonsIDs(ctx())
	if err != nil {
		r.log.Warn("cannot list the commons", "error", err)
		return
	}
	slices.SortFunc(ids, func(a, b protocol.CommonsID) int { return a.Compare(b.EntryID) })
	r.commons = ids
	for _, id := range ids {
		if r.follow[id] != nil {
			continue
		}
		if err := r.transport.Join(id); err != nil {
			r.log.Warn("cannot join the topic", "commons", id, "error", err)
			continue
		}
		r.follow[id] = r.newFollower(id)
		r.due = true
	}
}

func (r *Replica) sessionIDs() []SessionID {
	ids := make([]SessionID, 0, len(r.sessions))
	for id := range r.sessions {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// durable makes everything held durable and returns the end of the journal
// that is.
func (r *Replica) durable() (uint64, error) {
	if r.unsynced {
		if err := r.ledger.Sync(ctx()); err != nil {
			return 0, fmt.Errorf("sync the ledger: %w", err)
		}
		r.unsynced = false
	}
	return r.ledger.DurablePosition(), nil
}

// digest returns the state digest of a commons, nil while nothing is held.
func (r *Replica) digest(id protocol.CommonsID) []byte {
	if _, held := r.ledger.Held(id.Charter()); !held {
		return nil
	}
	d, err := r.ledger.Digest(id)
	if err != nil {
		r.log.Warn("no digest", "commons", id, "error", err)
		return nil
	}
	return d[:]
}

// jitter returns d, or up to a fifth more or less.
func (r *Replica) jitter(d time.Duration) time.Duration {
	return d - d/5 + time.Duration(r.rng.Int64N(int64(d)*2/5+1))
}

// ctx is the context of the ledger's work. Events are short and are carried
// through, so that a shutdown never leaves half of one.
func ctx() context.Context { return context.Background() }
