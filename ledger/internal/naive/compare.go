package naive

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Subject is a ledger under test that follows one commons and begins empty.
type Subject interface {
	// Ingest takes a segment, or returns an error when it cannot, because entries
	// before it are missing or its log is not admitted yet. Compare offers what
	// was refused again, as often as anything changes.
	Ingest(s protocol.Segment) error
	// Holds reports whether an entry is held, on whatever branch.
	Holds(id protocol.EntryID) bool
	// State returns the state of an entry that is held, in the words of this
	// package.
	State(id protocol.EntryID) string
	// Settled returns the newest settled entry of a log, whether or not it waits;
	// the CID is zero if there is none.
	Settled(log protocol.LogID) protocol.Head
	// Account returns the signed sums of an account: of the settled payments, and
	// of the settled and pending ones. The zero agent is the outside. ok is false
	// for an account that was never used, which is the same as zero.
	Account(currency string, agent protocol.AgentID) (settled, pending rules.Total, ok bool)
}

// Spender is a Subject that also knows what a log has available: its claimed
// credits less its debits, at its pending head, without the limit.
type Spender interface {
	// Available returns the sum, and false for a log that never paid.
	Available(log protocol.LogID, currency string) (rules.Total, bool)
}

// Digester is a Subject with a digest of its state. Two that hold the same
// entries have the same one, whatever the order in which they came.
type Digester interface {
	// Digest returns the digest of what is held now.
	Digest() [32]byte
}

// Stocktaker is a Subject that knows what became of resources.
type Stocktaker interface {
	// Resource returns what is shown of a resource, and false for one that is not
	// there.
	Resource(id protocol.EntryID) (Resource, bool)
}

// Planner is a Subject that knows records and what was given towards them.
type Planner interface {
	// Record returns the fields of a record as amended, in the words of State.Record.
	Record(id protocol.EntryID) string
	// Given returns what events gave towards a record, in the words of State.Given.
	Given(id protocol.EntryID) string
}

// T is the part of *testing.T that Compare reports to.
type T interface {
	Helper()                           // as of testing.T
	Errorf(format string, args ...any) // as of testing.T
}

// Sharer is a Subject that lists the distributions that have their effect.
type Sharer interface {
	// Distributions returns them in the words of State.Distributions.
	Distributions() []string
}

// Counter is a Subject that knows what agents contributed.
type Counter interface {
	// Totals returns the contributions of an agent, in the words of State.Totals.
	Totals(agent protocol.AgentID, at protocol.Time) string
}

// Compare feeds the history of a seed to a subject, in random order, with
// repetitions and losses that are made good at the end, and compares it after
// each round with Eval of the entries that it then holds. A second subject gets
// another order, and must come to the same digest if it has one. Everything must
// be held in the end but branches of forks that never settle. It reports the
// first round that differs and stops.
func Compare(t T, seed uint64, open func(h *History) Subject) {
	t.Helper()
	h := Generate(seed)
	var digests []Digester
	for order := range uint64(2) {
		c := comparison{t: t, h: h, subject: open(h), rng: rand.New(rand.NewPCG(seed, 100+order))}
		if !c.run() {
			return
		}
		if d, has := c.subject.(Digester); has && len(c.held()) == len(h.Entries) {
			digests = append(digests, d)
		}
	}
	if len(digests) == 2 && digests[0].Digest() != digests[1].Digest() {
		t.Errorf("seed %d: the same entries in two orders have two digests", seed)
	}
}

type comparison struct {
	t       T
	h       *History
	subject Subject
	rng     *rand.Rand
	refused []protocol.Segment
	lines   []string
}

// run feeds everything and reports whether all rounds agreed.
func (c *comparison) run() bool {
	c.t.Helper()
	const rounds = 8
	lossy := c.h.Deliveries(c.rng)
	for round := range rounds {
		from, to := len(lossy)*round/rounds, len(lossy)*(round+1)/rounds
		batch := lossy[from:to]
		if round == rounds-1 { // what was lost comes at last
			batch = slices.Concat(batch, c.h.Segments)
		}
		c.feed(batch)
		if !c.agrees(round) {
			return false
		}
	}
	return c.complete()
}

// feed offers segments, and what was refused before, until nothing changes.
func (c *comparison) feed(batch []protocol.Segment) {
	c.refused = append(c.refused, batch...)
	for changed := true; changed; {
		changed = false
		still := c.refused[:0:0]
		for _, s := range c.refused {
			if err := c.subject.Ingest(s); err != nil {
				still = append(still, s)
				continue
			}
			changed = true
			for _, e := range s.Entries {
				if !c.subject.Holds(e.ID()) {
					c.differ("%s was taken without an error and is not held", c.h.name(e))
				}
			}
		}
		c.refused = still
	}
}

func (c *comparison) held() (held []protocol.Entry) {
	for _, e := range c.h.Entries {
		if c.subject.Holds(e.ID()) {
			held = append(held, e)
		}
	}
	return held
}

