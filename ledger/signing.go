package ledger

import (
	"fmt"
	"iter"

	"github.com/minga-commons/minga/protocol"
)

// generations bounds how often the keys of one role are looked for after
// changes of keys.
const generations = 16

// keys returns the signing keys of the node's member in a commons: that of its
// own log, and for a founder those of the charter log, one for each generation.
func (l *Ledger) keys(c *commonsState) ([]protocol.PrivateKey, error) {
	var all []protocol.PrivateKey
	for k, err := range l.eachKey(c) {
		if err != nil {
			return nil, err
		}
		all = append(all, k)
	}
	return all, nil
}

// eachKey derives the keys one after another: most often the first is the one
// that is looked for.
func (l *Ledger) eachKey(c *commonsState) iter.Seq2[protocol.PrivateKey, error] {
	return func(yield func(protocol.PrivateKey, error) bool) {
		if c.row.Me.IsZero() || !yield(protocol.DeriveKey(l.seed, protocol.RoleAuthor, c.row.KeyIndex, 0)) {
			return
		}
		for g := uint32(0); c.row.Steward && g < generations; g++ {
			if !yield(protocol.DeriveKey(l.seed, protocol.RoleSteward, c.row.KeyIndex, g)) {
				return
			}
		}
	}
}

// keyIn returns the member's key that is in a set, and its place.
func (l *Ledger) keyIn(c *commonsState, set protocol.KeySet) (protocol.PrivateKey, int, error) {
	for k, err := range l.eachKey(c) {
		if err != nil {
			return protocol.PrivateKey{}, 0, err
		}
		if i := placeOf(set, k.Public()); i >= 0 {
			return k, i, nil
		}
	}
	return protocol.PrivateKey{}, 0, ErrNotSigner
}

// signer returns the key that signs alone for a log, and its place in the log's
// key set.
func (l *Ledger) signer(c *openCommons, log *openLog) (protocol.PrivateKey, int, error) {
	set := log.keySet()
	if set.Threshold != 1 || len(set.Keys) != 1 {
		return protocol.PrivateKey{}, 0, fmt.Errorf("%w: log %v wants %d signatures", ErrNotMember, log.log(), set.Threshold)
	}
	k, i, err := l.keyIn(c.commonsState, set)
	if err != nil {
		return k, i, fmt.Errorf("%w: log %v is not this node's to write", ErrNotMember, log.log())
	}
	return k, i, nil
}

// alone reports whether the node's member writes a log without anybody else.
func (l *Ledger) alone(c *openCommons, log *openLog) bool {
	_, _, err := l.signer(c, log)
	return err == nil
}
