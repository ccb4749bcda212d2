package protocol

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/ipfs/go-cid"
	"github.com/ipld/go-ipld-prime/codec/dagcbor"
	"github.com/ipld/go-ipld-prime/datamodel"
	cidlink "github.com/ipld/go-ipld-prime/linking/cid"
	"github.com/ipld/go-ipld-prime/node/basicnode"
)

// fromIPLD reads a block with go-ipld-prime, the second opinion on encoding.
func fromIPLD(block []byte) (datamodel.Node, error) {
	builder := basicnode.Prototype.Any.NewBuilder()
	if err := dagcbor.Decode(builder, bytes.NewReader(block)); err != nil {
		return nil, err
	}
	return builder.Build(), nil
}

// valueOfIPLD converts a node of go-ipld-prime.
func valueOfIPLD(n datamodel.Node) (Value, error) {
	switch n.Kind() {
	case datamodel.Kind_Null:
		return nil, nil
	case datamodel.Kind_Bool:
		return n.AsBool()
	case datamodel.Kind_Int:
		return n.AsInt()
	case datamodel.Kind_String:
		return n.AsString()
	case datamodel.Kind_Bytes:
		return n.AsBytes()
	case datamodel.Kind_Link:
		link, err := n.AsLink()
		if err != nil {
			return nil, err
		}
		return IDFromCID(link.(cidlink.Link).Cid)
	case datamodel.Kind_List:
		return listOfIPLD(n)
	case datamodel.Kind_Map:
		return mapOfIPLD(n)
	}
	return nil, fmt.Errorf("kind %v", n.Kind())
}

func listOfIPLD(n datamodel.Node) (Value, error) {
	var items []Value
	for it := n.ListIterator(); !it.Done(); {
		_, item, err := it.Next()
		if err != nil {
			return nil, err
		}
		v, err := valueOfIPLD(item)
		if err != nil {
			return nil, err
		}
		items = append(items, v)
	}
	return items, nil
}

func mapOfIPLD(n datamodel.Node) (Value, error) {
	m := map[string]Value{}
	for it := n.MapIterator(); !it.Done(); {
		key, item, err := it.Next()
		if err != nil {
			return nil, err
		}
		name, err := key.AsString()
		if err != nil {
			return nil, err
		}
		if m[name], err = valueOfIPLD(item); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// checkIPLD holds go-ipld-prime to what was accepted here: it reads the same
// value, and writes the same bytes.
func checkIPLD(t interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}, canonical []byte) {
	t.Helper()
	node, err := fromIPLD(canonical)
	if err != nil {
		t.Fatalf("go-ipld-prime refuses %x: %v", canonical, err)
	}
	var again bytes.Buffer
	if err := dagcbor.Encode(node, &again); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Bytes(), canonical) {
		t.Fatalf("go-ipld-prime writes %x, not %x", again.Bytes(), canonical)
	}
	theirs, err := valueOfIPLD(node)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := ParseValue(canonical)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ours, theirs, cmpopts.EquateEmpty()); diff != "" {
		t.Fatal(diff)
	}
}

func TestIPLDReadsEntries(t *testing.T) {
	for _, v := range readVectors[entryVector](t, "entries.json") {
		t.Run(v.Name, func(t *testing.T) {
			checkIPLD(t, v.Block)
			sum, err := cid.V1Builder{Codec: cid.DagCBOR, MhType: 0x12}.Sum(v.Block)
			if err != nil {
				t.Fatal(err)
			}
			if sum != v.CID.CID() {
				t.Errorf("go-cid names the block %v", sum)
			}
			node, err := fromIPLD(v.Block)
			if err != nil {
				t.Fatal(err)
			}
			if kind, err := node.LookupByString("v"); err != nil || kind.Kind() != datamodel.Kind_Int {
				t.Errorf("v by name: %v, %v", kind, err)
			}
		})
	}
}

// TestIPLDReadsAnEvent reads the fields of an event by their names.
func TestIPLDReadsAnEvent(t *testing.T) {
	w := newWorld()
	node, err := fromIPLD(w.members[3].Block())
	if err != nil {
		t.Fatal(err)
	}
	get := func(path ...string) datamodel.Node {
		n := node
		for _, name := range path {
			if n, err = n.LookupByString(name); err != nil {
				t.Fatal(err)
			}
		}
		return n
	}
	kind, err1 := get("kind").AsString()
	action, err2 := get("body", "action").AsString()
	n, err3 := get("body", "effortQuantity", "n").AsInt()
	if kind != "event" || action != "work" || n != 35 || err1 != nil || err2 != nil || err3 != nil {
		t.Errorf("read %q %q %d", kind, action, n)
	}
	link, err := get("body", "provider").AsLink()
	if err != nil || link.String() != w.anaLog.Log.String() {
		t.Errorf("provider %v, %v", link, err)
	}
}

func TestIPLDReadsValues(t *testing.T) {
	for _, v := range readVectors[valueVector](t, "values.json") {
		checkIPLD(t, v.Bytes)
	}
}
