package api

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// referrer resolves what a body names, and gathers all that it names wrongly.
type referrer struct {
	ctx     context.Context
	s       *Server
	commons ledger.Commons
	faults  []ProblemItem
	missing bool     // something named is not held
	unclear *Problem // the first ambiguous name
	failed  error    // the ledger could not answer
}

func (s *Server) referrer(ctx context.Context, c ledger.Commons) *referrer {
	return &referrer{ctx: ctx, s: s, commons: c}
}

func (r *referrer) add(pointer string, code Code, args ...any) {
	r.faults = append(r.faults, ProblemItem{Pointer: pointer, Code: code, args: args})
}

// agent returns the agent of a name, identifier or prefix of one; no text is
// otherwise.
func (r *referrer) agent(pointer, text string, otherwise protocol.AgentID) protocol.AgentID {
	if text == "" {
		return otherwise
	}
	a, _ := r.find(pointer, text, nil)
	return a.ID
}

// find returns the agent of a name, identifier or prefix of one. Of several with
// the name, it is the only one that fits.
func (r *referrer) find(pointer, text string, fits func(ledger.Agent) bool) (ledger.Agent, bool) {
	a, err := r.s.ledger.FindAgent(r.ctx, r.commons.ID, text)
	var ambiguous *ledger.AmbiguousError
	if errors.As(err, &ambiguous) && fits != nil {
		var fitting []ledger.Agent
		for _, c := range ambiguous.Candidates {
			if fits(c) {
				fitting = append(fitting, c)
			}
		}
		if len(fitting) == 1 {
			return fitting[0], true
		}
	}
	switch {
	case err == nil:
		return a, true
	case errors.As(err, &ambiguous):
		r.add(pointer, CodeAmbiguousName, text)
		if r.unclear == nil {
			r.unclear = ambiguity(ambiguous)
		}
	case errors.Is(err, ledger.ErrNotFound):
		r.missing = true
		r.add(pointer, CodeUnknownAgent, text)
	default:
		r.fail(err)
	}
	return ledger.Agent{}, false
}

// log returns the log of a member or shared account, by the name or identifier
// of its agent.
func (r *referrer) log(pointer, text string) protocol.LogID {
	a, found := r.find(pointer, text, func(a ledger.Agent) bool { return a.HasLog })
	if found && !a.HasLog {
		r.add(pointer, CodeNoLog, text)
		return protocol.LogID{}
	}
	return protocol.LogID{EntryID: a.ID.EntryID}
}

// logs returns the logs of agents, each once.
func (r *referrer) logs(pointer string, texts []string) []protocol.LogID {
	var out []protocol.LogID
	for i, text := range texts {
		at := pointer + "/" + strconv.Itoa(i)
		id := r.log(at, text)
		if !id.IsZero() && slices.Contains(out, id) {
			r.add(at, CodeTwice, text)
		}
		out = append(out, id)
	}
	return out
}

// record returns an agent without a log, by name or identifier.
func (r *referrer) record(pointer, text string) protocol.EntryID {
	a, found := r.find(pointer, text, func(a ledger.Agent) bool { return !a.HasLog })
	if found && a.HasLog {
		r.add(pointer, CodeNoRecord, text)
	}
	return a.ID.EntryID
}

func (r *referrer) fail(err error) {
	if r.failed == nil {
		r.failed = err
	}
}

// entry returns the entry of an identifier, which need not be held, or of a
// prefix of one, which must be.
func (r *referrer) entry(pointer, text string) protocol.EntryID {
	if text == "" {
		return protocol.EntryID{}
	}
	if id, err := protocol.ParseID(text); err == nil {
		return id
	}
	if len(text) < minPrefix {
		r.add(pointer, CodeBadID, text)
		return protocol.EntryID{}
	}
	id, err := r.s.ledger.FindEntry(r.ctx, r.commons.ID, text)
	switch {
	case err == nil:
	case errors.Is(err, ledger.ErrNotFound):
		r.missing = true
		r.add(pointer, CodeUnknownEntry, text)
	case errors.Is(err, ledger.ErrInvalid):
		r.add(pointer, CodeAmbiguousName, text)
	default:
		r.fail(err)
	}
	return id
}

