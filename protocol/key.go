package protocol

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/oasisprotocol/curve25519-voi/curve"
	"github.com/oasisprotocol/curve25519-voi/primitives/ed25519"
)

// SeedSize is the length of the secret from which a person's keys derive: 16
// bytes, twelve words.
const SeedSize = 16

// Domains of hashes and signatures. Nothing is signed or hashed without one.
const (
	domainEntry = "minga/entry/v1\n"
	domainPeer  = "minga/peer/v1\n"
	domainGrant = "minga/grant/v1\n"
	domainNext  = "minga/next/v1\n"
	domainKey   = "minga/key/v1\n"
	domainSide  = "minga/side/v1\n"
	domainLines = "minga/lines/v1\n"
)

// zip215 are the rules under which single and batch verification agree.
var zip215 = &ed25519.Options{Verify: ed25519.VerifyOptionsZIP_215}

// PrivateKey is an Ed25519 signing key. It is never written to a log.
type PrivateKey struct{ key ed25519.PrivateKey }

// Role separates keys that one seed is the source of.
type Role string

// The roles of derived keys.
const (
	RoleAuthor  Role = "author"  // signs the entries of a member's log
	RoleSteward Role = "steward" // signs the charter log
	RoleInvite  Role = "invite"  // admits newcomers
)

// DeriveKey returns the key of a role, for the given commons of this seed
// (counted from 0) and the given generation (0 at inception, one more at each
// change of keys): Ed25519 from HKDF-SHA-256 of the seed.
func DeriveKey(seed [SeedSize]byte, role Role, commons, generation uint32) (PrivateKey, error) {
	info := append([]byte(domainKey), role...)
	info = append(info, '\n')
	info = binary.BigEndian.AppendUint32(info, commons)
	info = binary.BigEndian.AppendUint32(info, generation)
	secret, err := hkdf.Key(sha256.New, seed[:], nil, string(info), ed25519.SeedSize)
	if err != nil {
		return PrivateKey{}, fmt.Errorf("derive %s key: %w", role, err)
	}
	return PrivateKey{ed25519.NewKeyFromSeed(secret)}, nil
}

// NewPrivateKey returns the key of a 32-byte Ed25519 secret (RFC 8032).
func NewPrivateKey(secret [32]byte) PrivateKey {
	return PrivateKey{ed25519.NewKeyFromSeed(secret[:])}
}

// Secret returns the 32-byte Ed25519 secret of the key.
func (k PrivateKey) Secret() (secret [32]byte) {
	copy(secret[:], k.key.Seed())
	return secret
}

// Public returns the key that verifies what k signs.
func (k PrivateKey) Public() (public PublicKey) {
	copy(public[:], k.key[ed25519.SeedSize:])
	return public
}

func (k PrivateKey) sign(message []byte) (signature [SigSize]byte) {
	copy(signature[:], ed25519.Sign(k.key, message))
	return signature
}

// Valid reports whether the key is a canonical encoding of a point that is not
// of small order. Only such keys may stand in an inception: under others, one
// signature can fit any message.
func (k PublicKey) Valid() bool {
	var compressed curve.CompressedEdwardsY
	if _, err := compressed.SetBytes(k[:]); err != nil || !compressed.IsCanonicalVartime() {
		return false
	}
	var point curve.EdwardsPoint
	if _, err := point.SetCompressedY(&compressed); err != nil {
		return false
	}
	return !point.IsSmallOrder()
}

func (k PublicKey) verify(message []byte, signature [SigSize]byte) bool {
	return ed25519.VerifyWithOptions(k[:], message, signature[:], zip215)
}

// NextDigest is the commitment to a future key set: SHA-256 over its domain,
// its threshold and its keys in order.
func NextDigest(keys []PublicKey, threshold int64) [32]byte {
	b := binary.BigEndian.AppendUint64([]byte(domainNext), uint64(threshold))
	for _, key := range keys {
		b = append(b, key[:]...)
	}
	return sha256.Sum256(b)
}

// Signature is one signature on an entry: the index of the key in the log's key
// set, and 64 bytes.
type Signature struct {
	Key   int
	Bytes [SigSize]byte
}

