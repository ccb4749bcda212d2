package protocol

import "testing"

func benchEvent(tb testing.TB) Entry {
	tb.Helper()
	log := LogID{Identify([]byte("log"))}
	e, err := New(Placement{Log: log, Seq: 300, Prev: Identify([]byte("prev")), Time: 1_760_000_000_000, Charter: 2}, &Event{
		Action: "work", Provider: log.Agent(), Receiver: AgentID{Identify([]byte("commons"))},
		EffortQuantity: &Quantity{N: 35, Scale: 1, Unit: "hour"}, ResourceConformsTo: "Huerta",
		HasPointInTime: "2026-03-04", Note: PlainText("riego"),
	})
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

func BenchmarkParse(b *testing.B) {
	block := benchEvent(b).Block()
	b.SetBytes(int64(len(block)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(block); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIdentify(b *testing.B) {
	block := benchEvent(b).Block()
	b.SetBytes(int64(len(block)))
	for b.Loop() {
		Identify(block)
	}
}

func BenchmarkNew(b *testing.B) {
	e := benchEvent(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(Placement{Log: e.Log, Seq: e.Seq, Prev: e.Prev, Time: e.Time, Charter: e.Charter}, e.Body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	e := benchEvent(b)
	key := NewPrivateKey([32]byte{1})
	set := KeySet{Keys: []PublicKey{key.Public()}, Threshold: 1}
	signatures := []Signature{SignEntry(key, 0, e.ID())}
	for b.Loop() {
		if err := set.VerifyEntry(e.ID(), signatures); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPeekLog(b *testing.B) {
	block := benchEvent(b).Block()
	for b.Loop() {
		if _, ok := PeekLog(block); !ok {
			b.Fatal("no log")
		}
	}
}
