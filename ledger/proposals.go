package ledger

import (
	"bytes"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// A proposal rides in the logs of those who sign it: whoever proposes writes the
// whole block, everybody who approves a signature over its identifier, and
// whoever refuses says so for good. The log itself is the lock that survives a
// crash: see mayApprove.

func proposalKey(e protocol.Entry) []byte {
	id := e.ID()
	return append(proposalPlace(e.Log, e.Seq), id[:]...)
}

// proposalPlace begins the keys of all that is proposed for a place of a log.
func proposalPlace(log protocol.LogID, seq int64) []byte {
	return append(append(make([]byte, 0, 72), log.EntryID[:]...), u64(uint64(seq))...)
}

// propose records where an entry is proposed first, or takes that back.
func (b *batch) propose(c *openCommons, e protocol.Entry, body *protocol.Propose, sign rules.Sign) error {
	wanted, err := protocol.Parse(body.Block)
	if err != nil {
		return nil // judged void
	}
	x, k := b.context(c), proposalKey(wanted)
	known, err := x.Get(rules.Proposals, k)
	if err != nil {
		return err
	}
	if sign == rules.Apply {
		// Whoever holds no key of the log can propose what it likes, and nobody
		// looks at it.
		if may, err := b.maySign(c, e.Log, wanted); err != nil || !may {
			return err
		}
	}
	at := e.ID()
	places := bytes.Clone(known)
	if sign == rules.Apply {
		places = append(places, at[:]...)
	} else {
		places = withoutID(places, at)
	}
	if len(places) == 0 {
		places = nil
	}
	x.Put(rules.Proposals, k, places)
	var open []byte
	if places != nil {
		open = []byte{}
	}
	x.Put(rules.Open, k, open)
	return nil
}

// maySign reports whether a member holds a key that may sign an entry.
func (b *batch) maySign(c *openCommons, member protocol.LogID, wanted protocol.Entry) (bool, error) {
	if wanted.Log == c.id().Charter() && c.currentTerms().Steward(member) {
		return true, nil
	}
	log, err := b.openLog(member)
	if err != nil || log == nil {
		return false, err
	}
	s, err := b.signersOf(wanted)
	_, may := s.has(log.keySet().Keys)
	return may, err
}

func withoutID(list []byte, id protocol.EntryID) (kept []byte) {
	for chunk := range slices.Chunk(list, len(id)) {
		if !bytes.Equal(chunk, id[:]) {
			kept = append(kept, chunk...)
		}
	}
	return kept
}

// opinionSize is the length of one record in a row of what a log says of a
// proposal: the place of the entry that says it, and a signature or zeros. One
// member may hold several keys, and sign with each.
const opinionSize = 8 + protocol.SigSize

// opinion records what a log says of a proposal, or takes that back.
func (b *batch) opinion(c *openCommons, t rules.Table, of protocol.EntryID, e protocol.Entry, signature [protocol.SigSize]byte, sign rules.Sign) error {
	x, k := b.context(c), append(of[:len(of):len(of)], e.Log.EntryID[:]...)
	known, err := x.Get(t, k)
	if err != nil {
		return err
	}
	at := u64(uint64(e.Seq))
	var row []byte
	for record := range slices.Chunk(known, opinionSize) {
		if !bytes.HasPrefix(record, at) {
			row = append(row, record...)
		}
	}
	if sign == rules.Apply {
		row = append(append(row, at...), signature[:]...)
	}
	x.Put(t, k, row)
	return nil
}

// opinions returns the logs that approve or refuse a proposal, ascending, and
// the signatures of those that approve.
func (b *batch) opinions(c *openCommons, t rules.Table, of protocol.EntryID) (logs []protocol.LogID, signatures [][protocol.SigSize]byte, err error) {
	prefix := stateKey(c.no, t, of[:])
	err = b.scan(prefix, nil, func(k, v []byte) (bool, error) {
		logs = append(logs, protocol.LogID{EntryID: idFrom(k[len(prefix):])})
		for record := range slices.Chunk(v, opinionSize) {
			if len(record) < opinionSize {
				return false, ErrDamaged
			}
			signatures = append(signatures, [protocol.SigSize]byte(record[8:]))
		}
		return true, nil
	})
	return logs, signatures, err
}

// signers is who may sign an entry of a log with several keys.
type signers struct {
	present   protocol.KeySet
	successor *protocol.KeySet // of an entry that changes the keys
}

// signersOf returns who may sign a proposed entry, as long as it is the next of
// its log.
func (b *batch) signersOf(wanted protocol.Entry) (s signers, err error) {
	if body, is := wanted.Body.(*protocol.Inception); is {
		return signers{present: body.KeySet}, nil
	}
	log, err := b.openLog(wanted.Log)
	if err != nil || log == nil {
		return s, err
	}
	s.present = log.keySet()
	if body, is := wanted.Body.(*protocol.Keys); is {
		s.successor = &body.KeySet
	}
	return s, nil
}

// placeOf returns the place of a key in a set, -1 if it is not in it.
func placeOf(set protocol.KeySet, key protocol.PublicKey) int { return slices.Index(set.Keys, key) }

// has reports whether one of some keys may sign.
func (s signers) has(keys []protocol.PublicKey) (protocol.PublicKey, bool) {
	for _, k := range keys {
		if placeOf(s.present, k) >= 0 || s.successor != nil && placeOf(*s.successor, k) >= 0 {
			return k, true
		}
	}
	return protocol.PublicKey{}, false
}

// gather returns the valid signatures for a proposed entry, by the present keys
// and by those that follow.
func (b *batch) gather(c *openCommons, wanted protocol.Entry, s signers) (present, successor []protocol.Signature, err error) {
	_, signatures, err := b.opinions(c, rules.Approvals, wanted.ID())
	if err != nil {
		return nil, nil, err
	}
	for _, signature := range signatures {
		present = addSignature(present, s.present, wanted.ID(), signature)
		if s.successor != nil {
			successor = addSignature(successor, *s.successor, wanted.ID(), signature)
		}
	}
	return present, successor, nil
}

// addSignature adds a signature, if it is one by a key of the set, in the order
// of the keys.
func addSignature(all []protocol.Signature, set protocol.KeySet, id protocol.EntryID, bytes [protocol.SigSize]byte) []protocol.Signature {
	for i := range set.Keys {
		one := protocol.KeySet{Keys: set.Keys[i : i+1], Threshold: 1}
		if one.VerifyEntry(id, []protocol.Signature{{Bytes: bytes}}) != nil {
			continue
		}
		at, found := slices.BinarySearchFunc(all, i, func(s protocol.Signature, key int) int { return s.Key - key })
		if found {
			return all
		}
		return slices.Insert(all, at, protocol.Signature{Key: i, Bytes: bytes})
	}
	return all
}

// rivals returns the other entries that are proposed for the place of an entry.
func (b *batch) rivals(c *openCommons, wanted protocol.Entry) ([]protocol.Entry, error) {
	at := proposalKey(wanted)[:40]
	prefix := stateKey(c.no, rules.Proposals, at)
	var all []protocol.Entry
	err := b.scan(prefix, nil, func(k, _ []byte) (bool, error) {
		id := idFrom(k[len(prefix):])
		if id == wanted.ID() {
			return true, nil
		}
		rival, err := b.proposed(c, append(at[:40:40], id[:]...))
		all = append(all, rival)
		return err == nil, err
	})
	return all, err
}

// mayApprove applies the lock of a signer: a signature on one entry refuses for
// good every other at its place that the signer knew and had not signed; another
// may be signed only once each that was signed before is refused by so many
// signers that it can never be signed by enough. It returns the rivals that the
// signature refuses. Whoever needs nobody else for an entry is bound all the
// same: a rival may change the keys, and need others only.
func (b *batch) mayApprove(c *openCommons, own *openLog, wanted protocol.Entry) ([]protocol.EntryID, error) {
	if said, err := b.said(c, rules.Refusals, wanted.ID(), own); err != nil || said {
		if err == nil {
			err = &LockedError{Wanted: wanted.ID(), Signed: wanted.ID()}
		}
		return nil, err
	}
	rivals, err := b.rivals(c, wanted)
	if err != nil {
		return nil, err
	}
	var refuse []protocol.EntryID
	for _, rival := range rivals {
		r := rival.ID()
		signed, err := b.said(c, rules.Approvals, r, own)
		if err != nil {
			return nil, err
		}
		if signed {
			s, err := b.signersOf(rival)
			if err != nil {
				return nil, err
			}
			dead, err := b.dead(c, r, s)
			if err == nil && !dead {
				dead, err = b.astray(c, rival)
			}
			if err != nil {
				return nil, err
			}
			if !dead {
				return nil, &LockedError{Wanted: wanted.ID(), Signed: r}
			}
			continue
		}
		refused, err := b.said(c, rules.Refusals, r, own)
		if err != nil {
			return nil, err
		}
		if !refused {
			refuse = append(refuse, r)
		}
	}
	return refuse, nil
}

func (b *batch) said(c *openCommons, t rules.Table, of protocol.EntryID, by *openLog) (bool, error) {
	row, err := b.context(c).Get(t, append(of[:len(of):len(of)], by.ID[:]...))
	return row != nil, err
}

// dead reports whether a proposal is refused by so many that it can never gather
// its signatures: N - M + 1 of the signers, or of those whose keys it brings.
func (b *batch) dead(c *openCommons, of protocol.EntryID, s signers) (bool, error) {
	logs, _, err := b.opinions(c, rules.Refusals, of)
	if err != nil {
		return false, err
	}
	sets := []protocol.KeySet{s.present}
	if s.successor != nil {
		sets = append(sets, *s.successor)
	}
	for _, set := range sets {
		n := 0
		for _, k := range set.Keys {
			holder, err := b.holder(c, k)
			if err != nil {
				return false, err
			}
			if slices.Contains(logs, holder) {
				n++
			}
		}
		if n > len(set.Keys)-int(set.Threshold) {
			return true, nil
		}
	}
	return false, nil
}

// astray reports whether a proposed entry follows, over other proposals or at
// once, one that can never stand in its log, since another is settled at that
// place. Of a distribution, whose parts are proposed together, the later ones are
// refused by nobody when part 0 loses its place.
func (b *batch) astray(c *openCommons, wanted protocol.Entry) (bool, error) {
	log, err := b.openLog(wanted.Log)
	if err != nil || log == nil {
		return false, err
	}
	for wanted.Seq > 0 {
		if log.decided() >= wanted.Seq-1 {
			fits, err := b.holds(log, wanted.Seq-1, wanted.Prev)
			return err == nil && !fits, err
		}
		k := append(proposalPlace(wanted.Log, wanted.Seq-1), wanted.Prev[:]...)
		row, err := b.context(c).Get(rules.Proposals, k)
		if err != nil || row == nil {
			return false, err
		}
		if wanted, err = b.proposed(c, k); err != nil {
			return false, err
		}
	}
	return false, nil
}

// holder returns the member whose key it is: a steward of the charter in force,
// or the owner of the log that began with it.
func (b *batch) holder(c *openCommons, key protocol.PublicKey) (protocol.LogID, error) {
	for _, s := range c.currentTerms().Stewards {
		if s.Key == key {
			return s.Log, nil
		}
	}
	row, err := b.context(c).Get(rules.Holders, key[:])
	return protocol.LogID{EntryID: idFrom(row)}, err
}

// publishable returns the segments of proposals that have all their signatures
// and are the next entries of their logs, and forgets those that are decided.
func (b *batch) publishable(c *openCommons) ([]protocol.Segment, error) {
	prefix := stateKey(c.no, rules.Open, nil)
	var ready []protocol.Segment
	tips := map[protocol.LogID]protocol.EntryID{} // what stands last where more becomes ready
	err := b.scan(prefix, nil, func(k, _ []byte) (bool, error) {
		k = k[len(prefix):]
		wanted, err := b.proposed(c, k)
		if err != nil {
			return false, err
		}
		log, err := b.openLog(wanted.Log)
		if err != nil {
			return false, err
		}
		if log != nil && log.Held.Seq >= wanted.Seq {
			b.context(c).Put(rules.Open, k, nil)
			return true, nil
		}
		if wanted.Seq > 0 && (log == nil || log.Held.CID != wanted.Prev && tips[wanted.Log] != wanted.Prev) {
			return true, nil
		}
		s, err := b.signersOf(wanted)
		if err != nil {
			return false, err
		}
		present, successor, err := b.gather(c, wanted, s)
		if err != nil {
			return false, err
		}
		enough := int64(len(present)) >= s.present.Threshold
		if s.successor != nil {
			enough = enough && int64(len(successor)) >= s.successor.Threshold
		}
		if enough {
			ready = append(ready, protocol.Segment{Entries: []protocol.Entry{wanted}, Signatures: present, Successor: successor})
			if s.successor == nil {
				tips[wanted.Log] = wanted.ID() // in order of places, so that a chain is ready at once
			}
		}
		return true, nil
	})
	return ready, err
}

// proposed returns the entry that a proposal wants, by its key.
func (b *batch) proposed(c *openCommons, k []byte) (protocol.Entry, error) {
	row, err := b.context(c).Get(rules.Proposals, k)
	if err != nil {
		return protocol.Entry{}, err
	}
	at, _, err := b.find(idFrom(row))
	if err != nil {
		return protocol.Entry{}, err
	}
	body, is := at.Body.(*protocol.Propose)
	if !is {
		return protocol.Entry{}, ErrDamaged
	}
	return protocol.Parse(body.Block)
}
