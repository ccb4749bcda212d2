package protocol

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// MaxFrameItems bounds the segments, proofs, blocks, signatures, sides and heads
// in one frame of /minga/sync/1, counted together.
const MaxFrameItems = 32_768

// ErrBadFrame is wrapped by every error of CheckFrame.
var ErrBadFrame = errors.New("not a frame within bounds")

// messageTree says which fields of a message are items, and what is in them.
type messageTree map[protowire.Number]messageTree

var (
	segmentTree = messageTree{1: nil, 2: nil, 3: nil, 4: nil}
	proofTree   = messageTree{1: segmentTree, 2: segmentTree}
	frameTree   = messageTree{
		2: {1: nil},                       // Frontier: heads
		3: {1: segmentTree, 2: proofTree}, // Delta: segments, proofs
	}
)

// CheckFrame walks over an encoded Frame without decoding it. A frame that it
// accepts takes memory in proportion to its length when it is decoded; one that
// it refuses might take forty times as much.
func CheckFrame(data []byte) error {
	items := 0
	if err := countItems(data, frameTree, &items); err != nil {
		return fmt.Errorf("%w: %w", ErrBadFrame, err)
	}
	return nil
}

func countItems(data []byte, tree messageTree, items *int) error {
	return walkMessage(data, func(at int, field protowire.Number, value []byte) error {
		inside, is := tree[field]
		if !is {
			return nil
		}
		if *items++; *items > MaxFrameItems {
			return fault(at, FaultSegmentSize, "more than %d items", MaxFrameItems)
		}
		if inside == nil {
			return nil
		}
		return countItems(value, inside, items)
	})
}
