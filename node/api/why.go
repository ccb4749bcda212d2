package api

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// why explains what an agent gets from a distribution: its buckets, their rules,
// and of each rule at most so many events, those that are paid most first. What is
// not listed is summed.
func (v showing) why(agent protocol.AgentID, d ledger.Distribution, reasons []ledger.DistributionReason, most int) (Why, error) {
	out := Why{Schema: "minga.why/1", Unit: d.Currency, Parts: make([]WhyPart, 0, len(reasons))}
	var err error
	if out.Agent, err = v.names.ref(v.ctx, agent); err != nil {
		return out, err
	}
	var sum int64
	for _, r := range reasons {
		part, err := v.whyBucket(d, r, most)
		if err != nil {
			return out, err
		}
		out.Parts = append(out.Parts, part)
		sum += at64(r.Amount, d.Amount.Scale)
	}
	out.Amount = protocol.Amount{N: sum, Scale: d.Amount.Scale}.String()
	return out, nil
}

func (v showing) whyBucket(d ledger.Distribution, r ledger.DistributionReason, most int) (WhyPart, error) {
	say := ledger.SentencesOf(d.Document)
	part := WhyPart{
		Kind: "bucket", Bucket: r.Bucket, Amount: at(r.Amount, d.Amount.Scale), Unit: d.Currency,
		Count: int64(len(r.Events)),
	}
	bucket := -1
	for i := range say.Buckets() {
		if say.Name(i) == r.Bucket {
			bucket = i
			part.Text = say.Bucket(i, v.lang)
		}
	}
	if r.Claim != nil {
		part.Claim, part.Claims = decimal(r.Claim), decimal(r.Claims)
	}
	if len(r.Events) == 0 {
		if part.Text == "" {
			part.Text = whyPasses.fill(v.lang, []any{v.agent(r.Agent).Name})
		}
		return part, nil
	}
	byRule := map[int][]ledger.DistributionClaim{}
	for _, e := range r.Events {
		if e.Event.IsZero() {
			part.Parts = append(part.Parts, v.whyWithout(d, e))
			part.Count--
			continue
		}
		byRule[e.Rule] = append(byRule[e.Rule], e)
	}
	rules := make([]int, 0, len(byRule))
	for rule := range byRule {
		rules = append(rules, rule)
	}
	slices.Sort(rules)
	for _, rule := range rules {
		node, err := v.whyRule(d, byRule[rule], most)
		if err != nil {
			return part, err
		}
		node.Bucket, node.Rule = r.Bucket, &rule
		if bucket >= 0 {
			if texts := say.Rules(bucket, v.lang); rule < len(texts) {
				node.Text = texts[rule]
			}
		}
		part.Parts = append(part.Parts, node)
	}
	return part, nil
}

// whyWithout explains what is paid for no event.
func (v showing) whyWithout(d ledger.Distribution, c ledger.DistributionClaim) WhyPart {
	part := WhyPart{
		Kind: "charter", Text: whyNamed.in(v.lang), Bucket: c.Bucket, Unit: d.Currency,
		Amount: at(c.Amount, d.Amount.Scale), Claim: decimal(c.Claim.Claim),
	}
	switch c.Basis {
	case "carried":
		part.Kind, part.Text = "carried", whyCarried.in(v.lang)
	case "rest":
		part.Text = whyLeft.in(v.lang)
	}
	return part
}

