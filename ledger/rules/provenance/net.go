package provenance

import (
	"cmp"
	"container/heap"
	"math/big"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// Net is a graph of flows in which everything goes by its number: flows by their
// place in Flows, steps and stocks from zero on. A step is a process, or one
// direction of an agreement: what went in comes out again. A stock is a resource,
// or an account of money.
type Net struct {
	Flows  []Flow
	Steps  int
	Stocks int
}

// Flow is an event of a Net that has its effect.
type Flow struct {
	ID   protocol.EntryID
	Time protocol.Time
	In   []int // steps into which it goes
	Out  []int // steps out of which it comes

	// Draws and Feeds are the stocks from which things come and to which they go.
	// An amount of nil is that of a use or a citation, which takes nothing.
	Draws []Portion
	Feeds []Portion

	// Sealed says that what it draws on does not lie behind it, although it takes
	// from there: what came in for money is traced through the money.
	Sealed bool

	// Weight is what the flow counts among those that come out of a step, nil if
	// that is not known. Flows of which one has none count alike.
	Weight *big.Rat
}

// Portion is an amount of a stock, in the unit of the stock, and the flows on
// that stock which lie before the one that it belongs to.
type Portion struct {
	Stock  int
	Amount *big.Rat
	After  []int
}

// Tracer answers what lies behind flows of a Net. It is read-only once it is made,
// and may be shared between goroutines.
type Tracer struct {
	flows   []Flow
	inputs  [][]int32  // by step
	outputs [][]int32  // by step
	slots   []slot     // the flows on each stock, in order, stock after stock
	drawn   [][]int32  // by flow: the slots at which it draws
	fed     [][]int32  // by flow: the slots at which it feeds
	stocks  [][2]int32 // by stock: its slots, from and to
}

// slot is the place of a flow in the order of the flows on a stock. Of what lay in
// the stock before, it drew a part; what it fed is there after it.
type slot struct {
	flow  int32
	first bool     // of its stock
	last  bool     // of its stock
	feeds bool     // it puts something in
	ratio *big.Rat // the part that it drew of what there was, nil for nothing
	empty bool     // it drew all there was
}

// NewTracer puts the flows on each stock in order: one that keeps what the links
// say; what these leave open goes by time, then by identifier.
func NewTracer(n Net) *Tracer {
	t := &Tracer{
		flows: n.Flows, inputs: make([][]int32, n.Steps), outputs: make([][]int32, n.Steps),
		drawn: make([][]int32, len(n.Flows)), fed: make([][]int32, len(n.Flows)),
	}
	on := make([][]int32, n.Stocks)
	for i := range n.Flows {
		f := &n.Flows[i]
		for _, s := range f.In {
			t.inputs[s] = append(t.inputs[s], int32(i))
		}
		for _, s := range f.Out {
			t.outputs[s] = append(t.outputs[s], int32(i))
		}
		for _, parts := range [][]Portion{f.Draws, f.Feeds} {
			for _, p := range parts {
				if k := len(on[p.Stock]); k == 0 || on[p.Stock][k-1] != int32(i) {
					on[p.Stock] = append(on[p.Stock], int32(i))
				}
			}
		}
	}
	for stock, flows := range on {
		t.lay(stock, t.line(stock, flows))
	}
	return t
}

func portion(parts []Portion, stock int) *Portion {
	for i := range parts {
		if parts[i].Stock == stock {
			return &parts[i]
		}
	}
	return nil
}

// line puts the flows of a stock in order.
func (t *Tracer) line(stock int, flows []int32) []int32 {
	place := make(map[int32]int, len(flows))
	for i, f := range flows {
		place[f] = i
	}
	waits, follow := make([]int, len(flows)), make([][]int32, len(flows))
	for i, f := range flows {
		var before []int
		for _, parts := range [][]Portion{t.flows[f].Draws, t.flows[f].Feeds} {
			if p := portion(parts, stock); p != nil {
				before = append(before, p.After...)
			}
		}
		slices.Sort(before)
		for _, b := range slices.Compact(before) {
			if j, inside := place[int32(b)]; inside && j != i {
				waits[i]++
				follow[j] = append(follow[j], int32(i))
			}
		}
	}
	ready := queue{flows: t.flows}
	for i, f := range flows {
		if waits[i] == 0 {
			ready.all = append(ready.all, f)
		}
	}
	heap.Init(&ready)
	order := make([]int32, 0, len(flows))
	for len(ready.all) > 0 {
		f := heap.Pop(&ready).(int32)
		order = append(order, f)
		for _, j := range follow[place[f]] {
			if waits[j]--; waits[j] == 0 {
				heap.Push(&ready, flows[j])
			}
		}
	}
	return order
}

// queue has the flows that may come next, the earliest first.
type queue struct {
	flows []Flow
	all   []int32
}

func (q *queue) Len() int      { return len(q.all) }
func (q *queue) Swap(i, j int) { q.all[i], q.all[j] = q.all[j], q.all[i] }
func (q *queue) Push(x any)    { q.all = append(q.all, x.(int32)) }
func (q *queue) Less(i, j int) bool {
	a, b := &q.flows[q.all[i]], &q.flows[q.all[j]]
	return cmp.Or(cmp.Compare(a.Time, b.Time), a.ID.Compare(b.ID), cmp.Compare(q.all[i], q.all[j])) < 0
}

func (q *queue) Pop() any {
	x := q.all[len(q.all)-1]
	q.all = q.all[:len(q.all)-1]
	return x
}

// lay gives the flows on a stock their slots, and finds what part of the stock
// each drew. What was drawn beyond what there was has no origin.
func (t *Tracer) lay(stock int, order []int32) {
	total := new(big.Rat)
	for i, f := range order {
		k := int32(len(t.slots))
		s := slot{flow: f, first: i == 0, last: i == len(order)-1}
		if d := portion(t.flows[f].Draws, stock); d != nil {
			t.drawn[f] = append(t.drawn[f], k)
			if d.Amount != nil && d.Amount.Sign() > 0 && total.Sign() > 0 {
				if s.empty = d.Amount.Cmp(total) >= 0; s.empty {
					s.ratio = one
					total = new(big.Rat)
				} else {
					s.ratio = new(big.Rat).Quo(d.Amount, total)
					total = new(big.Rat).Sub(total, d.Amount)
				}
			}
		}
		if p := portion(t.flows[f].Feeds, stock); p != nil && p.Amount != nil && p.Amount.Sign() > 0 {
			s.feeds = true
			t.fed[f] = append(t.fed[f], k)
			total = new(big.Rat).Add(total, p.Amount)
		}
		t.slots = append(t.slots, s)
	}
	end := int32(len(t.slots))
	t.stocks = append(t.stocks, [2]int32{end - int32(len(order)), end})
}

var one = big.NewRat(1, 1) // never changed
