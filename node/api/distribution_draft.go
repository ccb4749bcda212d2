package api

import (
	"maps"
	"slices"
	"strings"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// streams are the streams of value that a charter knows.
var streamNames = [...]string{"livelihood", "love", "care"}

// distribution returns what is asked of the ledger.
func (r *referrer) distribution(d DistributionDraft) ledger.DistributionRequest {
	q := ledger.DistributionRequest{Currency: d.Currency, Version: -1, Incomes: r.entries("/incomes", d.Incomes)}
	if quantity, _ := r.money(d.Amount, d.Currency); quantity != nil {
		q.Amount = quantity.Amount()
	}
	for i, id := range q.Incomes {
		if slices.Contains(q.Incomes[:i], id) && !id.IsZero() {
			r.add("/incomes/"+sprint(i), CodeTwice, d.Incomes[i])
		}
	}
	if d.Version != nil {
		q.Version = *d.Version
		if _, found := r.charter(q.Version); !found && r.failed == nil {
			r.missing = true
			r.add("/version", CodeUnknownRecord, "version "+sprint(q.Version))
		}
	}
	return q
}

// charter returns a version of the charter, that in force for -1.
func (r *referrer) charter(version int64) (map[string]protocol.Value, bool) {
	all, err := r.s.ledger.CharterHistory(r.ctx, r.commons.ID)
	if err != nil {
		r.fail(err)
	}
	for _, v := range slices.Backward(all) {
		if v.Seq == version || version < 0 && v.State == ledger.Settled {
			return v.Doc, true
		}
	}
	if version < 0 && len(all) > 0 {
		return all[0].Doc, true
	}
	return nil, false
}

// whatIf returns the charter document that a preview tries out, nil for none.
// Faults of the document are told with their places at once.
func (r *referrer) whatIf(d PreviewDraft) (map[string]protocol.Value, error) {
	var doc map[string]protocol.Value
	if d.Document != nil {
		if d.Version != nil {
			r.add("/version", CodeExclusive, "document")
		}
		clean, err := ledger.CleanCharter(plain(map[string]any(d.Document)).(map[string]protocol.Value))
		if err != nil {
			return nil, badField("/document", CodeBadCharter, err)
		}
		if faults := ledger.CheckCharter(clean); len(faults) > 0 {
			return nil, charterFaults("/document", faults, languageIn(r.ctx))
		}
		doc = clean
	}
	if len(d.Rates) == 0 {
		return doc, nil
	}
	factors := map[string]protocol.Value{}
	for _, stream := range slices.Sorted(maps.Keys(d.Rates)) {
		r.factor(stream, d.Rates[stream])
		factors[stream] = d.Rates[stream]
	}
	if doc == nil {
		version := int64(-1)
		if d.Version != nil {
			version = *d.Version
		}
		found, held := r.charter(version)
		if !held {
			return nil, r.problem()
		}
		doc = maps.Clone(found)
	}
	if old, is := doc["streams"].(map[string]protocol.Value); is {
		for stream, factor := range old {
			if _, changed := factors[stream]; !changed {
				factors[stream] = factor
			}
		}
	}
	doc["streams"] = factors
	return doc, nil
}

// factor checks another factor of a stream.
func (r *referrer) factor(stream, text string) {
	pointer := "/rates/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(stream)
	if !slices.Contains(streamNames[:], stream) {
		r.add(pointer, CodeChoice, stream, strings.Join(streamNames[:], ", "))
		return
	}
	a, err := protocol.ParseAmount(text)
	switch {
	case err != nil:
		r.add(pointer, CodeBadNumber, text)
	case a.N < 0:
		r.add(pointer, CodeNegative, text)
	}
}
