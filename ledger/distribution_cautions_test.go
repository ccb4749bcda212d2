package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// TestASignerIsToldWhatWasLeftOut has a steward propose by an old charter, with a
// cut without the log of Carla, and of an income that was shared before: all of it
// legal, and nothing that the lines would show.
func TestASignerIsToldWhatWasLeftOut(t *testing.T) {
	h := newHouse(t, 3)
	h.trust()
	ctx := context.Background()
	income := h.income(5000)
	line := protocol.Line{Agent: h.agents[0], Amount: cents(100), Bucket: "trabajo"}
	if _, err := h.nodes[0].SubmitDistribution(ctx, h.id, h.sharing(h.nodes[0], income, 0, line)); err != nil {
		t.Fatal(err)
	}
	h.council()
	work := &protocol.Event{
		Action: "work", Provider: h.agents[2], Receiver: protocol.AgentID(h.id), ResourceConformsTo: "pan",
		EffortQuantity: &protocol.Quantity{N: 3, Unit: "hour"},
	}
	h.nodes[2].submit(h.id, work)
	h.meet()
	d := h.sharing(h.nodes[0], income, 0, line)
	p, err := h.nodes[0].SubmitDistribution(ctx, h.id, d)
	if err != nil {
		t.Fatal(err)
	}
	h.meet()
	want := []string{"older-charter", "income-again", "log-left-out Carla 1"}
	for what, look := range map[string]func() (ledger.Distribution, error){
		"shown": func() (ledger.Distribution, error) { return h.nodes[1].Distribution(ctx, h.id, p.Proposal.ID) },
		"verified": func() (ledger.Distribution, error) {
			check, err := h.nodes[1].VerifyDistribution(ctx, h.id, p.Proposal.ID)
			return check.Distribution, err
		},
	} {
		found, err := look()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range found.Cautions {
			if c.Code == ledger.CautionLeftOut && c.Agent.Name != "Carla" {
				continue // what the others wrote to make the council
			}
			got = append(got, strings.TrimSuffix(fmt.Sprintln(string(c.Code), c.Agent.Name, c.Entries), "  0\n"))
		}
		for i := range got {
			got[i] = strings.TrimSpace(got[i])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
}

// TestASignerRefusesTimesThatNobodyHas has a steward date a distribution ahead, so
// that windows would count as over.
func TestASignerRefusesTimesThatNobodyHas(t *testing.T) {
	s := newOpenHardware(t)
	ctx := context.Background()
	d := s.preview(request(40000, s.income))
	at, err := s.NextCharterTime(ctx, s.id)
	if err != nil {
		t.Fatal(err)
	}
	body := ledger.DistributionBody{
		Version: d.Version, AsOf: at + protocol.Time(48*time.Hour/time.Millisecond), Currency: "USD",
		Amount: d.Amount, Remainder: d.Remainder, Incomes: d.Incomes, Cut: d.Cut,
	}
	for _, line := range d.Lines {
		body.Lines = append(body.Lines, protocol.Line{Agent: line.Agent.ID, Bucket: line.Bucket, Amount: line.Amount})
	}
	_, err = s.SubmitDistribution(ctx, s.id, body)
	differs(t, err, ledger.ErrInvalid, "ahead of the clock")
}

// TestPartsOfNothingAreRefused has a steward propose part 1 of a distribution whose
// part 0 is a proposal of something else, or follows nothing.
func TestPartsOfNothingAreRefused(t *testing.T) {
	h := newHouse(t, 3)
	ctx := context.Background()
	h.council()
	admit, err := h.nodes[0].SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: &protocol.Admit{Log: protocol.LogID(h.agents[1])}})
	if err != nil {
		t.Fatal(err)
	}
	other := admit.Proposal.Entry
	part, err := protocol.New(protocol.Placement{
		Log: other.Log, Seq: other.Seq + 1, Prev: other.ID(), Time: other.Time, Charter: other.Charter,
	}, &protocol.Distribution{
		Part: 1, Parts: 2, First: other.ID(), Currency: "USD", Version: 1,
		Lines: []protocol.Line{{Agent: h.agents[0], Amount: cents(100), Bucket: "trabajo"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	h.nodes[0].submit(h.id, &protocol.Propose{Block: part.Block()})
	h.meet()
	for what, say := range map[string]func(context.Context, protocol.CommonsID, protocol.EntryID) (ledger.Written, error){
		"approved": h.nodes[1].ApproveDistribution, "refused": h.nodes[1].RejectDistribution, "approved as any": h.nodes[1].Approve,
	} {
		if _, err := say(ctx, h.id, part.ID()); !errors.Is(err, ledger.ErrInvalid) {
			t.Errorf("%s: %v, want that it is no distribution", what, err)
		}
	}
	if _, err := h.nodes[1].Distribution(ctx, h.id, part.ID()); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("shown: %v", err)
	}
	if _, _, err := h.nodes[1].Distributions(ctx, h.id, ledger.Page{}); err != nil {
		t.Error(err)
	}
}

// TestDistributionsAreComputedOneAfterTheOther has a preview wait for another one,
// and give up with its request.
func TestDistributionsAreComputedOneAfterTheOther(t *testing.T) {
	s := newOpenHardware(t)
	free := s.Occupy()
	ctx, cancel := context.WithCancel(context.Background())
	waits := make(chan error)
	go func() {
		_, err := s.PreviewDistribution(ctx, s.id, request(40000, s.income))
		waits <- err
	}()
	cancel()
	if err := <-waits; !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was given up", err)
	}
	free()
	s.preview(request(40000, s.income))
}
