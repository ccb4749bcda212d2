package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/ledger/rules/plan"
	"github.com/minga-commons/minga/protocol"
)

// Left returns the claimed credits of a log less its debits, where its effect
// ends now.
func (l *Ledger) Left(id protocol.CommonsID, log protocol.LogID, currency string) (Total, error) {
	no, _, err := l.state(id)
	if err != nil {
		return Total{}, err
	}
	purse, err := account.ReadPurse(stored{l, no}, log, currency)
	return purse.Left(), err
}

// Sums returns what stands on one account, settled and with what is pending; the
// zero agent is the outside.
func (l *Ledger) Sums(id protocol.CommonsID, agent protocol.AgentID, currency string) (settled, pending Total, err error) {
	no, _, err := l.state(id)
	if err != nil {
		return settled, pending, err
	}
	s, err := account.Read(stored{l, no}, agent, currency)
	return s.Settled(), s.Settled().Add(s.Pending()), err
}

// SettledHead returns the newest settled entry of a log.
func (l *Ledger) SettledHead(log protocol.LogID) protocol.Head {
	row, err := l.logByID(log)
	if err != nil || row.Settled.Seq < 0 {
		return protocol.Head{}
	}
	return row.Settled.in(log)
}

// Regained returns the newest own entry that may be from before a copy.
func (l *Ledger) Regained(id protocol.CommonsID) int64 {
	no, _, err := l.state(id)
	if err != nil {
		return -1
	}
	return l.cautionOf(no).regained
}

// Moved returns the sum of the statement of one account.
func (l *Ledger) Moved(id protocol.CommonsID, agent protocol.AgentID, currency string) (Total, error) {
	no, c, err := l.state(id)
	if err != nil {
		return Total{}, err
	}
	var sum Total
	all, err := l.movements(no, []protocol.AgentID{agent}, currency, nil, math.MaxInt)
	for _, on := range all {
		m, err := l.movement(no, c, on)
		if err != nil {
			return sum, err
		}
		sum = sum.Add(m.Amount)
	}
	return sum, err
}

// Contributed returns what stands in the totals of one agent identifier, and what
// of it is confirmed at a time.
func (l *Ledger) Contributed(id protocol.CommonsID, agent protocol.AgentID, at protocol.Time) (all, then []Contribution, err error) {
	no, _, err := l.state(id)
	if err != nil {
		return nil, nil, err
	}
	rows, err := l.totals(no, agent)
	if err != nil {
		return nil, nil, err
	}
	all = contributions(nil, rows)
	then = slices.Clone(all)
	return all, then, l.unripe(no, []protocol.AgentID{agent}, then, at)
}

// FolioFaults compares every folio of a commons with the rows that are to stand
// on it, and returns how many are whole.
func (l *Ledger) FolioFaults(id protocol.CommonsID) (faults []string, whole int, err error) {
	no, _, err := l.state(id)
	if err != nil {
		return nil, 0, err
	}
	want := map[protocol.AgentID][]folioRow{}
	flags := map[protocol.AgentID]byte{}
	for _, t := range folioTables {
		prefix := stateKey(no, t, nil)
		err = errors.Join(err, l.scan(prefix, nil, func(k, v []byte) bool {
			a := protocol.AgentID{EntryID: idFrom(k[4 : 4+32])}
			want[a] = append(want[a], folioRow{t, bytes.Clone(k[4+32:]), bytes.Clone(v)})
			return true
		}))
	}
	for row, e := range l.logRows(context.Background(), id) {
		if err = errors.Join(err, e); e == nil {
			flags[row.log().Agent()] = row.folioFlags()
			want[row.log().Agent()] = want[row.log().Agent()]
		}
	}
	for a, rows := range want {
		f, e := l.folio(no, a)
		value, e2 := l.folioValue(folioOwner{no, a})
		err = errors.Join(err, e, e2)
		slices.SortFunc(rows, folioRow.compare)
		if f.whole {
			whole++
		}
		if is := folioBytes(flags[a], rows); !bytes.Equal(is, value) && string(value) != string([]byte{folioLong}) {
			faults = append(faults, fmt.Sprintf("the folio of %v is %x, not %x", a, value, is))
		}
	}
	return faults, whole, err
}

