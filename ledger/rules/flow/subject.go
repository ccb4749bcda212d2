package flow

import (
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Look returns an entry by its identifier, and whether it stands: that it has its
// effect, at whatever cut is looked at.
type Look func(id protocol.EntryID) (e protocol.Entry, stands bool, err error)

// Parts says which parts of a Subject are asked for.
type Parts struct{ Resources, Processes, Plans bool }

// AllParts asks for the whole of a Subject.
func AllParts() Parts { return Parts{Resources: true, Processes: true, Plans: true} }

// PartsOf returns what the rules of a charter look at.
func PartsOf(c rules.Confirmation) (p Parts) {
	for _, r := range c.Rules {
		p.Resources = p.Resources || r.Resource != ""
		p.Processes = p.Processes || r.Process != ""
		p.Plans = p.Plans || r.Plan != ""
	}
	return p
}

// SubjectOf returns what filters look at in an event. Records and resources are
// taken as they were first written; what amends them later does not count. It also
// returns the identifiers that it came across and that do not stand: with them the
// answer may be another one.
func SubjectOf(id protocol.EntryID, b *protocol.Event, parts Parts, look Look) (Subject, []protocol.EntryID, error) {
	k := finder{look: look}
	s := Subject{Action: b.Action}
	if parts.Resources {
		s.Resources = k.resources(id, b)
	}
	if parts.Processes || parts.Plans {
		for _, process := range []protocol.EntryID{b.InputOf, b.OutputOf} {
			processes, plans := k.process(process, parts)
			s.Processes, s.Plans = append(s.Processes, processes...), append(s.Plans, plans...)
		}
	}
	if parts.Plans {
		for _, promise := range b.Fulfills {
			s.Plans = append(s.Plans, k.planOfPromise(promise)...)
		}
	}
	return s, k.missing, k.err
}

// finder looks things up. After an error it finds nothing.
type finder struct {
	look    Look
	missing []protocol.EntryID
	err     error
}

func (k *finder) find(id protocol.EntryID) protocol.Body {
	if id.IsZero() || k.err != nil {
		return nil
	}
	e, stands, err := k.look(id)
	switch {
	case err != nil:
		k.err = err
	case !stands:
		k.missing = append(k.missing, id)
	default:
		return e.Body
	}
	return nil
}

// record returns a record of one of some classes as it was first written, nil if
// there is none.
func (k *finder) record(id protocol.EntryID, classes ...string) *protocol.Record {
	b, is := k.find(id).(*protocol.Record)
	for _, class := range classes {
		if is && b.Of.IsZero() && b.Type == class {
			return b
		}
	}
	return nil
}

// resources returns the texts that match what an event is about: of money the
// currency, else its specification, and the name and identifier of the resource.
func (k *finder) resources(id protocol.EntryID, b *protocol.Event) []string {
	if b.Currency != "" {
		return []string{b.Currency}
	}
	spec := b.ResourceConformsTo
	var all []string
	named, made := b.ResourceInventoriedAs, b
	if named.IsZero() {
		named = b.ToResourceInventoriedAs
	}
	if named.IsZero() {
		named = id
	} else {
		made, _ = k.find(named).(*protocol.Event)
		all = append(all, named.String())
	}
	if made != nil && made.NewInventoriedResource != nil {
		if named == id {
			all = append(all, id.String())
		}
		all = appendName(all, made.NewInventoriedResource.Name.Plain)
		if spec == "" {
			spec = made.NewInventoriedResource.ConformsTo
		}
		if spec == "" {
			spec = made.ResourceConformsTo
		}
	}
	return appendName(all, spec)
}

// process returns the texts that match a process, and those that match its plan.
func (k *finder) process(id protocol.EntryID, parts Parts) (processes, plans []string) {
	if id.IsZero() {
		return nil, nil
	}
	processes = []string{id.String()}
	b := k.record(id, "Process")
	if b == nil {
		return processes, nil
	}
	processes = appendName(processes, b.Name.Plain)
	switch based := b.Fields["basedOn"].(type) {
	case string:
		processes = appendName(processes, based)
	case protocol.EntryID:
		if parts.Processes {
			processes = append(processes, based.String())
			if spec := k.record(based, "ProcessSpecification"); spec != nil {
				processes = appendName(processes, spec.Name.Plain)
			}
		}
	}
	if parts.Plans {
		plans = k.plan(b.Fields["plannedWithin"])
	}
	return processes, plans
}

// planOfPromise returns the texts that match the plans to which a promise belongs,
// by what it says itself or by its process.
func (k *finder) planOfPromise(id protocol.EntryID) []string {
	b := k.record(id, "Commitment", "Intent")
	if b == nil {
		return nil
	}
	all := append(k.plan(b.Fields["plannedWithin"]), k.plan(b.Fields["independentDemandOf"])...)
	for _, property := range []string{"inputOf", "outputOf"} {
		process, _ := b.Fields[property].(protocol.EntryID)
		_, plans := k.process(process, Parts{Plans: true})
		all = append(all, plans...)
	}
	return all
}

func (k *finder) plan(v protocol.Value) []string {
	id, is := v.(protocol.EntryID)
	if !is {
		return nil
	}
	all := []string{id.String()}
	if b := k.record(id, "Plan"); b != nil {
		all = appendName(all, b.Name.Plain)
	}
	return all
}

func appendName(all []string, name string) []string {
	if name == "" {
		return all
	}
	return append(all, name)
}

// Leads reports whether what filters look at in events can be found through a
// record from what it names by a property: whoever looks at events that name the
// record looks at that too.
func Leads(b *protocol.Record, to protocol.EntryID) bool {
	var properties []string
	switch b.Type {
	case "Process":
		properties = []string{"basedOn", "plannedWithin"}
	case "Commitment", "Intent":
		properties = []string{"plannedWithin", "independentDemandOf", "inputOf", "outputOf"}
	}
	for _, property := range properties {
		if b.Fields[property] == protocol.Value(to) {
			return true
		}
	}
	return false
}
