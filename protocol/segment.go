package protocol

import (
	"crypto/sha256"
	"fmt"

	"google.golang.org/protobuf/proto"

	mingav1 "github.com/minga-commons/minga/proto/minga/v1"
)

// Bounds of a segment.
const (
	MaxSegmentEntries = 1024      // blocks
	MaxSegmentBytes   = 1 << 20   // bytes of all blocks and sides
	MaxGossipBytes    = 256 << 10 // bytes of all blocks and sides, in gossip
	maxSides          = 1024
	maxSegmentCoded   = MaxSegmentBytes + 256<<10 // bytes of a segment as a message
	SaltSize          = 16
)

// Segment is the unit that travels: a contiguous run of one log's entries, and
// signatures on the last, which vouch for all of them.
type Segment struct {
	Entries    []Entry
	Signatures []Signature // on the last entry, by the log's key set
	Successor  []Signature // where the last entry is `keys`: by the new key set
	Sides      []Side
}

// Side is a text that an entry names by its hash only.
type Side struct {
	Salt [SaltSize]byte
	Text string
}

// Hash returns what stands on the log for the text.
func (s Side) Hash() [32]byte {
	b := append([]byte(domainSide), s.Salt[:]...)
	return sha256.Sum256(append(b, s.Text...))
}

// Log returns the log that the segment is a run of.
func (s Segment) Log() LogID { return s.Entries[0].Log }

// First returns the first entry. A segment from ParseSegment is never empty.
func (s Segment) First() Entry { return s.Entries[0] }

// Tip returns the last entry, the one that is signed.
func (s Segment) Tip() Entry { return s.Entries[len(s.Entries)-1] }

// Size returns the bytes of all blocks and sides: what MaxSegmentBytes and
// MaxGossipBytes bound.
func (s Segment) Size() int {
	size := 0
	for _, e := range s.Entries {
		size += len(e.block)
	}
	for _, side := range s.Sides {
		size += SaltSize + len(side.Text)
	}
	return size
}

// check refuses a segment that is out of bounds or whose entries do not follow
// one another. Whether it joins what is already held is up to the caller.
func (s Segment) check() error {
	if len(s.Entries) == 0 {
		return fault(0, FaultSegmentEmpty, "")
	}
	if len(s.Entries) > MaxSegmentEntries || s.Size() > MaxSegmentBytes || len(s.Sides) > maxSides {
		return fault(0, FaultSegmentSize, "%d entries, %d bytes", len(s.Entries), s.Size())
	}
	for i := range s.Entries[1:] {
		before, e := &s.Entries[i], &s.Entries[i+1]
		switch {
		case e.Log != before.Log:
			return fault(0, FaultSegmentLog, "entry %d of the segment", i+1)
		case e.Seq != before.Seq+1 || e.Prev != before.id:
			return fault(0, FaultSegmentChain, "entry %d of the segment", i+1)
		case before.Kind == KindKeys && before.Known():
			return fault(0, FaultSegmentKeys, "entry %d of the segment", i+1)
		}
	}
	return nil
}

// Verify checks the segment: that it follows prev (zero for one that begins
// with an inception), that its entries form a chain of hashes, and then the
// signatures on its tip, once for all entries. keys is the set in force before
// the segment; it is not looked at when the segment begins with an inception,
// which brings its own.
func (s Segment) Verify(prev EntryID, keys KeySet) error {
	if err := s.check(); err != nil {
		return err
	}
	first := s.First()
	if first.Prev != prev {
		return fault(0, FaultSegmentChain, "the segment follows %v, not %v", first.Prev, prev)
	}
	if inception, is := first.Body.(*Inception); is {
		keys = inception.KeySet
	}
	if err := keys.VerifyEntry(s.Tip().id, s.Signatures); err != nil {
		return err
	}
	next, is := s.Tip().Body.(*Keys)
	if !is {
		if len(s.Successor) > 0 {
			return fault(0, FaultSignature, "signatures of new keys without new keys")
		}
		return nil
	}
	if NextDigest(next.KeySet.Keys, next.KeySet.Threshold) != keys.Next {
		return fault(0, FaultSignature, "the new keys are not those promised")
	}
	return next.KeySet.VerifyEntry(s.Tip().id, s.Successor)
}

