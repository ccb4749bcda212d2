package share

import (
	"encoding/binary"
	"reflect"

	"github.com/minga-commons/minga/ledger/rules/charter"
)

// pricing is what the rules of a bucket make of events. Rounds under the same
// rules share one.
type pricing struct {
	rules   []charter.Rule
	streams charter.Streams
	rule    [][2]int  // by class: of others, of members; -1 if none matches
	price   [][]price // by rule and pair of units
	once    bool      // every rule claims once
	plain   bool      // and counts one event by itself, for its provider
}

// class is kinds of events that fall under the same rules in every round.
type class struct {
	matched bool // by any rule
	traced  bool // by any rule of scope trace
	apart   bool // by any rule under which one event's value depends on others
}

// pricings are all that a computation needs, and what they make of kinds.
type pricings struct {
	all     []*pricing
	classes []class
	classOf []int32 // by kind
	unitsOf []int32 // by kind: place in pairs
	pairs   [][2]string
}

// find returns the pricing of a bucket, a new one if none of the same rules is
// there.
func (p *pricings) find(d charter.Document, b charter.Bucket) *pricing {
	for _, q := range p.all {
		if q.streams == d.Streams && reflect.DeepEqual(q.rules, b.Rules) {
			return q
		}
	}
	q := &pricing{rules: b.Rules, streams: d.Streams, once: true, plain: true}
	for _, r := range b.Rules {
		q.once = q.once && r.Claim == charter.Once
		q.plain = q.plain && q.once && r.Credit == charter.ToProvider && r.Percent == nil
	}
	p.all = append(p.all, q)
	return q
}

// apply finds the rules and prices of all kinds.
func (p *pricings) apply(kinds []Kind) {
	classes, pairs := map[string]int32{}, map[[2]string]int32{}
	p.classOf, p.unitsOf = make([]int32, len(kinds)), make([]int32, len(kinds))
	var key []byte
	found := make([][2]int, len(p.all))
	for i, k := range kinds {
		pair := [2]string{k.EffortUnit, k.ResourceUnit}
		u, known := pairs[pair]
		if !known {
			u = int32(len(p.pairs))
			pairs[pair], p.pairs = u, append(p.pairs, pair)
		}
		p.unitsOf[i] = u

		key = key[:0]
		k = k.plain()
		for j, q := range p.all {
			found[j] = [2]int{firstRule(q.rules, k, false), firstRule(q.rules, k, true)}
			key = binary.AppendVarint(binary.AppendVarint(key, int64(found[j][0])), int64(found[j][1]))
		}
		c, known := classes[string(key)]
		if !known {
			c = int32(len(p.classes))
			classes[string(key)] = c
			p.classes = append(p.classes, p.newClass(found))
		}
		p.classOf[i] = c
	}
	for _, q := range p.all {
		q.price = make([][]price, len(q.rules))
		for i, r := range q.rules {
			for _, pair := range p.pairs {
				q.price[i] = append(q.price[i], priceOf(q.streams, r, pair[0], pair[1]))
			}
		}
	}
}

func (p *pricings) newClass(found [][2]int) (c class) {
	for j, q := range p.all {
		q.rule = append(q.rule, found[j])
		for _, n := range found[j] {
			if n < 0 {
				continue
			}
			r := &q.rules[n]
			c.matched = true
			c.traced = c.traced || r.Scope == charter.InTrace
			c.apart = c.apart || r.Percent != nil || r.Credit == charter.ToSource
		}
	}
	return c
}

// plain returns the kind with its texts as they are compared.
func (k Kind) plain() Kind {
	each := func(texts []string) []string {
		all := make([]string, len(texts))
		for i, text := range texts {
			all[i] = plain(text)
		}
		return all
	}
	k.Resources, k.Processes, k.Plans = each(k.Resources), each(k.Processes), each(k.Plans)
	return k
}
