package charter_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger/rules/charter"
)

func TestChangesAreToldInBothLanguages(t *testing.T) {
	before, after := whole(), whole()
	delete(after, "purpose")
	after["language"] = "en"
	at(t, after, "stewards")["threshold"] = int64(3)
	at(t, after, "stewards")["members"] = list{"Ana", "Eva", "Luis"}
	at(t, after, "currency", 0)["limit"] = "60.00"
	at(t, after, "currency", 0, "exceptions")["Luis"] = "5"
	at(t, after, "confirmation", "rule", 0)["above"] = "9"
	buckets := after["bucket"].(list)
	at(t, after, "bucket", 0)["percent"] = "25"
	after["bucket"] = list{buckets[1], buckets[0]}
	after["currency"] = append(after["currency"].(list), table{"name": "EUR", "kind": "issued"})
	at(t, after, "licence")["share"] = "12"
	after["weight"] = after["weight"].(list)[1:]
	type told struct{ Path, English, Spanish string }
	var got []told
	for _, c := range charter.Compare(before, after) {
		got = append(got, told{c.Path.String(), c.Text("en"), c.Text("es")})
	}
	want := []told{
		{"bucket.reserva.percent", "The bucket reserva now gets 25 per cent; it got 20.", "El fondo reserva recibe ahora 25 por ciento; recibía 20."},
		{"bucket", "bucket is now trabajo, reserva; it was reserva, trabajo", "bucket es ahora trabajo, reserva; era reserva, trabajo"},
		{"confirmation.rule[0].above", "confirmation.rule[0].above is now 9; it was 8", "confirmation.rule[0].above es ahora 9; era 8"},
		{"currency.EUR", "currency.EUR is new: { kind = issued, name = EUR }", "currency.EUR es nuevo: { kind = issued, name = EUR }"},
		{"currency.hora.exceptions.Luis", "currency.hora.exceptions.Luis is new: 5", "currency.hora.exceptions.Luis es nuevo: 5"},
		{"currency.hora.limit", "In hora a member may now go 60.00 below zero; it was 50.00.", "En hora cada miembro puede bajar ahora 60.00 por debajo de cero; eran 50.00."},
		{"language", "language is now en; it was es", "language es ahora en; era es"},
		{"licence.share", "Those who profit and do not contribute now owe 12 per cent; it was 10.", "Quien lucra y no aporta debe ahora 12 por ciento; era 10."},
		{"purpose", "purpose is gone; it was Cultivar y compartir alimentos del barrio", "purpose ya no está; era Cultivar y compartir alimentos del barrio"},
		{"stewards.members", "The stewards are now Ana, Eva, Luis; they were Ana, Beto, Eva.", "Las personas responsables son ahora Ana, Eva, Luis; eran Ana, Beto, Eva."},
		{"stewards.threshold", "A decision of the commons now takes 3 stewards; it took 2.", "Una decisión del común pide ahora 3 responsables; pedía 2."},
		{"weight.carcasa", "weight.carcasa is gone; it was { per = one, resource = carcasa, value = 45 }", "weight.carcasa ya no está; era { per = one, resource = carcasa, value = 45 }"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if changes := charter.Compare(before, whole()); len(changes) > 0 {
		t.Errorf("a document differs from itself: %v", changes)
	}
}
