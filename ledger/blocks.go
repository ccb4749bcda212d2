package ledger

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/minga-commons/minga/protocol"
)

// groupSize is how many blocks stand in one value where they came together: of
// a run of entries, each sixteen that begin at a multiple of sixteen. The
// others have a value of their own. A group is written once and never changed.
const groupSize = 16

func groupKey(no logNo, seq int64) []byte {
	return appendPlace(append(make([]byte, 0, 1+4+seqBytes), keyGroup), no, seq/groupSize)
}

// appendBlocks appends the writes that store a run of entries.
func appendBlocks(writes []Write, no logNo, run []protocol.Entry) []Write {
	for len(run) > 0 {
		seq := run[0].Seq
		if seq%groupSize != 0 || len(run) < groupSize {
			writes = append(writes, writeBlock(no, run[0]))
			run = run[1:]
			continue
		}
		size := 0
		for _, e := range run[:groupSize] {
			size += binary.MaxVarintLen32 + checkSize + len(e.Block())
		}
		value := make([]byte, 0, size)
		for _, e := range run[:groupSize] {
			value = binary.AppendUvarint(value, uint64(checkSize+len(e.Block())))
			value = appendChecked(value, e)
		}
		if len(value) <= maxGroup {
			writes = append(writes, Write{Key: groupKey(no, seq), Value: value})
		} else {
			for _, e := range run[:groupSize] {
				writes = append(writes, writeBlock(no, e))
			}
		}
		run = run[groupSize:]
	}
	return writes
}

func writeBlock(no logNo, e protocol.Entry) Write {
	value := appendChecked(make([]byte, 0, checkSize+len(e.Block())), e)
	return Write{Key: blockKey(no, e.Seq), Value: value}
}

// checkSize is how many bytes of its digest stand before each block: a block
// whose bytes changed has another one.
const checkSize = 10

func appendChecked(dst []byte, e protocol.Entry) []byte {
	id := e.ID()
	return append(append(dst, id[:checkSize]...), e.Block()...)
}

// maxGroup bounds the bytes of a group: sixteen large blocks stand apart.
const maxGroup = 64 << 10

// blockReader reads blocks of one log and keeps the group that it read last.
// What it returns is a copy.
type blockReader struct {
	snap  Snapshot
	no    logNo
	group int64
	held  [][]byte

	grouped bool // the block read last stood in a group: look there first
}

func newBlockReader(snap Snapshot, no logNo) *blockReader {
	return &blockReader{snap: snap, no: no, group: -1}
}

// at returns the digest and the block at a seq, nil if it is not held.
func (r *blockReader) at(seq int64) ([]byte, error) {
	if r.group == seq/groupSize {
		return r.held[seq%groupSize], nil
	}
	if !r.grouped {
		block, err := r.snap.Get(blockKey(r.no, seq))
		if err != nil || block != nil {
			return block, err
		}
	}
	value, err := r.snap.Get(groupKey(r.no, seq))
	if err != nil {
		return nil, err
	}
	if value == nil {
		if !r.grouped {
			return nil, nil
		}
		r.grouped = false
		return r.snap.Get(blockKey(r.no, seq))
	}
	if r.held, err = splitGroup(value); err != nil {
		return nil, err
	}
	r.group, r.grouped = seq/groupSize, true
	return r.held[seq%groupSize], nil
}

// entry returns the entry at a seq, or ErrNotFound. It is ErrDamaged if the
// hash of its bytes is not the one that was written.
func (r *blockReader) entry(seq int64) (protocol.Entry, error) {
	block, err := r.at(seq)
	if err != nil {
		return protocol.Entry{}, err
	}
	if block == nil {
		return protocol.Entry{}, fmt.Errorf("%w: entry %d of log %d", ErrNotFound, seq, r.no)
	}
	if len(block) < checkSize {
		return protocol.Entry{}, fmt.Errorf("%w: entry %d of log %d is cut off", ErrDamaged, seq, r.no)
	}
	e, err := protocol.Parse(block[checkSize:])
	if err != nil {
		return e, fmt.Errorf("%w: entry %d of log %d: %v", ErrDamaged, seq, r.no, err)
	}
	if id := e.ID(); !bytes.Equal(id[:checkSize], block[:checkSize]) {
		return e, fmt.Errorf("%w: the bytes of entry %d of log %d are not those that were written", ErrDamaged, seq, r.no)
	}
	return e, nil
}

var errBadGroup = errors.New("a group of blocks is cut off")

func splitGroup(value []byte) ([][]byte, error) {
	blocks := make([][]byte, 0, groupSize)
	for len(value) > 0 {
		n, size := binary.Uvarint(value)
		if size <= 0 || n > uint64(len(value)-size) {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, errBadGroup)
		}
		blocks = append(blocks, value[size:size+int(n):size+int(n)])
		value = value[size+int(n):]
	}
	if len(blocks) != groupSize {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, errBadGroup)
	}
	return blocks, nil
}