// Message returns the segment as it stands on the wire.
func (s Segment) Message() *mingav1.Segment {
	m := &mingav1.Segment{
		Blocks:     make([][]byte, len(s.Entries)),
		Signatures: signatureMessages(s.Signatures),
		Successor:  signatureMessages(s.Successor),
	}
	for i, e := range s.Entries {
		m.Blocks[i] = e.block
	}
	for _, side := range s.Sides {
		m.Sides = append(m.Sides, &mingav1.Side{Salt: side.Salt[:], Text: side.Text})
	}
	return m
}

// Encode returns the segment as bytes, the payload of a gossip message.
func (s Segment) Encode() ([]byte, error) {
	return proto.MarshalOptions{Deterministic: true}.Marshal(s.Message())
}

// ParseSegment reads a segment from bytes. It checks bounds, every block and
// the chain of hashes, but neither signatures nor what comes before.
func ParseSegment(data []byte) (Segment, error) {
	if err := checkSegmentCoding(data); err != nil {
		return Segment{}, err
	}
	var m mingav1.Segment
	if err := proto.Unmarshal(data, &m); err != nil {
		return Segment{}, fault(0, FaultSegmentCoding, "")
	}
	return SegmentFromMessage(&m)
}

// SegmentFromMessage converts a message of the wire, with the checks of
// ParseSegment. It keeps the message's bytes.
func SegmentFromMessage(m *mingav1.Segment) (Segment, error) {
	if len(m.GetBlocks()) == 0 {
		return Segment{}, fault(0, FaultSegmentEmpty, "")
	}
	if len(m.Blocks) > MaxSegmentEntries || len(m.Sides) > maxSides {
		return Segment{}, fault(0, FaultSegmentSize, "%d entries", len(m.Blocks))
	}
	s := Segment{Entries: make([]Entry, len(m.Blocks))}
	size := 0
	for _, block := range m.Blocks {
		if size += len(block); size > MaxSegmentBytes {
			return Segment{}, fault(0, FaultSegmentSize, "more than %d bytes", MaxSegmentBytes)
		}
	}
	err := parseBlocks(m.Blocks, s.Entries)
	if err != nil {
		return Segment{}, err
	}
	if s.Signatures, err = signaturesFromMessages(m.Signatures); err != nil {
		return Segment{}, err
	}
	if s.Successor, err = signaturesFromMessages(m.Successor); err != nil {
		return Segment{}, err
	}
	for _, side := range m.Sides {
		if len(side.GetSalt()) != SaltSize {
			return Segment{}, fault(0, FaultLength, "the salt of a side")
		}
		if len(side.GetText()) > MaxNote {
			return Segment{}, fault(0, FaultTooLarge, "the text of a side")
		}
		s.Sides = append(s.Sides, Side{Salt: [SaltSize]byte(side.Salt), Text: side.Text})
	}
	if err := s.check(); err != nil {
		return Segment{}, err
	}
	return s, nil
}

// parallelBlocks is the number of blocks from which on a segment is parsed in
// two halves at once.
const parallelBlocks = 128

// parseBlocks parses blocks into entries. Of several faults it returns that of
// the first block.
func parseBlocks(blocks [][]byte, entries []Entry) error {
	if len(blocks) < parallelBlocks {
		return parseRun(blocks, entries, 0)
	}
	half := len(blocks) / 2
	second := make(chan error, 1)
	go func() { second <- parseRun(blocks[half:], entries[half:], half) }()
	first := parseRun(blocks[:half], entries[:half], 0)
	if err := <-second; first == nil {
		return err
	}
	return first
}

func parseRun(blocks [][]byte, entries []Entry, from int) (err error) {
	var p parser
	for i, block := range blocks {
		if entries[i], err = p.parse(block); err != nil {
			return fmt.Errorf("entry %d of the segment: %w", from+i, err)
		}
	}
	return nil
}
