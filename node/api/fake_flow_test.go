package api_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// fakeFlows are the resources and plans of a fakeLedger, whose records are those
// that were submitted. Every amendment counts.
type fakeFlows struct {
	resources []ledger.Resource
	filter    ledger.ResourceFilter // what was asked for last
	records   ledger.RecordFilter   // the same of records
	fulfilled ledger.Fulfilment
	progress  ledger.Progress
	wanted    ledger.PlanRequest
	planned   ledger.Planned
	refused   string // class of records that a bundle must not have
	corrected ledger.Corrected
	steps     []ledger.Step
	walked    protocol.EntryID
}

func (l *fakeLedger) Resource(_ context.Context, id protocol.EntryID) (ledger.Resource, error) {
	for _, r := range l.resources {
		if r.ID == id {
			return r, nil
		}
	}
	return ledger.Resource{}, ledger.ErrNotFound
}

func (l *fakeLedger) Resources(_ context.Context, _ protocol.CommonsID, f ledger.ResourceFilter, p ledger.Page) ([]ledger.Resource, string, error) {
	l.filter = f
	if len(l.resources) > p.Limit {
		return l.resources[:p.Limit], "more", nil
	}
	return l.resources, "", nil
}

func (l *fakeLedger) FindResource(_ context.Context, _ protocol.CommonsID, text string) (ledger.Resource, error) {
	var found []ledger.Resource
	several := &ledger.SeveralError{Text: text}
	for _, r := range l.resources {
		if r.Name == text || r.Source == text || strings.HasPrefix(r.ID.String(), text) {
			found = append(found, r)
			several.Candidates = append(several.Candidates, ledger.Candidate{ID: r.ID, Name: r.Name})
		}
	}
	switch len(found) {
	case 0:
		return ledger.Resource{}, ledger.ErrNotFound
	case 1:
		return found[0], nil
	}
	return ledger.Resource{}, several
}

func (l *fakeLedger) Correction(ctx context.Context, id protocol.EntryID, c ledger.Corrected) (*protocol.Event, error) {
	l.corrected = c
	e, err := l.Event(ctx, id)
	if err != nil {
		return nil, err
	}
	body := *e.Body
	body.Corrects, body.Note = id, c.Note
	return &body, nil
}

func (l *fakeLedger) allRecords() []ledger.Record {
	defer l.lock()()
	var all []ledger.Record
	for _, e := range l.entries {
		body, is := e.Body.(*protocol.Record)
		if !is {
			continue
		}
		i := slices.IndexFunc(all, func(r ledger.Record) bool { return r.ID == body.Of })
		if i < 0 {
			all = append(all, ledger.Record{
				ID: e.ID(), Commons: l.commons[0].ID, Entry: e, Author: e.Log.Agent(), State: ledger.Settled, Type: body.Type,
				Name: body.Name.String(), Note: body.Note.String(), Source: body.Source, Fields: maps.Clone(body.Fields),
			})
			continue
		}
		r := &all[i]
		r.Amendments = append(r.Amendments, ledger.Amendment{ID: e.ID(), Author: e.Log.Agent(), Time: e.Time, State: ledger.Settled, Counts: true})
		if r.Fields == nil {
			r.Fields = map[string]protocol.Value{}
		}
		for name, v := range body.Fields {
			if r.Fields[name] = v; v == nil {
				delete(r.Fields, name)
			}
		}
	}
	return all
}

func (l *fakeLedger) Record(_ context.Context, id protocol.EntryID) (ledger.Record, error) {
	for _, r := range l.allRecords() {
		if r.ID == id {
			return r, nil
		}
	}
	return ledger.Record{}, ledger.ErrNotFound
}

func (l *fakeLedger) Records(_ context.Context, _ protocol.CommonsID, f ledger.RecordFilter, p ledger.Page) ([]ledger.Record, string, error) {
	l.records = f
	all := slices.DeleteFunc(l.allRecords(), func(r ledger.Record) bool { return r.Type != f.Type })
	from := 0
	if p.After != "" {
		if _, err := fmt.Sscanf(p.After, "r%d", &from); err != nil {
			return nil, "", fmt.Errorf("%w: cursor", ledger.ErrInvalid)
		}
	}
	to := min(from+p.Limit, len(all))
	if to < len(all) {
		return all[from:to], fmt.Sprintf("r%d", to), nil
	}
	return all[from:to], "", nil
}

