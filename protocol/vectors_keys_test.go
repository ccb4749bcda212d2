package protocol

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"testing"
)

// derivationVector is a key derived from a seed.
type derivationVector struct {
	Name       string   `json:"name"`
	Seed       hexBytes `json:"seed"`
	Role       Role     `json:"role"`
	Commons    uint32   `json:"commons"`
	Generation uint32   `json:"generation"`
	Info       hexBytes `json:"info"`
	Secret     hexBytes `json:"secret"`
	Public     hexBytes `json:"public"`
}

func derivations() []derivationVector {
	var all []derivationVector
	add := func(name string, seed [SeedSize]byte, role Role, commons, generation uint32) {
		key := mustDerive(seed, role, commons, generation)
		secret, public := key.Secret(), key.Public()
		info := append([]byte("minga/key/v1\n"+string(role)+"\n"),
			byte(commons>>24), byte(commons>>16), byte(commons>>8), byte(commons),
			byte(generation>>24), byte(generation>>16), byte(generation>>8), byte(generation))
		all = append(all, derivationVector{
			Name: name, Seed: seed[:], Role: role, Commons: commons, Generation: generation,
			Info: info, Secret: secret[:], Public: public[:],
		})
	}
	add("author", worldSeed, RoleAuthor, 0, 0)
	add("author, next key", worldSeed, RoleAuthor, 0, 1)
	add("author in the second commons", worldSeed, RoleAuthor, 1, 0)
	add("author, large numbers", worldSeed, RoleAuthor, 1<<31+5, 1<<32-1)
	add("steward", worldSeed, RoleSteward, 0, 0)
	add("invite", worldSeed, RoleInvite, 0, 0)
	add("author, a seed of zeros", [SeedSize]byte{}, RoleAuthor, 0, 0)
	return all
}

func TestDerivationVectors(t *testing.T) {
	const about = "Keys derived from a seed. info is the info of HKDF, secret the Ed25519 secret of RFC 8032."
	for _, v := range vectors(t, "keys.json", about, derivations()) {
		key := mustDerive([SeedSize]byte(v.Seed), v.Role, v.Commons, v.Generation)
		secret, public := key.Secret(), key.Public()
		if !bytes.Equal(secret[:], v.Secret) || !bytes.Equal(public[:], v.Public) {
			t.Errorf("%s: got %x %x", v.Name, secret, public)
		}
	}
}

// digestVector is a hash over bytes that the protocol puts together.
type digestVector struct {
	Name   string   `json:"name"`
	Hashed hexBytes `json:"hashed"`
	SHA256 hexBytes `json:"sha256"`
	Digest hexBytes `json:"digest"`
}

func digests() []digestVector {
	w := newWorld()
	var all []digestVector
	add := func(name string, digest [32]byte, parts ...[]byte) {
		hashed := bytes.Join(parts, nil)
		sum := sha256.Sum256(hashed)
		all = append(all, digestVector{Name: name, Hashed: hashed, SHA256: sum[:], Digest: digest[:]})
	}
	ana, beto := w.ana.Public(), w.beto.Public()
	next := []byte("minga/next/v1\n")
	add("next digest, 1 of 1", NextDigest([]PublicKey{ana}, 1), next, unhex("0000000000000001"), ana[:])
	add("next digest, 2 of 2", NextDigest([]PublicKey{ana, beto}, 2), next, unhex("0000000000000002"), ana[:], beto[:])
	add("next digest, the keys in another order", NextDigest([]PublicKey{beto, ana}, 2), next, unhex("0000000000000002"), beto[:], ana[:])
	side := Side{Salt: [SaltSize]byte{1, 2, 3}, Text: "Rosa Peñafiel"}
	add("side", side.Hash(), []byte("minga/side/v1\n"), side.Salt[:], []byte(side.Text))
	line := Line{Agent: w.anaLog.Log.Agent(), Amount: Amount{N: 5, Scale: 1}, Bucket: "b"}
	digest, err := LinesDigest([]Line{line})
	if err != nil {
		panic(err)
	}
	add("lines of a distribution", digest, []byte("minga/lines/v1\n"), []byte{0x81}, mustValue(map[string]Value{
		"agent": line.Agent.EntryID, "amount": map[string]Value{"n": int64(5), "s": int64(1)}, "bucket": "b",
	}))
	digest, err = LinesDigest(nil)
	if err != nil {
		panic(err)
	}
	add("a distribution without lines", digest, []byte("minga/lines/v1\n"), []byte{0x80})
	return all
}

