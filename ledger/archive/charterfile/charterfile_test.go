package charterfile_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger/archive/charterfile"
	"github.com/minga-commons/minga/protocol"
)

type (
	table = map[string]protocol.Value
	list  = []protocol.Value
)

func whole(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/whole.toml")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The file with every field in its place reads without a fault and is written
// as it was.
func TestTheWholeFileThereAndBack(t *testing.T) {
	text := whole(t)
	file, faults := charterfile.Read(text)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if faults := file.Check(); len(faults) > 0 {
		t.Error(faults)
	}
	back, err := charterfile.Write(file.Doc)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(text), string(back)); diff != "" {
		t.Error(diff)
	}
	if faults := file.CheckFirst("Ana"); len(faults) != 1 || faults[0].Line != 18 {
		t.Error(faults)
	}
}

func TestADocumentIsReadAsItIsWritten(t *testing.T) {
	for name, doc := range map[string]table{
		"empty":         {},
		"odd keys":      {"": "a", "a b": int64(1), `"\`: true, "ñ": "x", "a.b": "c", "\x01": "d"},
		"odd texts":     {"a": "line\nline\ttab \r \x7f \"quoted\" \\ ☃", "b": ""},
		"numbers":       {"a": int64(-9223372036854775808), "b": int64(9223372036854775807)},
		"lists":         {"a": list{}, "b": list{"x", int64(1), list{true}}, "c": list{table{}, table{"d": list{table{"e": "f"}}}}},
		"mixed":         {"a": list{"x", table{"y": table{"z": list{table{"k": "v"}, "w"}}}}},
		"tables":        {"a": table{}, "b": table{"c": table{"d": table{}}}, "e": list{table{"f": table{"g": table{"h": "i"}}, "j": table{"k": list{table{"l": table{}}}}}}},
		"table, value":  {"z": "last", "a": table{"x": "y"}},
		"after several": {"a": list{table{"b": list{table{"c": "d"}, table{}}, "e": "f"}, table{"b": list{table{"g": "h"}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := charterfile.Write(doc)
			if err != nil {
				t.Fatal(err)
			}
			file, faults := charterfile.Read(text)
			if len(faults) > 0 {
				t.Fatalf("%v in\n%s", faults, text)
			}
			if diff := cmp.Diff(doc, file.Doc); diff != "" {
				t.Errorf("%s\n%s", diff, text)
			}
		})
	}
	for name, v := range map[string]protocol.Value{"null": nil, "bytes": []byte{1}, "link": protocol.EntryID{1}, "text": "\xff"} {
		if _, err := charterfile.Write(table{"a": v}); err == nil {
			t.Errorf("%s was written", name)
		}
	}
}

func TestWhatIsNoDocument(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"no TOML":        {"name = \"a\"\nnonsense\n", "line 2: this is not TOML: "},
		"twice":          {"name = \"a\"\nname = \"b\"\n", "line 2: this is not TOML: "},
		"table twice":    {"[a]\nb = 1\n[a]\n", "line 3: this is not TOML: "},
		"float":          {"\n[[currency]]\nscale = 2\n[[currency]]\nlimit = 50.00\n", `line 5: currency[1].limit: 50.00 is neither a text nor a whole number; write it as a text: "50.00"`},
		"date":           {"[[bucket]]\nsince = 2026-01-01\n", `line 2: bucket[0].since: 2026-01-01 is neither a text nor a whole number; write it as a text: "2026-01-01"`},
		"time":           {"a = 2026-01-01T10:00:00Z\n", `line 1: a: 2026-01-01T10:00:00Z is neither`},
		"clock":          {"a = 10:00:00\n", `line 1: a: 10:00:00 is neither`},
		"in a list":      {"a = [\n  \"x\",\n  1.5,\n]\n", `a[1]: 1.5 is neither`},
		"inline, dotted": {"b = 1\na = { c.d = [1, { e = nan }] }\n", `line 2: a.c.d[1].e: nan is neither`},
		"huge number":    {"a = 9223372036854775808\n", "line 1: this is not TOML: "},
		"too deep":       {"a.b.c.d.e.f.g.h.i = 1\n", "line 1: a.b.c.d.e.f.g.h: this is nested deeper than 8 levels"},
		"far too deep":   {"a = " + strings.Repeat("[", 30000), "line 1: this is not TOML: "},
		"long path":      {"a" + strings.Repeat(".a", 30000) + " = 1\n", "line 1: a.a.a.a.a.a.a.a: this is nested deeper than 8 levels"},
		"too large":      {strings.Repeat("#", 65537), "the file has 65537 bytes where 65536 are allowed"},
		"not UTF-8":      {"a = \"\xff\"\n", "line 1: this is not TOML: "},
		"one when clean": {"\"caf\u00e9\" = 1\n\"cafe\u0301\" = 2\n", "twice"},
	} {
		t.Run(name, func(t *testing.T) {
			file, faults := charterfile.Read([]byte(c.text))
			if file != nil || len(faults) == 0 {
				t.Fatalf("%v %v", file, faults)
			}
			if got := faults[0].Error(); !strings.Contains(got, c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if faults[0].Text("es") == faults[0].Text("en") && name != "one when clean" {
				t.Errorf("no Spanish: %s", faults[0].Text("es"))
			}
		})
	}
}

func TestFaultsNameTheirLine(t *testing.T) {
	file, faults := charterfile.Read([]byte(strings.TrimLeft(`
membership = "closed"
currency = [{ name = "hora", limit = "x" }, { name = "hora" }]
[stewards]
members = [
  "Ana",
  "Beto",
]
threshold = 1
[[bucket]]
name = "a"
percent = "10"
to = "Ana"
[[bucket]]
percent = "20"
  [[bucket.rule]]
  rate = "1"
  [[bucket.rule]]
  rate = "1"
  percent = "1"
[streams]
care.less = "1"
`, "\n")))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var got []string
	for _, f := range file.Check() {
		got = append(got, f.Error())
	}
	want := []string{
		`name: this is needed and missing`,
		`line 1: membership: "closed" is none of: invite, open`,
		`line 2: currency[0].limit: "x" is no decimal number; write it like "12.50", with at most 15 digits and 9 places`,
		`line 2: currency[1].name: "hora" stands here a second time`,
		`line 8: stewards.threshold: of 2 stewards, 0 of whom may lie, at least 2 and at most all sign`,
		`line 13: bucket[1].name: this is needed and missing`,
		`line 17: bucket[1].rule[1]: a rule has a rate or a percent, one of the two`,
		`line 21: streams.care: wanted is a decimal number as a text, like "12.50"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Reading ends whatever the text is, and what is read is written and read again
// as the same.
func FuzzRead(f *testing.F) {
	f.Add(whole(f))
	f.Add([]byte("a = [{ b.c = \"\\u0001\" }, 1.5]\n[[x.y]]\n[x.y.z]\n"))
	f.Add([]byte("'' = '''\n\n'''\n\"e\u0301\" = \"\"\"\ne\u0301\"\"\""))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, faults := charterfile.Read(text)
		if (file == nil) == (len(faults) == 0) {
			t.Fatalf("%v %v", file, faults)
		}
		if file == nil {
			return
		}
		file.CheckFirst("Ana")
		written, err := charterfile.Write(file.Doc)
		if err != nil {
			t.Fatal(err)
		}
		again, faults := charterfile.Read(written)
		if len(written) > charterfile.MaxSize {
			return
		}
		if len(faults) > 0 {
			t.Fatalf("%v in\n%s", faults, written)
		}
		if diff := cmp.Diff(file.Doc, again.Doc); diff != "" {
			t.Fatalf("%s\n%s", diff, written)
		}
	})
}
