package protocol

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	mingav1 "github.com/minga-commons/minga/proto/minga/v1"
)

// ForkProof shows that the owner of a log signed two histories: two segments
// that begin at the same place, after the same entry, with different entries.
// The first entry of First has the smaller identifier.
type ForkProof struct {
	First  Segment
	Second Segment
}

// NewForkProof orders two segments into a proof. It does not check them.
func NewForkProof(a, b Segment) ForkProof {
	if a.First().id.Compare(b.First().id) > 0 {
		a, b = b, a
	}
	return ForkProof{First: a, Second: b}
}

// Place returns the log and the sequence number at which the histories part.
func (p ForkProof) Place() (LogID, int64) { return p.First.Log(), p.First.First().Seq }

// Verify checks the proof with the key set in force before the fork.
func (p ForkProof) Verify(keys KeySet) error {
	if len(p.First.Entries) == 0 || len(p.Second.Entries) == 0 {
		return fault(0, FaultProof, "an empty segment")
	}
	a, b := p.First.First(), p.Second.First()
	if a.Seq == 0 || a.Log != b.Log || a.Seq != b.Seq || a.Prev != b.Prev || a.id.Compare(b.id) >= 0 {
		return fault(0, FaultProof, "the segments do not part at one place")
	}
	if err := p.First.Verify(a.Prev, keys); err != nil {
		return err
	}
	return p.Second.Verify(b.Prev, keys)
}

// Less orders proofs about one log: of two, nodes keep the lesser, so that all
// end up with the same one.
func (p ForkProof) Less(q ForkProof) bool {
	_, at := p.Place()
	_, other := q.Place()
	if at != other {
		return at < other
	}
	if c := p.First.First().id.Compare(q.First.First().id); c != 0 {
		return c < 0
	}
	return p.Second.First().id.Compare(q.Second.First().id) < 0
}

// Encode returns the proof as bytes.
func (p ForkProof) Encode() ([]byte, error) {
	return proto.MarshalOptions{Deterministic: true}.Marshal(p.Message())
}

// Message returns the proof as it stands on the wire.
func (p ForkProof) Message() *mingav1.ForkProof {
	return &mingav1.ForkProof{First: p.First.Message(), Second: p.Second.Message()}
}

// ParseForkProof reads a proof from bytes, without verifying it.
func ParseForkProof(data []byte) (ForkProof, error) {
	var parts [2][]byte
	err := walkMessage(data, func(at int, field protowire.Number, value []byte) error {
		if field > 2 {
			return nil
		}
		if parts[field-1] != nil {
			return fault(at, FaultSegmentCoding, "field %d twice", field)
		}
		parts[field-1] = value
		return nil
	})
	if err != nil {
		return ForkProof{}, err
	}
	first, err := ParseSegment(parts[0])
	if err != nil {
		return ForkProof{}, fmt.Errorf("first segment: %w", err)
	}
	second, err := ParseSegment(parts[1])
	if err != nil {
		return ForkProof{}, fmt.Errorf("second segment: %w", err)
	}
	return ForkProof{First: first, Second: second}, nil
}

// ForkProofFromMessage converts a message of the wire, without verifying it.
func ForkProofFromMessage(m *mingav1.ForkProof) (ForkProof, error) {
	first, err := SegmentFromMessage(m.GetFirst())
	if err != nil {
		return ForkProof{}, fmt.Errorf("first segment: %w", err)
	}
	second, err := SegmentFromMessage(m.GetSecond())
	if err != nil {
		return ForkProof{}, fmt.Errorf("second segment: %w", err)
	}
	return ForkProof{First: first, Second: second}, nil
}
