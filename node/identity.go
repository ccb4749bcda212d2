package node

import (
	"errors"
	"fmt"
	"io"

	"github.com/tyler-smith/go-bip39"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/protocol"
)

// ErrBadIdentity says that the file of the identity does not hold twelve words
// that make one.
var ErrBadIdentity = errors.New("not an identity")

// Words returns the twelve words of a seed (BIP-39, English).
func Words(seed [protocol.SeedSize]byte) (string, error) { return bip39.NewMnemonic(seed[:]) }

// SeedOf reads twelve words.
func SeedOf(words string) (seed [protocol.SeedSize]byte, err error) {
	entropy, err := bip39.EntropyFromMnemonic(words)
	if err != nil || len(entropy) != len(seed) {
		return seed, fmt.Errorf("%w: it wants the twelve words that were written down, with no typing slip", ErrBadIdentity)
	}
	return [protocol.SeedSize]byte(entropy), nil
}

// identity returns the seed of the home's own keys. The first start makes it.
func (h *home) identity(random io.Reader) (seed [protocol.SeedSize]byte, err error) {
	words, err := h.secret("identity", func() (string, error) {
		if _, err := io.ReadFull(random, seed[:]); err != nil {
			return "", err
		}
		return Words(seed)
	})
	if err != nil {
		return seed, fmt.Errorf("read the identity: %w", err)
	}
	if seed, err = SeedOf(words); err != nil {
		return seed, fmt.Errorf("%s: %w", h.path("identity"), err)
	}
	return seed, nil
}

// token returns the token of the node's owner. The first start makes it.
func (h *home) token(random io.Reader) (api.Token, error) {
	text, err := h.secret("token", func() (string, error) { return api.GenerateToken(random) })
	if err != nil {
		return api.Token{}, fmt.Errorf("read the token: %w", err)
	}
	token, err := api.NewToken("owner", api.RoleOwner, text)
	if err != nil {
		return token, fmt.Errorf("%s: %w; delete it to get a new one", h.path("token"), err)
	}
	return token, nil
}
