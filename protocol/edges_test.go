package protocol

import (
	"bytes"
	"errors"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hdevalence/ed25519consensus"
	"pgregory.net/rapid"
)

func TestNewRefusesWhatParseWould(t *testing.T) {
	w := newWorld()
	place := Placement{Log: w.anaLog.Log, Seq: 1, Prev: w.anaLog.ID(), Time: worldTime, Charter: 1}
	with := func(change func(*Placement)) Placement {
		p := place
		change(&p)
		return p
	}
	reject := &Reject{CID: w.anaLog.ID()}
	both := Text{Plain: "Ana", Hash: [32]byte{1}}
	for name, test := range map[string]struct {
		place Placement
		body  Body
		want  Fault
	}{
		"no body":               {place, nil, FaultMissing},
		"an inception":          {place, w.anaLog.Body, FaultKindMismatch},
		"an unknown kind":       {place, &Unknown{KindName: "festival"}, FaultKindMismatch},
		"no log":                {with(func(p *Placement) { p.Log = LogID{} }), reject, FaultLink},
		"no prev":               {with(func(p *Placement) { p.Prev = EntryID{} }), reject, FaultLink},
		"seq zero":              {with(func(p *Placement) { p.Seq = 0 }), reject, FaultRange},
		"a time before 1970":    {with(func(p *Placement) { p.Time = -1 }), reject, FaultRange},
		"a negative charter":    {with(func(p *Placement) { p.Charter = -1 }), reject, FaultRange},
		"a body without target": {place, &Confirm{Verdict: VerdictConfirm}, FaultLink},
		"a verdict of nobody":   {place, &Confirm{Target: w.anaLog.ID(), Verdict: "meh"}, FaultChoice},
		"text and hash":         {place, &Agent{Card: AgentCard{Name: both, Type: Person}}, FaultConflict},
		"no name":               {place, &Agent{Card: AgentCard{Type: Person}}, FaultEmpty},
		"a name not in UTF-8":   {place, &Agent{Card: AgentCard{Name: PlainText("\xff"), Type: Person}}, FaultUTF8},
		"a float in ext":        {place, &Event{Action: "work", Ext: map[string]Value{"x": 1.5}}, FaultType},
		"an int in ext":         {place, &Event{Action: "work", Ext: map[string]Value{"x": 1}}, FaultType},
		"a list in ext":         {place, &Event{Action: "work", Ext: map[string]Value{"x": []Value{}}}, FaultType},
		"a huge quantity":       {place, &Event{Action: "work", EffortQuantity: &Quantity{N: MaxMantissa + 1, Unit: "hour"}}, FaultRange},
		"a block above 64 KiB":  {place, &Record{Type: "x", Fields: map[string]Value{"x": strings.Repeat("x", MaxBlock)}}, FaultTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(test.place, test.body)
			checkFault(t, err, test.want)
			if !errors.Is(err, ErrNotCanonical) {
				t.Errorf("%v does not wrap ErrNotCanonical", err)
			}
		})
	}
}

func TestNewKeepsNothingOfTheBody(t *testing.T) {
	w := newWorld()
	body := &Propose{Block: []byte{1, 2, 3}}
	e := mustEntry(New(Placement{Log: w.anaLog.Log, Seq: 1, Prev: w.anaLog.ID()}, body))
	body.Block[0] = 9
	if got := e.Body.(*Propose).Block; got[0] != 1 {
		t.Error("the entry changed with the body")
	}
}

func TestParseKeepsNothingButTheBlock(t *testing.T) {
	for _, v := range readVectors[entryVector](t, "entries.json") {
		block := slices.Clone([]byte(v.Block))
		e, err := Parse(block)
		if err != nil {
			t.Fatal(err)
		}
		clear(block)
		if e.Known() && !bytes.Equal(rebuild(t, e).Block(), v.Block) {
			t.Errorf("%s: the body changed with the block", v.Name)
		}
	}
}

func TestAppendValueRefuses(t *testing.T) {
	deep := Value(nil)
	for range MaxDepth + 1 {
		deep = []Value{deep}
	}
	for name, test := range map[string]struct {
		value Value
		want  Fault
	}{
		"int":                   {1, FaultType},
		"float":                 {1.0, FaultType},
		"nested struct":         {[]Value{struct{}{}}, FaultType},
		"text not in UTF-8":     {"\xff", FaultUTF8},
		"key not in UTF-8":      {map[string]Value{"\xff": nil}, FaultUTF8},
		"the zero identifier":   {EntryID{}, FaultLink},
		"deeper than the bound": {deep, FaultTooDeep},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := AppendValue(nil, test.value)
			checkFault(t, err, test.want)
		})
	}
}

