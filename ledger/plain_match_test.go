package ledger_test

import (
	"slices"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

// fits says whether a filter is for an event.
func (w cutWorld) fits(e protocol.Entry, f charter.Filter) bool {
	b := e.Body.(*protocol.Event)
	resources := []string{b.Currency}
	if b.Currency == "" {
		resources = w.resourceNames(e.ID())
	}
	processes, plans := w.processNames(b)
	for _, c := range []struct {
		want string
		is   []string
	}{{f.Action, []string{b.Action}}, {f.Resource, resources}, {f.Process, processes}, {f.Plan, plans}} {
		if c.want != "" && !slices.Contains(c.is, c.want) {
			return false
		}
	}
	return true
}

// of returns the resource that an event names.
func (w cutWorld) of(id protocol.EntryID) protocol.EntryID {
	b := w.event(id)
	switch {
	case !b.ResourceInventoriedAs.IsZero():
		return b.ResourceInventoriedAs
	case !b.ToResourceInventoriedAs.IsZero():
		return b.ToResourceInventoriedAs
	case b.NewInventoriedResource != nil:
		return id
	}
	return protocol.EntryID{}
}

// resourceNames returns the names of what an event is about.
func (w cutWorld) resourceNames(id protocol.EntryID) []string {
	var all []string
	if s := w.specification(id); s != "" {
		all = append(all, s)
	}
	if at := w.of(id); !at.IsZero() {
		all = append(all, at.String())
		if r := w.event(at).NewInventoriedResource; r != nil {
			all = append(all, r.Name.String())
		}
	}
	return all
}

func (w cutWorld) specification(id protocol.EntryID) string {
	b := w.event(id)
	if b.ResourceConformsTo != "" {
		return b.ResourceConformsTo
	}
	if at := w.of(id); !at.IsZero() {
		if r := w.event(at).NewInventoriedResource; r != nil && r.ConformsTo != "" {
			return r.ConformsTo
		}
		if at != id {
			return w.specification(at)
		}
	}
	return ""
}

// processNames returns the names of the processes of an event and of their plans.
func (w cutWorld) processNames(b *protocol.Event) (processes, plans []string) {
	for _, id := range []protocol.EntryID{b.InputOf, b.OutputOf} {
		r, is := w.held[id].Body.(*protocol.Record)
		if !is {
			continue
		}
		processes = append(processes, id.String(), r.Name.String())
		for field, to := range map[string]*[]string{"basedOn": &processes, "plannedWithin": &plans} {
			switch v := r.Fields[field].(type) {
			case string:
				*to = append(*to, v)
			case protocol.EntryID:
				*to = append(*to, v.String())
				if named, is := w.held[v].Body.(*protocol.Record); is {
					*to = append(*to, named.Name.String())
				}
			}
		}
	}
	return processes, plans
}
