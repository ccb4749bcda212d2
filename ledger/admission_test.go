package ledger_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// TestStrangersDoNotConfirmOneAnother has two members of an open commons whom
// nobody has admitted: what the one says of the other's work does not count, nor
// does their work enter a distribution, until they are admitted.
func TestStrangersDoNotConfirmOneAnother(t *testing.T) {
	ctx := context.Background()
	doc := sharing(table{"name": "trabajo", "percent": "100", "rest": "pool", "rule": []protocol.Value{rule("work", "", "10", "hour", nil)}})
	doc["membership"] = "open"
	s := newShop(t, doc, "Cliente")
	mara, beto := s.join("Mara"), s.join("Beto")
	s.income(10000, nothing)
	work := func(n *node, who string) protocol.EntryID {
		b := s.event("work", who, "Taller", 2, "hour")
		b.ResourceConformsTo = "pan"
		return n.submit(s.id, b).Entry.ID()
	}
	own, forBeto := work(mara, "Mara"), work(mara, "Beto")
	s.meet()
	_, err := beto.Submit(ctx, ledger.Draft{Commons: s.id, Body: &protocol.Confirm{Target: own, Verdict: protocol.VerdictConfirm}})
	var void *ledger.VoidError
	if !errors.As(err, &void) || void.Reason != rules.NotAdmitted {
		t.Errorf("a stranger's verdict: %v", err)
	}
	s.submit(s.id, &protocol.Confirm{Target: own, Verdict: protocol.VerdictConfirm})
	s.meet()
	want := map[string]string{"rest": "100.00"}
	if diff := cmp.Diff(want, s.given(s.preview(request(10000)))); diff != "" {
		t.Errorf("strangers' work (-want +got):\n%s", diff)
	}
	for _, name := range []string{"Mara", "Beto"} {
		s.treasury(&protocol.Admit{Log: protocol.LogID(s.agents[name])})
	}
	s.meet()
	want = map[string]string{"trabajo Mara": "100.00", "rest": "0.00"}
	if diff := cmp.Diff(want, s.given(s.preview(request(10000)))); diff != "" {
		t.Errorf("admitted, and confirmed by Ana (-want +got):\n%s", diff)
	}
	more := work(mara, "Mara")
	s.meet()
	beto.submit(s.id, &protocol.Confirm{Target: more, Verdict: protocol.VerdictConfirm})
	s.submit(s.id, &protocol.Confirm{Target: forBeto, Verdict: protocol.VerdictConfirm})
	s.meet()
	for _, n := range []*node{s.node, mara, beto} {
		want = map[string]string{"trabajo Mara": "66.67", "trabajo Beto": "33.33", "rest": "0.00"}
		if diff := cmp.Diff(want, s.given(s.previewOn(n, request(10000)))); diff != "" {
			t.Errorf("both speak (-want +got):\n%s", diff)
		}
	}
}
