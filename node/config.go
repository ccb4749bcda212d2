package node

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/minga-commons/minga/node/p2p"
)

// ErrBadConfig is wrapped by every error about the configuration. Its text
// names all faults.
var ErrBadConfig = errors.New("the configuration is not right")

// Config is how a node runs. Its keys are the names in config.toml, with _ for
// - and in capitals the variables MINGA_*.
type Config struct {
	// Home is the directory of the node: its identity, its ledger, its
	// configuration. It comes from the command line or MINGA_HOME.
	Home string `koanf:"-"`
	// Version of the software, shown to clients.
	Version string `koanf:"-"`
	// WriteWithoutPeers lets the node write and vote before its peers have said
	// how far its own logs had come. If they hold more of one than is here, it
	// gets two histories, so it is said for one start and never kept.
	WriteWithoutPeers bool `koanf:"-"`

	// API is HOST:PORT of the HTTP API. Port 0 takes a free one.
	API string `koanf:"api"`
	// Hosts are further values of the Host header that the API answers to,
	// HOST:PORT as clients send them.
	Hosts []string `koanf:"hosts"`
	// Listen are the multiaddrs on which peers are awaited, TCP or QUIC.
	Listen []string `koanf:"listen"`
	// Announce are multiaddrs told to peers in place of those listened on.
	Announce []string `koanf:"announce"`
	// Peers are multiaddrs ending in /p2p/ID of nodes to stay connected with.
	Peers []string `koanf:"peers"`
	// AllowPeers, if any, are the only nodes to speak with, by identifier.
	AllowPeers []string `koanf:"allow-peers"`
	// MaxPeers is how many connections are kept.
	MaxPeers int `koanf:"max-peers"`
	// Discovery looks for nodes on the local network.
	Discovery bool `koanf:"discovery"`
	// ReadOnly takes and writes no entries.
	ReadOnly bool `koanf:"read-only"`
	// Language of texts for clients that name none: en or es.
	Language string `koanf:"language"`
	// LogLevel is debug, info, warn or error.
	LogLevel string `koanf:"log-level"`
	// MemoryLimit is a soft limit in MiB: near it, memory is collected more
	// often. The database's mapped files do not count.
	MemoryLimit int `koanf:"memory-limit"`
}

// Defaults returns the configuration of a node about which nothing is said.
func Defaults() Config {
	return Config{
		API:         "127.0.0.1:8747",
		Listen:      []string{"/ip4/0.0.0.0/tcp/8746", "/ip4/0.0.0.0/udp/8746/quic-v1"},
		MaxPeers:    64,
		Discovery:   true,
		Language:    "en",
		LogLevel:    "info",
		MemoryLimit: 256,
	}
}

// Validate returns nil, or one error that wraps ErrBadConfig and names every
// fault. Whether one can listen on an address shows when the node starts.
func (c Config) Validate() error {
	var faults []error
	fault := func(key, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s: %s", key, fmt.Sprintf(format, args...)))
	}
	if !filepath.IsAbs(c.Home) {
		fault("home", "%q is no absolute path", c.Home)
	}
	if err := checkHostPort(c.API); err != nil {
		fault("api", "%v", err)
	}
	for _, addr := range append(append([]string{}, c.Listen...), c.Announce...) {
		if !strings.HasPrefix(addr, "/") {
			fault("listen", "%q is no multiaddr such as /ip4/0.0.0.0/tcp/8746", addr)
		}
	}
	for _, addr := range c.Peers {
		_, id, ends := strings.Cut(addr, "/p2p/")
		if _, err := p2p.ParsePeer(id); !ends || err != nil || !strings.HasPrefix(addr, "/") {
			fault("peers", "%q is no multiaddr that ends in /p2p/ID", addr)
		}
	}
	if c.MaxPeers < 1 || c.MaxPeers > 10_000 {
		fault("max-peers", "%d is not from 1 to 10000", c.MaxPeers)
	}
	if c.Language != "en" && c.Language != "es" {
		fault("language", "%q is neither en nor es", c.Language)
	}
	if _, err := c.Level(); err != nil {
		fault("log-level", "%q is none of debug, info, warn, error", c.LogLevel)
	}
	if c.MemoryLimit < 32 {
		fault("memory-limit", "%d MiB is too little; 32 is the least", c.MemoryLimit)
	}
	if len(faults) > 0 {
		return fmt.Errorf("%w:\n%w", ErrBadConfig, errors.Join(faults...))
	}
	return nil
}

func checkHostPort(addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%q is not HOST:PORT", addr)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%q has no port from 0 to 65535", addr)
	}
	return nil
}

// Level returns the log level.
func (c Config) Level() (level slog.Level, err error) {
	err = level.UnmarshalText([]byte(c.LogLevel))
	return level, err
}
