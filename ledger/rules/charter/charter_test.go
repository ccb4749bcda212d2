package charter_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

func amount(n, scale int64) *protocol.Amount { return &protocol.Amount{N: n, Scale: scale} }

func TestTheWholeDocumentIsRead(t *testing.T) {
	d, faults := charter.Parse(whole())
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	want := charter.Document{
		Name: "Huerta Norte", Purpose: "Cultivar y compartir alimentos del barrio", Language: "es", MembersInvite: true,
		Stewards: charter.Stewards{Members: []string{"Ana", "Beto", "Eva"}, Threshold: 2},
		Currencies: []charter.Currency{
			{
				Name: "hora", Scale: 2, Limit: *amount(5000, 2),
				Exceptions: map[string]protocol.Amount{"Cooperativa Sur": *amount(20000, 2), "Eva": {}},
			},
			{Name: "USD", Issued: true, Scale: 2},
		},
		Confirmation: charter.Confirmation{
			Required: 1, By: charter.ByMembers, Window: charter.Period{Days: 3},
			Rules: []charter.ConfirmationRule{{
				Filter: charter.Filter{Action: "work"}, Above: amount(8, 0), Per: "hour",
				Required: 2, By: charter.ByStewards, Window: charter.Period{Days: 7},
			}},
		},
		Streams: charter.Streams{Livelihood: *amount(1, 0), Love: *amount(1, 0), Care: *amount(15, 1)},
		Weights: []charter.Weight{{Resource: "carcasa", Per: "one", Value: *amount(45, 0)}, {Resource: "scrap", Per: "kilogram", Value: *amount(20, 0)}},
		Buckets: []charter.Bucket{
			{Name: "reserva", Percent: *amount(20, 0), To: "Huerta Norte", Policy: charter.Proportional, Rest: charter.RestNext},
			{
				Name: "trabajo", Percent: *amount(100, 0), Remaining: true, Policy: charter.Balanced, Currency: "USD",
				Max: amount(150000, 2), Min: amount(250, 0), Rest: "Cooperativa Sur", Since: "2026-01-01",
				Rules: []charter.Rule{
					{
						Filter: charter.Filter{Action: "work", Resource: "huerta", Process: "siembra", Plan: "2026"},
						Who:    charter.Members, Scope: charter.InTrace, Stream: charter.Care, Rate: amount(1000, 2), Per: "hour",
						Credit: charter.ToSource, Claim: charter.Debt,
					},
					{
						Filter: charter.Filter{Action: "cite"}, Who: charter.Anyone, Scope: charter.InTrace, Stream: charter.Livelihood,
						Percent: amount(10, 0), Per: "one", Credit: charter.ToProvider, Claim: charter.Debt,
					},
				},
			},
		},
		Licence: &charter.Licence{
			Resources: []string{"manual de riego"}, Free: []string{"worker-owned"}, Contribution: amount(50000, 2),
			Window: charter.Period{Months: 12}, ValueBy: []string{"trabajo"}, Counts: charter.CountAll, Share: *amount(10, 0),
			Attribution: charter.AttributeDeclared, Currency: "USD", Declare: charter.Period{Months: 1}, Grace: charter.Period{Months: 3},
		},
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Ana", "Beto", "Cooperativa Sur", "Eva", "Huerta Norte"}, d.Names()); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsLeftOutHasItsDefault(t *testing.T) {
	doc := table{
		"name": "Minga", "currency": list{table{"name": "hora"}},
		"bucket":  list{table{"name": "b", "percent": "100", "rule": list{table{"rate": "1"}}, "max": "", "min": "", "currency": "", "since": ""}},
		"licence": table{"resources": list{"x"}, "share": "0", "currency": "hora"},
	}
	d, faults := charter.Parse(doc)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	one := *amount(1, 0)
	want := charter.Document{
		Name: "Minga", Language: "es", PublicRead: true, Stewards: charter.Stewards{Threshold: 1},
		Currencies:   []charter.Currency{{Name: "hora", Scale: 2}},
		Confirmation: charter.Confirmation{Required: 1, By: charter.ByMembers},
		Streams:      charter.Streams{Livelihood: one, Love: one, Care: one},
		Buckets: []charter.Bucket{{
			Name: "b", Percent: *amount(100, 0), Policy: charter.Proportional, Rest: charter.RestNext,
			Rules: []charter.Rule{{
				Who: charter.Anyone, Scope: charter.InPeriod, Stream: charter.Livelihood, Rate: &one, Per: "one",
				Credit: charter.ToProvider, Claim: charter.Once,
			}},
		}},
		Licence: &charter.Licence{
			Resources: []string{"x"}, Window: charter.Period{Months: 12}, Counts: charter.CountUnpaid, Currency: "hora",
			Attribution: charter.AttributeWhole, Declare: charter.Period{Months: 1}, Grace: charter.Period{Months: 3}, CarryOver: true,
		},
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
}

func TestTerms(t *testing.T) {
	terms, reason := charter.Read(charterOf(whole()))
	if reason != rules.Valid {
		t.Fatal(reason)
	}
	if terms.Threshold != 2 || terms.Liars != 0 || len(terms.Stewards) != 3 || terms.PublicRead || !terms.MembersInvite || terms.Confirmation.Base.Required != 1 {
		t.Errorf("%+v", terms)
	}
	hora, found := terms.Currency("hora")
	if !found || hora.Kind != rules.Mutual || hora.Scale != 2 {
		t.Fatalf("%+v", hora)
	}
	for n, want := range map[byte]string{1: "50", 3: "0", 4: "200"} {
		if got := hora.LimitOf(protocol.AgentID{EntryID: id(n)}); got.String() != want {
			t.Errorf("the limit of agent %d is %v, want %s", n, got, want)
		}
	}
	if usd, found := terms.Currency("USD"); !found || usd.Kind != rules.Issued || !usd.Limit.IsZero() || terms.Currencies[0].Name != "USD" {
		t.Errorf("%+v", terms.Currencies)
	}
	if _, found := terms.Currency("EUR"); found {
		t.Error("a currency that is not declared was found")
	}
	if zero, found := (rules.Terms{}).Currency("hora"); found {
		t.Errorf("%+v", zero)
	}
}

func TestWhatDependsOnTheCharterAroundTheDocument(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(b *protocol.Charter)
		want string
	}{
		"later rules":     {func(b *protocol.Charter) { b.Rules = 2 }, "it needs version 2 of the rules; this software has version 1"},
		"name unresolved": {func(b *protocol.Charter) { delete(b.IDs, "Cooperativa Sur") }, `currency[0].exceptions."Cooperativa Sur": there is no agent of the name "Cooperativa Sur"; bucket[1].rest: there is no agent of the name "Cooperativa Sur"`},
		"to unresolved":   {func(b *protocol.Charter) { delete(b.IDs, "Huerta Norte") }, `bucket[0].to: there is no agent of the name "Huerta Norte"`},
		"no names": {func(b *protocol.Charter) {
			b.IDs = nil
			delete(b.Doc, "currency")
			delete(b.Doc, "bucket")
			delete(b.Doc, "licence")
		}, `stewards.members[0]: there is no agent of the name "Ana"; stewards.members[1]: there is no agent of the name "Beto"; stewards.members[2]: there is no agent of the name "Eva"; stewards.members: the keys of the charter log are those of other stewards than the document names`},
		"one agent twice": {func(b *protocol.Charter) { b.IDs["Eva"] = id(4) }, `currency[0].exceptions.Eva: "Eva" stands here a second time; stewards.members: the keys of the charter log are those of other stewards than the document names`},
		"no stewards":     {func(b *protocol.Charter) { b.Stewards = nil }, "stewards.members: no steward is left"},
		"one steward more": {func(b *protocol.Charter) {
			b.Stewards = append(b.Stewards, protocol.Steward{Log: protocol.LogID{EntryID: id(9)}})
		}, "stewards.members: the keys of the charter log are those of other stewards than the document names"},
		"another steward":   {func(b *protocol.Charter) { b.Stewards[2].Log.EntryID = id(9) }, "stewards.members: the keys of the charter log are those of other stewards than the document names"},
		"founder, and more": {func(b *protocol.Charter) { b.Doc["stewards"] = table{} }, "stewards.members: the keys of the charter log are those of other stewards than the document names"},
	} {
		t.Run(name, func(t *testing.T) {
			b := charterOf(whole())
			c.edit(b)
			_, faults := charter.Check(b)
			if got := sentences(faults); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if _, reason := charter.Read(b); reason != rules.BadCharter {
				t.Errorf("reason %q", reason)
			}
		})
	}
}

func sentences(faults []charter.Fault) string {
	all := make([]string, len(faults))
	for i, f := range faults {
		all[i] = f.Error()
	}
	return strings.Join(all, "; ")
}

func TestTheFirstCharterNamesTheFounderAlone(t *testing.T) {
	alone := table{
		"name": "Huerta", "stewards": table{"members": list{"Ana"}},
		"currency": list{table{"name": "hora", "limit": "5", "exceptions": table{"Ana": "7", "Huerta": "9"}}},
		"bucket":   list{table{"name": "reserva", "percent": "20", "to": "Huerta"}, table{"name": "b", "percent": "1", "to": "Ana", "rest": "Ana"}},
	}
	if faults := charter.CheckFirst(alone, "Ana"); len(faults) > 0 {
		t.Fatal(faults)
	}
	commons, steward := protocol.CommonsID{EntryID: id(7)}, protocol.Steward{Log: protocol.LogID{EntryID: id(8)}}
	b := charter.Found(alone, commons, "Ana", steward)
	if diff := cmp.Diff(table{"Ana": id(8), "Huerta": id(7)}, b.IDs); diff != "" {
		t.Error(diff)
	}
	if terms, reason := charter.Read(b); reason != rules.Valid || !terms.Steward(steward.Log) {
		t.Error(reason)
	}
	if b := charter.Found(table{"name": "Huerta"}, commons, "Ana", steward); b.IDs != nil {
		t.Errorf("names that nobody wrote are resolved: %v", b.IDs)
	} else if _, reason := charter.Read(b); reason != rules.Valid {
		t.Error(reason)
	}

	var places []string
	for _, f := range charter.CheckFirst(whole(), "Ana") {
		if f.Code != charter.CreateFirst {
			t.Error(f)
		}
		places = append(places, f.Path.String())
	}
	want := []string{
		"stewards.members[1]", "stewards.members[2]", `currency[0].exceptions."Cooperativa Sur"`, "currency[0].exceptions.Eva", "bucket[1].rest",
	}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Error(diff)
	}
	faults := charter.CheckFirst(table{"name": "Ana", "bucket": list{table{"name": "b", "percent": "1", "to": "Ana"}}}, "Ana")
	if len(faults) != 1 || faults[0].Code != charter.SameName {
		t.Error(faults)
	}
	if faults := charter.CheckFirst(charter.Default("Ana", "Ana"), "Ana"); len(faults) > 0 {
		t.Error(faults)
	}
}
