package flow

import (
	"encoding/binary"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Admission says how far a commons has let a log in.
type Admission struct {
	Terms    rules.Terms // by the charter that an entry of the log pins
	Admitted int64       // the charter seq of the first entry that admits the log, -1 if there is none
}

// Speaks reports whether what a log says of others' contributions counts in an
// entry that pins a charter seq: in an open commons anybody may write, and only
// those speak whom the charter log has admitted by then, and its stewards. Else one
// person under many names would confirm itself.
func (a Admission) Speaks(log protocol.LogID, pin int64) bool {
	return !a.Terms.Open || a.Terms.Steward(log) || a.Admitted >= 0 && a.Admitted <= pin
}

// Speaks reports whether the author of an entry speaks in it, see Admission.
func Speaks(c rules.Context, e protocol.Entry) (bool, error) {
	terms, err := c.Terms(e.Charter)
	if err != nil || !terms.Open || e.Log == c.Commons().Charter() {
		return true, err
	}
	a := Admission{Terms: terms, Admitted: -1}
	row, err := c.Get(rules.Admitted, e.Log.EntryID[:])
	if err == nil && len(row) == 8 {
		a.Admitted = int64(binary.BigEndian.Uint64(row))
	}
	return a.Speaks(e.Log, e.Charter), err
}
