package ledger

import (
	"context"
	"math/big"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/reciprocity"
	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

// valuer finds the contributions of one agent and values them by the buckets that
// the licence names, as a distribution does.
type valuer struct {
	x      *caseOf
	doc    charter.Document
	member bool // the agent has a log

	corrections map[protocol.EntryID][]found // by what they correct
	paid        map[protocol.EntryID][]reciprocity.Part
}

// contributions returns what agents that are the same gave from a day on,
// confirmed, with its value, what corrections took from that, and what
// distributions paid of it.
func (v *valuer) contributions(ctx context.Context, agents []protocol.AgentID, from Day) ([]reciprocity.Contribution, error) {
	if len(v.doc.Licence.ValueBy) == 0 {
		return nil, nil
	}
	given, err := v.x.settled(dealsContribute, agents, from)
	if err != nil || len(given) == 0 {
		return nil, err
	}
	corrections, err := v.x.settled(dealsCorrect, agents, anyDay)
	if err != nil {
		return nil, err
	}
	v.corrections = map[protocol.EntryID][]found{}
	for _, at := range corrections {
		of := at.entry.Body.(*protocol.Event).Corrects
		v.corrections[of] = append(v.corrections[of], at)
	}
	if v.doc.Licence.Counts != charter.CountAll {
		if v.paid, err = v.x.paidOut(ctx, agents, v.doc.Licence); err != nil {
			return nil, err
		}
	}
	var all []reciprocity.Contribution
	for _, at := range given {
		c, counts, err := v.contribution(at)
		if err != nil {
			return nil, err
		}
		if counts {
			all = append(all, c)
		}
	}
	return all, nil
}

// contribution returns what an event contributes, and whether it counts and is
// worth something, or may be.
func (v *valuer) contribution(at found) (c reciprocity.Contribution, counts bool, err error) {
	body := at.entry.Body.(*protocol.Event)
	c = reciprocity.Contribution{
		ID: at.id, On: at.on, Recorded: reciprocity.DayOf(at.entry.Time.UTC()), Value: new(big.Rat),
	}
	g := gift{v: v, of: &c, body: body, matched: map[int64]flow.Subject{}}
	if g.subject, _, err = flow.SubjectOf(c.ID, body, v.parts(), v.x.look); err != nil {
		return c, false, err
	}
	if !g.fits() {
		return c, false, nil
	}
	counts, err = g.take(at)
	return c, counts && (c.Value == nil || c.Value.Sign() != 0), err
}

// parts returns what the rules of the buckets look at in events.
func (v *valuer) parts() (p flow.Parts) {
	for _, rule := range v.rules() {
		p.Resources, p.Processes, p.Plans = p.Resources || rule.Resource != "", p.Processes || rule.Process != "", p.Plans || rule.Plan != ""
	}
	return p
}

// rules returns the rules of the buckets that the licence names.
func (v *valuer) rules() (all []charter.Rule) {
	for _, b := range v.buckets() {
		all = append(all, b.Rules...)
	}
	return all
}

func (v *valuer) buckets() (all []charter.Bucket) {
	for _, b := range v.doc.Buckets {
		if slices.Contains(v.doc.Licence.ValueBy, b.Name) {
			all = append(all, b)
		}
	}
	return all
}

// gift is one contribution while its value is added up.
type gift struct {
	v       *valuer
	of      *reciprocity.Contribution
	body    *protocol.Event
	subject flow.Subject           // for the rules of the buckets
	matched map[int64]flow.Subject // for the rules of confirmation, by version of the charter
}

// asked returns what the contribution needs, or a correction of it, which is
// matched as what it corrects.
func (g *gift) asked(e protocol.Entry, b *protocol.Event) (flow.Need, error) {
	terms, version := g.v.x.c.termsAt(e.Charter).Confirmation, g.v.x.c.versionAt(e.Charter)
	s, known := g.matched[version]
	if !known {
		var err error
		if s, _, err = flow.SubjectOf(g.of.ID, g.body, flow.PartsOf(terms), g.v.x.look); err != nil {
			return flow.Need{}, err
		}
		g.matched[version] = s
	}
	return flow.NeedOf(terms, s, b), nil
}

// fits reports whether a rule of some bucket is for it.
func (g *gift) fits() bool {
	return slices.ContainsFunc(g.v.buckets(), func(b charter.Bucket) bool {
		return share.FirstRule(b, g.kind(), g.v.member) >= 0
	})
}

func (g *gift) kind() share.Kind {
	s := g.subject
	return share.Kind{Action: s.Action, Resources: s.Resources, Processes: s.Processes, Plans: s.Plans}
}

// take adds an event, or a correction of it, with its own corrections, and reports
// whether it counts: it is confirmed, and so is all that it corrects.
func (g *gift) take(at found) (counts bool, err error) {
	body := at.entry.Body.(*protocol.Event)
	asked, err := g.asked(at.entry, body)
	if err != nil {
		return false, err
	}
	state, err := g.v.x.weigh(at, body, asked)
	if err != nil || state != reciprocity.Confirmed {
		return false, err
	}
	if value, valued := g.worth(body); !valued {
		g.of.Value = nil
	} else if g.of.Value != nil {
		g.of.Value = new(big.Rat).Add(g.of.Value, value)
	}
	g.of.Paid = append(g.of.Paid, g.v.paid[at.id]...)
	for _, by := range g.v.corrections[at.id] {
		if _, err := g.take(by); err != nil {
			return false, err
		}
	}
	return true, nil
}

// worth values quantities by the first rule of each bucket that is for the
// contribution, false if one of them cannot: it wants other units, or the value
// depends on other events than this one.
func (g *gift) worth(b *protocol.Event) (*big.Rat, bool) {
	kind := g.kind()
	var effort, resource rules.Total
	if q := b.EffortQuantity; q != nil {
		kind.EffortUnit, effort = q.Unit, rules.TotalOf(q.Amount())
	}
	if q := b.ResourceQuantity; q != nil {
		kind.ResourceUnit, resource = q.Unit, rules.TotalOf(q.Amount())
	}
	sum := new(big.Rat)
	for _, bucket := range g.v.buckets() {
		i := share.FirstRule(bucket, kind, g.v.member)
		if i < 0 {
			continue
		}
		rule := bucket.Rules[i]
		_, value, ok := share.Worth(g.v.doc.Streams, rule, kind, effort, resource)
		if !ok || value == nil || rule.Credit == charter.ToSource {
			return nil, false
		}
		sum.Add(sum, value)
	}
	return sum, true
}
