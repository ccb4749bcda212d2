package ledger_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// TestARecordThatBecameAMemberIsExplained pays somebody who is a record, and binds
// it to a member of the same name later: what was paid before is explained all the
// same, by either identity, and the name means the member.
func TestARecordThatBecameAMemberIsExplained(t *testing.T) {
	rules := []protocol.Value{rule("work", "", "10", "hour", table{"claim": "debt"})}
	s := newShop(t, sharing(table{"name": "work", "percent": "100", "rule": rules}), "Cliente", "Rosa")
	ctx := context.Background()
	record := s.agents["Rosa"]
	s.hours("Rosa", 5, "Huerta", nothing)
	s.treasury(s.usd("Cliente", "Taller", 9000))
	s.meet()
	first, err := s.ProposeDistribution(ctx, s.id, request(3000))
	if err != nil {
		t.Fatal(err)
	}
	s.meet()
	rosa := s.join("Rosa")
	member := s.agents["Rosa"]
	s.treasury(&protocol.Bind{Agent: record.EntryID, Log: protocol.LogID(member)})
	s.meet()
	second, err := s.ProposeDistribution(ctx, s.id, request(6000))
	if err != nil {
		t.Fatal(err)
	}
	s.meet()
	for i, want := range []struct {
		of    ledger.Distribution
		agent protocol.AgentID
		paid  string
	}{{first, record, "30.00"}, {second, member, "20.00"}} {
		for _, asked := range []protocol.AgentID{record, member} {
			why, err := rosa.WhyDistribution(ctx, s.id, want.of.ID, asked)
			if err != nil || len(why) != 1 {
				t.Fatalf("%d: %d reasons, %v", i, len(why), err)
			}
			if r := why[0]; r.Agent.ID != want.agent || r.Amount.String() != want.paid || len(r.Events) != 1 || r.Events[0].Amount != r.Amount {
				t.Errorf("%d: %v gets %v for %d events, want %v with %s for one", i, r.Agent.ID, r.Amount, len(r.Events), want.agent, want.paid)
			}
		}
	}
	if a, err := rosa.FindAgent(ctx, s.id, "Rosa"); err != nil || a.ID != member {
		t.Errorf("Rosa is %v, %v; want the member", a.ID, err)
	}
	if got := rosa.account(s.id, member, "USD"); got != "50 0 50" {
		t.Errorf("Rosa has %s", got)
	}
}

// TestAnIncomeForSomethingUnknownIsTold has incomes whose delivery nobody knows.
func TestAnIncomeForSomethingUnknownIsTold(t *testing.T) {
	for scope, told := range map[string]bool{"trace": true, "period": false} {
		rules := []protocol.Value{rule("work", "", "10", "hour", table{"scope": scope})}
		s := newShop(t, sharing(table{"name": "work", "percent": "100", "rule": rules}), "Cliente")
		process := s.process("Hornear", nothing)
		own := s.hours("Ana", 2, "pan", process)
		mara := s.join("Mara")
		mara.submit(s.id, &protocol.Confirm{Target: own, Verdict: protocol.VerdictConfirm})
		made := s.event("produce", "Taller", "Taller", 10, "one")
		made.OutputOf, made.ResourceConformsTo = process, "pan"
		s.record(made)
		income := func(what string) protocol.EntryID {
			body := s.usd("Cliente", "Taller", 1000)
			body.ResourceConformsTo = what
			return s.treasury(body)
		}
		known, unknown, unnamed := income("pan"), income("pna"), income("")
		s.meet()
		var want []protocol.EntryID
		if told {
			want = []protocol.EntryID{unknown}
		}
		if d := cmp.Diff(want, s.preview(request(2500, known, unknown, unnamed)).Untraced); d != "" {
			t.Errorf("%s (-want +got):\n%s", scope, d)
		}
		d, err := s.ProposeDistribution(context.Background(), s.id, request(2500, known, unknown, unnamed))
		if diff := cmp.Diff(want, d.Untraced); err != nil || diff != "" {
			t.Errorf("%s, proposed: %v (-want +got):\n%s", scope, err, diff)
		}
	}
}
