package p2p

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"

	"github.com/minga-commons/minga/node/replica"
)

const keyBlock = "PRIVATE KEY"

// ErrBadKey is wrapped by errors about a key file that cannot be used.
var ErrBadKey = errors.New("not a host key")

// LoadOrCreateKey reads the host key from a file, PEM of a PKCS #8 Ed25519 key,
// or makes a new key and writes it there, mode 0600 and synced to disk. It
// refuses a file that others may read. The key identifies the host to its peers
// and signs no entries.
func LoadOrCreateKey(path string) (ed25519.PrivateKey, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return createKey(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the host key: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the host key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%w: others may read %s; set its mode to 0600", ErrBadKey, path)
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != keyBlock {
		return nil, fmt.Errorf("%w: %s holds no PEM block %q", ErrBadKey, path, keyBlock)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %v", ErrBadKey, path, err)
	}
	private, is := key.(ed25519.PrivateKey)
	if !is {
		return nil, fmt.Errorf("%w: %s holds a key that is not Ed25519", ErrBadKey, path)
	}
	return private, nil
}

// createKey writes to a file of another name first, so that a crash leaves
// either no key or a whole one.
func createKey(path string) (ed25519.PrivateKey, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a host key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("make a host key: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".peer-key-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("write the host key: %w", err)
	}
	err = pem.Encode(file, &pem.Block{Type: keyBlock, Bytes: der})
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return nil, fmt.Errorf("write the host key: %w", errors.Join(err, os.Remove(file.Name())))
	}
	return private, nil
}

// PeerOf returns the identifier of the host that holds the key.
func PeerOf(key ed25519.PrivateKey) (replica.PeerID, error) {
	private, err := crypto.UnmarshalEd25519PrivateKey(key)
	if err != nil {
		return "", fmt.Errorf("%w: %v", ErrBadKey, err)
	}
	id, err := peer.IDFromPrivateKey(private)
	return replica.PeerID(id), err
}

// Text returns a peer's identifier as people and multiaddrs write it.
func Text(id replica.PeerID) string { return peer.ID(id).String() }

// ParsePeer reads a peer's identifier as Text writes it.
func ParsePeer(text string) (replica.PeerID, error) {
	id, err := peer.Decode(text)
	if err != nil {
		return "", fmt.Errorf("%q is not a peer identifier: %w", text, err)
	}
	return replica.PeerID(id), nil
}
