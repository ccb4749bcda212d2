package settle

import (
	"encoding/binary"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Unresolved is the Home of a vote for an entry that is not held.
const Unresolved = ^uint32(0)

// Vote is one witness's vote for an entry of a log, and with it for every entry
// before that. Numbers of logs and branches are those of one node.
type Vote struct {
	Witness uint32           // number of the witness's log
	Charter int64            // charter seq under which it was given: says the epoch
	Seq     int64            // place of the entry in its log
	CID     protocol.EntryID // the entry
	Home    uint32           // number of the branch in which the entry is held, or Unresolved
	At      Place            // where the vote itself stands
}

// Place is where an entry stands on one node: the number of a branch, and a seq.
type Place struct {
	Branch uint32
	Seq    int64
}

const voteSize = 4 + 8 + 8 + 32 + 4 + 4 + 8

// Votes returns every vote kept for a log.
func Votes(c rules.Rows, log protocol.LogID) ([]Vote, error) {
	row, err := c.Get(rules.Votes, log.EntryID[:])
	if err != nil || len(row) == 0 {
		return nil, err
	}
	if len(row)%voteSize != 0 {
		return nil, errDamagedRow
	}
	all := make([]Vote, 0, len(row)/voteSize+1)
	for ; len(row) > 0; row = row[voteSize:] {
		all = append(all, Vote{
			Witness: binary.BigEndian.Uint32(row),
			Charter: int64(binary.BigEndian.Uint64(row[4:])),
			Seq:     int64(binary.BigEndian.Uint64(row[12:])),
			CID:     protocol.EntryID(row[20:52]),
			Home:    binary.BigEndian.Uint32(row[52:]),
			At:      Place{Branch: binary.BigEndian.Uint32(row[56:]), Seq: int64(binary.BigEndian.Uint64(row[60:]))},
		})
	}
	return all, nil
}

// PutVotes keeps the votes for a log.
func PutVotes(c rules.Rows, log protocol.LogID, all []Vote) {
	row := make([]byte, 0, len(all)*voteSize)
	for _, v := range all {
		row = binary.BigEndian.AppendUint32(row, v.Witness)
		row = binary.BigEndian.AppendUint64(row, uint64(v.Charter))
		row = binary.BigEndian.AppendUint64(row, uint64(v.Seq))
		row = append(row, v.CID[:]...)
		row = binary.BigEndian.AppendUint32(row, v.Home)
		row = binary.BigEndian.AppendUint32(row, v.At.Branch)
		row = binary.BigEndian.AppendUint64(row, uint64(v.At.Seq))
	}
	c.Put(rules.Votes, log.EntryID[:], row)
}
