package replica

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/multiformats/go-multihash"

	"github.com/minga-commons/minga/protocol"
)

// ErrBadAddress says that an address does not end in /p2p/ and a peer's
// identifier.
var ErrBadAddress = errors.New("a peer's address ends in /p2p/ and its identifier")

const (
	maxAddrs = 8
	maxAddr  = 512
	maxDials = 32 // peers dialed in one Tick
)

// String returns the identifier in base58, as it stands in addresses.
func (p PeerID) String() string { return multihash.Multihash(p).B58String() }

// KnownPeer is a peer that the replica dials whenever it is not connected.
type KnownPeer struct {
	ID    string    // in base58, as in an address
	Addrs []string  // multiaddrs that end in /p2p/ID
	Seen  time.Time // when it was connected last, zero if never
	Fixed bool      // added by the operator; never forgotten
}

type knownPeer struct {
	KnownPeer
	connected bool
	dialAt    time.Time
}

// peer is somebody connected, or somebody who was.
type peer struct {
	id    PeerID
	up    bool
	addrs []string
	links map[protocol.CommonsID]*link
	open  int // sessions with this peer
	begun int // of them, those begun here
}

// link is what the replica remembers of one peer about one commons.
type link struct {
	commons protocol.CommonsID
	member  protocol.LogID // the log that the peer has proven to speak for
	session *session       // the one that runs, if any
	nextAt  time.Time      // when to begin the next one
	again   bool           // begin another one as soon as this ends

	journal  protocol.JournalID       // the peer's, when we spoke last
	knows    map[protocol.LogID]int64 // entries that the peer has on disk, since it sent them
	strikes  int                      // sessions in a row that ended idle and unequal
	lost     bool                     // segments were left over that did not fit
	repairAt time.Time                // no repair before
	backoff  time.Duration
	auditAt  time.Time // no audit before
	servedTo time.Time // up to when the peer has used up its comparisons, one every frontierEvery
	reply    *reply    // what the peer said of own logs, nil until it does
	empty    bool      // the peer held nothing at some time since the start
	asked    int       // sessions that were to bring it and did not

	equal    bool
	syncedAt time.Time
	received int64
	sent     int64
	repairs  int64
	trouble  string
}

// Bounds of what is remembered of entries that peers hold.
const (
	maxKnows = 4096 // logs, per link
	maxAway  = 16   // peers that are not connected
)

func (l *link) learn(log protocol.LogID, seq int64) {
	if l.knows == nil || len(l.knows) >= maxKnows {
		l.knows = map[protocol.LogID]int64{}
	}
	if had, ok := l.knows[log]; !ok || seq > had {
		l.knows[log] = seq
	}
}

func (l *link) has(log protocol.LogID, seq int64) bool {
	known, ok := l.knows[log]
	return ok && known >= seq
}

// bookmark names the place up to which the peer's journal is read.
func (l *link) bookmark(p PeerID) string {
	return "peer/" + base64.RawURLEncoding.EncodeToString([]byte(p)) + "/" + l.commons.String()
}

// link returns what is remembered of the peer about a commons.
func (p *peer) link(id protocol.CommonsID) *link {
	l := p.links[id]
	if l == nil {
		l = &link{commons: id}
		p.links[id] = l
	}
	return l
}

func (r *Replica) peer(id PeerID) *peer {
	p := r.peers[id]
	if p == nil {
		r.forgetOne()
		p = &peer{id: id, links: map[protocol.CommonsID]*link{}}
		r.peers[id] = p
		at, _ := slices.BinarySearch(r.order, id)
		r.order = slices.Insert(r.order, at, id)
	}
	return p
}

// forgetOne makes room for another peer by dropping one that is gone.
func (r *Replica) forgetOne() {
	if len(r.peers) < maxPeers {
		return
	}
	for i, id := range r.order {
		if p := r.peers[id]; !p.up && p.open == 0 {
			delete(r.peers, id)
			r.order = slices.Delete(r.order, i, i+1)
			return
		}
	}
}

func (r *Replica) peerUp(ev PeerUp) {
	p := r.peer(ev.Peer)
	if len(ev.Addrs) > 0 {
		p.addrs = ev.Addrs[:min(len(ev.Addrs), maxAddrs)]
	}
	if !p.up {
		for _, id := range r.commons {
			l := p.link(id)
			l.nextAt = r.now
			if ev.Peer < r.transport.Self() {
				l.nextAt = r.now.Add(r.jitter(soon)) // the other side begins
			}
		}
	}
	p.up = true
	r.remember(KnownPeer{ID: ev.Peer.String(), Addrs: p.addrs, Seen: r.now})
	r.setConnected(ev.Peer, true)
	r.due, r.changed = true, true
}

