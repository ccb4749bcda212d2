package ledger_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

type doc = map[string]protocol.Value

func TestACommonsIsFoundedUnderADocumentOfItsOwn(t *testing.T) {
	w := newWorld(t)
	ana, ctx := w.node(), context.Background()
	given := doc{
		"name": "Huerta", "public_read": false,
		"currency": []protocol.Value{doc{"name": "hora", "limit": "50.00", "exceptions": doc{"Jose\u0301": "60"}}},
		"bucket":   []protocol.Value{doc{"name": "reserva", "percent": "20", "to": "Huerta"}},
	}
	commons, err := ana.CreateCommonsFrom(ctx, given, " Jos\u00e9 ")
	if err != nil {
		t.Fatal(err)
	}
	if commons.Name != "Huerta" || commons.MyName != "Jos\u00e9" || commons.PublicRead || commons.Void != 0 || commons.Charter != 2 {
		t.Errorf("%+v", commons)
	}
	var body *protocol.Charter
	for e, err := range ana.Entries(ctx, protocol.Range{Log: commons.ID.Charter(), Last: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		if b, is := e.Body.(*protocol.Charter); is {
			body = b
		}
	}
	want := doc{
		"name": "Huerta", "public_read": false,
		"currency": []protocol.Value{doc{"name": "hora", "limit": "50.00", "exceptions": doc{"Jos\u00e9": "60"}}},
		"bucket":   []protocol.Value{doc{"name": "reserva", "percent": "20", "to": "Huerta"}},
	}
	if diff := cmp.Diff(want, body.Doc); diff != "" {
		t.Errorf("what is left out is to stay left out: %s", diff)
	}
	if diff := cmp.Diff(doc{"Jos\u00e9": commons.Me.EntryID, "Huerta": commons.ID.EntryID}, body.IDs); diff != "" {
		t.Error(diff)
	}

	var refused *ledger.CharterError
	_, err = ana.CreateCommonsFrom(ctx, doc{"name": "Huerta", "stewards": doc{"members": []protocol.Value{"Beto"}}}, "Ana")
	if !errors.As(err, &refused) || !errors.Is(err, ledger.ErrInvalid) || len(refused.Faults) != 1 || refused.Faults[0].Path.String() != "stewards.members[0]" {
		t.Errorf("%v", err)
	}
	for name, bad := range map[string]doc{
		"no name":   nil,
		"too large": {"name": "Huerta", "licence": doc{"currency": "a", "share": "1", "resources": many(400)}, "currency": []protocol.Value{doc{"name": "a"}}},
		"too deep":  {"name": "Huerta", "x": deep(20)},
		"one field": {"name": "Huerta", "currency": []protocol.Value{doc{"name": "a", "exceptions": doc{"e\u0301": "1", "\u00e9": "1"}}}},
	} {
		if _, err := ana.CreateCommonsFrom(ctx, bad, "Ana"); !errors.Is(err, ledger.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all, err := ana.Ledger.Commons(ctx); err != nil || len(all) != 1 {
		t.Errorf("%v %v", all, err)
	}
}

// many returns texts that are each as long as a name may be.
func many(n int) (all []protocol.Value) {
	for i := range n {
		all = append(all, strings.Repeat("x", 250)+string(rune('\u0100'+i)))
	}
	return all
}

func deep(n int) protocol.Value {
	if n == 0 {
		return "x"
	}
	return []protocol.Value{deep(n - 1)}
}
