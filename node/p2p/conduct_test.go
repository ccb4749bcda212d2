package p2p

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/multiformats/go-varint"

	"github.com/minga-commons/minga/node/replica"
)

func TestOffencesFade(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	b := usualBounds()
	c := newConduct(settled{Options: Options{Now: func() time.Time { return now }, bounds: b}})
	for range 9 {
		if c.note("a", replica.OffenceStall) {
			t.Fatal("shut out after light offences")
		}
	}
	now = now.Add(b.halfLife)
	if got, want := c.score("a"), -5*45.0; got != want {
		t.Errorf("score %v after the half-life, want %v", got, want)
	}
	c.note("a", replica.OffenceFrame)
	if !c.note("a", replica.OffenceSegment) || c.welcome("a") {
		t.Error("not shut out at the bound")
	}
	if c.note("a", replica.OffenceSegment) {
		t.Error("shut out twice")
	}
	if !c.welcome("b") {
		t.Error("another peer is shut out too")
	}
	now = now.Add(b.block)
	if !c.welcome("a") {
		t.Error("shut out for ever")
	}
}

func TestOffendersAreBounded(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	b := usualBounds()
	b.offenders = 10
	c := newConduct(settled{Options: Options{Now: func() time.Time { return now }, bounds: b}})
	for range 4 {
		c.note("worst", replica.OffenceFrame)
	}
	for i := range 100 {
		c.note(peer.ID(fmt.Sprint("crowd ", i)), replica.OffenceStall)
	}
	if len(c.records) != b.offenders {
		t.Errorf("%d records", len(c.records))
	}
	if c.welcome("worst") {
		t.Error("the crowd made the worst forgotten")
	}
}

func FuzzReadLength(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0})
	f.Add([]byte{1, 'x'})
	f.Add(varint.ToUvarint(replica.MaxFrame))
	f.Add(varint.ToUvarint(replica.MaxFrame + 1))
	f.Add([]byte{0x80, 0x00})
	f.Fuzz(func(t *testing.T, data []byte) {
		in := bytes.NewReader(data)
		n, err := readLength(in)
		switch {
		case err == nil && (n < 1 || n > replica.MaxFrame):
			t.Fatalf("a frame of %d bytes", n)
		case err == nil && !bytes.HasPrefix(data, varint.ToUvarint(uint64(n))):
			t.Fatalf("%x is %d in another form", data, n)
		case (err == io.EOF) != (len(data) == 0):
			t.Fatalf("%x: %v", data, err)
		}
	})
}

func TestFramesReadBack(t *testing.T) {
	for _, n := range []int{1, 127, 128, smallFrame, smallFrame + 1, replica.MaxFrame} {
		var wire bytes.Buffer
		if err := writeFrame(&wire, make([]byte, n)); err != nil {
			t.Fatal(err)
		}
		if got, err := readLength(&wire); err != nil || got != n || wire.Len() != n {
			t.Errorf("%d bytes: length %d, %d bytes follow, %v", n, got, wire.Len(), err)
		}
	}
}
