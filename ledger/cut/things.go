package cut

import (
	"slices"
	"strings"

	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

// key is what decides which filters match an event: events with the same key are
// of one kind. Texts and identifiers are numbers, none where there is none.
type key struct {
	action, spec, effort, resource int32
	from, to, self, in, out        int32
	fulfills                       int32
	money                          bool
}

// keyInfo is what a key comes to.
type keyInfo struct {
	subject flow.Subject
	kind    int
	needs   []place // entries at which it looks
	never   bool    // one of them is not below any cut
}

// place is where an entry stands.
type place struct {
	log int32
	seq int64
}

// made is what brought a resource into being says of it.
type made struct{ name, conformsTo, unitOfEffort string }

// record is a record at which filters look.
type record struct {
	place
	body *protocol.Record
}

// elsewhere is an entry that is no event that has its effect, and no record at
// which filters look.
type elsewhere struct {
	place
	held, void bool
	body       protocol.Body
}

func (r *reader) text(s string) int32 {
	if s == "" {
		return none
	}
	return r.texts.of(s)
}

func (r *reader) keyOf(id protocol.EntryID, b *protocol.Event) key {
	k := key{
		action: r.text(b.Action), spec: r.text(b.ResourceConformsTo), effort: none, resource: none,
		from: none, to: none, self: none, in: none, out: none, fulfills: none,
	}
	if q := b.EffortQuantity; q != nil {
		k.effort = r.text(q.Unit)
	}
	if q := b.ResourceQuantity; q != nil {
		k.resource = r.text(q.Unit)
	}
	if len(b.Fulfills) > 0 {
		var list strings.Builder
		for _, c := range b.Fulfills {
			list.Write(c[:])
		}
		k.fulfills = r.lists.of(list.String())
	}
	k.in, k.out = r.name(b.InputOf), r.name(b.OutputOf)
	if b.Currency != "" {
		k.spec, k.money = r.text(b.Currency), true
		return k
	}
	k.from, k.to = r.name(b.ResourceInventoriedAs), r.name(b.ToResourceInventoriedAs)
	if n := b.NewInventoriedResource; n != nil {
		k.self = r.name(id)
		r.made[int32(len(r.events))] = made{n.Name.Plain, flow.SpecificationOf(b), n.UnitOfEffort}
	}
	return k
}

// record keeps a record at which filters look, as it was first written.
func (r *reader) record(e protocol.Entry, b *protocol.Record) {
	switch b.Type {
	case "Process", "ProcessSpecification", "Plan", "Commitment", "Intent":
		if b.Of.IsZero() {
			r.records[r.name(e.ID())] = record{place{r.log, e.Seq}, b}
		}
	}
}

// keysToKinds finds what each key comes to, and gives events their kinds.
func (r *reader) keysToKinds() error {
	kinds := interned[string]{}
	for _, k := range r.kindOf.all {
		info, err := r.keyInfo(k)
		if err != nil {
			return err
		}
		kind := share.Kind{
			Action: info.subject.Action, Resources: info.subject.Resources, Processes: info.subject.Processes, Plans: info.subject.Plans,
			EffortUnit: r.textOf(k.effort), ResourceUnit: r.textOf(k.resource),
		}
		info.kind = int(kinds.of(kindText(kind)))
		if info.kind == len(r.kinds) {
			r.kinds = append(r.kinds, kind)
		}
		r.keys = append(r.keys, info)
	}
	r.kindOf = interned[key]{}
	for i := range r.events {
		r.events[i].Kind = r.keys[r.rows[i].key].kind
	}
	for i := range r.rounds {
		at := &r.rounds[i]
		at.waits = make([]bool, len(r.keys))
		for j := range r.keys {
			at.waits[j] = r.keys[j].never || slices.ContainsFunc(r.keys[j].needs, func(p place) bool { return p.seq > at.upTo[p.log] })
		}
	}
	return nil
}

func (f *Facts) textOf(i int32) string {
	if i < 0 {
		return ""
	}
	return f.texts.all[i]
}

func (f *Facts) nameOf(i int32) protocol.EntryID {
	if i < 0 {
		return protocol.EntryID{}
	}
	return f.names.all[i]
}

// kindText is the same for kinds that are the same, and for no others.
func kindText(k share.Kind) string {
	var b strings.Builder
	for _, list := range [][]string{{k.Action, k.EffortUnit, k.ResourceUnit}, k.Resources, k.Processes, k.Plans} {
		for _, text := range list {
			b.WriteString(text)
			b.WriteByte(0)
		}
		b.WriteByte(1)
	}
	return b.String()
}

func (r *reader) keyInfo(k key) (info keyInfo, err error) {
	b := protocol.Event{
		Action: r.textOf(k.action), ResourceInventoriedAs: r.nameOf(k.from), ToResourceInventoriedAs: r.nameOf(k.to),
		InputOf: r.nameOf(k.in), OutputOf: r.nameOf(k.out),
	}
	if b.ResourceConformsTo = r.textOf(k.spec); k.money {
		b.Currency = b.ResourceConformsTo
	}
	if k.self >= 0 {
		b.NewInventoriedResource = r.newResource(r.named[k.self])
	}
	if k.fulfills >= 0 {
		list := r.lists.all[k.fulfills]
		for ; len(list) > 0; list = list[32:] {
			b.Fulfills = append(b.Fulfills, protocol.EntryID([]byte(list[:32])))
		}
	}
	look := func(id protocol.EntryID) (protocol.Entry, bool, error) {
		at, body, err := r.look(id)
		if at.log < 0 {
			info.never = true
		} else {
			info.needs = append(info.needs, at)
		}
		return protocol.Entry{Body: body}, body != nil, err
	}
	info.subject, _, err = flow.SubjectOf(r.nameOf(k.self), &b, flow.AllParts(), look)
	return info, err
}

func (f *Facts) newResource(event int32) *protocol.NewResource {
	m, is := f.made[event]
	if !is {
		return nil
	}
	return &protocol.NewResource{Name: protocol.PlainText(m.name), ConformsTo: m.conformsTo, UnitOfEffort: m.unitOfEffort}
}

// look returns where a named entry stands, none if it is below no cut, and what
// filters look at in it.
func (f *Facts) look(id protocol.EntryID) (place, protocol.Body, error) {
	name := f.name(id)
	if e := f.ids.find(f.events, &id); e >= 0 {
		return place{f.rows[e].log, f.rows[e].seq}, &protocol.Event{NewInventoriedResource: f.newResource(e)}, nil
	}
	if r, is := f.records[name]; is {
		return r.place, r.body, nil
	}
	x, err := f.other(name)
	return x.place, nil, err
}

// other looks up an entry that is named and is no event or record that was kept.
func (f *Facts) other(name int32) (elsewhere, error) {
	if x, known := f.elsewhere[name]; known {
		return x, nil
	}
	x := elsewhere{place: place{log: none}}
	e, held, err := f.source.Find(f.names.all[name])
	if err != nil {
		return x, err
	}
	if log, known := f.logOf[e.Log]; held && known {
		x.held, x.void, x.body = true, f.hard[e.ID()], e.Body
		if e.Seq <= f.logs[log].last {
			x.place = place{log, e.Seq}
		}
	}
	f.elsewhere[name] = x
	return x, nil
}
