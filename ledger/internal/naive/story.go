package naive

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// History is a random past of one commons: what honest members, an author who
// signs two histories and witnesses who lie wrote, while each knew only a part.
// The same seed gives the same history.
type History struct {
	Seed    uint64
	Commons protocol.CommonsID
	Rules   Rules // Terms knows the charter entries of this history
	// Entries are all entries in the order in which they were written. A state
	// of any part of them that holds, with an entry, those before it in its log,
	// is one that a node may have.
	Entries []protocol.Entry
	// Segments carry all entries, branches included, cut at random.
	Segments []protocol.Segment
	// Agents are those who have accounts: logs, agent records, the commons.
	Agents []protocol.AgentID
	// Names calls every log something, for messages.
	Names map[protocol.LogID]string
}

// name shows an entry in a message.
func (h *History) name(e protocol.Entry) string {
	return fmt.Sprintf("%s, entry %d of %s, charter %d, %v,", e.Kind, e.Seq, h.Names[e.Log], e.Charter, e.ID())
}

// actor is the author of one log, with what it knows.
type actor struct {
	name    string
	log     protocol.LogID
	first   protocol.Entry
	tip     protocol.Entry
	keys    []protocol.PrivateKey
	liar    bool // signs branches, votes as it likes
	crashed bool // witness that stays silent

	knows []protocol.Entry
	has   map[protocol.EntryID]bool
	state *State // of knows; nil when that has grown
}

// story is a History while it is written.
type story struct {
	*History
	rng     *rand.Rand
	time    protocol.Time
	byID    map[protocol.EntryID]protocol.Entry
	hidden  map[protocol.EntryID]bool // liars show it to nobody before the end
	terms   map[protocol.EntryID]Terms
	records []protocol.EntryID // agents without a log

	charter   *actor
	witnesses []*actor // may become witnesses: the fourth and the last may be liars
	authors   []*actor // the last may be a liar
	open      bool
	changes   int  // of witnesses, still to come
	quiet     bool // nobody pays when all meet
	removed   map[protocol.LogID]bool
}

// names of the actors; the founder is the first witness.
var witnessNames, authorNames = [...]string{"w1", "w2", "w3", "w4", "w5", "w6"}, [...]string{"Ana", "Beto", "Mara"}

// Generate writes the history of a seed.
func Generate(seed uint64) *History {
	s := begin(seed)
	s.unfold()
	s.confess()
	if s.rng.IntN(3) > 0 {
		s.meet(8)
	}
	s.cut()
	return s.History
}

// begin founds the commons of a seed.
func begin(seed uint64) *story {
	s := blank(seed)
	s.open = s.chance(6)
	s.changes = s.rng.IntN(4)
	s.found(pick(s, [][]int{{0}, {0}, {0, 1, 2}, {0, 1, 2, 3}}))
	s.chooseLiars()
	return s
}

// blank is a story in which nothing happened.
func blank(seed uint64) *story {
	s := &story{
		History: &History{Seed: seed, Names: map[protocol.LogID]string{}},
		rng:     rand.New(rand.NewPCG(seed, 3)), time: 1_767_225_600_000,
		byID: map[protocol.EntryID]protocol.Entry{}, hidden: map[protocol.EntryID]bool{},
		terms: map[protocol.EntryID]Terms{}, removed: map[protocol.LogID]bool{},
	}
	s.Rules = Rules{Terms: func(e protocol.Entry) Terms { return s.terms[e.ID()] }}
	return s
}

// unfold lets everybody act for a while, and meet now and then.
func (s *story) unfold() {
	steps := 80 + s.rng.IntN(120)
	for i := range steps {
		s.step()
		if i%20 == 19 && s.rng.IntN(3) > 0 {
			s.meet(1 + s.rng.IntN(4))
		}
	}
}

// chance is true once in n.
func (s *story) chance(n int) bool { return s.rng.IntN(n) == 0 }

func pick[T any](s *story, from []T) T { return from[s.rng.IntN(len(from))] }

// everybody lists the charter's author, then the members.
func (s *story) everybody() []*actor {
	all := append([]*actor{s.charter}, s.witnesses...)
	return append(all, s.authors...)
}

// must unwraps what cannot fail for a body that this package made.
func must(e protocol.Entry, err error) protocol.Entry {
	if err != nil {
		panic(fmt.Sprintf("the generator wrote an entry that is none: %v", err))
	}
	return e
}

func (s *story) keySet(n, threshold int) (set protocol.KeySet, keys []protocol.PrivateKey) {
	for range n {
		var secret [32]byte
		for i := range secret {
			secret[i] = byte(s.rng.Uint32())
		}
		keys = append(keys, protocol.NewPrivateKey(secret))
		set.Keys = append(set.Keys, keys[len(keys)-1].Public())
	}
	set.Threshold = int64(threshold)
	set.Next = protocol.NextDigest(set.Keys, set.Threshold)
	return set, keys[:threshold]
}