// TestHostileInputTakesLittleMemory reads blocks that claim much and hold
// little.
func TestHostileInputTakesLittleMemory(t *testing.T) {
	nested := func(head string) []byte {
		b := unhex("a1616181")
		for range MaxDepth - 4 {
			b = append(b, unhex(head)...)
		}
		return append(b, make([]byte, 60_000)...)
	}
	w := newWorld()
	base := rawPairs(w.members[0].Block()).set("kind", appendText(nil, "record"))
	record := func(fields []byte) []byte {
		return base.set("body", pairs{{"type", appendText(nil, "x")}, {"fields", fields}}.encode()).encode()
	}
	for name, input := range map[string]struct {
		data []byte
		most uint64
	}{
		"lists in lists that claim all that follows": {record(nested("99e000")), 4 << 20},
		"maps in lists that claim all that follows":  {record(nested("b97000")), 4 << 20},
		"blocks without bytes":                       {bytes.Repeat(field(1, nil), 500_000), 1 << 20},
		"sides without bytes":                        {bytes.Repeat(field(4, nil), 500_000), 1 << 20},
		"signatures without bytes":                   {bytes.Repeat(field(2, nil), 500_000), 1 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err1 := Parse(input.data)
			_, err2 := ParseSegment(input.data)
			_, err3 := ParseForkProof(field(1, input.data))
			runtime.ReadMemStats(&after)
			if err1 == nil || err2 == nil || err3 == nil {
				t.Error("accepted")
			}
			if took := after.TotalAlloc - before.TotalAlloc; took > input.most {
				t.Errorf("took %d bytes for %d", took, len(input.data))
			}
		})
	}
}

func TestKeySetWithoutKeysVerifiesNothing(t *testing.T) {
	w := newWorld()
	for name, set := range map[string]KeySet{
		"zero":            {},
		"no threshold":    {Keys: []PublicKey{w.ana.Public()}},
		"too high":        {Keys: []PublicKey{w.ana.Public()}, Threshold: 2},
		"only threshold":  {Threshold: 1},
		"below zero":      {Keys: []PublicKey{w.ana.Public()}, Threshold: -1},
		"the largest int": {Keys: []PublicKey{w.ana.Public()}, Threshold: math.MaxInt64},
	} {
		if err := set.VerifyEntry(w.anaLog.ID(), nil); FaultOf(err) != FaultThreshold {
			t.Errorf("%s, no signature: %v", name, err)
		}
		signatures := []Signature{SignEntry(w.ana, 0, w.anaLog.ID())}
		if err := set.VerifyEntry(w.anaLog.ID(), signatures); FaultOf(err) != FaultThreshold {
			t.Errorf("%s, one signature: %v", name, err)
		}
	}
	negative := []Signature{{Key: -1, Bytes: SignEntry(w.ana, 0, w.anaLog.ID()).Bytes}}
	set := KeySet{Keys: []PublicKey{w.ana.Public()}, Threshold: 1}
	if err := set.VerifyEntry(w.anaLog.ID(), negative); FaultOf(err) != FaultSignature {
		t.Errorf("a negative index: %v", err)
	}
}

func TestGrantCoversTheLog(t *testing.T) {
	w := newWorld()
	key := w.invite.Public()
	for name, change := range map[string]func(*Inception){
		"commons":   func(b *Inception) { b.Commons = CommonsID{w.anaLog.ID()} },
		"invite":    func(b *Inception) { b.Grant.Invite = w.anaLog.ID() },
		"charter":   func(b *Inception) { b.Grant.Charter++ },
		"keys":      func(b *Inception) { b.KeySet.Keys = []PublicKey{w.ana.Public()} },
		"threshold": func(b *Inception) { b.KeySet.Threshold++ },
		"next":      func(b *Inception) { b.KeySet.Next[0] ^= 1 },
		"nonce":     func(b *Inception) { b.Nonce[0] ^= 1 },
		"signature": func(b *Inception) { b.Grant.Signature[0] ^= 1 },
		"no grant":  func(b *Inception) { b.Grant = nil },
	} {
		body := *w.betoLog.Body.(*Inception)
		grant := *body.Grant
		body.Grant = &grant
		change(&body)
		if err := body.VerifyGrant(key); FaultOf(err) != FaultSignature {
			t.Errorf("another %s: %v", name, err)
		}
	}
	if err := w.betoLog.Body.(*Inception).VerifyGrant(w.ana.Public()); FaultOf(err) != FaultSignature {
		t.Errorf("another key: %v", err)
	}
}

