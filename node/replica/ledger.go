package replica

import (
	"context"
	"iter"

	"github.com/minga-commons/minga/protocol"
)

// Ledger is what the replica needs of the node's ledger. All methods may be
// called from several goroutines: the replica calls them from Handle, and its
// Validator from wherever the transport runs it.
type Ledger interface {
	Holdings
	Intake
	Membership
	Caution

	// Bookmark returns the cursor kept under a name, false if there is none.
	Bookmark(name string) (protocol.Cursor, bool)

	// SetBookmark keeps a cursor under a name. It need not survive a power cut:
	// an older cursor costs time, and nothing else.
	SetBookmark(name string, c protocol.Cursor) error
}

// Holdings is what a ledger holds, for reading.
type Holdings interface {
	// CommonsIDs lists the commons that this node holds or follows.
	CommonsIDs(ctx context.Context) ([]protocol.CommonsID, error)

	// Digest returns the state digest of a commons.
	Digest(id protocol.CommonsID) ([32]byte, error)

	// Journal returns the identifier of the arrival journal.
	Journal() protocol.JournalID

	// DurablePosition returns the journal position up to which everything
	// survives a power cut.
	DurablePosition() uint64

	// Runs yields the journal records of a commons with a position above after,
	// in order, up to the present end.
	Runs(ctx context.Context, id protocol.CommonsID, after uint64) iter.Seq2[protocol.Run, error]

	// Heads yields the newest held entry of every log of a commons, in the order
	// in which the logs were admitted here.
	Heads(ctx context.Context, id protocol.CommonsID) iter.Seq2[protocol.Head, error]

	// Forks yields the proofs of forks held.
	Forks(ctx context.Context, id protocol.CommonsID) iter.Seq2[protocol.ForkProof, error]

	// Branches yields, as segments, the histories of forked logs that do not
	// count, each from where it parts on.
	Branches(ctx context.Context, id protocol.CommonsID) iter.Seq2[protocol.Segment, error]

	// SegmentOf is SegmentFrom along the history to which a journal record
	// belongs.
	SegmentOf(ctx context.Context, run protocol.Run, first int64, maxBytes int) (protocol.Segment, error)

	// SegmentFrom returns the longest signed run of a log that begins at first
	// and has at most maxBytes of blocks.
	SegmentFrom(ctx context.Context, log protocol.LogID, first int64, maxBytes int) (protocol.Segment, error)

	// Held returns the newest held entry of a log.
	Held(log protocol.LogID) (protocol.Head, bool)

	// Own reports whether the log is written by this node.
	Own(log protocol.LogID) bool
}

// Intake takes what others have written.
type Intake interface {
	// IngestSegment adds a segment, or what of it is not held yet, and returns
	// how many entries were new. It wraps protocol.ErrGap, ErrFork,
	// ErrNotAdmitted, ErrUnknownCommons or ErrNotCanonical; any other error is
	// this node's own trouble. With ErrFork it may have added what shows another
	// history. What it added is not durable until Sync.
	IngestSegment(ctx context.Context, s protocol.Segment) (added int, err error)

	// IngestFork adds a proof of a fork. A proof that is held already, or whose
	// log is not known, is no error.
	IngestFork(ctx context.Context, p protocol.ForkProof) error

	// Sync makes everything ingested survive a power cut.
	Sync(ctx context.Context) error
}

// Membership answers who may send what, and who may read what.
type Membership interface {
	// Admissible is a cheap check whether a segment that begins with first could
	// be taken: nil, or an error that wraps protocol.ErrNotAdmitted or
	// ErrUnknownCommons.
	Admissible(first protocol.Entry) error

	// KeysOf returns the key set in force after the newest held entry of a log.
	KeysOf(log protocol.LogID) (protocol.KeySet, bool)

	// SignPeer signs, as the node's own member of the commons, that the network
	// peer local speaks for it to remote. ok is false if there is no such member.
	SignPeer(id protocol.CommonsID, local, remote []byte) (log protocol.LogID, key int, sig [protocol.SigSize]byte, ok bool)

	// MayRead reports whether the commons may be read by the owner of a log, zero
	// for anybody.
	MayRead(id protocol.CommonsID, member protocol.LogID) bool
}
