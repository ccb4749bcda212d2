package node

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

const (
	historyNodes   = 3
	historyWriters = 3  // on each node
	historyWrites  = 60 // by each of them
)

// write and read are the operations on the log of an author, at the author's own
// node: an append with the seq that it got, and the newest seq that a member
// wrote. The entries of the witness in between are nobody's operations.
type (
	write struct{}
	read  struct{}
)

// register is what clients may expect of an author's log: one who appends gets a
// place after all that were there, and one who reads sees the newest.
var register = porcupine.Model{
	Init: func() any { return int64(0) },
	Step: func(state, input, output any) (bool, any) {
		head, seq := state.(int64), output.(int64)
		if _, writes := input.(write); writes {
			return seq > head, seq
		}
		return seq == head, head
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%T %d", input, output) },
}

// sighting is what a node said of the entry at one place.
type sighting struct {
	node      int
	log       protocol.LogID
	seq       int64
	id        protocol.EntryID
	state     ledger.State
	call, ret int64
}

// contradictions returns the sightings that take back what was seen settled
// before they began: another entry at the place, one that has no effect, or, on
// the node that has seen it settled itself, anything but that.
func contradictions(all []sighting) []string {
	var found []string
	type place struct {
		log protocol.LogID
		seq int64
	}
	settled := map[place][]sighting{}
	for _, s := range all {
		if s.state == ledger.Settled {
			settled[place{s.log, s.seq}] = append(settled[place{s.log, s.seq}], s)
		}
	}
	for _, s := range all {
		for _, before := range settled[place{s.log, s.seq}] {
			other := s.id != before.id && s.state == ledger.Settled
			if before.ret >= s.call && !other {
				continue
			}
			lost := s.state == ledger.Void || s.state == ledger.Frozen || s.state == ledger.Cut
			if other || s.id != before.id || lost || s.node == before.node && s.state != ledger.Settled {
				found = append(found, fmt.Sprintf("entry %d of %v was settled as %v on node %d, and is then %v, %s, on node %d",
					s.seq, s.log, before.id, before.node, s.id, s.state, s.node))
			}
		}
	}
	return found
}

// historian records what clients do, with the times of call and return.
type historian struct {
	t     *testing.T
	id    protocol.CommonsID
	nodes []*settler
	start time.Time

	mu        sync.Mutex
	logs      [historyNodes][]porcupine.Operation
	sightings []sighting
}

func (h *historian) now() int64 { return int64(time.Since(h.start)) }

// TestConcurrentClientsSeeOneHistory has clients of three nodes, each of a
// witness, pay and read at the same time, and checks what they were answered:
// the log of each author is a register, what one has seen settled nobody sees
// otherwise later, and settled money sums to zero at every moment.
func TestConcurrentClientsSeeOneHistory(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	nodes, id := witnesses(t, historyNodes, 0, "5.00")
	h := &historian{t: t, id: id, nodes: nodes, start: time.Now()}
	for i := range nodes {
		h.read(i, 0) // what is there at the beginning
	}
	var first [historyNodes]int64
	for i := range first {
		first[i] = h.logs[i][0].Output.(int64)
		h.logs[i] = nil
	}
	done, stop := context.WithCancel(t.Context())
	var writers, readers sync.WaitGroup
	for i := range nodes {
		for client := range historyWriters {
			rng := rand.New(rand.NewPCG(seed, uint64(10*i+client)))
			writers.Go(func() {
				for range historyWrites {
					h.write(i, client, rng)
				}
			})
		}
		readers.Go(func() {
			for done.Err() == nil {
				h.read(i, historyWriters)
			}
		})
		rng := rand.New(rand.NewPCG(seed, uint64(10*i+9)))
		readers.Go(func() {
			for done.Err() == nil {
				h.look(i, rng)
			}
		})
		readers.Go(func() {
			for done.Err() == nil {
				h.audit(i)
			}
		})
	}
	writers.Wait()
	for i := range nodes {
		for _, n := range nodes {
			last, _ := nodes[i].ledger.Held(nodes[i].log)
			last.Seq = h.newest(i)
			until(t, n, func() bool { return settledUpTo(t, n, nodes[i].log) >= last.Seq })
		}
	}
	stop()
	readers.Wait()
	for i := range nodes {
		h.audit(i)
		model := register
		model.Init = func() any { return first[i] }
		if result := porcupine.CheckOperationsTimeout(model, h.logs[i], patience); result != porcupine.Ok {
			t.Errorf("the log of member %d is no register: %s, of %d operations", i, result, len(h.logs[i]))
		}
		for seq := first[i]; seq <= h.newest(i); seq++ {
			for n := range nodes {
				h.sight(n, nodes[i].log, seq)
			}
		}
	}
	for _, c := range contradictions(h.sightings) {
		t.Error(c)
	}
	h.alike()
	t.Logf("%d, %d and %d operations on the logs, %d sightings", len(h.logs[0]), len(h.logs[1]), len(h.logs[2]), len(h.sightings))
}

// write pays, or works; a payment that is not covered is no operation.
func (h *historian) write(i, client int, rng *rand.Rand) {
	draft := payment(h.nodes, h.id, i, 1+rng.Int64N(300))
	if rng.IntN(4) == 0 {
		me := h.nodes[i].log.Agent()
		draft.Body = &protocol.Event{
			Action: "work", Provider: me, Receiver: protocol.AgentID(h.id),
			EffortQuantity: &protocol.Quantity{N: 1 + rng.Int64N(8), Unit: "hour"},
		}
	}
	call := h.now()
	w, err := h.nodes[i].ledger.Submit(h.t.Context(), draft)
	ret := h.now()
	var over *ledger.OverdraftError
	if errors.As(err, &over) {
		return
	}
	if err != nil {
		h.t.Errorf("node %d: %v", i, err)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.logs[i] = append(h.logs[i], porcupine.Operation{ClientId: client, Input: write{}, Call: call, Output: w.Entry.Seq, Return: ret})
}

// newest returns the seq of the newest event in the log of a node's member.
func (h *historian) newest(i int) int64 {
	n := h.nodes[i]
	head, _ := n.ledger.Held(n.log)
	for seq := head.Seq; seq > 0; seq-- {
		for e, err := range n.ledger.Entries(h.t.Context(), protocol.Range{Log: n.log, First: seq, Last: seq}) {
			if err != nil {
				h.t.Errorf("node %d: %v", i, err)
				return -1
			}
			if e.Kind == protocol.KindEvent {
				return seq
			}
		}
	}
	return 0
}

func (h *historian) read(i, client int) {
	call := h.now()
	seq := h.newest(i)
	ret := h.now()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.logs[i] = append(h.logs[i], porcupine.Operation{ClientId: client, Input: read{}, Call: call, Output: seq, Return: ret})
}

// look sees what a node says of some entry of some log.
func (h *historian) look(i int, rng *rand.Rand) {
	log := h.nodes[rng.IntN(len(h.nodes))].log
	head, held := h.nodes[i].ledger.Held(log)
	if !held {
		h.t.Errorf("node %d does not hold %v", i, log)
		return
	}
	h.sight(i, log, max(0, head.Seq-rng.Int64N(8)))
}

func (h *historian) sight(i int, log protocol.LogID, seq int64) {
	call := h.now()
	for e, err := range h.nodes[i].ledger.Entries(h.t.Context(), protocol.Range{Log: log, First: seq, Last: seq}) {
		if err != nil {
			h.t.Errorf("node %d: %v", i, err)
			return
		}
		status, err := h.nodes[i].ledger.Entry(h.t.Context(), e.ID())
		if err != nil {
			h.t.Errorf("node %d: %v", i, err)
			return
		}
		seen := sighting{node: i, log: log, seq: seq, id: e.ID(), state: status.State, call: call, ret: h.now()}
		h.mu.Lock()
		h.sightings = append(h.sightings, seen)
		h.mu.Unlock()
	}
}

// audit checks a whole node while others write to it.
func (h *historian) audit(i int) {
	a, err := h.nodes[i].ledger.Audit(h.t.Context(), h.id)
	if err != nil {
		h.t.Errorf("node %d: %v", i, err)
		return
	}
	for _, fault := range a.Faults {
		h.t.Errorf("node %d: %s", i, fault)
	}
	if sum := a.Settled["hora"]; !sum.IsZero() {
		h.t.Errorf("node %d: the settled accounts sum to %s", i, sum)
	}
}

// alike checks that every node shows every member the same settled balance, and
// that they sum to zero.
func (h *historian) alike() {
	var want []string
	for i, n := range h.nodes {
		var sum ledger.Total
		for member, other := range h.nodes {
			sheet, err := n.ledger.Balance(h.t.Context(), h.id, other.log.Agent())
			if err != nil || len(sheet.Accounts) != 1 {
				h.t.Fatalf("node %d: %+v, %v", i, sheet, err)
			}
			settled := sheet.Accounts[0].Settled
			sum = sum.Add(settled)
			if i == 0 {
				want = append(want, settled.String())
			} else if settled.String() != want[member] {
				h.t.Errorf("node %d shows member %d %s, node 0 %s", i, member, settled, want[member])
			}
		}
		if !sum.IsZero() {
			h.t.Errorf("node %d: balances sum to %s", i, sum)
		}
	}
}

// TestTheHistoryCheckFindsFaults gives the checks histories that must not pass.
func TestTheHistoryCheckFindsFaults(t *testing.T) {
	op := func(input any, output, call, ret int64) porcupine.Operation {
		return porcupine.Operation{Input: input, Output: output, Call: call, Return: ret}
	}
	for name, c := range map[string]struct {
		ops  []porcupine.Operation
		want bool
	}{
		"in order":           {[]porcupine.Operation{op(write{}, 1, 0, 1), op(read{}, 1, 2, 3), op(write{}, 3, 4, 5)}, true},
		"at the same time":   {[]porcupine.Operation{op(write{}, 1, 0, 9), op(read{}, 0, 2, 3), op(read{}, 1, 4, 5)}, true},
		"a stale read":       {[]porcupine.Operation{op(write{}, 1, 0, 1), op(read{}, 0, 2, 3)}, false},
		"a place used twice": {[]porcupine.Operation{op(write{}, 1, 0, 1), op(write{}, 1, 2, 3)}, false},
		"back again":         {[]porcupine.Operation{op(write{}, 1, 0, 9), op(read{}, 1, 2, 3), op(read{}, 0, 4, 5)}, false},
	} {
		if got := porcupine.CheckOperations(register, c.ops); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	saw := func(node int, id byte, state ledger.State, at int64) sighting {
		return sighting{node: node, id: protocol.EntryID{id}, state: state, call: at, ret: at + 1}
	}
	for name, c := range map[string]struct {
		all  []sighting
		want int
	}{
		"behind":                {[]sighting{saw(0, 1, ledger.Settled, 0), saw(1, 1, ledger.Pending, 5)}, 0},
		"another entry":         {[]sighting{saw(0, 1, ledger.Settled, 0), saw(1, 2, ledger.Settled, 5)}, 2},
		"void afterwards":       {[]sighting{saw(0, 1, ledger.Settled, 0), saw(1, 1, ledger.Void, 5)}, 1},
		"taken back":            {[]sighting{saw(0, 1, ledger.Settled, 0), saw(0, 1, ledger.Pending, 5)}, 1},
		"pending, then settled": {[]sighting{saw(0, 1, ledger.Pending, 0), saw(0, 1, ledger.Settled, 5)}, 0},
	} {
		if got := contradictions(c.all); len(got) != c.want {
			t.Errorf("%s: %v, want %d", name, got, c.want)
		}
	}
}
