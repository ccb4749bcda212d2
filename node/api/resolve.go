package api

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/text/cases"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// minPrefix is how many characters of an identifier stand for the whole.
const minPrefix = 8

// readable returns the commons that the asker may read. It is a problem when
// there are none of them because a token is missing.
func (s *Server) readable(ctx context.Context) ([]ledger.Commons, error) {
	all, err := s.ledger.Commons(ctx)
	if err != nil {
		return nil, err
	}
	who := askerOf(ctx)
	var out []ledger.Commons
	for _, c := range all {
		if who.mayRead(c) {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		if p := who.denied(); p != nil {
			return nil, p
		}
	}
	return out, nil
}

// commons returns the commons of a name, identifier or unique prefix of one.
// named empty, it is the only one, or of several the only one of which this node
// is a member.
func (s *Server) commons(ctx context.Context, named string) (ledger.Commons, error) {
	all, err := s.readable(ctx)
	if err != nil {
		return ledger.Commons{}, err
	}
	fits := all
	if named != "" {
		fits = commonsNamed(all, named)
	} else if own := ownOnly(all); len(all) > 1 && len(own) == 1 {
		fits = own
	}
	switch {
	case len(fits) == 1:
		return fits[0], nil
	case len(all) == 0 && named == "":
		return ledger.Commons{}, problem(CodeNoCommons)
	case len(fits) == 0:
		if p := askerOf(ctx).denied(); p != nil {
			return ledger.Commons{}, p
		}
		return ledger.Commons{}, problem(CodeUnknownCommons, named)
	}
	p := problem(CodeWhichCommons)
	if named != "" {
		p = problem(CodeAmbiguous, named)
	}
	for _, c := range fits {
		p.Candidates = append(p.Candidates, CandidateRef{ID: c.ID.String(), Name: c.Name, Kind: "commons"})
	}
	return ledger.Commons{}, p
}

func ownOnly(all []ledger.Commons) []ledger.Commons {
	var own []ledger.Commons
	for _, c := range all {
		if !c.Me.IsZero() {
			own = append(own, c)
		}
	}
	return own
}

// commonsNamed returns those that fit: by exact name, else by folded name, else
// by identifier.
func commonsNamed(all []ledger.Commons, named string) []ledger.Commons {
	fold := cases.Fold()
	folded := fold.String(named)
	rules := []func(ledger.Commons) bool{
		func(c ledger.Commons) bool { return c.Name == named || c.ID.String() == named },
		func(c ledger.Commons) bool { return fold.String(c.Name) == folded },
		func(c ledger.Commons) bool {
			return len(named) >= minPrefix && strings.HasPrefix(c.ID.String(), named)
		},
	}
	for _, rule := range rules {
		var fits []ledger.Commons
		for _, c := range all {
			if rule(c) {
				fits = append(fits, c)
			}
		}
		if len(fits) > 0 {
			return fits
		}
	}
	return nil
}

// readableID checks that the asker may read what lies in the commons id.
func (s *Server) readableID(ctx context.Context, id protocol.CommonsID) (ledger.Commons, error) {
	all, err := s.readable(ctx)
	if err != nil {
		return ledger.Commons{}, err
	}
	for _, c := range all {
		if c.ID == id {
			return c, nil
		}
	}
	if p := askerOf(ctx).denied(); p != nil {
		return ledger.Commons{}, p
	}
	return ledger.Commons{}, problem(CodeUnknownCommons, id.String())
}

// entryID returns the entry of an identifier, or of a prefix of one within the
// commons named.
func (s *Server) entryID(ctx context.Context, named, text string) (protocol.EntryID, error) {
	if id, err := protocol.ParseID(text); err == nil {
		return id, nil
	}
	if len(text) < minPrefix {
		return protocol.EntryID{}, badParameter("id", CodeBadID, text)
	}
	c, err := s.commons(ctx, named)
	if err != nil {
		return protocol.EntryID{}, err
	}
	id, err := s.ledger.FindEntry(ctx, c.ID, text)
	if err != nil {
		return id, s.fail(ctx, err, text)
	}
	return id, nil
}

// logID returns the log of an identifier, or of an agent's name within the
// commons named.
func (s *Server) logID(ctx context.Context, named, text string) (protocol.LogID, error) {
	if id, err := protocol.ParseID(text); err == nil {
		return protocol.LogID{EntryID: id}, nil
	}
	c, err := s.commons(ctx, named)
	if err != nil {
		return protocol.LogID{}, err
	}
	a, err := s.ledger.FindAgent(ctx, c.ID, text)
	if err != nil {
		return protocol.LogID{}, s.fail(ctx, err, text)
	}
	if !a.HasLog {
		return protocol.LogID{}, problem(CodeNotFound, text)
	}
	return protocol.LogID{EntryID: a.ID.EntryID}, nil
}

// names remembers the names of agents during one request.
type names struct {
	s     *Server
	id    protocol.CommonsID
	known map[protocol.AgentID]string
}

func (s *Server) namesIn(id protocol.CommonsID) *names {
	return &names{s: s, id: id, known: map[protocol.AgentID]string{}}
}

// ref names an agent. An agent that is not held yet has no name.
func (n *names) ref(ctx context.Context, id protocol.AgentID) (AgentRef, error) {
	name, known := n.known[id]
	if !known {
		a, err := n.s.ledger.FindAgent(ctx, n.id, id.String())
		if err != nil && !errors.Is(err, ledger.ErrNotFound) {
			return AgentRef{}, err
		}
		name = a.Name
		n.known[id] = name
	}
	return AgentRef{ID: id.String(), Name: name}, nil
}

func (n *names) optional(ctx context.Context, id protocol.AgentID) (*AgentRef, error) {
	if id.IsZero() {
		return nil, nil
	}
	ref, err := n.ref(ctx, id)
	return &ref, err
}
