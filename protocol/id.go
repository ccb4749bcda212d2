package protocol

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/ipfs/go-cid"
	"github.com/multiformats/go-multihash"
)

// CIDSize is the length in bytes of the binary CID of an entry: version,
// codec, hash function and hash length, one byte each, then the 32 bytes of
// the digest.
const CIDSize = 4 + sha256.Size

// cidPrefix is CIDv1, dag-cbor, sha2-256, 32 bytes: the only form accepted.
const cidPrefix = "\x01\x71\x12\x20"

// maxIDText is more than any multibase makes of a CID.
const maxIDText = 1 + 8*CIDSize

// ErrBadID is wrapped by every error about a text or byte string that is not
// the identifier of an entry.
var ErrBadID = errors.New("not an entry identifier")

// EntryID identifies an entry by the SHA-256 digest of its block. It stands
// for the CIDv1 with codec dag-cbor and that digest, see CID. The zero value
// names no entry.
type EntryID [sha256.Size]byte

// LogID identifies a log: it is the EntryID of the log's inception.
type LogID struct{ EntryID }

// CommonsID identifies a commons: it is the LogID of its charter log.
type CommonsID struct{ EntryID }

// AgentID identifies an agent: the LogID of the agent's own log, the CommonsID
// for the commons itself, or the EntryID of an agent record.
type AgentID struct{ EntryID }

// Charter returns the log whose entries govern the commons.
func (id CommonsID) Charter() LogID { return LogID(id) }

// Agent returns the agent that a log speaks for.
func (id LogID) Agent() AgentID { return AgentID(id) }

// Identify returns the identifier of a block: the digest of its exact bytes.
func Identify(block []byte) EntryID { return sha256.Sum256(block) }

// CID returns the identifier in the form that IPLD tools take.
func (id EntryID) CID() cid.Cid {
	digest, err := multihash.Encode(id[:], multihash.SHA2_256)
	if err != nil {
		return cid.Undef
	}
	return cid.NewCidV1(cid.DagCBOR, digest)
}

// Bytes returns the 36 bytes of the binary CID.
func (id EntryID) Bytes() []byte { return id.Append(nil) }

// Append appends the 36 bytes of the binary CID to dst.
func (id EntryID) Append(dst []byte) []byte {
	return append(append(dst, cidPrefix...), id[:]...)
}

// IsZero reports whether the identifier names no entry.
func (id EntryID) IsZero() bool { return id[0] == 0 && id == EntryID{} }

// Compare orders identifiers by their bytes: -1, 0 or 1.
func (id EntryID) Compare(other EntryID) int { return bytes.Compare(id[:], other[:]) }

// String returns the CID in multibase base32, or the empty string for the zero
// value.
func (id EntryID) String() string {
	if id.IsZero() {
		return ""
	}
	return id.CID().String()
}

// MarshalText returns what String returns.
func (id EntryID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText sets the identifier from the text of a CID; the empty text
// gives the zero value.
func (id *EntryID) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*id = EntryID{}
		return nil
	}
	parsed, err := ParseID(string(text))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

// ParseID reads the text of a CID. Any multibase is accepted, since people
// paste what their tools print; codec and hash function are not negotiable.
func ParseID(text string) (EntryID, error) {
	if len(text) > maxIDText {
		return EntryID{}, fmt.Errorf("%w: a text of %d bytes", ErrBadID, len(text))
	}
	c, err := cid.Decode(text)
	if err != nil {
		return EntryID{}, fmt.Errorf("%w: %q: %v", ErrBadID, text, err)
	}
	return IDFromBytes(c.Bytes())
}

// IDFromCID converts a CID of another library. It returns ErrBadID for a CID of
// another version, codec, hash function or length.
func IDFromCID(c cid.Cid) (EntryID, error) { return IDFromBytes(c.Bytes()) }

// IDFromBytes reads the 36 bytes of a binary CID. It keeps nothing of b. The
// zero digest is refused: it stands for no entry.
func IDFromBytes(b []byte) (EntryID, error) {
	var id EntryID
	if len(b) != CIDSize || string(b[:len(cidPrefix)]) != cidPrefix {
		return id, fmt.Errorf("%w: want CIDv1, dag-cbor, sha2-256, 32 bytes", ErrBadID)
	}
	if copy(id[:], b[len(cidPrefix):]); id.IsZero() {
		return id, fmt.Errorf("%w: the digest is zero", ErrBadID)
	}
	return id, nil
}
