package api

import (
	"context"

	"github.com/minga-commons/minga/ledger"
)

type inOne struct{ InCommons }

func (s *Server) getWitnesses(ctx context.Context, in *inOne) (*answer[Witnesses], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	status, err := s.ledger.Witnesses(ctx, c.ID)
	if err != nil {
		return nil, s.fail(ctx, err, c.Name)
	}
	return &answer[Witnesses]{witnessesOf(languageIn(ctx), s.namesIn(c.ID), status)}, nil
}

func witnessesOf(lang string, n *names, w ledger.WitnessStatus) Witnesses {
	out := Witnesses{
		Schema: "minga.witnesses/1", Current: witnessSetOf(n, w.Current), Missing: n.agents(w.Missing),
		Closing: w.Closing, Closed: w.Closed, Needed: w.Needed, Silent: n.agents(w.Silent),
	}
	if w.Next != nil {
		next := witnessSetOf(n, *w.Next)
		out.Next = &next
	}
	for _, note := range notesOn(out) {
		out.Notes = append(out.Notes, note.fill(lang, note.args))
	}
	return out
}

func witnessSetOf(n *names, w ledger.WitnessSet) WitnessSet {
	return WitnessSet{ID: w.ID.String(), Seq: w.Seq, Members: n.agents(w.Members), F: w.F, Quorum: w.Quorum}
}

// notesOn says what a set of witnesses and its change mean for people.
func notesOn(w Witnesses) []phrase {
	var notes []phrase
	size := len(w.Current.Members)
	switch {
	case size == 1:
		notes = append(notes, witnessOne.with())
	case w.Current.F == 0:
		notes = append(notes, witnessCrash.with())
	default:
		notes = append(notes, witnessLiars.with(w.Current.F, size))
	}
	if w.Next != nil {
		notes = append(notes, witnessNext.with())
		if len(w.Missing) > 0 {
			notes = append(notes, witnessMissing.with(nameList(w.Missing)))
		}
		notes = append(notes, witnessFewLeft.with(w.Current.Quorum))
	}
	if w.Closing {
		notes = append(notes, witnessClosing.with(w.Closed, w.Needed))
		if len(w.Silent) > 0 {
			notes = append(notes, witnessSilent.with(nameList(w.Silent)))
		}
		if w.Needed == 1 {
			notes = append(notes, witnessFounder.with())
		}
	}
	return notes
}

func (s *Server) changeWitnesses(ctx context.Context, in *inOne) (*created[Written], error) {
	d, c, r, err := asked[WitnessesDraft](ctx, s, in.Commons)
	if err != nil {
		return nil, err
	}
	members := r.logs("/members", d.Members)
	f := (len(members) - 1) / 3
	if d.F != nil {
		f = int(*d.F)
	}
	if len(members) < 3*f+1 {
		r.add("/members", CodeWitnessCount, f, 3*f+1, len(members))
	}
	if err := r.problem(); err != nil {
		return nil, err
	}
	p, err := s.ledger.ChangeWitnesses(ctx, c.ID, members, f)
	if err != nil {
		return nil, s.fail(ctx, err, c.Name)
	}
	return s.proposed(ctx, c, p, "/v1/entries/")
}
