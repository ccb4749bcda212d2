package ledger_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// step lets something happen.
func (x *tale) step() {
	r := x.rng
	x.w.now = x.w.now.Add(time.Duration(r.IntN(20)) * time.Hour)
	provider := x.anyone()
	ev := func(action string, q *protocol.Quantity) *protocol.Event {
		return &protocol.Event{Action: action, Provider: x.agents[provider], Receiver: x.agents["Taller"], ResourceQuantity: q}
	}
	effort := func(action string) *protocol.Event {
		b := ev(action, nil)
		b.EffortQuantity = x.quantity("hour")
		if r.IntN(3) == 0 {
			b.EffortQuantity = &protocol.Quantity{N: 30 + r.Int64N(300), Unit: "minute-Time"}
		}
		return b
	}
	process := func() protocol.EntryID {
		if len(x.open) == 0 {
			return protocol.EntryID{}
		}
		return pick(r, x.open...)
	}
	switch n := r.IntN(40); {
	case n < 5: // work, now and then of another day
		b := effort("work")
		b.ResourceConformsTo = pick(r, "huerta", "cuidado", "pan")
		if r.IntN(2) == 0 {
			b.InputOf = process()
		}
		if r.IntN(5) == 0 {
			b.HasPointInTime = x.w.now.AddDate(0, 0, -r.IntN(20)).Format(time.DateOnly)
		}
		if r.IntN(8) == 0 {
			b.Source = fmt.Sprint("row ", len(x.events))
		}
		x.write(x.member(), b)
	case n < 7: // a process
		fields := table{}
		if r.IntN(3) == 0 {
			if plan, ok := x.write("Ana", &protocol.Record{Type: "Plan", Name: protocol.PlainText("Feria")}); ok {
				fields["plannedWithin"] = plan
			}
		}
		if id, ok := x.write("Ana", &protocol.Record{Type: "Process", Name: protocol.PlainText(pick(r, "Hornear", "Moler", "Cavar")), Fields: fields}); ok {
			x.open = append(x.open, id)
		}
	case n < 9: // something is there
		b := ev("raise", nil)
		spec := pick(r, slices.Sorted(maps.Keys(stuff))...)
		b.Receiver = b.Provider
		b.ResourceQuantity = x.quantity(stuff[spec])
		if at, _ := x.stock(spec); !at.IsZero() && r.IntN(2) == 0 {
			b.ResourceInventoriedAs = at
		} else {
			b.NewInventoriedResource = &protocol.NewResource{Name: protocol.PlainText("de " + provider), ConformsTo: spec}
		}
		x.write(x.member(), b)
	case n < 13: // outputs of a process, which closes it
		p := process()
		if p.IsZero() {
			return
		}
		x.open = slices.DeleteFunc(x.open, func(o protocol.EntryID) bool { return o == p })
		for range 1 + r.IntN(2) {
			spec := pick(r, "pan", "harina", "pan", "Planos")
			b := ev("produce", x.quantity(stuff[spec]))
			b.OutputOf = p
			if r.IntN(2) == 0 {
				b.Provider = x.agents["Taller"]
			}
			b.Receiver = b.Provider
			if at, _ := x.stock(spec); !at.IsZero() && r.IntN(2) == 0 {
				b.ResourceInventoriedAs = at
			} else {
				b.NewInventoriedResource = &protocol.NewResource{Name: protocol.PlainText("de " + provider), ConformsTo: spec}
			}
			x.write(x.member(), b)
		}
	case n < 17: // an input
		action := pick(r, "consume", "consume", "use", "cite", "cite", "lower")
		b := ev(action, nil)
		specs := []string{"trigo", "harina", "pan"}
		switch action {
		case "use":
			b = effort("use")
			specs = []string{"Sierra"}
		case "cite":
			specs = []string{"Planos", "Sierra"}
		}
		at, spec := x.stock(specs...)
		if at.IsZero() {
			return
		}
		b.ResourceInventoriedAs = at
		if action != "use" {
			b.ResourceQuantity = x.quantity(stuff[spec])
		}
		if action != "lower" {
			b.InputOf = process()
		}
		if action == "lower" || r.IntN(2) == 0 {
			b.Receiver = b.Provider
		}
		x.write(x.member(), b)
	case n < 18: // a service
		b := ev("deliverService", x.quantity("one"))
		b.ResourceConformsTo = "asesoría"
		b.InputOf = process()
		x.write(x.member(), b)
	case n < 20: // from stock to stock
		at, spec := x.stock("trigo", "harina", "pan")
		if at.IsZero() {
			return
		}
		b := ev(pick(r, "transfer", "transferAllRights", "move"), x.quantity(stuff[spec]))
		b.ResourceInventoriedAs = at
		if b.Action == "move" {
			b.Receiver = b.Provider
		}
		b.NewInventoriedResource = &protocol.NewResource{Name: protocol.PlainText("otro"), ConformsTo: spec}
		x.write(x.member(), b)
	case n < 22: // something is bought
		agreement, ok := x.write("Ana", &protocol.Record{Type: "Agreement", Name: protocol.PlainText("Compra")})
		if !ok {
			return
		}
		kind, kindSpec := x.stock("pan", "trigo")
		for range 1 + r.IntN(2) {
			spec := pick(r, "trigo", "harina", "Sierra")
			b := &protocol.Event{Action: "transfer", Provider: x.agents["Tienda"], Receiver: x.agents["Taller"], RealizationOf: agreement, ResourceQuantity: x.quantity(stuff[spec])}
			b.NewInventoriedResource = &protocol.NewResource{Name: protocol.PlainText("compra"), ConformsTo: spec}
			x.write("Ana", b)
		}
		for range 1 + r.IntN(2) {
			if r.IntN(4) == 0 { // in kind
				if !kind.IsZero() {
					b := &protocol.Event{Action: "transfer", Provider: x.agents["Taller"], Receiver: x.agents["Tienda"], RealizationOf: agreement, ResourceQuantity: x.quantity(stuff[kindSpec]), ResourceInventoriedAs: kind}
					b.NewInventoriedResource = &protocol.NewResource{Name: protocol.PlainText("trueque"), ConformsTo: kindSpec}
					x.write("Ana", b)
				}
				continue
			}
			paid := x.usd(pick(r, "Taller", "Taller", "Ana"), "Tienda", 1+r.Int64N(4000))
			paid.RealizationOf = agreement
			x.pay(paid)
		}
	case n < 24: // money
		from := pick(r, "Taller", "Ana", "Mara", "Beto")
		to := pick(r, "Taller", "Taller", "Ana", "Mara")
		if from == "Taller" {
			to = pick(r, "Ana", "Mara", "Beto", "Luis")
		}
		if from != to {
			x.pay(x.usd(from, to, 1+r.Int64N(3000)))
		}
	case n < 25: // sold, alone
		if at, spec := x.stock("pan", "harina"); !at.IsZero() {
			b := &protocol.Event{Action: "transfer", Provider: x.agents["Taller"], Receiver: x.agents["Cliente"], ResourceQuantity: x.quantity(stuff[spec]), ResourceInventoriedAs: at}
			x.write(x.member(), b)
		}
	case n < 28:
		x.earn()
	case n < 30: // a correction
		if len(x.events) == 0 {
			return
		}
		at := pick(r, x.events...)
		for range 3 {
			if x.bodies[at].Currency == "" {
				break
			}
			at = pick(r, x.events...)
		}
		b := *x.bodies[at]
		if b.Currency != "" {
			return
		}
		for _, q := range []**protocol.Quantity{&b.ResourceQuantity, &b.EffortQuantity} {
			if *q != nil {
				less := **q
				less.N = r.Int64N(max(less.N, 0)+3) - max(less.N, 1)
				*q = &less
			}
		}
		if b.NewInventoriedResource != nil {
			if b.Action == "raise" || b.Action == "produce" {
				b.ResourceInventoriedAs = at
			} else {
				b.ToResourceInventoriedAs = at
			}
			b.NewInventoriedResource = nil
		}
		b.Corrects, b.PreviousEvent, b.Source = at, nil, ""
		x.write(x.member(), &b)
	case n < 36: // what others say
		if len(x.events) == 0 {
			return
		}
		for range 8 {
			at := x.events[len(x.events)-1-r.IntN(min(len(x.events), 12))]
			x.write(x.member(), &protocol.Confirm{Target: at, Verdict: pick(r, protocol.VerdictConfirm, protocol.VerdictConfirm, protocol.VerdictConfirm, protocol.VerdictConfirm, protocol.VerdictDispute, protocol.VerdictWithdraw)})
		}
	case n < 37:
		if !x.bound && r.IntN(3) == 0 {
			x.bound = true
			x.treasury(&protocol.Bind{Agent: x.agents[pick(r, "Rosa", "Luis")].EntryID, Log: protocol.LogID(x.agents[pick(r, "Mara", "Beto")])})
		}
	case n < 38:
		if r.IntN(3) == 0 {
			doc := x.charter()
			if _, err := x.ProposeCharter(context.Background(), x.id, doc); err != nil {
				x.t.Fatal(err)
			}
		}
	default: // some meet
		a, b := x.by(x.member()), x.by(x.member())
		if a != b {
			a.pull(b, x.id)
			b.pull(a, x.id)
		}
		if _, err := x.Endorse(context.Background()); err != nil {
			x.t.Fatal(err)
		}
	}
}

