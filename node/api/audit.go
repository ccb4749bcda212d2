package api

import (
	"context"
	"maps"
	"slices"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

func (s *Server) audit(ctx context.Context, in *inOne) (*answer[Audit], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	found, err := s.ledger.Audit(ctx, c.ID)
	if err != nil {
		return nil, s.fail(ctx, err, c.Name)
	}
	scales := map[string]int{}
	currencies, err := s.ledger.Currencies(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	for _, currency := range currencies {
		scales[currency.Name] = currency.Scale
	}
	out := Audit{
		Schema: "minga.audit/1", Commons: CommonsRef{ID: c.ID.String(), Name: c.Name},
		OK: len(found.Faults) == 0, Entries: found.Entries, Accounts: found.Accounts,
		Sums: []AuditSum{}, Faults: append([]string{}, found.Faults...),
	}
	for _, currency := range slices.Sorted(maps.Keys(found.Sums)) {
		scale := scales[currency]
		out.Sums = append(out.Sums, AuditSum{
			Currency: currency, Sum: fixed(found.Sums[currency], scale), Settled: fixed(found.Settled[currency], scale),
		})
	}
	out.Forks, err = s.forks(ctx, c.ID)
	return &answer[Audit]{out}, err
}

// forks returns the logs of a commons that have two histories. It looks at the row
// of every log.
func (s *Server) forks(ctx context.Context, id protocol.CommonsID) ([]Fork, error) {
	out := []Fork{}
	for proof, err := range s.ledger.Forks(ctx, id) {
		if err != nil {
			return nil, err
		}
		log, seq := proof.Place()
		l, err := s.ledger.Log(ctx, log)
		if err != nil {
			return nil, err
		}
		out = append(out, Fork{
			Log: log.String(), Agent: AgentRef{ID: l.Agent.ID.String(), Name: l.Agent.Name}, Seq: seq, Frozen: l.Frozen,
			Entries: []string{proof.First.First().ID().String(), proof.Second.First().ID().String()},
			Means:   meansOf(languageIn(ctx), l),
		})
	}
	return out, nil
}

// maxLogsInStatus is up to how many logs status looks for forks that are decided.
// An audit always does.
const maxLogsInStatus = 10_000

// meansOf says what the two histories of a log mean, nothing where there is one.
func meansOf(lang string, l ledger.LogStatus) string {
	switch {
	case l.Frozen:
		return forkFrozen.fill(lang, []any{l.ForkSeq})
	case l.Forked:
		return forkDecided.fill(lang, []any{l.ForkSeq})
	}
	return ""
}
