package protocol

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
)

// LinkScheme begins the text of every invitation link.
const LinkScheme = "minga:join/"

const (
	linkVersion  = 1
	maxLinkAddrs = 16
	maxLinkAddr  = 512
)

// ErrBadLink is wrapped by every error about an invitation link.
var ErrBadLink = errors.New("not an invitation link")

// Link is an invitation as it is handed to somebody: whoever holds it can join.
type Link struct {
	Commons CommonsID
	Invite  EntryID    // the invite entry
	Giver   LogID      // the log that holds the invite entry
	Key     PrivateKey // of the invitation
	Expiry  int64      // milliseconds UTC, for display; the invite entry decides
	Peers   []string   // addresses of peers, as multiaddrs with peer identifier
}

// String returns the link as one word of text with a checksum, so that a
// truncated or mistyped link is told apart from a foreign one.
func (l Link) String() string {
	b := []byte{linkVersion}
	b = append(b, l.Commons.EntryID[:]...)
	b = append(b, l.Invite[:]...)
	b = append(b, l.Giver.EntryID[:]...)
	secret := l.Key.Secret()
	b = append(b, secret[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(l.Expiry))
	for _, peer := range l.Peers {
		b = binary.BigEndian.AppendUint16(b, uint16(len(peer)))
		b = append(b, peer...)
	}
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return LinkScheme + base64.RawURLEncoding.EncodeToString(b)
}

// ParseLink reads an invitation link. Every error wraps ErrBadLink and says
// what is wrong with it.
func ParseLink(text string) (Link, error) {
	rest, found := strings.CutPrefix(strings.TrimSpace(text), LinkScheme)
	if !found {
		return Link{}, fmt.Errorf("%w: it does not begin with %q", ErrBadLink, LinkScheme)
	}
	b, err := base64.RawURLEncoding.DecodeString(rest)
	const fixed = 1 + 4*32 + 8
	if err != nil || len(b) < fixed+4 {
		return Link{}, fmt.Errorf("%w: it is truncated or mistyped", ErrBadLink)
	}
	body, sum := b[:len(b)-4], binary.BigEndian.Uint32(b[len(b)-4:])
	if crc32.ChecksumIEEE(body) != sum {
		return Link{}, fmt.Errorf("%w: it is truncated or mistyped", ErrBadLink)
	}
	if body[0] != linkVersion {
		return Link{}, fmt.Errorf("%w: version %d is newer than this software", ErrBadLink, body[0])
	}
	var l Link
	copy(l.Commons.EntryID[:], body[1:])
	copy(l.Invite[:], body[33:])
	copy(l.Giver.EntryID[:], body[65:])
	l.Key = NewPrivateKey([32]byte(body[97:129]))
	l.Expiry = int64(binary.BigEndian.Uint64(body[129:]))
	l.Peers, err = linkPeers(body[fixed:])
	return l, err
}

func linkPeers(b []byte) ([]string, error) {
	var peers []string
	for len(b) > 0 {
		if len(b) < 2 {
			return nil, fmt.Errorf("%w: a peer address is cut off", ErrBadLink)
		}
		n := int(binary.BigEndian.Uint16(b))
		if b = b[2:]; n == 0 || n > maxLinkAddr || n > len(b) || len(peers) == maxLinkAddrs {
			return nil, fmt.Errorf("%w: a peer address is out of bounds", ErrBadLink)
		}
		peers = append(peers, string(b[:n]))
		b = b[n:]
	}
	return peers, nil
}
