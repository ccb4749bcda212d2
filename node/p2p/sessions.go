package p2p

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/protocol/identify"
	"golang.org/x/sync/semaphore"

	"github.com/minga-commons/minga/node/replica"
)

// Errors of Send.
var (
	ErrNoSession = errors.New("no such session")
	ErrQueueFull = errors.New("the send queue is full")
)

// allowance is what one peer may use. Its counts are guarded by Host.mu.
type allowance struct {
	places   int // sessions that use it
	inbound  int // of these, those that the peer opened
	received *semaphore.Weighted
}

// Open implements replica.Transport. It does not dial: a peer that is not
// connected gives Closed. It returns ErrBusy when too many sessions are open.
func (h *Host) Open(id replica.PeerID) (replica.SessionID, error) {
	s, err := h.admit(peer.ID(id), false)
	if err != nil {
		return 0, err
	}
	if !h.begin(func() { s.run(s.open) }) {
		return 0, ErrClosed
	}
	return s.id, nil
}

// accept takes a stream that a peer opened.
func (h *Host) accept(stream network.Stream) {
	id := stream.Conn().RemotePeer()
	s, err := h.admit(id, true)
	if err != nil {
		h.log.Debug("stream refused", "peer", id, "error", err)
		_ = stream.ResetWithError(network.StreamResourceLimitExceeded)
		return
	}
	opened := func() (network.Stream, error) {
		h.awaitIdentity(s.ctx, stream.Conn())
		h.peers.spoke(id)
		return stream, nil
	}
	if !h.begin(func() { s.run(opened) }) {
		_ = stream.Reset()
	}
}

// awaitIdentity waits until the addresses of a new peer are known, or not much
// longer than that takes.
func (h *Host) awaitIdentity(ctx context.Context, conn network.Conn) {
	basic, is := h.network.(interface{ IDService() identify.IDService })
	if !is {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, identityTimeout)
	defer cancel()
	select {
	case <-basic.IDService().IdentifyWait(conn):
	case <-ctx.Done():
	}
}

const identityTimeout = 5 * time.Second

// admit gives a session its place, or returns ErrBusy or ErrClosed.
func (h *Host) admit(id peer.ID, inbound bool) (*session, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, ErrClosed
	}
	b := h.o.bounds
	a := h.perPeer[id]
	switch {
	case inbound && h.inbound >= b.inbound, !inbound && h.outbound >= b.outbound:
		return nil, fmt.Errorf("open a session: %w", ErrBusy)
	case inbound && a != nil && a.inbound >= b.inboundByPeer:
		return nil, fmt.Errorf("open a session: %w with this peer", ErrBusy)
	}
	if a == nil {
		a = &allowance{received: semaphore.NewWeighted(int64(b.receivedByPeer))}
		h.perPeer[id] = a
	}
	a.places++
	if inbound {
		a.inbound++
		h.inbound++
	} else {
		h.outbound++
	}
	s := newSession(h, id, a)
	s.inbound = inbound
	h.sessions[s.id] = s
	return s, nil
}

// release gives back the place of a session. Nothing of it waits to be
// delivered any more.
func (h *Host) release(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.allowance.places--
	if s.inbound {
		s.allowance.inbound--
		h.inbound--
	} else {
		h.outbound--
	}
	if s.allowance.places == 0 {
		delete(h.perPeer, s.peer)
	}
}

func (h *Host) session(id replica.SessionID) *session {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sessions[id]
}

func (h *Host) forget(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.sessions, s.id)
}

// Send implements replica.Transport. It returns ErrQueueFull, ErrNoSession, or
// ErrTooLarge above replica.MaxFrame. A frame for a session that is not opened
// yet waits for it.
func (h *Host) Send(id replica.SessionID, frame []byte) error {
	if len(frame) == 0 || len(frame) > replica.MaxFrame {
		return fmt.Errorf("send %d bytes: %w", len(frame), ErrTooLarge)
	}
	s := h.session(id)
	if s == nil {
		return ErrNoSession
	}
	return s.send(frame)
}

// transport is a Host as the replica sees it: there, Close ends a session.
type transport struct{ *Host }

// Close implements replica.Transport.
func (t transport) Close(id replica.SessionID, reason string) {
	if s := t.session(id); s != nil {
		s.close(reason)
	}
}
