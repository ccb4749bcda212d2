package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/p2p"
	"github.com/minga-commons/minga/node/replica"
	"github.com/minga-commons/minga/protocol"
)

// network is the node's network as the API sees it.
type network struct {
	host    *p2p.Host
	replica *replica.Replica
	ledger  *ledger.Ledger
	poke    func()

	mu      sync.Mutex
	changed map[protocol.CommonsID]time.Time // newest change seen here
	equal   map[inStep]time.Time             // when both were seen to hold the same
}

// inStep names a peer and a commons.
type inStep struct {
	peer    replica.PeerID
	commons protocol.CommonsID
}

func newNetwork(host *p2p.Host, r *replica.Replica, l *ledger.Ledger, poke func()) *network {
	return &network{
		host: host, replica: r, ledger: l, poke: poke,
		changed: map[protocol.CommonsID]time.Time{}, equal: map[inStep]time.Time{},
	}
}

// Self implements api.Network.
func (n *network) Self() string { return p2p.Text(n.host.Self()) }

// Addrs implements api.Network: addresses that reach far come first.
func (n *network) Addrs() []string {
	addrs := n.host.Addrs()
	slices.SortStableFunc(addrs, func(a, b string) int { return cmp.Compare(reach(a), reach(b)) })
	return addrs
}

// reach orders addresses: names, then others, those of this machine last.
func reach(addr string) int {
	switch {
	case strings.HasPrefix(addr, "/dns"):
		return 0
	case strings.HasPrefix(addr, "/ip4/127."), strings.HasPrefix(addr, "/ip6/::1/"):
		return 2
	}
	return 1
}

// Peers implements api.Network.
func (n *network) Peers(context.Context) ([]api.Peer, error) {
	var peers []api.Peer
	shown := map[string]bool{}
	for _, p := range n.replica.Peers() {
		peer := api.Peer{Schema: "minga.peer/1", ID: p.Peer.String(), Addrs: p.Addrs, State: "known", Commons: []string{}}
		if p.Connected {
			peer.State = "connected"
		}
		for _, c := range p.Commons {
			if c.Equal || c.Received > 0 || c.Sent > 0 {
				peer.Commons = append(peer.Commons, c.Commons.String())
			}
			peer.LastError = cmp.Or(peer.LastError, c.Trouble)
		}
		if peer.Addrs == nil {
			peer.Addrs = []string{}
		}
		shown[peer.ID] = true
		peers = append(peers, peer)
	}
	for _, k := range n.replica.KnownPeers() {
		if !shown[k.ID] {
			peers = append(peers, api.Peer{Schema: "minga.peer/1", ID: k.ID, Addrs: k.Addrs, State: "dialing", Commons: []string{}})
		}
	}
	return peers, nil
}

// Connect implements api.Network.
func (n *network) Connect(ctx context.Context, addr string) (api.Peer, error) {
	err := n.host.Connect(addr)
	if err == nil || errors.Is(err, p2p.ErrBusy) {
		err = n.replica.AddPeer(addr)
	}
	if err != nil {
		return api.Peer{}, fmt.Errorf("%w: %w", api.ErrBadAddress, err)
	}
	id := addr[strings.LastIndex(addr, "/")+1:]
	all, err := n.Peers(ctx)
	for _, p := range all {
		if p.ID == id {
			return p, err
		}
	}
	return api.Peer{Schema: "minga.peer/1", ID: id, Addrs: []string{addr}, State: "dialing", Commons: []string{}}, err
}

// Follow implements api.Network: the replica learns of the commons from the
// ledger.
func (n *network) Follow(context.Context, protocol.CommonsID) error {
	n.poke()
	return nil
}

// HeldBy implements api.Network. A peer holds an entry if it was seen to hold
// all that this node holds, after the entry came here. If others have settled
// the entry, at least one holds it.
func (n *network) HeldBy(id protocol.CommonsID, entry protocol.Head) int {
	since, mine, ok := n.since(id, entry)
	if !ok {
		return 0
	}
	held := 0
	n.mu.Lock()
	for key, at := range n.equal {
		if key.commons == id && at.After(since) {
			held++
		}
	}
	n.mu.Unlock()
	if held == 0 && !mine && n.settled(entry) {
		held = 1
	}
	return held
}

// InStep implements api.Network.
func (n *network) InStep(id protocol.CommonsID) bool {
	for _, p := range n.replica.Peers() {
		for _, c := range p.Commons {
			if p.Connected && c.Commons == id && c.Equal {
				return true
			}
		}
	}
	return false
}

// since returns when an entry is sure to have been here, and whether this node
// settles entries by itself.
func (n *network) since(id protocol.CommonsID, entry protocol.Head) (at time.Time, witness, ok bool) {
	n.mu.Lock()
	at = n.changed[id]
	n.mu.Unlock()
	all, err := n.ledger.Commons(context.Background())
	if err != nil {
		return at, false, false
	}
	for _, c := range all {
		if c.ID != id {
			continue
		}
		if entry.Log == c.Me {
			status, err := n.ledger.Entry(context.Background(), entry.CID)
			if err != nil {
				return at, false, false
			}
			at = status.Entry.Time.UTC() // of this node's own clock
		}
		return at, slices.Contains(c.Witnesses, c.Me), true
	}
	return at, false, false
}

func (n *network) settled(entry protocol.Head) bool {
	status, err := n.ledger.Entry(context.Background(), entry.CID)
	return err == nil && status.State == ledger.Settled
}

// noteChange is told of everything that the node comes to hold.
func (n *network) noteChange(c ledger.Change, now time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.changed[c.Commons] = now
}

// notePeers keeps the times at which the peers that there are were in step.
func (n *network) notePeers() {
	equal := map[inStep]time.Time{}
	peers := n.replica.Peers()
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, p := range peers {
		for _, c := range p.Commons {
			key := inStep{p.Peer, c.Commons}
			at := n.equal[key]
			if c.Equal && c.SyncedAt.After(at) {
				at = c.SyncedAt
			}
			if !at.IsZero() {
				equal[key] = at
			}
		}
	}
	n.equal = equal
}