func (r *Replica) peerDown(id PeerID) {
	p := r.peers[id]
	if p == nil {
		return
	}
	for _, sid := range r.sessionIDs() {
		if s := r.sessions[sid]; s.peer == p {
			r.transport.Close(sid, "peer gone")
			r.forget(s, "the connection was lost")
		}
	}
	p.up = false
	away := 0
	for _, other := range r.peers {
		if !other.up {
			away++
		}
	}
	for _, l := range p.links {
		if away > maxAway {
			l.knows = nil
		}
	}
	r.setConnected(id, false)
	r.changed = true
}

// AddPeer remembers an address that ends in /p2p/ID, to be dialed with the next
// Tick and for ever. It may be called from any goroutine.
func (r *Replica) AddPeer(addr string) error {
	id, ok := peerOf(addr)
	if !ok || len(addr) > maxAddr {
		return ErrBadAddress
	}
	r.remember(KnownPeer{ID: id, Addrs: []string{addr}, Fixed: true})
	return nil
}

// KnownPeers returns the peers worth dialing again after a restart, sorted. It
// may be called from any goroutine.
func (r *Replica) KnownPeers() []KnownPeer {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]KnownPeer, 0, len(r.known))
	for _, k := range r.known {
		c := k.KnownPeer
		c.Addrs = slices.Clone(c.Addrs)
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b KnownPeer) int { return strings.Compare(a.ID, b.ID) })
	return all
}

func peerOf(addr string) (string, bool) {
	at := strings.LastIndex(addr, "/p2p/")
	if at < 0 {
		return "", false
	}
	id := addr[at+len("/p2p/"):]
	return id, id != "" && !strings.Contains(id, "/")
}

// remember adds a known peer or what is new about it; the newest addresses come
// first.
func (r *Replica) remember(k KnownPeer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	have := r.known[k.ID]
	if have == nil {
		if len(k.Addrs) == 0 || (!k.Fixed && !r.roomForKnown()) {
			return
		}
		have = &knownPeer{KnownPeer: KnownPeer{ID: k.ID}}
		r.known[k.ID] = have
	}
	addrs := have.Addrs
	for _, addr := range slices.Backward(k.Addrs) {
		if id, ok := peerOf(addr); ok && id == k.ID && len(addr) <= maxAddr {
			addrs = slices.DeleteFunc(addrs, func(a string) bool { return a == addr })
			addrs = slices.Insert(addrs, 0, addr)
		}
	}
	have.Addrs = addrs[:min(len(addrs), maxAddrs)]
	have.Fixed = have.Fixed || k.Fixed
	if k.Seen.After(have.Seen) {
		have.Seen = k.Seen
	}
}

// roomForKnown forgets the peer that has been away longest if there is no room.
func (r *Replica) roomForKnown() bool {
	if len(r.known) < maxPeers {
		return true
	}
	var oldest *knownPeer
	for _, k := range r.known {
		if k.Fixed || k.connected {
			continue
		}
		if oldest == nil || k.Seen.Before(oldest.Seen) || (k.Seen.Equal(oldest.Seen) && k.ID < oldest.ID) {
			oldest = k
		}
	}
	if oldest == nil {
		return false
	}
	delete(r.known, oldest.ID)
	return true
}

func (r *Replica) setConnected(id PeerID, up bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if k := r.known[id.String()]; k != nil {
		k.connected = up
		k.Seen = r.now
		k.dialAt = r.now.Add(soon)
	}
}

// redial dials the known peers that are not connected and whose turn it is.
func (r *Replica) redial() {
	var dial []string
	r.mu.Lock()
	var turn []*knownPeer
	for _, k := range r.known {
		if !k.connected && !r.now.Before(k.dialAt) {
			turn = append(turn, k)
		}
	}
	slices.SortFunc(turn, func(a, b *knownPeer) int {
		if c := a.dialAt.Compare(b.dialAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	for _, k := range turn[:min(len(turn), maxDials)] {
		k.dialAt = r.now.Add(redialEvery + time.Duration(r.rng.Int64N(int64(2*time.Second))))
		dial = append(dial, k.Addrs...)
	}
	r.mu.Unlock()
	for _, addr := range dial {
		if err := r.transport.Connect(addr); err != nil {
			r.log.Debug("cannot dial", "addr", addr, "error", err)
		}
	}
}
