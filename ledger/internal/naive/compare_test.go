package naive

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// mirror is a subject that evaluates everything anew.
type mirror struct {
	h     *History
	held  []protocol.Entry
	has   map[protocol.EntryID]bool
	state *State
}

func newMirror(h *History) *mirror { return &mirror{h: h, has: map[protocol.EntryID]bool{}} }

var errGap = errors.New("entries before it are missing")

func (m *mirror) Ingest(s protocol.Segment) error {
	first := s.First()
	if first.Seq > 0 && !m.has[first.Prev] {
		return errGap
	}
	for _, e := range s.Entries {
		if !m.has[e.ID()] {
			m.has[e.ID()], m.held, m.state = true, append(m.held, e), nil
		}
	}
	return nil
}

func (m *mirror) now() *State {
	if m.state == nil {
		m.state = Eval(m.h.Commons, m.h.Rules, m.held)
	}
	return m.state
}

func (m *mirror) Holds(id protocol.EntryID) bool { return m.has[id] }

func (m *mirror) State(id protocol.EntryID) string {
	state, _ := m.now().State(id)
	return state
}

func (m *mirror) Settled(log protocol.LogID) protocol.Head { return m.now().Logs[log].Settled }

func (m *mirror) Account(currency string, agent protocol.AgentID) (settled, pending rules.Total, ok bool) {
	b, ok := m.now().Accounts[Account{Currency: currency, Agent: agent}]
	return b.Settled, b.Pending, ok
}

// forgetful is wrong: it takes no second branch, and says so.
type forgetful struct{ *mirror }

func (f forgetful) Ingest(s protocol.Segment) error {
	for _, held := range f.held {
		for _, e := range s.Entries {
			if held.Log == e.Log && held.Seq == e.Seq && held.ID() != e.ID() {
				return errors.New("a fork")
			}
		}
	}
	return f.mirror.Ingest(s)
}

// hasty is wrong: it calls settled what is pending.
type hasty struct{ *mirror }

func (h hasty) State(id protocol.EntryID) string {
	if state := h.mirror.State(id); state != Pending {
		return state
	}
	return Settled
}

// recorder takes the place of the test.
type recorder struct{ text string }

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) { r.text += fmt.Sprintf(format, args...) }

func TestCompareAcceptsTheSameRules(t *testing.T) {
	for seed := range uint64(20) {
		Compare(t, seed, func(h *History) Subject { return newMirror(h) })
	}
}

func TestCompareFindsDifferences(t *testing.T) {
	for name, open := range map[string]func(h *History) Subject{
		`is "settled", want "pending"`: func(h *History) Subject { return hasty{newMirror(h)} },
		`is not held`:                  func(h *History) Subject { return forgetful{newMirror(h)} },
	} {
		r := &recorder{}
		for seed := uint64(0); r.text == "" && seed < 30; seed++ {
			Compare(r, seed, open)
		}
		if !strings.Contains(r.text, name) {
			t.Errorf("the report %q does not say %q", r.text, name)
		}
	}
}
