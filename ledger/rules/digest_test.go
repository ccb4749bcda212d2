package rules

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"lukechampine.com/blake3"
)

// TestAccumulatorLanes compares the accumulator with one that adds lane by lane.
func TestAccumulatorLanes(t *testing.T) {
	const seed = 1
	rng := rand.New(rand.NewPCG(seed, 0))
	a, lanes := &Accumulator{}, [DigestLanes]uint16{}
	for n := range 2000 {
		key, value := make([]byte, rng.IntN(60)), make([]byte, rng.IntN(200))
		for i := range key {
			key[i] = byte(rng.Uint32())
		}
		element := append([]byte(domainElement), elementRow, byte(Totals))
		element = binary.BigEndian.AppendUint32(element, uint32(len(key)))
		element = append(append(element, key...), value...)
		hasher := blake3.New(32, nil)
		hasher.Write(element)
		out := make([]byte, AccumulatorSize)
		hasher.XOF().Read(out)
		add := rng.IntN(2) == 0
		if add {
			a.AddRow(Totals, key, value)
		} else {
			a.RemoveRow(Totals, key, value)
		}
		want := make([]byte, 0, AccumulatorSize)
		for i := range lanes {
			lane := binary.LittleEndian.Uint16(out[2*i:])
			if !add {
				lane = -lane
			}
			lanes[i] += lane
			want = binary.LittleEndian.AppendUint16(want, lanes[i])
		}
		if string(a.Bytes()) != string(want) {
			t.Fatalf("seed %d: element %d, added %v: the lanes differ", seed, n, add)
		}
		if n%100 == 0 {
			a = AccumulatorFromBytes(want)
		}
	}
}
