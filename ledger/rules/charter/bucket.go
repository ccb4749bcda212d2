package charter

import (
	"math/big"
	"slices"
)

func readBuckets(list []*table, currencies []Currency) []Bucket {
	var all []Bucket
	whole := big.NewRat(100, 1)
	ofTotal := new(big.Rat)
	seen := map[string]bool{}
	for _, t := range list {
		b := readBucket(t, currencies)
		t.once("name", b.Name, seen)
		if !b.Remaining {
			fitted := ofTotal.Cmp(whole) <= 0
			if ofTotal.Add(ofTotal, exact(b.Percent)).Cmp(whole) > 0 && fitted {
				t.fault(t.at("percent"), MoreThanAll)
			}
		}
		all = append(all, b)
	}
	return all
}

func readBucket(t *table, currencies []Currency) Bucket {
	var b Bucket
	var ok bool
	b.Name, ok = t.name("name")
	t.needed("name", ok)
	percent := t.percent("percent")
	t.needed("percent", percent != nil)
	if percent != nil {
		b.Percent = *percent
	}
	b.Remaining = choice(t, "of", "total", "remaining") == "remaining"
	b.To, _ = t.name("to")
	b.Policy = choice(t, "policy", Proportional, Equal, Balanced)
	b.Currency, _ = t.name("currency")
	b.Max, b.Min = t.decimal("max"), t.decimal("min")
	if b.Rest, ok = t.name("rest"); !ok {
		b.Rest = RestNext
	}
	b.Since = t.time("since")
	for _, rule := range t.tables("rule") {
		b.Rules = append(b.Rules, readRule(rule))
	}
	t.end()
	if (b.To != "") == (len(b.Rules) > 0) && !t.wrong["to"] && !t.wrong["rule"] {
		t.fault(t.path, ToOrRules)
	}
	b.Currency = amountsOf(t, b, currencies)
	return b
}

// amountsOf looks at what in a bucket is an amount of a currency, and returns
// which that is. A bucket that needs one and names none has the only currency
// that is issued, since incomes are in such a one.
func amountsOf(t *table, b Bucket, currencies []Currency) string {
	debt := slices.ContainsFunc(b.Rules, func(r Rule) bool { return r.Claim == Debt })
	if b.Currency == "" && (debt || b.Max != nil || b.Min != nil) && !t.wrong["currency"] {
		if b.Currency = onlyIssued(currencies); b.Currency == "" {
			t.fault(t.at("currency"), CurrencyNeeded)
		}
	}
	if c, found := currencyOf(currencies, b.Currency); found {
		t.fits("max", b.Max, c.Scale)
		t.fits("min", b.Min, c.Scale)
	} else if b.Currency != "" {
		t.fault(t.at("currency"), UnknownCurrency, b.Currency)
	}
	if b.Max != nil && b.Min != nil && moreThan(*b.Min, *b.Max) {
		t.fault(t.at("min"), MinAboveMax)
	}
	return b.Currency
}

func onlyIssued(all []Currency) (name string) {
	for _, c := range all {
		if !c.Issued {
			continue
		}
		if name != "" {
			return ""
		}
		name = c.Name
	}
	return name
}

func readRule(t *table) Rule {
	r := Rule{
		Filter:  readFilter(t),
		Who:     choice(t, "who", Anyone, Members),
		Scope:   choice(t, "scope", InPeriod, InTrace),
		Stream:  choice(t, "stream", Livelihood, Love, Care),
		Rate:    t.decimal("rate"),
		Percent: t.percent("percent"),
		Credit:  choice(t, "credit", ToProvider, ToSource),
		Claim:   choice(t, "claim", Once, Debt, Equity),
	}
	r.Per = t.unit("per")
	t.end()
	wrong := t.wrong["rate"] || t.wrong["percent"]
	switch {
	case (r.Rate == nil) == (r.Percent == nil) && !wrong:
		t.fault(t.path, RateOrPercent)
	case r.Percent == nil:
	case r.Action != "cite":
		t.fault(t.at("percent"), PercentOfCite)
	default:
		if per, given := t.m["per"]; given && per != "" {
			t.fault(t.at("per"), RateOnly)
		}
	}
	return r
}

func readLicence(t *table, d Document) *Licence {
	if t.absent {
		return nil
	}
	l := &Licence{
		Resources:    t.names("resources"),
		Free:         t.names("free"),
		Contribution: t.decimal("contribution"),
		Window:       t.period("window", "P1Y"),
		ValueBy:      t.names("value_by"),
		Counts:       choice(t, "counts", CountUnpaid, CountAll),
		Attribution:  choice(t, "attribution", AttributeWhole, AttributeDeclared),
		Declare:      t.period("declare", "P1M"),
		Grace:        t.period("grace", "P3M"),
		CarryOver:    t.flag("carry_over", true),
	}
	share := t.percent("share")
	t.needed("share", share != nil)
	if share != nil {
		l.Share = *share
	}
	var ok bool
	l.Currency, ok = t.name("currency")
	t.needed("currency", ok)
	t.end()
	if len(l.Resources) == 0 && !t.wrong["resources"] {
		t.fault(t.at("resources"), Missing)
	}
	if c, found := currencyOf(d.Currencies, l.Currency); found {
		t.fits("contribution", l.Contribution, c.Scale)
	} else if ok {
		t.fault(t.at("currency"), UnknownCurrency, l.Currency)
	}
	checkValueBy(t, l, d.Buckets)
	return l
}

func checkValueBy(t *table, l *Licence, buckets []Bucket) {
	for i, name := range l.ValueBy {
		valued := slices.ContainsFunc(buckets, func(b Bucket) bool { return b.Name == name && len(b.Rules) > 0 })
		if !valued {
			t.fault(t.at("value_by").With(i), UnknownBucket, name)
		}
	}
	if l.Contribution != nil && len(l.ValueBy) == 0 && !t.wrong["value_by"] {
		t.fault(t.at("value_by"), ValueNeeded)
	}
}
