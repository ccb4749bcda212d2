package protocol

import (
	"crypto/sha512"
	"math/big"
	"slices"
	"testing"

	"github.com/hdevalence/ed25519consensus"
	"github.com/oasisprotocol/curve25519-voi/curve"
	"github.com/oasisprotocol/curve25519-voi/curve/scalar"
)

// verifyVector is a signature that ZIP-215 accepts or refuses.
type verifyVector struct {
	Name      string   `json:"name"`
	Public    hexBytes `json:"public"`
	Message   hexBytes `json:"message"`
	Signature hexBytes `json:"signature"`
	Valid     bool     `json:"valid"`
}

const order8 = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"

// forger makes signatures that only the rules of ZIP-215 tell apart: public
// key and commitment may each have a part of small order, or be encoded oddly.
type forger struct{ secret, nonce *scalar.Scalar }

func newForger() *forger {
	wide := func(s string) *scalar.Scalar {
		sum := sha512.Sum512([]byte(s))
		v, err := scalar.NewFromBytesModOrderWide(sum[:])
		if err != nil {
			panic(err)
		}
		return v
	}
	return &forger{secret: wide("a secret"), nonce: wide("a nonce")}
}

func point(encoded string) *curve.EdwardsPoint {
	var compressed curve.CompressedEdwardsY
	if _, err := compressed.SetBytes(unhex(encoded)); err != nil {
		panic(err)
	}
	p, err := curve.NewEdwardsPoint().SetCompressedY(&compressed)
	if err != nil {
		panic(err)
	}
	return p
}

func encodePoint(p *curve.EdwardsPoint) []byte {
	b, err := p.MarshalBinary()
	if err != nil {
		panic(err)
	}
	return b
}

func multiple(s *scalar.Scalar) *curve.EdwardsPoint {
	return curve.NewEdwardsPoint().MulBasepoint(curve.ED25519_BASEPOINT_TABLE, s)
}

// sign returns the signature over the message for these encodings of the public
// key and of the commitment R, which is nonce times the base point.
func (f *forger) sign(public, r, message []byte, nonce *scalar.Scalar) []byte {
	sum := sha512.Sum512(slices.Concat(r, public, message))
	k, err := scalar.NewFromBytesModOrderWide(sum[:])
	if err != nil {
		panic(err)
	}
	s := scalar.New().Mul(k, f.secret)
	b, err := s.Add(s, nonce).MarshalBinary()
	if err != nil {
		panic(err)
	}
	return slices.Concat(r, b)
}

func verifications() []verifyVector {
	var all []verifyVector
	add := func(name string, valid bool, public, message, signature []byte) {
		all = append(all, verifyVector{name, public, message, signature, valid})
	}
	w := newWorld()
	message := SigningMessage(w.charter.ID())
	key := w.steward.Public()
	good := w.steward.sign(message)
	add("a plain signature", true, key[:], message, good[:])
	add("another message", false, key[:], SigningMessage(w.anaLog.ID()), good[:])
	other := w.ana.Public()
	add("another key", false, other[:], message, good[:])
	add("one bit of R changed", false, key[:], message, flip(good[:], 0))
	add("one bit of S changed", false, key[:], message, flip(good[:], 32))
	add("zeros", false, key[:], message, make([]byte, SigSize))
	add("S plus the order of the group", false, key[:], message, addOrder(good[:]))

	f := newForger()
	public, r := multiple(f.secret), multiple(f.nonce)
	torsion := point(order8)
	mixed := func(p *curve.EdwardsPoint) []byte { return encodePoint(curve.NewEdwardsPoint().Add(p, torsion)) }
	a, b := encodePoint(public), encodePoint(r)
	add("made by hand", true, a, message, f.sign(a, b, message, f.nonce))
	add("R with a part of small order", true, a, message, f.sign(a, mixed(r), message, f.nonce))
	add("a key with a part of small order", true, mixed(public), message, f.sign(mixed(public), b, message, f.nonce))
	add("both with a part of small order", true, mixed(public), message, f.sign(mixed(public), mixed(r), message, f.nonce))
	one := unhex("01" + zeros(31))
	add("R the neutral element", true, a, message, f.sign(a, one, message, scalar.New()))
	odd := unhex("ee" + repeat("ff", 30) + "7f")
	add("R the neutral element, not canonical", true, a, message, f.sign(a, odd, message, scalar.New()))
	negative := unhex("01" + zeros(30) + "80")
	add("R the neutral element with the sign", true, a, message, f.sign(a, negative, message, scalar.New()))
	add("R on no curve", false, a, message, f.sign(a, unhex("02"+zeros(31)), message, f.nonce))
	return all
}

func flip(b []byte, at int) []byte {
	b = slices.Clone(b)
	b[at] ^= 1
	return b
}

// addOrder adds the order of the group to S, which verifiers without the check
// take for the same signature.
func addOrder(signature []byte) []byte {
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	s := slices.Clone(signature[32:])
	slices.Reverse(s)
	sum := new(big.Int).Add(new(big.Int).SetBytes(s), order).FillBytes(make([]byte, 32))
	slices.Reverse(sum)
	return slices.Concat(signature[:32], sum)
}

func TestVerifyVectors(t *testing.T) {
	const about = "Signatures under the rules of ZIP-215."
	for _, v := range vectors(t, "signatures.json", about, verifications()) {
		t.Run(v.Name, func(t *testing.T) {
			if got := PublicKey(v.Public).verify(v.Message, [SigSize]byte(v.Signature)); got != v.Valid {
				t.Errorf("here: %v", got)
			}
			if got := ed25519consensus.Verify([]byte(v.Public), v.Message, v.Signature); got != v.Valid {
				t.Errorf("ed25519consensus: %v", got)
			}
		})
	}
}