func TestDigestVectors(t *testing.T) {
	const about = "Digests: hashed is what goes into SHA-256, digest what comes out."
	for _, v := range vectors(t, "digests.json", about, digests()) {
		if !bytes.Equal(v.SHA256, v.Digest) {
			t.Errorf("%s: digest %x, SHA-256 %x", v.Name, []byte(v.Digest), []byte(v.SHA256))
		}
	}
}

// messageVector is a signed message.
type messageVector struct {
	Name   string          `json:"name"`
	Signed signatureVector `json:"signed"`
}

func messages() []messageVector {
	w := newWorld()
	var all []messageVector
	add := func(name string, k PrivateKey, message []byte) {
		secret, public, signature := k.Secret(), k.Public(), k.sign(message)
		all = append(all, messageVector{name, signatureVector{secret[:], public[:], message, signature[:]}})
	}
	add("entry: domain, 36 bytes of the CID", w.ana, SigningMessage(w.members[0].ID()))
	beto := w.betoLog.Body.(*Inception)
	add("grant: domain, commons, invite, charter, threshold, count, keys, next, nonce", w.invite,
		GrantMessage(beto.Commons, beto.Grant.Invite, beto.Grant.Charter, beto.KeySet, beto.Nonce))
	joint := w.joint.Body.(*Inception)
	add("grant of a set of three keys", w.invite,
		GrantMessage(joint.Commons, w.members[0].ID(), 0x0102030405060708, joint.KeySet, joint.Nonce))
	add("peer: domain, commons, length and identifier of the signer's peer, then of the other", w.ana,
		PeerMessage(w.commons(), unhex("0024"+ones(36)), unhex("00240801122022"+repeat("22", 31))))
	add("peer without identifiers", w.ana, PeerMessage(w.commons(), nil, nil))
	return all
}

func TestMessageVectors(t *testing.T) {
	const about = "Signed messages of every sort."
	made := messages()
	for i, v := range vectors(t, "messages.json", about, made) {
		t.Run(v.Name, func(t *testing.T) { v.Signed.check(t, made[i].Signed.Message) })
	}
	beto := newWorld().betoLog.Body.(*Inception)
	grant := beto.Grant.Signature
	if !bytes.Equal(grant[:], made[1].Signed.Signature) {
		t.Error("the grant of the inception is another")
	}
	if err := beto.VerifyGrant(newWorld().invite.Public()); err != nil {
		t.Error(err)
	}
}

// publicKeyVector is a public key that may or may not stand on the log.
type publicKeyVector struct {
	Name  string   `json:"name"`
	Key   hexBytes `json:"key"`
	Valid bool     `json:"valid"`
}

func publicKeys() []publicKeyVector {
	base := NewPrivateKey([32]byte{1}).Public()
	return []publicKeyVector{
		{"of a secret", base[:], true},
		{"the base point", unhex("58" + repeat("66", 31)), true},
		{"a point of mixed order: the base point and one of order 8", unhex("da99e28ba529cdde35a25fba9059e78ecaee239f99755b9b1aa4f65df00803e2"), true},
		{"zero, order 4", unhex(zeros(32)), false},
		{"zero with the sign, order 4", unhex(zeros(31) + "80"), false},
		{"the neutral element", unhex("01" + zeros(31)), false},
		{"the neutral element with the sign", unhex("01" + zeros(30) + "80"), false},
		{"order 2", unhex("ec" + repeat("ff", 30) + "7f"), false},
		{"order 2 with the sign", unhex("ec" + repeat("ff", 31)), false},
		{"order 8, first", unhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), false},
		{"order 8, first with the sign", unhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"), false},
		{"order 8, second", unhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), false},
		{"order 8, second with the sign", unhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"), false},
		{"zero, written as p", unhex("ed" + repeat("ff", 30) + "7f"), false},
		{"the neutral element, written as p+1", unhex("ee" + repeat("ff", 30) + "7f"), false},
		{"p+3, a point", unhex("f0" + repeat("ff", 30) + "7f"), false},
		{"the largest number", unhex(repeat("ff", 32)), false},
		{"on no curve", unhex("02" + zeros(31)), false},
	}
}

func TestPublicKeyVectors(t *testing.T) {
	const about = "Public keys. Those that are not valid are refused wherever a key stands on the log."
	for _, v := range vectors(t, "public-keys.json", about, publicKeys()) {
		if got := PublicKey(v.Key).Valid(); got != v.Valid {
			t.Errorf("%s %s: %v", v.Name, hex.EncodeToString(v.Key), got)
		}
	}
}
