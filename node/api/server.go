package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"
)

// Options configures a Server. The zero value of a field means its default.
type Options struct {
	// Version of the software, shown in status.
	Version string
	// Hosts are further values of the Host header that are let in, exactly as
	// clients send them, with the port. Loopback names with the port of the
	// listener are let in always.
	Hosts []string
	// Origins are other web origins that may write, such as
	// https://huerta.example.
	Origins []string
	// Tokens are the bearer tokens that are known.
	Tokens []Token
	// Language of texts when the client does not say: "en" or "es". Default en.
	Language string
	// ReadOnly refuses every write.
	ReadOnly bool
	// Now is the clock for the end of invitations. Default time.Now.
	Now func() time.Time
	// Logger takes what clients are not told. Default: nothing is logged.
	Logger *slog.Logger
	// Heartbeat of the stream of changes. Default 15 s.
	Heartbeat time.Duration
	// JoinWait is how long joining waits for peers. Default 30 s.
	JoinWait time.Duration
	// Poll is how often is looked whether something is durable, or held by a
	// peer. Default 50 ms.
	Poll time.Duration
	// MaxStreams bounds the streams of changes and imports that run at once.
	// Default 64.
	MaxStreams int
}

func (o Options) withDefaults() Options {
	if o.Language == "" {
		o.Language = "en"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o.Heartbeat = orElse(o.Heartbeat, 15*time.Second)
	o.JoinWait = orElse(o.JoinWait, 30*time.Second)
	o.Poll = orElse(o.Poll, 50*time.Millisecond)
	if o.MaxStreams <= 0 {
		o.MaxStreams = 64
	}
	return o
}

func orElse(d, otherwise time.Duration) time.Duration {
	if d <= 0 {
		return otherwise
	}
	return d
}

// check returns all faults of the options at once.
func (o Options) check() error {
	var faults []error
	if o.Language != "en" && o.Language != "es" {
		faults = append(faults, fmt.Errorf("language %q: want en or es", o.Language))
	}
	for _, host := range o.Hosts {
		if host == "" || strings.ContainsAny(host, "/*@ \t") {
			faults = append(faults, fmt.Errorf("host %q: want HOST:PORT as clients send it", host))
		}
	}
	names := map[string]bool{}
	for _, token := range o.Tokens {
		if token.name == "" || names[token.name] {
			faults = append(faults, fmt.Errorf("token %q: want a name of its own for each token", token.name))
		}
		names[token.name] = true
	}
	return errors.Join(faults...)
}

// Bounds of requests.
const (
	maxBody       = 1 << 20 // bytes of a JSON body
	maxHeader     = 32 << 10
	maxKey        = 255 // bytes of an Idempotency-Key
	headerTimeout = 10 * time.Second
	bodyTimeout   = 30 * time.Second // for a JSON body, and between two pieces of an import
	writeTimeout  = 2 * time.Minute
	idleTimeout   = 2 * time.Minute
)

// ErrOpenBind is returned by Serve for a listener that others can reach while
// no token is known: whoever came would see what is public and nobody could be
// let in.
var ErrOpenBind = errors.New("a listener beyond this machine needs tokens")

// Server answers the HTTP API of one node. Its methods may be called from
// several goroutines.
type Server struct {
	o        Options
	ledger   Ledger
	network  Network
	importer Importer

	handler http.Handler
	http    *http.Server
	openapi []byte
	guard   *http.CrossOriginProtection
	hosts   map[string]bool
	match   language.Matcher
	flights flights
	streams chan struct{} // one token for each stream that runs
	closing chan struct{} // closed when Shutdown begins
	close   sync.Once
	silent  silent
}

// NewServer returns a server that asks the given parts of a node. It returns an
// error that names every fault of the options.
func NewServer(o Options, l Ledger, n Network, i Importer) (*Server, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, err
	}
	s := &Server{
		o: o, ledger: l, network: n, importer: i,
		guard:   http.NewCrossOriginProtection(),
		hosts:   map[string]bool{},
		match:   newMatcher(o.Language),
		streams: make(chan struct{}, o.MaxStreams),
		closing: make(chan struct{}),
	}
	for _, origin := range o.Origins {
		if err := s.guard.AddTrustedOrigin(origin); err != nil {
			return nil, err
		}
	}
	for _, host := range o.Hosts {
		s.hosts[strings.ToLower(host)] = true
	}
	mux, document, err := s.routes()
	if err != nil {
		return nil, err
	}
	s.openapi = document
	s.handler = s.protect(mux)
	s.http = &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ConnState:         s.silent.note,
		ErrorLog:          slog.NewLogLogger(o.Logger.Handler(), slog.LevelDebug),
	}
	return s, nil
}

// Handler returns the whole API with all its protections, for a server of one's
// own. The protections need the listener's address in the request's context
// (http.LocalAddrContextKey), as net/http gives it.
func (s *Server) Handler() http.Handler { return s.handler }

// OpenAPI returns the OpenAPI 3.1 document as JSON. It must not be changed.
func (s *Server) OpenAPI() []byte { return s.openapi }

// Serve answers on all the listeners until Shutdown, and then returns nil. It
// refuses a TCP listener beyond loopback when no token is known, and closes all
// listeners when one of them fails.
func (s *Server) Serve(listeners ...net.Listener) error {
	for _, l := range listeners {
		if open(l.Addr()) && len(s.o.Tokens) == 0 {
			return fmt.Errorf("%w: %s", ErrOpenBind, l.Addr())
		}
	}
	ended := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() { ended <- s.http.Serve(l) }()
	}
	var first error
	for range listeners {
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) && first == nil {
			first = err
			s.http.Close()
		}
	}
	return first
}

// open reports whether others than this machine can reach the address.
func open(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return a.Network() != "unix"
	}
	return !tcp.IP.IsLoopback()
}

// Shutdown ends the streams, waits for the requests that run, and returns. When
// ctx ends first, it closes what is left and returns the error of ctx.
func (s *Server) Shutdown(ctx context.Context) error {
	s.close.Do(func() { close(s.closing) })
	s.silent.end()
	err := s.http.Shutdown(ctx)
	if err != nil {
		s.http.Close()
	}
	return err
}
