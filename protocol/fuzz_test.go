package protocol

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func FuzzParse(f *testing.F) {
	for _, v := range readVectors[entryVector](f, "entries.json") {
		f.Add([]byte(v.Block))
	}
	for _, v := range readVectors[invalidVector](f, "invalid-entries.json") {
		if len(v.Block) < 4096 {
			f.Add([]byte(v.Block))
		}
	}
	f.Fuzz(func(t *testing.T, block []byte) {
		PeekLog(block)
		checkSame(t, block)
		if _, err := Parse(block); err == nil {
			checkIPLD(t, block)
		}
	})
}

func FuzzValue(f *testing.F) {
	for _, v := range readVectors[valueVector](f, "values.json") {
		f.Add([]byte(v.Bytes))
	}
	for _, v := range readVectors[entryVector](f, "entries.json") {
		f.Add([]byte(v.Block))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := ParseValue(b)
		if err != nil {
			if FaultOf(err) == "" {
				t.Fatal(err)
			}
			return
		}
		again, err := AppendValue(nil, v)
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("written again: %x, %v", again, err)
		}
		checkIPLD(t, b)
	})
}

func FuzzSegment(f *testing.F) {
	for _, v := range readVectors[segmentVector](f, "segments.json") {
		f.Add([]byte(v.Data))
	}
	keys := newWorld().anaLog.Body.(*Inception).KeySet
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ParseSegment(data)
		if err != nil {
			if FaultOf(err) == "" || len(s.Entries) > 0 {
				t.Fatalf("refused with %v and %d entries", err, len(s.Entries))
			}
			return
		}
		coded, err := s.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseSegment(coded)
		if err != nil {
			t.Fatal(err)
		}
		if len(again.Entries) != len(s.Entries) || again.Tip().ID() != s.Tip().ID() {
			t.Fatal("another segment")
		}
		if diff := cmp.Diff(s.Sides, again.Sides); diff != "" {
			t.Fatal(diff)
		}
		first := s.Verify(s.First().Prev, keys)
		if second := again.Verify(s.First().Prev, keys); FaultOf(first) != FaultOf(second) {
			t.Fatalf("verified %v, then %v", first, second)
		}
	})
}

func FuzzForkProof(f *testing.F) {
	for _, v := range readVectors[forkVector](f, "forks.json") {
		f.Add([]byte(v.Data))
	}
	keys := newWorld().anaLog.Body.(*Inception).KeySet
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ParseForkProof(data)
		if err != nil {
			if FaultOf(err) == "" {
				t.Fatal(err)
			}
			return
		}
		first := p.Verify(keys)
		coded, err := p.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseForkProof(coded)
		if err != nil {
			t.Fatal(err)
		}
		if second := again.Verify(keys); FaultOf(first) != FaultOf(second) {
			t.Fatalf("verified %v, then %v", first, second)
		}
		if p.Less(again) || again.Less(p) {
			t.Fatal("a proof is less than itself")
		}
		if swapped := (ForkProof{p.Second, p.First}); first == nil && swapped.Verify(keys) == nil {
			t.Fatal("a proof holds in both orders")
		}
	})
}

func FuzzLink(f *testing.F) {
	for _, v := range readVectors[linkVector](f, "links.json") {
		f.Add(v.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := ParseLink(text)
		if err != nil {
			if !errors.Is(err, ErrBadLink) {
				t.Fatal(err)
			}
			return
		}
		again, err := ParseLink(l.String())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(linkOf(l), linkOf(again)); diff != "" {
			t.Fatal(diff)
		}
		if want := bytes.TrimSpace([]byte(text)); l.String() != string(want) {
			t.Fatalf("written again: %s", l)
		}
	})
}

// FuzzLinkBody goes behind the checksum, which stops nearly all of FuzzLink.
func FuzzLinkBody(f *testing.F) {
	f.Add(append([]byte{1}, make([]byte, 200)...))
	f.Add(append([]byte{1}, bytes.Repeat([]byte{1}, 168)...))
	f.Fuzz(func(t *testing.T, body []byte) {
		text := sealLink(body)
		if l, err := ParseLink(text); err == nil && l.String() != text {
			t.Fatalf("written again: %s, was %s", l, text)
		}
	})
}

func FuzzAmount(f *testing.F) {
	for _, v := range readVectors[decimalVector](f, "decimals.json") {
		f.Add(v.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAmount(text)
		if err != nil {
			if !errors.Is(err, ErrBadDecimal) {
				t.Fatal(err)
			}
			return
		}
		if a.N > MaxMantissa || a.N < -MaxMantissa || a.Scale < 0 || a.Scale > MaxScale {
			t.Fatalf("out of bounds: %+v", a)
		}
		if again, err := ParseAmount(a.String()); err != nil || again != a {
			t.Fatalf("%+v came back as %+v, %v", a, again, err)
		}
	})
}

func FuzzID(f *testing.F) {
	f.Add(Identify(nil).String())
	f.Add("QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR")
	f.Fuzz(func(t *testing.T, text string) {
		id, err := ParseID(text)
		if err != nil {
			if !errors.Is(err, ErrBadID) {
				t.Fatal(err)
			}
			return
		}
		if again, err := ParseID(id.String()); err != nil || again != id || id.IsZero() {
			t.Fatalf("%v came back as %v, %v", id, again, err)
		}
	})
}
