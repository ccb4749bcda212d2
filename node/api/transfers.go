package api

import (
	"context"
	"errors"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// moves is the action of a payment.
const moves = "transfer"

type inTransfers struct {
	InCommons
	InPage
	Agent    string `query:"agent" doc:"Who paid or was paid: name, identifier or unique prefix of one" maxLength:"256"`
	Currency string `query:"currency" doc:"Default: any" maxLength:"256"`
}

func (s *Server) listTransfers(ctx context.Context, in *inTransfers) (*page[TransferList], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	filter := ledger.EventFilter{Currency: in.Currency}
	if filter.Currency == "" {
		filter.Currency = "*"
	}
	if filter.Agent, err = s.agentNamed(ctx, c, in.Agent); err != nil {
		return nil, err
	}
	list, next, err := eventsAs(ctx, s, c.ID, filter, in.InPage, transferOf)
	return &page[TransferList]{Link: nextLink(ctx, next), Body: TransferList{Schema: "minga.transfers/1", Transfers: list, Next: next}}, err
}

func transferOf(ctx context.Context, n *names, e ledger.Event) (Transfer, error) {
	b := e.Body
	author, err := n.ref(ctx, e.Author)
	if err != nil {
		return Transfer{}, err
	}
	from, err := n.optional(ctx, b.Provider)
	if err != nil {
		return Transfer{}, err
	}
	to, err := n.optional(ctx, b.Receiver)
	if err != nil {
		return Transfer{}, err
	}
	out := Transfer{
		Schema: "minga.transfer/1", ID: e.ID.String(), State: string(e.State), Reason: string(e.Reason),
		Time: rfc3339(e.Entry.Time), Author: author, From: from, To: to, Currency: b.Currency,
		Back: b.TriggeredBy.String(), For: b.ResourceConformsTo, Note: b.Note.String(),
	}
	if !b.ResourceInventoriedAs.IsZero() {
		out.For = b.ResourceInventoriedAs.String()
	}
	for _, id := range b.Settles {
		out.Settles = append(out.Settles, id.String())
	}
	if b.ResourceQuantity != nil {
		out.Amount = b.ResourceQuantity.Amount().String()
	}
	return out, nil
}

func (s *Server) addTransfer(ctx context.Context, in *InWrite) (*created[Written], error) {
	d, c, r, err := asked[TransferDraft](ctx, s, in.Commons)
	if err != nil {
		return nil, err
	}
	w := writing{in: in, commons: c, draft: d, at: "/v1/events/"}
	if d.Back != "" {
		w.log, w.scale, w.body = r.back(d)
	} else {
		w.log, w.scale, w.body = r.transfer(d)
	}
	if err := r.problem(); err != nil {
		return nil, err
	}
	return s.write(ctx, w)
}

// transfer returns a payment, and the log that it is to be written in.
func (r *referrer) transfer(d TransferDraft) (protocol.LogID, int, *protocol.Event) {
	from := r.commons.Me
	if d.From != "" {
		from = r.log("/from", d.From)
	}
	quantity, scale := r.money(d.Amount, d.Currency)
	var to protocol.AgentID
	if d.To == "" {
		r.add("/to", CodeMissing)
	} else {
		to = r.agent("/to", d.To, to)
	}
	if !to.IsZero() && to == from.Agent() {
		r.add("/to", CodeSelfPayment)
	}
	return from, scale, &protocol.Event{
		Action: moves, Provider: from.Agent(), Receiver: to, Settles: r.settles(d.Settles, from.Agent()),
		ResourceQuantity: quantity, Currency: d.Currency, Note: protocol.PlainText(d.Note),
		RealizationOf: r.recordNamed("/realizationOf", "Agreement", d.RealizationOf),
		Fulfills:      r.entries("/fulfills", d.Fulfills),
	}
}

// back returns the payment that sends another one back, from the account that
// got it to the one that paid.
func (r *referrer) back(d TransferDraft) (protocol.LogID, int, *protocol.Event) {
	for _, field := range [][2]string{{"/settles", d.Settles}, {"/amount", d.Amount}, {"/currency", d.Currency}, {"/to", d.To}, {"/realizationOf", d.RealizationOf}} {
		if field[1] != "" {
			r.add(field[0], CodeExclusive, "back")
		}
	}
	id := r.entry("/back", d.Back)
	if len(r.faults) > 0 || r.failed != nil {
		return protocol.LogID{}, 0, nil
	}
	e, err := r.s.ledger.Event(r.ctx, id)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		r.missing = true
		r.add("/back", CodeUnknownEntry, d.Back)
		return protocol.LogID{}, 0, nil
	case err != nil:
		r.fail(err)
		return protocol.LogID{}, 0, nil
	case e.Body.Currency == "" || e.Body.ResourceQuantity == nil || e.Body.Provider.IsZero() || e.Body.Receiver.IsZero():
		r.add("/back", CodeNotPayment, d.Back)
		return protocol.LogID{}, 0, nil
	case e.State == ledger.Void:
		r.fail(problem(CodeInvalid, phraseNothingBack.with(e.Reason)))
		return protocol.LogID{}, 0, nil
	}
	from := r.log("/from", e.Body.Receiver.String())
	if d.From != "" && r.log("/from", d.From) != from {
		r.add("/from", CodeExclusive, "back")
	}
	return from, int(e.Body.ResourceQuantity.Scale), &protocol.Event{
		Action: moves, Provider: from.Agent(), Receiver: e.Body.Provider,
		ResourceQuantity: e.Body.ResourceQuantity, Currency: e.Body.Currency,
		TriggeredBy: id, Note: protocol.PlainText(d.Note),
	}
}

