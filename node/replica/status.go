package replica

import (
	"slices"
	"time"

	"github.com/minga-commons/minga/protocol"
)

// PeerStatus is what the replica knows of one peer.
type PeerStatus struct {
	Peer      PeerID
	Addrs     []string
	Connected bool
	Commons   []LinkStatus // sorted by commons
}

// LinkStatus is how far a peer and this node are in step about one commons.
type LinkStatus struct {
	Commons  protocol.CommonsID
	Member   protocol.LogID // the log that the peer speaks for, zero if it proved none
	Equal    bool           // digests were equal when the last session ended
	Running  bool           // a session runs now
	SyncedAt time.Time      // end of the last session that was carried through
	Received int64          // entries that were new here, since the start
	Sent     int64          // entries sent, since the start
	Repairs  int64          // comparisons begun here because digests differed, since the start
	Trouble  string         // why the last session failed, empty if it did not
}

// Peers returns the state of all peers that are or were connected since the
// start, sorted. It may be called from any goroutine; the result is a copy at
// most one Tick old.
func (r *Replica) Peers() []PeerStatus {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := slices.Clone(r.status)
	for i := range all {
		all[i].Addrs = slices.Clone(all[i].Addrs)
		all[i].Commons = slices.Clone(all[i].Commons)
	}
	return all
}

func (r *Replica) publishStatus() {
	status := make([]PeerStatus, 0, len(r.order))
	for _, id := range r.order {
		p := r.peers[id]
		s := PeerStatus{Peer: id, Addrs: p.addrs, Connected: p.up}
		for _, l := range p.links {
			s.Commons = append(s.Commons, LinkStatus{
				Commons: l.commons, Member: l.member, Equal: l.equal, Running: l.session != nil,
				SyncedAt: l.syncedAt, Received: l.received, Sent: l.sent, Repairs: l.repairs, Trouble: l.trouble,
			})
		}
		slices.SortFunc(s.Commons, func(a, b LinkStatus) int { return a.Commons.Compare(b.Commons.EntryID) })
		status = append(status, s)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}
