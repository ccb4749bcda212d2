package p2p

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"

	"github.com/minga-commons/minga/node/replica"
)

// session is one stream of frames. One goroutine reads, one writes, and the
// reader is the one that begins and ends it.
type session struct {
	id        replica.SessionID
	peer      peer.ID
	inbound   bool
	h         *Host
	allowance *allowance
	ctx       context.Context // ends when the session is to end, flushed or not
	cancel    context.CancelFunc
	active    atomic.Int64  // when a frame last passed, nanoseconds
	wake      chan struct{} // something to write, or closing
	silent    atomic.Bool   // this side has closed it: no more events

	mu      sync.Mutex
	stream  network.Stream // nil until opened
	queue   [][]byte
	queued  int  // bytes in queue and in the frame being written
	refused bool // a frame did not fit since the last Drained
	telling bool // a Drained waits to be delivered
	closing bool
	failure error // the first reason to end
}

var (
	errLocalClose = errors.New("closed by this side")
	errIdle       = errors.New("idle for too long")
	errStalled    = errors.New("the peer stalled")
)

// newSession makes a session; h.mu is held.
func newSession(h *Host, id peer.ID, a *allowance) *session {
	s := &session{
		id:        replica.SessionID(h.lastSession.Add(1)),
		peer:      id,
		h:         h,
		allowance: a,
		wake:      make(chan struct{}, 1),
	}
	s.ctx, s.cancel = context.WithCancel(h.lifetime)
	return s
}

// open opens a stream to a peer that is connected.
func (s *session) open() (network.Stream, error) {
	ctx, cancel := context.WithTimeout(s.ctx, s.h.o.bounds.dialTimeout)
	defer cancel()
	return s.h.network.NewStream(network.WithNoDial(ctx, "session"), s.peer, Protocol)
}

// run is the session's life, from the stream to Closed.
func (s *session) run(opened func() (network.Stream, error)) {
	defer s.cancel()
	stream, err := opened()
	if err != nil {
		s.fail(err)
	} else if s.attach(stream) {
		// A reset frees reader and writer from whatever they wait for.
		stop := context.AfterFunc(s.ctx, func() { _ = stream.Reset() })
		s.put(replica.Opened{Session: s.id, Peer: replica.PeerID(s.peer), Inbound: s.inbound}, nil)
		written := make(chan struct{})
		go func() {
			defer close(written)
			s.write(stream)
		}()
		s.fail(s.read(stream))
		<-written
		if stop() {
			_ = stream.Close()
		}
	}
	s.h.forget(s)
	s.mu.Lock()
	s.queue, s.closing = nil, true
	reason := s.failure
	s.mu.Unlock()
	s.h.log.Debug("session ended", "peer", s.peer, "session", s.id, "reason", reason)
	s.put(replica.Closed{Session: s.id, Reason: reason.Error()}, func() { s.h.release(s) })
}

// attach sets the stream, unless the session has failed already.
func (s *session) attach(stream network.Stream) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stream = stream
	s.touch()
	if s.failure != nil && !s.closing || s.ctx.Err() != nil {
		_ = stream.Reset()
		if s.failure == nil {
			s.failure = ErrClosed
		}
		return false
	}
	return true
}

// fail ends the session at once, unless it is closing, which ends by itself.
func (s *session) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failure == nil {
		s.failure = err
	}
	if !s.closing {
		s.cancel()
	}
}

// put puts an event that means nothing once this side has closed the session.
func (s *session) put(e replica.Event, done func()) {
	s.h.events.put(queued{event: e, stale: s.silent.Load, done: done})
}

func (s *session) touch() { s.active.Store(time.Now().UnixNano()) }

func (s *session) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// send queues one frame.
func (s *session) send(frame []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closing || s.failure != nil:
		return ErrNoSession
	case s.queued+len(frame) > s.h.o.bounds.sendQueue:
		s.refused = true
		return ErrQueueFull
	}
	s.queue = append(s.queue, frame)
	s.queued += len(frame)
	s.poke()
	return nil
}

// close lets the writer send what is queued and then end the session.
func (s *session) close(reason string) {
	s.silent.Store(true)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return
	}
	s.closing = true
	if s.failure == nil {
		s.failure = fmt.Errorf("%w: %s", errLocalClose, reason)
	}
	if s.stream == nil {
		s.cancel() // it was never opened, so there is nothing to flush to
		return
	}
	_ = s.stream.SetReadDeadline(time.Now())
	drained := time.AfterFunc(s.h.o.bounds.drain, s.cancel)
	context.AfterFunc(s.ctx, func() { drained.Stop() })
	s.poke()
}

