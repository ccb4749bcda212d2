package protocol

import "github.com/oasisprotocol/curve25519-voi/curve"

// ed25519Point is a decompressed public key.
type ed25519Point struct{ p curve.EdwardsPoint }

// decode reports whether the key is canonical and not of small order.
func (e *ed25519Point) decode(key PublicKey) bool {
	var compressed curve.CompressedEdwardsY
	if _, err := compressed.SetBytes(key[:]); err != nil || !compressed.IsCanonicalVartime() {
		return false
	}
	if _, err := e.p.SetCompressedY(&compressed); err != nil {
		return false
	}
	return !e.p.IsSmallOrder()
}
