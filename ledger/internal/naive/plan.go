package naive

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// recordable reports whether a record says what its class wants. It knows what
// the histories have.
func recordable(b *protocol.Record) bool {
	switch b.Type {
	case "Process":
		_, wrong := b.Fields["finished"].(string)
		return !wrong
	case "Plan", "ProcessSpecification":
		return b.Type == "Plan" || !b.Of.IsZero() || !b.Name.IsZero()
	case "Commitment", "Intent", "Claim":
		action, given := b.Fields["action"]
		name, _ := action.(string)
		if (given || b.Of.IsZero()) && acts[name] == "" {
			return false
		}
		q, given := b.Fields["effortQuantity"]
		if !given || q == nil && !b.Of.IsZero() {
			return true
		}
		quantity, is := q.(map[string]protocol.Value)
		return is && quantity["n"].(int64) >= 0
	}
	return false
}

// Given returns what events have given towards a promise, held or not: how many
// there are, and their sums, as text.
func (s *State) Given(id protocol.EntryID) string {
	events := 0
	sums := map[string]rules.Total{}
	counts := map[string]int{}
	for _, e := range s.entries {
		b, is := e.Body.(*protocol.Event)
		if !is || !givesTowards(b, id) {
			continue
		}
		if _, counted := s.counts(e.ID()); !counted {
			continue
		}
		events++
		for kind, q := range map[string]*protocol.Quantity{"effort": b.EffortQuantity, "resource": b.ResourceQuantity} {
			if q != nil {
				sum := kind + " " + q.Unit
				sums[sum], counts[sum] = sums[sum].Add(rules.TotalOf(q.Amount())), counts[sum]+1
			}
		}
	}
	text := fmt.Sprint(events)
	for _, sum := range slices.Sorted(maps.Keys(sums)) {
		text += fmt.Sprintf(", %d %s %v", counts[sum], sum, sums[sum])
	}
	return text
}

func givesTowards(b *protocol.Event, id protocol.EntryID) bool {
	return slices.Contains(b.Fulfills, id) || slices.Contains(b.Settles, id) ||
		len(b.Fulfills) == 0 && slices.Contains(b.Satisfies, id)
}

// Record returns the fields of a record as amended, as text, and false for what
// is no record or an amendment.
func (s *State) Record(id protocol.EntryID) (string, bool) {
	x, held := s.at[id]
	if !held {
		return "", false
	}
	b, is := s.entries[x].Body.(*protocol.Record)
	if !is || !b.Of.IsZero() {
		return "", false
	}
	name, fields := s.amended(x, b)
	text := []string{name.Plain}
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		text = append(text, fmt.Sprint(field, " ", fields[field]))
	}
	return strings.Join(text, ", "), true
}

// amended returns name and fields of a record as its amendments leave it.
func (s *State) amended(x int, b *protocol.Record) (protocol.Text, map[string]protocol.Value) {
	id := s.entries[x].ID()
	fields := maps.Clone(b.Fields)
	if fields == nil {
		fields = map[string]protocol.Value{}
	}
	name := b.Name
	far := map[string]int{} // of each field how far its last word is from the record
	last := map[string]protocol.EntryID{}
	for y, e := range s.entries {
		a, is := e.Body.(*protocol.Record)
		depth := s.distance(y, id)
		if !is || depth < 1 || a.Type != b.Type || !s.amends(y, x) {
			continue
		}
		better := func(field string) bool {
			best := e.ID()
			old := last[field]
			if far[field] > depth || far[field] == depth && bytes.Compare(old[:], best[:]) < 0 {
				return false
			}
			far[field], last[field] = depth, best
			return true
		}
		if !a.Name.IsZero() && better("") {
			name = a.Name
		}
		for field, value := range a.Fields {
			if !better(field) {
				continue
			}
			if fields[field] = value; value == nil {
				delete(fields, field)
			}
		}
	}
	return name, fields
}

// distance returns how many links lead from an amendment that has its effect to a
// record, -1 if none do.
func (s *State) distance(y int, id protocol.EntryID) int {
	for n := 1; ; n++ {
		b, is := s.entries[y].Body.(*protocol.Record)
		if _, counts := s.counts(s.entries[y].ID()); !is || !counts || b.Of.IsZero() {
			return -1
		}
		if b.Of == id {
			return n
		}
		next, held := s.at[b.Of]
		if !held {
			return -1
		}
		y = next
	}
}

// amends reports whether the author of an amendment may amend a record.
func (s *State) amends(y, x int) bool {
	e, first := s.entries[y], s.entries[x]
	b := first.Body.(*protocol.Record)
	if b.Type == "Process" || b.Type == "Plan" || b.Type == "ProcessSpecification" || e.Log == first.Log || s.governs(y) || s.stewards(e) {
		return true
	}
	for _, property := range []string{"provider", "receiver"} {
		agent, is := b.Fields[property].(protocol.EntryID)
		if is && (agent == e.Log.EntryID || s.boundTo(agent, s.chartered()) == e.Log) {
			return true
		}
	}
	return false
}

// chartered returns the newest entry of the charter log that has been decided, -1
// if there is none.
func (s *State) chartered() int {
	head := s.Logs[s.commons.Charter()].Pending
	if x, held := s.at[head.CID]; held {
		return x
	}
	return -1
}

// stewards reports whether the author of an entry is a steward under the charter
// that the entry names.
func (s *State) stewards(e protocol.Entry) bool {
	for x := s.chainAt(s.chartered(), e.Charter); x >= 0; x = s.prev[x] {
		if b, is := s.entries[x].Body.(*protocol.Charter); is && s.effective(x) {
			return slices.ContainsFunc(b.Stewards, func(w protocol.Steward) bool { return w.Log == e.Log })
		}
	}
	return false
}
