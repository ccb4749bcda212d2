package ledger_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// TestAnImportedHistoryShares has rows of a real history of contributions, with the
// keys and times that they have there. 10,000.00 are shared at 3 for code, 2 for
// documentation and 1.5 for maintenance: 9.5, 6 and 2 of 17.5.
func TestAnImportedHistoryShares(t *testing.T) {
	ctx := context.Background()
	s := newShop(t, sharing(table{"name": "work", "percent": "100", "rule": []protocol.Value{
		rule("produce", "code", "3", "one", nil), rule("produce", "documentation", "2", "one", nil),
		rule("produce", "maintenance", "1.5", "one", nil),
	}}), "Cliente", "contributor-001", "contributor-002", "contributor-003")
	mara := s.join("Mara")
	var rows []protocol.EntryID
	for _, row := range []struct{ key, time, agent, resource string }{
		{"f93b1f29702722d787171edf5a69683cde9177c2", "2019-02-04T11:12:53Z", "contributor-001", "documentation"},
		{"57d3a8c1e545bf23ed2a6eb13982c3b18495089a", "2019-02-04T11:14:09Z", "contributor-001", "maintenance"},
		{"44023ef7076294b591452fabe8cd89d17a2e0624", "2019-02-04T11:14:16Z", "contributor-001", "maintenance"},
		{"4085ad9864f03aadc60514b9a3eee0b163b12ee5", "2019-02-04T11:14:26Z", "contributor-001", "maintenance"},
		{"45d17ff2cae4caf803d1b733f11dbc2d84b128ab", "2019-02-04T11:14:43Z", "contributor-001", "code"},
		{"row 6", "2019-02-05", "contributor-002", "code"},
		{"row 7", "2019-02-05", "contributor-002", "code"},
		{"row 8", "2019-02-06", "contributor-003", "documentation"},
		{"row 9", "2019-02-06", "contributor-003", "documentation"},
	} {
		body := s.event("produce", row.agent, "Taller", 1, "one")
		body.ResourceConformsTo, body.HasPointInTime, body.Source = row.resource, row.time, row.key
		rows = append(rows, s.record(body))
	}
	income := s.income(1000000, nothing)
	s.meet()
	want := map[string]string{"rest": "10000.00"}
	if diff := cmp.Diff(want, s.given(s.preview(request(1000000, income)))); diff != "" {
		t.Errorf("importing gives no voice (-want +got):\n%s", diff)
	}
	for _, id := range rows[:8] {
		mara.submit(s.id, &protocol.Confirm{Target: id, Verdict: protocol.VerdictConfirm})
	}
	if held := s.previewOn(mara, request(1000000, income)).Held; len(held) != 1 || held[0].Agent.Name != "Mara" || held[0].Entries != 8 || held[0].Frozen {
		t.Errorf("held above the cut: %+v, want eight entries of Mara's", held)
	}
	s.meet()
	want = map[string]string{
		"work contributor-001": "5428.57", "work contributor-002": "3428.57", "work contributor-003": "1142.86", "rest": "0.00",
	}
	d, err := s.ProposeDistribution(ctx, s.id, request(1000000))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, s.given(d)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]protocol.EntryID{income}, d.Incomes); diff != "" {
		t.Errorf("the incomes that are chosen (-want +got):\n%s", diff)
	}
	// What is confirmed late joins the next one, alone.
	mara.submit(s.id, &protocol.Confirm{Target: rows[8], Verdict: protocol.VerdictConfirm})
	s.income(100, nothing)
	s.meet()
	want = map[string]string{"work contributor-003": "1.00", "rest": "0.00"}
	for _, n := range []*node{s.node, mara} {
		if diff := cmp.Diff(want, s.given(s.previewOn(n, request(100)))); diff != "" {
			t.Errorf("the next (-want +got):\n%s", diff)
		}
		if check, err := n.VerifyDistribution(ctx, s.id, d.ID); err != nil || len(check.Differences) > 0 || check.Missing != nil {
			t.Errorf("verified: %+v, %v", check.Differences, err)
		}
	}
	tried := request(100)
	tried.Document = sharing(table{"name": "work", "percent": "50", "rule": []protocol.Value{rule("produce", "", "1", "one", nil)}})
	want = map[string]string{"work contributor-003": "0.50", "rest": "0.50"}
	if diff := cmp.Diff(want, s.given(s.preview(tried))); diff != "" {
		t.Errorf("other rules (-want +got):\n%s", diff)
	}
}

func (s *shop) previewOn(n *node, q ledger.DistributionRequest) ledger.Distribution {
	s.t.Helper()
	d, err := n.PreviewDistribution(context.Background(), s.id, q)
	if err != nil {
		s.t.Fatal(err)
	}
	return d
}

// TestEquityCountsFromTheSecondOfItsApproval has work of the second in which the
// charter was approved, since people write their times by the second, and work of
// the day before.
func TestEquityCountsFromTheSecondOfItsApproval(t *testing.T) {
	rules := []protocol.Value{rule("work", "", "1", "hour", table{"claim": "equity"})}
	s := newShop(t, sharing(table{"name": "all", "percent": "100", "rule": rules}), "Cliente", "Luis", "Rosa")
	for name, work := range map[string]struct {
		hours int64
		time  string
	}{
		"Luis":    {100, s.w.now.UTC().Format("2006-01-02T15:04:05Z")},
		"Rosa":    {50, s.w.now.UTC().Format("2006-01-02T15:04:05.000Z")},
		"Cliente": {70, s.w.now.UTC().AddDate(0, 0, -1).Format("2006-01-02")},
	} {
		body := s.event("work", name, "Taller", work.hours, "hour")
		body.HasPointInTime = work.time
		s.record(body)
	}
	for _, round := range []struct {
		income     int64
		luis, rosa string
	}{{9000, "60.00", "30.00"}, {12000, "80.00", "40.00"}} {
		s.income(round.income, nothing)
		s.meet()
		want := map[string]string{"all Luis": round.luis, "all Rosa": round.rosa, "rest": "0.00"}
		d, err := s.ProposeDistribution(context.Background(), s.id, request(round.income))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, s.given(d)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// TestWhoJoinsLaterWasNoMemberBefore has work of a neighbour, which a bucket for
// members does not pay until she has a log: an earlier distribution did not use it
// up.
func TestWhoJoinsLaterWasNoMemberBefore(t *testing.T) {
	ctx := context.Background()
	s := newShop(t, sharing(table{"name": "work", "percent": "100", "rule": []protocol.Value{
		rule("work", "", "10", "hour", table{"who": "members"}),
	}}), "Cliente", "Rosa")
	s.join("Mara")
	s.hours("Rosa", 3, "huerta", nothing)
	s.hours("Mara", 1, "huerta", nothing)
	s.income(2000, nothing)
	s.meet()
	first, err := s.ProposeDistribution(ctx, s.id, request(1000))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"work Mara": "10.00", "rest": "0.00"}, s.given(first)); diff != "" {
		t.Errorf("before (-want +got):\n%s", diff)
	}
	s.treasury(&protocol.Bind{Agent: s.agents["Rosa"].EntryID, Log: protocol.LogID(s.agents["Mara"])})
	s.meet()
	want := map[string]string{"work Mara": "10.00", "rest": "0.00"}
	if diff := cmp.Diff(want, s.given(s.preview(request(1000)))); diff != "" {
		t.Errorf("after (-want +got):\n%s", diff)
	}
}
