package node

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

// AddrInUseError says that another program listens on an address that the node
// was told to use.
type AddrInUseError struct {
	Addr    string // as it was told
	Setting string // that names the address: api or listen
}

// Error returns one line with the address and what to do.
func (e *AddrInUseError) Error() string {
	return fmt.Sprintf("the address is in use: %s; stop the program that listens there, or choose another for %s", e.Addr, e.Setting)
}

// maxSocketPath is how long the path of a Unix socket may be: the kernel takes
// 107 bytes.
const maxSocketPath = 100

// listenAPI listens where clients ask: on a Unix socket that only this user may
// open, and on TCP.
func (h *home) listenAPI(addr string) ([]net.Listener, client.Address, error) {
	tcp, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, client.Address{}, listenError(err, addr, "api")
	}
	path, err := h.socketPath()
	if err != nil {
		return nil, client.Address{}, errors.Join(err, tcp.Close())
	}
	// The lock on the home says that nobody listens there any more.
	socket, err := api.ListenUnix(path)
	if err != nil {
		return nil, client.Address{}, errors.Join(err, tcp.Close())
	}
	return []net.Listener{tcp, socket}, client.Address{Socket: path, URL: "http://" + urlHost(tcp.Addr().(*net.TCPAddr))}, nil
}

// urlHost is how a client on this machine calls the listener.
func urlHost(a *net.TCPAddr) string {
	host := *a
	if host.IP.IsUnspecified() {
		host.IP = net.IPv4(127, 0, 0, 1)
	}
	return host.String()
}

// socketPath is in the home, or in a directory of this user's own where the path
// would be too long.
func (h *home) socketPath() (string, error) {
	path := h.path("api.sock")
	if len(path) <= maxSocketPath {
		return path, nil
	}
	sum := sha256.Sum256([]byte(h.dir))
	name := filepath.Join(fmt.Sprintf("minga-%d", os.Getuid()), hex.EncodeToString(sum[:8])+".sock")
	for _, base := range []string{os.Getenv("XDG_RUNTIME_DIR"), os.TempDir(), "/tmp"} {
		if path = filepath.Join(base, name); filepath.IsAbs(path) && len(path) <= maxSocketPath {
			break
		}
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	owner, is := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || info.Mode().Perm() != 0o700 || !is || int(owner.Uid) != os.Getuid() {
		return "", fmt.Errorf("%s is not a directory of this user alone; set XDG_RUNTIME_DIR, or take a home with a shorter path", dir)
	}
	return path, nil
}

func listenError(err error, addr, setting string) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return &AddrInUseError{Addr: addr, Setting: setting}
	}
	return fmt.Errorf("listen on %s: %w", addr, err)
}
