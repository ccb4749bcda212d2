package replica

import (
	"testing"
	"time"

	"github.com/minga-commons/minga/protocol"
)

// restored is a world of n nodes, each with a log, whose last node had a backup
// put back: its log lacks its newest half. It is not connected yet, and knows
// all others.
func restored(t *testing.T, n int, copied bool) (w *world, id protocol.CommonsID, logs []protocol.LogID) {
	w, id = commons(t, n)
	logs = []protocol.LogID{id.Charter()} // whoever founded speaks for the charter log here
	w.connect()
	last := w.nodes[n-1]
	for i, o := range w.nodes[1:] {
		logs = append(logs, o.mem.join(byte(i+1), id))
		w.changed(o)
	}
	last.mem.write(logs[n-1], 5, "before")
	w.changed(last)
	w.pass(10 * time.Second)
	backup := last.mem.backup()
	last.mem.write(logs[n-1], 5, "after")
	w.changed(last)
	w.pass(10 * time.Second)
	w.equal(id)

	for _, o := range w.nodes[:n-1] {
		w.part(o, last)
		last.known = append(last.known, KnownPeer{ID: o.id.String(), Addrs: []string{o.addr()}})
	}
	w.cut = true
	last.mem = backup
	last.mem.question = &Question{
		Own: []protocol.LogID{logs[n-1]}, Witnesses: logs[:n-1], Enough: n - 1, Copied: copied,
	}
	if copied {
		last.mem.journal = protocol.JournalID{99}
	}
	return w, id, logs
}

func (n *node) entries(log protocol.LogID) int { return len(n.mem.logs[log].entries) }

func TestOwnLogComesBackBeforeAnythingIsWritten(t *testing.T) {
	for name, copied := range map[string]bool{"copied": true, "set back beneath": false} {
		t.Run(name, func(t *testing.T) {
			w, id, logs := restored(t, 2, copied)
			last := w.nodes[1]
			last.start()
			w.run()
			if last.mem.writing != "" {
				t.Fatalf("before anybody has answered: %q", last.mem.writing)
			}
			w.cut = false
			w.connect()
			w.pass(2 * time.Second)
			if last.mem.writing != "sure" || last.entries(logs[1]) != 11 {
				t.Errorf("writing %q with %d entries, want sure with 11", last.mem.writing, last.entries(logs[1]))
			}
			last.mem.write(logs[1], 1, "on")
			w.changed(last)
			w.pass(2 * time.Second)
			w.equal(id)
			for _, n := range w.nodes {
				if n.mem.logs[logs[1]].fork != nil {
					t.Errorf("%s knows of a fork", n.id)
				}
			}
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		copied, alone, peers bool
		first                string // at once
		within               time.Duration
		then                 string
	}{
		"copied":                     {true, false, true, "", askCopied, "refused"},
		"copied, no peer known":      {true, false, false, "", askCopied, "refused"},
		"copied, never had a peer":   {true, true, false, "sure", 0, "sure"},
		"in place":                   {false, false, true, "", askAnyhow, "open"},
		"in place, no peer known":    {false, false, false, "open", 0, "open"},
		"in place, never had a peer": {false, true, false, "sure", 0, "sure"},
	} {
		t.Run(name, func(t *testing.T) {
			w, _, _ := restored(t, 2, c.copied)
			last := w.nodes[1]
			last.mem.question.Alone = c.alone
			if !c.peers {
				last.known = nil
			}
			last.start()
			if last.mem.writing != c.first {
				t.Errorf("at once %q, want %q", last.mem.writing, c.first)
			}
			if c.within > 0 {
				w.pass(c.within - time.Second)
				if last.mem.writing != c.first {
					t.Errorf("early %q, want %q", last.mem.writing, c.first)
				}
				w.pass(time.Second)
			}
			if last.mem.writing != c.then {
				t.Errorf("then %q, want %q", last.mem.writing, c.then)
			}
			if c.copied && !c.alone {
				w.cut = false
				w.connect()
				w.pass(2 * time.Second)
				if last.mem.writing != "sure" {
					t.Errorf("with a peer after all %q, want sure", last.mem.writing)
				}
			}
		})
	}
}

// TestWitnessesAreAskedForAsLongAsItTakes: one peer lets the node write after a
// while, enough witnesses at once.
func TestWitnessesAreAskedForAsLongAsItTakes(t *testing.T) {
	w, _, logs := restored(t, 4, true)
	last := w.nodes[3]
	last.mem.question.Enough = 2
	last.start()
	connect := func(n *node) {
		w.join(n, last)
		w.run()
	}
	w.cut = false
	for _, n := range w.nodes[1:3] {
		last.r.known[n.id.String()].dialAt = w.now.Add(time.Hour) // it is away
		n.r.known[last.id.String()].dialAt = w.now.Add(time.Hour)
	}
	connect(w.nodes[0])
	w.pass(askCopied - 2*time.Second)
	if last.entries(logs[3]) != 11 || last.mem.writing != "" {
		t.Errorf("after one of two witnesses %q with %d entries, want it to ask on with 11", last.mem.writing, last.entries(logs[3]))
	}
	w.pass(3 * time.Second)
	if last.mem.writing != "open" {
		t.Errorf("in the end %q, want open", last.mem.writing)
	}
	connect(w.nodes[1])
	w.pass(3 * time.Second)
	if last.mem.writing != "sure" {
		t.Errorf("after two witnesses %q, want sure", last.mem.writing)
	}
}

// TestAllKnownPeersHaveAnswered: there is nobody left to wait for.
func TestAllKnownPeersHaveAnswered(t *testing.T) {
	w, _, _ := restored(t, 3, true)
	last := w.nodes[2]
	last.mem.question.Witnesses = nil
	last.start()
	w.cut = false
	w.connect()
	w.pass(3 * time.Second)
	if last.mem.writing != "open" {
		t.Errorf("writing %q, want open", last.mem.writing)
	}
}

// TestAnAnswerIsWhatComesWithTheEntries: a peer that says how far the log had
// come and cannot show it has not answered, nor has one that holds nothing.
func TestAnAnswerIsWhatComesWithTheEntries(t *testing.T) {
	t.Run("withheld", func(t *testing.T) {
		w, _, logs := restored(t, 2, true)
		last := w.nodes[1]
		w.nodes[0].mem.withheld = logs[1]
		last.start()
		w.cut = false
		w.connect()
		w.pass(askCopied + time.Second)
		if last.mem.writing != "refused" {
			t.Errorf("writing %q, want refused", last.mem.writing)
		}
		w.nodes[0].mem.withheld = protocol.LogID{}
		w.pass(2 * time.Minute)
		if last.mem.writing != "sure" || last.entries(logs[1]) != 11 {
			t.Errorf("writing %q with %d entries, want sure with 11", last.mem.writing, last.entries(logs[1]))
		}
	})
	t.Run("empty", func(t *testing.T) {
		w, id, logs := restored(t, 2, true)
		first, last := w.nodes[0], w.nodes[1]
		first.mem = newMemory(1)
		first.mem.follows[id] = true
		first.start()
		last.start()
		w.cut = false
		w.connect()
		w.pass(askCopied + time.Second)
		w.equal(id) // all that it holds came from the one who asks
		if last.mem.writing != "refused" || last.entries(logs[1]) != 6 {
			t.Errorf("writing %q with %d entries, want refused with 6", last.mem.writing, last.entries(logs[1]))
		}
	})
}
