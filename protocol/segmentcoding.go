package protocol

import (
	"google.golang.org/protobuf/encoding/protowire"

	mingav1 "github.com/minga-commons/minga/proto/minga/v1"
)

// segmentBounds says how often each field of the message Segment may occur.
var segmentBounds = [...]int{1: MaxSegmentEntries, 2: MaxKeys, 3: MaxKeys, 4: maxSides}

// checkSegmentCoding walks over the fields of a segment's message before it is
// decoded, so that no message makes room for more than a segment can hold.
func checkSegmentCoding(data []byte) error {
	if len(data) > maxSegmentCoded {
		return fault(0, FaultSegmentSize, "%d bytes", len(data))
	}
	var seen [len(segmentBounds)]int
	return walkMessage(data, func(at int, field protowire.Number, _ []byte) error {
		if field >= protowire.Number(len(seen)) {
			return nil
		}
		if seen[field]++; seen[field] > segmentBounds[field] {
			return fault(at, FaultSegmentSize, "more than %d of field %d", segmentBounds[field], field)
		}
		return nil
	})
}

// walkMessage calls each for every length-delimited field of a message. Fields
// that this version does not know are allowed, as protobuf has it.
func walkMessage(data []byte, each func(at int, field protowire.Number, value []byte) error) error {
	for at := 0; at < len(data); {
		field, kind, tag := protowire.ConsumeTag(data[at:])
		if tag < 0 {
			return fault(at, FaultSegmentCoding, "")
		}
		size := protowire.ConsumeFieldValue(field, kind, data[at+tag:])
		if size < 0 {
			return fault(at, FaultSegmentCoding, "field %d", field)
		}
		if kind == protowire.BytesType {
			value, _ := protowire.ConsumeBytes(data[at+tag:])
			if err := each(at, field, value); err != nil {
				return err
			}
		}
		at += tag + size
	}
	return nil
}

func signatureMessages(signatures []Signature) []*mingav1.Signature {
	var messages []*mingav1.Signature
	for _, s := range signatures {
		messages = append(messages, &mingav1.Signature{Key: uint32(s.Key), Signature: s.Bytes[:]})
	}
	return messages
}

func signaturesFromMessages(messages []*mingav1.Signature) ([]Signature, error) {
	if len(messages) > MaxKeys {
		return nil, fault(0, FaultSignature, "%d signatures", len(messages))
	}
	var signatures []Signature
	for _, m := range messages {
		if len(m.GetSignature()) != SigSize || m.GetKey() >= MaxKeys {
			return nil, fault(0, FaultSignature, "a signature has a key index and %d bytes", SigSize)
		}
		signatures = append(signatures, Signature{Key: int(m.Key), Bytes: [SigSize]byte(m.Signature)})
	}
	return signatures, nil
}
