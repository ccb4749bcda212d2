package client

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// addressFile is the file in a node's home that says where it listens.
const addressFile = "api.addr"

// Address is where a node listens.
type Address struct {
	Socket string // path of the Unix socket, empty if none
	URL    string // http://HOST:PORT, empty if none
}

// ReadAddress reads where the node of a home listens. It returns an error that
// wraps ErrUnreachable when the home has no running node.
func ReadAddress(home string) (Address, error) {
	path := filepath.Join(home, addressFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return Address{}, fmt.Errorf("%w: no node runs in %s", ErrUnreachable, home)
	}
	if err != nil {
		return Address{}, err
	}
	var a Address
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if socket, ok := strings.CutPrefix(line, "unix:"); ok {
			a.Socket = socket
		} else if line != "" {
			a.URL = line
		}
	}
	if a == (Address{}) {
		return a, fmt.Errorf("%w: %s is empty", ErrUnreachable, path)
	}
	return a, nil
}

// WriteAddress says in the home where the node listens: one line
// unix:PATH, one line http://HOST:PORT. It replaces the file in one step.
func WriteAddress(home string, a Address) error {
	path := filepath.Join(home, addressFile)
	text := "unix:" + a.Socket + "\n" + a.URL + "\n"
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// RemoveAddress takes back what WriteAddress said.
func RemoveAddress(home string) error {
	err := os.Remove(filepath.Join(home, addressFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