// begin lets a design and a tool be used in a process.
func (x *tale) begin() {
	for _, of := range [][2]string{{"Luis", "Planos"}, {"Rosa", "Sierra"}} {
		who, spec := of[0], of[1]
		b := x.event("raise", who, who, 1+x.rng.Int64N(3), "one")
		b.NewInventoriedResource = &protocol.NewResource{Name: protocol.PlainText("de " + who), ConformsTo: spec}
		x.write("Ana", b)
	}
	p, _ := x.write("Ana", &protocol.Record{Type: "Process", Name: protocol.PlainText("Hornear")})
	x.open = append(x.open, p)
	x.hours("Luis", 1+x.rng.Int64N(9), "huerta", p)
	for _, of := range [][3]string{{"cite", "one", "Planos"}, {"use", "hour", "Sierra"}} {
		b := x.event(of[0], pick(x.rng, "Ana", "Luis", "Taller"), "Taller", 1+x.rng.Int64N(3), of[1])
		b.InputOf, b.ResourceInventoriedAs = p, x.stocks[of[2]][0]
		x.write("Ana", b)
	}
}

// pay writes a payment where it belongs.
func (x *tale) pay(b *protocol.Event) {
	for name, id := range x.agents {
		if id != b.Provider {
			continue
		}
		if name == "Taller" {
			p, err := x.SubmitTo(context.Background(), x.id.Charter(), ledger.Draft{Commons: x.id, Body: b})
			if err == nil && p.Written != nil {
				x.did["paid"]++
			}
			return
		}
		if _, ok := x.write(name, b); ok {
			x.did["paid by a member"]++
		}
		return
	}
}

// earn records income for something.
func (x *tale) earn() {
	r := x.rng
	b := x.usd("Cliente", "Taller", 1+r.Int64N(pick(r, int64(300), 10000)))
	switch r.IntN(5) {
	case 0, 1:
		b.ResourceInventoriedAs, _ = x.stock("pan", "harina")
	case 2:
		b.ResourceConformsTo = pick(r, "pan", "harina", "nada")
	case 3:
		if len(x.events) > 0 {
			b.ResourceInventoriedAs = pick(r, x.events...)
			if x.bodies[b.ResourceInventoriedAs].Currency != "" || !x.bodies[b.ResourceInventoriedAs].Corrects.IsZero() {
				b.ResourceInventoriedAs = protocol.EntryID{}
			}
		}
	}
	p, err := x.SubmitTo(context.Background(), x.id.Charter(), ledger.Draft{Commons: x.id, Body: b})
	if err != nil || p.Written == nil {
		x.refused[fmt.Sprint(err)]++
		return
	}
	x.incomes = append(x.incomes, p.Written.Entry.ID())
}
