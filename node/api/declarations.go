package api

import (
	"context"
	"errors"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

func (s *Server) addUse(api huma.API) {
	const tag = "use"
	add(s, api, reading("listDeclarations", "/v1/declarations", tag, "Who declared to use what the commons made"), s.listDeclarations)
	add(s, api, reading("getDeclaration", "/v1/declarations/{declaration}", tag, "One declaration of use"), s.getDeclaration)
	declare := repeatable(posting("addDeclaration", "/v1/declarations", tag, "Declare a use of a resource of the licence", DeclarationDraft{}))
	declare.about = "Others confirm or dispute it. A later declaration for the same resource and days takes its place; one for other days that overlap is refused."
	add(s, api, declare, s.addDeclaration)
	standings := reading("listStandings", "/v1/standings", tag, "How those stand who use what the commons made")
	standings.about = "Evidence from what is settled and confirmed, no judgement of law. With agent it is one standing, whoever the agent is."
	add(s, api, standings, s.listStandings)
}

type inDeclarations struct {
	InCommons
	InPage
	Agent string `query:"agent" doc:"Who used it: name, identifier or unique prefix of one; default: all" maxLength:"256"`
}

func (s *Server) listDeclarations(ctx context.Context, in *inDeclarations) (*page[DeclarationList], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	agent, err := s.agentNamed(ctx, c, in.Agent)
	if err != nil {
		return nil, err
	}
	list, next, err := s.ledger.Declarations(ctx, c.ID, agent, in.page())
	if err != nil {
		return nil, s.fail(ctx, err, in.Agent)
	}
	out := DeclarationList{Schema: "minga.declarations/1", Declarations: make([]Declaration, 0, len(list)), Next: next}
	for _, d := range list {
		out.Declarations = append(out.Declarations, declarationOf(d))
	}
	return &page[DeclarationList]{Link: nextLink(ctx, next), Body: out}, nil
}

type inDeclaration struct {
	InCommons
	Declaration string `path:"declaration" doc:"CID, or a unique prefix of at least 8 characters" maxLength:"256"`
}

func (s *Server) getDeclaration(ctx context.Context, in *inDeclaration) (*answer[Declaration], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	id, err := s.entryID(ctx, c.ID.String(), in.Declaration)
	if err != nil {
		return nil, err
	}
	d, err := s.ledger.Declaration(ctx, id)
	if err != nil {
		return nil, s.fail(ctx, err, in.Declaration)
	}
	return &answer[Declaration]{declarationOf(d)}, nil
}

func declarationOf(d ledger.Declaration) Declaration {
	b := d.Body
	out := Declaration{
		Schema: "minga.declaration/1", ID: d.ID.String(), State: string(d.State), Reason: string(d.Reason), Time: rfc3339(d.Entry.Time),
		Author: AgentRef{ID: d.Author.ID.String(), Name: d.Author.Name}, Agent: AgentRef{ID: d.Agent.ID.String(), Name: d.Agent.Name},
		Resource: b.Resource, Use: b.Use, Beginning: b.Beginning, End: b.End, Form: b.Form, Currency: b.Currency, Note: b.Note.String(),
		Confirmation: string(d.Opinion),
	}
	for _, amount := range []struct {
		from *protocol.Amount
		to   *string
	}{{b.Income, &out.Income}, {b.Profit, &out.Profit}, {b.Fraction, &out.Fraction}} {
		if amount.from != nil {
			*amount.to = amount.from.String()
		}
	}
	if !d.ReplacedBy.IsZero() {
		out.ReplacedBy = d.ReplacedBy.String()
	}
	return out
}

func (s *Server) addDeclaration(ctx context.Context, in *InWrite) (*created[Written], error) {
	d, c, r, err := asked[DeclarationDraft](ctx, s, in.Commons)
	if err != nil {
		return nil, err
	}
	body := r.declaration(d)
	if err := r.problem(); err != nil {
		return nil, err
	}
	return s.write(ctx, writing{in: in, commons: c, draft: d, body: body, at: "/v1/declarations/"})
}

// declaration returns the body that a draft asks for.
func (r *referrer) declaration(d DeclarationDraft) *protocol.Declare {
	licence, err := r.s.ledger.Licence(r.ctx, r.commons.ID)
	if err != nil {
		r.fail(licenceError(err, r.commons))
		return nil
	}
	b := &protocol.Declare{
		Resource: strings.TrimSpace(d.Resource), Use: d.Use, Form: strings.TrimSpace(d.Form), Currency: d.Currency,
		Beginning: d.Beginning, End: d.End, Note: protocol.PlainText(d.Note),
		Agent: r.agent("/agent", d.Agent, r.commons.Me.Agent()),
	}
	if b.Resource == "" {
		r.add("/resource", CodeMissing)
	}
	if d.Use != "commercial" && d.Use != "non-commercial" {
		r.add("/use", CodeChoice, d.Use, "commercial, non-commercial")
	}
	for _, day := range [][2]string{{"/beginning", d.Beginning}, {"/end", d.End}} {
		if day[1] == "" {
			r.add(day[0], CodeMissing)
		} else if _, ok := ledger.ParseDay(day[1]); !ok {
			r.add(day[0], CodeBadDay, day[1])
		}
	}
	for _, field := range []struct {
		pointer, text string
		to            **protocol.Amount
	}{{"/income", d.Income, &b.Income}, {"/profit", d.Profit, &b.Profit}, {"/fraction", d.Fraction, &b.Fraction}} {
		if field.text == "" {
			continue
		}
		amount, err := protocol.ParseAmount(field.text)
		if err != nil {
			r.add(field.pointer, CodeBadNumber, field.text)
			continue
		}
		*field.to = &amount
	}
	if b.Currency == "" && (b.Income != nil || b.Profit != nil) {
		b.Currency = licence.Currency
	}
	return b
}

// licenceError is the problem of a commons that has no licence.
func licenceError(err error, c ledger.Commons) error {
	if errors.Is(err, ledger.ErrNoLicence) {
		return problem(CodeNoLicence, c.Name).because(err)
	}
	return err
}