func (l *fakeLedger) FindRecord(_ context.Context, _ protocol.CommonsID, typ, text string) (ledger.Record, error) {
	var found []ledger.Record
	several := &ledger.SeveralError{Text: text}
	for _, r := range l.allRecords() {
		if r.Type == typ && (r.Name == text || r.Source == text || strings.HasPrefix(r.ID.String(), text)) {
			found = append(found, r)
			several.Candidates = append(several.Candidates, ledger.Candidate{ID: r.ID, Name: r.Name})
		}
	}
	switch len(found) {
	case 0:
		return ledger.Record{}, ledger.ErrNotFound
	case 1:
		return found[0], nil
	}
	return ledger.Record{}, several
}

func (l *fakeLedger) Links(ctx context.Context, _ protocol.CommonsID, target protocol.EntryID, relation string, _ ledger.Page) ([]ledger.Link, string, error) {
	var out []ledger.Link
	for _, r := range l.allRecords() {
		if r.Fields[relation] == target {
			out = append(out, ledger.Link{Relation: relation, From: r.ID, Kind: protocol.KindRecord, Type: r.Type})
		}
	}
	events, _, err := l.Events(ctx, l.id(), ledger.EventFilter{Names: target, Relation: relation}, ledger.Page{})
	for _, e := range events {
		out = append(out, ledger.Link{Relation: relation, From: e.ID, Kind: protocol.KindEvent})
	}
	return out, "", err
}

// relates reports whether an event has a relation of those that the tests use.
func relates(b *protocol.Event, relation string, to protocol.EntryID) bool {
	switch relation {
	case "inputOf":
		return b.InputOf == to
	case "outputOf":
		return b.OutputOf == to
	case "corrects":
		return b.Corrects == to
	case "fulfills":
		return slices.Contains(b.Fulfills, to)
	case "resourceInventoriedAs":
		return b.ResourceInventoriedAs == to
	case "":
		return b.ResourceInventoriedAs == to || b.InputOf == to || b.OutputOf == to
	}
	return false
}

func (l *fakeLedger) Fulfilment(context.Context, protocol.EntryID) (ledger.Fulfilment, error) {
	return l.fulfilled, nil
}

func (l *fakeLedger) Progress(context.Context, protocol.EntryID, string) (ledger.Progress, error) {
	return l.progress, nil
}

func (l *fakeLedger) PlanRecipe(_ context.Context, _ protocol.CommonsID, r ledger.PlanRequest) (ledger.Planned, error) {
	l.wanted = r
	return l.planned, nil
}

func (l *fakeLedger) Trace(_ context.Context, _ protocol.CommonsID, from protocol.EntryID, _ ledger.Page) ([]ledger.Step, string, error) {
	l.walked = from
	return l.steps, "onward", nil
}

func (l *fakeLedger) Track(_ context.Context, _ protocol.CommonsID, from protocol.EntryID, _ ledger.Page) ([]ledger.Step, string, error) {
	l.walked = from
	return l.steps, "", nil
}

func (l *fakeLedger) Provenance(ctx context.Context, id protocol.CommonsID, from protocol.EntryID, p ledger.Page) ([]ledger.Step, string, error) {
	return l.Track(ctx, id, from, p)
}

func (l *fakeLedger) RollUp(_ context.Context, _ protocol.CommonsID, id protocol.EntryID, _ ledger.Total) (ledger.RollUp, error) {
	return ledger.RollUp{Resource: id, Events: 1, Lines: []ledger.RollUpLine{{Action: "work", Provider: l.agents[1].ID, Events: 1}}}, nil
}

// SubmitBundle writes all drafts, or none if one is that the fake is told to
// refuse.
func (l *fakeLedger) SubmitBundle(ctx context.Context, all ledger.Bundle) ([]ledger.Written, error) {
	l.mu.Lock()
	entries := l.entries
	l.mu.Unlock()
	var done []ledger.Written
	var ids []protocol.EntryID
	for i := range all.Size {
		body, err := all.Draft(i, ids)
		if r, is := body.(*protocol.Record); err == nil && is && l.refused != "" && r.Type == l.refused {
			err = &ledger.VoidError{Reason: "bad-property"}
		}
		var w ledger.Written
		if err == nil {
			w, err = l.Submit(ctx, ledger.Draft{Commons: all.Commons, Body: body})
		}
		if err != nil {
			l.mu.Lock()
			l.entries = entries
			l.mu.Unlock()
			return nil, &ledger.BundleError{Draft: i, Err: err}
		}
		done, ids = append(done, w), append(ids, w.Entry.ID())
	}
	return done, nil
}

func (l *fakeLedger) NetworkFlows(context.Context, protocol.CommonsID, protocol.EntryID) ([]ledger.NetworkFlow, error) {
	return []ledger.NetworkFlow{{Action: "transfer", Provider: l.agents[1].ID, Receiver: l.agents[4].ID}}, nil
}
