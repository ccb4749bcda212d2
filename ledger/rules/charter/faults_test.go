package charter_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

// faultCases change one field of the whole document, or leave it out where the
// value is nil. want is the place, if it is another one, and the code.
var faultCases = []struct {
	path  []any // of the table
	field string
	value protocol.Value
	want  string
}{
	{nil, "colour", "green", "colour unknown-field"},
	{nil, "name", nil, "name missing"},
	{nil, "name", "", "name missing"},
	{nil, "name", "Huerta\nNorte", "name bad-text"},
	{nil, "name", " Huerta Norte", "name bad-text"},
	{nil, "name", strings.Repeat("a", 257), "name too-long"},
	{nil, "name", int64(3), "name wrong-type"},
	{nil, "purpose", strings.Repeat("a", 8193), "purpose too-long"},
	{nil, "purpose", list{}, "purpose wrong-type"},
	{nil, "language", "fr", "language unknown-choice"},
	{nil, "language", "", "language unknown-choice"},
	{nil, "membership", true, "membership wrong-type"},
	{nil, "inviters", "everybody", "inviters unknown-choice"},
	{nil, "public_read", "yes", "public_read wrong-type"},
	{nil, "stewards", list{}, "stewards wrong-type"},
	{nil, "currency", table{"name": "hora"}, "currency wrong-type licence.currency unknown-currency bucket[1].currency unknown-currency"},
	{nil, "weight", list{"carcasa"}, "weight[0] wrong-type"},

	{[]any{"stewards"}, "members", "Ana", "stewards.members wrong-type"},
	{[]any{"stewards"}, "members", list{}, "stewards.members no-stewards"},
	{[]any{"stewards"}, "members", list{"Ana", "Ana", "Beto"}, "stewards.members[1] duplicate"},
	{[]any{"stewards"}, "members", list{"Ana", int64(1), "Beto"}, "stewards.members[1] wrong-type"},
	{[]any{"stewards"}, "members", list{"Ana", "", "Beto"}, "stewards.members[1] bad-text"},
	{[]any{"stewards"}, "threshold", int64(1), "stewards.threshold bad-threshold"},
	{[]any{"stewards"}, "threshold", int64(4), "stewards.threshold bad-threshold"},
	{[]any{"stewards"}, "threshold", int64(0), "stewards.threshold out-of-range"},
	{[]any{"stewards"}, "threshold", "2", "stewards.threshold wrong-type"},
	{[]any{"stewards"}, "liars", int64(1), "stewards.threshold bad-threshold"},
	{[]any{"stewards"}, "liars", int64(3), "stewards.liars too-many-liars"},
	{[]any{"stewards"}, "liars", int64(-1), "stewards.liars out-of-range"},
	{[]any{"stewards"}, "M", int64(2), "stewards.M unknown-field"},

	{[]any{"currency", 0}, "name", nil, "currency[0].name missing"},
	{[]any{"currency", 0}, "name", "USD", "currency[1].name duplicate"},
	{[]any{"currency", 0}, "kind", "gold", "currency[0].kind unknown-choice"},
	{[]any{"currency", 0}, "scale", int64(10), "currency[0].scale out-of-range"},
	{[]any{"currency", 0}, "limit", "50.005", "currency[0].limit too-many-places"},
	{[]any{"currency", 0}, "limit", "50,00", "currency[0].limit bad-decimal"},
	{[]any{"currency", 0}, "limit", "5e1", "currency[0].limit bad-decimal"},
	{[]any{"currency", 0}, "limit", "-50", "currency[0].limit negative"},
	{[]any{"currency", 0}, "limit", int64(50), "currency[0].limit wrong-type"},
	{[]any{"currency", 0}, "kind", "issued", "currency[0].limit issued-credit currency[0].exceptions issued-credit"},
	{[]any{"currency", 0}, "exceptions", list{}, "currency[0].exceptions wrong-type"},
	{[]any{"currency", 0, "exceptions"}, "Beto", "1.001", "currency[0].exceptions.Beto too-many-places"},
	{[]any{"currency", 0, "exceptions"}, "Beto", int64(1), "currency[0].exceptions.Beto wrong-type"},
	{[]any{"currency", 0, "exceptions"}, "", "1", `currency[0].exceptions."" bad-text`},
	{[]any{"currency", 1}, "limit", "1", "currency[1].limit issued-credit"},
	{[]any{"currency", 1}, "limits", "1", "currency[1].limits unknown-field"},

	{[]any{"confirmation"}, "required", int64(1001), "confirmation.required out-of-range"},
	{[]any{"confirmation"}, "required", "1", "confirmation.required wrong-type"},
	{[]any{"confirmation"}, "by", "nobody", "confirmation.by unknown-choice"},
	{[]any{"confirmation"}, "window", "3 days", "confirmation.window bad-period"},
	{[]any{"confirmation"}, "window", "PT1H", "confirmation.window bad-period"},
	{[]any{"confirmation"}, "window", "P1D1Y", "confirmation.window bad-period"},
	{[]any{"confirmation"}, "window", "P10000D", "confirmation.window bad-period"},
	{[]any{"confirmation"}, "window", "P", "confirmation.window bad-period"},
	{[]any{"confirmation", "rule", 0}, "above", "x", "confirmation.rule[0].above bad-decimal"},
	{[]any{"confirmation", "rule", 0}, "per", "h", "confirmation.rule[0].per unknown-unit"},
	{[]any{"confirmation", "rule", 0}, "action", "labour", "confirmation.rule[0].action unknown-action"},
	{[]any{"confirmation", "rule", 0}, "rate", "1", "confirmation.rule[0].rate unknown-field"},

	{[]any{"streams"}, "care", "1.5x", "streams.care bad-decimal"},
	{[]any{"streams"}, "Care", "1.5", "streams.Care unknown-field"},
	{[]any{"weight", 0}, "resource", nil, "weight[0].resource missing"},
	{[]any{"weight", 0}, "resource", "scrap", "weight[1].resource duplicate"},
	{[]any{"weight", 0}, "value", nil, "weight[0].value missing"},
	{[]any{"weight", 0}, "value", "0.00", "weight[0].value not-positive"},
	{[]any{"weight", 0}, "per", "pieces", "weight[0].per unknown-unit"},

	{[]any{"bucket", 0}, "name", nil, "bucket[0].name missing"},
	{[]any{"bucket", 0}, "name", "trabajo", "bucket[1].name duplicate"},
	{[]any{"bucket", 0}, "percent", nil, "bucket[0].percent missing"},
	{[]any{"bucket", 0}, "percent", "100.01", "bucket[0].percent bad-percent"},
	{[]any{"bucket", 0}, "percent", "-1", "bucket[0].percent negative"},
	{[]any{"bucket", 1}, "of", "total", "bucket[1].percent more-than-all"},
	{[]any{"bucket", 1}, "of", "all", "bucket[1].of unknown-choice bucket[1].percent more-than-all"},
	{[]any{"bucket", 0}, "to", nil, "bucket[0] to-or-rules"},
	{[]any{"bucket", 0}, "to", int64(1), "bucket[0].to wrong-type"},
	{[]any{"bucket", 0}, "rule", list{table{"rate": "1"}}, "bucket[0] to-or-rules"},
	{[]any{"bucket", 1}, "rule", list{}, "bucket[1] to-or-rules licence.value_by[0] unknown-bucket"},
	{[]any{"bucket", 1}, "policy", "fair", "bucket[1].policy unknown-choice"},
	{nil, "bucket", list{table{"name": "trabajo", "percent": "1", "to": "Ana", "currency": int64(1), "max": "1"}}, "bucket[0].currency wrong-type licence.value_by[0] unknown-bucket"},
	{[]any{"bucket", 1}, "currency", "EUR", "bucket[1].currency unknown-currency"},
	{[]any{"bucket", 1}, "max", "1.005", "bucket[1].max too-many-places bucket[1].min min-above-max"},
	{[]any{"bucket", 1}, "min", "1500.01", "bucket[1].min min-above-max"},
	{[]any{"bucket", 1}, "since", "yesterday", "bucket[1].since bad-time"},
	{[]any{"bucket", 1, "rule", 0}, "rate", nil, "bucket[1].rule[0] rate-or-percent"},
	{[]any{"bucket", 1, "rule", 0}, "rate", "ten", "bucket[1].rule[0].rate bad-decimal"},
	{[]any{"bucket", 1, "rule", 0}, "rate", "0.123456789012345678901234567890", "bucket[1].rule[0].rate bad-decimal"},
	{[]any{"bucket", 1, "rule", 0}, "rate", "-10.00", "bucket[1].rule[0].rate negative"},
	{[]any{"bucket", 1, "rule", 1}, "percent", "100.5", "bucket[1].rule[1].percent bad-percent"},
	{[]any{"bucket", 1, "rule", 0}, "percent", "10", "bucket[1].rule[0] rate-or-percent"},
	{[]any{"bucket", 1, "rule", 0}, "per", "hours", "bucket[1].rule[0].per unknown-unit"},
	{[]any{"bucket", 1, "rule", 0}, "who", "friends", "bucket[1].rule[0].who unknown-choice"},
	{[]any{"bucket", 1, "rule", 0}, "scope", "all", "bucket[1].rule[0].scope unknown-choice"},
	{[]any{"bucket", 1, "rule", 0}, "stream", "hate", "bucket[1].rule[0].stream unknown-choice"},
	{[]any{"bucket", 1, "rule", 0}, "credit", "bank", "bucket[1].rule[0].credit unknown-choice"},
	{[]any{"bucket", 1, "rule", 0}, "claim", "twice", "bucket[1].rule[0].claim unknown-choice"},
	{[]any{"bucket", 1, "rule", 1}, "action", "use", "bucket[1].rule[1].percent percent-of-cite"},
	{[]any{"bucket", 1, "rule", 1}, "per", "hour", "bucket[1].rule[1].per rate-only"},

	{nil, "licence", table{}, "licence.share missing licence.currency missing licence.resources missing"},
	{[]any{"licence"}, "resources", list{}, "licence.resources missing"},
	{[]any{"licence"}, "resources", "manual", "licence.resources wrong-type"},
	{[]any{"licence"}, "share", "101", "licence.share bad-percent"},
	{[]any{"licence"}, "currency", "EUR", "licence.currency unknown-currency"},
	{[]any{"licence"}, "contribution", "0.001", "licence.contribution too-many-places"},
	{[]any{"licence"}, "value_by", list{"reserva"}, "licence.value_by[0] unknown-bucket"},
	{[]any{"licence"}, "value_by", nil, "licence.value_by value-needed"},
	{[]any{"licence"}, "grace", "soon", "licence.grace bad-period"},
	{[]any{"licence"}, "carry_over", int64(1), "licence.carry_over wrong-type"},
}