// join writes the inception of a log. invite admits it, if it is given. Ana's is
// a shared account in one history of two.
func (s *story) join(name string, invite protocol.EntryID, key protocol.PrivateKey) *actor {
	n, threshold := 1, 1
	if name == authorNames[0] && s.chance(2) {
		n, threshold = 3, 2
	}
	set, keys := s.keySet(n, threshold)
	body := &protocol.Inception{
		Commons: s.Commons, KeySet: set,
		Agent: protocol.AgentCard{Name: protocol.PlainText(name), Type: protocol.Person},
	}
	body.Nonce[0] = byte(1 + len(s.Entries))
	if s.commonsIsNew() {
		body.Rules = 1
	}
	if !invite.IsZero() {
		body.Grant = protocol.SignGrant(key, invite, 1, body)
	}
	e := must(protocol.NewInception(s.tick(), body))
	a := &actor{name: name, log: e.Log, first: e, tip: e, keys: keys, has: map[protocol.EntryID]bool{}}
	s.keep(e)
	s.Agents = append(s.Agents, a.log.Agent())
	s.Names[a.log] = name
	s.learn(a, e)
	return a
}

func (s *story) commonsIsNew() bool { return s.Commons.IsZero() }

func (s *story) tick() protocol.Time {
	s.time += 1_000_000 // so that windows of days end in a history
	return s.time
}

func (s *story) keep(e protocol.Entry) {
	s.byID[e.ID()] = e
	s.Entries = append(s.Entries, e)
}

// draft makes an entry without keeping it.
func (s *story) draft(a *actor, prev protocol.Entry, pin int64, body protocol.Body) protocol.Entry {
	return must(protocol.New(protocol.Placement{
		Log: a.log, Seq: prev.Seq + 1, Prev: prev.ID(), Time: s.tick(), Charter: pin,
	}, body))
}

// write adds an entry at the tip of its author's log.
func (s *story) write(a *actor, body protocol.Body) protocol.Entry {
	return s.put(a, s.draft(a, a.tip, s.pin(a), body))
}

// put keeps an entry as its author's tip.
func (s *story) put(a *actor, e protocol.Entry) protocol.Entry {
	s.keep(e)
	a.tip = e
	s.learn(a, e)
	return e
}

// pin is the charter seq that an honest author names. In the charter log it is
// below the entry's own.
func (s *story) pin(a *actor) int64 {
	pin := max(s.see(a).Pin(), a.tip.Charter)
	if a == s.charter {
		return min(pin, a.tip.Seq)
	}
	return pin
}

// learn gives an actor an entry and everything before it in its log.
func (s *story) learn(a *actor, e protocol.Entry) {
	for !a.has[e.ID()] {
		a.has[e.ID()] = true
		a.knows = append(a.knows, e)
		a.state = nil
		if e.Seq == 0 {
			return
		}
		e = s.byID[e.Prev]
	}
}

// see returns the state of what an actor knows.
func (s *story) see(a *actor) *State {
	if a.state == nil {
		a.state = Eval(s.Commons, s.Rules, a.knows)
	}
	return a.state
}

// shown picks an entry that is no secret, or returns false.
func (s *story) shown(want func(e protocol.Entry) bool) (protocol.Entry, bool) {
	var all []protocol.Entry
	for _, e := range s.Entries {
		if !s.hidden[e.ID()] && want(e) {
			all = append(all, e)
		}
	}
	if len(all) == 0 {
		return protocol.Entry{}, false
	}
	return pick(s, all), true
}

// deliver lets an actor hear of one entry, or of all that another one knows.
func (s *story) deliver(a *actor) {
	if s.chance(3) {
		for _, e := range pick(s, s.everybody()).knows {
			if !s.hidden[e.ID()] {
				s.learn(a, e)
			}
		}
		return
	}
	e, _ := s.shown(func(protocol.Entry) bool { return true })
	s.learn(a, e)
}

// step lets one actor do something.
func (s *story) step() {
	a := pick(s, append(s.everybody(), s.charter, s.charter, s.authors[0], s.authors[1]))
	switch {
	case s.chance(3):
		s.deliver(a)
	case a == s.charter:
		s.govern()
	case a.liar && a == s.authors[len(s.authors)-1]:
		s.equivocate(a)
	case a.liar:
		s.lie(a)
	case a.crashed:
	case s.serve(a):
	default:
		s.live(a)
	}
}

// meet lets all honest actors hear of everything, pay and vote, for some rounds.
func (s *story) meet(rounds int) {
	for range rounds {
		busy := false
		for _, a := range s.everybody() {
			for _, e := range s.Entries {
				if !s.hidden[e.ID()] {
					s.learn(a, e)
				}
			}
			if a.liar || a.crashed || a == s.charter {
				continue
			}
			if !s.quiet && slices.Contains(s.authors, a) && s.chance(2) {
				s.pay(a)
			}
			busy = s.serve(a) || busy
		}
		if !busy {
			return
		}
	}
}
