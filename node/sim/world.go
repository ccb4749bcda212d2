package sim

import (
	"container/heap"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/minga-commons/minga/protocol"
)

// Options say what a run is like. The zero value is a short one.
type Options struct {
	Nodes    int           // 0: two to five, as the seed decides
	Duration time.Duration // of trouble, in virtual time; 0: half a minute to two
	Calm     bool          // no cuts, crashes or failing disks
}

// Result is what became of a run.
type Result struct {
	Seed      uint64
	Nodes     int
	Steps     int
	Entries   int           // held by every node at the end
	Restores  int           // backups put back
	Crashes   int           // of nodes, those after a failing disk included
	Paid      int           // payments settled
	Shared    int           // distributions settled
	Refused   int           // payments that their authors' nodes refused, beyond the limit
	Forks     int           // logs with several histories, as the first node knows
	Frozen    int           // of them, those of which none is settled
	Things    int           // resources, as the first node knows
	Contested int           // of them, those of which events say different things
	Sets      int           // of witnesses that were in office, the first included
	Charter   int           // versions of the charter that are settled
	Repairs   int           // comparisons of heads that nodes found necessary
	Healed    time.Duration // virtual time from the end of trouble until all were equal
	Trace     string        // hash of everything that happened, in hex
	Err       error         // what went wrong, nil if nothing did
	Tail      []string      // the last lines of the trace
}

const (
	healLimit = 4 * time.Minute // for all to become equal
	calmTime  = 30 * time.Second
	tailLines = 60
	maxSteps  = 3_000_000
)

// world is one run.
type world struct {
	rng      *rand.Rand
	now      time.Time
	queue    events
	order    int
	nodes    []*node
	commons  protocol.CommonsID
	link     protocol.Link
	net      network
	check    *checker
	script   *script
	hash     hash.Hash
	tail     []string
	steps    int
	crashes  int
	refused  int
	computes bool // distributions are what the rules give, and computed again before they are signed
	restores int
	repairs  int
	quiet    bool // the time of trouble is over
	err      error
}

// event is something that happens at a time; events of one time happen in the
// order in which they were planned.
type event struct {
	at    time.Time
	order int
	do    func()
}

type events []event

func (q events) Len() int           { return len(q) }
func (q events) Less(i, j int) bool { return q[i].before(q[j]) }
func (q events) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *events) Push(x any)        { *q = append(*q, x.(event)) }
func (q *events) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	(*q)[last] = event{}
	*q = (*q)[:last]
	return e
}

func (e event) before(o event) bool {
	if !e.at.Equal(o.at) {
		return e.at.Before(o.at)
	}
	return e.order < o.order
}

// Run carries out the run of a seed.
func Run(seed uint64, o Options) Result {
	w := &world{
		rng:  rand.New(rand.NewPCG(seed, 0x73696d)),
		now:  time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		hash: sha256.New(),
	}
	w.check = newChecker(w)
	if o.Nodes == 0 {
		o.Nodes = 2 + w.rng.IntN(4)
	}
	if o.Duration == 0 {
		o.Duration = 30*time.Second + w.between(0, 90*time.Second)
	}
	w.net = newNetwork(w, o)
	for i := range o.Nodes {
		w.nodes = append(w.nodes, newNode(w, i))
	}
	healed := w.play(o)
	r := Result{
		Seed: seed, Nodes: o.Nodes, Steps: w.steps, Entries: w.check.entries(), Crashes: w.crashes, Restores: w.restores, Repairs: w.repairs, Healed: healed,
		Trace: hex.EncodeToString(w.hash.Sum(nil)), Err: w.err, Tail: w.tail,
	}
	w.check.count(&r)
	return r
}

// play lets trouble happen, ends it, and waits until all nodes are equal.
func (w *world) play(o Options) time.Duration {
	s := newScript(w, o)
	w.script, w.computes = s, w.chance(50)
	for _, n := range w.nodes {
		n.start()
	}
	s.begin()
	w.until(w.now.Add(o.Duration))
	w.quiet = true
	s.heal()
	ended := w.now
	w.untilSettled()
	healed := w.now.Sub(ended)
	s.confess()
	w.until(w.now.Add(calmTime))
	w.untilSettled()
	for _, n := range w.nodes {
		if n.alive {
			w.countRepairs(n)
		}
	}
	if w.err == nil {
		w.check.final()
	}
	return healed
}

// untilSettled waits until all nodes are equal.
func (w *world) untilSettled() {
	for limit := w.now.Add(healLimit); w.err == nil && !w.check.settled(); {
		if !w.now.Before(limit) {
			w.fail("the nodes are not equal %v after everything was healed: %s", healLimit, w.check.describe())
			break
		}
		w.until(w.now.Add(time.Second))
	}
}

// until carries out all events up to a time.
func (w *world) until(end time.Time) {
	for w.err == nil && len(w.queue) > 0 && !w.queue[0].at.After(end) {
		e := heap.Pop(&w.queue).(event)
		w.now = e.at
		e.do()
		w.check.step()
		if w.steps++; w.steps > maxSteps {
			w.fail("the run does not come to an end")
		}
	}
	if w.err == nil {
		w.now = end
	}
}

// after plans something.
func (w *world) after(d time.Duration, do func()) {
	w.order++
	heap.Push(&w.queue, event{at: w.now.Add(d), order: w.order, do: do})
}

// fail ends the run.
func (w *world) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
		w.trace("failure: %v", w.err)
	}
}

// trace notes what happens.
func (w *world) trace(format string, args ...any) {
	line := w.now.Format("04:05.000") + " " + fmt.Sprintf(format, args...)
	w.hash.Write([]byte(line))
	w.hash.Write([]byte{'\n'})
	if len(w.tail) == tailLines {
		w.tail = append(w.tail[:0], w.tail[1:]...)
	}
	w.tail = append(w.tail, strings.ToValidUTF8(line, "?"))
}

// between returns a time from low up to high.
func (w *world) between(low, high time.Duration) time.Duration {
	return low + time.Duration(w.rng.Int64N(int64(high-low)))
}

// chance is true in p of a hundred cases.
func (w *world) chance(p int) bool { return w.rng.IntN(100) < p }
