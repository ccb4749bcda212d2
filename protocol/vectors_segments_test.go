package protocol

import (
	"bytes"
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// keySetJSON is a key set as vectors show it.
type keySetJSON struct {
	Keys      []hexBytes `json:"keys"`
	Threshold int64      `json:"threshold"`
	Next      hexBytes   `json:"next"`
}

func keySetOf(set KeySet) *keySetJSON {
	j := &keySetJSON{Threshold: set.Threshold, Next: set.Next[:]}
	for _, key := range set.Keys {
		j.Keys = append(j.Keys, key[:])
	}
	return j
}

func (j *keySetJSON) set() KeySet {
	if j == nil {
		return KeySet{}
	}
	set := KeySet{Threshold: j.Threshold, Next: [32]byte(j.Next)}
	for _, key := range j.Keys {
		set.Keys = append(set.Keys, PublicKey(key))
	}
	return set
}

// segmentVector is a segment as it stands on the wire. Stage says what refuses
// it: reading it, or verifying it after prev with keys.
type segmentVector struct {
	Name    string      `json:"name"`
	Stage   string      `json:"stage,omitempty"`
	Fault   Fault       `json:"fault,omitempty"`
	Prev    EntryID     `json:"prev"`
	Keys    *keySetJSON `json:"keys,omitempty"`
	Entries []EntryID   `json:"entries,omitempty"`
	Data    hexBytes    `json:"data"`
}

func mustEncode(s interface{ Encode() ([]byte, error) }) []byte {
	b, err := s.Encode()
	if err != nil {
		panic(err)
	}
	return b
}

// segmentOf is a segment of entries with one signature on the last.
func segmentOf(k PrivateKey, entries ...Entry) Segment {
	return Segment{Entries: entries, Signatures: []Signature{SignEntry(k, 0, entries[len(entries)-1].ID())}}
}

type segmentVectors struct {
	w    *world
	keys KeySet // of Ana's log
	all  []segmentVector
}

// add adds a segment that follows Ana's inception; a fault is one of
// verification.
func (v *segmentVectors) add(name string, fault Fault, s Segment) {
	v.addAfter(name, fault, s, s.First().Prev, v.keys)
}

func (v *segmentVectors) addAfter(name string, fault Fault, s Segment, prev EntryID, keys KeySet) {
	stage := ""
	if fault != "" {
		stage = "verify"
	}
	vector := segmentVector{Name: name, Stage: stage, Fault: fault, Prev: prev, Keys: keySetOf(keys), Data: mustEncode(s)}
	for _, e := range s.Entries {
		vector.Entries = append(vector.Entries, e.ID())
	}
	v.all = append(v.all, vector)
}

// raw adds bytes that are refused when they are read.
func (v *segmentVectors) raw(name string, fault Fault, data []byte) {
	v.all = append(v.all, segmentVector{Name: name, Stage: "read", Fault: fault, Data: data})
}

func segments() []segmentVector {
	w := newWorld()
	v := &segmentVectors{w: w, keys: w.anaLog.Body.(*Inception).KeySet}
	v.plain()
	v.rotation()
	v.signatures()
	v.shapes()
	v.codings()
	return v.all
}

func (v *segmentVectors) plain() {
	w := v.w
	first := append([]Entry{w.anaLog}, w.members[:3]...)
	v.addAfter("an inception alone", "", segmentOf(w.ana, w.anaLog), EntryID{}, KeySet{})
	v.addAfter("an inception and what follows", "", segmentOf(w.ana, first...), EntryID{}, KeySet{})
	v.addAfter("a charter inception", "", segmentOf(w.steward, w.charter), EntryID{}, KeySet{})
	v.add("one entry", "", segmentOf(w.ana, w.members[0]))
	v.add("entries from the middle of a log", "", segmentOf(w.ana, w.members[4:9]...))
	sides := segmentOf(w.ana, w.members[2])
	sides.Sides = []Side{{Salt: [SaltSize]byte{9}, Text: "Rosa"}, {Text: ""}}
	v.add("with sides", "", sides)
	unknown := mustEntry(Parse(w.unknownBlocks()[2].block))
	v.add("an entry of an unknown version", "", segmentOf(w.ana, unknown))
	v.addAfter("after another entry", FaultSegmentChain, segmentOf(w.ana, w.members[1:3]...), w.members[4].ID(), v.keys)
	v.addAfter("an inception after an entry", FaultSegmentChain, segmentOf(w.ana, w.anaLog), w.members[0].ID(), v.keys)
}

func (v *segmentVectors) rotation() {
	w, last := v.w, len(v.w.members)-1
	fresh := mustDerive(worldSeed, RoleAuthor, 0, 1)
	change := segmentOf(w.ana, w.members[last-1:]...)
	change.Successor = []Signature{SignEntry(fresh, 0, change.Tip().ID())}
	v.add("new keys", "", change)
	after := mustEntry(New(Placement{
		Log: w.anaLog.Log, Seq: int64(last + 2), Prev: w.members[last].ID(), Time: worldTime, Charter: 1,
	}, &Reject{CID: w.anaLog.ID()}))
	next := w.members[last].Body.(*Keys).KeySet
	v.addAfter("an entry under the new keys", "", segmentOf(fresh, after), after.Prev, next)
	v.addAfter("an entry after new keys, by the old", FaultSignature, segmentOf(w.ana, after), after.Prev, next)

	bad := change
	bad.Successor = nil
	v.add("new keys without their signature", FaultSignature, bad)
	bad.Successor = []Signature{SignEntry(w.ana, 0, change.Tip().ID())}
	v.add("new keys signed by the old alone", FaultSignature, bad)
	bad = change
	bad.Signatures = change.Successor
	v.add("new keys signed by the new alone", FaultSignature, bad)
	other := mustEntry(New(Placement{
		Log: w.anaLog.Log, Seq: 1, Prev: w.anaLog.ID(), Time: worldTime, Charter: 1,
	}, &Keys{KeySet: keySet(worldSeed, RoleAuthor, 2)}))
	promised := segmentOf(w.ana, other)
	promised.Successor = []Signature{SignEntry(mustDerive(worldSeed, RoleAuthor, 0, 2), 0, other.ID())}
	v.add("new keys that were not promised", FaultSignature, promised)
	plain := segmentOf(w.ana, w.members[0])
	plain.Successor = plain.Signatures
	v.add("signatures of new keys where there are none", FaultSignature, plain)
	v.raw("an entry after new keys", FaultSegmentKeys, mustEncode(segmentOf(fresh, w.members[last], after)))
}

func (v *segmentVectors) signatures() {
	w := v.w
	joint := w.joint.Body.(*Inception).KeySet
	tip := w.joint.ID()
	by := func(signatures ...Signature) Segment {
		return Segment{Entries: []Entry{w.joint}, Signatures: signatures}
	}
	ana, beto, steward := SignEntry(w.ana, 0, tip), SignEntry(w.beto, 1, tip), SignEntry(w.steward, 2, tip)
	shared := func(name string, fault Fault, s Segment) { v.addAfter(name, fault, s, EntryID{}, joint) }
	shared("2 of 3, first and second", "", by(ana, beto))
	shared("2 of 3, first and third", "", by(ana, steward))
	shared("3 of 3", "", by(ana, beto, steward))
	shared("1 where 2 are needed", FaultSignature, by(ana))
	shared("no signature", FaultSignature, by())
	shared("one twice", FaultSignature, by(ana, ana))
	shared("out of order", FaultSignature, by(beto, ana))
	shared("one more that is wrong", FaultSignature, by(ana, beto, Signature{Key: 2, Bytes: ana.Bytes}))
	shared("under the index of another key", FaultSignature, by(Signature{0, beto.Bytes}, Signature{1, ana.Bytes}))
	shared("a key index beyond the set", FaultSignature, by(ana, Signature{3, beto.Bytes}))
	shared("more signatures than keys", FaultSignature, by(ana, beto, steward, Signature{3, ana.Bytes}))
	v.add("signed on the entry before the last", FaultSignature, Segment{
		Entries: w.members[:2], Signatures: []Signature{SignEntry(w.ana, 0, w.members[0].ID())},
	})
}

func (v *segmentVectors) shapes() {
	w := v.w
	encode := func(entries ...Entry) []byte { return mustEncode(segmentOf(w.ana, entries...)) }
	v.raw("a gap", FaultSegmentChain, encode(w.members[0], w.members[2]))
	v.raw("backwards", FaultSegmentChain, encode(w.members[1], w.members[0]))
	v.raw("an entry twice", FaultSegmentChain, encode(w.members[0], w.members[0]))
	v.raw("an inception in the middle", FaultSegmentChain, encode(w.members[0], w.anaLog))
	v.raw("two logs", FaultSegmentLog, encode(w.members[0], w.rulings[1]))
	stray := mustEntry(New(Placement{
		Log: w.anaLog.Log, Seq: 2, Prev: w.anaLog.ID(), Time: worldTime, Charter: 1,
	}, &Reject{CID: w.anaLog.ID()}))
	v.raw("seq fits and prev does not", FaultSegmentChain, encode(w.members[0], stray))
	skip := mustEntry(New(Placement{
		Log: w.anaLog.Log, Seq: 3, Prev: w.members[0].ID(), Time: worldTime, Charter: 1,
	}, &Reject{CID: w.anaLog.ID()}))
	v.raw("prev fits and seq does not", FaultSegmentChain, encode(w.members[0], skip))
}

// field is one length-delimited field of a protobuf message.
func field(number protowire.Number, value []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), value)
}

