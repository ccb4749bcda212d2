package cut

import (
	"encoding/binary"

	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

// idTable finds events by their identifiers, whose bytes are spread evenly. It
// keeps places alone: four bytes an event, and as many free.
type idTable struct {
	slots []int32 // 1 + the place of an event, 0 if free
	n     int
}

func spread(id *protocol.EntryID) uint64 { return binary.LittleEndian.Uint64(id[:8]) }

func (t *idTable) find(events []share.Event, id *protocol.EntryID) int32 {
	if len(t.slots) == 0 {
		return none
	}
	mask := uint64(len(t.slots) - 1)
	for at := spread(id) & mask; ; at = (at + 1) & mask {
		i := t.slots[at] - 1
		if i < 0 || events[i].ID == *id {
			return i
		}
	}
}

// add adds the last of the events.
func (t *idTable) add(events []share.Event) {
	if t.n*4 >= len(t.slots)*3 {
		old := len(t.slots)
		t.slots = make([]int32, max(1024, 2*old))
		for i := range events[:len(events)-1] {
			t.put(&events[i].ID, int32(i))
		}
	}
	last := len(events) - 1
	t.put(&events[last].ID, int32(last))
	t.n++
}

func (t *idTable) put(id *protocol.EntryID, i int32) {
	mask := uint64(len(t.slots) - 1)
	at := spread(id) & mask
	for t.slots[at] != 0 {
		at = (at + 1) & mask
	}
	t.slots[at] = i + 1
}

// none is no place.
const none = int32(-1)

// interned gives values numbers from zero on, in the order in which they come.
type interned[T comparable] struct {
	at  map[T]int32
	all []T
}

func (x *interned[T]) of(v T) int32 {
	i, known := x.at[v]
	if !known {
		if x.at == nil {
			x.at = map[T]int32{}
		}
		i = int32(len(x.all))
		x.at[v] = i
		x.all = append(x.all, v)
	}
	return i
}

// bits is a set of places.
type bits []uint64

func newBits(n int) bits { return make(bits, (n+63)/64) }

func (b bits) has(i int) bool { return b[i>>6]>>(uint(i)&63)&1 == 1 }
func (b bits) add(i int)      { b[i>>6] |= 1 << (uint(i) & 63) }
func (b bits) remove(i int)   { b[i>>6] &^= 1 << (uint(i) & 63) }