// agrees compares the whole state.
func (c *comparison) agrees(round int) bool {
	c.t.Helper()
	want := Eval(c.h.Commons, c.h.Rules, c.held())
	for x, e := range want.entries {
		if got := c.subject.State(e.ID()); got != want.states[x] {
			c.differ("%s is %q, want %q", c.h.name(e), got, want.states[x])
		}
	}
	for _, log := range want.logs {
		got, is := c.subject.Settled(log), want.Logs[log].Settled
		if got.CID != is.CID || got.Seq != is.Seq && !is.CID.IsZero() {
			c.differ("the settled head of %s is %d, %v, want %d, %v", c.h.Names[log], got.Seq, got.CID, is.Seq, is.CID)
		}
	}
	c.compareMoney(want)
	if sharer, shares := c.subject.(Sharer); shares {
		if got, is := sharer.Distributions(), want.Distributions(); !slices.Equal(got, is) {
			c.differ("the distributions are\n   %v, want\n   %v", got, is)
		}
	}
	c.compareThings(want)
	c.comparePlans(want)
	c.compareTotals(want)
	if len(c.lines) == 0 {
		return true
	}
	c.report(fmt.Sprintf("round %d, %d entries held", round, len(want.entries)))
	return false
}

func (c *comparison) compareMoney(want *State) {
	spender, spends := c.subject.(Spender)
	for _, currency := range []string{"USD", "hora", "peso"} {
		for _, agent := range append([]protocol.AgentID{{}}, c.h.Agents...) {
			is := want.Accounts[Account{Currency: currency, Agent: agent}]
			settled, pending, ok := c.subject.Account(currency, agent)
			if !ok {
				settled, pending = rules.Total{}, rules.Total{}
			}
			if settled != is.Settled || pending != is.Pending {
				c.differ("account %s of %s has %v settled, %v pending, want %v, %v", currency, c.h.Names[protocol.LogID(agent)],
					settled, pending, is.Settled, is.Pending)
			}
		}
		for _, log := range want.logs {
			if !spends {
				break
			}
			if got, _ := spender.Available(log, currency); got != want.Logs[log].Available[currency] {
				c.differ("%s has %v %s available, want %v", c.h.Names[log], got, currency, want.Logs[log].Available[currency])
			}
		}
	}
}

func (c *comparison) compareThings(want *State) {
	taker, takes := c.subject.(Stocktaker)
	if !takes {
		return
	}
	for _, e := range want.entries {
		is, there := want.Resource(e.ID())
		got, found := taker.Resource(e.ID())
		if there != found {
			c.differ("resource %v is there: %v, want %v", e.ID(), found, there)
		} else if there && got.String() != is.String() {
			c.differ("resource %v has\n   %v, want\n   %v", e.ID(), got, is)
		}
	}
}

func (c *comparison) comparePlans(want *State) {
	planner, plans := c.subject.(Planner)
	for _, e := range want.entries {
		is, record := want.Record(e.ID())
		if !plans || !record {
			continue
		}
		if got := planner.Record(e.ID()); got != is {
			c.differ("record %v is\n   %s, want\n   %s", e.ID(), got, is)
		}
		if got, is := planner.Given(e.ID()), want.Given(e.ID()); got != is {
			c.differ("towards %v was given\n   %s, want\n   %s", e.ID(), got, is)
		}
	}
}

// compareTotals compares what everybody contributed, at some times in the history.
func (c *comparison) compareTotals(want *State) {
	counter, counts := c.subject.(Counter)
	if !counts {
		return
	}
	first, last := c.h.Entries[0].Time, c.h.Entries[len(c.h.Entries)-1].Time
	for _, agent := range c.h.Agents {
		for _, at := range []protocol.Time{(first + last) / 2, last} {
			if got, is := counter.Totals(agent, at), want.Totals(agent, at); got != is {
				c.differ("%s contributed\n   %s\nwant\n   %s", c.h.Names[protocol.LogID(agent)], got, is)
				break
			}
		}
	}
}

// complete checks that nothing is missing in the end that a node may not refuse:
// it may refuse branches of a fork that is not settled.
func (c *comparison) complete() bool {
	c.t.Helper()
	all := Eval(c.h.Commons, c.h.Rules, c.h.Entries)
	for x, e := range all.entries {
		if !c.subject.Holds(e.ID()) && (all.cert.has(x) || !all.branches(x)) {
			c.differ("%s is not held", c.h.name(e))
		}
	}
	if len(c.lines) > 0 {
		c.report("all segments offered")
		return false
	}
	return true
}

// branches reports whether an entry stands at or above a fork.
func (p *past) branches(x int) bool {
	for ; x >= 0; x = p.prev[x] {
		if p.forked(x) {
			return true
		}
	}
	return false
}

func (c *comparison) differ(format string, args ...any) {
	c.lines = append(c.lines, fmt.Sprintf(format, args...))
}

// report says what differs, the first few of it.
func (c *comparison) report(when string) {
	c.t.Helper()
	const most = 12
	text := ""
	for i, line := range c.lines {
		if i == most {
			text += fmt.Sprintf("\n  and %d more", len(c.lines)-most)
			break
		}
		text += "\n  " + line
	}
	c.t.Errorf("seed %d, %s:%s", c.h.Seed, when, text)
}