// settles returns what a payment is for, nothing if that is empty. A declaration of
// use is settled by payments of who used it alone.
func (r *referrer) settles(text string, payer protocol.AgentID) []protocol.EntryID {
	if text == "" {
		return nil
	}
	id := r.entry("/settles", text)
	if len(r.faults) > 0 || r.failed != nil {
		return nil
	}
	declared, err := r.s.ledger.Declaration(r.ctx, id)
	if errors.Is(err, ledger.ErrNotFound) { // a claim, or not held
		return []protocol.EntryID{id}
	}
	speaks := ledger.Agent{}
	if err == nil {
		speaks, err = r.s.ledger.FindAgent(r.ctx, r.commons.ID, payer.String())
	}
	switch {
	case err != nil:
		r.fail(err)
	case speaks.ID != declared.Agent.ID:
		r.add("/settles", CodeOtherUse, declared.Agent.Name)
	}
	return []protocol.EntryID{id}
}

func (s *Server) addIncome(ctx context.Context, in *InWrite) (*created[Written], error) {
	d, c, r, err := asked[IncomeDraft](ctx, s, in.Commons)
	if err != nil {
		return nil, err
	}
	quantity, scale := r.money(d.Amount, d.Currency)
	body := &protocol.Event{
		Action: moves, Provider: r.agent("/from", d.From, protocol.AgentID{}), Receiver: protocol.AgentID(c.ID),
		ResourceQuantity: quantity, Currency: d.Currency, Note: protocol.PlainText(d.Note),
	}
	if body.Provider == body.Receiver {
		r.add("/from", CodeSelfPayment)
	}
	body.Settles = r.settles(d.Settles, body.Provider)
	body.ResourceInventoriedAs, body.ResourceConformsTo = r.delivered("/for", d.For)
	if err := r.problem(); err != nil {
		return nil, err
	}
	return s.write(ctx, writing{
		in: in, commons: c, draft: d, body: body, at: "/v1/events/", log: c.ID.Charter(), scale: scale,
	})
}

// delivered returns what an income was paid for: a resource or a delivery by its
// name or identifier, or else a resource specification.
func (r *referrer) delivered(pointer, text string) (protocol.EntryID, string) {
	if text == "" || identifies(text) {
		return r.entry(pointer, text), ""
	}
	resource, err := r.s.ledger.FindResource(r.ctx, r.commons.ID, text)
	if errors.Is(err, ledger.ErrNotFound) {
		return protocol.EntryID{}, text
	}
	r.note(pointer, text, CodeUnknownResource, err)
	return resource.ID, ""
}
