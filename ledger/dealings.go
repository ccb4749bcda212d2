package ledger

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/reciprocity"
	"github.com/minga-commons/minga/protocol"
)

// Table Dealings has what an agent used, gave and paid, so that a standing reads
// no more than the years that it is about. A row holds a span of days and of
// places of one log, as in table Movements.
const (
	dealingDays   = 5 // bits of days: 32
	dealingPlaces = 8 // bits of places in a log
	dealingSize   = 2
	dealingTail   = 4 + 4 + 4 // span, log no, places
)

// The kinds of dealings. FORMAT.md says what each is.
const (
	dealsBack       = 'b'
	dealsContribute = 'c'
	dealsDeclare    = 'd'
	dealsPay        = 'p'
	dealsCorrect    = 'x'
)

// dealing says under what an entry is kept there; kind zero: nowhere.
type dealing struct {
	kind byte
	of   protocol.AgentID
	on   reciprocity.Day
}

// dealingOf returns what an entry is for the licence of the commons.
func dealingOf(commons protocol.CommonsID, e protocol.Entry) dealing {
	written := reciprocity.DayOf(e.Time.UTC())
	switch b := e.Body.(type) {
	case *protocol.Declare:
		end, _ := reciprocity.ParseDay(b.End)
		return dealing{dealsDeclare, b.Agent, end}
	case *protocol.Event:
		switch {
		case b.Currency == "" && b.Provider.EntryID == commons.EntryID:
			return dealing{}
		case b.Currency == "" && !b.Corrects.IsZero():
			return dealing{dealsCorrect, b.Provider, written}
		case b.Currency == "":
			return dealing{dealsContribute, b.Provider, ownDay(e, b)}
		case account.Income(commons, e, b) && len(b.Settles) > 0:
			return dealing{dealsPay, b.Provider, ownDay(e, b)}
		case b.Receiver.EntryID == commons.EntryID && len(b.Settles) > 0:
			return dealing{dealsPay, b.Provider, written}
		case e.Log == commons.Charter() && !b.TriggeredBy.IsZero():
			return dealing{dealsBack, b.Receiver, written}
		}
	}
	return dealing{}
}

// ownDay returns the day of an event by its own account, else that on which it
// was written.
func ownDay(e protocol.Entry, b *protocol.Event) reciprocity.Day {
	for _, text := range []string{b.HasPointInTime, b.HasEnd, b.HasBeginning} {
		if t, err := flow.ParseTime(text); text != "" && err == nil {
			return reciprocity.DayOf(t)
		}
	}
	return reciprocity.DayOf(e.Time.UTC())
}

func dealingsPrefix(no commonsNo, kind byte, agent protocol.AgentID) []byte {
	return stateKey(no, rules.Dealings, append([]byte{kind}, agent.EntryID[:]...))
}

func dealingSpan(day reciprocity.Day) uint32 { return uint32(int32(day)>>dealingDays) ^ 1<<31 }

// deal keeps an entry among the dealings of an agent, or takes it out. Heard says
// that there may be verdicts which came before it.
func (b *batch) deal(c *openCommons, e protocol.Entry, d dealing, heard bool, sign rules.Sign) error {
	if d.kind == 0 {
		return nil
	}
	log, err := b.openLog(e.Log)
	if err != nil {
		return err
	}
	if err := b.tell(c, e, d, log.at(e.Seq), heard, sign); err != nil {
		return err
	}
	k := append(appendStateKey(b.scratch[:0], c.no, rules.Dealings, nil), d.kind)
	k = binary.BigEndian.AppendUint32(append(k, d.of.EntryID[:]...), dealingSpan(d.on))
	k = binary.BigEndian.AppendUint32(k, uint32(log.at(e.Seq)))
	k = binary.BigEndian.AppendUint32(k, uint32(e.Seq>>dealingPlaces))
	b.scratch = k
	r := b.rows[string(k)]
	if r == nil {
		value, err := b.l.read(k)
		if err != nil {
			return err
		}
		r = b.row(k)
		b.set(r, value)
	}
	item := [dealingSize]byte{byte(e.Seq), byte(d.on & (1<<dealingDays - 1))}
	at, found := findDealing(r.value, item[0])
	switch {
	case sign == rules.Undo && found:
		b.set(r, slices.Delete(r.value, at, at+dealingSize))
		if len(r.value) == 0 {
			r.value = nil
		}
	case sign == rules.Apply && !found:
		b.set(r, slices.Insert(r.value, at, item[:]...))
	}
	return nil
}

// findDealing returns where a place stands in a row, or is to stand. Most often
// that is the end.
func findDealing(row []byte, place byte) (at int, found bool) {
	for at = len(row); at >= dealingSize && row[at-dealingSize] >= place; at -= dealingSize {
		if row[at-dealingSize] == place {
			return at - dealingSize, true
		}
	}
	return at, false
}

// dealt is the place of a dealing.
type dealt struct {
	of  protocol.AgentID
	on  reciprocity.Day
	no  logNo
	seq int64
}

// anyDay is before all days.
const anyDay = reciprocity.Day(math.MinInt32)

// dealings calls fn with the dealings of one kind of an agent from a day on, by
// spans of days, until it returns false.
func dealings(scan func(prefix, from []byte, fn func(k, v []byte) bool) error, no commonsNo, kind byte, agent protocol.AgentID, from reciprocity.Day, fn func(dealt) bool) error {
	prefix := dealingsPrefix(no, kind, agent)
	bad := false
	err := scan(prefix, binary.BigEndian.AppendUint32(slices.Clone(prefix), dealingSpan(from)), func(k, v []byte) bool {
		if k = k[len(prefix):]; len(k) != dealingTail || len(v)%dealingSize != 0 {
			bad = true
			return false
		}
		for _, d := range dealtIn(agent, k, v) {
			if d.on >= from && !fn(d) {
				return false
			}
		}
		return true
	})
	if err == nil && bad {
		err = fmt.Errorf("%w: the dealings of agent %v", ErrDamaged, agent)
	}
	return err
}

// dealtIn reads a row, of whose key the kind and the agent are left out.
func dealtIn(agent protocol.AgentID, tail, row []byte) []dealt {
	all := make([]dealt, 0, len(row)/dealingSize)
	first := reciprocity.Day(int32(binary.BigEndian.Uint32(tail)^1<<31) << dealingDays)
	for ; len(row) > 0; row = row[dealingSize:] {
		all = append(all, dealt{
			of: agent, on: first + reciprocity.Day(row[1]), no: logNo(binary.BigEndian.Uint32(tail[4:])),
			seq: int64(binary.BigEndian.Uint32(tail[8:]))<<dealingPlaces | int64(row[0]),
		})
	}
	return all
}
