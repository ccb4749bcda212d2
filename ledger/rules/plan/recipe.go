package plan

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// ErrRecipe is wrapped by every error about a recipe from which nothing can be
// planned.
var ErrRecipe = errors.New("the recipe cannot be planned")

// Step is a process of a recipe, or an exchange in one.
type Step struct {
	ID       protocol.EntryID
	Name     string
	Exchange bool
	Stage    string             // the process specification: its name, or whatever stands for it
	Based    protocol.Value     // processConformsTo as it was given
	Duration *protocol.Quantity // of one run
	Classes  protocol.Value     // processClassifiedAs
}

// Flow is a flow of a recipe.
type Flow struct {
	ID         protocol.EntryID
	In, Out    protocol.EntryID // the process of which it is an input or output
	Clause     protocol.EntryID // the exchange of which it is a clause
	Reciprocal protocol.EntryID // the exchange of which it is a clause in return
	Spec       string           // the resource specification: its name, or whatever stands for it
	Stage      string
	Body       map[string]protocol.Value // all properties, as amended
	Note       protocol.Text
}

// Book is what is known of recipes.
type Book struct {
	Steps []Step // ascending by identifier, so that one book gives one plan
	Flows []Flow // likewise
}

// demanded says of which actions the resource is made by what comes before: what
// a process uses or works with is there already.
var demanded = map[string]bool{
	"consume": true, "accept": true, "pickup": true, "combine": true, "deliverService": true, "transfer": true,
	"transferAllRights": true, "transferCustody": true,
}

// pairs are the inputs that come out of the same process again.
var pairs = map[string]string{"accept": "modify", "pickup": "dropoff"}

func (f Flow) action() string { a, _ := f.Body["action"].(string); return a }

// amount returns what a flow is about: its resource quantity, else its effort.
func (f Flow) amount() (protocol.Quantity, bool) {
	for _, of := range []byte{OfResource, OfEffort} {
		if q, is := QuantityFrom(f.Body[Property(of)]); is {
			return q, q.N > 0
		}
	}
	return protocol.Quantity{}, false
}

// Run is one step of a recipe in a plan: how many times it is run, and what runs
// after it.
type Run struct {
	Step
	Times *big.Rat
	After []int // the runs that take what it gives
}

// explosion works out the runs of a demand.
type explosion struct {
	book    Book
	order   []protocol.EntryID // steps, those that give last
	state   map[protocol.EntryID]int
	path    []protocol.EntryID
	demands map[protocol.EntryID][]need // by the step that meets it
}

// need is a demand of one step for what another one gives.
type need struct {
	from  protocol.EntryID // zero: what is wanted
	input Flow             // of from
	given Flow             // of the step that meets it
}

const (
	unseen = iota
	open
	done
)

// Explode returns the runs that give a quantity of a resource specification, the
// last first, and the flow that is wanted. A step that several others need runs
// once, as many times as all of them need. What no step gives is taken to be
// there. A step that needs what it makes, at whatever distance, is refused.
func (b Book) Explode(spec string, q protocol.Quantity) ([]Run, Flow, error) {
	x := explosion{book: b, state: map[protocol.EntryID]int{}, demands: map[protocol.EntryID][]need{}}
	wanted, last, err := b.last(spec)
	if err != nil {
		return nil, wanted, err
	}
	x.demands[last] = []need{{given: wanted}}
	if err := x.visit(last); err != nil {
		return nil, wanted, err
	}
	slices.Reverse(x.order) // consumers first
	runs, err := x.runs(q)
	return runs, wanted, err
}

// visit follows what a step needs, depth first.
func (x *explosion) visit(step protocol.EntryID) error {
	switch x.state[step] {
	case done:
		return nil
	case open:
		return x.cycle(step)
	}
	x.state[step], x.path = open, append(x.path, step)
	for _, f := range x.book.Flows {
		if f.In != step || !demanded[f.action()] {
			continue
		}
		given, by, met, err := x.book.giver(f)
		if err != nil {
			return err
		}
		if !met {
			continue
		}
		x.demands[by] = append(x.demands[by], need{from: step, input: f, given: given})
		if err := x.visit(by); err != nil {
			return err
		}
	}
	x.state[step], x.path = done, x.path[:len(x.path)-1]
	x.order = append(x.order, step)
	return nil
}

func (x *explosion) cycle(step protocol.EntryID) error {
	var names []string
	for _, id := range append(x.path[slices.Index(x.path, step):], step) {
		names = append(names, x.book.step(id).text())
	}
	return fmt.Errorf("%w: it needs what it makes: %s", ErrRecipe, strings.Join(names, " <- "))
}

