package flow

import (
	"math/rand/v2"
	"testing"

	"github.com/minga-commons/minga/protocol"
)

// TestExtendingIsTheSame adds random events to a row one by one, most of them by
// authors who know all the last ones, and compares it with the row that is worked
// out from all of them. It also reads back each row.
func TestExtendingIsTheSame(t *testing.T) {
	const rounds = 300
	extended, worked := 0, 0
	for seed := range uint64(rounds) {
		rng := rand.New(rand.NewPCG(seed, 7))
		id := func(n int) (id protocol.EntryID) {
			id[0], id[1], id[2] = byte(n*97), byte(n), 1
			return id
		}
		made := &protocol.Event{
			Action: "raise", Provider: ana, Receiver: ana, ResourceQuantity: &protocol.Quantity{N: 2, Unit: "one"},
			NewInventoriedResource: &protocol.NewResource{ConformsTo: "bread"},
		}
		root := id(0)
		all := []Member{{ID: root, Event: made, Touch: Touches(root, made)[0]}}
		row := Condition(all)
		crowd := rng.IntN(3) == 0 // many who know nothing of one another
		for n := 1; n < 60; n++ {
			b := &protocol.Event{
				Action: []string{"consume", "move", "transferCustody", "transfer", "modify", "raise"}[rng.IntN(6)], Provider: ana, Receiver: beto,
				ResourceInventoriedAs: root, ResourceQuantity: &protocol.Quantity{N: 1 + rng.Int64N(3), Unit: "one"},
			}
			if rng.IntN(3) == 0 {
				b.Receiver = ana
			}
			if b.Action != "consume" && rng.IntN(2) == 0 {
				b.State = []string{"pass", "fail"}[rng.IntN(2)]
			}
			m := Member{ID: id(n), Event: b, Touch: Touches(id(n), b)[0], Adrift: rng.IntN(40) == 0}
			switch {
			case crowd && rng.IntN(4) > 0:
			case rng.IntN(3) > 0:
				m.Parents = append(m.Parents, row.Leaves.IDs[:min(2, len(row.Leaves.IDs))]...)
			default:
				m.Parents = append(m.Parents, all[rng.IntN(len(all))].ID)
			}
			if m.Adrift {
				m.Parents = nil
			}
			all = append(all, m)
			want := Condition(all)
			before := *row
			if row.Extend(root, &m) {
				extended++
				if !row.Equal(want) {
					t.Fatalf("seed %d, event %d: extended\n%+v, want\n%+v, before\n%+v", seed, n, row, want, before)
				}
			} else {
				worked++
				row = want
			}
			back, ok := ResourceFromBytes(root, row.Bytes(root))
			if !ok || !back.Equal(row) {
				t.Fatalf("seed %d, event %d: %+v reads back as %+v", seed, n, row, back)
			}
		}
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if !Condition(all).Equal(row) {
			t.Fatalf("seed %d: another order gives another row", seed)
		}
	}
	t.Logf("%d extended, %d worked out", extended, worked)
	if extended == 0 || worked == 0 {
		t.Error("one of the two ways was never taken")
	}
}

// FuzzResourceFromBytes looks for rows that are taken and are not what is written.
func FuzzResourceFromBytes(f *testing.F) {
	made := &protocol.Event{
		Action: "raise", Provider: ana, Receiver: ana, ResourceQuantity: &protocol.Quantity{N: 2, Unit: "one"},
		NewInventoriedResource: &protocol.NewResource{ConformsTo: "bread", State: "fresh"},
	}
	f.Add(Condition([]Member{{ID: itself, Event: made, Touch: Touches(itself, made)[0]}}).Bytes(itself))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		row, ok := ResourceFromBytes(itself, b)
		if !ok {
			return
		}
		again, ok := ResourceFromBytes(itself, row.Bytes(itself))
		if !ok || !again.Equal(row) {
			t.Errorf("%x reads as %+v and then as %+v", b, row, again)
		}
	})
}
