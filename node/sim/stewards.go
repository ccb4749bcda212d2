package sim

import (
	"context"
	"errors"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// council is what the stewards of a run are to decide: who they are, who is to
// be a witness, and what the limit is.
type council struct {
	stewards []*node
	named    bool      // the charter has been told of them
	sets     [][]*node // of witnesses, one after another
	liar     []bool    // whether the lying witness belongs to the set too
	removed  bool      // the equivocating author is to go, and somebody proposed it
}

// newCouncil draws the stewards and the sets of witnesses. Sets that bear one
// liar have one, and three honest witnesses.
func newCouncil(w *world, honest []*node) council {
	c := council{stewards: honest[:min(3, len(honest))]}
	switch {
	case len(honest) < 3:
		c.sets, c.liar = [][]*node{honest[len(honest)-1:]}, []bool{false}
	case w.chance(60):
		c.sets, c.liar = [][]*node{honest[:3]}, []bool{true}
	default:
		c.sets, c.liar = [][]*node{honest[len(honest)-3:]}, []bool{false}
	}
	if len(honest) >= 3 && w.chance(40) {
		c.sets, c.liar = append(c.sets, honest[:3]), append(c.liar, !c.liar[0])
	}
	return c
}

// govern has a steward propose something.
func (s *script) govern() {
	w, c := s.w, &s.council
	n := c.stewards[w.rng.IntN(len(c.stewards))]
	if !c.named {
		n = w.nodes[0]
	}
	if n.member().IsZero() || !n.writes() {
		return
	}
	switch {
	case !c.named:
		s.nameStewards(n)
	case w.chance(25):
		s.share(n)
	case w.chance(60):
		s.changeWitnesses(n)
	case w.chance(70) || s.author == nil:
		limit := []string{"30.00", "50.00", "80.00"}[w.rng.IntN(3)]
		p, err := n.ledger.ProposeCharter(context.Background(), w.commons, charterOf(limit))
		s.proposed(n, "a limit of "+limit, p, err)
	default:
		s.removeAuthor(n)
	}
}

// proposed notes what became of a proposal. A steward may crash right after it.
func (s *script) proposed(n *node, what string, p ledger.Proposed, err error) {
	s.w.trace("%s proposes %s: written %v, %v", string(n.id), what, p.Written != nil, err)
	if err == nil && p.Written != nil {
		s.w.check.acknowledged(n, p.Written.Entry)
	}
	s.acted(n, err)
}

// acted is what follows when a steward has done something: at times a crash, and
// otherwise that the replica hears of it.
func (s *script) acted(n *node, err error) {
	epoch := n.epoch
	if n.trouble(err) {
		return
	}
	if err == nil && !s.calm && !s.w.quiet && s.w.chance(15) {
		s.w.trace("the steward %s crashes", string(n.id))
		n.crash(s.w.chance(50), s.w.between(50*time.Millisecond, 10*time.Second))
		return
	}
	n.tell(epoch)
}

func (s *script) nameStewards(n *node) {
	c := &s.council
	names := []string{founderName}
	for _, o := range c.stewards[1:] {
		names = append(names, o.name())
	}
	for _, name := range names {
		if _, err := n.ledger.FindAgent(context.Background(), s.w.commons, name); err != nil {
			return // not here yet
		}
	}
	if c.named = true; len(names) == 1 {
		return
	}
	p, err := n.ledger.ProposeCharter(context.Background(), s.w.commons, charterOf("50.00", names...))
	c.named = err == nil
	s.proposed(n, "the stewards", p, err)
}

// changeWitnesses proposes the next of the wanted sets, unless one is under way.
func (s *script) changeWitnesses(n *node) {
	c := &s.council
	status, err := n.ledger.Witnesses(context.Background(), s.w.commons)
	if n.trouble(err) || status.Next != nil || len(c.sets) == 0 || status.Closing {
		return
	}
	var members []protocol.LogID
	for _, o := range c.sets[0] {
		members = append(members, o.member())
	}
	f := 0
	if c.liar[0] {
		members, f = append(members, s.witness.log), 1
	}
	if sameMembers(status.Current.Members, members) {
		c.sets, c.liar = c.sets[1:], c.liar[1:]
		return
	}
	for _, m := range members {
		if m.IsZero() {
			return
		}
	}
	p, err := n.ledger.ChangeWitnesses(context.Background(), s.w.commons, members, f)
	s.proposed(n, "witnesses", p, err)
}

func sameMembers(agents []ledger.Agent, logs []protocol.LogID) bool {
	same := 0
	for _, a := range agents {
		for _, m := range logs {
			if a.ID == m.Agent() {
				same++
			}
		}
	}
	return same == len(logs) && same == len(agents)
}

// removeAuthor proposes to end the log of the author who lies, somewhere.
func (s *script) removeAuthor(n *node) {
	head, held := n.ledger.Held(s.author.log)
	if !held || s.council.removed || head.Seq == 0 {
		return
	}
	s.council.removed = true
	p, err := n.ledger.SubmitTo(context.Background(), s.w.commons.Charter(), ledger.Draft{
		Commons: s.w.commons, Body: &protocol.Remove{Log: s.author.log, Seq: s.w.rng.Int64N(head.Seq + 1)},
	})
	s.proposed(n, "a removal", p, err)
}

// serve does what waits for the node's member: to confirm that it will be a
// witness, and to sign or refuse proposals.
func (s *script) serve(n *node) {
	ctx := context.Background()
	if n.double || n.served == n.ledger.Position() || s.w.chance(50) || n.member().IsZero() || !n.writes() {
		return
	}
	n.served = n.ledger.Position()
	status, err := n.ledger.Witnesses(ctx, s.w.commons)
	if n.trouble(err) {
		return
	}
	for _, missing := range status.Missing {
		if missing.ID == n.member().Agent() {
			n.submit([]ledger.Draft{{Commons: s.w.commons, Body: &protocol.Confirm{Target: status.Next.ID, Verdict: protocol.VerdictConfirm}}})
			return
		}
	}
	for _, o := range s.council.stewards {
		if o == n {
			s.sign(n)
		}
	}
}

// sign approves or refuses the first proposal that waits for a steward.
func (s *script) sign(n *node) {
	ctx := context.Background()
	proposals, _, err := n.ledger.Proposals(ctx, s.w.commons, ledger.Page{Limit: 1000})
	if n.trouble(err) {
		return
	}
	for _, p := range proposals {
		if !p.Mine {
			continue
		}
		if !s.w.quiet && s.w.chance(10) {
			_, err = n.ledger.Reject(ctx, s.w.commons, p.ID)
			s.w.trace("%s refuses %v: %v", string(n.id), p.ID, err)
		} else {
			_, err = n.ledger.Approve(ctx, s.w.commons, p.ID)
			s.w.trace("%s signs %v: %v", string(n.id), p.ID, err)
			var locked *ledger.LockedError
			if errors.As(err, &locked) && !n.disk.failed {
				_, err = n.ledger.Reject(ctx, s.w.commons, p.ID)
			}
		}
		s.acted(n, err)
		return
	}
}
