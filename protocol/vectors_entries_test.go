package protocol

import (
	"bytes"
	"encoding/json"
	"testing"
)

// signatureVector is an Ed25519 signature with all that is needed to make it
// again.
type signatureVector struct {
	Secret    hexBytes `json:"secret"`
	Public    hexBytes `json:"public"`
	Message   hexBytes `json:"message"`
	Signature hexBytes `json:"signature"`
}

func signed(k PrivateKey, id EntryID) *signatureVector {
	secret, public, signature := k.Secret(), k.Public(), SignEntry(k, 0, id).Bytes
	return &signatureVector{Secret: secret[:], Public: public[:], Message: SigningMessage(id), Signature: signature[:]}
}

func (v *signatureVector) check(t *testing.T, message []byte) {
	t.Helper()
	key := NewPrivateKey([32]byte(v.Secret))
	public := key.Public()
	if !bytes.Equal(public[:], v.Public) {
		t.Error("the secret gives another public key")
	}
	if !bytes.Equal(message, v.Message) {
		t.Errorf("message %x, want %x", message, v.Message)
	}
	if signature := key.sign(v.Message); !bytes.Equal(signature[:], v.Signature) {
		t.Error("the secret gives another signature")
	}
	if !public.verify(v.Message, [SigSize]byte(v.Signature)) {
		t.Error("the signature does not verify")
	}
}

// entryVector is a valid entry.
type entryVector struct {
	Name    string           `json:"name"`
	Kind    Kind             `json:"kind"`
	CID     EntryID          `json:"cid"`
	Log     EntryID          `json:"log"`
	Seq     int64            `json:"seq"`
	Known   bool             `json:"known"`
	Block   hexBytes         `json:"block"`
	Decoded json.RawMessage  `json:"decoded"`
	Signed  *signatureVector `json:"signed"`
}

func entryVectorOf(name string, e Entry, k PrivateKey) entryVector {
	return entryVector{
		Name: name, Kind: e.Kind, CID: e.ID(), Log: e.Log.EntryID, Seq: e.Seq, Known: e.Known(),
		Block: e.Block(), Decoded: mustBlock(e.Block()), Signed: signed(k, e.ID()),
	}
}

func (w *world) entryVectors() []entryVector {
	all := []entryVector{
		entryVectorOf("inception of a charter log", w.charter, w.steward),
		entryVectorOf("inception of a steward's log, without grant", w.anaLog, w.ana),
		entryVectorOf("inception with a grant", w.betoLog, w.beto),
		entryVectorOf("inception of a shared account, 2 of 3", w.joint, w.ana),
	}
	hashed := mustEntry(NewInception(0, &Inception{
		Commons: w.commons(), KeySet: keySet(worldSeed, RoleAuthor, 7),
		Agent: AgentCard{Name: Text{Hash: Side{Text: "Eva"}.Hash()}, Type: Person},
	}))
	all = append(all, entryVectorOf("inception with a hashed name, time and nonce zero", hashed, mustDerive(worldSeed, RoleAuthor, 0, 7)))
	for _, e := range w.members {
		all = append(all, entryVectorOf(w.names[e.ID()], e, w.ana))
	}
	for _, e := range w.rulings {
		all = append(all, entryVectorOf(w.names[e.ID()], e, w.steward))
	}
	for _, odd := range w.unknownBlocks() {
		e := mustEntry(Parse(odd.block))
		all = append(all, entryVectorOf(odd.name, e, w.ana))
	}
	return all
}

// namedBlock is a block that is put together by hand.
type namedBlock struct {
	name  string
	block []byte
}

// unknownBlocks are entries that this software keeps without knowing what they
// mean.
func (w *world) unknownBlocks() []namedBlock {
	base := map[string]Value{
		"v": int64(1), "kind": "festival", "log": w.anaLog.ID(), "seq": int64(90), "prev": w.members[0].ID(),
		"time": int64(worldTime), "charter": int64(1), "body": map[string]Value{"song": []Value{"la", nil, true}},
	}
	with := func(change map[string]Value) []byte {
		m := map[string]Value{}
		for key, v := range base {
			m[key] = v
		}
		for key, v := range change {
			m[key] = v
		}
		return mustValue(m)
	}
	return []namedBlock{
		{"entry of an unknown kind", with(nil)},
		{"entry of an unknown kind with an empty body", with(map[string]Value{"body": map[string]Value{}})},
		{"entry of an unknown version", with(map[string]Value{"v": int64(2), "mood": "glad"})},
		{"entry of an unknown version, body no map", with(map[string]Value{"v": int64(2), "body": int64(7), "kind": "event"})},
		{"entry of an unknown version with what every version has", mustValue(map[string]Value{
			"v": int64(9), "log": w.anaLog.ID(), "seq": int64(1), "prev": w.anaLog.ID(),
		})},
	}
}

func mustValue(v Value) []byte {
	b, err := AppendValue(nil, v)
	if err != nil {
		panic(err)
	}
	return b
}

func TestEntryVectors(t *testing.T) {
	const about = "Valid entries. decoded is the block as DAG-JSON; signed is a signature on it by the log's first key."
	seen := map[Kind]bool{}
	for _, v := range vectors(t, "entries.json", about, newWorld().entryVectors()) {
		seen[v.Kind] = true
		t.Run(v.Name, func(t *testing.T) {
			e, err := Parse(v.Block)
			if err != nil {
				t.Fatal(err)
			}
			if e.ID() != v.CID || e.Kind != v.Kind || e.Log.EntryID != v.Log || e.Seq != v.Seq || e.Known() != v.Known {
				t.Errorf("read as %v %v %v %d", e.ID(), e.Kind, e.Log, e.Seq)
			}
			value, err := fromDAGJSON(v.Decoded)
			if err != nil {
				t.Fatal(err)
			}
			if got := mustValue(value); !bytes.Equal(got, v.Block) {
				t.Errorf("decoded gives the block %x", got)
			}
			v.Signed.check(t, SigningMessage(e.ID()))
			if !e.Known() {
				return
			}
			if again := rebuild(t, e); !bytes.Equal(again.Block(), v.Block) {
				t.Errorf("written again: %x", again.Block())
			}
		})
	}
	for _, kind := range Kinds() {
		if !seen[kind] {
			t.Errorf("no vector of kind %s", kind)
		}
	}
}

// rebuild writes an entry again from what was read.
func rebuild(t interface{ Fatal(...any) }, e Entry) Entry {
	var again Entry
	var err error
	if body, is := e.Body.(*Inception); is {
		again, err = NewInception(e.Time, body)
	} else {
		again, err = New(Placement{Log: e.Log, Seq: e.Seq, Prev: e.Prev, Time: e.Time, Charter: e.Charter}, e.Body)
	}
	if err != nil {
		t.Fatal(err)
	}
	return again
}
