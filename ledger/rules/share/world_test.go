package share_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

// village is facts in memory. Everything has a short name, from which its
// identifier follows.
type village struct {
	names  []string // of agents
	kinds  []share.Kind
	agents []share.Agent
	events []share.Event
	from   []int           // by event: the first round in which it counts
	not    map[[2]int]bool // round, event: it does not count there all the same
	owner  map[[2]int]int  // round, agent
	went   map[int]map[int]*big.Rat
	lie    map[int]map[int]*big.Rat
	into   map[protocol.EntryID]map[int]*big.Rat
}

func newVillage(names ...string) *village {
	v := &village{not: map[[2]int]bool{}, owner: map[[2]int]int{}, went: map[int]map[int]*big.Rat{}, lie: map[int]map[int]*big.Rat{}, into: map[protocol.EntryID]map[int]*big.Rat{}}
	for _, name := range names {
		v.names = append(v.names, name)
		v.agents = append(v.agents, share.Agent{ID: agent(name), Member: !strings.HasPrefix(name, "out"), Commons: name == "commons"})
	}
	return v
}

func id(name string) protocol.EntryID    { return protocol.Identify([]byte(name)) }
func agent(name string) protocol.AgentID { return protocol.AgentID{EntryID: id(name)} }

func total(text string) rules.Total {
	a, err := protocol.ParseAmount(text)
	if err != nil {
		panic(err)
	}
	return rules.TotalOf(a)
}

func amount(text string) protocol.Amount {
	a, err := protocol.ParseAmount(text)
	if err != nil {
		panic(err)
	}
	return a
}

func optional(text string) *protocol.Amount {
	if text == "" {
		return nil
	}
	a := amount(text)
	return &a
}

func ratio(text string) *big.Rat {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		panic("no fraction: " + text)
	}
	return r
}

func (v *village) who(name string) int {
	for i, a := range v.agents {
		if a.ID == agent(name) {
			return i
		}
	}
	panic("nobody is called " + name)
}

// event adds an event such as "a1 Ana work huerta 3 hour"; corrects is -1 or the
// event that it corrects.
func (v *village) event(round int, text string, corrects int) int {
	var name, who, action, resource, quantity, unit string
	if _, err := fmt.Sscan(text, &name, &who, &action, &resource, &quantity, &unit); err != nil {
		panic(err)
	}
	k := share.Kind{Action: action, Resources: []string{resource}}
	e := share.Event{ID: id(name), Provider: v.who(who), Corrects: corrects, Names: true}
	if action == "work" || action == "use" {
		k.EffortUnit, e.Effort = unit, total(quantity)
	} else {
		k.ResourceUnit, e.Resource = unit, total(quantity)
	}
	e.Kind = -1
	for i := range v.kinds {
		if fmt.Sprint(v.kinds[i]) == fmt.Sprint(k) {
			e.Kind = i
		}
	}
	if e.Kind < 0 {
		e.Kind = len(v.kinds)
		v.kinds = append(v.kinds, k)
	}
	v.events, v.from = append(v.events, e), append(v.from, round)
	return len(v.events) - 1
}

func (v *village) Kinds() []share.Kind   { return v.kinds }
func (v *village) Agents() []share.Agent { return v.agents }
func (v *village) Events() []share.Event { return v.events }

func (v *village) Counts(round, event int) bool {
	return round >= v.from[event] && !v.not[[2]int{round, event}]
}

func (v *village) Owner(round, agent int) int {
	if o, bound := v.owner[[2]int{round, agent}]; bound {
		return o
	}
	return agent
}

func (v *village) Delivered(round int) (share.Fractions, error) {
	return share.Fractions{Of: v.went[round]}, nil
}

func (v *village) Behind(_, event int) (share.Fractions, error) {
	return share.Fractions{Of: v.lie[event]}, nil
}

func (v *village) Into(_ int, process protocol.EntryID) (share.Fractions, error) {
	return share.Fractions{Of: v.into[process]}, nil
}

// rounds is the distributions of a village, with the lines of the past ones.
type rounds struct {
	t    *testing.T
	v    *village
	past []share.Round
}

// share computes a round, and commits it. It returns what everybody gets from each
// bucket: "Ana 1.00, Bea 2.00".
func (r *rounds) share(amountOf string, buckets ...charter.Bucket) string {
	r.t.Helper()
	return r.shareDoc(amountOf, charter.Document{Streams: plainStreams(), Buckets: buckets})
}

func (r *rounds) shareDoc(amountOf string, d charter.Document) string {
	r.t.Helper()
	now := share.Round{Charter: d, Commons: agent("commons"), Currency: "USD", Scale: 2, Amount: amount(amountOf)}
	result, err := share.Compute(r.v, r.past, now)
	if err != nil {
		r.t.Fatal(err)
	}
	now.Lines = result.Lines
	r.past = append(r.past, now)
	return r.v.tell(result)
}

// tell writes a result in a line: each bucket's payees in the order of the
// village, then what rests in the pool.
func (v *village) tell(result share.Result) string {
	var all []string
	for _, b := range result.Buckets {
		parts := []string{b.Name}
		for i, a := range v.agents {
			for _, l := range result.Lines {
				if l.Bucket == b.Name && l.Agent == a.ID {
					parts = append(parts, v.names[i], l.Amount.String())
				}
			}
		}
		all = append(all, strings.Join(parts, " "))
	}
	return strings.Join(append(all, "pool "+result.Remainder.String()), "; ")
}

func plainStreams() charter.Streams {
	one := protocol.Amount{N: 1}
	return charter.Streams{Livelihood: one, Love: one, Care: one}
}

// pot returns a bucket of all that remains.
func pot(name string, policy charter.Policy, rules ...charter.Rule) charter.Bucket {
	return charter.Bucket{Name: name, Percent: amount("100"), Remaining: true, Policy: policy, Rest: charter.RestNext, Rules: rules}
}

// rate returns a rule such as rate("work huerta 10.00 hour", Once).
func rate(text string, claim charter.Claim) charter.Rule {
	var action, resource, value, per string
	if _, err := fmt.Sscan(text, &action, &resource, &value, &per); err != nil {
		panic(err)
	}
	return charter.Rule{
		Filter: charter.Filter{Action: action, Resource: resource}, Rate: optional(value), Per: per,
		Who: charter.Anyone, Scope: charter.InPeriod, Stream: charter.Livelihood, Credit: charter.ToProvider, Claim: claim,
	}
}
