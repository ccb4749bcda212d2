package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/dgraph-io/badger/v4"
)

// A row takes maxValue bytes of a value at most. What a longer one has more
// stands in pieces, rows of their own, of which the first begins with the length
// of the whole. Every value that fills its row has a first piece, so that pieces
// of an earlier value, which stay, are not taken for its own.

const (
	pieceNumber = 4 // bytes behind the key
	lengthSize  = 8
)

func pieceKey(key []byte, n int) []byte {
	k := append(make([]byte, 0, len(piecePrefix)+len(key)+pieceNumber), piecePrefix...)
	return binary.BigEndian.AppendUint32(append(k, key...), uint32(n))
}

// split returns writes in which no value is too long for a row.
func split(writes []Write) []Write {
	long := func(w Write) bool { return len(w.Value) >= maxValue }
	if !slices.ContainsFunc(writes, long) {
		return writes
	}
	var all []Write
	for _, w := range writes {
		if !long(w) {
			all = append(all, w)
			continue
		}
		all = append(all, Write{w.Key, w.Value[:maxValue]})
		piece := binary.BigEndian.AppendUint64(nil, uint64(len(w.Value)))
		for n, rest := 0, w.Value[maxValue:]; n == 0 || len(rest) > 0; n++ {
			size := min(len(rest), maxValue-len(piece))
			all = append(all, Write{pieceKey(w.Key, n), append(piece, rest[:size]...)})
			piece, rest = nil, rest[size:]
		}
	}
	return all
}

// joined returns the whole of a value that begins with what stands in its row.
func joined(txn *badger.Txn, key, value []byte) ([]byte, error) {
	if len(value) < maxValue {
		return value, nil
	}
	value = slices.Clone(value)
	size := uint64(0)
	for n := 0; n == 0 || uint64(len(value)) < size; n++ {
		item, err := txn.Get(pieceKey(key, n))
		if errors.Is(err, badger.ErrKeyNotFound) {
			return nil, fmt.Errorf("%w: piece %d of the value of key %x is missing", ErrDamaged, n, key)
		}
		if err != nil {
			return nil, fmt.Errorf("read piece %d of the value of key %x: %w", n, key, err)
		}
		stored, err := item.ValueCopy(nil)
		if err != nil {
			return nil, fmt.Errorf("read piece %d of the value of key %x: %w", n, key, err)
		}
		piece, err := unseal(item.Key(), stored)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			if len(piece) < lengthSize {
				return nil, fmt.Errorf("%w: the value of key %x is cut off", ErrDamaged, key)
			}
			size, piece = binary.BigEndian.Uint64(piece), piece[lengthSize:]
		}
		value = append(value, piece...)
	}
	if uint64(len(value)) != size {
		return nil, fmt.Errorf("%w: the value of key %x has %d bytes instead of %d", ErrDamaged, key, len(value), size)
	}
	return value, nil
}
