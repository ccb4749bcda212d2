package node

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
	"github.com/minga-commons/minga/node/p2p"
	"github.com/minga-commons/minga/node/replica"
	"github.com/minga-commons/minga/protocol"
)

// stopWithin is how long requests that run may take to end once the node stops.
const stopWithin = 3 * time.Second

// Run runs a node until ctx ends, and then stops it within five seconds and
// returns nil. Everything acknowledged to a client survives whatever happens.
// An error that wraps ErrBadConfig, *InUseError, *AddrInUseError or
// ledger.ErrDamaged says why the node cannot start.
func Run(ctx context.Context, c Config, log *slog.Logger) (err error) {
	if err := c.Validate(); err != nil {
		return err
	}
	debug.SetGCPercent(50)
	debug.SetMemoryLimit(int64(c.MemoryLimit) << 20)
	home, err := openHome(c.Home)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, home.close()) }()
	n := &node{config: c, log: log, home: home, drive: newDriver()}
	if err := n.open(); err != nil {
		return errors.Join(err, n.close())
	}
	return errors.Join(n.serve(ctx), n.close())
}

// node is one running node. Its parts are opened in order and closed in the
// opposite one.
type node struct {
	config Config
	log    *slog.Logger
	home   *home

	ledger  *ledger.Ledger
	drive   *driver
	host    *p2p.Host
	replica *replica.Replica
	network *network
	server  *api.Server
}

func (n *node) open() error {
	seed, err := n.home.identity(rand.Reader)
	if err != nil {
		return err
	}
	if err := n.openLedger(seed); err != nil {
		return err
	}
	if err := n.openNetwork(); err != nil {
		return err
	}
	token, err := n.home.token(rand.Reader)
	if err != nil {
		return err
	}
	n.server, err = api.NewServer(api.Options{
		Version: n.config.Version, Hosts: n.config.Hosts, Tokens: []api.Token{token},
		Language: n.config.Language, ReadOnly: n.config.ReadOnly, Logger: n.log,
	}, n.ledger, n.network, importer{n.ledger})
	return err
}

func (n *node) openNetwork() error {
	key, err := p2p.LoadOrCreateKey(n.home.path("peer.key"))
	if err != nil {
		return err
	}
	known, err := n.home.readPeers()
	if err != nil {
		n.log.Warn("the addresses of other nodes are lost", "file", n.home.path("peers.json"), "error", err)
	}
	n.host, err = p2p.New(p2p.Options{
		Key: key, Listen: n.config.Listen, Peers: n.config.Peers, Announce: n.config.Announce, Allow: n.config.AllowPeers,
		Discovery: n.config.Discovery, MaxPeers: n.config.MaxPeers, Logger: n.log,
	}, n.drive.validate, n.drive.deliver)
	switch {
	case errors.Is(err, p2p.ErrBadOptions):
		return fmt.Errorf("%w: %w", ErrBadConfig, err)
	case errors.Is(err, syscall.EADDRINUSE):
		return listenError(err, strings.Join(n.config.Listen, ", "), "listen")
	case err != nil:
		return err
	}
	var seed [8]byte
	if _, err := rand.Read(seed[:]); err != nil {
		return err
	}
	n.replica = replica.New(replica.Options{
		Seed: binary.BigEndian.Uint64(seed[:]), Logger: n.log, Known: known, Software: "minga " + n.config.Version,
	}, replicated{n.ledger}, n.host.Transport())
	for _, addr := range n.config.Peers {
		if err := n.replica.AddPeer(addr); err != nil {
			return fmt.Errorf("%w: peers: %q: %w", ErrBadConfig, addr, err)
		}
	}
	n.network = newNetwork(n.host, n.replica, n.ledger, n.drive.poke)
	return nil
}

// serve runs everything until ctx ends or a part fails, and stops it in order:
// first what asks, then what speaks with others, then the rest.
func (n *node) serve(ctx context.Context) error {
	listeners, addr, err := n.home.listenAPI(n.config.API)
	if err != nil {
		return err
	}
	inner, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	var running sync.WaitGroup
	begin := func(f func(context.Context) error) {
		running.Go(func() {
			if err := f(inner); err != nil {
				stop(err)
			}
		})
	}
	for _, f := range n.upkeep() {
		begin(f)
	}
	begin(func(context.Context) error { return n.server.Serve(listeners...) })
	if err := client.WriteAddress(n.home.dir, addr); err != nil {
		stop(err)
	} else {
		n.log.Info("the node runs", "home", n.home.dir, "api", addr.URL, "peer", n.network.Self(), "listens", n.host.Addrs())
	}
	debug.FreeOSMemory()
	select {
	case <-ctx.Done():
	case <-inner.Done():
		err = context.Cause(inner)
	}
	n.log.Info("the node stops")
	err = errors.Join(err, client.RemoveAddress(n.home.dir), n.stopAPI(ctx), n.host.Close())
	stop(nil)
	running.Wait()
	return errors.Join(err, n.home.writePeers(n.replica.KnownPeers()))
}

func (n *node) stopAPI(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	if err := n.server.Shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// upkeep returns the goroutines of a node besides its API. Each runs until its
// context ends.
func (n *node) upkeep() []func(context.Context) error {
	quietly := func(f func(context.Context)) func(context.Context) error {
		return func(ctx context.Context) error { f(ctx); return nil }
	}
	k := &keeper{ledger: n.ledger, log: n.log, votes: make(chan struct{}, 1), changed: func(c ledger.Change) {
		n.network.noteChange(c, time.Now())
		n.drive.poke()
	}}
	all := []func(context.Context) error{
		quietly(func(ctx context.Context) { n.drive.run(ctx, n.replica, time.Now, n.network.notePeers) }),
		quietly(n.remember), quietly(n.tellWriting), k.watch,
	}
	if !n.config.ReadOnly {
		all = append(all, quietly(k.vote), quietly(k.mark))
	}
	return all
}

// remember keeps the addresses of other nodes on disk: new ones at once, when
// they were seen last now and then.
func (n *node) remember(ctx context.Context) {
	ticks := time.NewTicker(tickEvery)
	defer ticks.Stop()
	var written []replica.KnownPeer
	var at time.Time
	for {
		select {
		case now := <-ticks.C:
			known := n.replica.KnownPeers()
			if now.Sub(at) < rememberEvery && slices.EqualFunc(known, written, sameAddresses) {
				continue
			}
			if err := n.home.writePeers(known); err != nil {
				n.log.Warn("cannot keep the addresses of other nodes", "error", err)
			}
			written, at = known, now
		case <-ctx.Done():
			return
		}
	}
}

func sameAddresses(a, b replica.KnownPeer) bool {
	return a.ID == b.ID && a.Fixed == b.Fixed && slices.Equal(a.Addrs, b.Addrs)
}

// close closes what open has opened.
func (n *node) close() error {
	var err error
	if n.host != nil {
		err = n.host.Close()
	}
	if n.ledger != nil {
		err = errors.Join(err, n.ledger.Close())
	}
	return err
}

// replicated is the ledger as the replica wants it.
type replicated struct{ *ledger.Ledger }

// CommonsIDs implements replica.Ledger.
func (r replicated) CommonsIDs(ctx context.Context) ([]protocol.CommonsID, error) {
	all, err := r.Commons(ctx)
	ids := make([]protocol.CommonsID, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	return ids, err
}

// Question implements replica.Ledger.
func (r replicated) Question(id protocol.CommonsID) (replica.Question, bool) {
	q, asked := r.Ledger.Question(id)
	return replica.Question(q), asked
}
