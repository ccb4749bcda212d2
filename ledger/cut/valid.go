package cut

import (
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// Of an event that names things, the verdict can change with what is there. Where
// all that it names stands at the cut as it does now, the verdict is the one that
// is stored; else it is given again.

type verdict byte

const (
	notJudged verdict = iota
	asStored          // by what stands now
	valid             // judged again
	void
)

// judging gives verdicts at the cut of one round.
type judging struct {
	*Facts
	*round
	of  []verdict // by link
	err error
}

// judge returns the events that are void in a round on account of what they name,
// nil if none is.
func (f *Facts) judge(r *round) (bits, error) {
	j := judging{Facts: f, round: r, of: make([]verdict, len(f.links))}
	var all bits
	for i := range f.links {
		if _, any := f.links[i].judgedBy(); !any || f.rows[f.links[i].event].is&isMoney != 0 || !f.in(r, f.links[i].event) {
			continue
		}
		if !j.holds(int32(i)) {
			if all == nil {
				all = newBits(len(f.events))
			}
			all.add(int(f.links[i].event))
		}
	}
	return all, j.err
}

// holds reports whether an event in the cut has its effect.
func (j *judging) holds(i int32) bool {
	l := &j.links[i]
	if j.of[i] == notJudged {
		j.of[i] = j.verdict(l)
	}
	switch j.of[i] {
	case asStored:
		return j.rows[l.event].is&isSoft == 0
	case valid:
		return true
	}
	return false
}

func (j *judging) verdict(l *link) verdict {
	names, _ := l.judgedBy()
	same := true
	for _, n := range names {
		if n >= 0 && j.err == nil {
			same = j.asNow(n) && same
		}
	}
	if same || j.err != nil {
		return asStored
	}
	e, held, err := j.source.Find(j.events[l.event].ID)
	b, is := e.Body.(*protocol.Event)
	if err != nil || !held || !is {
		j.err = err
		return void
	}
	if flow.JudgeNamed(b, j.thing(b.ResourceInventoriedAs), j.thing(b.ToResourceInventoriedAs), j.thing(b.Corrects)) != rules.Valid {
		return void
	}
	return valid
}

// asNow reports whether what is named is at the cut what it is now.
func (j *judging) asNow(name int32) bool {
	e := j.named[name]
	if e < 0 {
		if r, is := j.records[name]; is {
			return r.seq <= j.upTo[r.log]
		}
		x, err := j.other(name)
		if err != nil {
			j.err = err
			return true
		}
		return !x.held || x.void || x.log >= 0 && x.seq <= j.upTo[x.log]
	}
	if !j.in(j.round, e) {
		return false
	}
	i := j.judgedLink(e)
	if i < 0 {
		return true
	}
	j.holds(i)
	return j.of[i] == asStored
}

// judgedLink returns the link of an event whose verdict can change, or none.
func (j *judging) judgedLink(e int32) int32 {
	l := j.linkOf(e)
	if l == nil || j.rows[e].is&isMoney != 0 {
		return none
	}
	if _, any := l.judgedBy(); !any {
		return none
	}
	return j.linkPlace(l)
}

// thing returns what an event names, as far as it stands at the cut.
func (j *judging) thing(id protocol.EntryID) flow.Thing {
	t := flow.Thing{ID: id}
	if id.IsZero() || j.err != nil {
		return t
	}
	name := j.name(id)
	if int(name) >= len(j.named) {
		return t
	}
	e := j.named[name]
	if e < 0 {
		if r, is := j.records[name]; is {
			t.There = r.seq <= j.upTo[r.log]
			return t
		}
		x, err := j.other(name)
		t.There, j.err = x.held && !x.void && x.log >= 0 && x.seq <= j.upTo[x.log], err
		return t
	}
	if t.There = j.in(j.round, e); !t.There {
		return t
	}
	if i := j.judgedLink(e); i >= 0 && !j.holds(i) {
		t.There = false
		return t
	}
	found, _, err := j.source.Find(id)
	j.err = err
	b, is := found.Body.(*protocol.Event)
	if !is {
		return t
	}
	t.Event = b
	if flow.Creates(b) {
		quantity, unit := flow.AmountOf(b)
		t.Resource = &flow.Origin{
			Unit: unit, Quantity: quantity, UnitOfEffort: b.NewInventoriedResource.UnitOfEffort, ConformsTo: flow.SpecificationOf(b),
		}
	}
	return t
}
