package naive

import (
	"testing"

	"github.com/minga-commons/minga/protocol"
)

func (v *village) states(want map[string]string, entries map[string]protocol.Entry) {
	v.t.Helper()
	s := v.eval()
	for name, e := range entries {
		if got, _ := s.State(e.ID()); got != want[name] {
			v.t.Errorf("%s is %s, want %s", name, got, want[name])
		}
	}
}

func (v *village) payment(a *actor, hundredths int64) protocol.Entry {
	return v.send(a, transfer(a.log.Agent(), v.beto.log.Agent(), "hora", hundredths))
}

func TestForkIsFrozenUntilABranchSettles(t *testing.T) {
	v := newVillage(t)
	at := v.ana.tip
	below := v.payment(v.ana, 100)
	fork := v.ana.tip
	left := v.payment(v.ana, 200)
	after := v.payment(v.ana, 201)
	v.ana.tip = fork
	right := v.payment(v.ana, 300)
	entries := map[string]protocol.Entry{"below": below, "left": left, "after": after, "right": right}
	v.states(map[string]string{"below": Pending, "left": Frozen, "after": Frozen, "right": Frozen}, entries)
	if log := v.eval().Logs[v.ana.log]; !log.Frozen || !log.Forked || log.Pending != below.Head() || log.Settled != at.Head() {
		t.Errorf("Ana's log is %+v", log)
	}
	v.endorse(2, left, 1)
	v.states(map[string]string{"below": Settled, "left": Settled, "after": Pending, "right": Frozen}, entries)
	if log := v.eval().Logs[v.ana.log]; log.Frozen || !log.Forked || log.Pending != after.Head() || log.Settled != left.Head() {
		t.Errorf("Ana's log is %+v", log)
	}
}

func TestRemovalCuts(t *testing.T) {
	v := newVillage(t)
	counts := v.payment(v.ana, 100)
	beyond := v.payment(v.ana, 200)
	settled := v.payment(v.mara, 100)
	v.endorse(2, settled, 1)
	founder := v.witnesses[0]
	remove := func(log protocol.LogID, seq int64) protocol.Entry {
		return v.write(v.charter, &protocol.Remove{Log: log, Seq: seq})
	}
	entries := map[string]protocol.Entry{
		"counts": counts, "beyond": beyond, "settled": settled,
		"removal": remove(v.ana.log, counts.Seq), "of mara": remove(v.mara.log, 1), "of the witness": remove(founder.log, 1),
	}
	v.states(map[string]string{
		"counts": Pending, "beyond": Pending, "settled": Settled,
		"removal": Pending, "of mara": Pending, "of the witness": Void,
	}, entries)
	v.endorse(2, v.charter.tip, 1)
	v.states(map[string]string{
		"counts": Pending, "beyond": Cut, "settled": Settled,
		"removal": Settled, "of mara": Settled, "of the witness": Void,
	}, entries)
	s := v.eval()
	if !s.Endorsable(founder.log, counts.ID()) || s.Endorsable(founder.log, beyond.ID()) {
		t.Error("a witness may endorse up to the cut and not beyond")
	}
	v.endorse(v.charter.tip.Seq, beyond, 1)
	v.is(beyond, Settled) // whoever voted for it: nothing but votes decides
}

func TestCharterWaitsForNewWitnesses(t *testing.T) {
	v := newVillage(t)
	k := v.write(v.charter, v.seats(indices([]int{1, 2, 3, 5}), 1))
	bad := v.write(v.charter, v.seats(indices([]int{1, 2, 3}), 1))
	after := v.write(v.charter, &protocol.Admit{Log: v.beto.log})
	entries := map[string]protocol.Entry{"change": k, "too few": bad, "after": after}
	v.states(map[string]string{"change": Pending, "too few": Waiting, "after": Waiting}, entries)
	founder := v.witnesses[0].log
	if v.eval().Endorsable(founder, k.ID()) {
		t.Error("a change may be endorsed before the new witnesses confirm it")
	}
	for _, w := range []int{1, 2, 4} {
		v.write(v.witnesses[w], &protocol.Confirm{Target: k.ID(), Verdict: protocol.VerdictConfirm})
	}
	if !v.eval().Endorsable(founder, k.ID()) {
		t.Error("a change that all new witnesses confirmed may be endorsed")
	}
	v.endorse(2, k, 1)
	v.states(map[string]string{"change": Settled, "too few": Void, "after": Pending}, entries)
	s := v.eval()
	if due, is := s.DueClose(founder); !is || due != k.ID() || len(s.Epochs) != 2 || s.Epochs[1].Quorum != 3 {
		t.Errorf("close %v is due %v in %d epochs", due, is, len(s.Epochs))
	}
	v.meet(20)
	v.states(map[string]string{"change": Settled, "too few": Void, "after": Settled}, entries)
}
