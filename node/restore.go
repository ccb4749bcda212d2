package node

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// openLedger opens the ledger. It writes nothing of its own in the commons that
// are there until the replica has asked the peers how far its own logs had come,
// or the operator has said that it shall.
func (n *node) openLedger(seed [protocol.SeedSize]byte) (err error) {
	n.ledger, err = ledger.Open(n.home.path("ledger"), ledger.Options{
		Seed: seed, Now: time.Now, Rand: rand.Reader, Logger: n.log, ReadOnly: n.config.ReadOnly, AskFirst: true,
	})
	if err != nil {
		return fmt.Errorf("open the ledger: %w", err)
	}
	if !n.config.WriteWithoutPeers || n.config.ReadOnly {
		return nil
	}
	n.log.Warn("the node writes without asking its peers: if they hold entries of its own that are missing here, its log gets two histories")
	return n.ledger.WriteUnasked(context.Background())
}

// tellWriting notes in the log where the node may write and vote, whenever that
// changes, until ctx ends.
func (n *node) tellWriting(ctx context.Context) {
	told := map[protocol.CommonsID]ledger.Commons{}
	for {
		changed := n.ledger.Reconsidered()
		all, err := n.ledger.Commons(ctx)
		if err != nil {
			n.log.Warn("cannot see where the node may write", "error", err)
		}
		for _, c := range all {
			if before, is := told[c.ID]; is && before.Writing == c.Writing && before.Silent == c.Silent {
				continue
			}
			told[c.ID] = c
			n.tellCommons(c)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

func (n *node) tellCommons(c ledger.Commons) {
	switch {
	case c.Writing == ledger.WritingRefused:
		n.log.Warn("the node does not write: its files are a copy and no peer has said how far its own log had come", "commons", c.Name)
	case c.Writing == ledger.WritingAsking && !c.Me.IsZero():
		n.log.Info("asking peers for the node's own log", "commons", c.Name)
	case c.Silent:
		n.log.Warn("the node does not vote: its files are a copy and too few witnesses have answered", "commons", c.Name)
	case !c.Me.IsZero():
		n.log.Info("the node writes", "commons", c.Name)
	}
}
