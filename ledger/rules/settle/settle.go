// Package settle holds the rules by which votes of witnesses settle entries:
// nothing but votes decides it, and votes are never taken back. It knows who is
// in office (Epoch), what a vote says (Vote), and how votes are counted over all
// the histories of a log (Count). protocol/SPEC.md and RULES.md, Settle and
// Changing witnesses, say the same in words.
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

// Epoch is the time in office of one set of witnesses: from the settlement of
// the charter log's entry Seq that names it, until the next set is settled.
type Epoch struct {
	Seq     int64 // of the witnesses entry in the charter log
	ID      protocol.EntryID
	Members []protocol.LogID // ascending
	F       int              // how many of them may lie
}

// Holds reports whether the log is that of a witness of the epoch.
func (e Epoch) Holds(log protocol.LogID) bool { return slices.Contains(e.Members, log) }

// Quorum returns how many of the epoch's witnesses settle an entry.
func (e Epoch) Quorum() int { return Quorum(len(e.Members), e.F) }

// Dead returns how many settled closes without a vote for an entry take the
// epoch's certificate of it away: n - q + f + 1.
func (e Epoch) Dead() int { return len(e.Members) - e.Quorum() + e.F + 1 }

// JudgeWitnesses returns why a set of witnesses is void, or rules.Valid: n of
// them must bear f liars. The answer depends on the entry alone, so that
// everybody finds the same epochs in a charter log.
func JudgeWitnesses(b *protocol.Witnesses) rules.Reason {
	if len(b.Members) == 0 || int64(len(b.Members)) < 3*b.F+1 {
		return rules.BadWitnesses
	}
	return rules.Valid
}

// Appoint records the set of witnesses that a charter entry names, or takes that
// back.
func Appoint(c rules.Rows, seq int64, id protocol.EntryID, b *protocol.Witnesses, sign rules.Sign) {
	key := binary.BigEndian.AppendUint64(nil, uint64(seq))
	if sign == rules.Undo {
		c.Put(rules.Seats, key, nil)
		return
	}
	row := binary.BigEndian.AppendUint32(id[:len(id):len(id)], uint32(b.F))
	for _, m := range b.Members {
		row = append(row, m.EntryID[:]...)
	}
	c.Put(rules.Seats, key, row)
}
