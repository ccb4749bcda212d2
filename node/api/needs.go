package api

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// Ledger is what the API needs of the ledger. *ledger.Ledger is one. Its
// methods may be called from several goroutines.
type Ledger interface {
	MoneyLedger
	UseLedger
	ShareLedger
	GovernanceLedger
	ValueFlowsLedger

	CreateCommons(ctx context.Context, name, as string) (ledger.Commons, error)
	CreateCommonsFrom(ctx context.Context, doc map[string]protocol.Value, as string) (ledger.Commons, error)
	Follow(ctx context.Context, id protocol.CommonsID) error
	Join(ctx context.Context, link protocol.Link, as string) (ledger.Written, error)
	Invite(ctx context.Context, id protocol.CommonsID, uses int64, expiry time.Time) (protocol.Link, error)
	Commons(ctx context.Context) ([]ledger.Commons, error)
	Submit(ctx context.Context, d ledger.Draft) (ledger.Written, error)

	Journal() protocol.JournalID
	DurablePosition() uint64
	Watch(ctx context.Context, after uint64) iter.Seq2[ledger.Change, error]

	Entry(ctx context.Context, id protocol.EntryID) (ledger.EntryStatus, error)
	Entries(ctx context.Context, r protocol.Range) iter.Seq2[protocol.Entry, error]
	FindEntry(ctx context.Context, id protocol.CommonsID, idOrPrefix string) (protocol.EntryID, error)
	Logs(ctx context.Context, id protocol.CommonsID, p ledger.Page) ([]ledger.LogStatus, string, error)
	Log(ctx context.Context, id protocol.LogID) (ledger.LogStatus, error)
	Agents(ctx context.Context, id protocol.CommonsID, p ledger.Page) ([]ledger.Agent, string, error)
	FindAgent(ctx context.Context, id protocol.CommonsID, nameOrID string) (ledger.Agent, error)
	Events(ctx context.Context, id protocol.CommonsID, f ledger.EventFilter, p ledger.Page) ([]ledger.Event, string, error)
	Event(ctx context.Context, id protocol.EntryID) (ledger.Event, error)
	Confirmations(ctx context.Context, id protocol.CommonsID, target protocol.EntryID, p ledger.Page) ([]ledger.Confirmation, string, error)
	Say(ctx context.Context, id protocol.CommonsID, targets []protocol.EntryID, verdict protocol.Verdict, reason string) ([]ledger.Said, error)
	Balance(ctx context.Context, id protocol.CommonsID, a protocol.AgentID) (ledger.Sheet, error)
}

// Network is what the API needs of the part of the node that speaks with
// others. Its methods may be called from several goroutines and do not wait for
// the network.
type Network interface {
	// Self returns the node's identifier on the network.
	Self() string
	// Addrs returns addresses at which others may reach this node, as
	// multiaddrs that end in /p2p/ID, best first. They go into invitations.
	Addrs() []string
	// Peers returns the peers known, connected or not.
	Peers(ctx context.Context) ([]Peer, error)
	// Connect keeps a connection to a peer from now on, redialing it. It
	// returns ErrBadAddress for what is no multiaddr ending in /p2p/ID.
	Connect(ctx context.Context, addr string) (Peer, error)
	// Follow replicates a commons from now on. Repeating it does nothing.
	Follow(ctx context.Context, id protocol.CommonsID) error
	// HeldBy returns how many peers are known to hold the entry.
	HeldBy(id protocol.CommonsID, entry protocol.Head) int
	// InStep reports whether a connected peer held the same as this node when
	// they last compared.
	InStep(id protocol.CommonsID) bool
}

// ErrBadAddress says that a text is no address of a peer.
var ErrBadAddress = errors.New("not a multiaddr that ends in /p2p/ID")

// Importer writes what a file says as entries of the node's own member.
type Importer interface {
	// Import reads a file from r until its end and yields what became of each
	// line of a CSV or each thing of a graph, in order, as it happens. What it
	// yielded as written is durable. An error ends the import: one that wraps
	// ledger.ErrInvalid says that the file is none to be imported (wrong columns,
	// binary), a *FileFault among them says where. Lines that are not good are no
	// errors.
	Import(ctx context.Context, r io.Reader, o ImportOptions) iter.Seq2[ImportLine, error]
}

// ImportOptions says how to import.
type ImportOptions struct {
	Commons protocol.CommonsID
	DryRun  bool // write nothing, yield what would become of each line
	Correct bool // record a correction for a line that changed; of CSV
	Partial bool // what is good of a graph goes in, also where something else does not
	Format  ImportFormat
}

// ImportLine is what became of one line.
type ImportLine struct {
	Line    int64 // from 1, the header included
	Source  string
	Outcome ImportOutcome
	ID      protocol.EntryID // of the event, if there is one
	Code    Code             // of a refused line: CodeInvalid, CodeNotSteward, ...
	Column  string           // that is at fault, empty if it is the whole line
	Reason  string           // of a line that was not written: English, with the verbs of fmt; see reasons.go
	Args    []any            // fill the verbs of Reason
	Agents  int64            // agents created for this line

	Class string      // of a thing of a graph
	Slip  *ImportNote // the line says something about a graph, and nothing became of it
}

// Checker says without writing anything whether a draft would be refused. When
// the Ledger is one, dry runs ask it; otherwise they check names and format.
type Checker interface {
	// Check returns the error with which Submit would refuse the draft now.
	Check(ctx context.Context, d ledger.Draft) error
}
