package archive

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// book is a ledger in memory: just enough of one to import into.
type book struct {
	commons protocol.CommonsID
	me      protocol.LogID
	steward bool
	agents  []ledger.Agent
	events  []ledger.Event
	seq     int64
	largest int               // the largest batch so far
	refuse  func(string) bool // source keys that the ledger finds invalid
}

func newBook() *book {
	return &book{commons: protocol.CommonsID{EntryID: protocol.EntryID{1}}, me: protocol.LogID{EntryID: protocol.EntryID{2}}, steward: true}
}

func (b *book) Commons(context.Context) ([]ledger.Commons, error) {
	return []ledger.Commons{{ID: b.commons, Me: b.me}}, nil
}

func (b *book) FindAgent(_ context.Context, _ protocol.CommonsID, name string) (ledger.Agent, error) {
	if name == b.me.String() {
		return ledger.Agent{ID: b.me.Agent(), Name: "Me", Steward: b.steward}, nil
	}
	var found []ledger.Agent
	for _, a := range b.agents {
		if strings.EqualFold(a.Name, name) || a.ID.String() == name {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 0:
		return ledger.Agent{}, fmt.Errorf("agent %q: %w", name, ledger.ErrNotFound)
	case 1:
		return found[0], nil
	}
	return ledger.Agent{}, &ledger.AmbiguousError{Name: name, Candidates: found}
}

func (b *book) Source(_ context.Context, _ protocol.CommonsID, log protocol.LogID, key string) (id protocol.EntryID, held bool, err error) {
	for _, e := range b.events {
		if e.Body.Source == key && (log.IsZero() || e.Entry.Log == log) {
			id, held = e.ID, true
		}
	}
	return id, held, nil
}

func (b *book) FindEntry(_ context.Context, _ protocol.CommonsID, prefix string) (protocol.EntryID, error) {
	var found []protocol.EntryID
	for _, e := range b.events {
		if strings.HasPrefix(e.ID.String(), prefix) {
			found = append(found, e.ID)
		}
	}
	switch len(found) {
	case 0:
		return protocol.EntryID{}, fmt.Errorf("entry %q: %w", prefix, ledger.ErrNotFound)
	case 1:
		return found[0], nil
	}
	return protocol.EntryID{}, fmt.Errorf("%w: %q fits %d entries", ledger.ErrInvalid, prefix, len(found))
}

func (b *book) Event(_ context.Context, id protocol.EntryID) (ledger.Event, error) {
	for _, e := range b.events {
		if e.ID == id {
			return e, nil
		}
	}
	return ledger.Event{}, ledger.ErrNotFound
}

func (b *book) SubmitBatch(_ context.Context, drafts []ledger.Draft) (all []ledger.Written, err error) {
	b.largest = max(b.largest, len(drafts))
	for _, d := range drafts {
		if e, is := d.Body.(*protocol.Event); is && b.refuse != nil && b.refuse(e.Source) {
			return all, fmt.Errorf("%w: not here", ledger.ErrInvalid)
		}
		all = append(all, b.write(b.me, d.Body))
	}
	return all, nil
}

func (b *book) write(log protocol.LogID, body protocol.Body) ledger.Written {
	b.seq++
	entry, err := protocol.New(protocol.Placement{Log: log, Seq: b.seq, Prev: protocol.EntryID{3}}, body)
	if err != nil {
		panic(err)
	}
	switch body := entry.Body.(type) {
	case *protocol.Agent:
		b.agents = append(b.agents, ledger.Agent{ID: protocol.AgentID{EntryID: entry.ID()}, Name: body.Card.Name.Plain})
	case *protocol.Event:
		b.events = append(b.events, ledger.Event{ID: entry.ID(), Entry: entry, Body: body})
	}
	return ledger.Written{Entry: entry}
}

func TestAProcessIsNamedByTheBeginningOfItsIdentifier(t *testing.T) {
	b := newBook()
	for _, name := range []string{"one", "two"} {
		b.write(b.me, &protocol.Event{Action: "produce", Source: name, ResourceQuantity: &protocol.Quantity{N: 1, Unit: "one"}})
	}
	held, elsewhere := b.events[0].ID, protocol.EntryID{9}
	const head = "source_key,time,agent,action,quantity,unit,resource,note,process\n"
	row := func(key, action, process string) string {
		return key + ",2026-03-01,Rosa," + action + ",1,h,,," + process + "\n"
	}
	got, faults := load(t, b, head+
		row("whole", "work", elsewhere.String())+
		row("prefix", "work", held.String()[:20])+
		row("out", "deliverService", held.String()[:9])+
		row("apart", "transfer", held.String()[:9])+
		row("short", "work", held.String()[:7])+
		row("name", "work", "Potato harvest")+
		row("unknown", "work", "bafyreiaaaaaaaaa"), Options{})
	if got.Added != 3 || got.Refused != 4 {
		t.Errorf("%+v", got)
	}
	of := map[string][2]protocol.EntryID{}
	for _, e := range b.events {
		of[e.Body.Source] = [2]protocol.EntryID{e.Body.InputOf, e.Body.OutputOf}
	}
	for key, want := range map[string][2]protocol.EntryID{"whole": {elsewhere}, "prefix": {held}, "out": {{}, held}} {
		if of[key] != want {
			t.Errorf("%s: input of and output of %v, want %v", key, of[key], want)
		}
	}
	for i, want := range []string{"neither input nor output", "neither the identifier", "neither the identifier", "no entry is held"} {
		if !strings.Contains(faults[i], want) {
			t.Errorf("fault %q, want %q", faults[i], want)
		}
	}
	again, _ := load(t, b, head+row("prefix", "work", held.String()), Options{})
	if again.Unchanged != 1 {
		t.Errorf("the same row with the whole identifier: %+v", again)
	}
}

// summary counts the outcomes of an import.
type summary struct {
	Read, Added, Unchanged, Skipped, Corrected, Changed, Refused, Agents int
}

// load imports rows into a book and returns what became of them, and the
// faults.
func load(t *testing.T, b *book, file string, o Options) (s summary, faults []string) {
	t.Helper()
	o.Commons = b.commons
	last := int64(1)
	for r, err := range Import(context.Background(), b, strings.NewReader(file), o) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Line <= last {
			t.Errorf("line %d after line %d", r.Line, last)
		}
		last = r.Line
		s.Read++
		s.Agents += r.Agents
		switch r.Outcome {
		case Added:
			s.Added++
		case Unchanged:
			s.Unchanged++
		case Skipped:
			s.Skipped++
		case Corrected:
			s.Corrected++
		case Changed:
			s.Changed++
		case Refused:
			s.Refused++
		}
		if r.Fault != nil {
			faults = append(faults, r.Fault.Error())
		}
		stands := r.Outcome != Refused && !o.DryRun
		if stands && r.Event.IsZero() && r.Outcome != Unchanged {
			t.Errorf("line %d has no event", r.Line)
		}
	}
	return s, faults
}