func TestPeerProofIsForOnePair(t *testing.T) {
	w := newWorld()
	a, b := []byte("peer a"), []byte("peer b")
	signature := SignPeer(w.ana, w.commons(), a, b)
	if !VerifyPeer(w.ana.Public(), w.commons(), a, b, signature) {
		t.Error("refused")
	}
	if VerifyPeer(w.ana.Public(), w.commons(), b, a, signature) {
		t.Error("accepted from the other peer")
	}
	if VerifyPeer(w.ana.Public(), CommonsID{w.anaLog.ID()}, a, b, signature) {
		t.Error("accepted for another commons")
	}
	if VerifyPeer(w.ana.Public(), w.commons(), []byte("peer apeer"), []byte(" b"), signature) {
		t.Error("accepted with the border elsewhere")
	}
}

// TestVerifyAgrees holds signatures that were changed at random to the second
// opinion.
func TestVerifyAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := NewPrivateKey([32]byte{rapid.Byte().Draw(t, "key")})
		public, message := key.Public(), rapid.SliceOf(rapid.Byte()).Draw(t, "message")
		signature := key.sign(message)
		if rapid.Bool().Draw(t, "change") {
			signature[rapid.IntRange(0, SigSize-1).Draw(t, "at")] ^= rapid.Byte().Draw(t, "by")
		}
		if rapid.Bool().Draw(t, "change key") {
			public[rapid.IntRange(0, KeySize-1).Draw(t, "at")] ^= rapid.Byte().Draw(t, "by")
		}
		got, want := public.verify(message, signature), ed25519consensus.Verify(public[:], message, signature[:])
		if got != want {
			t.Fatalf("here %v, ed25519consensus %v", got, want)
		}
	})
}

func TestIDTexts(t *testing.T) {
	id := Identify([]byte("x"))
	text, err := id.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var back EntryID
	if err := back.UnmarshalText(text); err != nil || back != id {
		t.Errorf("%s came back as %v, %v", text, back, err)
	}
	if err := back.UnmarshalText(nil); err != nil || !back.IsZero() {
		t.Errorf("no text: %v, %v", back, err)
	}
	upper := strings.ToUpper(id.String())
	if got, err := ParseID(upper); err != nil || got != id {
		t.Errorf("%s: %v, %v", upper, got, err)
	}
	for _, bad := range []string{
		"", "x", "bafy", id.String()[:58], id.String() + "a", "QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR",
		"bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy", strings.Repeat("b", 400),
	} {
		if got, err := ParseID(bad); !errors.Is(err, ErrBadID) {
			t.Errorf("%q: %v, %v", bad, got, err)
		}
	}
	if _, err := IDFromBytes(append([]byte(cidPrefix), make([]byte, 32)...)); !errors.Is(err, ErrBadID) {
		t.Errorf("the zero digest: %v", err)
	}
	if EntryID(id).CID().String() != id.String() {
		t.Error("two texts for one identifier")
	}
	if got, err := IDFromCID(id.CID()); err != nil || got != id {
		t.Errorf("by CID: %v, %v", got, err)
	}
}

func TestLinkLeavesOutBadAddresses(t *testing.T) {
	w := newWorld()
	l := Link{Commons: w.commons(), Invite: w.members[0].ID(), Giver: w.anaLog.Log, Key: w.invite}
	l.Peers = append(l.Peers, "", "\xff", strings.Repeat("x", MaxLinkAddress+1), strings.Repeat("x", MaxLinkAddress))
	for range MaxLinkPeers {
		l.Peers = append(l.Peers, "y")
	}
	got, err := ParseLink(" " + l.String() + "\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Peers) != MaxLinkPeers || len(got.Peers[0]) != MaxLinkAddress {
		t.Errorf("%d addresses, the first of %d bytes", len(got.Peers), len(got.Peers[0]))
	}
}

func TestErrorsStayShort(t *testing.T) {
	huge := strings.Repeat("é", 30_000)
	_, err := Parse(pairs{{"v", []byte{1}}, {huge, []byte{1}}}.encode())
	if err == nil || len(err.Error()) > 400 {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
	if _, err := ParseAmount(huge); err == nil || len(err.Error()) > 400 {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
}

func TestTimeIsMilliseconds(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 8_900_000, time.FixedZone("", 3600))
	got := TimeOf(at).UTC()
	if want := at.UTC().Truncate(time.Millisecond); !got.Equal(want) || got.Location() != time.UTC {
		t.Errorf("got %v, want %v", got, want)
	}
	if last := Time(MaxTime).UTC(); last.Year() != 9999 || Time(MaxTime+1).UTC().Year() != 10000 {
		t.Errorf("the last time is %v", last)
	}
}
