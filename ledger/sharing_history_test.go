package ledger_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// TestRealHistoriesAreShared imports whole histories of contributions. A member
// with a node of its own confirms the rows that somebody is said to have accepted,
// and 10,000.00 are shared by rates for each kind of work.
func TestRealHistoriesAreShared(t *testing.T) {
	for _, c := range []struct {
		file            string
		rows, confirmed int
	}{
		{"../scripts/demo/contributions-hrea.csv", 2808, 34},
		{"testdata/contributions-sourcecred.csv", 100, 60},
	} {
		t.Run(c.file, func(t *testing.T) {
			rows := readRows(t, c.file)
			if len(rows) != c.rows {
				t.Fatalf("%d rows, want %d", len(rows), c.rows)
			}
			shareHistory(t, rows, c.confirmed)
		})
	}
}

func readRows(t *testing.T, file string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func shareHistory(t *testing.T, rows [][]string, confirmed int) {
	ctx := context.Background()
	names := []string{"Cliente"}
	for _, row := range rows {
		if !slices.Contains(names, row[2]) {
			names = append(names, row[2])
		}
	}
	s := newShop(t, sharing(table{"name": "work", "percent": "100", "rule": []protocol.Value{
		rule("produce", "code", "3", "one", nil), rule("produce", "documentation", "2", "one", nil),
		rule("produce", "test", "2.25", "one", nil), rule("produce", "maintenance", "1.5", "one", nil),
	}}), names...)
	mara := s.join("Mara")
	drafts := make([]ledger.Draft, len(rows))
	for i, row := range rows {
		body := s.event("produce", row[2], "Taller", 1, row[5])
		body.ResourceConformsTo, body.HasPointInTime, body.Source, body.Note = row[6], row[1], row[0], protocol.PlainText(row[7])
		drafts[i] = ledger.Draft{Commons: s.id, Body: body}
	}
	written, err := s.SubmitBatch(ctx, drafts)
	if err != nil {
		t.Fatal(err)
	}
	s.income(1000000, nothing)
	s.meet()
	var accepted []protocol.EntryID
	for i, row := range rows {
		if row[8] != "" {
			accepted = append(accepted, written[i].Entry.ID())
		}
	}
	if len(accepted) != confirmed {
		t.Errorf("%d rows name who accepted them, want %d", len(accepted), confirmed)
	}
	if _, err := mara.Say(ctx, s.id, accepted, protocol.VerdictConfirm, ""); err != nil {
		t.Fatal(err)
	}
	s.meet()
	here, there := s.preview(request(1000000)), s.previewOn(mara, request(1000000))
	if diff := cmp.Diff(here.Lines, there.Lines); diff != "" || len(here.Lines) == 0 {
		t.Errorf("%d lines; on the other node (-here +there):\n%s", len(here.Lines), diff)
	}
	d, err := s.ProposeDistribution(ctx, s.id, request(1000000))
	if err != nil {
		t.Fatal(err)
	}
	s.meet()
	if d.Remainder.N != 0 || d.Amount.N != 1000000 {
		t.Errorf("%v of %v stay in the pool", d.Remainder, d.Amount)
	}
	x := &tale{shop: s, did: map[string]int{}, refused: map[string]int{}}
	x.same(s.node, d, "the second version")
	third := s.shuffled(rand.New(rand.NewPCG(1, 2)))
	for i, n := range []*node{s.node, mara, third} {
		s.verified(n, d, fmt.Sprint("node ", i))
	}
	third.reopen()
	s.verified(third, d, "opened again")
}

// verified checks a committed distribution on a node.
func (s *shop) verified(n *node, d ledger.Distribution, what string) {
	s.t.Helper()
	check, err := n.VerifyDistribution(context.Background(), s.id, d.ID)
	if err != nil || len(check.Differences) > 0 || len(check.Missing) > 0 || check.Distribution.Computed == nil {
		s.t.Errorf("%s: %+v, %d heads missing, %v", what, check.Differences, len(check.Missing), err)
		return
	}
	var computed, stated []string
	for _, l := range check.Distribution.Computed.Lines {
		computed = append(computed, fmt.Sprint(l.Agent, l.Bucket, l.Amount))
	}
	for _, l := range d.Lines {
		stated = append(stated, fmt.Sprint(l.Agent.ID, l.Bucket, l.Amount))
	}
	if diff := cmp.Diff(stated, computed); diff != "" {
		s.t.Errorf("%s (-as committed +computed):\n%s", what, diff)
	}
}

// shuffled is a new node that gets everything in a random order, some of it twice.
func (s *shop) shuffled(rng *rand.Rand) *node {
	s.t.Helper()
	ctx := context.Background()
	n := s.w.node()
	if err := n.Follow(ctx, s.id); err != nil {
		s.t.Fatal(err)
	}
	offer := cut(s.w, []*node{s.node}, s.id, rng)
	want := s.digest(s.id)
	for round := 0; n.digest(s.id) != want; round++ {
		if round == 100 {
			s.t.Fatalf("not the digest of the others after %d rounds", round)
		}
		rng.Shuffle(len(offer), func(i, j int) { offer[i], offer[j] = offer[j], offer[i] })
		for i, segment := range offer {
			if held, is := n.Held(segment.Tip().Log); is && held.Seq >= segment.Tip().Seq && i%7 > 0 {
				continue
			}
			if _, err := n.Ingest(ctx, segment); err != nil && !errors.Is(err, protocol.ErrGap) && !errors.Is(err, protocol.ErrNotAdmitted) {
				s.t.Fatal(err)
			}
		}
	}
	return n
}
