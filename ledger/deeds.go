package ledger

import (
	"encoding/binary"
	"fmt"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// Table Deeds has, beside table Dealings, what the dealings of an agent say and
// what members say of them, so that a standing reads neither the blocks in which
// they are scattered nor a list of verdicts for each. It has those of entries whose
// charter has a licence; the few others are read where they stand.
const (
	deedTail  = 4 + 4 + 8 // day, log no, seq
	voiceTail = deedTail + 4
)

// deedRow is what a standing asks of an entry. Fields are appended, never
// re-ordered.
type deedRow struct {
	_       struct{} `cbor:",toarray"`
	ID      protocol.EntryID
	Charter int64
	Time    int64
	Event   *eventDeed
	Use     *useDeed
}

type eventDeed struct {
	_         struct{} `cbor:",toarray"`
	Action    string
	Specified string
	Currency  string
	Imported  bool
	Resource  []byte
	To        []byte
	InputOf   []byte
	OutputOf  []byte
	Corrects  []byte
	Triggered []byte
	New       *newDeed
	Quantity  *quantityDeed
	Effort    *quantityDeed
	Fulfills  []protocol.EntryID
	Settled   []protocol.EntryID
}

type newDeed struct {
	_          struct{} `cbor:",toarray"`
	Name       string
	ConformsTo string
}

type quantityDeed struct {
	_     struct{} `cbor:",toarray"`
	N     int64
	Scale int64
	Unit  string
}

type useDeed struct {
	_         struct{} `cbor:",toarray"`
	Resource  string
	Beginning string
	End       string
	Use       string
	Form      string
	Currency  string
	Income    *protocol.Amount
	Profit    *protocol.Amount
	Fraction  *protocol.Amount
}

func deedsPrefix(no commonsNo, kind byte, agent protocol.AgentID) []byte {
	return stateKey(no, rules.Deeds, append([]byte{kind}, agent.EntryID[:]...))
}

func deedKey(c commonsNo, d dealing, no logNo, seq int64) []byte {
	k := binary.BigEndian.AppendUint32(deedsPrefix(c, d.kind, d.of), uint32(int32(d.on))^1<<31)
	k = binary.BigEndian.AppendUint32(k, uint32(no))
	return binary.BigEndian.AppendUint64(k, uint64(seq))
}

// licensed reports whether the charter that an entry names has a licence.
func (c *commonsState) licensed(e protocol.Entry) bool { return c.termsAt(e.Charter).Licensed }

// everLicensed reports whether some charter has a licence.
func (c *commonsState) everLicensed() bool {
	for i := range c.terms {
		if c.terms[i].terms.Licensed {
			return true
		}
	}
	return false
}

// heardBefore reports whether verdicts on an entry came before it had its effect.
func (b *batch) heardBefore(c *openCommons, e protocol.Entry) (bool, error) {
	x := b.context(c)
	if x.Early(0) == 0 || !c.licensed(e) {
		return false, nil
	}
	row, err := x.Get(rules.Early, idKey(e))
	return row != nil, err
}

// tell keeps what a dealing says, or takes it out. Verdicts on it that came before
// are taken up with it; they stay when it is taken out, since they are of what is
// held.
func (b *batch) tell(c *openCommons, e protocol.Entry, d dealing, no logNo, heard bool, sign rules.Sign) error {
	if !c.licensed(e) {
		return nil
	}
	k := deedKey(c.no, d, no, e.Seq)
	if sign == rules.Undo {
		b.put(k, nil)
		return nil
	}
	b.put(k, encode(deedOf(e)))
	if !heard {
		return nil
	}
	prefix := stateKey(c.no, rules.Voices, idKey(e))
	return b.scan(prefix, nil, func(voice, row []byte) (bool, error) {
		log, err := b.openLog(protocol.LogID{EntryID: idFrom(voice[len(prefix):])})
		if err == nil && log != nil {
			b.put(append(k[:len(k):len(k)], log.no.bytes()...), row)
		}
		return true, err
	})
}

// hear keeps what a member now says of an entry beside what that says, as soon as
// it is held.
func (b *batch) hear(c *openCommons, e protocol.Entry, body *protocol.Confirm) error {
	if !c.everLicensed() {
		return nil
	}
	target, _, err := b.context(c).Lookup(body.Target)
	if err != nil || target.Body == nil || !c.licensed(target) {
		return err
	}
	d := dealingOf(c.id(), target)
	if d.kind != dealsContribute && d.kind != dealsCorrect && d.kind != dealsDeclare {
		return nil
	}
	_, no, err := b.find(body.Target)
	if err != nil {
		return err
	}
	log, err := b.openLog(e.Log)
	if err != nil {
		return err
	}
	row, err := b.context(c).Get(rules.Voices, flow.VoiceKey(body.Target, e.Log))
	if err == nil {
		b.put(append(deedKey(c.no, d, no, target.Seq), log.no.bytes()...), row)
	}
	return err
}

func deedOf(e protocol.Entry) deedRow {
	row := deedRow{ID: e.ID(), Charter: e.Charter, Time: int64(e.Time)}
	switch b := e.Body.(type) {
	case *protocol.Declare:
		row.Use = &useDeed{
			Resource: b.Resource, Beginning: b.Beginning, End: b.End, Use: b.Use, Form: b.Form, Currency: b.Currency,
			Income: b.Income, Profit: b.Profit, Fraction: b.Fraction,
		}
	case *protocol.Event:
		row.Event = &eventDeed{
			Action: b.Action, Specified: b.ResourceConformsTo, Currency: b.Currency, Imported: b.Source != "",
			Resource: linkBytes(b.ResourceInventoriedAs), To: linkBytes(b.ToResourceInventoriedAs),
			InputOf: linkBytes(b.InputOf), OutputOf: linkBytes(b.OutputOf),
			Corrects: linkBytes(b.Corrects), Triggered: linkBytes(b.TriggeredBy),
			Quantity: quantityOf(b.ResourceQuantity), Effort: quantityOf(b.EffortQuantity),
			Fulfills: b.Fulfills, Settled: b.Settles,
		}
		if n := b.NewInventoriedResource; n != nil {
			row.Event.New = &newDeed{Name: n.Name.Plain, ConformsTo: n.ConformsTo}
		}
	}
	return row
}

func linkBytes(id protocol.EntryID) []byte {
	if id.IsZero() {
		return nil
	}
	return id[:]
}

func quantityOf(q *protocol.Quantity) *quantityDeed {
	if q == nil {
		return nil
	}
	return &quantityDeed{N: q.N, Scale: q.Scale, Unit: q.Unit}
}

func (q *quantityDeed) quantity() *protocol.Quantity {
	if q == nil {
		return nil
	}
	return &protocol.Quantity{N: q.N, Scale: q.Scale, Unit: q.Unit}
}

// body returns what is kept of the body of an entry about an agent.
func (r deedRow) body(agent protocol.AgentID) protocol.Body {
	if u := r.Use; u != nil {
		return &protocol.Declare{
			Agent: agent, Resource: u.Resource, Beginning: u.Beginning, End: u.End, Use: u.Use, Form: u.Form, Currency: u.Currency,
			Income: u.Income, Profit: u.Profit, Fraction: u.Fraction,
		}
	}
	e := r.Event
	if e == nil {
		return nil
	}
	b := &protocol.Event{
		Action: e.Action, Provider: agent, ResourceConformsTo: e.Specified, Currency: e.Currency,
		ResourceInventoriedAs: idFrom(e.Resource), ToResourceInventoriedAs: idFrom(e.To),
		InputOf: idFrom(e.InputOf), OutputOf: idFrom(e.OutputOf), Corrects: idFrom(e.Corrects), TriggeredBy: idFrom(e.Triggered),
		ResourceQuantity: e.Quantity.quantity(), EffortQuantity: e.Effort.quantity(),
		Fulfills: e.Fulfills, Settles: e.Settled,
	}
	if e.Imported {
		b.Source = "imported"
	}
	if e.New != nil {
		b.NewInventoriedResource = &protocol.NewResource{Name: protocol.PlainText(e.New.Name), ConformsTo: e.New.ConformsTo}
	}
	return b
}

// spot is where an entry stands.
type spot struct {
	no  logNo
	seq int64
}

// deed is what is kept of an entry, and of the verdicts on it.
type deed struct {
	row  []byte // nil: only verdicts are kept
	said []saying
}

// saying is a row of table Voices, of the log with a number.
type saying struct {
	by  logNo
	row []byte
}

// deeds returns what is kept of one kind of dealings of an agent from a day on.
func (x *caseOf) deeds(kind byte, agent protocol.AgentID, from Day) (map[spot]*deed, error) {
	prefix := deedsPrefix(x.no, kind, agent)
	all := map[spot]*deed{}
	bad := false
	err := x.l.scan(prefix, binary.BigEndian.AppendUint32(prefix[:len(prefix):len(prefix)], uint32(int32(from))^1<<31), func(k, v []byte) bool {
		if k = k[len(prefix):]; len(k) != deedTail && len(k) != voiceTail {
			bad = true
			return false
		}
		at := spot{logNo(binary.BigEndian.Uint32(k[4:])), int64(binary.BigEndian.Uint64(k[8:]))}
		d := all[at]
		if d == nil {
			d = &deed{}
			all[at] = d
		}
		if len(k) == deedTail {
			d.row = append([]byte{}, v...)
		} else {
			d.said = append(d.said, saying{logNo(binary.BigEndian.Uint32(k[deedTail:])), append([]byte{}, v...)})
		}
		return true
	})
	if err == nil && bad {
		err = fmt.Errorf("%w: the deeds of agent %v", ErrDamaged, agent)
	}
	return all, err
}
