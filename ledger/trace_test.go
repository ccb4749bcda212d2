package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// named are the things of a test under the names that it gives them.
type named map[protocol.EntryID]string

func (n named) steps(steps []ledger.Step) []string {
	var all []string
	for _, s := range steps {
		name := n[s.ID]
		if name == "" {
			name = s.ID.String()
		}
		all = append(all, fmt.Sprintf("%d %s %s", s.Depth, s.Kind, name))
	}
	return all
}

type walker = func(context.Context, protocol.CommonsID, protocol.EntryID, ledger.Page) ([]ledger.Step, string, error)

// walked returns a whole trace, page by page.
func walked(t *testing.T, walk walker, id protocol.CommonsID, from protocol.EntryID, page int) []ledger.Step {
	t.Helper()
	var all []ledger.Step
	for after := ""; ; {
		steps, next, err := walk(context.Background(), id, from, ledger.Page{After: after, Limit: page})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, steps...)
		if next == "" {
			return all
		}
		after = next
	}
}

// bakery is flour that is milled, baked, sold, and refilled after that.
type bakery struct {
	*workshop
	names                               named
	milling, baking                     protocol.EntryID
	grain, flour, bread, sold           protocol.EntryID
	ground, milled, kneaded, worked     protocol.EntryID
	refilled, sale, mistake, correction protocol.EntryID
}

func newBakery(t *testing.T) *bakery {
	b := &bakery{workshop: newWorkshop(t, "Beto")}
	b.milling, b.baking = b.process("milling", protocol.EntryID{}), b.process("baking", protocol.EntryID{})
	b.grain = b.raise("Ana", "grain", 100, "kilogram")

	input := func(process, resource protocol.EntryID, action string, n int64) protocol.EntryID {
		e := b.event(action, "Ana", "Ana", n, "kilogram")
		e.InputOf, e.ResourceInventoriedAs = process, resource
		return b.record(e)
	}
	output := func(process protocol.EntryID, what string, n int64) protocol.EntryID {
		e := b.event("produce", "Ana", "Ana", n, "kilogram")
		e.OutputOf, e.NewInventoriedResource = process, &protocol.NewResource{Name: protocol.PlainText(what), ConformsTo: what}
		return b.record(e)
	}
	b.ground = input(b.milling, b.grain, "consume", 50)
	b.flour = output(b.milling, "flour", 45)
	b.milled = b.flour
	b.kneaded = input(b.baking, b.flour, "consume", 20)
	work := b.event("work", "Ana", "Ana", 3, "hour")
	work.InputOf = b.baking
	b.worked = b.record(work)
	b.mistake = input(b.baking, b.grain, "consume", 7)
	undo := b.event("consume", "Ana", "Ana", -7, "kilogram")
	undo.InputOf, undo.ResourceInventoriedAs, undo.Corrects = b.baking, b.grain, b.mistake
	b.correction = b.record(undo)
	b.bread = output(b.baking, "bread", 30)
	more := b.event("raise", "Ana", "Ana", 10, "kilogram")
	more.ResourceInventoriedAs = b.flour
	b.refilled = b.record(more)
	sale := b.event("transfer", "Ana", "Beto", 12, "kilogram")
	sale.ResourceInventoriedAs = b.bread
	sale.NewInventoriedResource = &protocol.NewResource{Name: protocol.PlainText("Beto's bread"), ConformsTo: "bread"}
	b.sale = b.record(sale)
	b.sold = b.sale
	b.names = named{
		b.milling: "milling", b.baking: "baking", b.grain: "grain", b.flour: "flour", b.bread: "bread", b.sold: "sold",
		b.ground: "ground", b.kneaded: "kneaded", b.worked: "worked", b.refilled: "refilled",
	}
	return b
}

func TestTrace(t *testing.T) {
	b := newBakery(t)
	want := []string{
		"0 resource sold", "1 event sold", "2 resource bread", "3 event bread", "4 process baking",
		"5 event kneaded", "5 event worked", "6 resource flour", "7 event flour", "8 process milling", "9 event ground",
		"10 resource grain", "11 event grain",
	}
	for _, page := range []int{1, 2, 100} {
		got := b.names.steps(walked(t, b.Trace, b.id, b.sold, page))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pages of %d (-want +got):\n%s", page, diff)
		}
	}
	got := b.names.steps(walked(t, b.Trace, b.id, b.kneaded, 100))
	if slices.Contains(got, "1 event refilled") || slices.ContainsFunc(got, func(s string) bool { return strings.HasSuffix(s, "refilled") }) {
		t.Errorf("flour that came later is where the bread came from: %q", got)
	}
	if got := b.names.steps(walked(t, b.Trace, b.id, b.flour, 100)); !slices.Contains(got, "1 event refilled") {
		t.Errorf("a trace of the flour leaves out what it was filled up with: %q", got)
	}
}

func TestTrack(t *testing.T) {
	b := newBakery(t)
	want := []string{
		"0 resource grain", "1 event ground", "2 process milling", "3 event flour", "4 resource flour", "5 event kneaded",
		"6 process baking", "7 event bread", "8 resource bread", "9 event sold", "10 resource sold",
	}
	for _, page := range []int{1, 3, 100} {
		if diff := cmp.Diff(want, b.names.steps(walked(t, b.Track, b.id, b.grain, page))); diff != "" {
			t.Errorf("pages of %d (-want +got):\n%s", page, diff)
		}
	}
	if got := b.names.steps(walked(t, b.Track, b.id, b.refilled, 100)); len(got) != 2 {
		t.Errorf("what was filled in last went to %q, want nothing but its resource", got)
	}
}

