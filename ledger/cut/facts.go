package cut

import (
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

// Facts is a share.Facts: what stands up to the cuts of some rounds. Traces are
// worked out when they are asked for and kept, so that a Facts is for one
// goroutine at a time.
type Facts struct {
	commons protocol.CommonsID
	source  Source
	stop    func() error // ends a trace with its error
	rounds  []round

	logs  []logAt // ascending
	logOf map[protocol.LogID]int32

	kinds  []share.Kind
	agents []share.Agent
	events []share.Event // without those that are void for good
	rows   []row         // beside events
	ids    idTable
	voices voices
	terms  map[int32]*rules.Terms

	keys      []keyInfo
	links     []link // ascending by event
	texts     interned[string]
	names     interned[protocol.EntryID]
	named     []int32 // by name: the event
	made      map[int32]made
	records   map[int32]record // by name
	claims    map[int32][]claim
	hard      map[protocol.EntryID]bool
	binds     []bind
	payouts   []payout
	agentOf   map[protocol.AgentID]int32
	elsewhere map[int32]elsewhere // by name: entries that are neither events nor records
}

// round is a Round with what follows from it.
type round struct {
	Round
	upTo   []int64 // by log: the last seq in the cut, -1 if nothing is
	owner  []int32 // by agent
	waits  []bool  // by key: something that filters look at is not in the cut
	void   bits    // events that are void on account of what they name; nil: none
	counts bits
	graph  *graph
	behind map[behindKey]share.Fractions
	into   map[protocol.EntryID]share.Fractions
}

// logAt is a log and the last seq that a round looks at.
type logAt struct {
	id     protocol.LogID
	agent  int32
	last   int64
	shared int64 // from which seq on it had several keys, -1 if never

	admitted int64 // the charter seq of the first entry that admits it, -1 if there is none
}

// row is what is kept of an event besides what rules look at.
type row struct {
	seq      int64
	recorded protocol.Time
	log      int32
	key      int32
	charter  int32
	is       uint8
}

// What a row says of its event.
const (
	isImported = 1 << iota
	isMoney
	isLinked // it has a link
	isSoft   // it is void now, on account of what it names
	isLost   // it corrects what no round looks at
)

type bind struct {
	agent, log int32
	seq        int64
}

// Kinds returns what events have in common, each combination once.
func (f *Facts) Kinds() []share.Kind { return f.kinds }

// Agents returns everybody who takes part in an event, ascending by identifier.
func (f *Facts) Agents() []share.Agent { return f.agents }

// Events returns the events up to the cuts, ascending by log and place.
func (f *Facts) Events() []share.Event { return f.events }

// Counts reports whether an event counts in a round.
func (f *Facts) Counts(round, event int) bool { return f.rounds[round].counts.has(event) }

// Owner returns whom an agent is in a round.
func (f *Facts) Owner(round, agent int) int { return int(f.rounds[round].owner[agent]) }

// Find returns the place of an event in Events, and whether it is there.
func (f *Facts) Find(id protocol.EntryID) (int, bool) {
	i := f.ids.find(f.events, &id)
	return int(i), i >= 0
}

// in reports whether an event is in the cut of a round.
func (f *Facts) in(r *round, event int32) bool {
	row := &f.rows[event]
	return row.seq <= r.upTo[row.log]
}

// stands reports whether an event is in the cut of a round and has its effect
// there.
func (f *Facts) stands(r *round, event int32) bool {
	return f.in(r, event) && (r.void == nil || !r.void.has(int(event))) && f.rows[event].is&isLost == 0
}
