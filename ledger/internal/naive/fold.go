package naive

import (
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// The states of an entry, in the words of the ledger.
const (
	Waiting = "waiting"
	Pending = "pending"
	Settled = "settled"
	Void    = "void"
	Frozen  = "frozen"
	Cut     = "cut"
)

// Account is an account of one currency. The zero Agent stands for the outside,
// which income debits.
type Account struct {
	Currency string
	Agent    protocol.AgentID
}

// Balance is the signed sum of an account's credits and debits: of the settled
// payments, and of the settled and pending ones.
type Balance struct {
	Settled rules.Total
	Pending rules.Total
}

// Log is what is shown of one log. Heads are zero where there is none.
type Log struct {
	Settled protocol.Head // the newest settled entry, waiting or not
	Pending protocol.Head // the newest entry that has its effect or is void
	Forked  bool          // two histories are held
	Frozen  bool          // the pending head meets a fork of which no branch is settled
	Removed bool          // a settled removal names it
	// Available is, for each currency, the claimed credits less the debits along
	// the chain of Pending. Limits are not in it.
	Available map[string]rules.Total
}

// State is what a set of entries comes to. It is read-only.
type State struct {
	Logs     map[protocol.LogID]Log
	Accounts map[Account]Balance
	Epochs   []Epoch

	*past
	epochs   []*Epoch
	cert     set // settled
	heads    map[protocol.LogID]int
	verdicts map[int]verdict
	judging  map[int]bool
	states   []string
	lies     map[int]bool // events that what they name makes void
	conflict string
}

// Eval returns the state of a commons for the vouched entries that a node holds,
// in any order. Entries whose chain is not complete are not held.
func Eval(commons protocol.CommonsID, r Rules, entries []protocol.Entry) *State {
	s := &State{
		past: gather(commons, r, entries),
		Logs: map[protocol.LogID]Log{}, Accounts: map[Account]Balance{},
		verdicts: map[int]verdict{}, judging: map[int]bool{}, lies: map[int]bool{},
	}
	s.tally()
	for _, e := range s.epochs {
		s.Epochs = append(s.Epochs, *e)
	}
	s.states = make([]string, len(s.entries))
	for _, log := range s.logs {
		s.fold(log)
	}
	for x := range s.entries {
		if s.states[x] == Settled || s.states[x] == Pending {
			s.belied(x)
		}
	}
	for x, belied := range s.lies {
		if belied {
			s.states[x] = Void
		}
	}
	for x := range s.entries {
		if s.states[x] == Settled || s.states[x] == Pending {
			s.move(x)
		}
	}
	return s
}

// State returns the state of an entry, and whether it is held.
func (s *State) State(id protocol.EntryID) (string, bool) {
	x, held := s.at[id]
	if !held {
		return "", false
	}
	return s.states[x], true
}

// Held returns every entry held, parents before children.
func (s *State) Held() []protocol.Entry { return s.entries }

// fold gives every entry of a log its state.
func (s *State) fold(log protocol.LogID) {
	all := s.inLog[log]
	cut, removed := s.cutOf(log)
	l := Log{Removed: removed}
	settled, pending := -1, -1
	if head, is := s.heads[log]; is {
		settled = head
		l.Settled = s.entries[head].Head()
	}
	for _, x := range all {
		l.Forked = l.Forked || s.forked(x)
		s.states[x] = s.stateOf(x, settled, cut, removed)
		if s.decidedChain(x, settled, cut, removed) && (pending < 0 || s.entries[x].Seq > s.entries[pending].Seq) {
			pending = x
		}
	}
	if pending >= 0 {
		l.Pending = s.entries[pending].Head()
		l.Available = s.judge(pending).available
		after := s.next[pending]
		l.Frozen = len(after) > 1 && !s.cert.has(after[0]) && !s.cert.has(after[1])
	}
	s.Logs[log] = l
}

// stateOf returns the state of one entry. settled is the settled head of its
// log, -1 if there is none.
func (s *State) stateOf(x, settled int, cut int64, removed bool) string {
	if !s.cert.has(x) {
		if s.frozenAt(x, settled) {
			return Frozen
		}
		if removed && s.entries[x].Seq > cut {
			return Cut
		}
	}
	switch v := s.judge(x); {
	case v.waits:
		return Waiting
	case v.standing == void:
		return Void
	case s.cert.has(x):
		return Settled
	}
	return Pending
}

// frozenAt reports whether an entry that is not settled stands at or above a
// fork that lies above the settled head, or on a branch that lost.
func (s *State) frozenAt(x, settled int) bool {
	for ; x != settled; x = s.prev[x] {
		if x < 0 || s.forked(x) {
			return true
		}
	}
	return false
}

// decidedChain reports whether an entry has been given its verdict: on the
// settled chain or on its single continuation.
func (s *State) decidedChain(x, settled int, cut int64, removed bool) bool {
	switch s.stateOf(x, settled, cut, removed) {
	case Settled, Pending, Void:
		return true
	}
	return false
}

// move adds what an entry moves to the accounts of its payer and its payees.
func (s *State) move(x int) {
	for _, m := range s.moves(x) {
		s.add(Account{Currency: m.currency, Agent: m.payer}, m.amount.Neg(), s.states[x] == Settled)
		s.add(Account{Currency: m.currency, Agent: m.payee}, m.amount, s.states[x] == Settled)
	}
}

func (s *State) add(a Account, amount rules.Total, settled bool) {
	b := s.Accounts[a]
	b.Pending = b.Pending.Add(amount)
	if settled {
		b.Settled = b.Settled.Add(amount)
	}
	s.Accounts[a] = b
}