func TestABucketThatNeedsACurrencyHasTheOnlyIssuedOne(t *testing.T) {
	doc := whole()
	delete(at(t, doc, "bucket", 1), "currency")
	d, faults := charter.Parse(doc)
	if len(faults) > 0 || d.Buckets[1].Currency != "USD" || d.Buckets[0].Currency != "" {
		t.Error(faults, d.Buckets)
	}
	for _, currencies := range []list{
		{table{"name": "USD"}},
		{table{"name": "USD", "kind": "issued"}, table{"name": "EUR", "kind": "issued"}},
	} {
		doc["currency"] = currencies
		_, faults := charter.Parse(doc)
		if len(faults) != 1 || faults[0].Code != charter.CurrencyNeeded || faults[0].Path.String() != "bucket[1].currency" {
			t.Error(faults)
		}
	}
}

func TestFaults(t *testing.T) {
	for _, c := range faultCases {
		t.Run(fmt.Sprint(c.path, c.field, c.value), func(t *testing.T) {
			doc := whole()
			if m := at(t, doc, c.path...); c.value == nil {
				delete(m, c.field)
			} else {
				m[c.field] = c.value
			}
			_, faults := charter.Parse(doc)
			var got []string
			for _, f := range faults {
				got = append(got, f.Path.String()+" "+string(f.Code))
			}
			want := pairs(c.want)
			if len(got) != len(want) {
				t.Fatalf("got %q, want %q", got, want)
			}
			for _, w := range want {
				if !strings.Contains("|"+strings.Join(got, "|")+"|", "|"+w+"|") {
					t.Errorf("got %q, want %q", got, want)
				}
			}
		})
	}
}

