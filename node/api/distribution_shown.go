package api

import (
	"context"
	"math/big"
	"strings"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// showing puts what the ledger says of distributions into answers in a language.
type showing struct {
	ctx     context.Context
	s       *Server
	commons ledger.Commons
	names   *names
	lang    string
}

func (s *Server) showing(ctx context.Context, c ledger.Commons) showing {
	return showing{ctx, s, c, s.namesIn(c.ID), languageIn(ctx)}
}

func (v showing) agent(a ledger.Agent) AgentRef {
	if a.Name == "" {
		if ref, err := v.names.ref(v.ctx, a.ID); err == nil {
			return ref
		}
	}
	return AgentRef{ID: a.ID.String(), Name: a.Name}
}

func (v showing) distribution(d ledger.Distribution) (Distribution, error) {
	scale := d.Amount.Scale
	out := Distribution{
		Schema: "minga.distribution/1", State: string(d.State), Reason: string(d.Reason), Time: rfc3339(d.Time),
		Amount: d.Amount.String(), Currency: d.Currency, Version: d.Version,
		Incomes: make([]string, 0, len(d.Incomes)), Cut: cutOf(d.Cut),
		Lines: make([]DistributionLine, 0, len(d.Lines)), Remainder: at(d.Remainder, scale),
		Unvalued: []UnvaluedEvent{}, Warnings: v.warnings(d),
	}
	if d.ID != (protocol.EntryID{}) {
		out.ID = d.ID.String()
	}
	for _, id := range d.Incomes {
		out.Incomes = append(out.Incomes, id.String())
	}
	for _, l := range d.Lines {
		out.Lines = append(out.Lines, DistributionLine{Agent: v.agent(l.Agent), Amount: at(l.Amount, scale), Bucket: l.Bucket})
	}
	out.Buckets = v.buckets(d)
	if d.Computed != nil {
		out.UnvaluedEvents = d.Computed.UnvaluedEvents
		for _, u := range d.Computed.Unvalued {
			out.Unvalued = append(out.Unvalued, UnvaluedEvent{Bucket: u.Bucket, Rule: u.Rule, Event: u.Event.String()})
		}
	}
	if d.Proposal == nil {
		return out, nil
	}
	p, err := v.s.proposalOf(v.ctx, v.names, *d.Proposal)
	out.Proposal = &p
	return out, err
}

func cutOf(heads []protocol.Head) []CutLog {
	out := make([]CutLog, 0, len(heads))
	for _, h := range heads {
		out = append(out, CutLog{Log: h.Log.String(), Seq: h.Seq, ID: h.CID.String()})
	}
	return out
}

// buckets returns the buckets of the charter, and any others that lines name.
func (v showing) buckets(d ledger.Distribution) []BucketResult {
	say := ledger.SentencesOf(d.Document)
	out := make([]BucketResult, 0, say.Buckets())
	place := map[string]int{}
	for i := range say.Buckets() {
		place[say.Name(i)] = len(out)
		out = append(out, BucketResult{Name: say.Name(i), Sentence: say.Bucket(i, v.lang), Rules: say.Rules(i, v.lang)})
	}
	spent := map[string]int64{}
	for _, l := range d.Lines {
		if _, known := place[l.Bucket]; !known {
			place[l.Bucket] = len(out)
			out = append(out, BucketResult{Name: l.Bucket, Rules: []string{}})
		}
		out[place[l.Bucket]].Payees++
		spent[l.Bucket] += at64(l.Amount, d.Amount.Scale)
	}
	for i := range out {
		out[i].Spent = protocol.Amount{N: spent[out[i].Name], Scale: d.Amount.Scale}.String()
	}
	if d.Computed == nil {
		return out
	}
	for _, b := range d.Computed.Buckets {
		i, known := place[b.Name]
		if !known {
			continue
		}
		out[i].Amount, out[i].Events = at(b.Amount, d.Amount.Scale), b.Events
		out[i].Claimed = decimal(b.Claimed)
	}
	return out
}

// warnings says what one should know before signing.
func (v showing) warnings(d ledger.Distribution) []DistributionWarning {
	out := []DistributionWarning{}
	add := func(code string, what phrase) {
		out = append(out, DistributionWarning{Code: code, Text: what.fill(v.lang, what.args)})
	}
	for _, h := range d.Held {
		name := v.agent(h.Agent)
		if h.Frozen {
			add("log-frozen", warnFrozen.with(nameList([]AgentRef{name}), h.Entries))
			continue
		}
		add("log-held", warnHeld.with(nameList([]AgentRef{name}), h.Entries))
	}
	for _, a := range d.Gone {
		add("payee-removed", warnGone.with(nameList([]AgentRef{v.agent(a)})))
	}
	for _, id := range d.Untraced {
		add("income-untraced", warnUntraced.with(id.String()))
	}
	for _, c := range d.Cautions {
		what := warnAhead.with()
		switch c.Code {
		case ledger.CautionLeftOut:
			what = warnLeftOut.with(nameList([]AgentRef{v.agent(c.Agent)}), c.Entries)
		case ledger.CautionOlderCharter:
			what = warnOlder.with(d.Version, c.Version)
		case ledger.CautionIncomeAgain:
			what = warnAgain.with(c.Income.String())
		}
		add(string(c.Code), what)
	}
	if d.Computed == nil {
		return out
	}
	for _, w := range d.Computed.Warnings {
		args := make([]any, len(w.Args))
		for i, arg := range w.Args {
			args[i] = v.named(arg)
		}
		say, known := shareWarnings[string(w.Code)]
		if !known || strings.Count(say.en, "%s") != len(args) {
			add(string(w.Code), warnOther.with(w.Code, strings.Join(w.Args, ", ")))
			continue
		}
		add(string(w.Code), say.with(args...))
	}
	if n := d.Computed.UnvaluedEvents; n > 0 {
		add("unvalued", warnUnvalued.with(n))
	}
	return out
}

// named replaces the identifier of an agent, process or agreement that this node
// knows by its name.
func (v showing) named(text string) string {
	id, err := protocol.ParseID(text)
	if err != nil {
		return text
	}
	if ref, err := v.names.ref(v.ctx, protocol.AgentID{EntryID: id}); err == nil && ref.Name != "" {
		return ref.Name
	}
	if record, err := v.s.ledger.Record(v.ctx, id); err == nil && record.Name != "" {
		return record.Name
	}
	return text
}

func (v showing) verification(check ledger.DistributionCheck) (Verification, error) {
	shown, err := v.distribution(check.Distribution)
	scale := check.Distribution.Amount.Scale
	out := Verification{
		Schema: "minga.verification/1", ID: shown.ID, Computed: len(check.Missing) == 0,
		OK: len(check.Missing)+len(check.Differences) == 0, Missing: cutOf(check.Missing),
		Differences: make([]DistributionDifference, 0, len(check.Differences)), Distribution: shown,
	}
	for _, d := range check.Differences {
		differs := DistributionDifference{Bucket: d.Bucket, Stated: at(d.Stated, scale), Computed: at(d.Computed, scale)}
		if !d.Agent.ID.IsZero() {
			ref := v.agent(d.Agent)
			differs.Agent = &ref
		}
		out.Differences = append(out.Differences, differs)
	}
	say := sayVerified.with(shown.Amount, shown.Currency, len(shown.Lines))
	switch {
	case !out.Computed:
		say = sayIncomplete.with(len(out.Missing))
	case !out.OK:
		say = sayDiffers.with(len(out.Differences))
	}
	out.Text = say.fill(v.lang, say.args)
	return out, err
}

// at writes an amount of money with the decimal places of its currency.
func at(a protocol.Amount, scale int64) string {
	for a.Scale < scale && a.N <= protocol.MaxMantissa/10 && a.N >= -protocol.MaxMantissa/10 {
		a.N, a.Scale = a.N*10, a.Scale+1
	}
	return a.String()
}

// at64 returns an amount in the smallest parts of its currency.
func at64(a protocol.Amount, scale int64) int64 {
	for ; a.Scale < scale; a.Scale++ {
		a.N *= 10
	}
	for ; a.Scale > scale; a.Scale-- {
		a.N /= 10
	}
	return a.N
}

// decimal writes an exact number with up to nine decimal places, rounded half
// away from zero where it has more.
func decimal(r *big.Rat) string {
	if r == nil {
		return "0"
	}
	text := strings.TrimRight(r.FloatString(protocol.MaxScale), "0")
	text = strings.TrimSuffix(text, ".")
	if text == "-0" {
		return "0"
	}
	return text
}