func expect(t *testing.T, want, got summary) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

const two = header + "k1,2026-03-01,Ana,work,3,h,Huerta,\nk2,2026-03-02T08:00:00Z,Beto,produce,2.5,kg,Papa,for the feast\n"

func TestImportRecordsRowsAsEvents(t *testing.T) {
	b := newBook()
	file := strings.Replace(two, "note\n", "note,confirmed_by,receiver\n", 1)
	file = strings.Replace(file, "Huerta,\n", "Huerta,,Carla,\n", 1)
	file = strings.Replace(file, "feast\n", "feast,Ana,Beto\n", 1)
	s, faults := load(t, b, file, Options{})
	expect(t, summary{Read: 2, Added: 2, Agents: 2}, s)
	if len(faults) != 0 {
		t.Error(faults)
	}
	ana, beto := b.agents[0], b.agents[1]
	want := []*protocol.Event{
		{Action: "work", Provider: ana.ID, Receiver: b.commons.Charter().Agent(), ResourceConformsTo: "Huerta", EffortQuantity: &protocol.Quantity{N: 3, Unit: "hour"}, HasPointInTime: "2026-03-01", Note: protocol.PlainText("(confirmed by: Carla, as the file says)"), Source: "k1"},
		{Action: "produce", Provider: beto.ID, Receiver: beto.ID, ResourceConformsTo: "Papa", ResourceQuantity: &protocol.Quantity{N: 25, Scale: 1, Unit: "kilogram"}, HasPointInTime: "2026-03-02T08:00:00Z", Note: protocol.PlainText("for the feast (confirmed by: Ana, as the file says)"), Source: "k2"},
	}
	for n, e := range b.events {
		if diff := cmp.Diff(want[n], e.Body); diff != "" {
			t.Error(diff)
		}
	}
}

func TestImportAgainChangesNothing(t *testing.T) {
	b := newBook()
	load(t, b, two, Options{})
	before := b.seq
	s, _ := load(t, b, two, Options{Correct: true})
	expect(t, summary{Read: 2, Unchanged: 2}, s)
	s, _ = load(t, b, strings.Replace(two, ",3,h,", ",3.00,hour,", 1), Options{})
	expect(t, summary{Read: 2, Unchanged: 2}, s)
	if b.seq != before {
		t.Errorf("%d entries were written", b.seq-before)
	}
}

func TestImportDryRunWritesNothing(t *testing.T) {
	b := newBook()
	s, _ := load(t, b, two+"k3,2026-03-02,ANA,work,1,h,Huerta,\nk3,2026-03-02,ANA,work,1,h,Huerta,\n", Options{DryRun: true})
	expect(t, summary{Read: 4, Added: 3, Unchanged: 1, Agents: 2}, s)
	if b.seq != 0 {
		t.Errorf("%d entries were written", b.seq)
	}
}

