package api

import (
	"testing"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

func TestAmountsThatCanBePaid(t *testing.T) {
	for _, row := range []struct {
		text  string
		scale int
		want  string
		fault Code
	}{
		{"12.50", 2, "12.50", ""}, {"12.5", 2, "12.50", ""}, {"12", 2, "12.00", ""}, {"7", 0, "7", ""}, {"7.000", 0, "7", ""},
		{"0.000000001", 9, "0.000000001", ""}, {"10000000000000", 2, "10000000000000.00", ""}, {"007.10", 1, "7.1", ""},
		{"12.505", 2, "", CodePlaces}, {"0.5", 0, "", CodePlaces},
		{"0", 2, "", CodeNotPositive}, {"-1", 2, "", CodeNotPositive}, {"-0.00", 2, "", CodeNotPositive},
		{"10000000000000.01", 2, "", CodeBadNumber}, {"10000000000001", 2, "", CodeBadNumber}, {"", 2, "", CodeBadNumber},
		{"1e3", 2, "", CodeBadNumber}, {"NaN", 2, "", CodeBadNumber}, {"١", 2, "", CodeBadNumber}, {" 1", 2, "", CodeBadNumber},
		{"1.", 2, "", CodeBadNumber}, {".5", 2, "", CodeBadNumber}, {"--1", 2, "", CodeBadNumber}, {"1_000", 2, "", CodeBadNumber},
	} {
		a, fault := payable(row.text, row.scale)
		if fault != row.fault || fault == "" && a.String() != row.want {
			t.Errorf("%q at %d places: %v %q", row.text, row.scale, a, fault)
		}
	}
}

// Whatever is accepted is the number that was written, above zero, with the
// places of the currency, and reads the same when it is shown.
func FuzzPayable(f *testing.F) {
	for _, text := range []string{"12.50", "0", "-1", "1e3", "NaN", "1000000000000000", "0.000000001", "9.9999999990"} {
		f.Add(text, 2)
		f.Add(text, 9)
	}
	f.Fuzz(func(t *testing.T, text string, scale int) {
		if scale < 0 || scale > protocol.MaxScale {
			return
		}
		a, fault := payable(text, scale)
		if fault != "" {
			return
		}
		read, err := protocol.ParseAmount(text)
		if err != nil || rules.TotalOf(read) != rules.TotalOf(a) {
			t.Fatalf("%q became %v", text, a)
		}
		if a.N <= 0 || a.N > protocol.MaxMantissa || a.Scale != int64(scale) {
			t.Fatalf("%q became %+v", text, a)
		}
		if shown := fixed(rules.TotalOf(a), scale); shown != a.String() {
			t.Fatalf("%q is shown as %q", a, shown)
		}
	})
}