func (v *segmentVectors) codings() {
	good := mustEncode(segmentOf(v.w.ana, v.w.members[0]))
	block := field(1, v.w.members[0].Block())
	v.raw("no bytes", FaultSegmentEmpty, nil)
	v.raw("signatures without blocks", FaultSegmentEmpty, good[len(block):])
	v.raw("cut short", FaultSegmentCoding, good[:len(good)-1])
	v.raw("no protobuf", FaultSegmentCoding, unhex("ffffffff"))
	v.raw("an empty block", FaultTruncated, field(1, nil))
	v.raw("a block that is not canonical", FaultTrailing, field(1, append(slices.Clone(v.w.members[0].Block()), 0)))
	v.raw("1,025 blocks", FaultSegmentSize, bytes.Repeat(field(1, nil), MaxSegmentEntries+1))
	v.raw("65 signatures", FaultSegmentSize, slices.Concat(block, bytes.Repeat(field(2, nil), MaxKeys+1)))
	v.raw("1,025 sides", FaultSegmentSize, slices.Concat(block, bytes.Repeat(field(4, nil), maxSides+1)))
	v.raw("a signature of 63 bytes", FaultSignature, slices.Concat(block, field(2, field(2, make([]byte, 63)))))
	v.raw("a signature by key 64", FaultSignature, slices.Concat(block, field(2, slices.Concat(unhex("0840"), field(2, make([]byte, 64))))))
	v.raw("a salt of 15 bytes", FaultLength, slices.Concat(good, field(4, field(1, make([]byte, 15)))))
	v.raw("a side above its bound", FaultTooLarge, slices.Concat(good, field(4, slices.Concat(
		field(1, make([]byte, SaltSize)), field(2, bytes.Repeat([]byte("a"), MaxNote+1))))))
	v.raw("a side that is not UTF-8", FaultSegmentCoding, slices.Concat(good, field(4, slices.Concat(
		field(1, make([]byte, SaltSize)), field(2, unhex("ff"))))))
	v.all = append(v.all, segmentVector{
		Name: "a field of a later version", Prev: v.w.anaLog.ID(), Keys: keySetOf(v.keys),
		Entries: []EntryID{v.w.members[0].ID()}, Data: slices.Concat(good, field(15, []byte("later"))),
	})
}

