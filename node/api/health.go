package api

import "context"

// Health is the answer to healthz and readyz: minga.health/1.
type Health struct {
	Schema string `json:"schema"`
	Ok     bool   `json:"ok"`
}

func (s *Server) healthz(context.Context, *InLanguage) (*answer[Health], error) {
	return &answer[Health]{Health{Schema: "minga.health/1", Ok: true}}, nil
}

func (s *Server) readyz(ctx context.Context, in *InLanguage) (*answer[Health], error) {
	select {
	case <-s.closing:
		return nil, problem(CodeClosing)
	default:
	}
	if _, err := s.ledger.Commons(ctx); err != nil {
		return nil, problem(CodeNotReady).because(err)
	}
	return s.healthz(ctx, in)
}
