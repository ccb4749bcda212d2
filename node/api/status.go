package api

import (
	"context"
	"encoding/hex"

	"github.com/minga-commons/minga/ledger"
)

func (s *Server) status(ctx context.Context, _ *InLanguage) (*answer[Status], error) {
	list, err := s.commonsStatus(ctx)
	if err != nil {
		return nil, err
	}
	out := &answer[Status]{Status{
		Schema:  "minga.status/1",
		Commons: list,
		Node: NodeStatus{
			Version: s.o.Version, Peer: s.network.Self(), Journal: s.journal(),
			Position: s.ledger.DurablePosition(), ReadOnly: s.o.ReadOnly,
		},
	}}
	peers, err := s.network.Peers(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range peers {
		if p.State == PeerConnected {
			out.Body.Node.Peers++
		}
	}
	return out, nil
}

func (s *Server) journal() string {
	id := s.ledger.Journal()
	return hex.EncodeToString(id[:])
}

func (s *Server) listCommons(ctx context.Context, _ *InLanguage) (*answer[CommonsList], error) {
	list, err := s.commonsStatus(ctx)
	return &answer[CommonsList]{CommonsList{Schema: "minga.commons-list/1", Commons: list}}, err
}

func (s *Server) commonsStatus(ctx context.Context) ([]CommonsStatus, error) {
	all, err := s.readable(ctx)
	if err != nil {
		return nil, err
	}
	peers, err := s.network.Peers(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]CommonsStatus, 0, len(all))
	for _, c := range all {
		one := statusIn(languageIn(ctx), c, peers)
		if one.Membership, err = s.membership(ctx, c); err != nil {
			return nil, err
		}
		if c.Frozen > 0 || c.Logs <= maxLogsInStatus {
			if one.Forks, err = s.forks(ctx, c.ID); err != nil {
				return nil, err
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// membership returns the state of the member's own inception, empty for a
// mirror.
func (s *Server) membership(ctx context.Context, c ledger.Commons) (string, error) {
	if c.Me.IsZero() {
		return "", nil
	}
	first, err := s.ledger.Entry(ctx, c.Me.EntryID)
	return string(first.State), err
}

func statusIn(lang string, c ledger.Commons, peers []Peer) CommonsStatus {
	id := c.ID.String()
	out := CommonsStatus{
		ID: id, Name: c.Name, Digest: hex.EncodeToString(c.Digest[:]),
		Entries: c.Entries, Logs: c.Logs, Waiting: c.Waiting, Void: c.Void, Frozen: c.Frozen,
		PublicRead: c.PublicRead, Charter: c.Charter, Witnesses: len(c.Witnesses), Silent: c.Silent,
	}
	if !c.Me.IsZero() {
		out.Me, out.Writing = &AgentRef{ID: c.Me.String(), Name: c.MyName}, string(c.Writing)
	}
	switch n := len(c.Witnesses); n {
	case 0:
		out.SettledBy = settledByNone.in(lang)
	case 1:
		out.SettledBy = settledByOne.in(lang)
	default:
		out.SettledBy = settledByMany.fill(lang, []any{n})
	}
	switch {
	case c.Me.IsZero():
	case c.Writing == ledger.WritingAsking:
		out.Notice = writingAsking.in(lang)
	case c.Writing == ledger.WritingRefused:
		out.Notice = writingRefused.in(lang)
	case c.Silent:
		out.Notice = silentWitness.in(lang)
	}
	for _, p := range peers {
		for _, shared := range p.Commons {
			if p.State == PeerConnected && shared == id {
				out.Peers++
			}
		}
	}
	return out
}

func (s *Server) listPeers(ctx context.Context, _ *InLanguage) (*answer[PeerList], error) {
	peers, err := s.network.Peers(ctx)
	out := &answer[PeerList]{PeerList{Schema: "minga.peers/1", Peers: make([]Peer, 0, len(peers))}}
	for _, p := range peers {
		out.Body.Peers = append(out.Body.Peers, peerOf(p))
	}
	return out, err
}

func (s *Server) addPeer(ctx context.Context, _ *InLanguage) (*created[Peer], error) {
	var d PeerDraft
	if err := s.readJSON(ctx, &d); err != nil {
		return nil, err
	}
	p, err := s.network.Connect(ctx, d.Addr)
	if err != nil {
		return nil, s.fail(ctx, err, d.Addr)
	}
	return &created[Peer]{Status: 201, Location: "/v1/peers", Body: peerOf(p)}, nil
}

// peerOf gives a peer of the network its form in answers: lists are never null.
func peerOf(p Peer) Peer {
	p.Schema = "minga.peer/1"
	p.Addrs = append([]string{}, p.Addrs...)
	p.Commons = append([]string{}, p.Commons...)
	return p
}
