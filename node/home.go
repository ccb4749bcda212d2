package node

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// InUseError says that another daemon holds the home.
type InUseError struct {
	Home string
	PID  string // of the process that holds it, as far as it is known
}

// Error returns one line with the home, the process, and what to do.
func (e *InUseError) Error() string {
	return fmt.Sprintf("another node runs here: %s is held by process %s; stop that one, or give this node a home of its own", e.Home, e.PID)
}

// home is the directory of a node, held by this process.
type home struct {
	dir  string
	lock *os.File
}

// openHome makes the directory if need be and holds it until close.
func openHome(dir string) (*home, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the home of the node: %w", err)
	}
	path := filepath.Join(dir, "lock")
	lock, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("hold the home of the node: %w", err)
	}
	err = unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		defer lock.Close()
		return nil, &InUseError{Home: dir, PID: holder(lock)}
	}
	if err == nil {
		err = errors.Join(lock.Truncate(0), writeAt(lock, strconv.Itoa(os.Getpid())+"\n"))
	}
	if err != nil {
		return nil, fmt.Errorf("hold %s: %w", path, errors.Join(err, lock.Close()))
	}
	return &home{dir: dir, lock: lock}, nil
}

func writeAt(f *os.File, text string) error {
	_, err := f.WriteAt([]byte(text), 0)
	return err
}

func holder(lock *os.File) string {
	text, err := io.ReadAll(io.LimitReader(lock, 32))
	if pid := strings.TrimSpace(string(text)); err == nil && pid != "" {
		return pid
	}
	return "unknown"
}

func (h *home) path(name string) string { return filepath.Join(h.dir, name) }

func (h *home) close() error { return h.lock.Close() }

// secret reads a file that only its owner may read, or makes it with what fresh
// returns. It is on disk before secret returns.
func (h *home) secret(name string, fresh func() (string, error)) (string, error) {
	path := h.path(name)
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		text, err := fresh()
		if err != nil {
			return "", err
		}
		return text, writeFile(path, []byte(text+"\n"))
	}
	if err != nil {
		return "", err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("others may read %s; set its mode to 0600: chmod 600 %s", path, path)
	}
	text, err := os.ReadFile(path)
	return strings.TrimSpace(string(text)), err
}

// writeFile puts a file in place in one step, mode 0600, synced with its
// directory.
func writeFile(path string, data []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
