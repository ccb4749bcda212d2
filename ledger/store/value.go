package store

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// checksumSize is how many bytes are stored after each value.
const checksumSize = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// seal appends value and the checksum of key and value to dst. The checksum
// goes with the value through log, tables and compactions, so that a bit that
// flips anywhere on the way is noticed when the value is read.
func seal(dst, key, value []byte) []byte {
	sum := crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, value)
	dst = append(dst, value...)
	return binary.BigEndian.AppendUint32(dst, sum)
}

// unseal returns the value in stored, which shares its memory.
func unseal(key, stored []byte) ([]byte, error) {
	if len(stored) < checksumSize {
		return nil, fmt.Errorf("%w: the value of key %x is cut off", ErrDamaged, key)
	}
	value := stored[:len(stored)-checksumSize]
	sum := crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, value)
	if sum != binary.BigEndian.Uint32(stored[len(value):]) {
		return nil, fmt.Errorf("%w: the value of key %x is not what was written", ErrDamaged, key)
	}
	return value, nil
}
