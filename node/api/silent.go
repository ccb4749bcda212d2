package api

import (
	"net"
	"net/http"
	"sync"
)

// silent are the connections over which nothing was asked yet. Browsers open
// them in advance, and net/http would wait seconds for each at the end.
type silent struct {
	mu    sync.Mutex
	conns map[net.Conn]bool // guarded by mu
	ended bool              // guarded by mu
}

// note follows the states of connections; it is the ConnState of a server.
func (s *silent) note(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if state != http.StateNew {
		delete(s.conns, c)
		return
	}
	if s.ended {
		c.Close()
		return
	}
	if s.conns == nil {
		s.conns = map[net.Conn]bool{}
	}
	s.conns[c] = true
}

// end closes those that there are, and all that come.
func (s *silent) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	for c := range s.conns {
		c.Close()
	}
}
