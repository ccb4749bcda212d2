package cut

import (
	"cmp"
	"context"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

// reader makes Facts of entries, which come log after log.
type reader struct {
	*Facts
	log    int32 // of which entries come now
	soft   map[protocol.EntryID]bool
	kindOf interned[key]
	lists  interned[string]
	parts  interned[protocol.AgentID]
	heard  hearing
}

// ample is up to how many entries memory is taken for as many events at once.
const ample = 1 << 16

func newReader(s Source, commons protocol.CommonsID, rounds []Round) *reader {
	f := &Facts{
		commons: commons, source: s, logOf: map[protocol.LogID]int32{}, terms: map[int32]*rules.Terms{},
		made: map[int32]made{}, records: map[int32]record{}, claims: map[int32][]claim{},
		hard: map[protocol.EntryID]bool{}, elsewhere: map[int32]elsewhere{},
	}
	last := map[protocol.LogID]int64{}
	for _, r := range rounds {
		f.rounds = append(f.rounds, round{Round: r})
		for _, h := range r.Cut {
			if at, known := last[h.Log]; !known || h.Seq > at {
				last[h.Log] = h.Seq
			}
		}
	}
	r := &reader{Facts: f, soft: map[protocol.EntryID]bool{}}
	entries := int64(0)
	for id, seq := range last {
		f.logs = append(f.logs, logAt{id: id, last: seq, shared: -1})
		entries += seq + 1
	}
	slices.SortFunc(f.logs, func(a, b logAt) int { return a.id.Compare(b.id.EntryID) })
	for i := range f.logs {
		f.logOf[f.logs[i].id] = int32(i)
		f.logs[i].agent = r.parts.of(f.logs[i].id.Agent())
	}
	r.parts.of(protocol.AgentID(commons))
	room := min(entries, max(ample, entries/2+ample))
	f.events, f.rows = make([]share.Event, 0, room), make([]row, 0, room)
	return r
}

// void notes what is void. What is so for a reason that lies in the entry alone
// stays so.
func (r *reader) void() error {
	return r.source.Void(func(id protocol.EntryID, reason rules.Reason) {
		if reason.Soft() {
			r.soft[id] = true
		} else {
			r.hard[id] = true
		}
	})
}

// entry takes the next entry of a log.
func (r *reader) entry(e protocol.Entry) error {
	if len(r.hard) > 0 && r.hard[e.ID()] {
		return nil
	}
	switch b := e.Body.(type) {
	case *protocol.Event:
		r.event(e, b)
	case *protocol.Confirm:
		r.heard.verdict(r, e, b)
	case *protocol.Record:
		r.record(e, b)
	case *protocol.Bind:
		r.binds = append(r.binds, bind{
			agent: r.parts.of(protocol.AgentID{EntryID: b.Agent}), log: r.parts.of(b.Log.Agent()), seq: e.Seq,
		})
	case *protocol.Inception:
		r.keySet(e, b.KeySet)
	case *protocol.Keys:
		r.keySet(e, b.KeySet)
	case *protocol.Distribution:
		r.payout(e, b)
	}
	return nil
}

// keySet notes from when on an account is one that several hold.
func (r *reader) keySet(e protocol.Entry, set protocol.KeySet) {
	if log := &r.logs[r.log]; len(set.Keys) > 1 && log.shared < 0 {
		log.shared = e.Seq
	}
}

func (r *reader) event(e protocol.Entry, b *protocol.Event) {
	id, at := e.ID(), int32(len(r.events))
	row := row{seq: e.Seq, recorded: e.Time, log: r.log, charter: int32(e.Charter)}
	if b.Source != "" {
		row.is |= isImported
	}
	if b.Currency != "" {
		row.is |= isMoney
	}
	if len(r.soft) > 0 && r.soft[id] {
		row.is |= isSoft
	}
	ev := share.Event{ID: id, Provider: int(r.parts.of(b.Provider)), Corrects: -1, Time: timeOf(e, b), InputOf: b.InputOf}
	if q := b.EffortQuantity; q != nil {
		ev.Effort = rules.TotalOf(q.Amount())
	}
	if q := b.ResourceQuantity; q != nil {
		ev.Resource = rules.TotalOf(q.Amount())
	}
	k := r.keyOf(id, b)
	row.key = r.kindOf.of(k)
	if l, is := r.link(at, id, b, k); is {
		row.is |= isLinked
		ev.Names = l.is&(drawsFrom|drawsTo) != 0
		r.links = append(r.links, l)
	}
	if b.Currency != "" {
		r.claimed(at, b.Claims)
	}
	r.events, r.rows = append(r.events, ev), append(r.rows, row)
	r.ids.add(r.events)
}

// timeOf returns the event's own time: when it was, or ended, or began; if it says
// none, when it was recorded.
func timeOf(e protocol.Entry, b *protocol.Event) protocol.Time {
	if text := cmp.Or(b.HasPointInTime, b.HasEnd, b.HasBeginning); text != "" {
		if at, err := flow.ParseTime(text); err == nil {
			return protocol.TimeOf(at)
		}
	}
	return e.Time
}

// finish finds what follows from all entries together.
func (r *reader) finish(ctx context.Context) (*Facts, error) {
	f := r.Facts
	r.named = make([]int32, len(f.names.all))
	for i := range f.names.all {
		f.named[i] = f.ids.find(f.events, &f.names.all[i])
	}
	r.people()
	r.dropPayouts()
	r.correct()
	f.voices = r.heard.sorted(f)
	r.heard = hearing{}
	if err := r.keysToKinds(); err != nil {
		return nil, err
	}
	for i := range f.rounds {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := f.count(i); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// people gives agents their places, ascending, in place of the numbers that they
// had while they came.
func (r *reader) people() {
	order := make([]int32, len(r.parts.all))
	for i := range order {
		order[i] = int32(i)
	}
	ids := r.parts.all
	slices.SortFunc(order, func(a, b int32) int { return ids[a].Compare(ids[b].EntryID) })
	place := make([]int32, len(order))
	r.agentOf = make(map[protocol.AgentID]int32, len(order))
	for i, was := range order {
		place[was] = int32(i)
		r.agentOf[ids[was]] = int32(i)
		r.agents = append(r.agents, share.Agent{ID: ids[was], Commons: ids[was].EntryID == r.commons.EntryID})
	}
	for i := range r.events {
		r.events[i].Provider = int(place[r.events[i].Provider])
	}
	for i := range r.links {
		r.links[i].receiver = place[r.links[i].receiver]
	}
	for i := range r.logs {
		r.logs[i].agent = place[r.logs[i].agent]
	}
	for i := range r.binds {
		r.binds[i].agent, r.binds[i].log = place[r.binds[i].agent], place[r.binds[i].log]
	}
	for i := range r.rounds {
		at := &r.rounds[i]
		at.upTo = make([]int64, len(r.logs))
		for j := range at.upTo {
			at.upTo[j] = -1
		}
		for _, h := range at.Cut {
			at.upTo[r.logOf[h.Log]] = h.Seq
		}
		at.owner = r.owners(at)
	}
	for k := len(r.rounds) - 1; k >= 0; k-- {
		for j := range r.logs {
			if r.rounds[k].upTo[j] >= 0 && r.logs[j].id != r.commons.Charter() {
				a := &r.agents[r.logs[j].agent]
				a.Member, a.From = true, k
			}
		}
	}
	r.parts = interned[protocol.AgentID]{}
}

// owners returns whom each agent is at a cut: of several bindings of one agent the
// first counts.
func (f *Facts) owners(at *round) []int32 {
	owner := make([]int32, len(f.agents))
	for i := range owner {
		owner[i] = int32(i)
	}
	charter, held := f.logOf[f.commons.Charter()]
	for _, b := range f.binds {
		if held && b.seq <= at.upTo[charter] && owner[b.agent] == b.agent {
			owner[b.agent] = b.log
		}
	}
	return owner
}

// correct finds of each correction what it corrects in the end. Each is looked at
// once, however long the chains are.
func (r *reader) correct() {
	const unknown = -2
	roots := make([]int32, len(r.links)) // by link
	for i := range roots {
		roots[i] = unknown
	}
	var chain []int32
	for i := range r.links {
		root, at := none, int32(i)
		for chain = chain[:0]; ; {
			if roots[at] != unknown {
				root = roots[at]
				break
			}
			l := &r.links[at]
			if l.corrects < 0 {
				root = l.event
				break
			}
			chain = append(chain, at)
			e := r.named[l.corrects]
			if e < 0 {
				break
			}
			up := r.linkOf(e)
			if up == nil {
				root = e
				break
			}
			at = r.linkPlace(up)
		}
		for _, c := range chain {
			roots[c] = root
			if root < 0 {
				r.rows[r.links[c].event].is |= isLost
			} else {
				r.events[r.links[c].event].Corrects = int(root)
			}
		}
	}
}
