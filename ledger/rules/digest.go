package rules

import (
	"crypto/sha256"
	"encoding/binary"

	"lukechampine.com/blake3"

	"github.com/minga-commons/minga/protocol"
)

// DigestLanes is the number of 16-bit lanes of a state accumulator.
const DigestLanes = 1024

// AccumulatorSize is the length in bytes of a stored Accumulator.
const AccumulatorSize = 2 * DigestLanes

const (
	domainElement = "minga/state/v1\n"
	domainDigest  = "minga/digest/v1\n"

	elementRow = 0 // a row of a digested table
	elementLog = 1 // the heads of a log
)

// Accumulator is a hash of a set of elements that can be added and removed one
// by one in any order: LtHash with 16-bit lanes over the output of BLAKE3
// (Bellare and Micciancio 1997; Lewi and others 2019). The zero value is the
// empty set.
type Accumulator struct {
	lanes  [DigestLanes]uint16
	hasher *blake3.Hasher // kept from one element to the next
}

// AddRow adds a row of a digested table.
func (a *Accumulator) AddRow(t Table, key, value []byte) { a.row(t, key, value, Apply) }

// RemoveRow takes back AddRow with the same arguments.
func (a *Accumulator) RemoveRow(t Table, key, value []byte) { a.row(t, key, value, Undo) }

func (a *Accumulator) row(t Table, key, value []byte, s Sign) {
	element := append(make([]byte, 0, 64+len(key)+len(value)), domainElement...)
	element = append(element, elementRow, byte(t))
	element = binary.BigEndian.AppendUint32(element, uint32(len(key)))
	element = append(element, key...)
	element = append(element, value...)
	a.mix(element, s)
}

// LogElement is what the digest covers of one log: how far it is applied and
// settled, and whether it is frozen there.
type LogElement struct {
	Log     protocol.LogID
	Applied protocol.Head // zero CID: nothing is applied
	Settled protocol.Head // zero CID: nothing is settled
	Frozen  bool
}

// Empty reports whether there is nothing to say of the log: nothing of it has
// its effect, or is settled, and it has no fork. Such a log has no element.
func (e LogElement) Empty() bool {
	return e.Applied.CID.IsZero() && e.Settled.CID.IsZero() && !e.Frozen
}

// AddLog adds the element of a log.
func (a *Accumulator) AddLog(e LogElement) { a.log(e, Apply) }

// RemoveLog takes back AddLog with the same element.
func (a *Accumulator) RemoveLog(e LogElement) { a.log(e, Undo) }

func (a *Accumulator) log(e LogElement, s Sign) {
	element := append(make([]byte, 0, 160), domainElement...)
	element = append(element, elementLog)
	element = append(element, e.Log.EntryID[:]...)
	for _, head := range []protocol.Head{e.Applied, e.Settled} {
		element = binary.BigEndian.AppendUint64(element, uint64(head.Seq))
		element = append(element, head.CID[:]...)
	}
	frozen := byte(0)
	if e.Frozen {
		frozen = 1
	}
	a.mix(append(element, frozen), s)
}

func (a *Accumulator) mix(element []byte, s Sign) {
	if a.hasher == nil {
		a.hasher = blake3.New(32, nil)
	}
	a.hasher.Reset()
	a.hasher.Write(element)
	var out [AccumulatorSize]byte
	a.hasher.XOF().Read(out[:])
	for i := range a.lanes {
		lane := binary.LittleEndian.Uint16(out[2*i:])
		if s == Undo {
			lane = -lane
		}
		a.lanes[i] += lane
	}
}

// Bytes returns the stored form of the accumulator, lanes in little-endian.
func (a *Accumulator) Bytes() []byte {
	b := make([]byte, 0, AccumulatorSize)
	for _, lane := range a.lanes {
		b = binary.LittleEndian.AppendUint16(b, lane)
	}
	return b
}

// AccumulatorFromBytes reads the stored form; a wrong length gives the empty set.
func AccumulatorFromBytes(b []byte) *Accumulator {
	a := &Accumulator{}
	if len(b) == AccumulatorSize {
		for i := range a.lanes {
			a.lanes[i] = binary.LittleEndian.Uint16(b[2*i:])
		}
	}
	return a
}

// Digest returns the state digest of a commons: SHA-256 over the domain, the
// version of the rules, the CommonsID and the accumulator.
func (a *Accumulator) Digest(commons protocol.CommonsID) [32]byte {
	b := append([]byte(domainDigest), 0, Version)
	b = append(b, commons.EntryID[:]...)
	return sha256.Sum256(append(b, a.Bytes()...))
}
