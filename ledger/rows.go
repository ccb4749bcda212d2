package ledger

import (
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"github.com/minga-commons/minga/protocol"
)

// head is a place in a log with its identifier; seq -1 is before the inception.
type head struct {
	_   struct{} `cbor:",toarray"`
	Seq int64
	CID protocol.EntryID
}

var nowhere = head{Seq: -1}

// logRow is what is known of one log, in one row. Fields are appended, never
// re-ordered.
type logRow struct {
	_       struct{} `cbor:",toarray"`
	ID      protocol.EntryID
	Commons commonsNo
	Held    head // newest entry held
	Applied head // newest entry that has its effect
	Settled head // newest entry that a quorum vouches for
	Vote    head // newest entry applied that is no endorsement
	Pin     int64
	Fork    int64 // where unsettled histories part, -1 if nowhere
	Ahead   int64 // votes on entries not yet held
	Awaits  Reason

	Keys      [][32]byte
	Threshold int64
	Next      [32]byte

	Tip      int64      // newest entry whose signatures are held
	Marks    signatures // they
	Stored   int64      // newest entry whose signatures have a row of their own
	Unstored int64      // bytes of blocks since
	SinceTip int64      // bytes of blocks since the tip

	// A log that was forked has several branches, each with a number and a row
	// of its own. The row of the log itself has the branch that counts.
	Of       uint32    // of a branch: 1 + the number of its log; else 0
	Path     []stretch // where the chain is stored, ascending; nil: under its own number
	Branches []logNo   // of a log: the other branches
	Rekeyed  []int64   // places of `keys` on the chain
	Sets     []int64   // places of legal witness sets on the chain
	Removals []int64   // places of removals of logs on the chain

	Pays    int64 // payments that have their effect and are not settled
	Waiters int64 // logs that wait until an entry of this one is settled
	Closed  bool  // it holds a close
	Cut     int64 // newest seq that counts, if IsCut
	IsCut   bool  // removed by the charter log
	no      logNo
}

// stretch says that entries from a seq on are stored under a number.
type stretch struct {
	_    struct{} `cbor:",toarray"`
	No   logNo
	From int64
}

// signatures is a stored set of signatures on one entry.
type signatures struct {
	_         struct{} `cbor:",toarray"`
	Present   []signature
	Successor []signature
}

type signature struct {
	_     struct{} `cbor:",toarray"`
	Key   int
	Bytes [protocol.SigSize]byte
}

// commonsRow is what is known of one commons.
type commonsRow struct {
	_        struct{} `cbor:",toarray"`
	ID       protocol.EntryID
	Me       protocol.EntryID // own log, zero for a mirror
	MyName   string
	KeyIndex uint32 // index from which own keys derive
	Steward  bool   // the charter log's only key is ours
	Charter  int64  // newest charter seq applied
	Entries  int64
	Logs     int64
	Waiting  int64
	Void     int64
	Frozen   int64
	Early    int64 // entries that verdicts came before
	Orphans  int64 // logs that wait for logs not held
	Missing  int64 // entries that events name and that have no effect
}

// metaRow is the identity of a database and its counters.
type metaRow struct {
	_        struct{} `cbor:",toarray"`
	Journal  protocol.JournalID
	Position uint64 // newest journal record
	Entries  int64  // of all commons
	Logs     uint32
	Commons  uint16
	KeyIndex uint32 // own commons so far
}

// runRow is a record of the arrival journal.
type runRow struct {
	_       struct{} `cbor:",toarray"`
	Commons commonsNo
	Log     logNo
	First   int64
	Last    int64
	Own     bool
}

// onceRow remembers the answer to a submission.
type onceRow struct {
	_       struct{} `cbor:",toarray"`
	Entry   protocol.EntryID
	Request [32]byte
	Time    int64
}

// highWater is kept outside the database.
type highWater struct {
	_        struct{} `cbor:",toarray"`
	Journal  protocol.JournalID
	Position uint64
	Entries  int64
	Own      []ownHead
}

type ownHead struct {
	_   struct{} `cbor:",toarray"`
	Log protocol.EntryID
	Seq int64
}

func encode(v any) []byte {
	b, err := cbor.Marshal(v)
	if err != nil {
		panic("ledger: a row type cannot be encoded: " + err.Error())
	}
	return b
}

func decode(what string, b []byte, v any) error {
	if err := cbor.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%w: %s: %v", ErrDamaged, what, err)
	}
	return nil
}

func (r *logRow) log() protocol.LogID { return protocol.LogID{EntryID: r.ID} }

func (r *logRow) keySet() protocol.KeySet {
	set := protocol.KeySet{Threshold: r.Threshold, Next: r.Next}
	for _, k := range r.Keys {
		set.Keys = append(set.Keys, k)
	}
	return set
}

func (r *logRow) setKeys(set protocol.KeySet) {
	r.Keys, r.Threshold, r.Next = nil, set.Threshold, set.Next
	for _, k := range set.Keys {
		r.Keys = append(r.Keys, k)
	}
}

// frozen reports whether two histories are known and neither is settled.
func (r *logRow) frozen() bool { return r.Fork >= 0 }

// forked reports whether two histories are known.
func (r *logRow) forked() bool { return len(r.Branches) > 0 }

// decided returns the newest entry that is settled and has its effect, or none
// for being void.
func (r *logRow) decided() int64 { return min(r.Settled.Seq, r.Applied.Seq) }

func (r *logRow) heldHead() protocol.Head {
	return protocol.Head{Log: r.log(), Seq: r.Held.Seq, CID: r.Held.CID}
}

func (h head) in(log protocol.LogID) protocol.Head {
	return protocol.Head{Log: log, Seq: h.Seq, CID: h.CID}
}

func pack(present, successor []protocol.Signature) signatures {
	var s signatures
	for _, p := range present {
		s.Present = append(s.Present, signature{Key: p.Key, Bytes: p.Bytes})
	}
	for _, p := range successor {
		s.Successor = append(s.Successor, signature{Key: p.Key, Bytes: p.Bytes})
	}
	return s
}

func unpack(list []signature) []protocol.Signature {
	var all []protocol.Signature
	for _, s := range list {
		all = append(all, protocol.Signature{Key: s.Key, Bytes: s.Bytes})
	}
	return all
}