// pairs splits "place code place code".
func pairs(text string) (all []string) {
	words := strings.Fields(text)
	for i := 0; i+1 < len(words); i += 2 {
		all = append(all, words[i]+" "+words[i+1])
	}
	return all
}

// Every code has a sentence in both languages with the same values, and every
// fault fills its sentence.
func TestEveryFaultSpeaksBothLanguages(t *testing.T) {
	seen := map[charter.Code]bool{}
	look := func(faults []charter.Fault) {
		for _, f := range faults {
			seen[f.Code] = true
			for _, lang := range []string{"en", "es"} {
				if s := f.Text(lang); s == "" || strings.Contains(s, "%!") || strings.Contains(s, "{") {
					t.Errorf("%s in %s: %q", f.Code, lang, s)
				}
			}
			if f.Text("en") == f.Text("es") {
				t.Errorf("%s is %q in both languages", f.Code, f.Text("es"))
			}
		}
	}
	for _, c := range faultCases {
		doc := whole()
		at(t, doc, c.path...)[c.field] = c.value
		if c.value == nil {
			delete(at(t, doc, c.path...), c.field)
		}
		_, faults := charter.Parse(doc)
		look(faults)
	}
	look(charter.CheckFirst(whole(), "Ana"))
	look(charter.CheckFirst(table{"name": "Ana", "bucket": list{table{"name": "b", "percent": "1", "to": "Ana"}}}, "Ana"))
	b := charterOf(whole())
	b.IDs, b.Stewards = nil, b.Stewards[:1]
	at(t, b.Doc, "currency", 1)["kind"] = "mutual"
	delete(at(t, b.Doc, "bucket", 1), "currency")
	_, faults := charter.Check(b)
	look(faults)
	b.Rules = 9
	_, faults = charter.Check(b)
	look(faults)
	if len(seen) != charter.Codes {
		t.Errorf("%d of %d codes are seen", len(seen), charter.Codes)
	}
}

