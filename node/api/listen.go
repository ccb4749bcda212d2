package api

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
)

// maxSocketPath is the longest path of a Unix socket that is safe everywhere,
// in bytes.
const maxSocketPath = 100

// ErrSocketDir says that others than the owner may write where the socket is to
// be: they could put their own in its place.
var ErrSocketDir = errors.New("the directory of the socket is open to others")

// ListenUnix listens on a Unix socket that only its owner can use, who counts
// as the owner of the node: mode 0600 before anybody can connect, in a directory
// that nobody else may write. A socket that is left over is replaced; the caller
// makes sure that no other node uses it.
func ListenUnix(path string) (net.Listener, error) {
	if len(path) > maxSocketPath {
		return nil, fmt.Errorf("the path of the socket has more than %d bytes: %s", maxSocketPath, path)
	}
	dir, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	if dir.Mode().Perm()&0o022 != 0 {
		return nil, fmt.Errorf("%w: %s", ErrSocketDir, filepath.Dir(path))
	}
	fresh := path + ".new"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: fresh, Net: "unix"})
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false)
	// Nobody knows the first name; under the second it is the owner's already.
	err = os.Chmod(fresh, 0o600)
	if err == nil {
		err = os.Rename(fresh, path)
	}
	if err != nil {
		return nil, errors.Join(err, l.Close(), os.Remove(fresh))
	}
	return &socket{UnixListener: l, path: path}, nil
}

// socket removes its file when it is closed.
type socket struct {
	*net.UnixListener
	path string
	once sync.Once
}

// Close ends the listener and removes its file.
func (s *socket) Close() error {
	err := s.UnixListener.Close()
	s.once.Do(func() { err = errors.Join(err, os.Remove(s.path)) })
	return err
}
