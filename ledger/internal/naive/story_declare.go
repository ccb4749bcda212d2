package naive

import (
	"time"

	"github.com/minga-commons/minga/protocol"
)

// declare says that somebody used what is licensed: most often its author, who
// says now and then what cannot be.
func (s *story) declare(a *actor) {
	at := s.time.UTC()
	first := time.Date(at.Year(), at.Month()-time.Month(1+s.rng.IntN(3)), 1, 0, 0, 0, 0, time.UTC)
	b := &protocol.Declare{
		Agent: a.log.Agent(), Resource: "manual", Use: pick(s, []string{"commercial", "commercial", "non-commercial"}),
		Beginning: first.Format(time.DateOnly), End: first.AddDate(0, 1, -1).Format(time.DateOnly), Currency: "USD",
		Income: &protocol.Amount{N: 1000 + s.rng.Int64N(1000)}, Profit: &protocol.Amount{N: s.rng.Int64N(2000) - 500},
	}
	if s.chance(3) {
		b.Agent.EntryID = pick(s, s.records)
	}
	if s.chance(8) {
		b.Agent = pick(s, s.Agents)
	}
	switch s.rng.IntN(16) {
	case 0:
		b.End = at.AddDate(0, 0, s.rng.IntN(3)-1).Format(time.DateOnly)
	case 1:
		b.Beginning = at.AddDate(0, 0, 1).Format(time.DateOnly)
	case 2:
		b.End = pick(s, []string{"2025-02-30", "2025-2-3", "ayer", b.End + "T00:00:00Z"})
	case 3:
		b.Income = &protocol.Amount{N: s.rng.Int64N(3) - 1}
	case 4:
		b.Income, b.Profit = &protocol.Amount{N: 10, Scale: 1}, &protocol.Amount{N: 9 + s.rng.Int64N(3), Scale: 1}
	case 5:
		b.Fraction = &protocol.Amount{N: s.rng.Int64N(12) - 1, Scale: 1}
	case 6:
		b.Income = nil
	}
	s.write(a, b)
}
