package protocol

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// drawValue draws a plain value.
func drawValue(t *rapid.T, depth int) Value {
	kinds := 8
	if depth == 0 {
		kinds = 6
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "value") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return rapid.Int64().Draw(t, "int")
	case 3:
		return rapid.String().Draw(t, "text")
	case 4:
		return rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
	case 5:
		return drawID(t)
	case 6:
		items := make([]Value, rapid.IntRange(0, 4).Draw(t, "items"))
		for i := range items {
			items[i] = drawValue(t, depth-1)
		}
		return items
	}
	m := map[string]Value{}
	for _, key := range rapid.SliceOfN(rapid.String(), 0, 4).Draw(t, "keys") {
		m[key] = drawValue(t, depth-1)
	}
	return m
}

func drawID(t *rapid.T) EntryID {
	return Identify([]byte{rapid.Byte().Draw(t, "link")})
}

// drawRecord fills the fields of a record with what its layout allows, by way
// of the layout itself: what is drawn is a map as it may stand on the log.
func drawRecord(t *rapid.T, layouts map[string]Layout, name string) pairs {
	var p pairs
	for _, row := range layouts[name].Rows {
		if !row.Required && !rapid.Bool().Draw(t, row.Name) {
			continue
		}
		p = append(p, pair{row.Name, drawField(t, layouts, row)})
	}
	return p
}

func layoutsByName() map[string]Layout {
	all := map[string]Layout{}
	for _, l := range Layouts() {
		all[l.Name] = l
	}
	return all
}

func equalEntries(a, b Entry) string {
	return cmp.Diff(a, b, cmp.AllowUnexported(Entry{}), cmpopts.EquateEmpty())
}

// TestDrawnEntries writes bodies that were drawn from their layouts by another
// way than the writer, reads them, and writes what was read again.
func TestDrawnEntries(t *testing.T) {
	layouts, w := layoutsByName(), newWorld()
	base := rawPairs(w.members[0].Block())
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(Kinds()[1:]).Draw(t, "kind")
		body := drawRecord(t, layouts, string(kind))
		block := base.set("kind", appendText(nil, string(kind))).set("body", body.encode()).encode()
		e, err := Parse(block)
		if f := FaultOf(err); f == FaultConflict || f == FaultThreshold || f == FaultListOrder {
			return // rules across fields, which the layout does not tell
		}
		if err != nil {
			t.Fatalf("%v: %x", err, block)
		}
		again := rebuild(t, e)
		if !bytes.Equal(again.Block(), block) {
			t.Fatalf("written again: %x, was %x", again.Block(), block)
		}
		if diff := equalEntries(e, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestMutatedEntries changes one byte of a valid block: it is refused, or it is
// another entry that is written in exactly these bytes.
func TestMutatedEntries(t *testing.T) {
	for _, v := range readVectors[entryVector](t, "entries.json") {
		t.Run(v.Name, func(t *testing.T) {
			for at := range v.Block {
				for _, change := range []byte{0x01, 0x02, 0x10, 0x20, 0x40, 0x80, 0xff, 0x1f} {
					block := slices.Clone([]byte(v.Block))
					block[at] ^= change
					checkSame(t, block)
				}
			}
			for n := range v.Block {
				if _, err := Parse(v.Block[:n]); err == nil {
					t.Fatalf("accepted %d of %d bytes", n, len(v.Block))
				}
			}
		})
	}
}

// checkSame reads a block and, if it is accepted, writes it again to the same
// bytes.
func checkSame(t interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}, block []byte) {
	t.Helper()
	e, err := Parse(block)
	if err != nil {
		if FaultOf(err) == "" || !reflect.DeepEqual(e, Entry{}) {
			t.Fatalf("refused with %v and %+v", err, e)
		}
		if at := err.(*FormatError).Offset; at < 0 || at > len(block) {
			t.Fatalf("a fault at byte %d of %d", at, len(block))
		}
		return
	}
	if e.ID() != Identify(block) || !bytes.Equal(e.Block(), block) {
		t.Fatal("another identifier or block")
	}
	if log, ok := PeekLog(block); e.Seq > 0 && (!ok || log != e.Log) {
		t.Fatalf("a glance tells log %v", log)
	}
	if !e.Known() {
		value, err := ParseValue(block)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := AppendValue(nil, value); err != nil || !bytes.Equal(again, block) {
			t.Fatalf("written again: %x, %v", again, err)
		}
		return
	}
	if again := rebuild(t, e); !bytes.Equal(again.Block(), block) {
		t.Fatalf("written again: %x", again.Block())
	}
}

func TestMutatedEntriesAtRandom(t *testing.T) {
	held := readVectors[entryVector](t, "entries.json")
	rapid.Check(t, func(t *rapid.T) {
		block := slices.Clone([]byte(rapid.SampledFrom(held).Draw(t, "vector").Block))
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			at := rapid.IntRange(0, len(block)-1).Draw(t, "at")
			switch rapid.IntRange(0, 2).Draw(t, "change") {
			case 0:
				block[at] = rapid.Byte().Draw(t, "byte")
			case 1:
				block = slices.Delete(block, at, min(len(block), at+rapid.IntRange(1, 8).Draw(t, "cut")))
			case 2:
				block = slices.Insert(block, at, rapid.SliceOfN(rapid.Byte(), 1, 8).Draw(t, "more")...)
			}
			if len(block) == 0 {
				return
			}
		}
		checkSame(t, block)
	})
}

func TestValuesComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := drawValue(t, 4)
		b, err := AppendValue(nil, v)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseValue(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(v, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAmountsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Amount{rapid.Int64Range(-MaxMantissa, MaxMantissa).Draw(t, "n"), rapid.Int64Range(0, MaxScale).Draw(t, "s")}
		got, err := ParseAmount(a.String())
		if err != nil || got != a {
			t.Fatalf("%v came back as %v, %v", a, got, err)
		}
	})
}