func (b Book) step(id protocol.EntryID) Step {
	for _, s := range b.Steps {
		if s.ID == id {
			return s
		}
	}
	return Step{ID: id}
}

func (s Step) text() string {
	if s.Name != "" {
		return s.Name
	}
	return s.ID.String()
}

// gives returns the flows by which steps give a resource specification: outputs
// of processes, or where there are none, clauses of exchanges.
func (b Book) gives(spec string) (outputs []Flow) {
	var clauses []Flow
	for _, f := range b.Flows {
		if _, some := f.amount(); f.Spec != spec || !some {
			continue
		}
		if !f.Out.IsZero() {
			outputs = append(outputs, f)
		} else if !f.Clause.IsZero() && f.In.IsZero() {
			clauses = append(clauses, f)
		}
	}
	if len(outputs) == 0 {
		return clauses
	}
	return outputs
}

func (f Flow) giver() protocol.EntryID {
	if f.Out.IsZero() {
		return f.Clause
	}
	return f.Out
}

// last returns the step that gives what is wanted: of several, the one whose
// output no other one takes up again.
func (b Book) last(spec string) (Flow, protocol.EntryID, error) {
	all := b.gives(spec)
	if len(all) == 0 {
		return Flow{}, protocol.EntryID{}, fmt.Errorf("%w: no step of it gives %s", ErrRecipe, spec)
	}
	ends := slices.DeleteFunc(slices.Clone(all), func(f Flow) bool {
		stage := b.step(f.giver()).Stage
		return slices.ContainsFunc(b.Flows, func(in Flow) bool {
			return !in.In.IsZero() && in.In != f.giver() && in.Spec == spec && demanded[in.action()] && (in.Stage == stage && stage != "" || in.Stage == "")
		})
	})
	switch len(ends) {
	case 0:
		return all[0], all[0].giver(), nil // they feed one another: the cycle is named below
	case 1:
		return ends[0], ends[0].giver(), nil
	}
	return Flow{}, protocol.EntryID{}, b.several(spec, ends)
}

func (b Book) several(spec string, flows []Flow) error {
	var names []string
	for _, f := range flows {
		names = append(names, b.step(f.giver()).text())
	}
	return fmt.Errorf("%w: several steps give %s: %s; name the recipe, or a stage", ErrRecipe, spec, strings.Join(names, ", "))
}

// giver returns the step that meets the demand of an input, and by which flow.
// met is false if none does: the resource is there, or bought.
func (b Book) giver(in Flow) (given Flow, by protocol.EntryID, met bool, err error) {
	all := slices.DeleteFunc(b.gives(in.Spec), func(f Flow) bool {
		back := f.giver() == in.In && pairs[in.action()] == f.action()
		return back || in.Stage != "" && b.step(f.giver()).Stage != in.Stage
	})
	switch len(all) {
	case 0:
		return Flow{}, protocol.EntryID{}, false, nil
	case 1:
		return all[0], all[0].giver(), true, nil
	}
	return Flow{}, protocol.EntryID{}, false, b.several(in.Spec, all)
}

// runs works out how often each step runs, consumers first.
func (x *explosion) runs(wanted protocol.Quantity) ([]Run, error) {
	var runs []Run
	at := map[protocol.EntryID]int{}
	for _, id := range x.order {
		run := Run{Step: x.book.step(id), Times: new(big.Rat)}
		for _, n := range x.demands[id] {
			q, times := wanted, big.NewRat(1, 1)
			if !n.from.IsZero() {
				after := at[n.from]
				run.After = append(run.After, after)
				q, _ = n.input.amount()
				times = runs[after].Times
			}
			part, err := share(q, times, n.given)
			if err != nil {
				return nil, fmt.Errorf("%w: %s: %w", ErrRecipe, run.text(), err)
			}
			run.Times.Add(run.Times, part)
		}
		at[id] = len(runs)
		runs = append(runs, run)
	}
	return runs, nil
}

// share returns how many runs of a step give so many times a quantity.
func share(q protocol.Quantity, times *big.Rat, given Flow) (*big.Rat, error) {
	one, _ := given.amount()
	factor, err := unit.Factor(q.Unit, one.Unit)
	if err != nil && q.Unit != one.Unit {
		return nil, err
	}
	if err != nil {
		factor = big.NewRat(1, 1)
	}
	part := new(big.Rat).Mul(exact(q), times)
	part.Mul(part, factor)
	return part.Quo(part, exact(one)), nil
}

// exact returns a quantity as a rational number.
func exact(q protocol.Quantity) *big.Rat {
	return new(big.Rat).SetFrac(big.NewInt(q.N), new(big.Int).Exp(big.NewInt(10), big.NewInt(q.Scale), nil))
}
