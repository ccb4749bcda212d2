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
	words [DigestLanes / 4]uint64 // four lanes each, the first in the lowest bits
	mixer *mixer                  // kept from one element to the next
}

// mixer spreads an element over the lanes.
type mixer struct {
	hasher  *blake3.Hasher
	element []byte
	out     [AccumulatorSize]byte
}

// xofBytes is what is asked of BLAKE3 at once. For more it starts goroutines, and
// that takes longer than the work itself.
const xofBytes = AccumulatorSize / 2

// tops has the highest bit of each of the four lanes of a word.
const tops = 0x8000_8000_8000_8000

// AddRow adds a row of a digested table.
func (a *Accumulator) AddRow(t Table, key, value []byte) { a.row(t, key, value, Apply) }

// RemoveRow takes back AddRow with the same arguments.
func (a *Accumulator) RemoveRow(t Table, key, value []byte) { a.row(t, key, value, Undo) }

func (a *Accumulator) row(t Table, key, value []byte, s Sign) {
	element := append(a.begin(), elementRow, byte(t))
	element = binary.BigEndian.AppendUint32(element, uint32(len(key)))
	element = append(element, key...)
	a.mix(append(element, value...), s)
}

// begin returns what every element begins with, in memory that is used again.
func (a *Accumulator) begin() []byte {
	if a.mixer == nil {
		a.mixer = &mixer{hasher: blake3.New(32, nil)}
	}
	return append(a.mixer.element[:0], domainElement...)
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
	element := append(a.begin(), elementLog)
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

// mix adds an element, or takes it back, in all lanes. A carry out of a lane is
// lost: the highest bits are put together apart from the rest.
func (a *Accumulator) mix(element []byte, s Sign) {
	m := a.mixer
	m.element = element
	m.hasher.Reset()
	m.hasher.Write(element)
	xof := m.hasher.XOF()
	for out := m.out[:]; len(out) > 0; out = out[xofBytes:] {
		xof.Read(out[:xofBytes])
	}
	for i, x := range a.words {
		y := binary.LittleEndian.Uint64(m.out[8*i:])
		if s == Undo {
			a.words[i] = (x | tops) - (y &^ tops) ^ (x^^y)&tops
		} else {
			a.words[i] = (x &^ tops) + (y &^ tops) ^ (x^y)&tops
		}
	}
}

// Bytes returns the stored form of the accumulator, lanes in little-endian.
func (a *Accumulator) Bytes() []byte {
	b := make([]byte, 0, AccumulatorSize)
	for _, word := range a.words {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	return b
}

// AccumulatorFromBytes reads the stored form; a wrong length gives the empty set.
func AccumulatorFromBytes(b []byte) *Accumulator {
	a := &Accumulator{}
	if len(b) == AccumulatorSize {
		for i := range a.words {
			a.words[i] = binary.LittleEndian.Uint64(b[8*i:])
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