// write sends frames until the session ends, or is closing and all are sent.
func (s *session) write(stream network.Stream) {
	for {
		frame, closing := s.next()
		if frame == nil && closing {
			return
		}
		if frame == nil {
			select {
			case <-s.wake:
				continue
			case <-s.ctx.Done():
				return
			}
		}
		_ = stream.SetWriteDeadline(s.patience(len(frame)))
		if err := writeFrame(stream, frame); err != nil {
			if timedOut(err) {
				err = errStalled
			}
			s.fail(fmt.Errorf("write: %w", err))
			s.cancel()
			return
		}
		s.touch()
		s.sent(len(frame))
	}
}

func (s *session) next() (frame []byte, closing bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return nil, s.closing
	}
	frame = s.queue[0]
	s.queue[0] = nil
	s.queue = s.queue[1:]
	return frame, s.closing
}

// sent frees the room of a frame. Whoever was refused is told when half of the
// queue is free.
func (s *session) sent(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queued -= n
	if !s.refused || s.telling || s.queued > s.h.o.bounds.sendQueue/2 {
		return
	}
	s.refused, s.telling = false, true
	s.put(replica.Drained{Session: s.id}, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.telling = false
	})
}

// patience returns until when n bytes must have passed.
func (s *session) patience(n int) time.Time {
	slow := time.Duration(n) * time.Second / time.Duration(s.h.o.bounds.slowest)
	return time.Now().Add(s.h.o.bounds.stall + slow)
}

// read takes frames until the stream ends, and says why it did.
func (s *session) read(stream network.Stream) error {
	in := bufio.NewReaderSize(stream, 4<<10)
	for {
		n, err := s.await(stream, in)
		if err == nil {
			err = s.take(stream, in, n)
		}
		switch {
		case err == nil:
			continue
		case errors.Is(err, errFrame):
			s.h.offend(s.peer, replica.OffenceFrame)
		case errors.Is(err, errStalled):
			s.h.offend(s.peer, replica.OffenceStall)
		case errors.Is(err, io.EOF):
			return errors.New("closed by the peer")
		}
		return err
	}
}

// await waits for the length of the next frame, as long as frames pass in
// either direction.
func (s *session) await(stream network.Stream, in *bufio.Reader) (int, error) {
	idle := s.h.o.bounds.idle
	for {
		last := time.Unix(0, s.active.Load())
		if s.silent.Load() {
			return 0, errLocalClose
		}
		_ = stream.SetReadDeadline(last.Add(idle))
		if s.silent.Load() { // close may have set the deadline before
			return 0, errLocalClose
		}
		if _, err := in.Peek(1); err == nil {
			break
		} else if !timedOut(err) {
			return 0, err
		}
		if time.Since(time.Unix(0, s.active.Load())) >= idle {
			return 0, errIdle
		}
	}
	_ = stream.SetReadDeadline(s.patience(0))
	n, err := readLength(in)
	if timedOut(err) {
		err = errStalled
	}
	return n, err
}

// take reads a frame of n bytes and hands it on. There is room for it before
// the first byte is read: until then the sender is held up.
func (s *session) take(stream network.Stream, in io.Reader, n int) error {
	cost := int64(n + eventOverhead)
	if err := s.allowance.received.Acquire(s.ctx, cost); err != nil {
		return err
	}
	if err := s.h.received.Acquire(s.ctx, cost); err != nil {
		s.allowance.received.Release(cost)
		return err
	}
	free := func() {
		s.h.received.Release(cost)
		s.allowance.received.Release(cost)
	}
	data := make([]byte, n)
	_ = stream.SetReadDeadline(s.patience(n))
	if _, err := io.ReadFull(in, data); err != nil {
		free()
		if timedOut(err) {
			err = errStalled
		}
		return fmt.Errorf("read a frame: %w", err)
	}
	s.touch()
	s.put(replica.FrameIn{Session: s.id, Data: data}, free)
	return nil
}

// timedOut reports whether a deadline of a stream has passed. Each muxer has an
// error of its own for that.
func timedOut(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}
