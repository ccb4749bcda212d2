package protocol

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNotCanonical is wrapped by every error of Parse: the bytes are not an
// entry of this protocol, and no node keeps or relays them.
var ErrNotCanonical = errors.New("not a canonical entry")

// Fault names the one reason for which a block is refused. The names are part
// of the protocol's test vectors and are never re-used for something else.
type Fault string

// The faults of an encoding, in the order in which SPEC.md lists them.
const (
	FaultTruncated     Fault = "truncated"      // the bytes end inside an item
	FaultTrailing      Fault = "trailing-bytes" // bytes follow the item
	FaultTooLarge      Fault = "too-large"      // block, text, bytes or list above its bound
	FaultTooDeep       Fault = "too-deep"       // nesting above MaxDepth
	FaultNotMinimal    Fault = "not-minimal"    // an integer or length not in its shortest form
	FaultIndefinite    Fault = "indefinite"     // an item of indefinite length
	FaultFloat         Fault = "float"          // a floating point number
	FaultSimple        Fault = "simple"         // a simple value other than false, true and null
	FaultTag           Fault = "tag"            // a tag other than 42
	FaultLink          Fault = "link"           // a link that is not CIDv1 dag-cbor sha2-256
	FaultUTF8          Fault = "utf8"           // text that is not valid UTF-8
	FaultInteger       Fault = "integer-range"  // an integer outside int64
	FaultKey           Fault = "map-key"        // a map key that is not text
	FaultOrder         Fault = "map-order"      // keys not sorted by length, then bytes
	FaultDuplicate     Fault = "duplicate-key"  // a key twice in one map
	FaultType          Fault = "wrong-type"     // an item of another major type than the field's
	FaultMissing       Fault = "missing-field"  // a required field is absent
	FaultUnknown       Fault = "unknown-field"  // a field that this version does not have
	FaultRange         Fault = "out-of-range"   // a number outside the field's bounds
	FaultEmpty         Fault = "empty"          // a text, list or map that must not be empty
	FaultLength        Fault = "wrong-length"   // a fixed-length byte string of another length
	FaultChoice        Fault = "unknown-choice" // a text outside the field's choices
	FaultListOrder     Fault = "list-order"     // a list that must ascend and does not
	FaultBadKey        Fault = "bad-public-key" // a small-order or non-canonical Ed25519 key
	FaultThreshold     Fault = "threshold"      // a threshold below 1 or above the number of keys
	FaultConflict      Fault = "conflict"       // fields that exclude each other, or need each other
	FaultVersion       Fault = "version"        // an inception of an unknown version
	FaultUnlinkable    Fault = "unlinkable"     // an entry of an unknown version without log, seq and prev
	FaultKindMismatch  Fault = "kind"           // an inception's shape with another kind, or the reverse
	FaultSegmentEmpty  Fault = "segment-empty"  // a segment without blocks
	FaultSegmentSize   Fault = "segment-size"   // a segment above its bounds
	FaultSegmentLog    Fault = "segment-log"    // blocks of more than one log
	FaultSegmentChain  Fault = "segment-chain"  // blocks that do not follow one another
	FaultSegmentKeys   Fault = "segment-keys"   // an entry after `keys` in one segment
	FaultSignature     Fault = "signature"      // a signature that does not verify, or too few
	FaultProof         Fault = "proof"          // two segments that do not prove a fork
	FaultSegmentCoding Fault = "segment-coding" // bytes that are not the protobuf of a segment
)

// FormatError says where and why bytes were refused. It wraps ErrNotCanonical.
type FormatError struct {
	Offset int    // byte offset into the block at which the fault shows
	Fault  Fault  // the one reason
	Detail string // the field or value, for people
}

// Error returns one line with reason, place and detail.
func (e *FormatError) Error() string {
	if e.Detail == "" {
		return fmt.Sprintf("%v: %s at byte %d", ErrNotCanonical, e.Fault, e.Offset)
	}
	return fmt.Sprintf("%v: %s at byte %d: %s", ErrNotCanonical, e.Fault, e.Offset, e.Detail)
}

// Unwrap returns ErrNotCanonical.
func (e *FormatError) Unwrap() error { return ErrNotCanonical }

// FaultOf returns the fault of an error from this package, or the empty string
// when the error has none.
func FaultOf(err error) Fault {
	var format *FormatError
	if errors.As(err, &format) {
		return format.Fault
	}
	return ""
}

// maxDetail bounds the bytes of a detail, which may quote hostile input.
const maxDetail = 200

func fault(offset int, f Fault, detail string, args ...any) error {
	if len(args) > 0 {
		detail = fmt.Sprintf(detail, args...)
	}
	if len(detail) > maxDetail {
		detail = strings.ToValidUTF8(detail[:maxDetail], "") + "..."
	}
	return &FormatError{Offset: offset, Fault: f, Detail: detail}
}
