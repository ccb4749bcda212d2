package flow

import (
	"encoding/binary"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// What stands before a claim: its event is the creating one, its value is whoever
// was accountable at the beginning.
const (
	byCreating   = 1
	asAccounting = 2
)

// Bytes returns the row of a resource as table Resources has it: see RULES.md.
func (r *Resource) Bytes(resource protocol.EntryID) []byte {
	made := link(r.Made.Accountable.EntryID)
	b := make([]byte, 0, 256)
	b = binary.AppendUvarint(b, uint64(r.Events))
	b = binary.AppendUvarint(b, uint64(r.Adrift))
	b = appendText(b, r.Made.Unit)
	b = r.Made.Quantity.Append(b)
	b = appendText(b, r.Made.UnitOfEffort)
	b = appendText(b, r.Made.ConformsTo)
	b = append(b, r.Made.Accountable.EntryID[:]...)
	b = binary.AppendUvarint(b, uint64(len(r.Sums)))
	for _, s := range r.Sums {
		b = s.Onhand.Append(s.Accounting.Append(appendText(b, s.Unit)))
	}
	b = binary.AppendUvarint(b, uint64(len(r.Held)))
	for _, h := range r.Held {
		b = append(b, h.Agent.EntryID[:]...)
		b = h.Onhand.Append(h.Accounting.Append(appendText(b, h.Unit)))
	}
	b = binary.AppendUvarint(b, uint64(r.Leaves.Count))
	for _, id := range r.Leaves.IDs {
		b = append(b, id[:]...)
	}
	for _, s := range r.Setters {
		b = binary.AppendUvarint(b, uint64(s.Count))
		for _, c := range s.Claims {
			short := byte(0)
			if c.Event == resource {
				short |= byCreating
			}
			if made != "" && c.Value == made {
				short |= asAccounting
			}
			if b = append(b, short); short&byCreating == 0 {
				b = append(b, c.Event[:]...)
			}
			if short&asAccounting == 0 {
				b = appendText(b, c.Value)
			}
		}
	}
	return b
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// ResourceFromBytes reads what Bytes wrote of the same resource; ok is false for
// anything else.
func ResourceFromBytes(resource protocol.EntryID, row []byte) (r *Resource, ok bool) {
	x := reader{b: row}
	r = &Resource{Events: x.number(), Adrift: x.number()}
	r.Made.Unit, r.Made.Quantity = x.text(), x.total()
	r.Made.UnitOfEffort, r.Made.ConformsTo, r.Made.Accountable.EntryID = x.text(), x.text(), x.id()
	for n := x.number(); n > 0 && !x.bad; n-- {
		r.Sums = append(r.Sums, Sum{Unit: x.text(), Accounting: x.total(), Onhand: x.total()})
	}
	for n := x.number(); n > 0 && !x.bad; n-- {
		r.Held = append(r.Held, Holding{Agent: protocol.AgentID{EntryID: x.id()}, Unit: x.text(), Accounting: x.total(), Onhand: x.total()})
	}
	r.Leaves.Count = x.number()
	for n := min(r.Leaves.Count, maxMarks); n > 0 && !x.bad; n-- {
		r.Leaves.IDs = append(r.Leaves.IDs, x.id())
	}
	made := link(r.Made.Accountable.EntryID)
	for f := range r.Setters {
		s := &r.Setters[f]
		s.Count = x.number()
		for n := min(s.Count, maxMarks); n > 0 && !x.bad; n-- {
			c := Claim{Event: resource, Value: made}
			short := x.take(1)
			if x.bad {
				break
			}
			if short[0]&byCreating == 0 {
				c.Event = x.id()
			}
			if short[0]&asAccounting == 0 {
				c.Value = x.text()
			}
			s.Claims = append(s.Claims, c)
		}
	}
	return r, !x.bad && len(x.b) == 0
}

// reader takes a row apart. After the first thing that is not there, everything
// is zero and bad is set.
type reader struct {
	b   []byte
	bad bool
}

func (x *reader) take(n uint64) []byte {
	if n > uint64(len(x.b)) {
		x.bad = true
		return nil
	}
	taken := x.b[:n]
	x.b = x.b[n:]
	return taken
}

func (x *reader) number() int64 {
	v, n := binary.Uvarint(x.b)
	if n <= 0 || int64(v) < 0 {
		x.bad = true
		return 0
	}
	x.b = x.b[n:]
	return int64(v)
}

func (x *reader) text() string { return string(x.take(uint64(x.number()))) }

func (x *reader) total() (t rules.Total) {
	if b := x.take(rules.TotalSize); b != nil {
		t = rules.TotalFromBytes(b)
	}
	return t
}

func (x *reader) id() (id protocol.EntryID) {
	copy(id[:], x.take(uint64(len(id))))
	return id
}
