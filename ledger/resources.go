package ledger

import (
	"crypto/sha256"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// resourceAt names a resource during a batch.
type resourceAt struct {
	commons commonsNo
	id      protocol.EntryID
}

// openResource is a resource during a batch. It is taken apart once, and put
// together again when the batch is committed.
type openResource struct {
	row     *flow.Resource // nil while its creating event has no effect
	stored  []byte
	shelves []string // under which it stands in the index
	changed bool
}

// resource opens a resource, whether or not there is one.
func (b *batch) resource(c *openCommons, id protocol.EntryID) (*openResource, error) {
	at := resourceAt{c.no, id}
	if b.lastOpen != nil && b.lastAt == at {
		return b.lastOpen, nil
	}
	if open, held := b.resources[at]; held {
		b.lastAt, b.lastOpen = at, open
		return open, nil
	}
	var stored []byte
	if _, fresh := b.fresh[id]; !fresh { // else it had no effect before this batch
		var err error
		if stored, err = b.l.read(stateKey(c.no, rules.Resources, id[:])); err != nil {
			return nil, err
		}
	}
	open := &openResource{stored: stored}
	if stored != nil {
		row, ok := flow.ResourceFromBytes(id, stored)
		if !ok {
			return nil, ErrDamaged
		}
		open.row, open.shelves = row, shelvesOf(row)
	}
	b.resources[at] = open
	b.lastAt, b.lastOpen = at, open
	// A row that would fill a batch by itself must not end it with every event.
	b.size += min(len(stored), b.l.maxBytes/8) + resourceSize
	return open, nil
}

// What a commit takes for a resource that it changes, besides its row; and for
// what one event adds to that. They are estimates.
const (
	resourceSize = 128
	touchSize    = 96
	bornSize     = 320 // and the block of the creating event
)

// expectTouch makes room for what an event will do to resources.
func (b *batch) expectTouch(c *openCommons, e protocol.Entry) error {
	body, is := e.Body.(*protocol.Event)
	if !is {
		return nil
	}
	from, to := flow.Named(e.ID(), body)
	for _, id := range [...]protocol.EntryID{from, to} {
		if id.IsZero() {
			continue
		}
		b.size += touchSize
		if id == e.ID() {
			b.size += len(e.Block()) + bornSize
		} else if _, err := b.resource(c, id); err != nil {
			return err
		}
	}
	return nil
}

// touch does to resources what a legal event does, or takes it back.
func (b *batch) touch(c *openCommons, e protocol.Entry, body *protocol.Event, sign rules.Sign) error {
	touches := flow.Touches(e.ID(), body)
	if len(touches) == 0 {
		return nil
	}
	var room [2]*openResource
	opened := room[:len(touches)]
	for i, t := range touches {
		open, err := b.resource(c, t.Resource)
		if err != nil {
			return err
		}
		opened[i] = open
	}
	known := earlier{b: b, c: c}
	if sign == rules.Apply {
		known.expect(body, opened)
	}
	for i, t := range touches {
		open := opened[i]
		rebuild := task{do: doRebuild, commons: c.no, entry: t.Resource}
		_, due := b.waiting[rebuild]
		switch {
		case t.Creates:
			if err := b.bear(c, e, body, open, t, sign); err != nil {
				return err
			}
		case open.row == nil:
			if sign == rules.Apply {
				if err := b.miss(c, t.Resource); err != nil {
					return err
				}
			}
		case sign == rules.Undo:
			b.later(rebuild)
		case !due:
			m, err := known.member(e, body, t, open.row)
			if err != nil {
				return err
			}
			if !open.row.Extend(t.Resource, &m) {
				b.later(rebuild)
			}
			open.changed = true
		}
	}
	return nil
}

// bear brings a resource into being, or takes that back.
func (b *batch) bear(c *openCommons, e protocol.Entry, body *protocol.Event, open *openResource, t flow.Touch, sign rules.Sign) error {
	open.changed = true
	x := b.context(c)
	name := nameShelf(body.NewInventoriedResource.Name.Plain, t.Resource)
	if sign == rules.Undo {
		open.row = nil
		x.Put(rules.Homes, t.Resource[:], nil)
		if name != nil {
			x.Put(rules.Shelves, name, nil)
		}
		return nil
	}
	log, err := b.openLog(e.Log)
	if err != nil {
		return err
	}
	x.Put(rules.Homes, t.Resource[:], append(appendPlace(make([]byte, 0, placeBytes+len(e.Block())), log.at(e.Seq), e.Seq), e.Block()...))
	if name != nil {
		x.Put(rules.Shelves, name, []byte{})
	}
	open.row = flow.Condition([]flow.Member{{ID: t.Resource, Event: body, Touch: t}})
	return nil
}

// earlier looks at the events that an author names as the last ones known.
type earlier struct {
	b     *batch
	c     *openCommons
	last  []protocol.EntryID                  // those that are last ones on a resource: they have their effect
	found map[protocol.EntryID]protocol.Entry // those that had to be looked for, if they have their effect
}

// expect notes which of the events that one names are last ones on its resources.
func (k *earlier) expect(body *protocol.Event, opened []*openResource) {
	for _, p := range precedents(body) {
		for _, open := range opened {
			if open.row != nil && open.row.Leaves.Has(p) {
				k.last = append(k.last, p)
				break
			}
		}
	}
}

// precedents returns the events after which an event has its place.
func precedents(body *protocol.Event) []protocol.EntryID {
	if body.Corrects.IsZero() {
		return body.PreviousEvent
	}
	return append(slices.Clone(body.PreviousEvent), body.Corrects)
}

// member returns an event as one of those on a resource. Most often its author
// knew all that is known of the resource, and the row is all that is looked at.
func (k *earlier) member(e protocol.Entry, body *protocol.Event, t flow.Touch, row *flow.Resource) (flow.Member, error) {
	m := flow.Member{ID: e.ID(), Event: body, Touch: t}
	all := precedents(body)
	var others []protocol.EntryID
	for _, p := range all {
		if row.Leaves.Has(p) {
			m.Parents = append(m.Parents, p)
			continue
		}
		has, err := k.has(p, t.Resource)
		if err != nil {
			return m, err
		}
		m.Adrift = m.Adrift || !has
		others = append(others, p)
	}
	if m.Adrift {
		return m, nil
	}
	if row.Adrift == 0 && len(m.Parents) > 0 && int64(len(m.Parents)) == row.Leaves.Count {
		return m, nil // whatever else it comes after, these come after that
	}
	for _, p := range others {
		touches, err := k.touches(p, t.Resource)
		if err != nil {
			return m, err
		}
		if touches {
			m.Parents = append(m.Parents, p)
		}
	}
	return m, nil
}

// has reports whether an event that is named has its effect. It notes that the
// order of a resource depends on it, and that it is missing if not.
func (k *earlier) has(p, resource protocol.EntryID) (bool, error) {
	k.b.context(k.c).Put(rules.Watched, append(append(make([]byte, 0, 64), p[:]...), resource[:]...), []byte{})
	if slices.Contains(k.last, p) {
		return true, nil
	}
	_, has, err := k.look(p)
	if err == nil && !has {
		err = k.b.miss(k.c, p)
	}
	return has, err
}

func (k *earlier) look(p protocol.EntryID) (protocol.Entry, bool, error) {
	if e, known := k.found[p]; known {
		return e, true, nil
	}
	e, effective, err := k.b.context(k.c).Lookup(p)
	if effective {
		if k.found == nil {
			k.found = map[protocol.EntryID]protocol.Entry{}
		}
		k.found[p] = e
	}
	return e, effective, err
}

func (k *earlier) touches(p, resource protocol.EntryID) (bool, error) {
	e, _, err := k.look(p)
	if err != nil {
		return false, err
	}
	body, is := e.Body.(*protocol.Event)
	return is && isAbout(p, body, resource), nil
}

// isAbout reports whether an event is about a resource.
func isAbout(id protocol.EntryID, body *protocol.Event, resource protocol.EntryID) bool {
	from, to := flow.Named(id, body)
	return resource == from || resource == to
}

// rebuild works out a resource from all events on it.
func (b *batch) rebuild(c *openCommons, id protocol.EntryID) error {
	open, err := b.resource(c, id)
	if err != nil || open.row == nil {
		return err
	}
	open.changed = true
	members, err := b.members(c, id)
	if err != nil {
		return err
	}
	on := make(map[protocol.EntryID]bool, len(members))
	for _, m := range members {
		on[m.ID] = true
	}
	known := earlier{b: b, c: c}
	for i := range members {
		m := &members[i]
		for _, p := range precedents(m.Event) {
			if on[p] {
				m.Parents = append(m.Parents, p)
				continue
			}
			has, err := known.has(p, id)
			if err != nil {
				return err
			}
			m.Adrift = m.Adrift || !has
		}
	}
	open.row = flow.Condition(members)
	return nil
}

// members returns the events on a resource that have their effect.
func (b *batch) members(c *openCommons, id protocol.EntryID) ([]flow.Member, error) {
	var all []flow.Member
	known := map[protocol.EntryID]bool{}
	add := func(e protocol.Entry) {
		body, is := e.Body.(*protocol.Event)
		if !is || known[e.ID()] {
			return
		}
		known[e.ID()] = true
		for _, t := range flow.Touches(e.ID(), body) {
			if t.Resource == id {
				all = append(all, flow.Member{ID: e.ID(), Event: body, Touch: t})
			}
		}
	}
	made, _, err := b.context(c).Lookup(id)
	if err != nil {
		return nil, err
	}
	add(made)
	err = b.context(c).Naming(id, "", func(e protocol.Entry, effective bool) (bool, error) {
		if effective {
			add(e)
		}
		return true, nil
	})
	return all, err
}

// putResources writes the rows of the resources that the batch changed, and keeps
// the index of them.
func (b *batch) putResources() {
	for at, open := range b.resources {
		if !open.changed {
			continue
		}
		x := b.context(b.commons[at.commons])
		var shelves []string
		full := stateKey(at.commons, rules.Resources, at.id[:])
		r := b.row(full)
		if !r.loaded { // as Put would find it
			r.was, r.loaded = open.stored, true
			x.c.touched[string(full)] = rules.Resources
		}
		if open.row == nil {
			b.set(r, nil)
		} else {
			b.set(r, open.row.Bytes(at.id))
			shelves = shelvesOf(open.row)
		}
		for _, s := range open.shelves {
			if !slices.Contains(shelves, s) {
				x.Put(rules.Shelves, append([]byte(s), at.id[:]...), nil)
			}
		}
		for _, s := range shelves {
			if !slices.Contains(open.shelves, s) {
				x.Put(rules.Shelves, append([]byte(s), at.id[:]...), []byte{})
			}
		}
	}
}

// The first byte of a shelf says by what resources stand there. What follows is
// sixteen bytes of the digest of it, but for a name: who reads looks at the
// resource.
const (
	shelfSpecification = 's'
	shelfAccountable   = 'a'
	shelfCustodian     = 'c'
	shelfHolder        = 'h' // who is accountable and custodian
	shelfLocation      = 'l'
	shelfContested     = 'x'
	shelfName          = 'n'
)

// shelfDigest is how many bytes of a digest stand for a text or an identifier.
const shelfDigest = 16

// shelvesOf returns the shelves on which a resource stands by its row.
func shelvesOf(row *flow.Resource) []string {
	all := make([]string, 0, 4)
	if row.Made.ConformsTo != "" {
		all = append(all, textShelf(shelfSpecification, row.Made.ConformsTo))
	}
	add := func(kind byte, field flow.Field) {
		if id, is := flow.Link(row.Winner(field)); is {
			all = append(all, idShelf(kind, id))
		}
	}
	if accountable := row.Winner(flow.PrimaryAccountable); accountable == row.Winner(flow.Custodian) {
		add(shelfHolder, flow.Custodian)
	} else {
		add(shelfAccountable, flow.PrimaryAccountable)
		add(shelfCustodian, flow.Custodian)
	}
	add(shelfLocation, flow.CurrentLocation)
	if row.Disagrees() {
		all = append(all, string(rune(shelfContested)))
	}
	return all
}

func textShelf(kind byte, text string) string {
	sum := sha256.Sum256([]byte(text))
	return string(append([]byte{kind}, sum[:shelfDigest]...))
}

func idShelf(kind byte, id protocol.EntryID) string {
	return string(append([]byte{kind}, id[:shelfDigest]...))
}

// nameShelf returns the row by which a resource is found by its name, nil if it
// has none.
func nameShelf(name string, id protocol.EntryID) []byte {
	if name == "" {
		return nil
	}
	return append(append([]byte{shelfName}, foldName(name)...), append([]byte{0}, id[:]...)...)
}