// TestTraceLoop walks a resource that goes through the same process again and
// again.
func TestTraceLoop(t *testing.T) {
	s := newWorkshop(t)
	machine := s.raise("Ana", "machine", 1, "one")
	repair := s.process("repair", protocol.EntryID{})
	for range 3 {
		in, out := s.event("accept", "Ana", "Ana", 1, "one"), s.event("modify", "Ana", "Ana", 1, "one")
		in.InputOf, in.ResourceInventoriedAs = repair, machine
		s.record(in)
		out.OutputOf, out.ResourceInventoriedAs = repair, machine
		s.record(out)
	}
	for name, walk := range map[string]walker{"trace": s.Trace, "track": s.Track} {
		steps := walked(t, walk, s.id, machine, 100)
		seen := map[string]bool{}
		for _, step := range steps {
			if at := string(step.Kind) + step.ID.String(); seen[at] {
				t.Errorf("%s visits %s twice", name, at)
			} else {
				seen[at] = true
			}
		}
		if len(steps) < 8 {
			t.Errorf("%s has %d steps, want the machine, its repair and six events", name, len(steps))
		}
	}
}

// TestTraceResumes goes on in a ledger that was closed meanwhile, and refuses a
// cursor that no longer fits.
func TestTraceResumes(t *testing.T) {
	b := newBakery(t)
	all := walked(t, b.Trace, b.id, b.sold, 100)
	ctx := context.Background()
	_, next, err := b.Trace(ctx, b.id, b.sold, ledger.Page{Limit: 4})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the first takes the walk that waits, the second walks again
		steps, _, err := b.Trace(ctx, b.id, b.sold, ledger.Page{After: next})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(b.names.steps(all[4:]), b.names.steps(steps)); diff != "" {
			t.Errorf("the second page (-want +got):\n%s", diff)
		}
	}
	if _, _, err := b.Trace(ctx, b.id, b.bread, ledger.Page{After: next}); !errors.Is(err, ledger.ErrInvalid) {
		t.Errorf("a cursor of another trace gives %v, want ErrInvalid", err)
	}
	if _, _, err := b.Trace(ctx, b.id, b.id.EntryID, ledger.Page{}); !errors.Is(err, ledger.ErrInvalid) {
		t.Errorf("the trace of a commons gives %v, want ErrInvalid", err)
	}
	if _, _, err := b.Trace(ctx, b.id, protocol.EntryID{1}, ledger.Page{}); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("the trace of nothing gives %v, want ErrNotFound", err)
	}
}

func (b *bakery) lines(lines []ledger.RollUpLine) []string {
	var all []string
	for _, l := range lines {
		all = append(all, fmt.Sprintf("%s %s %s %s", l.Action, l.ConformsTo, l.Quantity.Value, l.Quantity.Unit))
	}
	return all
}

func TestRollUp(t *testing.T) {
	b := newBakery(t)
	up, err := b.RollUp(context.Background(), b.id, b.sold, ledger.Total{})
	if err != nil {
		t.Fatal(err)
	}
	// 30 kg of bread took 20 of 45 kg of flour, which took 50 kg of grain, and 3 h.
	want := []string{"raise grain 0.740740741 kilogram", "work  0.1 hour"}
	if diff := cmp.Diff(want, b.lines(up.Lines)); diff != "" {
		t.Errorf("one unit (-want +got):\n%s", diff)
	}
	up, err = b.RollUp(context.Background(), b.id, b.bread, rules.TotalOf(protocol.Amount{N: 18}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"raise grain 13.333333333 kilogram", "work  1.8 hour"}, b.lines(up.Lines)); diff != "" {
		t.Errorf("what is left of the bread (-want +got):\n%s", diff)
	}
	if up, err = b.RollUp(context.Background(), b.id, b.bread, rules.TotalOf(protocol.Amount{N: 30})); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"raise grain 22.222222222 kilogram", "work  3 hour"}, b.lines(up.Lines)); diff != "" {
		t.Errorf("all of the bread that was ever baked (-want +got):\n%s", diff)
	}
}

func TestProvenance(t *testing.T) {
	b := newBakery(t)
	want := []string{
		"11 event grain", "10 resource grain", "9 event ground", "8 process milling", "7 event flour", "6 resource flour",
		"5 event kneaded", "5 event worked", "4 process baking", "3 event bread", "2 resource bread", "1 event sold", "0 resource sold",
	}
	for _, page := range []int{1, 5, 100} {
		if diff := cmp.Diff(want, b.names.steps(walked(t, b.Provenance, b.id, b.sold, page))); diff != "" {
			t.Errorf("pages of %d (-want +got):\n%s", page, diff)
		}
	}
}

func TestNetworkFlows(t *testing.T) {
	b := newBakery(t)
	flows, err := b.NetworkFlows(context.Background(), b.id, b.sold)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range flows {
		to := "Beto"
		if f.Receiver == b.agents["Ana"] {
			to = "Ana"
		}
		got = append(got, fmt.Sprintf("%s %s %s %s %d", to, f.Action, f.ConformsTo, f.Quantity.Value, f.Events))
	}
	slices.Sort(got)
	want := []string{
		"Ana consume flour 20 1", "Ana consume grain 50 1", "Ana produce bread 30 1", "Ana produce flour 45 1",
		"Ana raise grain 100 1", "Ana work  3 1", "Beto transfer bread 12 1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
