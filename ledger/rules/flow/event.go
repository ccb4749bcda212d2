// Package flow holds the rules of economic events and of what members say of
// them: which events are legal, what an agent has contributed, and how much of
// it is confirmed. The vocabulary is that of ValueFlows 1.0.
package flow

import (
	"encoding/binary"
	"time"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// JudgeEvent returns why an event has no effect, or rules.Valid. The answer
// depends on the event alone; what it names is looked at by JudgeNamed.
func JudgeEvent(b *protocol.Event) rules.Reason {
	a, known := actions[b.Action]
	if !known {
		return rules.UnknownAction
	}
	if b.Provider.IsZero() {
		return rules.ProviderMissing
	}
	if b.Receiver.IsZero() {
		return rules.ReceiverMissing
	}
	if b.ResourceQuantity == nil && (b.EffortQuantity == nil || !a.countsEffort()) {
		return rules.QuantityMissing
	}
	for _, q := range []*protocol.Quantity{b.ResourceQuantity, b.EffortQuantity} {
		if q != nil && q.N <= 0 && b.Corrects.IsZero() {
			return rules.QuantityNotPositive
		}
	}
	if reason := judgeLinks(a, b); reason != rules.Valid {
		return reason
	}
	return judgeTimes(b)
}

// judgeLinks judges which processes and resources the action may name.
func judgeLinks(a action, b *protocol.Event) rules.Reason {
	in, out := a.inputOutput == input, a.inputOutput == output
	if a.inputOutput == outputInput {
		in, out = true, true
	}
	if !b.InputOf.IsZero() && !in {
		return rules.NotAnInput
	}
	if !b.OutputOf.IsZero() && !out {
		return rules.NotAnOutput
	}
	hasTo := a.hasTo() || implied(a, b) != nothingPasses
	if !b.ToResourceInventoriedAs.IsZero() && !hasTo {
		return rules.NoToResource
	}
	if b.NewInventoriedResource == nil {
		return rules.Valid
	}
	switch {
	case !b.Corrects.IsZero():
		return rules.CorrectionCreates
	case a.createResource == "" && !hasTo:
		return rules.CreatesNothing
	case createsTo(a) && !b.ToResourceInventoriedAs.IsZero(), !createsTo(a) && !b.ResourceInventoriedAs.IsZero():
		return rules.ResourceTwice
	}
	return rules.Valid
}

// implied returns what passes from the provider to the receiver besides what the
// action itself does.
func implied(a action, b *protocol.Event) transferKind {
	if b.Provider == b.Receiver {
		return nothingPasses
	}
	return a.implies
}

// createsTo reports whether a new resource is the one to which things go, rather
// than the one that the event is about.
func createsTo(a action) bool { return a.createResource != optional }

func judgeTimes(b *protocol.Event) rules.Reason {
	var at [3]time.Time
	for i, text := range []string{b.HasPointInTime, b.HasBeginning, b.HasEnd} {
		if text == "" {
			continue
		}
		var err error
		if at[i], err = ParseTime(text); err != nil {
			return rules.BadTime
		}
	}
	if b.HasBeginning != "" && b.HasEnd != "" && at[2].Before(at[1]) {
		return rules.EndBeforeBeginning
	}
	return rules.Valid
}

// ParseTime reads the time of an event: RFC 3339 with an offset, or a date,
// which means midnight UTC.
func ParseTime(text string) (time.Time, error) {
	if len(text) == len(time.DateOnly) {
		return time.Parse(time.DateOnly, text)
	}
	return time.Parse(time.RFC3339Nano, text)
}

// Line is the key of a total: who, what was done, with which kind of resource,
// in which unit.
type Line struct {
	Agent    protocol.AgentID
	Action   string
	Resource string
	Unit     string
}

// Sums is the value of a total.
type Sums struct {
	Quantity  rules.Total
	Confirmed rules.Total
	Events    int64
}

// LineOf returns the total to which a legal event counts, and its quantity.
// Work and use count their effort, where they have one.
func LineOf(b *protocol.Event) (Line, protocol.Quantity) {
	q := b.ResourceQuantity
	if q == nil || actions[b.Action].countsEffort() && b.EffortQuantity != nil {
		q = b.EffortQuantity
	}
	return Line{Agent: b.Provider, Action: b.Action, Resource: b.ResourceConformsTo, Unit: q.Unit}, *q
}

// Key returns the key of the line in table Totals: the agent, then each text
// with its length before it, so that all lines of an agent stand together.
func (l Line) Key() []byte {
	key := append(make([]byte, 0, 48+len(l.Action)+len(l.Resource)+len(l.Unit)), l.Agent.EntryID[:]...)
	for _, text := range []string{l.Action, l.Resource, l.Unit} {
		key = binary.BigEndian.AppendUint16(key, uint16(len(text)))
		key = append(key, text...)
	}
	return key
}

// LineFromKey reads what Key wrote; ok is false for anything else.
func LineFromKey(key []byte) (l Line, ok bool) {
	if len(key) < len(l.Agent.EntryID) {
		return l, false
	}
	n := copy(l.Agent.EntryID[:], key)
	key = key[n:]
	for _, text := range []*string{&l.Action, &l.Resource, &l.Unit} {
		if len(key) < 2 {
			return l, false
		}
		n := int(binary.BigEndian.Uint16(key))
		if key = key[2:]; len(key) < n {
			return l, false
		}
		*text, key = string(key[:n]), key[n:]
	}
	return l, len(key) == 0
}

const sumsSize = 2*rules.TotalSize + 8

// SumsFromBytes reads the value of a row of table Totals; ok is false when the
// row is damaged.
func SumsFromBytes(b []byte) (s Sums, ok bool) {
	if len(b) != sumsSize {
		return s, len(b) == 0
	}
	s.Quantity = rules.TotalFromBytes(b)
	s.Confirmed = rules.TotalFromBytes(b[rules.TotalSize:])
	s.Events = int64(binary.BigEndian.Uint64(b[2*rules.TotalSize:]))
	return s, true
}

func (s Sums) bytes() []byte {
	if s == (Sums{}) {
		return nil
	}
	b := s.Quantity.Append(make([]byte, 0, sumsSize))
	b = s.Confirmed.Append(b)
	return binary.BigEndian.AppendUint64(b, uint64(s.Events))
}

// ApplyEvent adds a legal event to the totals, or takes it back. It returns
// whether the event counts as confirmed, or did.
func ApplyEvent(c rules.Context, e protocol.Entry, b *protocol.Event, sign rules.Sign) (bool, error) {
	confirmed, err := confirmedNow(c, e, b, sign)
	if err != nil {
		return false, err
	}
	return confirmed, change(c, b, func(s *Sums, q rules.Total) {
		s.Quantity = s.Quantity.Add(q.Times(sign))
		s.Events += int64(sign)
		if confirmed {
			s.Confirmed = s.Confirmed.Add(q.Times(sign))
		}
	})
}

// confirmedNow reports whether an event that gets its effect counts as confirmed,
// or whether one that loses it did. Hardly any event comes after a verdict on it:
// table Early has those that do, so that the others cost no look.
func confirmedNow(c rules.Context, e protocol.Entry, b *protocol.Event, sign rules.Sign) (bool, error) {
	id := e.ID()
	if sign == rules.Undo {
		t, err := tallyOf(c, id)
		if err == nil && t != (tally{}) {
			err = markEarly(c, id)
		}
		if err != nil {
			return false, err
		}
		counts, err := Counts(c, e, b)
		sway(c, id, false)
		return counts, err
	}
	var said tally
	spoke := false
	if c.Early(0) > 0 {
		row, err := c.Get(rules.Early, id[:])
		if err != nil {
			return false, err
		}
		if row != nil {
			c.Put(rules.Early, id[:], nil)
			c.Early(-1)
			spoke = true
			if said, err = tallyOf(c, id); err != nil {
				return false, err
			}
		}
	}
	counts, err := meets(c, e, b, said, spoke)
	if err != nil {
		return false, err
	}
	alone, err := alone(c, e, b)
	if counts != alone {
		sway(c, id, true)
	}
	return counts, err
}

func markEarly(c rules.Context, target protocol.EntryID) error {
	row, err := c.Get(rules.Early, target[:])
	if err != nil || row != nil {
		return err
	}
	c.Put(rules.Early, target[:], []byte{})
	c.Early(1)
	return nil
}

func change(c rules.Context, b *protocol.Event, with func(s *Sums, q rules.Total)) error {
	line, q := LineOf(b)
	key := line.Key()
	row, err := c.Get(rules.Totals, key)
	if err != nil {
		return err
	}
	s, ok := SumsFromBytes(row)
	if !ok {
		return errDamagedRow
	}
	with(&s, rules.TotalOf(q.Amount()))
	c.Put(rules.Totals, key, s.bytes())
	return nil
}