func (r *referrer) entries(pointer string, texts []string) []protocol.EntryID {
	var out []protocol.EntryID
	for i, text := range texts {
		out = append(out, r.entry(pointer+"/"+strconv.Itoa(i), text))
	}
	return out
}

func (r *referrer) agents(pointer string, texts []string) []protocol.EntryID {
	var out []protocol.EntryID
	for i, text := range texts {
		out = append(out, r.agent(pointer+"/"+strconv.Itoa(i), text, protocol.AgentID{}).EntryID)
	}
	return out
}

// measure reads a quantity with its unit.
func (r *referrer) measure(pointer string, m *Measure) *protocol.Quantity {
	if m == nil {
		return nil
	}
	amount, err := protocol.ParseAmount(m.HasNumericalValue)
	if err != nil {
		r.add(pointer+"/hasNumericalValue", CodeBadNumber, m.HasNumericalValue)
	}
	return &protocol.Quantity{N: amount.N, Scale: amount.Scale, Unit: r.unit(pointer+"/hasUnit", m.HasUnit)}
}

// unit returns the OM2 identifier of a unit as people write it, or the text of
// one that a record describes.
func (r *referrer) unit(pointer, text string) string {
	id, err := unit.Find(text)
	var several *unit.AmbiguousError
	switch {
	case errors.As(err, &several):
		r.add(pointer, CodeAmbiguousUnit, text, strings.Join(several.Units, ", "))
	case err != nil:
		if id = r.describedUnit(text); id == "" {
			r.add(pointer, CodeBadUnit, text)
		}
	}
	return id
}

// describedUnit returns the text of the unit that a record describes and whose
// text, name or symbol this is; none if there is none. Of several it is the one
// with the lowest identifier.
func (r *referrer) describedUnit(text string) string {
	var best [2]*ledger.Record // by text, and by name or symbol
	page := ledger.Page{Limit: shownLinks}
	for {
		list, next, err := r.s.ledger.Records(r.ctx, r.commons.ID, ledger.RecordFilter{Type: "Unit"}, page)
		if err != nil {
			r.fail(err)
			return ""
		}
		for i := range list {
			at := 0
			switch symbol, _ := list[i].Fields["symbol"].(string); {
			case list[i].State == ledger.Void:
				continue
			case list[i].UnitText() == text:
			case list[i].Name == text || symbol == text:
				at = 1
			default:
				continue
			}
			if best[at] == nil || list[i].ID.Compare(best[at].ID) < 0 {
				best[at] = &list[i]
			}
		}
		if next == "" {
			break
		}
		page.After = next
	}
	for _, found := range best {
		if found != nil {
			return found.UnitText()
		}
	}
	return ""
}

// time checks a time of an event, which goes onto the log as it was written.
func (r *referrer) time(pointer, text string) string {
	if _, ok := parseTime(text); text != "" && !ok {
		r.add(pointer, CodeBadTime, text)
	}
	return text
}

// problem returns what was named wrongly, nil if nothing was. What is not held
// is told apart from what cannot be: it may yet come.
func (r *referrer) problem() error {
	if r.failed != nil {
		return r.failed
	}
	if len(r.faults) == 0 {
		return nil
	}
	p := problem(CodeBadBody)
	switch {
	case r.unclear != nil:
		p = r.unclear
	case r.missing:
		p = problem(CodeNotFound, r.unknown())
	}
	p.Errors = r.faults
	return p
}

// unknown is the first name that means nothing here.
func (r *referrer) unknown() string {
	for _, fault := range r.faults {
		switch fault.Code {
		case CodeUnknownAgent, CodeUnknownEntry, CodeUnknownRecord, CodeUnknownResource:
			return sprint(fault.args[0])
		}
	}
	return ""
}
