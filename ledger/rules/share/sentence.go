package share

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// Sentence says in words what a bucket of a charter does with its part of an
// income, in Spanish if lang is "es" and in English otherwise. Its rules have
// sentences of their own. It is empty if there is no such bucket.
func Sentence(d charter.Document, bucket int, lang string) string {
	if bucket < 0 || bucket >= len(d.Buckets) {
		return ""
	}
	b, w := d.Buckets[bucket], wordsOf(lang)
	part := fmt.Sprintf(w.percent, b.Percent) + " " + w.ofTotal
	switch {
	case b.Remaining && exact(b.Percent).Cmp(big.NewRat(100, 1)) == 0:
		part = w.allRemaining
	case b.Remaining:
		part = fmt.Sprintf(w.percent, b.Percent) + " " + w.ofRemaining
	}
	parts := []string{b.Name + ": " + part}
	if b.To != "" {
		parts[0] += " " + fmt.Sprintf(w.to, b.To)
	} else {
		parts[0] += " " + w.policy[b.Policy]
		if len(b.Rules) > 1 {
			parts = append(parts, w.firstRule)
		}
		if b.Min != nil {
			parts = append(parts, fmt.Sprintf(w.min, money(*b.Min, b.Currency)))
		}
		if b.Max != nil {
			parts = append(parts, fmt.Sprintf(w.max, money(*b.Max, b.Currency)))
		}
	}
	if b.Currency != "" {
		parts = append(parts, fmt.Sprintf(w.currency, b.Currency))
	}
	if b.To == "" || b.Currency != "" {
		switch b.Rest {
		case charter.RestNext:
			parts = append(parts, w.restNext)
		case charter.RestPool:
			parts = append(parts, w.restPool)
		default:
			parts = append(parts, fmt.Sprintf(w.restTo, b.Rest))
		}
	}
	return strings.Join(parts, "; ") + "."
}

// RuleSentence says in words what a rule of a bucket counts, what it is worth and
// who may claim it how often, in Spanish if lang is "es" and in English otherwise.
// What holds where nothing is said stays out: all that is confirmed counts,
// whoever did it, for them, as livelihood. It is empty if there is no such rule.
func RuleSentence(d charter.Document, bucket, rule int, lang string) string {
	if bucket < 0 || bucket >= len(d.Buckets) || rule < 0 || rule >= len(d.Buckets[bucket].Rules) {
		return ""
	}
	b, w := d.Buckets[bucket], wordsOf(lang)
	r := b.Rules[rule]
	what := w.anything
	if r.Action != "" {
		what = w.action(r.Action)
	}
	for _, f := range []struct{ form, text string }{{w.resource, r.Resource}, {w.process, r.Process}, {w.plan, r.Plan}} {
		if f.text != "" {
			what += " " + fmt.Sprintf(f.form, f.text)
		}
	}
	var parts []string
	if r.Percent != nil {
		parts = append(parts, fmt.Sprintf(w.share, what, *r.Percent))
	} else {
		parts = append(parts, fmt.Sprintf(w.worth, what, money(*r.Rate, b.Currency), w.unit(r.Per)))
		if f := d.Streams.Of(r.Stream); exact(f).Cmp(one) != 0 {
			parts = append(parts, fmt.Sprintf(w.factor, w.stream[r.Stream], f))
		} else if r.Stream != charter.Livelihood {
			parts = append(parts, fmt.Sprintf(w.as, w.stream[r.Stream]))
		}
	}
	if r.Who == charter.Members {
		parts = append(parts, w.members)
	}
	if r.Scope == charter.InTrace {
		parts = append(parts, w.inTrace)
	}
	if r.Credit == charter.ToSource {
		parts = append(parts, w.toSource)
	}
	parts = append(parts, w.claim[r.Claim])
	if r.Claim == charter.Equity {
		since := w.sinceApproval
		if b.Since != "" {
			since = fmt.Sprintf(w.since, b.Since)
		}
		parts[len(parts)-1] += " " + since
	}
	return strings.Join(parts, "; ") + "."
}

func money(a protocol.Amount, currency string) string {
	return strings.TrimSpace(a.String() + " " + currency)
}

// words is one language. It is never changed.
type words struct {
	percent, to                        string
	ofTotal, ofRemaining, allRemaining string
	policy                             map[charter.Policy]string
	firstRule, min, max, currency      string
	restNext, restPool, restTo         string

	anything, resource, process, plan string
	share, worth, factor, as          string
	stream                            map[charter.Stream]string
	members, inTrace, toSource        string
	claim                             map[charter.Claim]string
	since, sinceApproval              string
	actions, units                    map[string]string
}

func (w *words) action(name string) string {
	if text, known := w.actions[name]; known {
		return text
	}
	return name
}

func (w *words) unit(id string) string {
	if text, known := w.units[id]; known {
		return text
	}
	if u, known := unit.Lookup(id); known {
		return u.Label
	}
	return id
}

func wordsOf(lang string) *words {
	if lang == "es" {
		return spanish()
	}
	return english()
}
