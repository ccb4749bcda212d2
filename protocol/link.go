package protocol

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
	"unicode/utf8"
)

// LinkScheme begins the text of every invitation link.
const LinkScheme = "minga:join/"

// Bounds of an invitation link.
const (
	MaxLinkPeers   = 16  // addresses in one link
	MaxLinkAddress = 512 // bytes of one address
)

const (
	linkVersion = 1
	linkFixed   = 1 + 5*32 + 8 // bytes before the addresses
	linkSum     = 4
	maxLinkText = len(LinkScheme) + (linkFixed+MaxLinkPeers*(2+MaxLinkAddress)+linkSum)*4/3 + 4
)

// ErrBadLink is wrapped by every error about an invitation link.
var ErrBadLink = errors.New("not an invitation link")

// Link is an invitation as it is handed to somebody: whoever holds it can join.
type Link struct {
	Commons   CommonsID
	Invite    EntryID    // the invite entry
	Giver     LogID      // the log that holds the invite entry
	Witnesses EntryID    // the latest witnesses entry that the giver holds settled, zero for none
	Key       PrivateKey // of the invitation
	Expiry    int64      // milliseconds UTC, for display; the invite entry decides
	Peers     []string   // addresses of peers, as multiaddrs with peer identifier
}

// String returns the link as one word of text with a checksum, so that a
// truncated or mistyped link is told apart from a foreign one. Addresses beyond
// MaxLinkPeers, and those that are empty, too long or not UTF-8, are left out.
func (l Link) String() string {
	b := []byte{linkVersion}
	b = append(b, l.Commons.EntryID[:]...)
	b = append(b, l.Invite[:]...)
	b = append(b, l.Giver.EntryID[:]...)
	b = append(b, l.Witnesses[:]...)
	secret := l.Key.Secret()
	b = append(b, secret[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(l.Expiry))
	count := 0
	for _, peer := range l.Peers {
		if !linkPeerFits(peer) || count == MaxLinkPeers {
			continue
		}
		b = binary.BigEndian.AppendUint16(b, uint16(len(peer)))
		b = append(b, peer...)
		count++
	}
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return LinkScheme + base64.RawURLEncoding.EncodeToString(b)
}

// ParseLink reads an invitation link, with white space around it allowed. Every
// error wraps ErrBadLink and says what is wrong with it. What it returns, String
// turns into the same text again.
func ParseLink(text string) (Link, error) {
	text = strings.TrimSpace(text)
	rest, found := strings.CutPrefix(text, LinkScheme)
	if !found {
		return Link{}, fmt.Errorf("%w: it does not begin with %q", ErrBadLink, LinkScheme)
	}
	if len(text) > maxLinkText {
		return Link{}, fmt.Errorf("%w: it is longer than any link", ErrBadLink)
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	if err != nil || len(b) < 1+linkSum || strings.ContainsAny(rest, "\r\n") {
		return Link{}, fmt.Errorf("%w: it is truncated or mistyped", ErrBadLink)
	}
	body, sum := b[:len(b)-linkSum], binary.BigEndian.Uint32(b[len(b)-linkSum:])
	if crc32.ChecksumIEEE(body) != sum {
		return Link{}, fmt.Errorf("%w: it is truncated or mistyped", ErrBadLink)
	}
	if body[0] != linkVersion {
		return Link{}, fmt.Errorf("%w: this software does not know version %d", ErrBadLink, body[0])
	}
	if len(body) < linkFixed {
		return Link{}, fmt.Errorf("%w: it is too short", ErrBadLink)
	}
	return parseLinkBody(body)
}

func parseLinkBody(body []byte) (Link, error) {
	var l Link
	ids := [...]*EntryID{&l.Commons.EntryID, &l.Invite, &l.Giver.EntryID, &l.Witnesses}
	for i, id := range ids {
		copy(id[:], body[1+32*i:])
	}
	if l.Commons.IsZero() || l.Invite.IsZero() || l.Giver.IsZero() {
		return Link{}, fmt.Errorf("%w: it names no commons or no invitation", ErrBadLink)
	}
	l.Key = NewPrivateKey([32]byte(body[129:161]))
	expiry := binary.BigEndian.Uint64(body[161:])
	if expiry > MaxTime {
		return Link{}, fmt.Errorf("%w: its expiry is out of bounds", ErrBadLink)
	}
	l.Expiry = int64(expiry)
	var err error
	if l.Peers, err = linkPeers(body[linkFixed:]); err != nil {
		return Link{}, err
	}
	return l, nil
}

func linkPeers(b []byte) ([]string, error) {
	var peers []string
	for len(b) > 0 {
		if len(b) < 2 || int(binary.BigEndian.Uint16(b)) > len(b)-2 {
			return nil, fmt.Errorf("%w: a peer address is cut off", ErrBadLink)
		}
		n := int(binary.BigEndian.Uint16(b))
		peer := string(b[2 : 2+n])
		if !linkPeerFits(peer) || len(peers) == MaxLinkPeers {
			return nil, fmt.Errorf("%w: a peer address is out of bounds", ErrBadLink)
		}
		peers = append(peers, peer)
		b = b[2+n:]
	}
	return peers, nil
}

func linkPeerFits(peer string) bool {
	return peer != "" && len(peer) <= MaxLinkAddress && utf8.ValidString(peer)
}
