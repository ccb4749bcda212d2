package api

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// inDryRun is a parameter of writes.
type inDryRun struct {
	InLanguage
	DryRun bool `query:"dryRun" doc:"Check everything, answer what would be written, write nothing"`
}

func (s *Server) createCommons(ctx context.Context, in *inDryRun) (*created[CommonsWritten], error) {
	var d CommonsDraft
	if err := s.readJSON(ctx, &d); err != nil {
		return nil, err
	}
	doc, err := d.document(languageIn(ctx))
	if err != nil {
		return nil, err
	}
	out := CommonsWritten{
		Schema: "minga.commons-written/1", DryRun: in.DryRun,
		Commons: CommonsRef{Name: d.Name}, Me: AgentRef{Name: d.As},
	}
	if in.DryRun {
		return &created[CommonsWritten]{Status: 200, Body: out}, nil
	}
	var c ledger.Commons
	if doc == nil {
		c, err = s.ledger.CreateCommons(ctx, d.Name, d.As)
	} else {
		c, err = s.ledger.CreateCommonsFrom(ctx, doc, d.As)
	}
	if err != nil {
		return nil, s.fail(ctx, err, d.Name)
	}
	if err := s.network.Follow(ctx, c.ID); err != nil {
		return nil, err
	}
	return s.commonsWritten(ctx, out, c, c.ID.EntryID)
}

func (s *Server) commonsWritten(ctx context.Context, out CommonsWritten, c ledger.Commons, id protocol.EntryID) (*created[CommonsWritten], error) {
	status, err := s.ledger.Entry(ctx, id)
	if err != nil {
		return nil, err
	}
	out.ID, out.State, out.Reason = id.String(), string(status.State), string(status.Reason)
	out.HeldBy = s.network.HeldBy(c.ID, status.Entry.Head())
	out.Commons = CommonsRef{ID: c.ID.String(), Name: c.Name}
	out.Me = AgentRef{ID: c.Me.String(), Name: c.MyName}
	return &created[CommonsWritten]{Status: 201, Location: "/v1/commons", Body: out}, nil
}

func (s *Server) joinCommons(ctx context.Context, _ *InLanguage) (*created[CommonsWritten], error) {
	var d JoinDraft
	if err := s.readJSON(ctx, &d); err != nil {
		return nil, err
	}
	link, err := protocol.ParseLink(d.Link)
	if err != nil {
		return nil, err
	}
	if _, again := s.member(ctx, link.Commons); !again && s.o.Now().UnixMilli() > link.Expiry {
		return nil, problem(CodeExpired)
	}
	if err := s.ledger.Follow(ctx, link.Commons); err != nil {
		return nil, err
	}
	if err := s.network.Follow(ctx, link.Commons); err != nil {
		return nil, err
	}
	for _, addr := range link.Peers {
		if _, err := s.network.Connect(ctx, addr); err != nil && !errors.Is(err, ErrBadAddress) {
			return nil, err
		}
	}
	c, err := s.joined(ctx, link, d.As)
	if err != nil {
		return nil, s.fail(ctx, err, link.Commons.String())
	}
	return s.commonsWritten(ctx, CommonsWritten{Schema: "minga.commons-written/1"}, c, c.Me.EntryID)
}

// joined writes the member's inception once the charter and the invitation have
// come in, and returns once a peer holds it. It gives what else there is some
// time to come in first, so that the ledger sees who has used the invitation. A
// call that repeats one that was cut off goes on where it ended.
func (s *Server) joined(ctx context.Context, link protocol.Link, as string) (ledger.Commons, error) {
	ctx, stop := context.WithTimeout(ctx, s.o.JoinWait)
	defer stop()
	again := time.NewTicker(s.o.Poll)
	defer again.Stop()
	wait := func() error {
		select {
		case <-again.C:
			return nil
		case <-s.closing:
			return problem(CodeClosing)
		case <-ctx.Done():
			return problem(CodePeersUnreachable, s.o.JoinWait)
		}
	}
	patience, stop := context.WithTimeout(ctx, s.o.JoinWait/4)
	defer stop()
	for {
		if patience.Err() == nil && !s.network.InStep(link.Commons) {
			if err := wait(); err != nil {
				return ledger.Commons{}, err
			}
			continue
		}
		_, err := s.ledger.Join(ctx, link, as)
		if errors.Is(err, protocol.ErrGap) {
			if err := wait(); err != nil {
				return ledger.Commons{}, err
			}
			continue
		}
		c, found := s.member(ctx, link.Commons)
		if err != nil && !(errors.Is(err, ledger.ErrExists) && found && c.MyName == as) {
			return c, err
		}
		if !found {
			return c, fmt.Errorf("joined %v and do not hold it", link.Commons)
		}
		for s.network.HeldBy(c.ID, protocol.Head{Log: c.Me, CID: c.Me.EntryID}) == 0 {
			if err := wait(); err != nil {
				return c, err
			}
		}
		return c, nil
	}
}

// member returns the commons if this node is a member of it.
func (s *Server) member(ctx context.Context, id protocol.CommonsID) (ledger.Commons, bool) {
	all, err := s.ledger.Commons(ctx)
	if err != nil {
		return ledger.Commons{}, false
	}
	for _, c := range all {
		if c.ID == id {
			return c, !c.Me.IsZero()
		}
	}
	return ledger.Commons{}, false
}

func (s *Server) invite(ctx context.Context, in *inDryRun) (*created[Invitation], error) {
	var d InviteDraft
	if err := s.readJSON(ctx, &d); err != nil {
		return nil, err
	}
	c, err := s.commons(ctx, d.Commons)
	if err != nil {
		return nil, err
	}
	if c.Me.IsZero() {
		return nil, problem(CodeNotMember)
	}
	if d.Uses == 0 {
		d.Uses = 1
	}
	if d.Expires == "" {
		d.Expires = "P7D"
	}
	expiry, ok := endOf(d.Expires, s.o.Now())
	if !ok {
		return nil, badField("/expires", CodeBadTime, d.Expires)
	}
	if !expiry.After(s.o.Now()) || expiry.UnixMilli() > protocol.MaxTime {
		return nil, badField("/expires", CodeRange, phraseFuture)
	}
	out := Invitation{
		Schema: "minga.invitation/1", Commons: CommonsRef{ID: c.ID.String(), Name: c.Name},
		Uses: d.Uses, Expires: rfc3339(protocol.TimeOf(expiry)), DryRun: in.DryRun,
	}
	if in.DryRun {
		return &created[Invitation]{Status: 200, Body: out}, nil
	}
	link, err := s.ledger.Invite(ctx, c.ID, d.Uses, expiry)
	if err != nil {
		return nil, err
	}
	link.Peers = s.network.Addrs()
	status, err := s.ledger.Entry(ctx, link.Invite)
	if err != nil {
		return nil, err
	}
	out.ID, out.State, out.Reason = link.Invite.String(), string(status.State), string(status.Reason)
	out.HeldBy = s.network.HeldBy(c.ID, status.Entry.Head())
	out.Link = link.String()
	return &created[Invitation]{Status: 201, Location: "/v1/entries/" + out.ID, Body: out}, nil
}