// GivenTowards returns the row of what events have given towards a promise.
func (l *Ledger) GivenTowards(id protocol.CommonsID, promise protocol.EntryID) (plan.Given, error) {
	no, _, err := l.state(id)
	if err != nil {
		return plan.Given{}, err
	}
	row, err := l.read(stateKey(no, rules.Given, promise[:]))
	if err != nil {
		return plan.Given{}, err
	}
	return plan.GivenFrom(row)
}

// CheckDistributions sets what is asked before this node signs a distribution.
func (l *Ledger) CheckDistributions(check func(ctx context.Context, id protocol.CommonsID, parts []protocol.Entry) error) {
	l.checkDistribution = check
}

// Iterate reads every settled entry of a commons as a distribution does, and does
// nothing with it: the yardstick of one. It returns how many there are.
func (l *Ledger) Iterate(ctx context.Context, id protocol.CommonsID) (n int, err error) {
	no, c, err := l.state(id)
	if err != nil {
		return 0, err
	}
	heads, _, err := l.settledNow(ctx, id)
	for _, h := range heads {
		if err == nil {
			err = cutSource{l, no, c}.Entries(ctx, h.Log, h.Seq, func(protocol.Entry) error { n++; return nil })
		}
	}
	return n, err
}

// RawGet reads the value in which an entry stands, and no more.
func (l *Ledger) RawGet(log protocol.LogID, seq int64) error {
	row, err := l.logByID(log)
	if err != nil {
		return err
	}
	return l.storage.View(func(s Snapshot) error {
		_, err := s.Get(groupKey(row.no, seq))
		return err
	})
}

// DeedFaults says where table Deeds does not have what the dealings say and what
// members say of them.
func (l *Ledger) DeedFaults(id protocol.CommonsID) (faults []string, kept int, err error) {
	no, c, err := l.state(id)
	if err != nil {
		return nil, 0, err
	}
	var all []dealt
	var kinds []byte
	prefix := stateKey(no, rules.Dealings, nil)
	err = l.scan(prefix, nil, func(k, v []byte) bool {
		k = k[len(prefix):]
		for _, d := range dealtIn(protocol.AgentID{EntryID: idFrom(k[1:33])}, k[33:], v) {
			all, kinds = append(all, d), append(kinds, k[0])
		}
		return true
	})
	want, facts := map[string]string{}, map[string]bool{}
	for i, d := range all {
		e, failed := l.entryAt(d.no, d.seq)
		if err = errors.Join(err, failed); err != nil || !c.licensed(e) {
			continue
		}
		k := deedKey(no, dealing{kinds[i], d.of, d.on}, d.no, d.seq)
		want[string(k)], facts[string(k)] = string(encode(deedOf(e))), true
		if kinds[i] == dealsPay || kinds[i] == dealsBack {
			continue
		}
		voices := stateKey(no, rules.Voices, idKey(e))
		err = errors.Join(err, l.scan(voices, nil, func(voice, row []byte) bool {
			speaker, _, _ := l.logNoOf(protocol.LogID{EntryID: idFrom(voice[len(voices):])})
			want[string(append(k[:len(k):len(k)], speaker.bytes()...))] = string(row)
			return true
		}))
	}
	prefix = stateKey(no, rules.Deeds, nil)
	err = errors.Join(err, l.scan(prefix, nil, func(k, v []byte) bool {
		if of := k[:len(prefix)+1+32+deedTail]; !facts[string(of)] && len(k) > len(of) {
			return true // a verdict on what has no effect
		}
		if row, known := want[string(k)]; !known || row != string(v) {
			faults = append(faults, fmt.Sprintf("%x: %x, want %x", k, v, row))
		}
		delete(want, string(k))
		kept++
		return true
	}))
	for k := range want {
		faults = append(faults, fmt.Sprintf("%x is not there", k))
	}
	slices.Sort(faults)
	return faults, kept, err
}

// Occupy keeps distributions from being computed until it is called back.
func (l *Ledger) Occupy() (free func()) {
	l.computing <- struct{}{}
	return func() { <-l.computing }
}
