package ledger_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/internal/naive"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/plan"
	"github.com/minga-commons/minga/protocol"
)

var (
	histories    = flag.Uint64("histories", 60, "how many random histories to compare with the second version of the rules")
	firstHistory = flag.Uint64("history", 0, "the first of them")
)

// TestTheSecondVersionSaysTheSame compares the ledger with a naive version of
// the rules, on random histories with forks, liars, losses and changes of the
// witnesses.
func TestTheSecondVersionSaysTheSame(t *testing.T) {
	for seed := *firstHistory; seed < *firstHistory+*histories; seed++ {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			w := newWorld(t)
			naive.Compare(t, seed, func(h *naive.History) naive.Subject {
				n := w.node()
				if err := n.Follow(context.Background(), h.Commons); err != nil {
					t.Fatal(err)
				}
				return &subject{node: n, id: h.Commons, t: t}
			})
		})
	}
}

// subject is a ledger under comparison.
type subject struct {
	*node
	id protocol.CommonsID
	t  *testing.T
}

// Ingest takes a segment; one of another history is no error.
func (s *subject) Ingest(segment protocol.Segment) error {
	_, err := s.node.Ingest(context.Background(), segment)
	var fork *ledger.ForkError
	if errors.As(err, &fork) {
		return nil
	}
	return err
}

// Holds reports whether an entry is held.
func (s *subject) Holds(id protocol.EntryID) bool {
	_, err := s.Entry(context.Background(), id)
	return err == nil
}

// State returns the state of an entry.
func (s *subject) State(id protocol.EntryID) string {
	status, err := s.Entry(context.Background(), id)
	if err != nil {
		s.t.Error(err)
	}
	if status.Reason != "" && *histories == 1 {
		s.t.Log(id, status.State, status.Reason)
	}
	return string(status.State)
}

// Settled returns the settled head of a log.
func (s *subject) Settled(log protocol.LogID) protocol.Head { return s.SettledHead(log) }

// Account returns the sums of an account.
func (s *subject) Account(currency string, agent protocol.AgentID) (settled, pending rules.Total, ok bool) {
	settled, pending, err := s.Sums(s.id, agent, currency)
	if err != nil {
		s.t.Error(err)
	}
	if !agent.IsZero() {
		if moved, err := s.Moved(s.id, agent, currency); err != nil || moved != pending {
			s.t.Errorf("the statement of %v in %s sums to %v, the account to %v, %v", agent, currency, moved, pending, err)
		}
	}
	return settled, pending, true
}

// Distributions returns the distributions that have their effect.
func (s *subject) Distributions() (all []string) {
	list, err := s.CommittedDistributions(context.Background(), s.id)
	if err != nil {
		s.t.Error(err)
	}
	for _, d := range list {
		all = append(all, fmt.Sprint(d.ID, " ", d.First, " ", d.Last))
	}
	return all
}

// Available returns what a log has left.
func (s *subject) Available(log protocol.LogID, currency string) (rules.Total, bool) {
	left, err := s.Left(s.id, log, currency)
	if err != nil {
		s.t.Error(err)
	}
	return left, true
}

// Totals returns what an agent contributed.
func (s *subject) Totals(agent protocol.AgentID, at protocol.Time) string {
	all, ripe, err := s.Contributed(s.id, agent, at)
	if err != nil {
		s.t.Error(err)
	}
	var text []string
	for i, c := range all {
		text = append(text, fmt.Sprintf("%s %s %s: %d events, %v, confirmed %v, at the time %v",
			c.Action, c.Resource, c.Unit, c.Events, c.Quantity, c.Confirmed, ripe[i].Confirmed))
	}
	return strings.Join(text, "\n")
}

// Digest returns the state digest.
func (s *subject) Digest() [32]byte {
	if faults, _, err := s.FolioFaults(s.id); err != nil || len(faults) > 0 {
		s.t.Error(faults, err)
	}
	if faults, _, err := s.DeedFaults(s.id); err != nil || len(faults) > 0 {
		s.t.Error(faults, err)
	}
	digest, err := s.node.Digest(s.id)
	if err != nil {
		s.t.Error(err)
	}
	return digest
}

// Resource returns what is shown of a resource.
func (s *subject) Resource(id protocol.EntryID) (naive.Resource, bool) {
	r, err := s.node.Resource(context.Background(), id)
	if errors.Is(err, ledger.ErrNotFound) {
		return naive.Resource{}, false
	}
	if err != nil {
		s.t.Error(err)
	}
	if r.State != ledger.Pending && r.State != ledger.Settled {
		return naive.Resource{}, false
	}
	shown := naive.Resource{
		Accounting: r.AccountingQuantity.Value.String() + " " + r.AccountingQuantity.Unit,
		Onhand:     r.OnhandQuantity.Value.String() + " " + r.OnhandQuantity.Unit,
		Events:     r.Events, Leaves: r.Leaves,
		Fields: map[string]string{
			"primaryAccountable": r.PrimaryAccountable.String(), "custodian": r.Custodian.String(),
			"currentLocation": r.CurrentLocation.String(), "containedIn": r.ContainedIn.String(),
			"stage": r.Stage.String() + r.StageText, "state": r.StateText,
		},
	}
	for _, c := range r.Contested {
		text := c.Field + ":"
		for i, claim := range c.Claims {
			if i > 0 {
				text += ","
			}
			text += " " + claim.Event.String() + " " + claim.Value
		}
		shown.Contested = append(shown.Contested, text)
	}
	return shown, true
}

// Record returns the fields of a record as amended.
func (s *subject) Record(id protocol.EntryID) string {
	r, err := s.node.Record(context.Background(), id)
	if err != nil {
		s.t.Error(err)
	}
	text := []string{r.Name}
	for _, field := range slices.Sorted(maps.Keys(r.Fields)) {
		text = append(text, fmt.Sprint(field, " ", r.Fields[field]))
	}
	return strings.Join(text, ", ")
}

// Given returns what events gave towards a record.
func (s *subject) Given(id protocol.EntryID) string {
	given, err := s.GivenTowards(s.id, id)
	if err != nil {
		s.t.Error(err)
	}
	text := fmt.Sprint(given.Events)
	for _, sum := range given.Sums {
		text += fmt.Sprintf(", %d %s %s %v", sum.Events, map[byte]string{plan.OfEffort: "effort", plan.OfResource: "resource"}[sum.Of], sum.Unit, sum.Total)
	}
	return text
}
