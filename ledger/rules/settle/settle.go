// Package settle holds the rules by which votes of witnesses settle entries:
// nothing but votes decides it, and votes are never taken back.
package settle

import (
	"encoding/binary"
	"errors"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

var errDamagedRow = errors.New("a row of votes has the wrong length")

// Quorum returns how many of n witnesses settle an entry when f of them may
// lie: floor((n+f)/2) + 1.
func Quorum(n, f int) int { return (n+f)/2 + 1 }

// Seats is the set of witnesses in office.
type Seats struct {
	Members []protocol.LogID // ascending
	F       int
}

// Holds reports whether the log is a witness's.
func (s Seats) Holds(log protocol.LogID) bool { return slices.Contains(s.Members, log) }

// JudgeWitnesses returns why a set of witnesses is void, or rules.Valid: n of
// them must bear f liars, and a commons has its first set only once.
func JudgeWitnesses(c rules.Rows, b *protocol.Witnesses) (rules.Reason, error) {
	if int64(len(b.Members)) < 3*b.F+1 {
		return rules.BadWitnesses, nil
	}
	row, err := c.Get(rules.Seats, nil)
	if err == nil && row != nil {
		return rules.BadWitnesses, nil
	}
	return rules.Valid, err
}

// Appoint records the set of witnesses.
func Appoint(c rules.Rows, b *protocol.Witnesses) {
	row := binary.BigEndian.AppendUint32(nil, uint32(b.F))
	for _, m := range b.Members {
		row = append(row, m.EntryID[:]...)
	}
	c.Put(rules.Seats, nil, row)
}

// SeatsOf returns the set of witnesses in office, empty before the first.
func SeatsOf(c rules.Rows) (Seats, error) {
	row, err := c.Get(rules.Seats, nil)
	if err != nil || row == nil {
		return Seats{}, err
	}
	const id = len(protocol.EntryID{})
	if len(row) < 4 || (len(row)-4)%id != 0 {
		return Seats{}, errDamagedRow
	}
	s := Seats{F: int(binary.BigEndian.Uint32(row))}
	for rest := row[4:]; len(rest) > 0; rest = rest[id:] {
		s.Members = append(s.Members, protocol.LogID{EntryID: protocol.EntryID(rest[:id])})
	}
	return s, nil
}

func reachedKey(log, witness protocol.LogID) []byte {
	return append(append(make([]byte, 0, 64), log.EntryID[:]...), witness.EntryID[:]...)
}

// Reach records that a witness vouches for an entry on the chain held.
func Reach(c rules.Rows, witness protocol.LogID, head protocol.Head) error {
	key := reachedKey(head.Log, witness)
	now, err := reached(c, key)
	if err != nil || !now.CID.IsZero() && now.Seq >= head.Seq {
		return err
	}
	row := binary.BigEndian.AppendUint64(nil, uint64(head.Seq))
	c.Put(rules.Reached, key, append(row, head.CID[:]...))
	return nil
}

// ReachedBy returns the newest entry of a log, on the chain held, that a
// witness vouched for; its CID is zero if there is none.
func ReachedBy(c rules.Rows, log, witness protocol.LogID) (protocol.Head, error) {
	head, err := reached(c, reachedKey(log, witness))
	head.Log = log
	return head, err
}

func reached(c rules.Rows, key []byte) (protocol.Head, error) {
	row, err := c.Get(rules.Reached, key)
	if err != nil || row == nil {
		return protocol.Head{}, err
	}
	if len(row) != 8+len(protocol.EntryID{}) {
		return protocol.Head{}, errDamagedRow
	}
	return protocol.Head{Seq: int64(binary.BigEndian.Uint64(row)), CID: protocol.EntryID(row[8:])}, nil
}

// SettledHead returns the newest entry of a log for which a quorum of the seats
// vouches, itself or by a descendant; its CID is zero if there is none.
func SettledHead(c rules.Rows, seats Seats, log protocol.LogID) (protocol.Head, error) {
	if len(seats.Members) == 0 {
		return protocol.Head{Log: log}, nil
	}
	heads := make([]protocol.Head, 0, len(seats.Members))
	for _, witness := range seats.Members {
		head, err := ReachedBy(c, log, witness)
		if err != nil {
			return protocol.Head{}, err
		}
		if !head.CID.IsZero() {
			heads = append(heads, head)
		}
	}
	quorum := Quorum(len(seats.Members), seats.F)
	if len(heads) < quorum {
		return protocol.Head{Log: log}, nil
	}
	slices.SortFunc(heads, func(a, b protocol.Head) int { return int(b.Seq - a.Seq) })
	return heads[quorum-1], nil
}
