package cut

import (
	"math/big"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/provenance"
	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// graph is what the events up to the cut of a round did to resources, in
// processes, by agreements and with money.
type graph struct {
	*provenance.Tracer
	event  []int32         // by flow: the event, none for what a distribution paid
	passed map[int]bool    // flows of money that an account of several passed on
	flow   map[int32]int   // by event
	step   map[stepKey]int // processes, and directions of agreements
	stepID []protocol.EntryID
	stock  map[stockKey]int
}

// stepKey is a process, or an agreement as far as one agent gives by it.
type stepKey struct {
	name  int32
	agent int32 // none for a process
}

// stockKey is a resource, or what an agent has of a currency.
type stockKey struct {
	name, agent, currency int32
}

// building is a graph on its way.
type building struct {
	*Facts
	*round
	*graph
	net     provenance.Net
	added   map[int32]sums // by event: what its corrections that count add
	outputs [][]int        // flows, by step
	links   []*link        // by flow, nil for what a distribution paid
}

type sums struct{ effort, resource rules.Total }

// graphOf returns the graph of a round.
func (f *Facts) graphOf(r *round) *graph {
	if r.graph != nil {
		return r.graph
	}
	for i := range f.rounds {
		f.rounds[i].graph = nil // one at a time is enough
	}
	b := building{
		Facts: f, round: r, added: map[int32]sums{},
		graph: &graph{flow: map[int32]int{}, step: map[stepKey]int{}, stock: map[stockKey]int{}},
	}
	b.correct()
	for i := range f.links {
		if l := &f.links[i]; f.stands(r, l.event) && f.events[l.event].Corrects < 0 && !b.nothingLeft(l.event) {
			b.add(l)
		}
	}
	b.order()
	b.money()
	b.agreements()
	b.weigh()
	b.net.Steps, b.net.Stocks = len(b.stepID), len(b.stock)
	b.Tracer = provenance.NewTracer(b.net)
	r.graph = b.graph
	return r.graph
}

// correct adds up the corrections that count.
func (b *building) correct() {
	for i := range b.Facts.links {
		e := b.Facts.links[i].event
		if root := b.events[e].Corrects; root >= 0 && b.counts.has(int(e)) {
			s := b.added[int32(root)]
			b.added[int32(root)] = sums{s.effort.Add(b.events[e].Effort), s.resource.Add(b.events[e].Resource)}
		}
	}
}

func (b *building) of(event int32) sums {
	s := b.added[event]
	return sums{s.effort.Add(b.events[event].Effort), s.resource.Add(b.events[event].Resource)}
}

// nothingLeft reports whether an event was corrected to nothing, or to less.
func (b *building) nothingLeft(event int32) bool {
	_, corrected := b.added[event]
	s := b.of(event)
	return corrected && !s.effort.Above(rules.Total{}) && !s.resource.Above(rules.Total{})
}

// add adds an event.
func (b *building) add(l *link) {
	f := provenance.Flow{ID: b.events[l.event].ID, Time: b.rows[l.event].recorded}
	if l.in >= 0 {
		f.In = []int{b.stepOf(stepKey{l.in, none})}
	}
	if l.out >= 0 {
		f.Out = []int{b.stepOf(stepKey{l.out, none})}
	}
	if b.rows[l.event].is&isMoney == 0 {
		total := b.of(l.event).resource
		for i, name := range []int32{l.from, l.to} {
			if name < 0 {
				continue
			}
			draws, feeds := l.is&(drawsFrom<<(2*i)) != 0, l.is&(feedsFrom<<(2*i)) != 0
			p := provenance.Portion{Stock: b.stockOf(stockKey{name, none, none})}
			amount := b.amount(l.event, total, name)
			if feeds {
				p.Amount = amount
				f.Feeds = append(f.Feeds, p)
			}
			if draws {
				if p.Amount = amount; l.is&takesNothing != 0 {
					p.Amount = nil
				}
				f.Draws = append(f.Draws, p)
			}
		}
	}
	b.flow[l.event] = len(b.net.Flows)
	b.append(f, l, l.event)
}

func (b *building) append(f provenance.Flow, l *link, event int32) int {
	at := len(b.net.Flows)
	for _, s := range f.Out {
		b.outputs[s] = append(b.outputs[s], at)
	}
	b.net.Flows, b.links, b.event = append(b.net.Flows, f), append(b.links, l), append(b.event, event)
	return at
}

func (b *building) stepOf(k stepKey) int {
	s, known := b.step[k]
	if !known {
		s = len(b.stepID)
		b.step[k] = s
		b.stepID, b.outputs = append(b.stepID, b.names.all[k.name]), append(b.outputs, nil)
	}
	return s
}

func (b *building) stockOf(k stockKey) int {
	s, known := b.stock[k]
	if !known {
		s = len(b.stock)
		b.stock[k] = s
	}
	return s
}

// amount returns what an event moves of a resource, in the unit of the resource.
func (b *building) amount(event int32, total rules.Total, resource int32) *big.Rat {
	made := b.named[resource]
	if made < 0 || !b.in(b.round, made) {
		return new(big.Rat)
	}
	from, to := b.kinds[b.events[event].Kind].ResourceUnit, b.kinds[b.events[made].Kind].ResourceUnit
	if from == to {
		return total.Rat()
	}
	amount, err := unit.Convert(total.Rat(), from, to)
	if err != nil {
		return new(big.Rat)
	}
	return amount
}

// order says which events on a resource lie before one: the last ones that its
// author knew, else the one that brought the resource into being. A correction
// stands where what it corrects does.
func (b *building) order() {
	for i, l := range b.links {
		var after []int
		for _, p := range l.previous {
			if p < 0 || b.named[p] < 0 {
				continue
			}
			e := b.named[p]
			if root := b.events[e].Corrects; root >= 0 {
				e = int32(root)
			}
			if f, known := b.flow[e]; known && f != i {
				after = append(after, f)
			}
		}
		f := &b.net.Flows[i]
		for _, parts := range [][]provenance.Portion{f.Draws, f.Feeds} {
			for j := range parts {
				parts[j].After = after
			}
		}
		if len(after) == 0 {
			b.afterMaking(i, l)
		}
	}
}

// afterMaking puts an event after those that brought its resources into being.
func (b *building) afterMaking(i int, l *link) {
	for _, name := range []int32{l.from, l.to} {
		if name < 0 || name == l.self || b.named[name] < 0 {
			continue
		}
		made, known := b.flow[b.named[name]]
		stock, is := b.stock[stockKey{name, none, none}]
		if !known || !is {
			continue
		}
		f := &b.net.Flows[i]
		for _, parts := range [][]provenance.Portion{f.Draws, f.Feeds} {
			for j := range parts {
				if parts[j].Stock == stock {
					parts[j].After = []int{made}
				}
			}
		}
	}
}

// agreements makes each agreement by which something came in a step: what went
// out for it is its input. What was so paid for is traced through that alone.
func (b *building) agreements() {
	type side struct{ outputs, inputs []int }
	sides := map[stepKey]*side{}
	var order []stepKey
	at := func(k stepKey) *side {
		if sides[k] == nil {
			sides[k] = &side{}
			order = append(order, k)
		}
		return sides[k]
	}
	commons := b.owner[b.agentOf[protocol.AgentID(b.commons)]]
	for i, l := range b.links {
		if l == nil {
			continue
		}
		provider, receiver := b.owner[b.events[l.event].Provider], b.owner[l.receiver]
		for j, name := range l.agreed {
			if name < 0 || j == 1 && name == l.agreed[0] || provider == receiver {
				continue
			}
			if b.rows[l.event].is&isMoney == 0 && provider != commons {
				s := at(stepKey{name, provider})
				s.outputs = append(s.outputs, i)
			}
			s := at(stepKey{name, receiver})
			s.inputs = append(s.inputs, i)
		}
	}
	for _, k := range order {
		s := sides[k]
		if len(s.outputs) == 0 || len(s.inputs) == 0 {
			continue
		}
		step := b.stepOf(k)
		for _, i := range s.inputs {
			b.net.Flows[i].In = append(b.net.Flows[i].In, step)
		}
		for _, i := range s.outputs {
			f := &b.net.Flows[i]
			if f.Sealed {
				continue // one agreement is enough
			}
			for _, was := range f.Out {
				b.outputs[was] = slices.DeleteFunc(b.outputs[was], func(x int) bool { return x == i })
			}
			f.Out, f.Sealed = []int{step}, true
			b.outputs[step] = append(b.outputs[step], i)
		}
	}
}

// weigh gives the outputs of each step their weights: those of the charter if it
// has one for each, else their quantities if these can be compared, else none.
func (b *building) weigh() {
	for _, flows := range b.outputs {
		if len(flows) < 2 {
			for _, i := range flows {
				b.net.Flows[i].Weight = big.NewRat(1, 1)
			}
			continue
		}
		weights := make([]*big.Rat, len(flows))
		for _, by := range []func(event, first int32) *big.Rat{b.byCharter, b.byQuantity} {
			all := true
			for j, i := range flows {
				weights[j] = by(b.event[i], b.event[flows[0]])
				all = all && weights[j] != nil
			}
			if all {
				for j, i := range flows {
					b.net.Flows[i].Weight = weights[j]
				}
				break
			}
		}
	}
}

func (b *building) byQuantity(event, first int32) *big.Rat {
	from, to := b.kinds[b.events[event].Kind].ResourceUnit, b.kinds[b.events[first].Kind].ResourceUnit
	weight, err := unit.Convert(b.of(event).resource.Rat(), from, to)
	if err != nil || from == "" || to == "" {
		return nil
	}
	return weight
}

func (b *building) byCharter(event, _ int32) *big.Rat {
	kind, q := &b.kinds[b.events[event].Kind], b.of(event)
	at := slices.IndexFunc(b.Weights, func(w charter.Weight) bool { return slices.Contains(kind.Resources, w.Resource) })
	if at < 0 {
		return nil
	}
	w := b.Weights[at]
	for _, x := range []struct {
		unit  string
		total rules.Total
	}{{kind.EffortUnit, q.effort}, {kind.ResourceUnit, q.resource}} {
		if x.unit == "" {
			continue
		}
		if amount, err := unit.Convert(x.total.Rat(), x.unit, w.Per); err == nil {
			return amount.Mul(amount, rules.TotalOf(w.Value).Rat())
		}
	}
	return nil
}