func TestImportOfAChangedRow(t *testing.T) {
	b := newBook()
	load(t, b, two, Options{})
	changed := strings.Replace(two, ",3,h,", ",4,h,", 1)

	s, faults := load(t, b, changed, Options{})
	expect(t, summary{Read: 2, Unchanged: 1, Changed: 1}, s)
	if len(faults) != 1 || !strings.Contains(faults[0], "line 2, column source_key: recorded before with other content") {
		t.Errorf("got %q", faults)
	}

	s, _ = load(t, b, changed, Options{Correct: true})
	expect(t, summary{Read: 2, Unchanged: 1, Corrected: 1}, s)
	again, back := b.events[2].Body, b.events[3].Body
	if back.Corrects != b.events[0].ID || back.EffortQuantity.N != -3 || back.Source != "" || back.Provider != b.agents[0].ID {
		t.Errorf("the correction is %+v", back)
	}
	if again.EffortQuantity.N != 4 || again.Source != "k1" || !again.Corrects.IsZero() {
		t.Errorf("the new event is %+v", again)
	}

	s, _ = load(t, b, changed, Options{Correct: true})
	expect(t, summary{Read: 2, Unchanged: 2}, s)
}

func TestImportSkipsWhatAnotherMemberRecorded(t *testing.T) {
	b := newBook()
	b.write(protocol.LogID{EntryID: protocol.EntryID{9}}, &protocol.Event{Action: "work", Source: "k1"})
	s, _ := load(t, b, two, Options{})
	expect(t, summary{Read: 2, Added: 1, Skipped: 1, Agents: 2}, s)
}

func TestImportOfAKeyTwice(t *testing.T) {
	b := newBook()
	s, faults := load(t, b, two+"k1,2026-03-01,Ana,work,3,h,Huerta,\nk2,2026-03-02,Beto,work,1,h,Huerta,\n", Options{Correct: true})
	expect(t, summary{Read: 4, Added: 2, Unchanged: 1, Refused: 1, Agents: 2}, s)
	if len(faults) != 1 || !strings.Contains(faults[0], "line 5, column source_key: the key stands on line 3 with other content") {
		t.Errorf("got %q", faults)
	}
}

func TestImportByAMemberCreatesNoAgents(t *testing.T) {
	b := newBook()
	b.steward = false
	b.agents = []ledger.Agent{{ID: protocol.AgentID{EntryID: protocol.EntryID{7}}, Name: "Ana"}}
	s, faults := load(t, b, two, Options{})
	expect(t, summary{Read: 2, Added: 1, Refused: 1}, s)
	if len(faults) != 1 || !strings.Contains(faults[0], `line 3, column agent: there is no agent "Beto", and only a steward`) {
		t.Errorf("got %q", faults)
	}
}

func TestImportByAStranger(t *testing.T) {
	b := newBook()
	b.me = protocol.LogID{}
	for _, err := range Import(context.Background(), b, strings.NewReader(two), Options{Commons: b.commons}) {
		if !errors.Is(err, ledger.ErrNotMember) {
			t.Errorf("got %v", err)
		}
	}
}

func TestImportOfAmbiguousAndUnknownAgents(t *testing.T) {
	b := newBook()
	for n := range 2 {
		b.agents = append(b.agents, ledger.Agent{ID: protocol.AgentID{EntryID: protocol.EntryID{byte(7 + n)}}, Name: "Ana"})
	}
	nobody := protocol.EntryID{42}.String()
	s, faults := load(t, b, two+"k3,2026-03-02,"+nobody+",work,1,h,Huerta,\n", Options{})
	expect(t, summary{Read: 3, Added: 1, Refused: 2, Agents: 1}, s)
	if len(faults) != 2 || !strings.Contains(faults[0], "fits several agents") || !strings.Contains(faults[1], "there is no agent \"bafy") {
		t.Errorf("got %q", faults)
	}
}

func TestImportRefusesOnlyTheRowThatTheLedgerRefuses(t *testing.T) {
	for _, key := range []string{"k1", "k2", "k3"} {
		b := newBook()
		b.refuse = func(source string) bool { return source == key }
		s, faults := load(t, b, two+"k3,2026-03-01,Ana,work,1,h,Huerta,\n", Options{})
		expect(t, summary{Read: 3, Added: 2, Refused: 1, Agents: 2}, s)
		if len(faults) != 1 || !strings.Contains(faults[0], "invalid: not here") {
			t.Errorf("got %q", faults)
		}
	}
}

func TestImportOfACorrectionThatTheLedgerRefuses(t *testing.T) {
	b := newBook()
	load(t, b, two, Options{})
	b.refuse = func(source string) bool { return source == "" } // the correction
	s, faults := load(t, b, strings.Replace(two, ",3,h,", ",4,h,", 1), Options{Correct: true})
	expect(t, summary{Read: 2, Unchanged: 1, Refused: 1}, s)
	if len(faults) != 1 || !strings.Contains(faults[0], "could not be corrected") {
		t.Errorf("got %q", faults)
	}
}

func TestImportReadsARealHistory(t *testing.T) {
	file, err := os.ReadFile("../../scripts/demo/contributions-hrea.csv")
	if err != nil {
		t.Fatal(err)
	}
	b := newBook()
	s, _ := load(t, b, string(file), Options{})
	expect(t, summary{Read: 2808, Added: 2808, Agents: 13}, s)
	if b.largest > batchRows {
		t.Errorf("a batch of %d", b.largest)
	}
	if got := len(b.events); got != 2808 {
		t.Errorf("%d events", got)
	}
}
