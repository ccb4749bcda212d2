package ledger

import (
	"sync"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

const (
	cachedRows   = 1 << 15 // rows of state kept in memory
	cachedLists  = 1 << 10 // agents without a folio whose lines are kept in memory
	longestLines = 256     // lines of an agent whose lines are kept

	cachedProcesses = 1 << 14 // processes of which it is kept what they are based on
)

// rowCache keeps rows of state in memory as they are committed, and of agents
// without a folio which lines they have. The writer renews it with each commit; who reads may
// add what was read, unless something was committed meanwhile. Any number of
// goroutines may use it.
type rowCache struct {
	rows  *lru.Cache[string, []byte]
	lines *lru.Cache[folioOwner, []cachedLine]

	basedOn *lru.Cache[protocol.EntryID, basis] // of processes and their amendments: what their entries say, which never changes

	mu      sync.Mutex    // held while something is added
	commits atomic.Uint64 // commits published so far
}

// cachedLine is a line of table Totals: the key of its row, and what it says.
type cachedLine struct {
	key  string
	line flow.Line
}

func newRowCache() (*rowCache, error) {
	rows, err := lru.New[string, []byte](cachedRows)
	if err != nil {
		return nil, err
	}
	lines, err := lru.New[folioOwner, []cachedLine](cachedLists)
	if err != nil {
		return nil, err
	}
	basedOn, err := lru.New[protocol.EntryID, basis](cachedProcesses)
	return &rowCache{rows: rows, lines: lines, basedOn: basedOn}, err
}

// holdable reports whether a key is that of a row which is looked up by its key
// again and again.
func holdable(k []byte) bool {
	if k[0] == keyLogNo {
		return true
	}
	if k[0] != keyState {
		return false
	}
	switch rules.Table(k[3]) {
	case rules.Names, rules.Movements, rules.Unsettled, rules.Paid, rules.Guests, rules.Open, rules.Shelves, rules.Homes, rules.Watched,
		rules.Shelf, rules.Actions, rules.Titles, rules.Promising, rules.Distributions, rules.Shared, rules.Dealings, rules.Deeds:
		return false
	}
	return true
}

// absenceHoldable reports whether it is worth knowing that a row is not there:
// the rows of agents and logs, of which there are few, and of the amendments of
// processes, after which the resources that these made are asked.
func absenceHoldable(k []byte) bool {
	if k[0] != keyState {
		return k[0] == keyLogNo
	}
	switch rules.Table(k[3]) {
	case rules.Totals, rules.Accounts, rules.Purses, rules.Admitted, rules.Bound, rules.Records, rules.Credited, rules.Folios, rules.Amending:
		return true
	}
	return false
}

// now returns a mark of the state before a read, for add.
func (c *rowCache) now() uint64 { return c.commits.Load() }

// add keeps rows and a list of lines that were read after a mark was taken. If
// something was committed since, they may be old, and nothing is kept.
func (c *rowCache) add(since uint64, fn func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.commits.Load() == since {
		fn()
	}
}

// publish takes up what a commit has changed.
func (c *rowCache) publish(rows map[string]*row) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.commits.Add(1)
	for k, r := range rows {
		if !holdable([]byte(k)) {
			continue
		}
		c.rows.Add(k, r.value)
		if k[0] == keyState && rules.Table(k[3]) == rules.Totals && (r.was == nil) != (r.value == nil) {
			c.lines.Remove(ownerOf(k))
		}
	}
}

// hold takes up what new processes, and amendments of them, say of what they are based on: the resources that they make are
// the ones that are asked for most.
func (c *rowCache) hold(entries []protocol.Entry) {
	for _, e := range entries {
		if record, is := e.Body.(*protocol.Record); is && record.Type == "Process" {
			c.basedOn.Add(e.ID(), basisIn(e))
		}
	}
}

// ownerOf returns whose a row of state is whose key begins with an agent.
func ownerOf(k string) folioOwner {
	return folioOwner{commonsNo(k[1])<<8 | commonsNo(k[2]), protocol.AgentID{EntryID: idFrom([]byte(k[4:min(len(k), 4+32)]))}}
}

// purge forgets everything.
func (c *rowCache) purge() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.commits.Add(1)
	c.rows.Purge()
	c.lines.Purge()
}