// whyRule lists the events that a rule pays.
func (v showing) whyRule(d ledger.Distribution, claims []ledger.DistributionClaim, most int) (WhyPart, error) {
	scale := d.Amount.Scale
	part := WhyPart{Kind: "rule", Unit: d.Currency, Count: int64(len(claims))}
	slices.SortFunc(claims, func(a, b ledger.DistributionClaim) int {
		return cmp.Or(cmp.Compare(size(b.Amount, scale), size(a.Amount, scale)), bytes.Compare(a.Event[:], b.Event[:]), bytes.Compare(a.Of[:], b.Of[:]))
	})
	var sum, rest, left int64
	for i, c := range claims {
		n := at64(c.Amount, scale)
		sum += n
		if i >= most {
			rest, left = rest+n, left+1
			continue
		}
		leaf, err := v.whyEvent(c.Body, d.Cut)
		if err != nil {
			return part, err
		}
		leaf.Amount, leaf.Unit, leaf.ID = at(c.Amount, scale), d.Currency, c.Event.String()
		provider := v.agent(c.Provider)
		leaf.Agent = &provider
		leaf.Quantity, leaf.Fraction, leaf.Value = decimal(c.Quantity), decimal(c.Fraction), decimal(c.Value)
		leaf.Before, leaf.Claim = decimal(c.Before), decimal(c.Claim.Claim)
		if !c.Of.IsZero() {
			leaf.Of = c.Of.String()
		}
		if !c.Corrects.IsZero() {
			leaf.Corrects = c.Corrects.String()
		}
		part.Parts = append(part.Parts, leaf)
	}
	part.Amount = protocol.Amount{N: sum, Scale: scale}.String()
	if left > 0 {
		part.Parts = append(part.Parts, v.whyRest(left, protocol.Amount{N: rest, Scale: scale}.String(), d.Currency))
	}
	return part, nil
}

func size(a protocol.Amount, scale int64) int64 { return max(at64(a, scale), -at64(a, scale)) }

// whyRest stands for what is not listed.
func (v showing) whyRest(count int64, amount, unit string) WhyPart {
	return WhyPart{Kind: "rest", Text: whyRest.fill(v.lang, []any{count}), Amount: amount, Unit: unit, Count: count}
}

// whyEvent describes an event with what others say of it, with a cut what they had
// said by then.
func (v showing) whyEvent(e ledger.Event, cut []protocol.Head) (WhyPart, error) {
	leaf := WhyPart{
		Kind: "event", ID: e.ID.String(), Text: eventText(e.Body), State: string(e.State), Confirmed: e.Confirmed,
	}
	if e.Body == nil {
		return leaf, nil
	}
	leaf.Time = cmp.Or(e.Body.HasPointInTime, e.Body.HasBeginning, e.Body.HasEnd, rfc3339(e.Entry.Time))
	if !e.Body.Corrects.IsZero() {
		leaf.Corrects = e.Body.Corrects.String()
		leaf.Text = whyCorrects.fill(v.lang, []any{leaf.Text})
	}
	for p := (ledger.Page{Limit: 1000}); ; {
		list, next, err := v.s.ledger.Confirmations(v.ctx, v.commons.ID, e.ID, p)
		if err != nil {
			return leaf, err
		}
		for _, c := range list {
			if cut != nil && !within(cut, c) {
				continue
			}
			author, err := v.names.ref(v.ctx, c.Author)
			if err != nil {
				return leaf, err
			}
			leaf.Confirmations = append(leaf.Confirmations, Voice{
				ID: c.ID.String(), Author: author, Verdict: string(c.Verdict), Reason: c.Reason,
				Time: rfc3339(c.Time), State: string(c.State),
			})
		}
		if p.After = next; next == "" {
			return leaf, nil
		}
	}
}

// within reports whether a verdict is in a cut.
func within(cut []protocol.Head, c ledger.Confirmation) bool {
	return slices.ContainsFunc(cut, func(h protocol.Head) bool { return h.Log.Agent() == c.Author && c.Seq <= h.Seq })
}

// eventText says in the words of ValueFlows what an event is.
func eventText(b *protocol.Event) string {
	if b == nil {
		return ""
	}
	words := []string{b.Action}
	for _, q := range []*protocol.Quantity{b.EffortQuantity, b.ResourceQuantity} {
		if q == nil {
			continue
		}
		unit := q.Unit
		if b.Currency != "" {
			unit = b.Currency
		}
		words = append(words, q.Amount().String(), unit)
	}
	if b.ResourceConformsTo != "" {
		words = append(words, b.ResourceConformsTo)
	}
	if note := b.Note.String(); note != "" {
		words = append(words, "("+note+")")
	}
	return strings.Join(words, " ")
}
