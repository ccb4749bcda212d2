package charter

import (
	"maps"
	"slices"
	"strings"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Check reads a whole charter and returns everything that is wrong with it: with
// its document, with who its names mean, with its stewards.
func Check(b *protocol.Charter) (Document, []Fault) {
	if b.Rules > rules.Version {
		return Document{}, []Fault{{Code: LaterRules, Args: []any{b.Rules, rules.Version}}}
	}
	d, faults := Parse(b.Doc)
	r := &reading{faults: faults}
	d.IDs = map[string]protocol.AgentID{}
	for name, id := range b.IDs {
		if id, is := id.(protocol.EntryID); is && !id.IsZero() {
			d.IDs[name] = protocol.AgentID{EntryID: id}
		}
	}
	r.resolve(d)
	r.seats(d, b.Stewards)
	return d, r.faults
}

// resolve looks for names that mean nobody, and for agents under two names where
// each may stand once.
func (r *reading) resolve(d Document) {
	known := func(path Path, name string) (protocol.AgentID, bool) {
		id, found := d.IDs[name]
		if !found && name != "" {
			r.fault(path, UnknownAgent, name)
		}
		return id, found
	}
	for i, c := range d.Currencies {
		seen := map[protocol.AgentID]bool{}
		for _, name := range slices.Sorted(maps.Keys(c.Exceptions)) {
			path := Path{"currency", i, "exceptions", name}
			id, found := known(path, name)
			if found && seen[id] {
				r.fault(path, Duplicate, name)
			}
			seen[id] = found
		}
	}
	for i, b := range d.Buckets {
		known(Path{"bucket", i, "to"}, b.To)
		known(Path{"bucket", i, "rest"}, b.Agent())
	}
	for i, name := range d.Stewards.Members {
		known(Path{"stewards", "members", i}, name)
	}
}

// seats compares the stewards whose keys the charter gives with those whom the
// document names.
func (r *reading) seats(d Document, stewards []protocol.Steward) {
	path := Path{"stewards", "members"}
	if len(stewards) == 0 {
		r.fault(path, NoStewards)
		return
	}
	if d.Stewards.Members == nil {
		if len(stewards) != 1 {
			r.fault(path, OtherStewards)
		}
		return
	}
	var named, given []protocol.AgentID
	for _, name := range d.Stewards.Members {
		if id, found := d.IDs[name]; found {
			named = append(named, id)
		}
	}
	for _, s := range stewards {
		given = append(given, s.Log.Agent())
	}
	compare := func(a, b protocol.AgentID) int { return a.Compare(b.EntryID) }
	slices.SortFunc(named, compare)
	slices.SortFunc(given, compare)
	if !slices.Equal(named, given) {
		r.fault(path, OtherStewards)
	}
}

// Read returns the terms of a charter, or the reason why it is void: it is, if
// Check finds a fault.
func Read(b *protocol.Charter) (rules.Terms, rules.Reason) {
	d, faults := Check(b)
	if len(faults) > 0 {
		return rules.Terms{}, rules.BadCharter
	}
	return d.terms(b.Stewards), rules.Valid
}

func (d Document) terms(stewards []protocol.Steward) rules.Terms {
	t := rules.Terms{
		Name: d.Name, Confirmation: d.Confirmation.asked(stewards), PublicRead: d.PublicRead,
		Open: d.Open, MembersInvite: d.MembersInvite, Licensed: d.Licence != nil,
		Stewards: stewards, Threshold: d.Stewards.Threshold, Liars: d.Stewards.Liars,
	}
	for _, c := range d.Currencies {
		currency := rules.Currency{Name: c.Name, Kind: rules.Mutual, Scale: int(c.Scale), Limit: rules.TotalOf(c.Limit)}
		if c.Issued {
			currency.Kind = rules.Issued
		}
		for name, limit := range c.Exceptions {
			if currency.Exceptions == nil {
				currency.Exceptions = map[protocol.AgentID]rules.Total{}
			}
			currency.Exceptions[d.IDs[name]] = rules.TotalOf(limit)
		}
		t.Currencies = append(t.Currencies, currency)
	}
	slices.SortFunc(t.Currencies, func(a, b rules.Currency) int { return strings.Compare(a.Name, b.Name) })
	return t
}

// asked returns what is asked of events, as the rules of events read it.
func (c Confirmation) asked(stewards []protocol.Steward) rules.Confirmation {
	all := rules.Confirmation{
		Base:     rules.Asked{Required: c.Required, ByStewards: c.By == ByStewards, Window: c.Window},
		Stewards: stewards,
	}
	for _, r := range c.Rules {
		all.Rules = append(all.Rules, rules.ConfirmationRule{
			Filter: r.Filter, Above: r.Above, Per: r.Per,
			Asked: rules.Asked{Required: r.Required, ByStewards: r.By == ByStewards, Window: r.Window},
		})
	}
	return all
}