// SigningMessage returns the bytes that a signature on an entry signs: the
// domain and the 36 bytes of the binary CID.
func SigningMessage(id EntryID) []byte { return id.Append([]byte(domainEntry)) }

// SignEntry signs an entry, and with it every entry before it in its log.
func SignEntry(k PrivateKey, index int, id EntryID) Signature {
	return Signature{Key: index, Bytes: k.sign(SigningMessage(id))}
}

// VerifyEntry checks that at least Threshold different keys of the set signed
// the entry, under the rules of ZIP-215. Any signature that does not verify,
// names a key that the set does not have, or does not ascend by key, fails the
// whole. A set without keys or threshold, such as the zero KeySet, fails.
func (set KeySet) VerifyEntry(id EntryID, signatures []Signature) error {
	if set.Threshold < 1 || set.Threshold > int64(len(set.Keys)) {
		return fault(0, FaultThreshold, "%d of %d keys", set.Threshold, len(set.Keys))
	}
	if int64(len(signatures)) < set.Threshold {
		return fault(0, FaultSignature, "%d signatures where %d are needed", len(signatures), set.Threshold)
	}
	if len(signatures) > len(set.Keys) {
		return fault(0, FaultSignature, "more signatures than keys")
	}
	message := SigningMessage(id)
	last := -1
	for _, s := range signatures {
		if s.Key <= last || s.Key >= len(set.Keys) {
			return fault(0, FaultSignature, "key index %d", s.Key)
		}
		if !set.Keys[s.Key].verify(message, s.Bytes) {
			return fault(0, FaultSignature, "by key %d on %v", s.Key, id)
		}
		last = s.Key
	}
	return nil
}

// GrantMessage returns the bytes that the private key of an invitation signs to
// admit an inception: it covers all that makes the log what it is.
func GrantMessage(commons CommonsID, invite EntryID, charter int64, set KeySet, nonce [NonceLen]byte) []byte {
	b := commons.Append([]byte(domainGrant))
	b = invite.Append(b)
	b = binary.BigEndian.AppendUint64(b, uint64(charter))
	b = binary.BigEndian.AppendUint64(b, uint64(set.Threshold))
	b = binary.BigEndian.AppendUint64(b, uint64(len(set.Keys)))
	for _, key := range set.Keys {
		b = append(b, key[:]...)
	}
	b = append(b, set.Next[:]...)
	return append(b, nonce[:]...)
}

// SignGrant fills in the grant's signature for an inception.
func SignGrant(k PrivateKey, invite EntryID, charter int64, body *Inception) *Grant {
	message := GrantMessage(body.Commons, invite, charter, body.KeySet, body.Nonce)
	return &Grant{Invite: invite, Charter: charter, Signature: k.sign(message)}
}

// VerifyGrant checks the signature of an inception's grant with the key of the
// invitation that it names.
func (b *Inception) VerifyGrant(key PublicKey) error {
	if b.Grant == nil {
		return fault(0, FaultSignature, "no grant")
	}
	message := GrantMessage(b.Commons, b.Grant.Invite, b.Grant.Charter, b.KeySet, b.Nonce)
	if !key.verify(message, b.Grant.Signature) {
		return fault(0, FaultSignature, "grant")
	}
	return nil
}

// PeerMessage returns the bytes that a member signs to vouch for the network
// peer that speaks for it: local is the signer's peer identifier in binary
// form, remote the one it speaks to.
func PeerMessage(commons CommonsID, local, remote []byte) []byte {
	b := commons.Append([]byte(domainPeer))
	b = binary.BigEndian.AppendUint16(b, uint16(len(local)))
	b = append(b, local...)
	b = binary.BigEndian.AppendUint16(b, uint16(len(remote)))
	return append(b, remote...)
}

// SignPeer signs PeerMessage.
func SignPeer(k PrivateKey, commons CommonsID, local, remote []byte) [SigSize]byte {
	return k.sign(PeerMessage(commons, local, remote))
}

// VerifyPeer checks a signature over PeerMessage.
func VerifyPeer(key PublicKey, commons CommonsID, local, remote []byte, signature [SigSize]byte) bool {
	return key.verify(PeerMessage(commons, local, remote), signature)
}