func TestSegmentVectors(t *testing.T) {
	const about = "Segments as protobuf. Where fault is given, stage says whether reading (read) or verifying after prev with keys (verify) finds it."
	for _, v := range vectors(t, "segments.json", about, segments()) {
		t.Run(v.Name, func(t *testing.T) {
			s, err := ParseSegment(v.Data)
			if v.Stage == "read" {
				checkFault(t, err, v.Fault)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var entries []EntryID
			for _, e := range s.Entries {
				entries = append(entries, e.ID())
			}
			if !slices.Equal(entries, v.Entries) {
				t.Errorf("entries %v", entries)
			}
			if err = s.Verify(v.Prev, v.Keys.set()); v.Fault != "" {
				checkFault(t, err, v.Fault)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

// forkVector is a proof of a fork.
type forkVector struct {
	Name  string      `json:"name"`
	Stage string      `json:"stage,omitempty"`
	Fault Fault       `json:"fault,omitempty"`
	Log   EntryID     `json:"log"`
	Seq   int64       `json:"seq"`
	Keys  *keySetJSON `json:"keys,omitempty"`
	Data  hexBytes    `json:"data"`
}

func forks() []forkVector {
	w := newWorld()
	keys := w.anaLog.Body.(*Inception).KeySet
	other := func(log LogID, seq int64, prev EntryID, cid EntryID) Entry {
		return mustEntry(New(Placement{Log: log, Seq: seq, Prev: prev, Time: worldTime, Charter: 1}, &Reject{CID: cid}))
	}
	sibling := other(w.anaLog.Log, 2, w.members[0].ID(), w.anaLog.ID())
	tail := other(w.anaLog.Log, 3, sibling.ID(), w.anaLog.ID())
	held := segmentOf(w.ana, w.members[1:3]...)
	var all []forkVector
	add := func(name, stage string, fault Fault, p ForkProof) {
		v := forkVector{Name: name, Stage: stage, Fault: fault, Log: w.anaLog.Log.EntryID, Keys: keySetOf(keys), Data: mustEncode(p)}
		if len(p.First.Entries) > 0 {
			v.Log, v.Seq = p.First.Log().EntryID, p.First.First().Seq
		}
		all = append(all, v)
	}
	good := NewForkProof(held, segmentOf(w.ana, sibling))
	add("two entries at one place", "", "", good)
	add("two histories of two entries each", "", "", NewForkProof(held, segmentOf(w.ana, sibling, tail)))
	add("the segments exchanged", "verify", FaultProof, ForkProof{good.Second, good.First})
	add("one segment twice", "verify", FaultProof, ForkProof{held, held})
	add("one entry with two ends", "verify", FaultProof, ForkProof{segmentOf(w.ana, w.members[1]), held})
	add("two places", "verify", FaultProof, NewForkProof(held, segmentOf(w.ana, tail)))
	add("two logs", "verify", FaultProof, NewForkProof(held, segmentOf(w.steward, w.rulings[1])))
	add("one place after two entries", "verify", FaultProof,
		NewForkProof(held, segmentOf(w.ana, other(w.anaLog.Log, 2, w.charter.ID(), w.anaLog.ID()))))
	add("two inceptions", "verify", FaultProof, NewForkProof(segmentOf(w.ana, w.anaLog), segmentOf(w.beto, w.betoLog)))
	add("one signature is another's", "verify", FaultSignature, NewForkProof(held, segmentOf(w.beto, sibling)))
	raw := func(name string, fault Fault, data []byte) {
		all = append(all, forkVector{Name: name, Stage: "read", Fault: fault, Data: data})
	}
	data := mustEncode(good)
	raw("no bytes", FaultSegmentEmpty, nil)
	raw("one segment only", FaultSegmentEmpty, mustEncode(ForkProof{First: held}))
	raw("cut short", FaultSegmentCoding, data[:len(data)-1])
	raw("a third segment", FaultSegmentCoding, slices.Concat(data, field(2, mustEncode(held))))
	return all
}

func TestForkVectors(t *testing.T) {
	const about = "Proofs of a fork, verified with the key set in force before it."
	for _, v := range vectors(t, "forks.json", about, forks()) {
		t.Run(v.Name, func(t *testing.T) {
			p, err := ParseForkProof(v.Data)
			if v.Stage == "read" {
				checkFault(t, err, v.Fault)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if err = p.Verify(v.Keys.set()); v.Fault != "" {
				checkFault(t, err, v.Fault)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if log, seq := p.Place(); log.EntryID != v.Log || seq != v.Seq {
				t.Errorf("place %v %d", log, seq)
			}
		})
	}
}

// TestEveryFaultHasAVector keeps the list of faults and the vectors in step.
func TestEveryFaultHasAVector(t *testing.T) {
	seen := map[Fault]bool{}
	for _, v := range readVectors[invalidVector](t, "invalid-entries.json") {
		seen[v.Fault] = true
	}
	for _, v := range readVectors[segmentVector](t, "segments.json") {
		seen[v.Fault] = true
	}
	for _, v := range readVectors[forkVector](t, "forks.json") {
		seen[v.Fault] = true
	}
	for _, fault := range faults(t) {
		if !seen[fault] {
			t.Errorf("no vector with fault %s", fault)
		}
	}
}