func TestPaths(t *testing.T) {
	p := charter.Path{"currency", 0, "exceptions", `Casa "a/b~c"`}
	if got, want := p.String(), `currency[0].exceptions."Casa \"a/b~c\""`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := p.Pointer(), `/currency/0/exceptions/Casa "a~1b~0c"`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A document is anything that a log may carry: reading one ends, whatever it is.
func FuzzParse(f *testing.F) {
	for _, doc := range []table{whole(), charter.Default("Minga", "Ana"), {}} {
		b, err := protocol.AppendValue(nil, doc)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := protocol.ParseValue(b)
		doc, is := v.(table)
		if err != nil || !is {
			return
		}
		first, faults := charter.Parse(doc)
		again, others := charter.Parse(doc)
		if !cmp.Equal(first, again) || sentences(faults) != sentences(others) {
			t.Error("two readings differ")
		}
		for _, fault := range faults {
			if s := fault.Text("es"); strings.Contains(s, "%!") && !strings.Contains(string(b), "%!") {
				t.Errorf("%s: %s", fault.Code, s)
			}
		}
		if changes := charter.Compare(doc, doc); len(changes) > 0 {
			t.Errorf("a document differs from itself: %v", changes)
		}
		charter.CheckFirst(doc, "Ana")
		for _, change := range charter.Compare(whole(), doc) {
			change.Text("en")
		}
	})
}
