package protocol

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

func TestCheckFrame(t *testing.T) {
	w := newWorld()
	segment := mustEncode(segmentOf(w.ana, w.members[0]))
	proof := slices.Concat(field(1, segment), field(2, segment))
	head := slices.Concat(field(1, make([]byte, 36)), field(3, make([]byte, 36)))
	many := func(value []byte, n int) []byte { return bytes.Repeat(field(1, value), n) }
	for name, test := range map[string]struct {
		frame []byte
		good  bool
	}{
		"empty":                       {nil, true},
		"a hello":                     {field(1, field(1, w.anaLog.ID().Bytes())), true},
		"a delta":                     {field(3, slices.Concat(field(1, segment), field(2, proof))), true},
		"a page of a frontier":        {field(2, many(head, 4096)), true},
		"a field of a later version":  {field(15, many(nil, 50_000)), true},
		"as many segments as fit":     {field(3, many(segment, 5000)), true},
		"too many heads":              {field(2, many(nil, MaxFrameItems)), false},
		"too many segments":           {field(3, many(nil, MaxFrameItems)), false},
		"too many blocks":             {field(3, field(1, many(nil, MaxFrameItems))), false},
		"too many blocks, in proofs":  {field(3, field(2, field(2, many(nil, MaxFrameItems)))), false},
		"too many blocks, in parts":   {field(3, many(many(nil, 1000), 33)), false},
		"too many messages":           {bytes.Repeat(field(3, nil), MaxFrameItems+1), false},
		"cut short":                   {field(3, field(1, segment))[:20], false},
		"a delta that is no protobuf": {field(3, []byte{0xff}), false},
	} {
		t.Run(name, func(t *testing.T) {
			err := CheckFrame(test.frame)
			if test.good != (err == nil) || err != nil && !errors.Is(err, ErrBadFrame) {
				t.Error(err)
			}
		})
	}
}
